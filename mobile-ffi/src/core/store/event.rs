//! The outbox: signed envelopes, ours and our peers', until the server has them and after.

use custody::ids::{DeviceId, EventId, ItemId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::StoreError;
use super::count::Count;
use super::vault::OVERHEAD;
use crate::core::platform::Mono;
use crate::core::sync::HeldEvent;

/// How far an envelope has come. A row never moves to a state that hides it from the next sync before the server
/// confirmed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventState {
    /// On this phone's disk.
    Recorded,
    /// May have reached the server; sent again all the same.
    Sent,
    /// The server said it is on its disk.
    Durable,
    /// In a published checkpoint.
    Receipted,
}

impl EventState {
    /// The word kept in the database and shown to the host.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Sent => "sent",
            Self::Durable => "durable",
            Self::Receipted => "receipted",
        }
    }

    fn parse(text: &str) -> Result<Self, StoreError> {
        [Self::Recorded, Self::Sent, Self::Durable, Self::Receipted]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(StoreError::Corrupt { what: "event state" })
    }
}

/// A stored envelope with its place in its device's chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// Local row, in the order of recording.
    pub row: i64,
    /// Id of the event.
    pub event_id: EventId,
    /// Who signed it.
    pub device: DeviceId,
    /// Number in that device's chain.
    pub seq: u64,
    /// The event before it in that chain.
    pub prev: EventId,
    /// Signed by a key of this phone.
    pub own: bool,
    /// How far it has come.
    pub state: EventState,
    /// How often it was put in a batch.
    pub attempts: u32,
    /// The envelope, byte for byte.
    pub envelope: Vec<u8>,
}

/// A new envelope to keep.
#[derive(Debug, Clone, Copy)]
pub struct NewEvent<'a> {
    /// Id of the event.
    pub event_id: EventId,
    /// Who signed it.
    pub device: DeviceId,
    /// Number in that device's chain.
    pub seq: u64,
    /// The event before it in that chain.
    pub prev: EventId,
    /// Signed by a key of this phone.
    pub own: bool,
    /// Code of the event kind.
    pub kind: u64,
    /// The envelope, byte for byte.
    pub envelope: &'a [u8],
    /// Wall clock at recording.
    pub wall_ms: i64,
    /// Monotonic clock at recording.
    pub mono: Mono,
    /// The envelope sealed for the recovery key, once that key is known.
    pub rescue: Option<&'a [u8]>,
    /// Items it moves, each with the head it moves it from.
    pub moves: &'a [(ItemId, Option<EventId>)],
}

/// The last number and id of a device's own chain; `None` before its first event.
pub fn chain_head(db: &Connection, device: DeviceId) -> Result<Option<(u64, EventId)>, StoreError> {
    let sql = "SELECT seq, event_id FROM sealed_event WHERE device = ?1 AND own = 1 ORDER BY seq DESC LIMIT 1";
    let head = db
        .query_row(sql, [device.0], |row| {
            Ok((row.get::<_, Count>(0)?.0, EventId(row.get(1)?)))
        })
        .optional()?;
    Ok(head)
}

/// The highest number of a device's own chain that the server has confirmed; 0 before the first.
pub(crate) fn confirmed_head(db: &Connection, device: DeviceId) -> Result<u64, StoreError> {
    let sql = "SELECT coalesce(max(seq), 0) FROM sealed_event
               WHERE device = ?1 AND own = 1 AND state IN ('durable', 'receipted')";
    Ok(db.query_row(sql, [device.0], |row| row.get::<_, Count>(0))?.0)
}

/// Keeps an envelope; false if it was already here. Our own are never here already, a peer's may be.
pub fn insert(tx: &Transaction<'_>, new: &NewEvent<'_>) -> Result<bool, StoreError> {
    let conflict = if new.own {
        ""
    } else {
        "ON CONFLICT (event_id) DO NOTHING"
    };
    let sql = format!(
        "INSERT INTO sealed_event (event_id, device, seq, prev, own, kind, envelope, state, recorded_ms, recorded_boot,
         recorded_mono, rescue)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, sealed('event', ?1, ?7), 'recorded', ?8, ?9, ?10, ?11) {conflict}"
    );
    let inserted = tx.execute(
        &sql,
        params![
            new.event_id.0,
            new.device.0,
            Count(new.seq),
            new.prev.0,
            new.own,
            Count(new.kind),
            new.envelope,
            new.wall_ms,
            new.mono.boot_id,
            Count(new.mono.ms),
            new.rescue,
        ],
    )?;
    for (item, parent) in new.moves {
        tx.execute(
            "INSERT INTO event_item (event_id, item_id, parent) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![new.event_id.0, item.0, parent.map(|head| head.0)],
        )?;
    }
    Ok(inserted == 1)
}

/// One envelope by its id.
pub fn find(db: &Connection, event_id: EventId) -> Result<Option<StoredEvent>, StoreError> {
    let mut found = select(db, "WHERE event_id = ?1", params![event_id.0])?;
    Ok(found.pop())
}

/// Every stored envelope in the order of recording, for checks and exports.
pub fn list(db: &Connection) -> Result<Vec<StoredEvent>, StoreError> {
    select(db, "ORDER BY row", params![])
}

/// The envelopes of one batch, in row order.
pub fn batch(db: &Connection, rows: &[i64]) -> Result<Vec<StoredEvent>, StoreError> {
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        found.extend(select(db, "WHERE row = ?1", params![row])?);
    }
    Ok(found)
}

/// What the plan needs to know: the unsent rows, or all of them when the server may have lost some.
pub fn held(db: &Connection, device: DeviceId, unsent_only: bool) -> Result<Vec<HeldEvent>, StoreError> {
    let filter = if unsent_only {
        "WHERE state IN ('recorded', 'sent')"
    } else {
        ""
    };
    let sql = format!(
        "SELECT row, iif(own = 1 AND device = ?1, seq, NULL), length(envelope) - {OVERHEAD}, state IN ('recorded', 'sent')
         FROM sealed_event {filter} ORDER BY row"
    );
    let mut statement = db.prepare(&sql)?;
    let rows = statement.query_map([device.0], |row| {
        let own_seq = row.get::<_, Option<Count>>(1)?.map(|seq| seq.0);
        let size_bytes = usize::try_from(row.get::<_, Count>(2)?.0).unwrap_or(usize::MAX);
        Ok(HeldEvent {
            row: row.get(0)?,
            own_seq,
            size_bytes,
            unsent: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Notes that these rows are about to leave; they stay in every later batch until confirmed.
pub fn mark_sent(tx: &Transaction<'_>, rows: &[i64]) -> Result<(), StoreError> {
    let sql = "UPDATE sealed_event SET state = iif(state = 'recorded', 'sent', state), attempts = attempts + 1 WHERE row = ?1";
    let mut statement = tx.prepare(sql)?;
    for row in rows {
        statement.execute([row])?;
    }
    Ok(())
}

/// The server confirmed this row.
pub fn mark_durable(tx: &Transaction<'_>, row: i64) -> Result<(), StoreError> {
    let sql = "UPDATE sealed_event SET state = 'durable', last_reason = NULL, rescue = NULL
               WHERE row = ?1 AND state IN ('recorded', 'sent')";
    tx.execute(sql, [row])?;
    Ok(())
}

/// The server could not take this row now; it stays unsent, with the reason for people to read.
pub fn mark_retry(tx: &Transaction<'_>, row: i64, reason: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE sealed_event SET last_reason = ?2 WHERE row = ?1",
        params![row, reason],
    )?;
    Ok(())
}

/// The server lost these rows: they are unsent again.
pub fn reopen(tx: &Transaction<'_>, rows: &[i64]) -> Result<(), StoreError> {
    let mut statement = tx.prepare("UPDATE sealed_event SET state = 'recorded', receipted_ms = NULL WHERE row = ?1")?;
    for row in rows {
        statement.execute([row])?;
    }
    Ok(())
}

/// How many envelopes the server has not confirmed, and when the oldest of them was recorded.
pub fn unsent(db: &Connection) -> Result<(u64, Option<(i64, Mono)>), StoreError> {
    let filter = "FROM sealed_event WHERE state IN ('recorded', 'sent')";
    let count = db
        .query_row(&format!("SELECT count(*) {filter}"), [], |row| row.get::<_, Count>(0))?
        .0;
    let oldest = db
        .query_row(
            &format!("SELECT recorded_ms, recorded_boot, recorded_mono {filter} ORDER BY row LIMIT 1"),
            [],
            |row| {
                Ok((
                    row.get(0)?,
                    Mono {
                        boot_id: row.get(1)?,
                        ms: row.get::<_, Count>(2)?.0,
                    },
                ))
            },
        )
        .optional()?;
    Ok((count, oldest))
}

/// The head `event_id` moved `item` from. The outer `None` means this phone does not know that event.
pub fn parent(db: &Connection, event_id: EventId, item: ItemId) -> Result<Option<Option<EventId>>, StoreError> {
    let sql = "SELECT parent FROM event_item WHERE event_id = ?1 AND item_id = ?2";
    let found = db
        .query_row(sql, params![event_id.0, item.0], |row| {
            row.get::<_, Option<[u8; 32]>>(0)
        })
        .optional()?;
    Ok(found.map(|parent| parent.map(EventId)))
}

/// Whether this phone has both events and had the first one before the second.
pub fn came_before(db: &Connection, first: EventId, second: EventId) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sealed_event AS first JOIN sealed_event AS second ON first.row < second.row
               WHERE first.event_id = ?1 AND second.event_id = ?2)";
    Ok(db.query_row(sql, params![first.0, second.0], |row| row.get(0))?)
}

/// Whether the server has not confirmed `event_id` yet.
pub fn is_unsent(db: &Connection, event_id: EventId) -> Result<bool, StoreError> {
    let sql = "SELECT count(*) > 0 FROM sealed_event WHERE event_id = ?1 AND state IN ('recorded', 'sent')";
    Ok(db.query_row(sql, [event_id.0], |row| row.get(0))?)
}

/// For each unsent envelope, in the order of recording, its copy for the recovery key. Needs no key.
pub fn rescues(db: &Connection) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
    let sql = "SELECT rescue FROM sealed_event WHERE state IN ('recorded', 'sent') ORDER BY row";
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Unsent envelopes without such a copy.
pub fn uncovered(db: &Connection) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
    let sql = "SELECT row, opened('event', event_id, envelope) FROM sealed_event
               WHERE state IN ('recorded', 'sent') AND rescue IS NULL";
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps the copy of one envelope.
pub fn save_rescue(tx: &Transaction<'_>, row: i64, rescue: &[u8]) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE sealed_event SET rescue = ?2 WHERE row = ?1",
        params![row, rescue],
    )?;
    Ok(())
}

/// Drops all copies: they are for a key that is no longer the server's.
pub fn forget_rescues(tx: &Transaction<'_>) -> Result<(), StoreError> {
    tx.execute("UPDATE sealed_event SET rescue = NULL WHERE rescue IS NOT NULL", [])?;
    Ok(())
}

fn select(db: &Connection, tail: &str, params: &[&dyn rusqlite::ToSql]) -> Result<Vec<StoredEvent>, StoreError> {
    let sql = format!("SELECT row, event_id, device, seq, prev, own, state, attempts, envelope FROM event {tail}");
    let mut statement = db.prepare(&sql)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let state: String = row.get(6)?;
        found.push(StoredEvent {
            row: row.get(0)?,
            event_id: EventId(row.get(1)?),
            device: DeviceId(row.get(2)?),
            seq: row.get::<_, Count>(3)?.0,
            prev: EventId(row.get(4)?),
            own: row.get(5)?,
            state: EventState::parse(&state)?,
            attempts: row.get(7)?,
            envelope: row.get(8)?,
        });
    }
    Ok(found)
}

/// The items an event moved.
pub fn items_of(db: &Connection, event_id: EventId) -> Result<Vec<ItemId>, StoreError> {
    let mut statement = db.prepare("SELECT item_id FROM event_item WHERE event_id = ?1")?;
    let rows = statement.query_map([event_id.0], |row| Ok(ItemId(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
