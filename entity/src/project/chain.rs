//! A device's own chain, kept up to date event by event: how far it is complete, whether a number was used twice, whether
//! an event names another predecessor than the one we have.
//!
//! The answer is a function of the set of events, as [`custody::chain::judge`] defines it; a test holds the two together.

use super::{Cx, event, link, ruling};
use crate::StoreError;
use crate::repo::device::Device;
use crate::table::custody_event;
use custody::chain::{Link, judge};
use custody::event::Event;
use custody::ids::EventId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use std::collections::BTreeSet;

/// Adds an event to its device's chain; returns the items of events that are now quarantined because of it.
pub(super) async fn extend(
    cx: &mut Cx<'_>,
    known: &Device,
    event: &Event,
    id: &[u8],
) -> Result<BTreeSet<Vec<u8>>, StoreError> {
    let seq = i64::try_from(event.seq).unwrap_or(i64::MAX);
    // Nothing of this device has this number or a later one: the usual case, and then nobody needs to be asked.
    let is_newest = seq > known.seq_max;
    let same: Vec<Vec<u8>> = if is_newest {
        vec![id.to_vec()]
    } else {
        ids_at(cx, known, seq).await?
    };
    let is_fork = same.iter().any(|other| other != id);
    let fork_at = if is_fork {
        Some(lower(known.fork_at, seq))
    } else {
        known.fork_at
    };
    let mut broken_at = known.broken_at;
    if is_fork && broken_at == Some(seq + 1) {
        // The second event of one number may be the predecessor that a later one names: only the whole set says where the
        // chain breaks now.
        broken_at = judged(cx, known).await?;
    } else {
        if !is_newest && is_next_at_odds(cx, known, seq, id, &same).await? {
            broken_at = Some(lower(broken_at, seq + 1));
        }
        if !fits(cx, known, seq, &event.prev.0).await? {
            broken_at = Some(lower(broken_at, seq));
        }
    }
    let contiguous = if is_newest && seq == known.contiguous + 1 {
        seq
    } else {
        advance(cx, known, seq).await?
    };
    let only = EventId::try_from(id).ok().filter(|_| is_newest);
    cx.set_newest(known.id, only.map(|id| (seq, id)));
    cx.change_device(Device {
        contiguous,
        seq_max: known.seq_max.max(seq),
        fork_at,
        broken_at,
        ..known.clone()
    });
    let mut touched = BTreeSet::new();
    if fork_at != known.fork_at {
        touched.extend(distrust(cx, known, fork_at, event::DEVICE_FORKED).await?);
    }
    if broken_at != known.broken_at {
        touched.extend(distrust(cx, known, broken_at, event::CHAIN_BROKEN).await?);
    }
    Ok(touched)
}

/// The genuine events of a device with this number.
async fn ids_at(cx: &Cx<'_>, device: &Device, seq: i64) -> Result<Vec<Vec<u8>>, StoreError> {
    Ok(at(device, seq)
        .select_only()
        .column(custody_event::Column::EventId)
        .into_tuple()
        .all(cx.tx)
        .await?)
}

/// Whether an event after this one names a predecessor that we do not have.
async fn is_next_at_odds(
    cx: &Cx<'_>,
    device: &Device,
    seq: i64,
    id: &[u8],
    same: &[Vec<u8>],
) -> Result<bool, StoreError> {
    let next: Vec<Vec<u8>> = at(device, seq + 1)
        .select_only()
        .column(custody_event::Column::Prev)
        .into_tuple()
        .all(cx.tx)
        .await?;
    Ok(next.iter().any(|prev| prev != id && !same.contains(prev)))
}

fn lower(known: Option<i64>, found: i64) -> i64 {
    known.map_or(found, |known| known.min(found))
}

/// Where the rule finds the chain of a device broken.
async fn judged(cx: &Cx<'_>, device: &Device) -> Result<Option<i64>, StoreError> {
    let rows = genuine(device).all(cx.tx).await?;
    let mut links = Vec::with_capacity(rows.len());
    for row in rows {
        let bad = |why: &str| StoreError::corrupt("custody_event", hex::encode(&row.event_id), why);
        links.push(Link {
            seq: row.seq.unsigned_abs(),
            id: EventId::try_from(row.event_id.as_slice()).map_err(|_| bad("event_id"))?,
            prev: EventId::try_from(row.prev.as_slice()).map_err(|_| bad("prev"))?,
        });
    }
    Ok(judge(&links).broken_at.map(u64::cast_signed))
}

/// This device's genuine events with this number.
fn at(device: &Device, seq: i64) -> Select<custody_event::Entity> {
    genuine(device).filter(custody_event::Column::Seq.eq(seq))
}

fn genuine(device: &Device) -> Select<custody_event::Entity> {
    custody_event::Entity::find()
        .filter(custody_event::Column::DeviceId.eq(device.id.0.to_vec()))
        .filter(custody_event::Column::Verdict.is_not_in(event::NOT_GENUINE))
}

/// Whether the predecessor an event names is one we have, as far as we have any.
async fn fits(cx: &Cx<'_>, device: &Device, seq: i64, prev: &[u8; 32]) -> Result<bool, StoreError> {
    if seq == 1 {
        return Ok(*prev == [0; 32]);
    }
    if let Some(only) = cx.newest(device.id, seq - 1) {
        return Ok(only.0 == *prev);
    }
    let before = ids_at(cx, device, seq - 1).await?;
    Ok(before.is_empty() || before.iter().any(|id| id == prev))
}

/// How far the chain is complete now.
async fn advance(cx: &Cx<'_>, device: &Device, seq: i64) -> Result<i64, StoreError> {
    if seq != device.contiguous + 1 {
        return Ok(device.contiguous);
    }
    let later: Vec<i64> = genuine(device)
        .select_only()
        .column(custody_event::Column::Seq)
        .distinct()
        .filter(custody_event::Column::Seq.gt(device.contiguous))
        .order_by_asc(custody_event::Column::Seq)
        .into_tuple()
        .all(cx.tx)
        .await?;
    let mut contiguous = device.contiguous;
    for seq in later {
        if seq != contiguous + 1 {
            break;
        }
        contiguous = seq;
    }
    Ok(contiguous)
}

/// Quarantines what was trusted at and after a fork or break.
async fn distrust(
    cx: &mut Cx<'_>,
    device: &Device,
    from: Option<i64>,
    verdict: &str,
) -> Result<BTreeSet<Vec<u8>>, StoreError> {
    let Some(from) = from else { return Ok(BTreeSet::new()) };
    let trusted: Vec<Vec<u8>> = genuine(device)
        .select_only()
        .column(custody_event::Column::EventId)
        .filter(custody_event::Column::Seq.gte(from))
        .filter(custody_event::Column::Verdict.eq(event::OK))
        // What somebody ruled on stays as they ruled.
        .filter(custody_event::Column::EventId.not_in_subquery(ruling::trusted()))
        .into_tuple()
        .all(cx.tx)
        .await?;
    let mut touched = BTreeSet::new();
    for id in trusted {
        event::set_verdict(cx, &id, verdict).await?;
        touched.extend(link::items_of(cx, &id).await?);
    }
    Ok(touched)
}
