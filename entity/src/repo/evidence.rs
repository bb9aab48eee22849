//! What events name as evidence: which photograph belongs to which event, whether it has come, and who may ask for it.

use crate::store::Store;
use crate::table::{blob, custody_event, device, event_evidence, item_event, staff};
use crate::{Scope, StoreError};
use custody::ids::DeviceId;
use domain::ids::{DossierId, OperatorId, StaffId};
use sea_orm::sea_query::{Expr, ExprTrait, Func, OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;

/// A hash that an event on an item names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its SHA-256.
    pub sha256: Vec<u8>,
    /// The event.
    pub event_id: Vec<u8>,
    /// What kind of event, by its code.
    pub kind: i64,
    /// The label of the item.
    pub item_code: String,
    /// The bytes, when they have come.
    pub blob: Option<blob::Model>,
}

/// A hash whose bytes have not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Its SHA-256.
    pub sha256: Vec<u8>,
    /// The event that names it.
    pub event_id: Vec<u8>,
    /// The device that signed.
    pub device_id: Vec<u8>,
    /// Whose device.
    pub staff: StaffId,
    /// When the event came, milliseconds UTC.
    pub since_ms: i64,
}

/// Whether an event of this device names the hash.
///
/// # Errors
/// When the database fails.
pub async fn is_named_by(db: &impl ConnectionTrait, device: DeviceId, sha256: &[u8; 32]) -> Result<bool, StoreError> {
    let count = event_evidence::Entity::find()
        .filter(event_evidence::Column::Sha256.eq(sha256.to_vec()))
        .filter(event_evidence::Column::DeviceId.eq(device.0.to_vec()))
        .count(db)
        .await?;
    Ok(count > 0)
}

/// What is known of bytes that are here.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl ConnectionTrait, sha256: &[u8; 32]) -> Result<Option<blob::Model>, StoreError> {
    Ok(blob::Entity::find_by_id(sha256.to_vec()).one(db).await?)
}

/// Says that the bytes of a hash are here. The first to bring them stays their bringer.
///
/// # Errors
/// When the database fails.
pub async fn stored(store: &Store, new: blob::Model) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            Box::pin(async move {
                let row = blob::ActiveModel {
                    sha256: Set(new.sha256),
                    size: Set(new.size),
                    media: Set(new.media),
                    bringer: Set(new.bringer),
                    stored_at: Set(new.stored_at),
                };
                blob::Entity::insert(row)
                    .on_conflict(OnConflict::column(blob::Column::Sha256).do_nothing().to_owned())
                    .exec_without_returning(tx)
                    .await?;
                Ok::<_, StoreError>(())
            })
        })
        .await
}

/// How many bytes somebody has brought since a moment (milliseconds UTC).
///
/// # Errors
/// When the database fails.
pub async fn brought_since(db: &impl ConnectionTrait, bringer: &str, since_ms: i64) -> Result<i64, StoreError> {
    let sum: Option<i64> = blob::Entity::find()
        .select_only()
        .column_as(
            Expr::expr(Func::sum(Expr::col(blob::Column::Size))).cast_as("bigint"),
            "sum",
        )
        .filter(blob::Column::Bringer.eq(bringer))
        .filter(blob::Column::StoredAt.gte(since_ms))
        .into_tuple::<Option<i64>>()
        .one(db)
        .await?
        .flatten();
    Ok(sum.unwrap_or(0))
}

/// What the events on a dossier's items name, in log order, if these eyes may see it.
///
/// # Errors
/// When the database fails.
pub async fn of_dossier(
    db: &impl ConnectionTrait,
    scope: &Scope,
    dossier: DossierId,
) -> Result<Vec<Named>, StoreError> {
    let items: HashMap<Vec<u8>, String> = super::item::of_dossier(db, scope, dossier)
        .await?
        .into_iter()
        .map(|item| (item.item_id, item.item_code))
        .collect();
    let links = item_event::Entity::find()
        .filter(item_event::Column::ItemId.is_in(items.keys().cloned().collect::<Vec<_>>()))
        .all(db)
        .await?;
    let mut item_of = HashMap::new();
    for link in links {
        item_of.entry(link.event_id).or_insert(link.item_id);
    }
    let events: Vec<Vec<u8>> = item_of.keys().cloned().collect();
    let named = event_evidence::Entity::find()
        .filter(event_evidence::Column::EventId.is_in(events.clone()))
        .all(db)
        .await?;
    let hashes: Vec<Vec<u8>> = named.iter().map(|row| row.sha256.clone()).collect();
    let here = blob::Entity::find()
        .filter(blob::Column::Sha256.is_in(hashes))
        .all(db)
        .await?;
    let here: HashMap<Vec<u8>, blob::Model> = here.into_iter().map(|blob| (blob.sha256.clone(), blob)).collect();
    let told = custody_event::Entity::find()
        .filter(custody_event::Column::EventId.is_in(events))
        .filter(custody_event::Column::Verdict.eq(crate::project::OK))
        .all(db)
        .await?;
    let told: HashMap<Vec<u8>, (i64, i64)> = told
        .into_iter()
        .map(|event| (event.event_id, (event.log_index, event.kind)))
        .collect();
    let mut all: Vec<(i64, Named)> = named
        .into_iter()
        .filter_map(|row| {
            let (log_index, kind) = *told.get(&row.event_id)?;
            let item_code = items.get(item_of.get(&row.event_id)?)?.clone();
            let named = Named {
                blob: here.get(&row.sha256).cloned(),
                sha256: row.sha256,
                event_id: row.event_id,
                kind,
                item_code,
            };
            Some((log_index, named))
        })
        .collect();
    all.sort_by(|(a, one), (b, other)| (a, &one.sha256).cmp(&(b, &other.sha256)));
    Ok(all.into_iter().map(|(_, named)| named).collect())
}

/// What people of this operator named in events that came before `before_ms` and have not brought since, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn missing_of(
    db: &impl ConnectionTrait,
    operator: OperatorId,
    before_ms: i64,
    limit: u64,
) -> Result<Vec<Missing>, StoreError> {
    let people: Vec<uuid::Uuid> = staff::Entity::find()
        .select_only()
        .column(staff::Column::Id)
        .filter(super::staff::works_for(operator))
        .into_tuple()
        .all(db)
        .await?;
    let devices: Vec<(Vec<u8>, uuid::Uuid)> = device::Entity::find()
        .select_only()
        .columns([device::Column::DeviceId, device::Column::StaffId])
        .filter(device::Column::StaffId.is_in(people))
        .into_tuple()
        .all(db)
        .await?;
    let staff_of: HashMap<Vec<u8>, uuid::Uuid> = devices.into_iter().collect();
    let here = Query::select()
        .column(blob::Column::Sha256)
        .from(blob::Entity)
        .to_owned();
    let rows = event_evidence::Entity::find()
        .filter(event_evidence::Column::DeviceId.is_in(staff_of.keys().cloned().collect::<Vec<_>>()))
        .filter(event_evidence::Column::Sha256.not_in_subquery(here))
        .filter(event_evidence::Column::Since.lt(before_ms))
        .order_by_asc(event_evidence::Column::Since)
        .order_by_asc(event_evidence::Column::Sha256)
        .limit(limit)
        .all(db)
        .await?;
    let missing = rows.into_iter().filter_map(|row| {
        Some(Missing {
            staff: StaffId(*staff_of.get(&row.device_id)?),
            sha256: row.sha256,
            event_id: row.event_id,
            device_id: row.device_id,
            since_ms: row.since,
        })
    });
    Ok(missing.collect())
}

/// How somebody is named as the bringer of bytes.
pub fn bringer_of(device: DeviceId) -> String {
    format!("device-{device}")
}
