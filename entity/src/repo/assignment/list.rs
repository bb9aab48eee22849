//! The dispatcher's list: what nobody could be found for, with the reason, until a courier is found or nobody is needed.

use crate::table::unplaced;
use crate::{StoreError, clock};
use custody::ids::ItemId;
use domain::item_code::ItemCode;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

/// Takes a leg off the dispatcher's list because nobody has to take it any more.
///
/// # Errors
/// When the database fails.
pub async fn close_unplaced(
    tx: &DatabaseTransaction,
    item_code: &ItemCode,
    leg: &str,
    resolution: &str,
) -> Result<(), StoreError> {
    resolve(tx, &ItemId::of(item_code.as_str()).0, Some(leg), resolution).await
}

/// Puts an item on the dispatcher's list with the reason; a repeat updates the reason, and one that comes back after it was
/// off the list counts from now.
///
/// # Errors
/// When the database fails.
pub async fn put_unplaced(
    tx: &DatabaseTransaction,
    item_code: &ItemCode,
    leg: &str,
    reason: &str,
    detail: &str,
    now_ms: i64,
) -> Result<(), StoreError> {
    let item_id = ItemId::of(item_code.as_str()).0.to_vec();
    unplaced::Entity::update_many()
        .col_expr(unplaced::Column::Since, Expr::value(now_ms))
        .filter(unplaced::Column::ItemId.eq(item_id.clone()))
        .filter(unplaced::Column::Leg.eq(leg))
        .filter(unplaced::Column::Resolution.is_not_null())
        .exec(tx)
        .await?;
    let row = unplaced::ActiveModel {
        id: Set(clock::new_id()),
        item_id: Set(item_id),
        leg: Set(leg.to_owned()),
        reason: Set(reason.to_owned()),
        detail: Set(detail.to_owned()),
        since: Set(now_ms),
        resolution: Set(None),
    };
    unplaced::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([unplaced::Column::ItemId, unplaced::Column::Leg])
                .update_columns([
                    unplaced::Column::Reason,
                    unplaced::Column::Detail,
                    unplaced::Column::Resolution,
                ])
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Takes a leg of an item, or all of them, off the list.
pub(super) async fn resolve(
    tx: &DatabaseTransaction,
    item_id: &[u8],
    leg: Option<&str>,
    resolution: &str,
) -> Result<(), StoreError> {
    let mut update = unplaced::Entity::update_many()
        .col_expr(unplaced::Column::Resolution, Expr::value(resolution))
        .filter(unplaced::Column::ItemId.eq(item_id.to_vec()))
        .filter(unplaced::Column::Resolution.is_null());
    if let Some(leg) = leg {
        update = update.filter(unplaced::Column::Leg.eq(leg));
    }
    update.exec(tx).await?;
    Ok(())
}
