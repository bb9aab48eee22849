//! Numbers borrowed from the server, to be given without it: labels for papers, and runs of receipt numbers.
//!
//! A number is gone from here before anybody sees it, so that none is given twice whatever happens afterwards.

use domain::money::ReceiptNumber;
use domain::wire::v1::{NumbersView, ReceiptRun};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::StoreError;
use super::count::Count;

/// How many of each are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NumbersLeft {
    /// Labels.
    pub labels: u64,
    /// Receipt numbers.
    pub receipts: u64,
}

/// How many are left.
pub(crate) fn left(db: &Connection) -> Result<NumbersLeft, StoreError> {
    let sql = "SELECT (SELECT count(*) FROM label), (SELECT coalesce(sum(last - next + 1), 0) FROM receipt_run)";
    Ok(db.query_row(sql, [], |row| {
        Ok(NumbersLeft {
            labels: row.get::<_, Count>(0)?.0,
            receipts: row.get::<_, Count>(1)?.0,
        })
    })?)
}

/// The next label; `None` when none is left.
pub(crate) fn take_label(tx: &Transaction<'_>) -> Result<Option<String>, StoreError> {
    let sql = "DELETE FROM label WHERE row = (SELECT min(row) FROM label) RETURNING item_code";
    Ok(tx.query_row(sql, [], |row| row.get(0)).optional()?)
}

/// The next receipt number; `None` when none is left.
pub(crate) fn take_receipt(tx: &Transaction<'_>) -> Result<Option<ReceiptNumber>, StoreError> {
    let sql = "UPDATE receipt_run SET next = next + 1
               WHERE row = (SELECT min(row) FROM receipt_run WHERE next <= last) RETURNING point, series, next - 1";
    let taken = tx.query_row(sql, [], |row| {
        Ok(ReceiptNumber {
            point: row.get(0)?,
            series: row.get(1)?,
            serial: row.get(2)?,
        })
    });
    Ok(taken.optional()?)
}

/// The request whose answer is not here yet; `fresh` becomes it when there is none.
pub(crate) fn request(tx: &Transaction<'_>, fresh: [u8; 16]) -> Result<[u8; 16], StoreError> {
    tx.execute(
        "UPDATE sync SET numbers_request = coalesce(numbers_request, ?1)",
        [fresh],
    )?;
    Ok(tx.query_row("SELECT numbers_request FROM sync", [], |row| row.get(0))?)
}

/// When they were last asked for, the server's time.
pub(crate) fn asked_ms(db: &Connection) -> Result<Option<i64>, StoreError> {
    Ok(db.query_row("SELECT numbers_asked_ms FROM sync", [], |row| row.get(0))?)
}

/// Keeps what the server lent, and that it answered. A run that is here already is not lent twice.
pub(crate) fn keep(tx: &Transaction<'_>, lent: &NumbersView, server_ms: i64) -> Result<(), StoreError> {
    for label in &lent.labels {
        tx.execute(
            "INSERT INTO label (item_code) VALUES (?1) ON CONFLICT DO NOTHING",
            [label],
        )?;
    }
    for ReceiptRun {
        point,
        series,
        first,
        last,
    } in &lent.receipts
    {
        tx.execute(
            "INSERT INTO receipt_run (point, series, first, last, next) VALUES (?1, ?2, ?3, ?4, ?3) ON CONFLICT DO NOTHING",
            params![point, series, first, last],
        )?;
    }
    tx.execute(
        "UPDATE sync SET numbers_request = NULL, numbers_asked_ms = ?1",
        [server_ms],
    )?;
    Ok(())
}
