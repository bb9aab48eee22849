//! Opens the file and lends out read and write access.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

/// Every version of the schema in order; a file's `user_version` is the number of steps it has taken.
const STEPS: [&str; 1] = [include_str!("schema.sql")];

/// How long to wait for another process that writes the same file.
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
    /// The connection does not give the durability the core promises.
    #[error("the local database does not honour `{pragma}`")]
    NotDurable {
        /// The setting that did not hold.
        pragma: &'static str,
    },
}

/// The local database: a single connection behind a mutex.
#[derive(Debug)]
pub struct Store {
    connection: Mutex<Connection>,
}

impl Store {
    /// Opens or creates the file, checks that commits reach the disk, and brings the schema up to date.
    ///
    /// # Errors
    /// [`StoreError`] if the file cannot be opened, is newer than this build, or cannot be made durable.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "fullfsync", true)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        check_durable(&connection)?;
        upgrade(&mut connection)?;
        Ok(Self {
            connection: Mutex::new(connection),
        })
    }

    /// Runs `look` on the connection.
    ///
    /// # Errors
    /// Whatever `look` returns.
    pub fn read<T, E>(&self, look: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        look(&self.lock())
    }

    /// Runs `act` in one `BEGIN IMMEDIATE` transaction and commits it. An error, or a panic, leaves no trace.
    ///
    /// # Errors
    /// Whatever `act` returns, or the commit's failure.
    pub fn write<T, E: From<StoreError>>(&self, act: impl FnOnce(&Transaction<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut connection = self.lock();
        let tx = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::from)?;
        let done = act(&tx)?;
        tx.commit().map_err(StoreError::from)?;
        Ok(done)
    }

    // A panic below a transaction has already rolled it back, so a poisoned lock guards nothing broken.
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
    for step in missing {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "user_version", i64::try_from(STEPS.len()).expect("few steps"))?;
    tx.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{Store, StoreError};

    fn count(store: &Store) -> i64 {
        store
            .read(|db| {
                db.query_row("SELECT count(*) FROM assignment", [], |row| row.get(0))
                    .map_err(StoreError::from)
            })
            .expect("counts")
    }

    const INSERT: &str = "INSERT INTO assignment VALUES ('a', 'RR000000005VN', 'pickup', '{}', NULL)";

    #[test]
    fn a_failed_act_leaves_no_trace() {
        let folder = tempfile::tempdir().expect("folder");
        let store = Store::open(&folder.path().join("phone.db")).expect("opens");
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
        let store = Store::open(&folder.path().join("phone.db")).expect("opens");
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
        drop(Store::open(&path).expect("opens"));
        let raw = Connection::open(&path).expect("opens raw");
        raw.pragma_update(None, "user_version", 99).expect("sets version");
        assert!(matches!(
            Store::open(&path),
            Err(StoreError::Newer { found: 99, known: 1 })
        ));
    }

    #[test]
    fn events_can_be_neither_deleted_nor_rewritten() {
        let folder = tempfile::tempdir().expect("folder");
        let store = Store::open(&folder.path().join("phone.db")).expect("opens");
        store
            .write(|tx| {
                tx.execute(
                    "INSERT INTO event (event_id, device, seq, prev, own, kind, envelope, state, recorded_ms,
                     recorded_boot, recorded_mono)
                     VALUES (zeroblob(32), zeroblob(16), 1, zeroblob(32), 1, 12, x'00', 'recorded', 0,
                     zeroblob(16), 0)",
                    [],
                )
                .map_err(StoreError::from)
            })
            .expect("inserts");
        for forbidden in [
            "DELETE FROM event",
            "UPDATE event SET envelope = x'01'",
            "UPDATE event SET seq = 2",
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
