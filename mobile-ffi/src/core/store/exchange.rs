//! What the last conversation with the server left behind: cursor, nonce, epoch and clock.

use rusqlite::{Connection, Transaction, params};

use super::StoreError;
use super::count::Count;
use crate::core::salvage::RecoveryKey;

/// The last authenticated server time this phone saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredBeacon {
    /// Server time.
    pub server_ms: i64,
    /// Our monotonic clock when it arrived.
    pub mono_ms: u64,
    /// The server's tag over it.
    pub tag: [u8; 8],
    /// The boot that clock belongs to.
    pub boot_id: [u8; 16],
}

/// The row `sync`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Epoch of the server, once met.
    pub epoch: Option<u64>,
    /// Where the feed of changes was left.
    pub cursor: String,
    /// Last proof nonce the server gave.
    pub nonce: Option<String>,
    /// Last server time.
    pub beacon: Option<StoredBeacon>,
    /// Wall clock of the last complete sync.
    pub synced_ms: Option<i64>,
}

/// Reads the row.
pub fn load(db: &Connection) -> Result<Exchange, StoreError> {
    let sql = "SELECT epoch, cursor, nonce, beacon_server_ms, beacon_mono_ms, beacon_tag, beacon_boot, synced_wall_ms
               FROM sync WHERE one = 1";
    let exchange = db.query_row(sql, [], |row| {
        let server_ms: Option<i64> = row.get(3)?;
        let beacon = match server_ms {
            Some(server_ms) => Some(StoredBeacon {
                server_ms,
                mono_ms: row.get::<_, Count>(4)?.0,
                tag: row.get(5)?,
                boot_id: row.get(6)?,
            }),
            None => None,
        };
        Ok(Exchange {
            epoch: row.get::<_, Option<Count>>(0)?.map(|epoch| epoch.0),
            cursor: row.get(1)?,
            nonce: row.get(2)?,
            beacon,
            synced_ms: row.get(7)?,
        })
    })?;
    Ok(exchange)
}

/// Remembers a proof nonce.
pub fn save_nonce(tx: &Transaction<'_>, nonce: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE sync SET nonce = ?1", [nonce])?;
    Ok(())
}

/// Remembers where the feed was left, in the transaction that applied what came before it.
pub fn save_cursor(tx: &Transaction<'_>, cursor: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE sync SET cursor = ?1", [cursor])?;
    Ok(())
}

/// Remembers the server's epoch. A server of another epoch counts its receipts and photographs anew.
pub fn save_epoch(tx: &Transaction<'_>, epoch: u64) -> Result<(), StoreError> {
    let changed = tx.execute(
        "UPDATE sync SET epoch = ?1, receipts_after = 0 WHERE epoch IS NOT ?1",
        [Count(epoch)],
    )?;
    if changed > 0 {
        super::photograph::forget_brought(tx)?;
    }
    Ok(())
}

/// Up to which number of this device's chain the receipts are known.
pub(crate) fn receipts_after(db: &Connection) -> Result<u64, StoreError> {
    Ok(db
        .query_row("SELECT receipts_after FROM sync", [], |row| row.get::<_, Count>(0))?
        .0)
}

/// Remembers it.
pub(crate) fn save_receipts_after(tx: &Transaction<'_>, seq: u64) -> Result<(), StoreError> {
    tx.execute("UPDATE sync SET receipts_after = ?1", [Count(seq)])?;
    Ok(())
}

/// The policy receipts are checked with: the first one this phone was told.
pub(crate) fn log_policy(db: &Connection) -> Result<Option<String>, StoreError> {
    Ok(db.query_row("SELECT log_policy FROM sync", [], |row| row.get(0))?)
}

/// Pins it.
pub(crate) fn save_log_policy(tx: &Transaction<'_>, policy: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE sync SET log_policy = ?1 WHERE log_policy IS NULL", [policy])?;
    Ok(())
}

/// Remembers the server's clock.
pub fn save_beacon(tx: &Transaction<'_>, beacon: &StoredBeacon) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE sync SET beacon_server_ms = ?1, beacon_mono_ms = ?2, beacon_tag = ?3, beacon_boot = ?4",
        params![beacon.server_ms, Count(beacon.mono_ms), beacon.tag, beacon.boot_id],
    )?;
    Ok(())
}

/// Remembers that a sync ran to its end.
pub fn save_synced(tx: &Transaction<'_>, wall_ms: i64) -> Result<(), StoreError> {
    tx.execute("UPDATE sync SET synced_wall_ms = ?1", [wall_ms])?;
    Ok(())
}

/// The server's recovery key, once it told one.
pub(crate) fn recovery_key(db: &Connection) -> Result<Option<RecoveryKey>, StoreError> {
    let bytes: Option<Vec<u8>> = db.query_row("SELECT recovery_key FROM sync", [], |row| row.get(0))?;
    let read = |bytes: Vec<u8>| RecoveryKey::from_bytes(&bytes).ok_or(StoreError::Corrupt { what: "recovery key" });
    bytes.map(read).transpose()
}

/// Remembers the server's recovery key.
pub(crate) fn save_recovery_key(tx: &Transaction<'_>, key: &RecoveryKey) -> Result<(), StoreError> {
    tx.execute("UPDATE sync SET recovery_key = ?1", [key.to_bytes()])?;
    Ok(())
}
