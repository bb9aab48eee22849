//! Bytes that events name by their hash, until the server has them whole and the event its receipt.

use custody::ids::EventId;
use rusqlite::{Connection, Transaction, params};

use super::StoreError;

/// Keeps bytes under their hash, once.
pub(crate) fn insert(tx: &Transaction<'_>, sha256: &[u8; 32], body: &[u8]) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO sealed_photograph (sha256, body) VALUES (?1, sealed('photograph', ?1, ?2)) ON CONFLICT DO NOTHING",
        params![sha256, body],
    )?;
    Ok(())
}

/// Notes which event names them; the first one stays.
pub(crate) fn name(tx: &Transaction<'_>, evidence: &[[u8; 32]], event: EventId) -> Result<(), StoreError> {
    for sha256 in evidence {
        tx.execute(
            "UPDATE sealed_photograph SET named_by = ?2 WHERE sha256 = ?1 AND named_by IS NULL",
            params![sha256, event.0],
        )?;
    }
    Ok(())
}

/// Hashes whose event the server has confirmed and whose bytes it has not, oldest first. What it refused is not among them.
pub(crate) fn waiting(db: &Connection) -> Result<Vec<[u8; 32]>, StoreError> {
    let mut statement = db.prepare(
        "SELECT sha256 FROM sealed_photograph JOIN sealed_event ON event_id = named_by
         WHERE brought = 0 AND refused IS NULL AND state IN ('durable', 'receipted') ORDER BY sealed_photograph.row",
    )?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The bytes under a hash.
pub(crate) fn find(db: &Connection, sha256: &[u8; 32]) -> Result<Vec<u8>, StoreError> {
    let sql = "SELECT opened('photograph', sha256, body) FROM sealed_photograph WHERE sha256 = ?1";
    Ok(db.query_row(sql, [sha256], |row| row.get(0))?)
}

/// How many wait to be brought, whether or not their event has been.
pub(crate) fn count(db: &Connection) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM sealed_photograph WHERE brought = 0 AND refused IS NULL AND named_by IS NOT NULL";
    Ok(db.query_row(sql, [], |row| row.get::<_, super::count::Count>(0))?.0)
}

/// The server has them whole.
pub(crate) fn mark_brought(tx: &Transaction<'_>, sha256: &[u8; 32]) -> Result<(), StoreError> {
    tx.execute("UPDATE sealed_photograph SET brought = 1 WHERE sha256 = ?1", [sha256])?;
    Ok(())
}

/// The server will not take them, for this reason; they stay here.
pub(crate) fn mark_refused(tx: &Transaction<'_>, sha256: &[u8; 32], why: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE sealed_photograph SET refused = ?2 WHERE sha256 = ?1",
        params![sha256, why],
    )?;
    Ok(())
}

/// A restored server may have forgotten them: what is still here is asked about again.
pub(crate) fn forget_brought(tx: &Transaction<'_>) -> Result<(), StoreError> {
    tx.execute("UPDATE sealed_photograph SET brought = 0, refused = NULL", [])?;
    Ok(())
}

/// Lets go of bytes that the server has whole and whose event has its receipt, or has gone already.
pub(crate) fn purge(tx: &Transaction<'_>) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM sealed_photograph WHERE brought = 1 AND NOT EXISTS
         (SELECT 1 FROM sealed_event WHERE event_id = named_by AND state <> 'receipted')",
        [],
    )?;
    Ok(())
}
