//! Follows the item's heads from the first event to the last that is not in doubt.

use std::collections::{BTreeMap, BTreeSet};

use domain::holder::Holder;
use domain::item::{Addressee, Incident, ItemKind, ItemState};

use super::evidence::{Evidence, Move, Packing, Told};
use super::ruling::{self, Ruling};
use super::{Applied, Dispute, DisputeReason, ItemCustody, Packed, ParkReason, Sighting, table};
use crate::ids::{EventId, ItemId};
use crate::kind::Kind;

pub(super) fn walk(item: ItemId, kind: ItemKind, evidence: &Evidence, rulings: &[Ruling]) -> ItemCustody {
    let mut custody = untouched(item, kind);
    custody.settled.clone_from(&evidence.settled);
    let (mut open, mut dismissed) = (Vec::new(), BTreeSet::new());
    let mut lay_in = BTreeMap::from([(EventId::ZERO, None)]);
    loop {
        let next = evidence.moves.get(&head(&custody)).into_iter().flatten();
        let bag = custody.packed.as_ref().map(|packed| packed.bag);
        let next: Vec<&Move> = next
            .filter(|step| is_about(step.names, item, bag) && !dismissed.contains(&step.id))
            .collect();
        let step = match next.as_slice() {
            [] => break,
            [only] => apply(&mut custody, only, evidence),
            _ => Err((DisputeReason::Fork, Vec::new())),
        };
        if let Err((reason, other)) = step {
            let found = dispute(head(&custody), &next, reason, other);
            let (stays_open, goes_on) = ruling::settle(&mut custody, found, &next, (evidence, rulings), &mut dismissed);
            open.extend(stays_open);
            if !goes_on {
                break;
            }
        }
        lay_in.insert(head(&custody), custody.packed.as_ref().map(|packed| packed.bag));
    }
    custody.parked = parked(&custody, &lay_in, evidence, &open);
    custody.disputed = open.into_iter().next();
    custody.sightings = sightings(&custody, &lay_in, evidence);
    custody.incidents = incidents(item, &lay_in, evidence);
    custody
}

/// The bag the item lay in at each head that was applied.
type LayIn = BTreeMap<EventId, Option<ItemId>>;

/// Whether an event that names this is about the item while it lies in `bag`. Naming the item itself always is.
fn is_about(names: ItemId, item: ItemId, bag: Option<ItemId>) -> bool {
    names == item || bag == Some(names)
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
        packed: None,
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
    let packed = packed_after(custody, step, evidence)?;
    let state = table::state_after(custody.state, step.kind, step.hat, custody.kind)
        .ok_or((DisputeReason::IllegalMove, Vec::new()))?;
    go(custody, step, (state, packed), evidence);
    Ok(())
}

/// Applies a move that leads to this state and leaves the item in this bag.
pub(super) fn go(
    custody: &mut ItemCustody,
    step: &Move,
    (state, packed): (ItemState, Option<Packed>),
    evidence: &Evidence,
) {
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
    if step.names == custody.item {
        custody.seal = Some(step.seal.clone());
    }
    custody.packed = packed;
}

/// In which bag the item lies after a move that people ruled to be so, whatever is against it.
pub(super) fn packed_as_ruled(custody: &ItemCustody, step: &Move, evidence: &Evidence) -> Option<Packed> {
    packed_after(custody, step, evidence).unwrap_or_else(|_| match &step.packing {
        Packing::In(into) => Some(into.clone()),
        // Whoever moved the item alone had taken it out.
        Packing::Out | Packing::None => None,
    })
}

/// In which bag the item lies after a move. A sealed bag is handed over and opened, and nothing else; what lies in it is
/// moved by nothing that does not name the bag; and a label seals one bag.
fn packed_after(
    custody: &ItemCustody,
    step: &Move,
    evidence: &Evidence,
) -> Result<Option<Packed>, (DisputeReason, Vec<EventId>)> {
    let illegal = Err((DisputeReason::IllegalMove, Vec::new()));
    match (&custody.packed, &step.packing) {
        (Some(packed), packing) if step.names == packed.bag => match (step.kind, packing) {
            (Kind::Disaggregate, Packing::Out) => Ok(None),
            (Kind::Disaggregate | Kind::Accept, _) => Ok(Some(packed.clone())),
            _ => illegal,
        },
        (Some(_), _) => illegal,
        (None, Packing::In(into)) => match evidence.packings.get(&into.bag) {
            Some(all) if all.len() > 1 => Err((DisputeReason::Fork, all.iter().copied().collect())),
            _ => Ok(Some(into.clone())),
        },
        (None, Packing::Out | Packing::None) => match step.kind {
            Kind::Aggregate | Kind::Disaggregate => illegal,
            _ => Ok(None),
        },
    }
}

/// Only the holder moves an item on. Before the post has it, anybody enrolled may take it, fail to, or call it off, and its agency
/// packs it.
fn is_lawful_giver(holder: Option<Holder>, step: &Move) -> bool {
    match holder {
        Some(holder) => holder == step.giver,
        None => match step.kind {
            Kind::TakeIn | Kind::Accept | Kind::AttemptFailed | Kind::Withdraw => true,
            Kind::Aggregate => !table::is_post(step.hat),
            _ => false,
        },
    }
}

fn changes_hands(kind: Kind) -> bool {
    matches!(kind, Kind::TakeIn | Kind::Accept | Kind::Deliver)
}

fn holder_after(holder: Option<Holder>, step: &Move) -> Option<Holder> {
    match step.kind {
        Kind::TakeIn | Kind::Accept => Some(step.signer),
        Kind::Deliver => Some(Holder::Citizen),
        // An agency that packs its result says that it has it.
        Kind::Aggregate => holder.or(Some(step.signer)),
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
    branches.dedup();
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
fn parked(custody: &ItemCustody, lay_in: &LayIn, evidence: &Evidence, open: &[Dispute]) -> Vec<(EventId, ParkReason)> {
    // Only the first open dispute is shown; the branches of a later one wait behind it.
    let shown = open.iter().take(1).flat_map(|dispute| dispute.branches.iter().copied());
    let placed: BTreeSet<EventId> = custody.applied.iter().map(|applied| applied.id).chain(shown).collect();
    let branches = open.iter().flat_map(|dispute| dispute.branches.clone());
    let behind = descendants(branches, evidence);
    let later = open.iter().skip(1).flat_map(|dispute| dispute.branches.iter().copied());
    let behind: BTreeSet<EventId> = behind.into_iter().chain(later).collect();
    let settled = custody
        .settled
        .iter()
        .flat_map(|settled| settled.set_aside.iter().copied());
    let lost: BTreeSet<EventId> = settled.collect();
    // Where the bag went after the item had left it.
    let opened = custody
        .applied
        .iter()
        .filter(|applied| applied.kind == Kind::Disaggregate);
    let elsewhere = followed(opened.map(|applied| applied.id).collect(), evidence, |head, step| {
        step.names != custody.item && lay_in.get(&head).is_none_or(|bag| *bag != Some(step.names))
    });
    let mut parked: BTreeMap<EventId, ParkReason> = evidence.parked.clone();
    for step in evidence.moves.values().flatten() {
        if placed.contains(&step.id) || lost.contains(&step.id) {
            continue;
        }
        if behind.contains(&step.id) {
            parked.insert(step.id, ParkReason::BehindDispute);
        } else if !elsewhere.contains(&step.id) {
            parked.insert(step.id, ParkReason::WaitingForParent);
        }
    }
    parked.into_iter().collect()
}

/// Every move that descends from one of these.
pub(super) fn descendants(of: impl Iterator<Item = EventId>, evidence: &Evidence) -> BTreeSet<EventId> {
    followed(of.collect(), evidence, |_, _| true)
}

/// Every move that descends from these heads through moves that are followed.
fn followed(
    mut open: Vec<EventId>,
    evidence: &Evidence,
    is_followed: impl Fn(EventId, &Move) -> bool,
) -> BTreeSet<EventId> {
    let mut found = BTreeSet::new();
    while let Some(head) = open.pop() {
        for step in evidence.moves.get(&head).into_iter().flatten() {
            if is_followed(head, step) && found.insert(step.id) {
                open.push(step.id);
            }
        }
    }
    found
}

/// Whether something was told of the item at the head it knew; a head that is not known yet speaks for itself.
fn is_told<T>(told: &Told<T>, item: ItemId, lay_in: &LayIn) -> bool {
    is_about(told.names, item, lay_in.get(&told.head).copied().flatten())
}

/// Scans by somebody who did not hold the item at the head the scan knew.
fn sightings(custody: &ItemCustody, lay_in: &LayIn, evidence: &Evidence) -> Vec<Sighting> {
    let holder_at = |head: EventId| {
        let applied = custody.applied.iter().find(|applied| applied.id == head);
        applied.map_or(custody.holder, |applied| applied.to)
    };
    let seen = evidence.seen.iter().filter(|told| is_told(told, custody.item, lay_in));
    seen.filter(|told| holder_at(told.head) != Some(told.what.by))
        .map(|told| told.what.clone())
        .collect()
}

/// What went wrong with the item or with the bag it lay in.
fn incidents(item: ItemId, lay_in: &LayIn, evidence: &Evidence) -> Vec<(EventId, Incident)> {
    let told = evidence.incidents.iter().filter(|told| is_told(told, item, lay_in));
    let mut found: Vec<_> = told.map(|told| told.what).collect();
    found.dedup();
    found
}
