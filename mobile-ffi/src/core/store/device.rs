//! The signing keys this phone has had, and the credential of each.

use custody::ids::DeviceId;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::StoreError;
use crate::core::credential::Credential;

/// Makes sure the key has a row; an older key's rows and events stay as they are.
pub fn insert(tx: &Transaction<'_>, device: DeviceId, public_key: &[u8; 33]) -> Result<(), StoreError> {
    let sql = "INSERT INTO device (device_id, public_key) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    tx.execute(sql, params![device.0, public_key])?;
    Ok(())
}

/// The credential of a device, if it is enrolled.
pub fn find_credential(db: &Connection, device: DeviceId) -> Result<Option<Credential>, StoreError> {
    let sql = "SELECT opened('credential', device_id, sealed_credential) FROM device WHERE device_id = ?1";
    let text = db
        .query_row(sql, [device.0], |row| row.get::<_, Option<Vec<u8>>>(0))
        .optional()?
        .flatten();
    text.map(|json| Credential::from_json(&json).ok_or(StoreError::Corrupt { what: "credential" }))
        .transpose()
}

/// Stores the credential the server issued.
pub fn save_credential(tx: &Transaction<'_>, credential: &Credential) -> Result<(), StoreError> {
    let sql = "UPDATE device SET sealed_credential = sealed('credential', device_id, ?2) WHERE device_id = ?1";
    tx.execute(sql, params![credential.device_id.0, credential.to_json()])?;
    Ok(())
}

/// Whether somebody else than `staff_id` was enrolled on this store before.
pub fn is_of_other(db: &Connection, staff_id: &str) -> Result<bool, StoreError> {
    let sql =
        "SELECT opened('credential', device_id, sealed_credential) FROM device WHERE sealed_credential IS NOT NULL";
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let json: Vec<u8> = row.get(0)?;
        let known = Credential::from_json(&json).ok_or(StoreError::Corrupt { what: "credential" })?;
        if known.staff_id != staff_id {
            return Ok(true);
        }
    }
    Ok(false)
}
