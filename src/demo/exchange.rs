//! Two phones, three scans, one after the other in this process; the network has no part in it.

use super::cast::Party;
use super::dice::Dice;
use super::ledger::{Ledger, count};
use crate::cli::Failure;
use mobile_ffi::core::{CourierError, Manner, Seen};
use std::sync::{MutexGuard, PoisonError};

/// Hands these envelopes over. When it returns, both phones have it on disk.
pub(super) fn hand_over(
    giver: &Party,
    receiver: &Party,
    codes: &[&str],
    ledger: &Ledger,
    dice: &mut Dice,
) -> Result<(), Failure> {
    let _turns = both_turns(giver, receiver);
    if dice.percent(4) {
        break_off(giver, receiver, codes, ledger)?;
    }
    let hello = receiver.core.hello(receiver.hat).map_err(stopped(receiver, "hello"))?;
    let offer = giver
        .core
        .offer(&hello, codes, &Manner::of(giver.hat))
        .map_err(stopped(giver, "offer"))?;
    ledger.note(&giver.login, "offer", &offer);
    let seen: Vec<Seen> = codes.iter().map(|code| Seen::intact(code)).collect();
    let accept = receiver
        .core
        .accept(&offer.picture, &seen, &[])
        .map_err(stopped(receiver, "accept"))?;
    ledger.note(&receiver.login, "accept", &accept);
    let release = giver
        .core
        .release(&accept.envelope)
        .map_err(stopped(giver, "release"))?;
    ledger.note(&giver.login, "release", &release);
    // Now and then the receiver walks off before reading the last code; the giver's deposit completes the story.
    if !dice.percent(5) {
        receiver
            .core
            .finish(&release.envelope)
            .map_err(stopped(receiver, "finish"))?;
    }
    count(&ledger.handovers);
    Ok(())
}

/// An offer that is taken back before anybody accepts it.
fn break_off(giver: &Party, receiver: &Party, codes: &[&str], ledger: &Ledger) -> Result<(), Failure> {
    let hello = receiver.core.hello(receiver.hat).map_err(stopped(receiver, "hello"))?;
    let offer = giver
        .core
        .offer(&hello, codes, &Manner::of(giver.hat))
        .map_err(stopped(giver, "offer"))?;
    ledger.note(&giver.login, "offer", &offer);
    let open = giver.core.open_handovers().map_err(stopped(giver, "open handovers"))?;
    let handover = open
        .iter()
        .find(|open| open.picture == offer.picture)
        .map(|open| open.handover_id);
    let handover = handover.ok_or_else(|| Failure::Refused("an offer just made is not open".to_owned()))?;
    let revoke = giver.core.revoke_offer(handover).map_err(stopped(giver, "revoke"))?;
    ledger.note(&giver.login, "revoke_offer", &revoke);
    count(&ledger.broken_off);
    Ok(())
}

/// Both phones are busy until the exchange ends; always taken in the same order, so two exchanges never wait for each other.
fn both_turns<'a>(one: &'a Party, other: &'a Party) -> [MutexGuard<'a, ()>; 2] {
    let (first, second) = if one.number < other.number {
        (one, other)
    } else {
        (other, one)
    };
    [first, second].map(|party| party.turn.lock().unwrap_or_else(PoisonError::into_inner))
}

/// A core that refuses what the day asks of it is a fault of the day or of the core; either way the day ends.
pub(super) fn stopped<'a>(party: &'a Party, doing: &'a str) -> impl Fn(CourierError) -> Failure + 'a {
    move |error| Failure::Refused(format!("{}: {doing}: {error}", party.login))
}
