//! The one way in for every fact: an immutable row, acknowledged after commit.
//!
//! Depositing never judges. Whether a signature holds, a device is known or a dossier fits is decided later by the
//! projector and shown; what a person or phone reported is kept whatever the verdict.

use crate::store::Store;
use crate::table::{inbox, unreadable_deposit};
use crate::{StoreError, clock};
use custody::act::Act;
use custody::ids::EventId;
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QuerySelect,
};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicI64, Ordering};

/// Which decoder reads a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// A custody event signed by a device.
    Custody = 1,
    /// An administrative act signed by this server.
    Act = 2,
    /// Well-framed bytes that are no envelope.
    Foreign = 3,
    /// The same signed content as a row we have, under another signature. Kept, because the first copy may be the forged one.
    Copy = 4,
}

/// A fact on its way into the inbox.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Its identifier.
    pub id: EventId,
    /// Which decoder reads it.
    pub lane: Lane,
    /// Its bytes, verbatim.
    pub raw: Vec<u8>,
}

impl Fact {
    /// Reads one element of a deposit; what is no envelope gets an identifier of its own and is kept as well.
    pub fn from_bytes(raw: Vec<u8>) -> Self {
        match custody::envelope::Envelope::parse(&raw) {
            Ok(envelope) => Self {
                id: envelope.id(),
                lane: Lane::Custody,
                raw,
            },
            Err(_kept_and_explained_later) => Self {
                id: EventId::of_unreadable(&raw),
                lane: Lane::Foreign,
                raw,
            },
        }
    }

    /// The same bytes as a copy of the event that is known already.
    fn into_copy(self) -> Self {
        Self {
            id: EventId::of_unreadable(&self.raw),
            lane: Lane::Copy,
            raw: self.raw,
        }
    }
}

/// What happened to a deposited fact. Both mean that it is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was new.
    Stored,
    /// It was there already.
    Duplicate,
}

/// Stores facts in one multi-row insert and returns only after the commit.
///
/// `source` says who brought them (`device:<hex>`, `api`, `lgsp`), never who they are about.
///
/// # Errors
/// When the database could not commit: nothing was stored then, or at least nothing was promised.
pub async fn deposit(store: &Store, source: String, facts: Vec<Fact>) -> Result<Vec<Outcome>, StoreError> {
    if facts.is_empty() {
        return Ok(Vec::new());
    }
    let outcomes = store
        .write({
            let received_at = store.now_ms();
            move |tx| Box::pin(async move { insert(tx, &source, received_at, facts).await })
        })
        .await?;
    store.deposited().notify_one();
    Ok(outcomes)
}

/// Stores an act in the caller's transaction. The caller wakes the sequencer after its commit.
///
/// # Errors
/// When the database fails.
pub async fn append_act(
    tx: &DatabaseTransaction,
    store: &Store,
    keys: &crate::ServerKeys,
    act: &Act,
) -> Result<EventId, StoreError> {
    let sealed = custody::act::seal_act(act, &keys.acts);
    let fact = Fact {
        id: sealed.id,
        lane: Lane::Act,
        raw: sealed.bytes,
    };
    insert(tx, "server", store.now_ms(), vec![fact]).await?;
    Ok(sealed.id)
}

/// Keeps a body whose framing cannot be read, so that nothing a phone sent is lost.
///
/// # Errors
/// When the database fails.
pub async fn keep_unreadable(store: &Store, source: String, reason: String, raw: Vec<u8>) -> Result<(), StoreError> {
    let received_at = store.now_ms();
    store
        .write(move |tx| {
            Box::pin(async move {
                let row = unreadable_deposit::ActiveModel {
                    id: Set(clock::new_id()),
                    raw: Set(raw),
                    reason: Set(reason),
                    source: Set(source),
                    received_at: Set(received_at),
                };
                row.insert(tx).await.map(drop).map_err(StoreError::from)
            })
        })
        .await
}

/// Inserts facts. An identifier covers what was signed, not the signature; so a copy whose bytes differ from the row we have
/// is stored as well, or somebody could shut a genuine event out by sending it first with a broken signature.
async fn insert(
    tx: &DatabaseTransaction,
    source: &str,
    received_at: i64,
    facts: Vec<Fact>,
) -> Result<Vec<Outcome>, StoreError> {
    let mut stored = insert_rows(tx, source, received_at, &facts).await?;
    let mut outcomes = Vec::with_capacity(facts.len());
    let mut again = Vec::new();
    for fact in facts {
        // An event twice in one batch: the first is stored, the second is looked at again.
        if stored.remove(fact.id.0.as_slice()) {
            outcomes.push(Outcome::Stored);
        } else {
            outcomes.push(Outcome::Duplicate);
            again.push(fact);
        }
    }
    if !again.is_empty() {
        let copies = other_signatures(tx, again).await?;
        insert_rows(tx, source, received_at, &copies).await?;
    }
    Ok(outcomes)
}

/// Those of `facts` whose bytes are not the ones we have under their identifier.
async fn other_signatures(tx: &DatabaseTransaction, facts: Vec<Fact>) -> Result<Vec<Fact>, StoreError> {
    let known: HashMap<Vec<u8>, Vec<u8>> = inbox::Entity::find()
        .select_only()
        .columns([inbox::Column::EventId, inbox::Column::Raw])
        .filter(inbox::Column::EventId.is_in(facts.iter().map(|fact| fact.id.0.to_vec())))
        .into_tuple()
        .all(tx)
        .await?
        .into_iter()
        .collect();
    let differs = |fact: &Fact| known.get(fact.id.0.as_slice()).is_some_and(|raw| *raw != fact.raw);
    Ok(facts.into_iter().filter(differs).map(Fact::into_copy).collect())
}

/// Counts what this process has put into the inbox. Facts of one millisecond are numbered in this order, so a batch keeps the
/// order its device gave it and an item is made before it is assigned. It decides nothing else: folds do not look at order.
fn next_place() -> i64 {
    static PLACE: AtomicI64 = AtomicI64::new(1);
    PLACE.fetch_add(1, Ordering::Relaxed)
}

async fn insert_rows(
    tx: &DatabaseTransaction,
    source: &str,
    received_at: i64,
    facts: &[Fact],
) -> Result<HashSet<Vec<u8>>, StoreError> {
    if facts.is_empty() {
        return Ok(HashSet::new());
    }
    let mut query = Query::insert();
    query
        .into_table("inbox")
        .columns(["event_id", "lane", "raw", "received_at", "place", "source"]);
    // Always in the same order: both sides of a hand-over bring the same events at once, and on PostgreSQL two inserts that
    // meet in opposite orders would wait for each other until one is refused.
    let mut ordered: Vec<(i64, &Fact)> = facts.iter().map(|fact| (next_place(), fact)).collect();
    ordered.sort_by_key(|(_, fact)| fact.id);
    for (place, fact) in ordered {
        query.values_panic([
            fact.id.0.to_vec().into(),
            (fact.lane as i64).into(),
            fact.raw.clone().into(),
            received_at.into(),
            place.into(),
            source.into(),
        ]);
    }
    query
        .on_conflict(OnConflict::column("event_id").do_nothing().to_owned())
        .returning_col(inbox::Column::EventId);
    let mut stored = HashSet::new();
    for row in tx.query_all(&query).await? {
        stored.insert(row.try_get::<Vec<u8>>("", "event_id")?);
    }
    Ok(stored)
}
