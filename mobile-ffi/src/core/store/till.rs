//! The money in the bag: a line for each cash event, and the counts that take lines out of it.

use custody::ids::EventId;
use domain::hat::Hat;
use domain::money::{Dong, LedgerKind, Tender};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::{Deserialize, Serialize};

use super::StoreError;
use super::count::Count;

/// A line of the till.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TillLine {
    /// The cash event.
    pub event_id: EventId,
    /// The item it was collected for.
    pub item_code: String,
    /// Which sum.
    pub ledger: LedgerKind,
    /// How much.
    pub amount: Dong,
    /// How it was paid.
    pub tender: Tender,
    /// The receipt that was given for it.
    pub receipt: Option<String>,
    /// The count it is in.
    pub closing: Option<EventId>,
}

/// What is sealed of a line.
#[derive(Serialize, Deserialize)]
struct Body {
    item_code: String,
    ledger: String,
    amount: i64,
    tender: String,
    receipt: Option<String>,
}

/// Keeps a line.
pub(crate) fn insert(tx: &Transaction<'_>, hat: Hat, line: &TillLine) -> Result<(), StoreError> {
    let body = Body {
        item_code: line.item_code.clone(),
        ledger: line.ledger.as_str().to_owned(),
        amount: line.amount.as_i64(),
        tender: line.tender.as_str().to_owned(),
        receipt: line.receipt.clone(),
    };
    let body = serde_json::to_string(&body).expect("plain strings and numbers always serialize");
    tx.execute(
        "INSERT INTO sealed_line (event_id, hat, body) VALUES (?1, ?2, sealed('line', ?1, ?3))",
        params![line.event_id.0, Count(hat.code()), body],
    )?;
    Ok(())
}

/// The lines of a till that no second signature has taken out of it, in the order of recording.
pub(crate) fn open_lines(db: &Connection, hat: Hat) -> Result<Vec<TillLine>, StoreError> {
    let mut statement = db.prepare(
        "SELECT sealed_line.event_id, opened('line', sealed_line.event_id, body), sealed_line.closing FROM sealed_line
         LEFT JOIN closing ON closing.event_id = sealed_line.closing
         WHERE sealed_line.hat = ?1 AND closing.signed_by IS NULL ORDER BY sealed_line.rowid",
    )?;
    let rows = statement.query_map([Count(hat.code())], |row| {
        let (event_id, body): ([u8; 32], Vec<u8>) = (row.get(0)?, row.get(1)?);
        Ok((event_id, body, row.get::<_, Option<[u8; 32]>>(2)?))
    })?;
    let mut lines = Vec::new();
    for row in rows {
        let (event_id, body, closing) = row?;
        lines.push(read(event_id, &body, closing).ok_or(StoreError::Corrupt {
            what: "line of the till",
        })?);
    }
    Ok(lines)
}

fn read(event_id: [u8; 32], body: &[u8], closing: Option<[u8; 32]>) -> Option<TillLine> {
    let body: Body = serde_json::from_slice(body).ok()?;
    Some(TillLine {
        event_id: EventId(event_id),
        item_code: body.item_code,
        ledger: LedgerKind::parse(&body.ledger)?,
        amount: Dong::new(body.amount),
        tender: Tender::parse(&body.tender)?,
        receipt: body.receipt,
        closing: closing.map(EventId),
    })
}

/// Puts every open line of a till into this count; an earlier count nobody signed loses them.
pub(crate) fn close(tx: &Transaction<'_>, hat: Hat, closing: EventId) -> Result<(), StoreError> {
    let hat = Count(hat.code());
    tx.execute(
        "UPDATE sealed_line SET closing = ?2 WHERE hat = ?1
         AND (closing IS NULL OR closing IN (SELECT event_id FROM closing WHERE signed_by IS NULL))",
        params![hat, closing.0],
    )?;
    tx.execute("DELETE FROM closing WHERE hat = ?1 AND signed_by IS NULL", [hat])?;
    tx.execute(
        "INSERT INTO closing (event_id, hat) VALUES (?1, ?2)",
        params![closing.0, hat],
    )?;
    Ok(())
}

/// The till a count is of, and who signed it second; `None` for a count this phone did not make or that a later one replaced.
pub(crate) fn closing(db: &Connection, closing: EventId) -> Result<Option<(Hat, Option<EventId>)>, StoreError> {
    let sql = "SELECT hat, signed_by FROM closing WHERE event_id = ?1";
    let found = db
        .query_row(sql, [closing.0], |row| {
            Ok((row.get::<_, Count>(0)?.0, row.get::<_, Option<[u8; 32]>>(1)?))
        })
        .optional()?;
    let Some((hat, signed_by)) = found else { return Ok(None) };
    let hat = Hat::from_code(hat).ok_or(StoreError::Corrupt { what: "hat" })?;
    Ok(Some((hat, signed_by.map(EventId))))
}

/// The second signature is here: the count's lines are out of the till.
pub(crate) fn settle(tx: &Transaction<'_>, closing: EventId, signed_by: EventId) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE closing SET signed_by = ?2 WHERE event_id = ?1 AND signed_by IS NULL",
        params![closing.0, signed_by.0],
    )?;
    Ok(())
}

/// Notes that this phone signed somebody else's count, so that the same count gets the same signature.
pub(crate) fn signed(tx: &Transaction<'_>, hat: Hat, closing: EventId, signed_by: EventId) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO closing (event_id, hat, signed_by) VALUES (?1, ?2, ?3)",
        params![closing.0, Count(hat.code()), signed_by.0],
    )?;
    Ok(())
}
