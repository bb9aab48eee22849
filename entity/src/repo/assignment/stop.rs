//! A decision as the phone of its courier shows it.

use crate::table::{assignment, dossier, postal_item, postal_order};
use crate::{Scope, StoreError};
use domain::ids::AssignmentId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// One stop of a courier, as their phone shows it.
#[derive(Debug, Clone)]
pub struct Stop {
    /// The decision.
    pub assignment: assignment::Model,
    /// The item.
    pub item: postal_item::Model,
    /// Whose it is; seen through the courier's scope.
    pub dossier: dossier::Model,
    /// Amount to collect, đồng.
    pub cod_amount: i64,
}

/// A stop by its assignment, if these eyes may see it.
///
/// # Errors
/// When the database fails.
pub async fn stop(db: &impl ConnectionTrait, scope: &Scope, id: AssignmentId) -> Result<Option<Stop>, StoreError> {
    let Some(decision) = assignment::Entity::find_by_id(id.0).one(db).await? else {
        return Ok(None);
    };
    let Some(owner) = scope
        .dossiers()
        .filter(dossier::Column::Id.eq(decision.dossier_id))
        .one(db)
        .await?
    else {
        return Ok(None);
    };
    let Some(item) = postal_item::Entity::find_by_id(decision.item_id.clone())
        .one(db)
        .await?
    else {
        return Err(StoreError::corrupt("assignment", id, "has no item"));
    };
    let order = match item.order_id {
        Some(order) => postal_order::Entity::find_by_id(order).one(db).await?,
        None => None,
    };
    Ok(Some(Stop {
        assignment: decision,
        item,
        dossier: owner,
        cod_amount: order.map_or(0, |order| order.cod_amount),
    }))
}
