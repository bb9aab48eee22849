//! Where stores lie in a browser: a pool of files in the origin's private file system, each held open by one worker.
//!
//! The files' handles are exclusive, so nobody but this worker can write, and `flush` of a handle is what SQLite's sync
//! ends in. That decides three settings (adr 0018):
//!
//! - **A write-ahead log without shared memory**, which SQLite offers to exclusive connections. A rollback journal would
//!   be no choice: this pool tells SQLite that somebody holds the lock, so SQLite takes no journal for one to roll back,
//!   and a commit cut in the middle would stay half done.
//! - **No checkpoint on close**: the last connection would delete the log, and the pool gives names back without a flush. After
//!   a power cut two files could carry the log's name.
//! - **One connection that writes to a store**, since nothing keeps two of them apart. [`Claim`] says so to whoever comes second.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use sqlite_wasm_rs::WasmOsCallback;
use sqlite_wasm_vfs::sahpool::{OpfsSAHError, OpfsSAHPoolCfgBuilder, OpfsSAHPoolUtil, install};

use super::StoreError;

/// Files the pool keeps: a store and its log for each of twenty people who share a browser, and room for the journal of one
/// that is being created. Files must exist before they are needed, since making one cannot be waited for in the
/// middle of an act. An empty one takes one block.
const POOL_FILES: u32 = 2 * 20 + 2;

thread_local! {
    static POOL: RefCell<Option<OpfsSAHPoolUtil>> = const { RefCell::new(None) };
    static CLAIMED: RefCell<BTreeSet<PathBuf>> = const { RefCell::new(BTreeSet::new()) };
}

/// Why there is no storage.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PoolError {
    /// The files are held by another tab. Nothing was changed.
    #[error("the local database is open in another tab")]
    OtherTab,
    /// The browser gives no such files: it is too old, in private mode, or this is not a dedicated worker.
    #[error("this browser gives no lasting files: {why}")]
    None {
        /// Why, in the browser's words.
        why: String,
    },
}

/// Takes the files of `folder` and makes them SQLite's file system. Once in the life of a worker, before any store is opened.
///
/// # Errors
/// [`PoolError`].
pub async fn take_pool(folder: &str) -> Result<(), PoolError> {
    let wanted = OpfsSAHPoolCfgBuilder::new()
        .directory(folder)
        .initial_capacity(POOL_FILES)
        .build();
    let pool = install::<WasmOsCallback>(&wanted, true)
        .await
        .map_err(|error| match error {
            OpfsSAHError::CreateSyncAccessHandle(_) => PoolError::OtherTab,
            other => PoolError::None { why: other.to_string() },
        })?;
    POOL.set(Some(pool));
    Ok(())
}

/// The right to have a store open, held by one connection of this worker.
#[derive(Debug)]
pub(crate) struct Claim(PathBuf);

impl Claim {
    pub(super) fn of(path: &Path) -> Result<Self, StoreError> {
        if CLAIMED.with_borrow_mut(|claimed| claimed.insert(path.to_owned())) {
            return Ok(Self(path.to_owned()));
        }
        Err(StoreError::OpenAlready)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        CLAIMED.with_borrow_mut(|claimed| claimed.remove(&self.0));
    }
}

/// What a connection needs before its journal is chosen.
pub(super) fn settle(connection: &Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(())
}

/// A connection that looks into a store that may be open elsewhere in this worker, and creates none. It sees what was committed
/// and must not write.
pub(crate) fn look(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    settle(&connection)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// Every file in a folder.
pub(crate) fn files_in(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let names = POOL.with_borrow(|pool| pool.as_ref().map(OpfsSAHPoolUtil::list));
    let names = names.ok_or(StoreError::Corrupt { what: "folder" })?;
    let paths = names.into_iter().map(PathBuf::from);
    Ok(paths.filter(|path| path.parent() == Some(folder)).collect())
}
