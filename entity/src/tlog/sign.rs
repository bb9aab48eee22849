//! Signs the head of the log, after looking at what it signs.

use super::read::{broken, checkpoint, load, tile_key, tiles_for};
use super::seen::Seen;
use super::shard::{self, Shard};
use crate::store::Store;
use crate::table::{inbox, log_checkpoint, log_leaf};
use crate::{ServerKeys, StoreError};
use custody::log::leaf::{Salt, commit, hash};
use custody::log::tiles::{Question, Tiles, edge};
use custody::log::{Algorithm, Checkpoint, NoteKey, VerifierKey};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use std::path::PathBuf;

/// Rows looked at together: a few megabytes.
const PAGE: u64 = 1000;

/// What signs, and what it remembers.
#[derive(Debug, Clone)]
pub struct LogSigner {
    /// What every origin begins with: the address of the log without its scheme, for example `post.example/log`.
    pub base: String,
    /// The file of what was signed last.
    pub state: PathBuf,
}

impl LogSigner {
    /// The origin of a shard.
    pub fn origin(&self, shard: &str) -> String {
        format!("{}/{shard}", self.base)
    }

    /// The public key under the part of the origin that every shard has; it stands for all of them.
    ///
    /// # Errors
    /// When no note can carry the origin.
    pub fn base_key(&self, keys: &ServerKeys) -> Result<VerifierKey, StoreError> {
        let named = NoteKey::new(&self.base, Algorithm::Log, keys.log());
        let named = named.map_err(|error| StoreError::Refused(format!("the log's origin: {error}")));
        Ok(named?.verifier())
    }

    /// The key a shard is signed with.
    ///
    /// # Errors
    /// When no note can carry the origin.
    pub fn key(&self, keys: &ServerKeys, shard: &str) -> Result<NoteKey, StoreError> {
        let named = NoteKey::new(&self.origin(shard), Algorithm::Log, keys.log());
        named.map_err(|error| StoreError::Refused(format!("the log's origin: {error}")))
    }
}

/// Why a head is not signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The log was longer, or another one, when it was signed last. Nobody signs until a person has looked.
    #[error("shard {shard} was signed with {signed} leaves and now is not a continuation of that: {why}")]
    Fork {
        /// Which shard.
        shard: String,
        /// How many leaves it had.
        signed: u64,
        /// What is wrong.
        why: &'static str,
    },
    /// What is stored no longer gives the leaf it was given.
    #[error("the fact with log index {log_index} is not what its leaf says")]
    Damaged {
        /// Which fact.
        log_index: i64,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A head that was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its shard.
    pub shard: String,
    /// How many leaves.
    pub size: u64,
    /// The size signed before; 0 for the first.
    pub before: u64,
    /// The signed note.
    pub note: String,
    /// The key that verifies it.
    pub key: VerifierKey,
}

/// Signs the head of every shard that grew since its last one, and returns them. Facts that came since are read again and hashed
/// again first: a leaf that no longer is what is stored is found before anything is promised with it.
///
/// # Errors
/// [`SignError`]. Nothing is signed then; what was signed before stays.
pub async fn sign(store: &Store, keys: &ServerKeys, signer: &LogSigner) -> Result<Vec<Head>, SignError> {
    let mut heads = Vec::new();
    for shard in shard::all(store.read()).await? {
        let last = checkpoint(store.read(), &shard.name).await?;
        let before = last.as_ref().map_or(Ok(0), |last| u64::try_from(last.size));
        let before = before.map_err(|error| StoreError::corrupt("log_checkpoint", &shard.name, error))?;
        if shard.leaves()? == before {
            continue;
        }
        heads.push(sign_one(store, keys, signer, &shard, before).await?);
    }
    Ok(heads)
}

async fn sign_one(
    store: &Store,
    keys: &ServerKeys,
    signer: &LogSigner,
    shard: &Shard,
    before: u64,
) -> Result<Head, SignError> {
    let size = shard.leaves()?;
    let root = rehash(store, shard, before).await?;
    let key = signer.key(keys, &shard.name)?;
    let head = Checkpoint {
        origin: signer.origin(&shard.name),
        size,
        root,
    };
    let text = head.text();
    let note = format!("{text}\n{}", key.line(&text, 0));
    let path = signer.state.clone();
    let mut seen = tokio::task::spawn_blocking(move || Seen::take(&path))
        .await
        .map_err(|error| StoreError::Refused(error.to_string()))??;
    if let Some(last) = seen.last(&head.origin) {
        continues(store, shard, last, (size, root)).await?;
    }
    // Written down before it is published: from here on this origin has no other head of this size.
    seen.put(&head.origin, (size, root))?;
    drop(seen);
    let (row, published) = (row_of(shard, &head, &note, store.now_ms()), note.clone());
    store
        .write(move |tx| {
            Box::pin(async move {
                log_checkpoint::Entity::insert(row)
                    .on_conflict(
                        OnConflict::column(log_checkpoint::Column::Place)
                            .do_nothing()
                            .to_owned(),
                    )
                    .exec_without_returning(tx)
                    .await?;
                Ok::<_, StoreError>(())
            })
        })
        .await?;
    Ok(Head {
        shard: shard.name.clone(),
        size,
        before,
        note: published,
        key: key.verifier(),
    })
}

fn row_of(shard: &Shard, head: &Checkpoint, note: &str, now_ms: i64) -> log_checkpoint::ActiveModel {
    log_checkpoint::ActiveModel {
        place: Set(format!("{}/{:020}", shard.name, head.size)),
        shard: Set(shard.name.clone()),
        size: Set(i64::try_from(head.size).unwrap_or(i64::MAX)),
        root: Set(head.root.to_vec()),
        note: Set(note.to_owned()),
        signed_at: Set(now_ms),
    }
}

/// Whether the tree goes on from what was signed.
async fn continues(
    store: &Store,
    shard: &Shard,
    last: (u64, [u8; 32]),
    (size, root): (u64, [u8; 32]),
) -> Result<(), SignError> {
    let fork = |why| SignError::Fork {
        shard: shard.name.clone(),
        signed: last.0,
        why,
    };
    if last.0 > size {
        return Err(fork("it is shorter"));
    }
    let known = tiles_for(store.read(), &shard.name, Question::Root(last.0)).await?;
    let known = known
        .root(last.0)
        .map_err(|_| fork("its tiles do not give that head"))?;
    if known != last.1 {
        return Err(fork("its beginning is another"));
    }
    let proof = tiles_for(store.read(), &shard.name, Question::Consistency(last.0, size)).await?;
    let proof = proof.consistency(last.0, size).map_err(broken(&shard.name))?;
    let goes_on = custody::log::tiles::check_consistency(&proof, (last.0, known), (size, root));
    goes_on.map_err(|_| fork("its head does not follow"))
}

/// The root over what is stored: the right edge of the head signed before, and every later fact hashed again.
async fn rehash(store: &Store, shard: &Shard, before: u64) -> Result<[u8; 32], SignError> {
    let size = shard.leaves()?;
    let mut tiles = edge_of(store, shard, before).await?;
    let mut next = before;
    while next < size {
        let page = leaves(store, shard, next, PAGE).await?;
        let wanted = |at: u64| shard.first_index.saturating_add_unsigned(at);
        if page.is_empty() {
            return Err(SignError::Damaged {
                log_index: wanted(next),
            });
        }
        for (log_index, leaf) in page {
            let leaf = leaf.filter(|_| log_index == wanted(next));
            let leaf = leaf.ok_or(SignError::Damaged {
                log_index: wanted(next),
            })?;
            tiles.append(next, leaf);
            next += 1;
        }
    }
    Ok(tiles.root(size).map_err(broken(&shard.name))?)
}

/// The tiles on the right edge of the tree as it was at this size.
pub(super) async fn edge_of(store: &Store, shard: &Shard, size: u64) -> Result<Tiles, StoreError> {
    let places = edge(size);
    let stored = load(store.read(), &shard.name, places.iter().map(|(place, _)| *place)).await?;
    let mut tiles = Tiles::default();
    for (place, width) in places {
        let length = usize::try_from(width * 32).unwrap_or(usize::MAX);
        let part = stored.get(place).and_then(|data| data.get(..length));
        let part = part.ok_or_else(|| StoreError::corrupt("log_tile", tile_key(&shard.name, place), "too short"))?;
        tiles.put(place, part.to_vec());
    }
    Ok(tiles)
}

/// Facts from this leaf on, each with the hash of its leaf if what is stored still gives it.
pub(super) async fn leaves(
    store: &Store,
    shard: &Shard,
    from: u64,
    limit: u64,
) -> Result<Vec<(i64, Option<[u8; 32]>)>, StoreError> {
    let first = shard.first_index.saturating_add_unsigned(from);
    let until = first.saturating_add_unsigned(limit).min(shard.next());
    let stored: HashMap<i64, log_leaf::Model> = log_leaf::Entity::find()
        .filter(log_leaf::Column::LogIndex.gte(first))
        .filter(log_leaf::Column::LogIndex.lt(until))
        .all(store.read())
        .await?
        .into_iter()
        .map(|leaf| (leaf.log_index, leaf))
        .collect();
    let rows: Vec<(i64, Vec<u8>, Vec<u8>)> = inbox::Entity::find()
        .select_only()
        .columns([inbox::Column::LogIndex, inbox::Column::EventId, inbox::Column::Raw])
        .filter(inbox::Column::LogIndex.gte(first))
        .filter(inbox::Column::LogIndex.lt(until))
        .order_by_asc(inbox::Column::LogIndex)
        .into_tuple()
        .all(store.read())
        .await?;
    let read = rows.into_iter().map(|(log_index, event_id, raw)| {
        let leaf = stored.get(&log_index).and_then(|leaf| {
            let salt = leaf.salt.as_slice().try_into().ok()?;
            let fresh = hash(&commit(&Salt(salt), &raw));
            (leaf.event_id == event_id && leaf.hash == fresh).then_some(fresh)
        });
        (log_index, leaf)
    });
    Ok(read.collect())
}

/// Keeps a head's note with the signatures of witnesses under it.
///
/// # Errors
/// When the database fails or there is no such head.
pub async fn keep_note(store: &Store, head: &Head, note: String) -> Result<(), StoreError> {
    let place = format!("{}/{:020}", head.shard, head.size);
    store
        .write(move |tx| {
            Box::pin(async move {
                log_checkpoint::Entity::update_many()
                    .col_expr(log_checkpoint::Column::Note, Expr::value(note))
                    .filter(log_checkpoint::Column::Place.eq(place))
                    .exec(tx)
                    .await?;
                Ok::<_, StoreError>(())
            })
        })
        .await
}

/// The newest head of a shard with its key, to be cosigned again.
///
/// # Errors
/// When the database fails.
pub async fn newest(
    db: &impl ConnectionTrait,
    keys: &ServerKeys,
    signer: &LogSigner,
) -> Result<Option<Head>, StoreError> {
    let Some(shard) = shard::find(db, None).await? else {
        return Ok(None);
    };
    let Some(row) = checkpoint(db, &shard.name).await? else {
        return Ok(None);
    };
    let size = u64::try_from(row.size).map_err(|error| StoreError::corrupt("log_checkpoint", &row.place, error))?;
    Ok(Some(Head {
        key: signer.key(keys, &shard.name)?.verifier(),
        shard: shard.name,
        size,
        before: size,
        note: row.note,
    }))
}
