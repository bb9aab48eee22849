//! Removes what nobody will ask for again: finished jobs and sessions, answers kept for repeated requests, apalis' old tickets and
//! workers. Takes a bounded bite, so that its transaction stays short; the next run takes the rest.

use super::Room;
use crate::error::JobError;
use entity::repo::{Tx, access, citizen_code, idempotency, job, session};
use std::time::Duration;

/// Rows of finished jobs removed at once.
const BITE: u64 = 20_000;

/// A ticket is an errand of a minute. What lies there for a day is finished or was forgotten by a dead worker; if its row
/// is still due the relay has handed it over again long ago.
const TICKET_AGE: Duration = Duration::from_hours(24);

/// What to remove.
#[derive(Debug)]
pub(crate) struct Effect {
    finished_before: i64,
    looks_before: i64,
}

/// Clears apalis' store at once, since nothing depends on it, and says what else to remove.
pub(crate) async fn think(room: &Room) -> Result<Effect, JobError> {
    if let Some(tickets) = &room.tickets {
        let gone = tickets
            .purge(TICKET_AGE)
            .await
            .map_err(|error| JobError::Retry(error.to_string()))?;
        tracing::info!(gone, "old tickets were removed");
    }
    let before = |keep: Duration| room.store.now_ms() - i64::try_from(keep.as_millis()).unwrap_or(i64::MAX / 2);
    if let Some(blobs) = &room.config.blobs {
        let gone = blobs.sweep(before(room.config.keep_parts)).await;
        let gone = gone.map_err(|error| JobError::Retry(error.to_string()))?;
        tracing::info!(gone, "parts of photographs that nobody went on with were removed");
    }
    Ok(Effect {
        finished_before: before(room.config.keep_finished),
        looks_before: before(room.config.keep_accesses),
    })
}

/// Removes it.
pub(crate) async fn write(effect: Effect, tx: &Tx, now_ms: i64) -> Result<(), JobError> {
    let answers = idempotency::forget_old(tx, now_ms).await?;
    let jobs = job::forget_finished(tx, effect.finished_before, BITE).await?;
    let sessions = session::forget_old(tx, effect.finished_before).await?;
    let looks = access::forget_old(tx, effect.looks_before).await?;
    let codes = citizen_code::forget_old(tx, effect.finished_before).await?;
    tracing::info!(answers, jobs, sessions, looks, codes, "old rows were removed");
    Ok(())
}
