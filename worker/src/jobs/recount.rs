//! Looks which open due dates an official notice moves, and moves them: the new date is an act in the log that names the
//! notice; the promises of before stay written.
//!
//! A date the agency set by itself, other than its procedure's limit gives, is left alone: the agency's date prevails.

use super::Room;
use crate::error::JobError;
use custody::act::Act;
use custody::ids::Nonce;
use domain::calendar::{CalendarKind, Reappraisal, reappraise};
use domain::dossier::DossierFact;
use domain::ids::DossierId;
use domain::wire::fact;
use entity::inbox;
use entity::outbox::{self, Claim, NewJob};
use entity::repo::{Tx, calendar, due};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

/// Dossiers looked at in one run; the rest is the next job's, so that no transaction is long.
const AT_ONCE: u64 = 500;

#[derive(Deserialize)]
struct Payload {
    notice: String,
    after: Option<String>,
}

/// The dates that move.
#[derive(Debug)]
pub(crate) struct Effect {
    acts: Vec<Act>,
    next: Option<NewJob>,
}

impl Effect {
    /// Whether it puts facts into the inbox.
    pub(crate) fn has_facts(&self) -> bool {
        !self.acts.is_empty()
    }

    /// Whether there is more to look at.
    pub(crate) fn has_jobs(&self) -> bool {
        self.next.is_some()
    }
}

/// Compares the calendar before the notice with the one after it, dossier by dossier.
pub(crate) async fn think(room: &Room, claim: &Claim) -> Result<Effect, JobError> {
    let payload = Payload::deserialize(&claim.payload).map_err(JobError::payload)?;
    let after = payload.after.as_deref().map(str::parse).transpose();
    let after: Option<DossierId> = after.map_err(JobError::payload)?;
    let db = room.store.read();
    let book = calendar::book(db).await?;
    let versions = book.versions(CalendarKind::State);
    let brings = |notices: &[std::sync::Arc<domain::calendar::Notice>]| {
        notices.iter().any(|notice| notice.number() == payload.notice)
    };
    let mut before = None;
    let mut with = None;
    for version in versions.all() {
        if brings(&version.notices) {
            with = Some(version);
            break;
        }
        before = Some(version);
    }
    // A notice for the post alone moves no dossier.
    let (Some(before), Some(with)) = (before, with) else {
        return Ok(Effect {
            acts: Vec::new(),
            next: None,
        });
    };
    let promised = due::promised(db, after, AT_ONCE).await?;
    let mut acts = Vec::new();
    for one in &promised {
        let Some(open) = one.open.filter(|open| open.by(&before.calendar).date == one.due_on) else {
            continue;
        };
        let Reappraisal::Moves { to, .. } = reappraise(&open, before, with) else {
            continue;
        };
        if to.date != one.due_on {
            let at_ms = with.known_at_ms.unwrap_or_default();
            let moved = DossierFact::DueMoved {
                at_ms,
                due_on: to.date,
                notice: payload.notice.clone(),
            };
            acts.push(act(one.dossier, &moved, &payload.notice));
        }
    }
    let is_full = u64::try_from(promised.len()).is_ok_and(|count| count == AT_ONCE);
    let next = promised.last().filter(|_| is_full).map(|last| NewJob {
        kind: calendar::RECOUNT,
        payload: json!({ "notice": payload.notice, "after": last.dossier.to_string() }),
        dedup_key: format!("recount:{}:{}", payload.notice, last.dossier),
    });
    Ok(Effect { acts, next })
}

/// The act of one dossier and notice. Its nonce follows from both, so that however often it is made it is one event.
fn act(dossier: DossierId, moved: &DossierFact, notice: &str) -> Act {
    let mut hash = Sha256::new();
    hash.update(b"traotay/recount/v1/");
    hash.update(dossier.0.as_bytes());
    hash.update(notice.as_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    let mut nonce = [0; 16];
    nonce.copy_from_slice(&digest[..16]);
    Act {
        kind: format!("dossier.{}", moved.kind()),
        subject: *dossier.0.as_bytes(),
        actor: "system".to_owned(),
        at_ms: moved.at_ms(),
        data: fact::write(moved),
        nonce: Nonce(nonce),
    }
}

/// Writes the acts into the log.
pub(crate) async fn write(effect: Effect, tx: &Tx, room: &Room, now_ms: i64) -> Result<(), JobError> {
    for act in &effect.acts {
        inbox::append_act(tx, &room.store, &room.keys, act).await?;
    }
    if let Some(next) = effect.next {
        outbox::push(tx, now_ms, next).await?;
    }
    Ok(())
}
