//! Where apalis keeps its tickets, and the workers that take them.
//!
//! A ticket is the id of an outbox row and nothing else. This store may be lost at any time: the relay hands over again
//! whatever is still due. It is a database of its own (a file beside SQLite, a schema inside PostgreSQL), because apalis'
//! `setup()` would switch off the durability of any pool it is given; we only ever run its migrations.

mod bell;
mod work;

pub(crate) use bell::Bell;
pub(crate) use work::{Hand, work};

use crate::config::WorkerConfig;
use crate::kind::Kind;
use apalis::prelude::TaskBuilder;
use apalis_postgres::PostgresStorage;
use apalis_sqlite::SqliteStorage;
use serde::{Deserialize, Serialize};
use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use std::str::FromStr;
use std::time::Duration;
use uuid::Uuid;

/// Connections to the tickets: one for each worker, one for the relay, and some to spare.
const CONNECTIONS: u32 = 8;
/// How long a worker waits for one of them.
const ACQUIRE: Duration = Duration::from_secs(10);

/// What apalis carries: which row to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ticket {
    pub(crate) outbox: Uuid,
}

/// The store of tickets. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) enum Tickets {
    /// A file of its own.
    Sqlite(SqlitePool),
    /// The schema `apalis` of a database.
    Postgres(PgPool),
}

/// The store of tickets did not do what it should.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TicketError {
    /// It could not be reached, or refused.
    #[error("the store of tickets")]
    Database(#[from] sqlx::Error),
    /// Its tables could not be made.
    #[error("the tables for tickets")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A ticket could not be written down.
    #[error("a ticket")]
    Encode(#[from] serde_json::Error),
    /// It could not be handed over.
    #[error("handing over: {0}")]
    Push(String),
}

impl Tickets {
    /// Opens the store and makes its tables.
    pub(crate) async fn open(config: &WorkerConfig) -> Result<Self, TicketError> {
        let is_postgres = config.jobs_url.starts_with("postgres");
        if is_postgres {
            Self::postgres(config).await
        } else {
            Self::sqlite(config).await
        }
    }

    async fn sqlite(config: &WorkerConfig) -> Result<Self, TicketError> {
        let options = SqliteConnectOptions::from_str(&config.jobs_url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // A power cut may take the last tickets with it; the relay writes them again.
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(config.jobs_busy_timeout);
        let pool = SqlitePoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(ACQUIRE)
            // A full disk leaves a transaction that only sqlx believes in; see docs/adr/0004.
            .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
            .connect_with(options)
            .await?;
        SqliteStorage::migrations().run(&pool).await?;
        Ok(Self::Sqlite(pool))
    }

    async fn postgres(config: &WorkerConfig) -> Result<Self, TicketError> {
        // The library's list of its own migrations lands in the first schema of the path; in `public` it would lie among tables
        // that belong to another role.
        let options: PgConnectOptions = config.jobs_url.parse()?;
        let options = options.options([("search_path", "apalis,public")]);
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(ACQUIRE)
            // A worker that is stopped may leave a session inside a transaction; see docs/adr/0002.
            .before_acquire(|connection, _| {
                Box::pin(async move {
                    sqlx::Executor::execute(connection, "ROLLBACK").await?;
                    Ok(true)
                })
            })
            .connect_with(options)
            .await?;
        make_schema(&pool).await?;
        PostgresStorage::migrations().run(&pool).await?;
        Ok(Self::Postgres(pool))
    }

    /// Hands ids over to a queue.
    pub(crate) async fn push(&self, kind: Kind, ids: &[Uuid]) -> Result<(), TicketError> {
        let mut tasks = Vec::with_capacity(ids.len());
        for outbox in ids.iter().copied() {
            // One attempt: what to do about a failure is decided in the outbox row.
            tasks.push(
                TaskBuilder::new(serde_json::to_vec(&Ticket { outbox })?)
                    .max_attempts(1)
                    .build(),
            );
        }
        match self {
            Self::Sqlite(pool) => {
                let mut connection = pool.acquire().await?;
                apalis_sqlite::queries::push_tasks(&mut *connection, kind.as_str(), &tasks)
                    .await
                    .map_err(|error| TicketError::Push(error.to_string()))
            }
            Self::Postgres(pool) => {
                let mut connection = pool.acquire().await?;
                apalis_postgres::queries::push_tasks(&mut *connection, kind.as_str(), tasks)
                    .await
                    .map_err(|error| TicketError::Push(error.to_string()))
            }
        }
    }

    /// Removes tickets older than `age`, and workers that have been silent as long and hold no ticket any more.
    pub(crate) async fn purge(&self, age: Duration) -> Result<u64, TicketError> {
        let seconds = i64::try_from(age.as_secs()).unwrap_or(i64::MAX);
        let mut gone = 0;
        match self {
            Self::Sqlite(pool) => {
                for sql in [
                    "DELETE FROM Jobs WHERE run_at < unixepoch() - ?1",
                    "DELETE FROM Workers WHERE CAST(last_seen AS INTEGER) < unixepoch() - ?1 \
                     AND id NOT IN (SELECT lock_by FROM Jobs WHERE lock_by IS NOT NULL)",
                ] {
                    gone += sqlx::query(sql).bind(seconds).execute(pool).await?.rows_affected();
                }
            }
            Self::Postgres(pool) => {
                for sql in [
                    "DELETE FROM apalis.jobs WHERE run_at < now() - make_interval(secs => $1)",
                    "DELETE FROM apalis.workers WHERE last_seen < now() - make_interval(secs => $1) \
                     AND NOT EXISTS (SELECT 1 FROM apalis.jobs WHERE lock_by = workers.id)",
                ] {
                    #[expect(clippy::cast_precision_loss, reason = "ages are days, far below 2^52 seconds")]
                    let seconds = seconds as f64;
                    gone += sqlx::query(sql).bind(seconds).execute(pool).await?.rows_affected();
                }
            }
        }
        Ok(gone)
    }

    /// Closes the connections.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Makes the schema of the tickets. Of several workers that start at once one makes it and the others find it made.
async fn make_schema(pool: &PgPool) -> Result<(), sqlx::Error> {
    let made = sqlx::query("CREATE SCHEMA IF NOT EXISTS apalis").execute(pool).await;
    match made {
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Ok(()),
        other => other.map(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::Tickets;
    use crate::config::WorkerConfig;

    #[tokio::test]
    async fn the_tickets_of_sqlite_are_written_ahead_and_synced_now_and_then() {
        let folder = tempfile::tempdir().expect("a folder");
        let config = WorkerConfig::new(format!("sqlite:{}", folder.path().join("jobs.db").display()));
        let Tickets::Sqlite(pool) = Tickets::open(&config).await.expect("opened") else {
            panic!("a file is SQLite")
        };
        let mode: String = sqlx::query_scalar("PRAGMA journal_mode")
            .fetch_one(&pool)
            .await
            .expect("answered");
        // 1 is NORMAL; `SqliteStorage::setup` would leave 0, OFF.
        let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous")
            .fetch_one(&pool)
            .await
            .expect("answered");
        assert_eq!((mode.as_str(), synchronous), ("wal", 1));
    }
}
