//! Reads the whole log again and says what is wrong with it, the first bad entry first.
//!
//! Facts are hashed again against their leaves, leaves against the tiles, tiles against every head that was signed and against what
//! the signer remembers outside the database and what phones say they saw. Whoever edits, removes or slips in a row has to make all of them agree, and cannot
//! without the log's key; with it, the heads that others hold still tell.

use super::gossip;
use super::read::{broken, checkpoint, tile};
use super::seen::Seen;
use super::shard::{self, Shard};
use super::sign::{LogSigner, leaves};
use crate::store::Store;
use crate::table::log_checkpoint;
use crate::{ServerKeys, StoreError};
use custody::log::note::open;
use custody::log::tiles::{Place, Tiles, edge};
use custody::log::{Policy, VerifierKey};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeSet;

/// Rows read at a time: a few megabytes.
const PAGE: u64 = 1000;

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// A fact is missing, is another one, or its leaf does not say what is stored.
    Fact {
        /// Its number.
        log_index: i64,
    },
    /// A tile does not hold what the leaves under it make.
    Tile {
        /// `shard/level/place`.
        place: String,
    },
    /// A signed head does not follow from the leaves: one of those since the head before was changed together with its leaf.
    Head {
        /// Its shard.
        shard: String,
        /// The number of the first fact that may have been changed.
        from: i64,
        /// The number of the last.
        until: i64,
    },
    /// A phone checked a head that is none of this log's: it was shown another history.
    Seen {
        /// The number of its event that says so.
        log_index: i64,
        /// The shard, if it is one of ours.
        shard: Option<String>,
        /// How many leaves that head is over.
        size: u64,
    },
    /// The signer signed more than is here, or something else.
    Signer {
        /// Which shard.
        shard: String,
        /// How many leaves it signed.
        size: u64,
    },
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Facts read.
    pub facts: u64,
    /// Signed heads that were compared.
    pub heads: u64,
    /// Heads that phones say they checked.
    pub seen: u64,
    /// Of them, those of an end of the log that a restore took away.
    pub lost: u64,
    /// What is wrong, the first first.
    pub damage: Vec<Damage>,
}

/// Checks every shard. `signer` says where its memory lies; without it only the database is read.
///
/// # Errors
/// When the database fails.
pub async fn check(store: &Store, keys: &ServerKeys, signer: Option<&LogSigner>) -> Result<Found, StoreError> {
    let mut found = Found::default();
    let shards = shard::all(store.read()).await?;
    for shard in &shards {
        check_shard(store, keys, signer, shard, &mut found).await?;
    }
    if let Some(base) = base(store, signer, &shards).await? {
        gossip::compare(store, &base, &shards, &mut found).await?;
    }
    Ok(found)
}

/// The part of the origin that every shard has; nothing while no head was signed.
async fn base(store: &Store, signer: Option<&LogSigner>, shards: &[Shard]) -> Result<Option<String>, StoreError> {
    if let Some(signer) = signer {
        return Ok(Some(signer.base.clone()));
    }
    for shard in shards {
        if let Some(head) = checkpoint(store.read(), &shard.name).await? {
            return Ok(base_of(&head, shard).map(str::to_owned));
        }
    }
    Ok(None)
}

fn base_of<'h>(head: &'h log_checkpoint::Model, shard: &Shard) -> Option<&'h str> {
    let origin = head.note.lines().next()?;
    origin.strip_suffix(shard.name.as_str())?.strip_suffix('/')
}

async fn check_shard(
    store: &Store,
    keys: &ServerKeys,
    signer: Option<&LogSigner>,
    shard: &Shard,
    found: &mut Found,
) -> Result<(), StoreError> {
    let heads = log_checkpoint::Entity::find()
        .filter(log_checkpoint::Column::Shard.eq(&shard.name))
        .order_by_asc(log_checkpoint::Column::Place)
        .all(store.read())
        .await?;
    let mut heads = heads.into_iter().peekable();
    let (size, mut tiles, mut next, mut sound_until) = (shard.leaves()?, Tiles::default(), 0_u64, 0_u64);
    let mut whole = BTreeSet::new();
    while next < size {
        let wanted = |at: u64| shard.first_index.saturating_add_unsigned(at);
        let page = leaves(store, shard, next, PAGE).await?;
        if page.is_empty() {
            found.damage.push(Damage::Fact {
                log_index: wanted(next),
            });
            return Ok(());
        }
        for (log_index, leaf) in page {
            let Some(leaf) = leaf.filter(|_| log_index == wanted(next)) else {
                // What comes after cannot be added to the tree any more.
                found.damage.push(Damage::Fact {
                    log_index: wanted(next),
                });
                return Ok(());
            };
            whole.extend(
                tiles
                    .append(next, leaf)
                    .into_iter()
                    .filter(|place| is_full(&tiles, *place)),
            );
            (next, found.facts) = (next + 1, found.facts + 1);
            while let Some(head) = heads.next_if(|head| head.size <= next.cast_signed()) {
                let is_right = tiles
                    .root(next)
                    .is_ok_and(|root| root.as_slice() == head.root && head.size.cast_unsigned() == next);
                let is_signed = is_signed(&head, keys, signer, shard);
                found.heads += 1;
                if is_right && is_signed {
                    sound_until = next;
                } else {
                    let (from, until) = (wanted(sound_until), wanted(next) - 1);
                    let shard = shard.name.clone();
                    found.damage.push(Damage::Head { shard, from, until });
                    return Ok(());
                }
            }
        }
        forget(store, shard, &mut tiles, &mut whole, next, found).await?;
    }
    let last = edge(size).into_iter().map(|(place, _)| place).collect();
    compare(store, shard, &tiles, &last, found).await?;
    if let Some(signer) = signer {
        remembered(store, signer, shard, (&tiles, size), found).await?;
    }
    Ok(())
}

fn is_full(tiles: &Tiles, place: Place) -> bool {
    tiles.get(place).is_some_and(|data| data.len() == 32 * 256)
}

/// Compares tiles that are full and lets them go: a large log is not held in memory.
async fn forget(
    store: &Store,
    shard: &Shard,
    tiles: &mut Tiles,
    whole: &mut BTreeSet<Place>,
    size: u64,
    found: &mut Found,
) -> Result<(), StoreError> {
    compare(store, shard, tiles, whole, found).await?;
    let mut kept = Tiles::default();
    for (place, _) in edge(size) {
        kept.put(place, tiles.get(place).unwrap_or_default().to_vec());
    }
    *tiles = kept;
    whole.clear();
    Ok(())
}

async fn compare(
    store: &Store,
    shard: &Shard,
    tiles: &Tiles,
    places: &BTreeSet<Place>,
    found: &mut Found,
) -> Result<(), StoreError> {
    for place in places {
        let fresh = tiles.get(*place).unwrap_or_default();
        let width = u64::try_from(fresh.len() / 32).unwrap_or_default();
        let stored = tile(store.read(), &shard.name, *place, width).await?;
        if stored.as_deref() != Some(fresh) {
            let place = super::read::tile_key(&shard.name, *place);
            found.damage.push(Damage::Tile { place });
        }
    }
    Ok(())
}

/// Whether the log's own key signed this head.
fn is_signed(head: &log_checkpoint::Model, keys: &ServerKeys, signer: Option<&LogSigner>, shard: &Shard) -> bool {
    let named = signer.cloned().unwrap_or_else(|| LogSigner {
        base: base_of(head, shard).unwrap_or_default().to_owned(),
        state: std::path::PathBuf::new(),
    });
    let key: Option<VerifierKey> = named.key(keys, &shard.name).ok().map(|key| key.verifier());
    let opened = key.and_then(|key| open(head.note.as_bytes(), &Policy::of_log(key)).ok());
    opened.is_some_and(|opened| {
        opened.checkpoint.size == head.size.cast_unsigned() && opened.checkpoint.root.as_slice() == head.root
    })
}

/// Whether the log still begins with what the signer remembers.
async fn remembered(
    store: &Store,
    signer: &LogSigner,
    shard: &Shard,
    (tiles, size): (&Tiles, u64),
    found: &mut Found,
) -> Result<(), StoreError> {
    let path = signer.state.clone();
    let seen = tokio::task::spawn_blocking(move || Seen::take(&path))
        .await
        .map_err(|error| StoreError::Refused(error.to_string()))??;
    let Some((told, told_root)) = seen.last(&signer.origin(&shard.name)) else {
        return Ok(());
    };
    drop(seen);
    let newest = checkpoint(store.read(), &shard.name).await?;
    let is_same = if told == size {
        tiles.root(size).map_err(broken(&shard.name))? == told_root
    } else {
        newest.is_some_and(|head| head.size.cast_unsigned() == told && head.root == told_root)
    };
    if told > size || !is_same {
        found.damage.push(Damage::Signer {
            shard: shard.name.clone(),
            size: told,
        });
    }
    Ok(())
}
