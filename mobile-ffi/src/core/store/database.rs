//! Opens the file and lends out read and write access.

use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread::ThreadId;
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::count::Count;
use super::place::{self, Claim};
use super::vault::{self, StoreKey};

/// Every version of the schema in order; a file's `user_version` is the number of steps it has taken.
const STEPS: [&str; 4] = [
    include_str!("schema.sql"),
    include_str!("sealed.sql"),
    include_str!("till.sql"),
    include_str!("heads.sql"),
];

/// The version from which on rows are sealed.
const SEALED: usize = 2;

/// Envelopes as they were signed, for whoever reads them. It lives in the connection: the file has no plain value to show.
const VIEW: &str = "CREATE TEMP VIEW event AS SELECT row, event_id, device, seq, prev, own, kind, state, attempts,
    last_reason, recorded_ms, recorded_boot, recorded_mono, receipted_ms,
    opened('event', event_id, envelope) AS envelope FROM sealed_event";

/// How long to wait for another process that writes the same file, or for an act of another thread.
const BUSY: Duration = Duration::from_secs(5);

/// The local database failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite refused: disk full, file damaged, locked by another process.
    #[error("the local database refused")]
    Database(#[from] rusqlite::Error),
    /// A row does not read back as what was written.
    #[error("the local database holds a damaged {what}")]
    Corrupt {
        /// Which kind of row.
        what: &'static str,
    },
    /// The file was written by a newer app.
    #[error("the local database is version {found}, this app knows up to {known}")]
    Newer {
        /// Version in the file.
        found: usize,
        /// Newest version this build knows.
        known: usize,
    },
    /// The host lends another key than the one the store was made with. Nothing was changed; the right key opens it.
    #[error("the key does not open the local database")]
    WrongKey,
    /// Another act holds the store and does not end, or the host called back into the core in the middle of an act.
    #[error("the local database is in use by an act that has not ended")]
    Busy,
    /// In a browser only: another object of this page has the store open. Nothing was changed; let go of that one first.
    #[error("the local database is open already in this page")]
    OpenAlready,
    /// The connection does not give the durability the core promises.
    #[error("the local database does not honour `{pragma}`")]
    NotDurable {
        /// The setting that did not hold.
        pragma: &'static str,
    },
}

/// The local database: a single connection, lent to one caller at a time.
///
/// A host is asked for signatures while the connection is lent. One that calls back into the core from there, or never
/// answers, gets and causes an error instead of a standstill: whoever waits is told after [`BUSY`].
#[derive(Debug)]
pub struct Store {
    slot: Mutex<Slot>,
    back: Condvar,
    // Last, so that the connection is closed when the next one may open.
    _claim: Claim,
}

#[derive(Debug)]
struct Slot {
    connection: Option<Connection>,
    held_by: Option<ThreadId>,
}

/// The connection on loan; it comes back when this goes, also after a panic.
struct Lent<'a> {
    store: &'a Store,
    connection: Option<Connection>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut slot = self.store.slot.lock().unwrap_or_else(PoisonError::into_inner);
        slot.connection = self.connection.take();
        slot.held_by = None;
        self.store.back.notify_one();
    }
}

impl Deref for Lent<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection.as_ref().expect("held until it is dropped")
    }
}

impl DerefMut for Lent<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("held until it is dropped")
    }
}

impl Store {
    /// Opens or creates the file, checks key and durability, and brings the schema up to date: a store from before
    /// rows were sealed is sealed in one transaction, then its free pages are emptied.
    ///
    /// # Errors
    /// [`StoreError`] if the file cannot be opened, is newer than this build, cannot be made durable, or
    /// [`StoreError::WrongKey`]; the file is as it was.
    pub fn open(path: &Path, key: &StoreKey) -> Result<Self, StoreError> {
        let claim = Claim::of(path)?;
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(BUSY)?;
        place::settle(&connection)?;
        vault::lend(&connection, key)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "fullfsync", true)?;
        connection.pragma_update(None, "secure_delete", true)?;
        // What is opened for a query is never spilled to a file.
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        check_durable(&connection)?;
        upgrade(&mut connection)?;
        scrub(&connection)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.execute_batch(VIEW)?;
        Ok(Self {
            slot: Mutex::new(Slot {
                connection: Some(connection),
                held_by: None,
            }),
            back: Condvar::new(),
            _claim: claim,
        })
    }

    /// Runs `look` on the connection.
    ///
    /// # Errors
    /// Whatever `look` returns, or [`StoreError::Busy`].
    pub fn read<T, E: From<StoreError>>(&self, look: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        let connection = self.lend()?;
        look(&connection)
    }

    /// Runs `act` in one `BEGIN IMMEDIATE` transaction and commits it. An error, or a panic, leaves no trace.
    ///
    /// # Errors
    /// Whatever `act` returns, [`StoreError::Busy`], or the commit's failure.
    pub fn write<T, E: From<StoreError>>(&self, act: impl FnOnce(&Transaction<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut connection = self.lend()?;
        let tx = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::from)?;
        let done = act(&tx)?;
        tx.commit().map_err(StoreError::from)?;
        Ok(done)
    }

    // A panic below a transaction has already rolled it back, so a poisoned lock guards nothing broken.
    fn lend(&self) -> Result<Lent<'_>, StoreError> {
        let me = std::thread::current().id();
        let slot = self.slot.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.held_by == Some(me) {
            return Err(StoreError::Busy);
        }
        // Waiting reads a clock, which a browser's only thread has none of and never needs.
        let mut slot = if slot.connection.is_some() {
            slot
        } else {
            let waits = |slot: &mut Slot| slot.connection.is_none();
            let waited = self.back.wait_timeout_while(slot, BUSY, waits);
            waited.unwrap_or_else(PoisonError::into_inner).0
        };
        if slot.connection.is_none() {
            return Err(StoreError::Busy);
        }
        slot.held_by = Some(me);
        Ok(Lent {
            store: self,
            connection: slot.connection.take(),
        })
    }
}

/// How many envelopes of a store the server has not confirmed. Needs no key, changes nothing.
pub(crate) fn unsent_without_key(path: &Path) -> Result<u64, StoreError> {
    let connection = place::look(path)?;
    connection.busy_timeout(BUSY)?;
    let sql = "SELECT count(*) FROM sealed_event WHERE state IN ('recorded', 'sent')";
    Ok(connection.query_row(sql, [], |row| row.get::<_, Count>(0))?.0)
}

fn check_durable(connection: &Connection) -> Result<(), StoreError> {
    let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    let synchronous: i64 = connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
    if !mode.eq_ignore_ascii_case("wal") {
        return Err(StoreError::NotDurable {
            pragma: "journal_mode=WAL",
        });
    }
    if synchronous != 2 {
        return Err(StoreError::NotDurable {
            pragma: "synchronous=FULL",
        });
    }
    Ok(())
}

fn upgrade(connection: &mut Connection) -> Result<(), StoreError> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let found = usize::try_from(version).map_err(|_| StoreError::Corrupt { what: "version" })?;
    let missing = STEPS.get(found..).ok_or(StoreError::Newer {
        found,
        known: STEPS.len(),
    })?;
    if found >= SEALED {
        vault::check(&tx)?;
    }
    for step in missing {
        tx.execute_batch(step)?;
    }
    if found < SEALED {
        vault::mark(&tx)?;
    }
    tx.pragma_update(None, "user_version", i64::try_from(STEPS.len()).expect("few steps"))?;
    tx.commit()?;
    Ok(())
}

/// Once after the upgrade: writes the file anew, so that neither a free page nor the log holds what was plain. A disk too
/// full for that costs nothing but another try at the next start.
fn scrub(connection: &Connection) -> Result<(), StoreError> {
    let scrubbed: bool = connection.query_row("SELECT scrubbed FROM vault", [], |row| row.get(0))?;
    if scrubbed {
        return Ok(());
    }
    let emptied = connection.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);");
    if emptied.is_ok() {
        connection.execute("UPDATE vault SET scrubbed = 1", [])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{Store, StoreError};

    const KEY: [u8; 32] = [3; 32];

    fn count(store: &Store) -> i64 {
        store
            .read(|db| {
                db.query_row("SELECT count(*) FROM sealed_assignment", [], |row| row.get(0))
                    .map_err(StoreError::from)
            })
            .expect("counts")
    }

    const INSERT: &str = "INSERT INTO sealed_assignment VALUES (1, 'a', zeroblob(16), 'pickup', x'00', NULL)";

    #[test]
    fn a_failed_act_leaves_no_trace() {
        let folder = tempfile::tempdir().expect("folder");
        let store = Store::open(&folder.path().join("phone.db"), &KEY).expect("opens");
        let failed: Result<(), StoreError> = store.write(|tx| {
            tx.execute(INSERT, [])?;
            Err(StoreError::Corrupt { what: "test" })
        });
        assert!(failed.is_err());
        assert_eq!(count(&store), 0);
    }

    #[test]
    fn a_panic_inside_an_act_leaves_no_trace_and_the_store_usable() {
        let folder = tempfile::tempdir().expect("folder");
        let store = Store::open(&folder.path().join("phone.db"), &KEY).expect("opens");
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            store.write(|tx| -> Result<(), StoreError> {
                tx.execute(INSERT, [])?;
                panic!("the host threw")
            })
        }));
        assert!(panicked.is_err());
        assert_eq!(count(&store), 0);
        store
            .write(|tx| tx.execute(INSERT, []).map_err(StoreError::from))
            .expect("still writes");
        assert_eq!(count(&store), 1);
    }

    #[test]
    fn refuses_a_file_from_a_newer_app_without_touching_it() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("phone.db");
        drop(Store::open(&path, &KEY).expect("opens"));
        let raw = Connection::open(&path).expect("opens raw");
        raw.pragma_update(None, "user_version", 99).expect("sets version");
        assert!(matches!(
            Store::open(&path, &KEY),
            Err(StoreError::Newer { found: 99, known: 4 })
        ));
    }

    #[test]
    fn events_can_be_neither_deleted_nor_rewritten() {
        let folder = tempfile::tempdir().expect("folder");
        let store = Store::open(&folder.path().join("phone.db"), &KEY).expect("opens");
        store
            .write(|tx| {
                tx.execute(
                    "INSERT INTO sealed_event (event_id, device, seq, prev, own, kind, envelope, state, recorded_ms,
                     recorded_boot, recorded_mono)
                     VALUES (zeroblob(32), zeroblob(16), 1, zeroblob(32), 1, 12, x'00', 'recorded', 0,
                     zeroblob(16), 0)",
                    [],
                )
                .map_err(StoreError::from)
            })
            .expect("inserts");
        for forbidden in [
            "DELETE FROM sealed_event",
            "UPDATE sealed_event SET envelope = x'01'",
            "UPDATE sealed_event SET seq = 2",
        ] {
            let refused = store.write(|tx| tx.execute(forbidden, []).map_err(StoreError::from));
            assert!(refused.is_err(), "{forbidden}");
        }
    }

    #[test]
    fn bundles_a_sqlite_without_the_wal_reset_fault() {
        assert!(rusqlite::version_number() >= 3_051_003, "{}", rusqlite::version());
    }
}
