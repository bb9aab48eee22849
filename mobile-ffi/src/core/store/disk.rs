//! Where stores lie on a phone or a desk: files in a folder, which several connections and processes may open.
//!
//! [`browser`](super) is the other one; both offer the same four things, so that nobody else asks where they run.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::StoreError;

/// The right to have a store open. Files need none: SQLite's locks keep connections apart.
#[derive(Debug)]
pub(crate) struct Claim;

impl Claim {
    #[expect(clippy::unnecessary_wraps, reason = "in a browser a store can be taken")]
    pub(super) fn of(_path: &Path) -> Result<Self, StoreError> {
        Ok(Self)
    }
}

/// What a connection needs before its journal is chosen: nothing here.
#[expect(clippy::unnecessary_wraps, reason = "in a browser these are settings that can fail")]
pub(super) fn settle(_connection: &Connection) -> Result<(), StoreError> {
    Ok(())
}

/// A connection that looks into a store that may be open elsewhere, and creates none.
pub(crate) fn look(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(path, flags)?)
}

/// Every file in a folder.
pub(crate) fn files_in(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let unreadable = |_| StoreError::Corrupt { what: "folder" };
    std::fs::read_dir(folder)
        .map_err(unreadable)?
        .map(|entry| Ok(entry.map_err(unreadable)?.path()))
        .collect()
}
