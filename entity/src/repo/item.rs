//! Items: finding one, what an office holds, whether its order can be cancelled.

use crate::project::OK;
use crate::table::{custody_event, dossier_act, inbox, item_custody, item_event, postal_item};
use crate::{Scope, StoreError};
use custody::fold::is_still_provisional;
use custody::kind::Kind;
use domain::holder::Holder;
use domain::item_code::ItemCode;
use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationDef,
};

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

/// Whether the giver's release of what an item's holder accepted is still to come: after a day without contradiction it stands without
/// (trust §3.6).
///
/// # Errors
/// When the database fails.
pub async fn is_provisional(
    db: &impl ConnectionTrait,
    row: &item_custody::Model,
    now_ms: i64,
) -> Result<bool, StoreError> {
    if !row.provisional || row.disputed {
        return Ok(row.provisional);
    }
    let linked = Query::select()
        .column(item_event::Column::EventId)
        .from(item_event::Entity)
        .and_where(item_event::Column::ItemId.eq(row.item_id.clone()))
        .to_owned();
    let received: RelationDef = custody_event::Entity::belongs_to(inbox::Entity)
        .from(custody_event::Column::EventId)
        .to(inbox::Column::EventId)
        .into();
    let accepted: Option<i64> = custody_event::Entity::find()
        .select_only()
        .column(inbox::Column::ReceivedAt)
        .join(JoinType::InnerJoin, received)
        .filter(custody_event::Column::EventId.in_subquery(linked))
        .filter(custody_event::Column::Kind.eq(i64::try_from(Kind::Accept.code()).unwrap_or(i64::MAX)))
        .filter(custody_event::Column::Verdict.eq(OK))
        .order_by_desc(custody_event::Column::LogIndex)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(accepted.is_none_or(|received_ms| is_still_provisional(received_ms, now_ms)))
}

/// The same rows, those whose hand-over stands by now without a release no longer called provisional.
///
/// # Errors
/// When the database fails.
pub async fn as_of(
    db: &impl ConnectionTrait,
    mut items: Vec<item_custody::Model>,
    now_ms: i64,
) -> Result<Vec<item_custody::Model>, StoreError> {
    for item in &mut items {
        item.provisional = is_provisional(db, item, now_ms).await?;
    }
    Ok(items)
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
