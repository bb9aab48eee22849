//! What the sweep and the purge ask of the outbox and its surroundings.

use crate::StoreError;
use crate::repo::assignment::{is_closed, waits_for_delivery};
use crate::table::{assignment, inbox, item_custody, outbox, postal_item, unplaced};
use custody::ids::{EventId, ItemId};
use domain::item_code::ItemCode;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::{HashMap, HashSet};

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
    /// What brought the item to the office where it waited, when it waited at one.
    pub head: Option<EventId>,
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
            let head = payload["head"].as_str().map(str::parse).transpose();
            Ok(Leg {
                item_code: item_code.ok_or_else(|| bad("item_code"))?,
                leg: payload["leg"].as_str().ok_or_else(|| bad("leg"))?.to_owned(),
                head: head.map_err(|_| bad("head"))?,
                ended_at: ended_at.unwrap_or(since),
            })
        })
        .collect()
}

/// Those of `legs` that have neither a courier nor a line on the dispatcher's list although their item still waits where it
/// waited.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn neither_placed_nor_listed(db: &impl ConnectionTrait, legs: Vec<Leg>) -> Result<Vec<Leg>, StoreError> {
    let mut lost = Vec::new();
    for chunk in legs.chunks(CHUNK) {
        let ids: Vec<Vec<u8>> = chunk.iter().map(Leg::item_id).collect();
        let mut placed = HashSet::new();
        for row in assignment::Entity::find()
            .filter(assignment::Column::ItemId.is_in(ids.clone()))
            .all(db)
            .await?
        {
            placed.insert((row.item_id.clone(), row.leg.clone(), row.head));
            placed.insert((row.item_id, row.leg, None));
        }
        let mut listed = HashSet::new();
        for row in unplaced::Entity::find()
            .filter(unplaced::Column::ItemId.is_in(ids))
            .all(db)
            .await?
        {
            // A line that is off the list says nothing about where the item lies now.
            listed.insert((row.item_id, row.leg, row.resolution.is_none()));
        }
        let is_known = |leg: &&Leg| {
            let (id, head) = (leg.item_id(), leg.head.map(|head| head.0.to_vec()));
            placed.contains(&(id.clone(), leg.leg.clone(), head))
                || listed.contains(&(id.clone(), leg.leg.clone(), true))
                || (leg.head.is_none() && listed.contains(&(id, leg.leg.clone(), false)))
        };
        let missing: Vec<&Leg> = chunk.iter().filter(|leg| !is_known(leg)).collect();
        if missing.is_empty() {
            continue;
        }
        let custody: HashMap<Vec<u8>, item_custody::Model> = item_custody::Entity::find()
            .filter(item_custody::Column::ItemId.is_in(missing.iter().map(|leg| leg.item_id())))
            .all(db)
            .await?
            .into_iter()
            .map(|row| (row.item_id.clone(), row))
            .collect();
        for leg in missing {
            if leg.still_waits(custody.get(&leg.item_id()))? {
                lost.push(leg.clone());
            }
        }
    }
    Ok(lost)
}

impl Leg {
    fn item_id(&self) -> Vec<u8> {
        ItemId::of(self.item_code.as_str()).0.to_vec()
    }

    /// Whether the item still needs somebody for this leg.
    fn still_waits(&self, custody: Option<&item_custody::Model>) -> Result<bool, StoreError> {
        let Some(row) = custody else { return Ok(true) };
        let bad = |what: &str| StoreError::corrupt("item_custody", &row.item_code, what);
        let state = row.state.parse().map_err(|_| bad("state"))?;
        let holder = row
            .holder
            .as_deref()
            .map(|text| text.parse().map_err(|_| bad("holder")))
            .transpose()?;
        Ok(match self.head {
            None => !is_closed(state),
            Some(head) => row.head.as_deref() == Some(head.0.as_slice()) && waits_for_delivery(state, holder),
        })
    }
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
