//! Connections of their own beside a store's pools: a still picture to read from, and an empty database to fill.

use super::check;
use super::open::{lock, refused};
use crate::StoreError;
use sea_orm::{
    AccessMode, DatabaseConnection, DatabaseTransaction, IsolationLevel, SqlxPostgresConnector, SqlxSqliteConnector,
    TransactionTrait,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::str::FromStr;

/// The store as it is now, for as long as the transaction lasts, while others write. On SQLite it takes no lock of ours: one
/// process writes, but any may read a write-ahead log. The log grows meanwhile and shrinks afterwards.
///
/// # Errors
/// [`StoreError::Refused`] when there is no such database.
pub(crate) async fn snapshot(url: &str) -> Result<(DatabaseConnection, DatabaseTransaction), StoreError> {
    let is_postgres = url.starts_with("postgres");
    let db = if is_postgres {
        postgres(url).await?
    } else {
        let options = SqliteConnectOptions::from_str(url)
            .map_err(refused)?
            .create_if_missing(false)
            .pragma("query_only", "ON");
        sqlite(options).await?
    };
    let (isolation, access) = if is_postgres {
        (Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly))
    } else {
        (None, None)
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "it only reads, on a connection nobody else is lent"
    )]
    let tx = db.begin_with_config(isolation, access).await?;
    Ok((db, tx))
}

/// A database in which nothing is yet, with a transaction to fill it in, and the process lock of a SQLite file.
///
/// # Errors
/// When it cannot be made, or another process has it open.
pub(crate) async fn blank(
    url: &str,
) -> Result<(DatabaseConnection, DatabaseTransaction, Option<std::fs::File>), StoreError> {
    let (db, lock) = if url.starts_with("postgres") {
        (postgres(url).await?, None)
    } else {
        let options = SqliteConnectOptions::from_str(url)
            .map_err(refused)?
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let lock = lock(options.get_filename())?;
        (sqlite(options).await?, Some(lock))
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "whoever restores waits for the end of it, and nobody else is lent the connection"
    )]
    let tx = db.begin().await?;
    Ok((db, tx, lock))
}

async fn sqlite(options: SqliteConnectOptions) -> Result<DatabaseConnection, StoreError> {
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .after_connect(|connection, _| Box::pin(check::sqlite_version(connection)))
        .connect_with(options)
        .await
        .map_err(refused)?;
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}

/// One connection whose statements may take as long as they need: a whole table is read in one.
async fn postgres(url: &str) -> Result<DatabaseConnection, StoreError> {
    let options = PgConnectOptions::from_str(url).map_err(refused)?.options([
        ("statement_timeout", "0"),
        ("idle_in_transaction_session_timeout", "0"),
        ("timezone", "UTC"),
        // A backup that left out what somebody may not see would be none.
        ("app.eyes", "everything"),
    ]);
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await
        .map_err(refused)?;
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}
