//! The handle to the database: how it is opened, checked, written to and closed.
//!
//! Writes go through [`Store::write`] only: the transaction runs in a task of its own, so a client that hangs up, or a
//! time-out above us, cannot cancel it half-way (`docs/adr/0002`). Reads use [`Store::read`].

mod apart;
mod check;
mod look;
mod open;
mod settings;
mod tide;
mod write;

pub(crate) use apart::{blank, snapshot};
pub use look::Look;
pub use open::{Durability, Fence, OpenOptions};
pub use settings::Settings;
pub use tide::Tide;
pub use write::WriteFuture;

use crate::clock::Clock;
use sea_orm::{DatabaseConnection, DbBackend};
use std::sync::Arc;
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;

/// An open database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    write: DatabaseConnection,
    read: DatabaseConnection,
    see: DatabaseConnection,
    url: String,
    settings: Settings,
    clock: Arc<dyn Clock>,
    writes: TaskTracker,
    deposited: Notify,
    jobs: Notify,
    tide: tide::Seen,
    /// Held for as long as the store is open: two processes on one SQLite file would be two writers.
    _lock: Option<std::fs::File>,
}

impl Store {
    /// The connection for reading of jobs and the command line, which see everything. On SQLite it refuses to write.
    pub fn read(&self) -> &DatabaseConnection {
        &self.inner.read
    }

    /// The connection for reading what belongs to nobody: places, offices, calendars, sessions, the log's own counts. On PostgreSQL it
    /// shows no row that is somebody's ([`crate::fence`]).
    pub fn open(&self) -> &DatabaseConnection {
        &self.inner.see
    }

    /// Which kind of database this is.
    pub fn backend(&self) -> DbBackend {
        self.inner.write.get_database_backend()
    }

    /// The clock every row is stamped with.
    pub fn clock(&self) -> &dyn Clock {
        self.inner.clock.as_ref()
    }

    /// Milliseconds UTC by this store's clock.
    pub fn now_ms(&self) -> i64 {
        self.inner.clock.now_ms()
    }

    /// The limits this store was opened with.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// Where this store is, for a leader that needs a connection of its own.
    pub(crate) fn url(&self) -> &str {
        &self.inner.url
    }

    /// Woken whenever this process has put something into the inbox.
    pub fn deposited(&self) -> &Notify {
        &self.inner.deposited
    }

    /// Woken whenever this process may have put something into the outbox.
    pub fn jobs(&self) -> &Notify {
        &self.inner.jobs
    }

    /// Waits until every write that was begun has ended, then closes the connections.
    pub async fn close(&self) {
        self.inner.writes.close();
        self.inner.writes.wait().await;
        let _ = self.inner.write.clone().close().await;
        let _ = self.inner.see.clone().close().await;
        let _ = self.inner.read.clone().close().await;
    }
}
