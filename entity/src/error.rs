//! What can go wrong between us and a database, and nothing about HTTP.

use sea_orm::{DbErr, RuntimeErr};
use std::io::ErrorKind;

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
    /// Every run of label serials is used up.
    #[error("every run of label serials is used up; load new ones with serial_blocks.json")]
    NoSerials,
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
            Self::Database(_) | Self::Panicked | Self::Corrupt { .. } | Self::Refused(_) | Self::NoSerials => false,
        }
    }

    /// Whether there is no room to write: disk full, quota used up, file as large as it may become. Nothing was stored, and
    /// nothing will be until somebody makes room.
    pub fn is_full(&self) -> bool {
        match self {
            Self::Database(DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) => {
                match error.as_ref() {
                    sqlx::Error::Database(refusal) => is_full(&refusal.code().unwrap_or_default()),
                    _ => false,
                }
            }
            Self::File { source, .. } => matches!(
                source.kind(),
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge
            ),
            Self::Database(_)
            | Self::Panicked
            | Self::Corrupt { .. }
            | Self::Refused(_)
            | Self::NoSerials
            | Self::Fenced => false,
        }
    }
}

/// SQLite's primary result codes that pass by themselves or when somebody makes room: busy, locked, I/O error, full.
const SQLITE_PASSING: [u32; 4] = [5, 6, 10, SQLITE_FULL];
const SQLITE_FULL: u32 = 13;
/// SQLite's extended result codes of a write the system did not take: a data or log file (a quota and a limit on the size of
/// files come as this one), and the index of the log.
const SQLITE_NOT_WRITTEN: [&str; 2] = ["778", "4874"];
/// The SQLSTATE of PostgreSQL's full disk, `disk_full`.
const SQLSTATE_FULL: &str = "53100";
/// SQLSTATE classes that pass: connection, transaction rollback, insufficient resources, operator intervention.
const SQLSTATE_PASSING: [&str; 4] = ["08", "40", "53", "57"];

/// The primary part of a SQLite result code; nothing for a SQLSTATE, which has five characters.
fn sqlite_primary(code: &str) -> Option<u32> {
    if code.len() >= 5 {
        return None;
    }
    code.parse::<u32>().ok().map(|code| code & 0xff)
}

fn is_full(code: &str) -> bool {
    sqlite_primary(code) == Some(SQLITE_FULL) || SQLITE_NOT_WRITTEN.contains(&code) || code == SQLSTATE_FULL
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

#[cfg(test)]
mod tests {
    use super::StoreError;
    use sea_orm::{DbErr, RuntimeErr};
    use std::borrow::Cow;
    use std::sync::Arc;

    /// A database that refuses with this code.
    #[derive(Debug, thiserror::Error)]
    #[error("refused with {0}")]
    struct Refusal(&'static str);

    impl sqlx::error::DatabaseError for Refusal {
        fn message(&self) -> &'static str {
            "refused"
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            Some(self.0.into())
        }

        fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
            self
        }

        fn kind(&self) -> sqlx::error::ErrorKind {
            sqlx::error::ErrorKind::Other
        }
    }

    /// The error a statement, and the one a commit, comes back with.
    fn refused(code: &'static str) -> [StoreError; 2] {
        let error = || RuntimeErr::SqlxError(Arc::new(sqlx::Error::Database(Box::new(Refusal(code)))));
        [DbErr::Exec(error()), DbErr::Query(error())].map(StoreError::from)
    }

    #[test]
    fn a_full_disk_is_told_from_whatever_else_passes_and_from_what_does_not() {
        // (code, is there no room, does waiting help)
        for (code, full, temporary) in [
            // SQLite: full, a write not taken, the log's index not grown, a failed sync, busy, out of memory, damaged
            ("13", true, true),
            ("778", true, true),
            ("4874", true, true),
            ("1034", false, true),
            ("5", false, true),
            ("7", false, false),
            ("11", false, false),
            // PostgreSQL: disk full, out of memory, too many connections, starting up, told to stop, a deadlock, a unique key
            ("53100", true, true),
            ("53200", false, true),
            ("53300", false, true),
            ("57P03", false, true),
            ("57P01", false, true),
            ("40P01", false, true),
            ("23505", false, false),
        ] {
            for error in refused(code) {
                assert_eq!((error.is_full(), error.is_temporary()), (full, temporary), "{error:?}");
            }
        }
    }

    #[test]
    fn a_file_beside_the_database_can_be_without_room_as_well() {
        let failed = |kind: std::io::ErrorKind| StoreError::File {
            path: "server.keys".to_owned(),
            source: kind.into(),
        };
        assert!(failed(std::io::ErrorKind::StorageFull).is_full());
        assert!(failed(std::io::ErrorKind::QuotaExceeded).is_full());
        assert!(!failed(std::io::ErrorKind::PermissionDenied).is_full());
    }
}
