//! Follows the item's heads from the first event to the last that is not in doubt.

use std::collections::{BTreeMap, BTreeSet};

use domain::holder::Holder;
use domain::item::{Addressee, ItemKind, ItemState};

use super::evidence::{Evidence, Move};
use super::ruling::{self, Ruling};
use super::{Applied, Dispute, DisputeReason, ItemCustody, ParkReason, Sighting, table};
use crate::ids::{EventId, ItemId};
use crate::kind::Kind;

pub(super) fn walk(item: ItemId, kind: ItemKind, evidence: &Evidence, rulings: &[Ruling]) -> ItemCustody {
    let mut custody = untouched(item, kind);
    custody.settled.clone_from(&evidence.settled);
    let (mut open, mut dismissed) = (Vec::new(), BTreeSet::new());
    while let Some(moves) = evidence.moves.get(&head(&custody)) {
        let next: Vec<&Move> = moves.iter().filter(|step| !dismissed.contains(&step.id)).collect();
        let step = match next.as_slice() {
            [] => break,
            [only] => apply(&mut custody, only, evidence),
            _ => Err((DisputeReason::Fork, Vec::new())),
        };
        let Err((reason, other)) = step else { continue };
        let found = dispute(head(&custody), &next, reason, other);
        let (stays_open, goes_on) = ruling::settle(&mut custody, found, &next, (evidence, rulings), &mut dismissed);
        open.extend(stays_open);
        if !goes_on {
            break;
        }
    }
    custody.parked = parked(&custody, evidence, &open);
    custody.disputed = open.into_iter().next();
    custody.sightings = sightings(&custody, evidence);
    custody.incidents.clone_from(&evidence.incidents);
    custody
}

fn untouched(item: ItemId, kind: ItemKind) -> ItemCustody {
    ItemCustody {
        item,
        kind,
        state: ItemState::Created,
        holder: None,
        head: None,
        since_ms: None,
        provisional: false,
        disputed: None,
        parked: Vec::new(),
        attempts: 0,
        applied: Vec::new(),
        sightings: Vec::new(),
        incidents: Vec::new(),
        settled: Vec::new(),
        seal: None,
    }
}

fn head(custody: &ItemCustody) -> EventId {
    custody.head.unwrap_or(EventId::ZERO)
}

/// Applies the only move of the head, or says why it is in dispute and which further events belong to that.
fn apply(custody: &mut ItemCustody, step: &Move, evidence: &Evidence) -> Result<(), (DisputeReason, Vec<EventId>)> {
    if let Some(correction) = evidence.corrected.get(&step.id) {
        return Err((DisputeReason::Corrected, vec![*correction]));
    }
    if let Some(revoke) = step.offer.and_then(|offer| evidence.revoked.get(&offer)) {
        return Err((DisputeReason::Revoked, vec![*revoke]));
    }
    if !is_lawful_giver(custody.holder, step) {
        return Err((DisputeReason::NotHolder, Vec::new()));
    }
    let state = table::state_after(custody.state, step.kind, step.hat, custody.kind)
        .ok_or((DisputeReason::IllegalMove, Vec::new()))?;
    go(custody, step, state, evidence);
    Ok(())
}

/// Applies a move that leads to this state.
pub(super) fn go(custody: &mut ItemCustody, step: &Move, state: ItemState, evidence: &Evidence) {
    let to = holder_after(custody.holder, step);
    custody.applied.push(Applied {
        id: step.id,
        kind: step.kind,
        at_ms: step.at_ms,
        from: custody.holder.or_else(|| first_giver(custody.kind, step)),
        to,
        state,
        reason: step.reason,
    });
    if changes_hands(step.kind) {
        custody.since_ms = Some(step.at_ms);
        custody.provisional = step.kind == Kind::Accept && !evidence.released.contains(&step.id);
    }
    custody.attempts = match step.kind {
        Kind::TakeIn => 0,
        Kind::AttemptFailed => custody.attempts + 1,
        _ => custody.attempts,
    };
    custody.state = state;
    custody.holder = to;
    custody.head = Some(step.id);
    custody.seal = Some(step.seal.clone());
}

/// Only the holder moves an item on. Before the post has it, anybody enrolled may take it, fail to, or call it off.
fn is_lawful_giver(holder: Option<Holder>, step: &Move) -> bool {
    match holder {
        Some(holder) => holder == step.giver,
        None => matches!(
            step.kind,
            Kind::TakeIn | Kind::Accept | Kind::AttemptFailed | Kind::Withdraw
        ),
    }
}

fn changes_hands(kind: Kind) -> bool {
    matches!(kind, Kind::TakeIn | Kind::Accept | Kind::Deliver)
}

fn holder_after(holder: Option<Holder>, step: &Move) -> Option<Holder> {
    match step.kind {
        Kind::TakeIn | Kind::Accept => Some(step.signer),
        Kind::Deliver => Some(Holder::Citizen),
        _ => holder,
    }
}

/// Who gave an item that nobody is known to have held.
fn first_giver(kind: ItemKind, step: &Move) -> Option<Holder> {
    match step.kind {
        Kind::Accept => Some(step.giver),
        Kind::TakeIn if kind.sender() == Addressee::Citizen => Some(Holder::Citizen),
        _ => None,
    }
}

fn dispute(at: EventId, next: &[&Move], reason: DisputeReason, other: Vec<EventId>) -> Dispute {
    let mut branches: Vec<EventId> = next.iter().map(|step| step.id).chain(other).collect();
    branches.sort();
    let since_ms = next
        .iter()
        .map(|step| step.at_ms)
        .min()
        .expect("a dispute has at least one branch");
    Dispute {
        reason,
        at,
        branches,
        since_ms,
    }
}

/// What was set aside at once, plus every move that was not reached, with the reason. What lost to a ruling waits for nothing.
fn parked(custody: &ItemCustody, evidence: &Evidence, open: &[Dispute]) -> Vec<(EventId, ParkReason)> {
    // Only the first open dispute is shown; the branches of a later one wait behind it.
    let shown = open.iter().take(1).flat_map(|dispute| dispute.branches.iter().copied());
    let placed: BTreeSet<EventId> = custody.applied.iter().map(|applied| applied.id).chain(shown).collect();
    let behind = descendants(open.iter().flat_map(|dispute| dispute.branches.clone()), evidence);
    let later = open.iter().skip(1).flat_map(|dispute| dispute.branches.iter().copied());
    let behind: BTreeSet<EventId> = behind.into_iter().chain(later).collect();
    let settled = custody
        .settled
        .iter()
        .flat_map(|settled| settled.set_aside.iter().copied());
    let lost: BTreeSet<EventId> = settled.collect();
    let mut parked: BTreeMap<EventId, ParkReason> = evidence.parked.clone();
    for step in evidence
        .moves
        .values()
        .flatten()
        .filter(|step| !placed.contains(&step.id) && !lost.contains(&step.id))
    {
        let is_behind = behind.contains(&step.id);
        parked.insert(
            step.id,
            if is_behind {
                ParkReason::BehindDispute
            } else {
                ParkReason::WaitingForParent
            },
        );
    }
    parked.into_iter().collect()
}

/// Every move that descends from one of these.
pub(super) fn descendants(of: impl Iterator<Item = EventId>, evidence: &Evidence) -> BTreeSet<EventId> {
    let mut found = BTreeSet::new();
    let mut open: Vec<EventId> = of.collect();
    while let Some(parent) = open.pop() {
        for step in evidence.moves.get(&parent).into_iter().flatten() {
            if found.insert(step.id) {
                open.push(step.id);
            }
        }
    }
    found
}

/// Scans by somebody who did not hold the item at the head the scan knew.
fn sightings(custody: &ItemCustody, evidence: &Evidence) -> Vec<Sighting> {
    let holder_at = |head: EventId| {
        let applied = custody.applied.iter().find(|applied| applied.id == head);
        applied.map_or(custody.holder, |applied| applied.to)
    };
    let seen = evidence
        .seen
        .iter()
        .filter(|(head, sighting)| holder_at(*head) != Some(sighting.by));
    seen.map(|(_, sighting)| sighting.clone()).collect()
}
