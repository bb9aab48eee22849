//! What can go wrong between us and a database, and nothing about HTTP.

use sea_orm::{DbErr, RuntimeErr};

/// A storage failure. Not found is never an error: look-ups return `Option`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or could not be reached.
    #[error("database")]
    Database(#[from] sea_orm::DbErr),
    /// A row breaks an invariant of the program that wrote it.
    #[error("row {id} of {table} is not readable: {why}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// Its key, in text.
        id: String,
        /// What is wrong with it.
        why: String,
    },
    /// A write transaction ended in a panic; it was rolled back.
    #[error("a write ended in a panic")]
    Panicked,
    /// The start-up checks refused this database.
    #[error("this database cannot be used: {0}")]
    Refused(String),
    /// Another process leads; this one must stop writing derived data.
    #[error("another process has taken the lead")]
    Fenced,
    /// A file beside the database could not be used.
    #[error("file {path}")]
    File {
        /// Which one.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl StoreError {
    /// A corrupt-row error from anything printable.
    pub fn corrupt(table: &'static str, id: impl std::fmt::Display, why: impl std::fmt::Display) -> Self {
        Self::Corrupt {
            table,
            id: id.to_string(),
            why: why.to_string(),
        }
    }

    /// Whether the database says that this very row exists already.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Database(error) if matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_))))
    }

    /// Whether asking again may help: the database is busy, full, overloaded or unreachable.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Database(DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) | Self::Fenced | Self::File { .. } => true,
            Self::Database(DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) => {
                is_temporary(error)
            }
            Self::Database(_) | Self::Panicked | Self::Corrupt { .. } | Self::Refused(_) => false,
        }
    }

    /// Whether the disk is full: nothing was stored, and nothing will be until somebody makes room.
    pub fn is_full(&self) -> bool {
        let Self::Database(DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) =
            self
        else {
            return false;
        };
        match error.as_ref() {
            sqlx::Error::Database(refusal) => {
                let code = refusal.code().unwrap_or_default();
                sqlite_primary(&code) == Some(SQLITE_FULL) || code == "53100"
            }
            _ => false,
        }
    }
}

/// SQLite's primary result codes that pass by themselves or when somebody makes room: busy, locked, I/O error, full.
const SQLITE_PASSING: [u32; 4] = [5, 6, 10, SQLITE_FULL];
const SQLITE_FULL: u32 = 13;
/// SQLSTATE classes that pass: connection, transaction rollback, insufficient resources, operator intervention.
const SQLSTATE_PASSING: [&str; 4] = ["08", "40", "53", "57"];

/// The primary part of a SQLite result code; nothing for a SQLSTATE, which has five characters.
fn sqlite_primary(code: &str) -> Option<u32> {
    if code.len() >= 5 {
        return None;
    }
    code.parse::<u32>().ok().map(|code| code & 0xff)
}

fn is_temporary(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(refusal) => {
            let code = refusal.code().unwrap_or_default();
            sqlite_primary(&code).is_some_and(|code| SQLITE_PASSING.contains(&code))
                || SQLSTATE_PASSING
                    .iter()
                    .any(|class| code.len() == 5 && code.starts_with(class))
        }
        _ => false,
    }
}
