//! What an auditor asks at the end of a day: everything that came in, what became of it, and who is said to have what. Ids
//! and states only; nothing here says who a person is.

use crate::StoreError;
use crate::table::{
    assignment, custody_event, dossier_state, inbox, item_custody, notification, outbox, parked, postal_item,
    postal_order, quarantine, sequencer, tracking_event, unplaced,
};
use custody::ids::EventId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;
use uuid::Uuid;

/// One deposited fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deposited {
    /// Its identifier.
    pub id: EventId,
    /// Which decoder reads it; see [`crate::inbox::Lane`].
    pub lane: i64,
    /// Its place in the log, once it has one.
    pub log_index: Option<i64>,
}

/// Every fact in the inbox, in log order, those without a number last.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn deposited(db: &impl ConnectionTrait) -> Result<Vec<Deposited>, StoreError> {
    let rows: Vec<(Vec<u8>, i64, Option<i64>)> = inbox::Entity::find()
        .select_only()
        .columns([inbox::Column::EventId, inbox::Column::Lane, inbox::Column::LogIndex])
        .order_by_asc(inbox::Column::EventId)
        .into_tuple()
        .all(db)
        .await?;
    let mut facts = rows
        .into_iter()
        .map(|(id, lane, log_index)| {
            Ok(Deposited {
                id: event_id(id)?,
                lane,
                log_index,
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    facts.sort_by_key(|fact| fact.log_index.unwrap_or(i64::MAX));
    Ok(facts)
}

fn event_id(bytes: Vec<u8>) -> Result<EventId, StoreError> {
    bytes
        .try_into()
        .map(EventId)
        .map_err(|_| StoreError::corrupt("inbox", "event_id", "not 32 bytes"))
}

/// How far the sequencer and the projections are: (last number given, last number folded).
///
/// # Errors
/// When the database fails.
pub async fn progress(db: &impl ConnectionTrait) -> Result<(i64, i64), StoreError> {
    let row = sequencer::Entity::find().one(db).await?;
    Ok(row.map(|row| (row.last_index, row.applied_index)).unwrap_or_default())
}

/// What the projector made of each custody event: id and verdict, once per time it was folded.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn verdicts(db: &impl ConnectionTrait) -> Result<Vec<(EventId, String)>, StoreError> {
    let rows: Vec<(Vec<u8>, String)> = custody_event::Entity::find()
        .select_only()
        .columns([custody_event::Column::EventId, custody_event::Column::Verdict])
        .order_by_asc(custody_event::Column::LogIndex)
        .into_tuple()
        .all(db)
        .await?;
    rows.into_iter()
        .map(|(id, verdict)| Ok((event_id(id)?, verdict)))
        .collect()
}

/// Events that wait for another one, with the reason.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn parked(db: &impl ConnectionTrait) -> Result<Vec<(EventId, String)>, StoreError> {
    let rows = parked::Entity::find()
        .order_by_asc(parked::Column::LogIndex)
        .all(db)
        .await?;
    rows.into_iter()
        .map(|row| Ok((event_id(row.event_id)?, row.reason)))
        .collect()
}

/// Events that wait for a person, with the reason.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn quarantined(db: &impl ConnectionTrait) -> Result<Vec<(EventId, String)>, StoreError> {
    let rows = quarantine::Entity::find()
        .order_by_asc(quarantine::Column::LogIndex)
        .all(db)
        .await?;
    rows.into_iter()
        .map(|row| Ok((event_id(row.event_id)?, row.reason)))
        .collect()
}

/// Every item as it is folded, by label.
///
/// # Errors
/// When the database fails.
pub async fn items(db: &impl ConnectionTrait) -> Result<Vec<item_custody::Model>, StoreError> {
    Ok(item_custody::Entity::find()
        .order_by_asc(item_custody::Column::ItemCode)
        .all(db)
        .await?)
}

/// The labels of every item that was ever made.
///
/// # Errors
/// When the database fails.
pub async fn labels(db: &impl ConnectionTrait) -> Result<Vec<String>, StoreError> {
    let query = postal_item::Entity::find()
        .select_only()
        .column(postal_item::Column::ItemCode);
    Ok(query
        .order_by_asc(postal_item::Column::ItemCode)
        .into_tuple()
        .all(db)
        .await?)
}

/// Every dossier as it is folded.
///
/// # Errors
/// When the database fails.
pub async fn dossiers(db: &impl ConnectionTrait) -> Result<Vec<dossier_state::Model>, StoreError> {
    Ok(dossier_state::Entity::find()
        .order_by_asc(dossier_state::Column::DossierId)
        .all(db)
        .await?)
}

/// An order: what was asked and the label that came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ordered {
    /// Whose number space.
    pub customer_code: String,
    /// The number.
    pub order_number: String,
    /// The label.
    pub item_code: String,
    /// Its dossier.
    pub dossier: Uuid,
    /// Whether a one-stop system placed it.
    pub over_the_bus: bool,
}

/// Every order.
///
/// # Errors
/// When the database fails.
pub async fn orders(db: &impl ConnectionTrait) -> Result<Vec<Ordered>, StoreError> {
    let labels: BTreeMap<Uuid, String> = postal_item::Entity::find()
        .filter(postal_item::Column::OrderId.is_not_null())
        .all(db)
        .await?
        .into_iter()
        .filter_map(|row| Some((row.order_id?, row.item_code)))
        .collect();
    let rows = postal_order::Entity::find()
        .order_by_asc(postal_order::Column::CreatedAt)
        .all(db)
        .await?;
    let ordered = rows.into_iter().map(|row| Ordered {
        item_code: labels.get(&row.id).cloned().unwrap_or_default(),
        customer_code: row.customer_code,
        order_number: row.order_number,
        dossier: row.dossier_id,
        over_the_bus: row.client_id.is_some(),
    });
    Ok(ordered.collect())
}

/// Legs somebody was told to take: label and `pickup` or `deliver`, one line for each decision.
///
/// # Errors
/// When the database fails.
pub async fn placed(db: &impl ConnectionTrait) -> Result<Vec<(String, String)>, StoreError> {
    let labels = label_by_item(db).await?;
    let rows = assignment::Entity::find()
        .order_by_asc(assignment::Column::DecidedAt)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| Some((labels.get(&row.item_id)?.clone(), row.leg)))
        .collect())
}

/// Legs that nobody could be found for and that are still open: label, leg and reason.
///
/// # Errors
/// When the database fails.
pub async fn unplaced(db: &impl ConnectionTrait) -> Result<Vec<(String, String, String)>, StoreError> {
    let labels = label_by_item(db).await?;
    let rows = unplaced::Entity::find()
        .filter(unplaced::Column::Resolution.is_null())
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| Some((labels.get(&row.item_id)?.clone(), row.leg, row.reason)))
        .collect())
}

async fn label_by_item(db: &impl ConnectionTrait) -> Result<BTreeMap<Vec<u8>, String>, StoreError> {
    let rows = postal_item::Entity::find().all(db).await?;
    Ok(rows.into_iter().map(|row| (row.item_id, row.item_code)).collect())
}

/// The whole tracking feed, in order.
///
/// # Errors
/// When the database fails.
pub async fn feed(db: &impl ConnectionTrait) -> Result<Vec<tracking_event::Model>, StoreError> {
    Ok(tracking_event::Entity::find()
        .order_by_asc(tracking_event::Column::Seq)
        .all(db)
        .await?)
}

/// How many jobs there are, by kind and state; one that never failed and waits for its hour is `later`, not `ready`.
///
/// # Errors
/// When the database fails.
pub async fn jobs(db: &impl ConnectionTrait, now_ms: i64) -> Result<BTreeMap<(String, String), u64>, StoreError> {
    let rows: Vec<(String, String, i64, i64)> = outbox::Entity::find()
        .select_only()
        .columns([
            outbox::Column::Kind,
            outbox::Column::State,
            outbox::Column::Attempt,
            outbox::Column::NextRunAt,
        ])
        .into_tuple()
        .all(db)
        .await?;
    let mut counted = BTreeMap::new();
    for (kind, state, attempt, next_run_at) in rows {
        let waits = state == "ready" && attempt == 0 && next_run_at > now_ms;
        let state = if waits { "later".to_owned() } else { state };
        *counted.entry((kind, state)).or_default() += 1;
    }
    Ok(counted)
}

/// How many notices were put into the sink.
///
/// # Errors
/// When the database fails.
pub async fn notices(db: &impl ConnectionTrait) -> Result<u64, StoreError> {
    use sea_orm::PaginatorTrait;
    Ok(notification::Entity::find().count(db).await?)
}
