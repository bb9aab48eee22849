//! The work pack: the stops the server assigned to this courier.

use domain::item_code::ItemCode;
use rusqlite::{Connection, Transaction, params};

use super::StoreError;

/// A stored stop: its JSON as the server sent it, and why it was withdrawn, if it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAssignment {
    /// The server's JSON.
    pub body: String,
    /// Why it was withdrawn.
    pub withdrawn_reason: Option<String>,
}

/// Stores a stop, or its newer version.
pub fn save(tx: &Transaction<'_>, id: &str, item_code: &str, leg: &str, body: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO assignment (assignment_id, item_code, leg, body) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (assignment_id) DO UPDATE SET item_code = excluded.item_code, leg = excluded.leg,
         body = excluded.body, withdrawn_reason = NULL",
        params![id, item_code, leg, body],
    )?;
    Ok(())
}

/// Notes that the stops of an item are withdrawn.
pub fn withdraw(tx: &Transaction<'_>, item_code: &str, reason: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE assignment SET withdrawn_reason = ?2 WHERE item_code = ?1",
        params![item_code, reason],
    )?;
    Ok(())
}

/// Every stop in the order of arrival.
pub fn list(db: &Connection) -> Result<Vec<StoredAssignment>, StoreError> {
    let mut statement = db.prepare("SELECT body, withdrawn_reason FROM assignment ORDER BY rowid")?;
    let rows = statement.query_map([], |row| {
        Ok(StoredAssignment {
            body: row.get(0)?,
            withdrawn_reason: row.get(1)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether an item has a standing stop of this leg.
pub fn has(db: &Connection, item_code: ItemCode, leg: &str) -> Result<bool, StoreError> {
    let sql = "SELECT count(*) > 0 FROM assignment WHERE item_code = ?1 AND leg = ?2 AND withdrawn_reason IS NULL";
    Ok(db.query_row(sql, params![item_code.as_str(), leg], |row| row.get(0))?)
}
