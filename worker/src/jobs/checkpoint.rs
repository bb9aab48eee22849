//! Signs the head of the public log when it grew, and asks the witnesses to sign it too. A head that no longer follows from what was
//! signed is never signed; a person is told and has to look.

use super::Room;
use crate::error::{JobError, told};
use entity::repo::{Tx, finding};
use entity::tlog::{self, Head, SignError};

/// The log is not what was signed.
const LOG: &str = "log";
/// A witness does not sign.
const WITNESS: &str = "witness";

/// What to tell people: what is wrong with the log, and which witnesses did not sign.
#[derive(Debug, Default)]
pub(crate) struct Effect {
    wrong: Vec<(String, String)>,
    silent: Vec<(String, String)>,
}

/// Signs, and asks.
pub(crate) async fn think(room: &Room) -> Result<Effect, JobError> {
    let Some(log) = &room.config.log else {
        return Ok(Effect::default());
    };
    let mut effect = Effect::default();
    let heads = match tlog::sign(&room.store, &room.keys, &log.signer).await {
        Ok(heads) => heads,
        Err(SignError::Store(error)) => return Err(error.into()),
        Err(error @ SignError::Fork { .. }) => {
            effect.wrong.push(("fork".to_owned(), told(&error)));
            return Ok(effect);
        }
        Err(error @ SignError::Damaged { .. }) => {
            effect.wrong.push(("damaged".to_owned(), told(&error)));
            return Ok(effect);
        }
    };
    metrics::counter!("traotay_log_heads_signed_total").increment(u64::try_from(heads.len()).unwrap_or_default());
    let heads = if heads.is_empty() {
        // Somebody was away when it was signed: ask again.
        let newest = tlog::newest(room.store.read(), &room.keys, &log.signer).await?;
        newest.into_iter().collect()
    } else {
        heads
    };
    for head in heads {
        ask(room, head, &mut effect).await?;
    }
    Ok(effect)
}

/// Asks the witnesses that have not signed this head. One that is away or refuses holds nobody up.
async fn ask(room: &Room, head: Head, effect: &mut Effect) -> Result<(), JobError> {
    let Some(log) = &room.config.log else { return Ok(()) };
    let mut note = head.note.clone();
    for witness in &log.witnesses {
        if witness.has_signed(&note) {
            continue;
        }
        match witness.cosign(&room.store, &head).await {
            Ok(line) => note = witness.put(&note, &line),
            Err(error) => {
                tracing::warn!(witness = error.witness, "a witness did not sign the log's head");
                effect.silent.push((error.witness.clone(), told(&error)));
            }
        }
    }
    if note != head.note {
        tlog::keep_note(&room.store, &head, note).await?;
    }
    Ok(())
}

/// Tells people.
pub(crate) async fn write(effect: Effect, tx: &Tx, now_ms: i64) -> Result<(), JobError> {
    for (kind, told) in [(LOG, effect.wrong), (WITNESS, effect.silent)] {
        for (subject, detail) in &told {
            finding::report(tx, kind, subject, detail, now_ms).await?;
        }
        let open: Vec<String> = told.into_iter().map(|(subject, _)| subject).collect();
        finding::close_others(tx, kind, &open, now_ms).await?;
    }
    Ok(())
}
