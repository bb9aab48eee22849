//! What the sweep and the purge ask of the outbox and its surroundings.

use crate::StoreError;
use crate::table::{assignment, inbox, item_custody, outbox, postal_item, unplaced};
use custody::ids::ItemId;
use domain::item_code::ItemCode;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::{HashMap, HashSet};

/// States of an item that nobody has to carry any more.
const CLOSED: [&str; 3] = ["C8", "C11", "C13"];

/// Values of one `IN` list.
const CHUNK: usize = 500;

/// Jobs that should have run: due since before `ready_before`, or with a lease that ended before `lease_before`.
///
/// # Errors
/// When the database fails.
pub async fn stuck(
    db: &impl ConnectionTrait,
    ready_before: i64,
    lease_before: i64,
    limit: u64,
) -> Result<Vec<outbox::Model>, StoreError> {
    let overdue = Condition::any()
        .add(
            outbox::Column::State
                .eq("ready")
                .and(outbox::Column::NextRunAt.lt(ready_before)),
        )
        .add(
            outbox::Column::State
                .eq("running")
                .and(outbox::Column::LeaseUntil.lt(lease_before)),
        );
    Ok(outbox::Entity::find()
        .filter(overdue)
        .order_by_asc(outbox::Column::NextRunAt)
        .limit(limit)
        .all(db)
        .await?)
}

/// Facts that wait for their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// How many.
    pub count: i64,
    /// When the oldest came in.
    pub oldest: i64,
}

/// Facts received before `before` that have no number yet; `None` when there are none.
///
/// # Errors
/// When the database fails.
pub async fn unsequenced(db: &impl ConnectionTrait, before: i64) -> Result<Option<Waiting>, StoreError> {
    let (count, oldest): (i64, Option<i64>) = inbox::Entity::find()
        .select_only()
        .column_as(inbox::Column::EventId.count(), "count")
        .column_as(inbox::Column::ReceivedAt.min(), "oldest")
        .filter(inbox::Column::LogIndex.is_null())
        .filter(inbox::Column::ReceivedAt.lt(before))
        .into_tuple()
        .one(db)
        .await?
        .unwrap_or_default();
    Ok(oldest.map(|oldest| Waiting { count, oldest }))
}

/// One leg of an item's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg {
    /// The label.
    pub item_code: ItemCode,
    /// `pickup` or `deliver`.
    pub leg: String,
    /// When the job that should have placed it ended.
    pub ended_at: i64,
}

/// Legs whose assignment job ended well since `since`.
///
/// # Errors
/// When the database fails or a payload cannot be read.
pub async fn ended_assignments(db: &impl ConnectionTrait, since: i64, limit: u64) -> Result<Vec<Leg>, StoreError> {
    let rows: Vec<(uuid::Uuid, String, Option<i64>)> = outbox::Entity::find()
        .select_only()
        .columns([outbox::Column::Id, outbox::Column::Payload, outbox::Column::FinishedAt])
        .filter(outbox::Column::State.eq("done"))
        .filter(outbox::Column::NextRunAt.gte(since))
        .filter(outbox::Column::Kind.eq("assign"))
        .order_by_desc(outbox::Column::NextRunAt)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    rows.into_iter()
        .map(|(id, payload, ended_at)| {
            let bad = |why: &str| StoreError::corrupt("outbox", id, why);
            let payload: serde_json::Value = serde_json::from_str(&payload).map_err(|_| bad("payload"))?;
            let item_code = payload["item_code"]
                .as_str()
                .and_then(|code| ItemCode::parse(code).ok());
            Ok(Leg {
                item_code: item_code.ok_or_else(|| bad("item_code"))?,
                leg: payload["leg"].as_str().ok_or_else(|| bad("leg"))?.to_owned(),
                ended_at: ended_at.unwrap_or(since),
            })
        })
        .collect()
}

/// Those of `legs` that have neither a courier nor a line on the dispatcher's list although their item is still open.
///
/// # Errors
/// When the database fails.
pub async fn neither_placed_nor_listed(db: &impl ConnectionTrait, legs: Vec<Leg>) -> Result<Vec<Leg>, StoreError> {
    let mut lost = Vec::new();
    for chunk in legs.chunks(CHUNK) {
        let id = |leg: &Leg| ItemId::of(leg.item_code.as_str()).0.to_vec();
        let ids: Vec<Vec<u8>> = chunk.iter().map(id).collect();
        let mut known: HashSet<(Vec<u8>, String)> = assignment::Entity::find()
            .select_only()
            .columns([assignment::Column::ItemId, assignment::Column::Leg])
            .filter(assignment::Column::ItemId.is_in(ids.clone()))
            .into_tuple()
            .all(db)
            .await?
            .into_iter()
            .collect();
        let listed: Vec<(Vec<u8>, String)> = unplaced::Entity::find()
            .select_only()
            .columns([unplaced::Column::ItemId, unplaced::Column::Leg])
            .filter(unplaced::Column::ItemId.is_in(ids.clone()))
            .into_tuple()
            .all(db)
            .await?;
        known.extend(listed);
        let missing: Vec<&Leg> = chunk
            .iter()
            .filter(|leg| !known.contains(&(id(leg), leg.leg.clone())))
            .collect();
        if missing.is_empty() {
            continue;
        }
        let closed: HashSet<Vec<u8>> = item_custody::Entity::find()
            .select_only()
            .column(item_custody::Column::ItemId)
            .filter(item_custody::Column::ItemId.is_in(missing.iter().map(|leg| id(leg))))
            .filter(item_custody::Column::State.is_in(CLOSED))
            .into_tuple()
            .all(db)
            .await?
            .into_iter()
            .collect();
        lost.extend(missing.into_iter().filter(|leg| !closed.contains(&id(leg))).cloned());
    }
    Ok(lost)
}

/// Items on the dispatcher's list for one of `reasons`, oldest first: label and leg.
///
/// # Errors
/// When the database fails or a label cannot be read.
pub async fn waiting_for_somebody(
    db: &impl ConnectionTrait,
    reasons: &[&str],
    limit: u64,
) -> Result<Vec<(ItemCode, String)>, StoreError> {
    let rows = unplaced::Entity::find()
        .filter(unplaced::Column::Resolution.is_null())
        .filter(unplaced::Column::Reason.is_in(reasons.iter().copied()))
        .order_by_asc(unplaced::Column::Since)
        .limit(limit)
        .all(db)
        .await?;
    let mut codes = HashMap::new();
    for chunk in rows.chunks(CHUNK) {
        let ids = chunk.iter().map(|row| row.item_id.clone());
        for item in postal_item::Entity::find()
            .filter(postal_item::Column::ItemId.is_in(ids))
            .all(db)
            .await?
        {
            let code = ItemCode::parse(&item.item_code)
                .map_err(|error| StoreError::corrupt("postal_item", &item.item_code, error))?;
            codes.insert(item.item_id, code);
        }
    }
    Ok(rows
        .into_iter()
        .filter_map(|row| codes.get(&row.item_id).map(|code| (*code, row.leg)))
        .collect())
}

/// Forgets up to `limit` jobs that ended well before `before`. Jobs that were given up are kept for a person.
///
/// # Errors
/// When the database fails.
pub async fn forget_finished(tx: &DatabaseTransaction, before: i64, limit: u64) -> Result<u64, StoreError> {
    let old = Query::select()
        .column(outbox::Column::Id)
        .from(outbox::Entity)
        .and_where(Expr::col(outbox::Column::State).eq("done"))
        .and_where(Expr::col(outbox::Column::NextRunAt).lt(before))
        .and_where(Expr::col(outbox::Column::FinishedAt).lt(before))
        .limit(limit)
        .to_owned();
    Ok(outbox::Entity::delete_many()
        .filter(outbox::Column::Id.in_subquery(old))
        .exec(tx)
        .await?
        .rows_affected)
}
