//! Dossiers by their last change, for systems that ask what has changed since they asked last.
//!
//! The place of a change is where it was folded, and which dossier it is: one fact may move several. Places only grow, so
//! nobody misses a change who goes on from the last place they saw.

use crate::table::{dossier, dossier_state, postal_order};
use crate::{Scope, StoreError};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// Where in the log a dossier changed last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangePlace {
    /// Place in the log.
    pub log_index: i64,
    /// Which of the dossiers that changed there.
    pub dossier: Uuid,
}

/// A dossier that changed.
#[derive(Debug, Clone)]
pub struct Changed {
    /// Where it changed last.
    pub place: ChangePlace,
    /// The dossier.
    pub dossier: dossier::Model,
    /// The number its order has in the client's software.
    pub order_number: Option<String>,
}

/// Dossiers these eyes see that changed after a place, in the order of their last change, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn changed(
    db: &impl ConnectionTrait,
    scope: &Scope,
    after: ChangePlace,
    limit: u64,
) -> Result<Vec<Changed>, StoreError> {
    let later = Condition::any()
        .add(dossier_state::Column::LogIndex.gt(after.log_index))
        .add(
            Condition::all()
                .add(dossier_state::Column::LogIndex.eq(after.log_index))
                .add(dossier_state::Column::DossierId.gt(after.dossier)),
        );
    let places: Vec<(i64, Uuid)> = dossier_state::Entity::find()
        .select_only()
        .columns([dossier_state::Column::LogIndex, dossier_state::Column::DossierId])
        .filter(later)
        .filter(dossier_state::Column::DossierId.in_subquery(scope.dossier_ids()))
        .order_by_asc(dossier_state::Column::LogIndex)
        .order_by_asc(dossier_state::Column::DossierId)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    let ids: Vec<Uuid> = places.iter().map(|(_, id)| *id).collect();
    let rows = dossier::Entity::find()
        .filter(dossier::Column::Id.is_in(ids.clone()))
        .all(db)
        .await?;
    let mut rows: HashMap<Uuid, dossier::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
    let orders: Vec<(Uuid, String)> = postal_order::Entity::find()
        .select_only()
        .columns([postal_order::Column::DossierId, postal_order::Column::OrderNumber])
        .filter(postal_order::Column::DossierId.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    let mut orders: HashMap<Uuid, String> = orders.into_iter().collect();
    let changed = places.into_iter().filter_map(|(log_index, id)| {
        Some(Changed {
            place: ChangePlace { log_index, dossier: id },
            dossier: rows.remove(&id)?,
            order_number: orders.remove(&id),
        })
    });
    Ok(changed.collect())
}
