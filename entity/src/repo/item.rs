//! Items: finding one, what an office holds, whether its order can be cancelled.

use crate::table::{dossier_act, item_custody, postal_item};
use crate::{Scope, StoreError};
use domain::holder::Holder;
use domain::item_code::ItemCode;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Whether an item's order can still be cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CanCancel {
    /// The post does not have it yet.
    Yes,
    /// The post has it.
    No,
    /// It has been cancelled before.
    AlreadyCancelled,
}

/// Looks at the facts, not at a status column: any custody event of the item means that it was collected.
pub(crate) async fn can_cancel(tx: &DatabaseTransaction, item_id: &[u8]) -> Result<CanCancel, StoreError> {
    let Some(item) = postal_item::Entity::find_by_id(item_id.to_vec()).one(tx).await? else {
        return Ok(CanCancel::No);
    };
    let cancelled = dossier_act::Entity::find()
        .filter(dossier_act::Column::DossierId.eq(item.dossier_id))
        .filter(dossier_act::Column::Kind.eq("dossier.cancelled"))
        .one(tx)
        .await?;
    if cancelled.is_some() {
        return Ok(CanCancel::AlreadyCancelled);
    }
    let known = item_custody::Entity::find_by_id(item_id.to_vec()).one(tx).await?;
    let in_post = known.is_some_and(|row| !matches!(row.state.as_str(), "C0" | "C1") || row.disputed);
    Ok(if in_post { CanCancel::No } else { CanCancel::Yes })
}

/// An item by its code, if these eyes may see it.
///
/// # Errors
/// When the database fails.
pub async fn by_code(
    db: &impl ConnectionTrait,
    scope: &Scope,
    code: &ItemCode,
) -> Result<Option<item_custody::Model>, StoreError> {
    Ok(scope
        .items()
        .filter(item_custody::Column::ItemCode.eq(code.as_str()))
        .one(db)
        .await?)
}

/// Whether these eyes see the item of a label, folded or not yet.
///
/// # Errors
/// When the database fails.
pub async fn is_seen(db: &impl ConnectionTrait, scope: &Scope, code: &ItemCode) -> Result<bool, StoreError> {
    let found = postal_item::Entity::find()
        .filter(postal_item::Column::ItemCode.eq(code.as_str()))
        .filter(postal_item::Column::DossierId.in_subquery(scope.dossier_ids()))
        .one(db)
        .await?;
    Ok(found.is_some())
}

/// The labels of these items; ids nobody knows are left out.
///
/// # Errors
/// When the database fails.
pub async fn codes(
    db: &impl ConnectionTrait,
    ids: Vec<Vec<u8>>,
) -> Result<std::collections::HashMap<Vec<u8>, String>, StoreError> {
    let rows: Vec<(Vec<u8>, String)> = postal_item::Entity::find()
        .select_only()
        .columns([postal_item::Column::ItemId, postal_item::Column::ItemCode])
        .filter(postal_item::Column::ItemId.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// The items of one dossier, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_dossier(
    db: &impl ConnectionTrait,
    scope: &Scope,
    dossier: domain::ids::DossierId,
) -> Result<Vec<item_custody::Model>, StoreError> {
    Ok(scope
        .items()
        .filter(item_custody::Column::DossierId.eq(dossier.0))
        .order_by_asc(item_custody::Column::LogIndex)
        .order_by_asc(item_custody::Column::ItemCode)
        .all(db)
        .await?)
}

/// What a party holds now, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn held_by(
    db: &impl ConnectionTrait,
    scope: &Scope,
    holder: Holder,
    limit: u64,
) -> Result<Vec<item_custody::Model>, StoreError> {
    Ok(scope
        .items()
        .filter(item_custody::Column::Holder.eq(holder.to_string()))
        .order_by_asc(item_custody::Column::SinceMs)
        .limit(limit)
        .all(db)
        .await?)
}
