//! What a receipt lets this phone forget: thirty days after the server published an event, its bytes go.

use custody::ids::EventId;
use rusqlite::{Transaction, params};

use super::StoreError;

/// How long an envelope stays after its receipt. A server that was restored can ask for it again for so long.
pub const KEPT_AFTER_RECEIPT_MS: i64 = 30 * 24 * 3_600_000;

/// The server showed that an event of this phone is in a published checkpoint, at `at_ms`, its time. False if the phone does not
/// have the event or the server has not confirmed it: what was never acknowledged is not forgotten by a receipt.
///
/// A checkpoint holds all that came before. So what a peer signed, and we brought before this event of ours, is in it as well:
/// nobody gives us a receipt for it, and it is kept as long as ours.
pub fn mark_receipted(tx: &Transaction<'_>, event_id: EventId, at_ms: i64) -> Result<bool, StoreError> {
    let sql = "UPDATE sealed_event SET state = 'receipted', receipted_ms = ?2
               WHERE event_id = ?1 AND state IN ('durable', 'receipted')";
    let is_noted = tx.execute(sql, params![event_id.0, at_ms])? == 1;
    if is_noted {
        tx.execute(
            "UPDATE sealed_event SET state = 'receipted', receipted_ms = ?2 WHERE own = 0 AND state = 'durable'
             AND row < (SELECT row FROM sealed_event WHERE event_id = ?1)",
            params![event_id.0, at_ms],
        )?;
    }
    Ok(is_noted)
}

/// Deletes the envelopes whose receipt is older than [`KEPT_AFTER_RECEIPT_MS`] at `server_ms`; says how many.
///
/// The newest event of each key stays, for the next one has to name it. What a handover still refers to stays as well; a
/// finished handover goes with the last of its events.
pub fn purge(tx: &Transaction<'_>, server_ms: i64) -> Result<usize, StoreError> {
    let before_ms = server_ms.saturating_sub(KEPT_AFTER_RECEIPT_MS);
    let old = "SELECT event_id FROM sealed_event WHERE state = 'receipted' AND receipted_ms <= ?1
               AND (own = 0 OR (device, seq) NOT IN
                   (SELECT device, max(seq) FROM sealed_event WHERE own = 1 GROUP BY device))";
    tx.execute(
        &format!(
            "DELETE FROM handover WHERE stage IN ('released', 'revoked')
             AND (offer_id IS NULL OR offer_id IN ({old})) AND (accept_id IS NULL OR accept_id IN ({old}))
             AND (release_id IS NULL OR release_id IN ({old}))"
        ),
        [before_ms],
    )?;
    let free = format!(
        "{old} AND event_id NOT IN (SELECT id FROM (SELECT offer_id AS id FROM handover UNION
             SELECT accept_id FROM handover UNION SELECT release_id FROM handover) WHERE id IS NOT NULL)"
    );
    let mut statement = tx.prepare(&free)?;
    let ids: Vec<[u8; 32]> = statement
        .query_map([before_ms], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for id in &ids {
        tx.execute("DELETE FROM event_item WHERE event_id = ?1", [id])?;
        tx.execute("DELETE FROM sealed_event WHERE event_id = ?1", [id])?;
    }
    Ok(ids.len())
}
