//! What can go wrong between us and a database, and nothing about HTTP.

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
        Self::Corrupt { table, id: id.to_string(), why: why.to_string() }
    }

    /// Whether the database says that this very row exists already.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Database(error) if matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_))))
    }

    /// Whether asking again may help: the database is busy, full up or unreachable.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Database(error) => !matches!(
                error,
                sea_orm::DbErr::Type(_) | sea_orm::DbErr::Json(_) | sea_orm::DbErr::Query(_) | sea_orm::DbErr::RecordNotFound(_)
            ),
            Self::Panicked | Self::Corrupt { .. } | Self::Refused(_) => false,
            Self::Fenced | Self::File { .. } => true,
        }
    }
}
