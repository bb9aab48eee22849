//! What phones say they saw of the log: each head one of them checked must be one that was signed here.
//!
//! A server that shows another history to some phones has their signed word against it, in events it cannot drop without a gap in
//! their chains (trust §1 T8, `docs/adr/0022`).

use super::check::{Damage, Found};
use super::shard::Shard;
use crate::StoreError;
use crate::project::NOT_GENUINE;
use crate::store::Store;
use crate::table::{custody_event, inbox, log_checkpoint};
use custody::envelope::Envelope;
use custody::event::{Checkpoint, LogId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

/// Events read at a time: a few megabytes.
const PAGE: u64 = 1000;

/// Looks every head up that a genuine event carries. `base` is the part of the origin that every shard has.
pub(super) async fn compare(store: &Store, base: &str, shards: &[Shard], found: &mut Found) -> Result<(), StoreError> {
    let known: BTreeMap<LogId, usize> = shards
        .iter()
        .enumerate()
        .map(|(place, shard)| (LogId::of(&format!("{base}/{}", shard.name)), place))
        .collect();
    // The first event that names a head stands for all that do.
    let mut looked_at: BTreeSet<(LogId, u64, [u8; 32])> = BTreeSet::new();
    let mut after = 0;
    loop {
        let rows: Vec<(i64, Vec<u8>)> = inbox::Entity::find()
            .select_only()
            .columns([inbox::Column::LogIndex, inbox::Column::Raw])
            .join(
                JoinType::InnerJoin,
                inbox::Entity::belongs_to(custody_event::Entity)
                    .from(inbox::Column::EventId)
                    .to(custody_event::Column::EventId)
                    .into(),
            )
            .filter(custody_event::Column::Verdict.is_not_in(NOT_GENUINE))
            .filter(Expr::col((inbox::Entity, inbox::Column::LogIndex)).gt(after))
            .order_by_asc(inbox::Column::LogIndex)
            .limit(PAGE)
            .into_tuple()
            .all(store.read())
            .await?;
        let Some((last, _)) = rows.last() else { return Ok(()) };
        after = *last;
        for (log_index, raw) in rows {
            // What cannot be read was changed, and is named with its leaf.
            let Ok(envelope) = Envelope::parse(&raw) else { continue };
            let Some(Checkpoint {
                size,
                root,
                log: Some(log),
            }) = envelope.event().seen_checkpoint
            else {
                continue;
            };
            if !looked_at.insert((log, size, root)) {
                continue;
            }
            let place = known.get(&log).copied();
            found.seen += 1;
            if place.is_some_and(|place| is_lost(shards, place, size)) || (place.is_none() && was_restored(shards)) {
                found.lost += 1;
            } else if !is_signed(store, place.map(|place| &shards[place]), size, root).await? {
                found.damage.push(Damage::Seen {
                    log_index,
                    shard: place.map(|place| shards[place].name.clone()),
                    size,
                });
            }
        }
    }
}

async fn is_signed(store: &Store, shard: Option<&Shard>, size: u64, root: [u8; 32]) -> Result<bool, StoreError> {
    let Some(shard) = shard else { return Ok(false) };
    let head = log_checkpoint::Entity::find()
        .filter(log_checkpoint::Column::Shard.eq(&shard.name))
        .filter(log_checkpoint::Column::Size.eq(i64::try_from(size).unwrap_or(i64::MAX)))
        .one(store.read())
        .await?;
    Ok(head.is_some_and(|head| head.root == root))
}

/// Whether a restore took the end of this shard away: what it held beyond that is nobody's lie.
fn is_lost(shards: &[Shard], place: usize, size: u64) -> bool {
    let (shard, next) = (&shards[place], shards.get(place + 1));
    size > shard.size.unsigned_abs() && next.is_some_and(|next| next.restored_at != shard.restored_at)
}

fn was_restored(shards: &[Shard]) -> bool {
    shards.iter().any(|shard| shard.restored_at != 0)
}
