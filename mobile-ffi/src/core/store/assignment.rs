//! The work pack: the stops the server assigned to this courier.

use custody::ids::ItemId;
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
pub fn save(tx: &Transaction<'_>, id: &str, item: ItemId, leg: &str, body: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO sealed_assignment (assignment_id, item_id, leg, body)
         VALUES (?1, ?2, ?3, sealed('assignment', ?1, ?4))
         ON CONFLICT (assignment_id) DO UPDATE SET item_id = excluded.item_id, leg = excluded.leg,
         body = excluded.body, withdrawn_reason = NULL",
        params![id, item.0, leg, body],
    )?;
    Ok(())
}

/// Notes that the stops of an item are withdrawn.
pub fn withdraw(tx: &Transaction<'_>, item: ItemId, reason: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE sealed_assignment SET withdrawn_reason = sealed('withdrawn', assignment_id, ?2) WHERE item_id = ?1",
        params![item.0, reason],
    )?;
    Ok(())
}

/// Every stop in the order of arrival.
pub fn list(db: &Connection) -> Result<Vec<StoredAssignment>, StoreError> {
    let mut statement = db.prepare(
        "SELECT CAST(opened('assignment', assignment_id, body) AS TEXT),
         CAST(opened('withdrawn', assignment_id, withdrawn_reason) AS TEXT) FROM sealed_assignment ORDER BY row",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(StoredAssignment {
            body: row.get(0)?,
            withdrawn_reason: row.get(1)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether an item has a standing stop of this leg.
pub fn has(db: &Connection, item: ItemId, leg: &str) -> Result<bool, StoreError> {
    let sql = "SELECT count(*) > 0 FROM sealed_assignment WHERE item_id = ?1 AND leg = ?2 AND withdrawn_reason IS NULL";
    Ok(db.query_row(sql, params![item.0, leg], |row| row.get(0))?)
}
