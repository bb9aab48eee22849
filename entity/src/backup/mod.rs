//! One file that holds an installation: every row of every table as of one moment, and how to know that it is whole.
//!
//! The file is a tar archive packed with zstd. It opens with a member that says what it is, then come the rows of each table in
//! members of a few megabytes (a CBOR array for each row), the server's keys when they were asked for, the [`Manifest`], and
//! the manifest's own SHA-256. It belongs to no database: a backup of SQLite fills PostgreSQL and the other way about.
//!
//! Making one ([`dump`]) reads beside whoever writes: on SQLite a second process may read a write-ahead log at any time, and
//! sees the store as of its first look; on PostgreSQL it is a repeatable read. Nobody waits and nothing is stopped. Using one
//! ([`load`]) reads the whole file and checks it before anything is made, then fills an empty database in one transaction.
//!
//! What this does not do: the tickets of apalis are not kept, since the outbox row is the job (`docs/adr/0003`).

mod archive;
mod dump;
mod load;
mod manifest;
mod row;
mod schema;

pub use archive::inspect;
pub use dump::{Made, dump};
pub use load::{Loaded, Target, load};
pub use manifest::{Counts, Manifest};

use crate::StoreError;

/// Why a backup was not made, or not used.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// It is not what it should be, or there is something where it should go. Nothing was changed.
    #[error("{0}")]
    Refused(String),
    /// A file could not be read or written.
    #[error("file {path}")]
    File {
        /// Which one.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The database failed.
    #[error("store")]
    Store(#[from] StoreError),
}

impl From<sea_orm::DbErr> for BackupError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl BackupError {
    fn refused(why: impl std::fmt::Display) -> Self {
        Self::Refused(why.to_string())
    }

    fn file(path: &std::path::Path) -> impl Fn(std::io::Error) -> Self + use<> {
        let path = path.display().to_string();
        move |source| Self::File {
            path: path.clone(),
            source,
        }
    }
}
