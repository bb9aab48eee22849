//! Every limit of the storage layer, with the reason for its value.

use std::time::Duration;

/// Limits and timeouts of the storage layer.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long a request may wait for a connection before it is told to come back. Long enough for one slow write
    /// ahead of it, short enough that a phone on a bad line does not give up first.
    pub acquire_timeout: Duration,
    /// How long SQLite waits for a lock held by another process (a backup, `sqlite3` in a terminal).
    pub busy_timeout: Duration,
    /// Longest statement PostgreSQL may run; nothing we ask needs more.
    pub statement_timeout: Duration,
    /// Connections for reading.
    pub read_connections: u32,
    /// Connections for writing; SQLite always has one.
    pub write_connections: u32,
    /// Facts numbered or folded in one transaction.
    pub batch: u64,
    /// How long a look at how far the log is folded may serve kept answers. Four looks of a quarter of a second: one that
    /// fails is no reason to render every page anew, and nobody reads a page that is staler than this.
    pub tide_fresh: Duration,
    /// A folding transaction ends early after this, so that a deposit never waits long behind it on SQLite.
    pub batch_time: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            acquire_timeout: Duration::from_secs(20),
            busy_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
            read_connections: 6,
            write_connections: 8,
            tide_fresh: Duration::from_secs(1),
            batch: 200,
            batch_time: Duration::from_millis(120),
        }
    }
}
