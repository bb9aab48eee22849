//! When events truly happened, as far as their signatures prove it ([`custody::bracket`]): read from the log for a few events at a
//! time, with their devices' neighbours and the events that name them.

use super::handover;
use crate::project::NOT_GENUINE;
use crate::table::{custody_event, device, inbox};
use crate::{ServerKeys, StoreError};
use custody::bracket::{Beacons, Bracket, brackets, wary_brackets};
use custody::event::Event;
use custody::fold::Known;
use custody::ids::EventId;
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How many events before and after one its device's clock is followed. More would narrow an interval now and then; fewer never
/// makes one wrong.
const NEIGHBOURS: i64 = 25;

/// Parameters of one question, well under every database's limit.
const CHUNK: usize = 200;

/// The interval of each of these events that are genuine.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn of(
    db: &impl ConnectionTrait,
    keys: &ServerKeys,
    events: &BTreeSet<Vec<u8>>,
) -> Result<HashMap<Vec<u8>, Bracket>, StoreError> {
    with_neighbours(db, keys, events, NEIGHBOURS, brackets).await
}

/// The same, as is asked of a device that was revoked ([`wary_brackets`]).
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn wary_of(
    db: &impl ConnectionTrait,
    keys: &ServerKeys,
    events: &BTreeSet<Vec<u8>>,
) -> Result<HashMap<Vec<u8>, Bracket>, StoreError> {
    with_neighbours(db, keys, events, NEIGHBOURS, wary_brackets).await
}

/// The newest event of each device whose clock is certainly wrong there, of events received from a moment on (milliseconds UTC).
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn wrong_clocks(
    db: &impl ConnectionTrait,
    keys: &ServerKeys,
    since_ms: i64,
    limit: u64,
) -> Result<Vec<WrongClock>, StoreError> {
    let newest: RelationDef = custody_event::Entity::belongs_to(device::Entity)
        .from((custody_event::Column::DeviceId, custody_event::Column::Seq))
        .to((device::Column::DeviceId, device::Column::SeqMax))
        .into();
    let received: RelationDef = custody_event::Entity::belongs_to(inbox::Entity)
        .from(custody_event::Column::EventId)
        .to(inbox::Column::EventId)
        .into();
    let rows: Vec<(Vec<u8>, Vec<u8>, i64)> = custody_event::Entity::find()
        .select_only()
        .columns([custody_event::Column::EventId, custody_event::Column::DeviceId])
        .column(inbox::Column::ReceivedAt)
        .join(JoinType::InnerJoin, newest)
        .join(JoinType::InnerJoin, received)
        .filter(inbox::Column::ReceivedAt.gte(since_ms))
        .filter(custody_event::Column::Verdict.is_not_in(NOT_GENUINE))
        .order_by_desc(inbox::Column::ReceivedAt)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    let events = rows.iter().map(|(event, _, _)| event.clone()).collect();
    // One's own server time says most of it: this is asked every minute of every device.
    let brackets = with_neighbours(db, keys, &events, 1, brackets).await?;
    let wrong = rows.into_iter().filter_map(|(event, device, received_ms)| {
        Some(WrongClock {
            off_ms: brackets.get(&event)?.clock_off_ms()?,
            device,
            received_ms,
        })
    });
    Ok(wrong.collect())
}

/// A device whose clock is certainly wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongClock {
    /// The device.
    pub device: Vec<u8>,
    /// By how much at least, milliseconds: positive for a clock that is ahead.
    pub off_ms: i64,
    /// When its newest event came, milliseconds UTC.
    pub received_ms: i64,
}

async fn with_neighbours(
    db: &impl ConnectionTrait,
    keys: &ServerKeys,
    events: &BTreeSet<Vec<u8>>,
    neighbours: i64,
    judge: fn(&[Known<'_>], &dyn Beacons) -> BTreeMap<EventId, Bracket>,
) -> Result<HashMap<Vec<u8>, Bracket>, StoreError> {
    let mut known: BTreeMap<Vec<u8>, (Event, i64)> = BTreeMap::new();
    for chunk in events.iter().cloned().collect::<Vec<_>>().chunks(CHUNK) {
        let rows = genuine(db, custody_event::Column::EventId.is_in(chunk.to_vec()).into()).await?;
        let about: Vec<Vec<u8>> = rows.iter().filter_map(|row| row.about.clone()).collect();
        let mut near = Condition::any()
            .add(custody_event::Column::About.is_in(chunk.to_vec()))
            .add(custody_event::Column::EventId.is_in(about));
        for (device, (first, last)) in ranges(&rows, neighbours) {
            let neighbours = Condition::all()
                .add(custody_event::Column::DeviceId.eq(device))
                .add(custody_event::Column::Seq.between(first, last));
            near = near.add(neighbours);
        }
        let mut ids: BTreeSet<Vec<u8>> = rows.into_iter().map(|row| row.event_id).collect();
        ids.extend(genuine(db, near).await?.into_iter().map(|row| row.event_id));
        ids.retain(|id| !known.contains_key(id));
        let ids: Vec<Vec<u8>> = ids.into_iter().collect();
        for part in ids.chunks(CHUNK) {
            known.extend(handover::signed(db, part.to_vec()).await?);
        }
    }
    let mut all = Vec::with_capacity(known.len());
    for (id, (event, received_ms)) in &known {
        let id = EventId::try_from(id.as_slice());
        let id = id.map_err(|_| StoreError::corrupt("custody_event", "event_id", "length"))?;
        all.push(Known {
            id,
            event,
            received_ms: *received_ms,
        });
    }
    let found = judge(&all, keys);
    let wanted = found.into_iter().map(|(id, bracket)| (id.0.to_vec(), bracket));
    Ok(wanted.filter(|(id, _)| events.contains(id)).collect())
}

/// What a stranger sent under a device's name says nothing about the device.
async fn genuine(db: &impl ConnectionTrait, which: Condition) -> Result<Vec<custody_event::Model>, StoreError> {
    Ok(custody_event::Entity::find()
        .filter(which)
        .filter(custody_event::Column::Verdict.is_not_in(NOT_GENUINE))
        .all(db)
        .await?)
}

/// The stretch of each device's chain around these events. Those far apart are joined only where they are near.
fn ranges(rows: &[custody_event::Model], neighbours: i64) -> Vec<(Vec<u8>, (i64, i64))> {
    let mut by_device: BTreeMap<&[u8], BTreeSet<i64>> = BTreeMap::new();
    for row in rows {
        by_device.entry(&row.device_id).or_default().insert(row.seq);
    }
    let mut ranges: Vec<(Vec<u8>, (i64, i64))> = Vec::new();
    for (device, counts) in by_device {
        for seq in counts {
            let (first, last) = (seq.saturating_sub(neighbours), seq.saturating_add(neighbours));
            match ranges.last_mut() {
                Some((of, (_, until))) if of.as_slice() == device && *until >= first => *until = last,
                _ => ranges.push((device.to_vec(), (first, last))),
            }
        }
    }
    ranges
}
