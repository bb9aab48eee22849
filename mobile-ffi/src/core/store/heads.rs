//! Signed heads of the public log: what this phone saw of it, what its peers say they saw, and where the two cannot both be true.
//!
//! A log that shows one history to some and another to others is found when they compare heads of one size (`docs/adr/0022`). A
//! phone tells each head it checked once, in the next event it signs; its chain of events carries it from there on.

use custody::event::{Checkpoint, LogId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::StoreError;
use super::count::Count;

/// Heads kept: three weeks of one head an hour, and some 40 kB.
const KEPT: i64 = 500;

/// Who says that the log has this head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// A receipt this phone checked.
    Checked,
    /// An event a peer signed.
    Peer,
}

/// Remembers a head. One that does not say of which log it is says nothing.
pub(crate) fn saw(tx: &Transaction<'_>, head: &Checkpoint, source: Source) -> Result<(), StoreError> {
    let Some(LogId(log)) = head.log else { return Ok(()) };
    tx.execute(
        "INSERT INTO log_head (log, size, root, checked) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (log, size, root) DO UPDATE SET checked = max(checked, excluded.checked)",
        params![log, Count(head.size), head.root, source == Source::Checked],
    )?;
    // What two do not agree about stays, however old.
    tx.execute(
        "DELETE FROM log_head AS old WHERE row <= (SELECT max(row) FROM log_head) - ?1
         AND NOT EXISTS (SELECT 1 FROM log_head WHERE log = old.log AND size = old.size AND root <> old.root)",
        [KEPT],
    )?;
    Ok(())
}

/// The newest head this phone checked, if none of its events carries it yet.
pub(crate) fn untold(db: &Connection) -> Result<Option<Checkpoint>, StoreError> {
    let sql = "SELECT log, size, root, told FROM log_head WHERE checked = 1 ORDER BY row DESC LIMIT 1";
    let newest = db.query_row(sql, [], |row| {
        let head = Checkpoint {
            log: Some(LogId(row.get(0)?)),
            size: row.get::<_, Count>(1)?.0,
            root: row.get(2)?,
        };
        Ok((head, row.get::<_, bool>(3)?))
    });
    Ok(newest.optional()?.filter(|(_, is_told)| !is_told).map(|(head, _)| head))
}

/// An event of this phone carries this head.
pub(crate) fn mark_told(tx: &Transaction<'_>, head: &Checkpoint) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE log_head SET told = 1 WHERE log = ?1 AND size = ?2 AND root = ?3",
        params![head.log.map(|log| log.0), Count(head.size), head.root],
    )?;
    Ok(())
}

/// Sizes of which this phone knows more than one root of the same log.
pub(crate) fn splits(db: &Connection) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM log_head GROUP BY log, size HAVING count(*) > 1)";
    Ok(db.query_row(sql, [], |row| row.get::<_, Count>(0))?.0)
}
