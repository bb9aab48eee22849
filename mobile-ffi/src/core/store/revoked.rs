//! Devices the server no longer trusts, as of the last sync: nobody hands papers to them or takes papers from them.

use custody::ids::DeviceId;
use rusqlite::{Connection, Transaction};

use super::StoreError;
use super::count::Count;

/// Up to which number of the server's log this phone knows who was revoked.
pub fn through(db: &Connection) -> Result<u64, StoreError> {
    Ok(db
        .query_row("SELECT revoked_through FROM sync", [], |row| row.get::<_, Count>(0))?
        .0)
}

/// Adds devices to the list and remembers how far it goes now. A revocation is never taken back: its key is gone.
pub fn add(tx: &Transaction<'_>, devices: &[DeviceId], through: u64) -> Result<(), StoreError> {
    for device in devices {
        tx.execute(
            "INSERT INTO revoked (device) VALUES (?1) ON CONFLICT DO NOTHING",
            [device.0],
        )?;
    }
    tx.execute("UPDATE sync SET revoked_through = ?1", [Count(through)])?;
    Ok(())
}

/// Whether this device is on the list.
pub fn has(db: &Connection, device: DeviceId) -> Result<bool, StoreError> {
    Ok(db.query_row(
        "SELECT count(*) > 0 FROM revoked WHERE device = ?1",
        [device.0],
        |row| row.get(0),
    )?)
}
