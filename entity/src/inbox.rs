//! The one way in for every fact: an immutable row, acknowledged after commit.
//!
//! Depositing never judges. Whether a signature holds, a device is known or a dossier fits is decided later by the
//! projector and shown; what a person or phone reported is kept whatever the verdict.

use crate::store::Store;
use crate::table::{inbox, unreadable_deposit};
use crate::{StoreError, clock};
use custody::act::Act;
use custody::ids::EventId;
use sea_orm::sea_query::{InsertStatement, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait,
    QueryFilter, QuerySelect, Statement,
};
use std::collections::HashMap;
use std::sync::Arc;
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
    let received_at = store.now_ms();
    let rows = in_order(facts);
    if store.backend() == DbBackend::Postgres && is_all_new(store, &source, received_at, &rows).await? {
        store.deposited().notify_one();
        return Ok(vec![Outcome::Stored; rows.len()]);
    }
    let outcomes = store
        .write(move |tx| Box::pin(async move { insert(tx, &source, received_at, rows).await }))
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
    insert(tx, "server", store.now_ms(), in_order(vec![fact])).await?;
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
    rows: Arc<[Row]>,
) -> Result<Vec<Outcome>, StoreError> {
    let outcomes = if insert_rows(tx, source, received_at, &rows).await? == rows.len() {
        rows.iter().map(|row| (row.at, Outcome::Stored)).collect()
    } else {
        sort_out(tx, source, received_at, &rows).await?
    };
    let mut in_order: Vec<(usize, Outcome)> = outcomes;
    in_order.sort_by_key(|(at, _)| *at);
    Ok(in_order.into_iter().map(|(_, outcome)| outcome).collect())
}

/// Some of `rows` were there already, or twice in the batch: says which, and keeps those whose bytes are others.
async fn sort_out(
    tx: &DatabaseTransaction,
    source: &str,
    received_at: i64,
    rows: &[Row],
) -> Result<Vec<(usize, Outcome)>, StoreError> {
    let columns = [
        inbox::Column::EventId,
        inbox::Column::Raw,
        inbox::Column::ReceivedAt,
        inbox::Column::Place,
    ];
    let known: HashMap<Vec<u8>, (Vec<u8>, i64, i64)> = inbox::Entity::find()
        .select_only()
        .columns(columns)
        .filter(inbox::Column::EventId.is_in(rows.iter().map(|row| row.fact.id.0.to_vec())))
        .into_tuple::<(Vec<u8>, Vec<u8>, i64, i64)>()
        .all(tx)
        .await?
        .into_iter()
        .map(|(id, raw, received_at, place)| (id, (raw, received_at, place)))
        .collect();
    let mut outcomes = Vec::with_capacity(rows.len());
    let mut copies = Vec::new();
    for row in rows {
        let there = known.get(row.fact.id.0.as_slice());
        if there.is_some_and(|(_, at, place)| (*at, *place) == (received_at, row.place)) {
            outcomes.push((row.at, Outcome::Stored));
        } else {
            outcomes.push((row.at, Outcome::Duplicate));
            if there.is_some_and(|(raw, ..)| *raw != row.fact.raw) {
                copies.push(Row::new((row.at, row.fact.clone().into_copy())));
            }
        }
    }
    copies.sort_by_key(|row| row.fact.id);
    insert_rows(tx, source, received_at, &copies).await?;
    Ok(outcomes)
}

/// What an insert does about a row whose identifier is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum IfThere {
    /// Leaves it and inserts the others.
    Leave,
    /// Fails as a whole.
    Fail,
}

/// Always in the same order: both sides of a hand-over bring the same events at once, and on PostgreSQL two inserts that meet
/// in opposite orders would wait for each other until one is refused.
fn in_order(facts: Vec<Fact>) -> Arc<[Row]> {
    let mut rows: Vec<Row> = facts.into_iter().enumerate().map(Row::new).collect();
    rows.sort_by_key(|row| row.fact.id);
    rows.into()
}

/// Stores a batch that is new as a whole, or nothing of it. PostgreSQL writes a row twice when it has to look for conflicts;
/// most batches have none and are spared that.
async fn is_all_new(store: &Store, source: &str, received_at: i64, rows: &[Row]) -> Result<bool, StoreError> {
    match store
        .write_one(of_arrays(source, received_at, rows, IfThere::Fail))
        .await
    {
        Ok(_) => Ok(true),
        Err(error) if error.is_duplicate() => Ok(false),
        Err(error) => Err(error),
    }
}

/// A fact and its places: in the batch, and among all facts of this process.
#[derive(Debug)]
struct Row {
    at: usize,
    place: i64,
    fact: Fact,
}

impl Row {
    fn new((at, fact): (usize, Fact)) -> Self {
        let place = next_place();
        Self { at, place, fact }
    }
}

/// Counts what this process has put into the inbox. Facts of one millisecond are numbered in this order, so a batch keeps the
/// order its device gave it and an item is made before it is assigned. It decides nothing else: folds do not look at order.
fn next_place() -> i64 {
    static PLACE: AtomicI64 = AtomicI64::new(1);
    PLACE.fetch_add(1, Ordering::Relaxed)
}

/// Inserts what is not there yet and says how many that were. Nothing is returned row by row: in the usual case all are new,
/// and reading them back would cost more than writing them.
async fn insert_rows(
    tx: &DatabaseTransaction,
    source: &str,
    received_at: i64,
    rows: &[Row],
) -> Result<usize, StoreError> {
    if rows.is_empty() {
        return Ok(0);
    }
    let done = match tx.get_database_backend() {
        DbBackend::Postgres => {
            tx.execute_raw(of_arrays(source, received_at, rows, IfThere::Leave))
                .await?
        }
        _ => tx.execute(&of_values(source, received_at, rows)).await?,
    };
    usize::try_from(done.rows_affected()).map_err(|error| StoreError::corrupt("inbox", "rows", error))
}

/// One row of parameters for each fact.
fn of_values(source: &str, received_at: i64, rows: &[Row]) -> InsertStatement {
    let mut query = Query::insert();
    query
        .into_table("inbox")
        .columns(["event_id", "lane", "raw", "received_at", "place", "source"])
        .on_conflict(OnConflict::column("event_id").do_nothing().to_owned());
    for Row { place, fact, .. } in rows {
        query.values_panic([
            fact.id.0.to_vec().into(),
            (fact.lane as i64).into(),
            fact.raw.clone().into(),
            received_at.into(),
            (*place).into(),
            source.into(),
        ]);
    }
    query
}

macro_rules! of_arrays {
    () => {
        "INSERT INTO inbox (event_id, lane, raw, place, received_at, source) \
         SELECT id, lane, raw, place, $5, $6 \
         FROM unnest($1::bytea[], $2::bigint[], $3::bytea[], $4::bigint[]) AS fact (id, lane, raw, place)"
    };
}

/// One array of parameters for each column: PostgreSQL plans it once, whatever the size of the batch.
fn of_arrays(source: &str, received_at: i64, rows: &[Row], if_there: IfThere) -> Statement {
    let ids: Vec<Vec<u8>> = rows.iter().map(|row| row.fact.id.0.to_vec()).collect();
    let lanes: Vec<i64> = rows.iter().map(|row| row.fact.lane as i64).collect();
    let envelopes: Vec<Vec<u8>> = rows.iter().map(|row| row.fact.raw.clone()).collect();
    let places: Vec<i64> = rows.iter().map(|row| row.place).collect();
    let sql = match if_there {
        IfThere::Leave => concat!(of_arrays!(), " ON CONFLICT (event_id) DO NOTHING"),
        IfThere::Fail => of_arrays!(),
    };
    Statement::from_sql_and_values(
        DbBackend::Postgres,
        sql,
        [
            ids.into(),
            lanes.into(),
            envelopes.into(),
            places.into(),
            received_at.into(),
            source.into(),
        ],
    )
}
