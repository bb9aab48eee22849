//! Sorts the set of events by what they can mean for one item, before any order is looked for.

use std::collections::{BTreeMap, BTreeSet};

use domain::hat::Hat;
use domain::holder::Holder;
use domain::item::Incident;

use super::ruling::{self, Settled, TakenBack};
use super::{Known, ParkReason, Parties, Sighting, table};
use crate::event::{Event, Excepted, exception_code, manifest_hash};
use crate::ids::{EventId, ItemId};
use crate::kind::Kind;

/// An event that continues some head of the item.
#[derive(Debug, Clone)]
pub(super) struct Move {
    pub(super) id: EventId,
    pub(super) kind: Kind,
    pub(super) hat: Hat,
    /// Who must hold the item for this to be lawful: the signer, or for an acceptance the giver of its offer.
    pub(super) giver: Holder,
    /// Who signed.
    pub(super) signer: Holder,
    /// The offer an acceptance names.
    pub(super) offer: Option<EventId>,
    pub(super) seal: String,
    pub(super) at_ms: i64,
    pub(super) reason: Option<u64>,
}

/// Everything the set says about the item, unordered.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// Moves by the head they continue, each list by id.
    pub(super) moves: BTreeMap<EventId, Vec<Move>>,
    /// Acceptances the giver released.
    pub(super) released: BTreeSet<EventId>,
    /// Revoked offers, and the event that revoked each.
    pub(super) revoked: BTreeMap<EventId, EventId>,
    /// Scans, with the head each one knew.
    pub(super) seen: Vec<(EventId, Sighting)>,
    pub(super) incidents: Vec<(EventId, Incident)>,
    /// Moves that their author took back although somebody had gone on from them, and the event that did.
    pub(super) corrected: BTreeMap<EventId, EventId>,
    /// Events that were set aside before anybody asked who holds the item.
    pub(super) settled: Vec<Settled>,
    pub(super) parked: BTreeMap<EventId, ParkReason>,
}

/// The set by id. An event received twice counts from its first receipt.
type Set<'a> = BTreeMap<EventId, Known<'a>>;

impl Evidence {
    pub(super) fn gather(
        item: ItemId,
        events: &[Known<'_>],
        aside: &BTreeMap<EventId, EventId>,
        parties: &dyn Parties,
    ) -> Self {
        let mut set = Set::new();
        for known in events.iter().filter(|known| !known.id.is_zero()) {
            let kept = set.entry(known.id).or_insert(*known);
            kept.received_ms = kept.received_ms.min(known.received_ms);
        }
        let mut evidence = Self::default();
        for known in set.values() {
            if let Some(by) = aside.get(&known.id) {
                evidence.put_aside(known.id, *by);
            } else if let Err(reason) = evidence.take(item, known, &set, parties) {
                evidence.parked.insert(known.id, reason);
            }
        }
        let back = evidence.taken_back(item, &set, aside);
        evidence.take_back(back);
        evidence
    }

    fn put_aside(&mut self, event: EventId, by: EventId) {
        self.settled.push(Settled {
            id: by,
            stands: None,
            found: None,
            set_aside: vec![event],
        });
    }

    /// What the authors of events took back themselves, and by which event.
    fn taken_back(
        &mut self,
        item: ItemId,
        set: &Set<'_>,
        aside: &BTreeMap<EventId, EventId>,
    ) -> BTreeMap<EventId, EventId> {
        let mut back = BTreeMap::new();
        for known in set.values().filter(|known| known.event.kind == Kind::Correction) {
            let names = known.event.items.is_empty() || known.event.item(item).is_some();
            if aside.contains_key(&known.id) || !names {
                continue;
            }
            let Some(about) = known.event.about_event() else {
                continue;
            };
            let Some(target) = set.get(&about) else {
                self.parked.insert(known.id, ParkReason::WaitingForParent);
                continue;
            };
            match ruling::take_back(known.event, target.event) {
                // Two people ruled on what it is about already.
                _ if aside.contains_key(&target.id) => {}
                TakenBack::NeedsRuling => drop(self.parked.insert(known.id, ParkReason::NeedsRuling)),
                TakenBack::Yes => {
                    back.entry(target.id).or_insert(known.id);
                }
            }
        }
        back
    }

    /// Takes them back. A move that somebody went on from stays, in dispute; one whose followers are taken back too goes with them.
    fn take_back(&mut self, mut back: BTreeMap<EventId, EventId>) {
        loop {
            let free = back
                .keys()
                .find(|id| self.moves.get(id).is_none_or(Vec::is_empty))
                .copied();
            let Some((id, by)) = free.and_then(|id| back.remove_entry(&id)) else {
                break;
            };
            self.moves
                .values_mut()
                .for_each(|moves| moves.retain(|step| step.id != id));
            self.incidents.retain(|(incident, _)| *incident != id);
            self.seen.retain(|(_, sighting)| sighting.id != id);
            self.parked.remove(&id);
            self.put_aside(id, by);
        }
        self.moves.retain(|_, moves| !moves.is_empty());
        self.corrected = back;
    }

    fn take(
        &mut self,
        item: ItemId,
        known: &Known<'_>,
        set: &Set<'_>,
        parties: &dyn Parties,
    ) -> Result<(), ParkReason> {
        let event = known.event;
        match event.kind {
            Kind::Accept => self.take_accept(item, known, set, parties),
            Kind::Release => {
                let accept = event.about_event().and_then(|id| set.get(&id));
                let Some(offer) = accept.and_then(|accept| offer_of(item, accept.event, set)) else {
                    return Ok(());
                };
                by_giver(event, offer)?;
                self.released.extend(event.about_event());
                Ok(())
            }
            Kind::RevokeOffer => {
                let Some(offer) = offer_of(item, event, set) else {
                    return Ok(());
                };
                by_giver(event, offer)?;
                self.revoked.insert(offer.id, known.id);
                Ok(())
            }
            Kind::Observe => {
                let Some(named) = event.item(item) else { return Ok(()) };
                let (_, by) = signer(event, parties)?;
                let at_ms = event.at_ms(known.received_ms);
                self.seen.push((
                    named.head,
                    Sighting {
                        id: known.id,
                        by,
                        at_ms,
                        place: event.place.clone(),
                    },
                ));
                Ok(())
            }
            Kind::Exception => {
                let code = event.item(item).and(event.reason);
                self.incidents
                    .extend(code.and_then(incident).map(|incident| (known.id, incident)));
                Ok(())
            }
            kind if table::moves(kind) => self.take_one_party(item, known, parties),
            _ => Ok(()),
        }
    }

    fn take_one_party(&mut self, item: ItemId, known: &Known<'_>, parties: &dyn Parties) -> Result<(), ParkReason> {
        let Some(named) = known.event.item(item) else {
            return Ok(());
        };
        let (hat, party) = signer(known.event, parties)?;
        self.moves.entry(named.head).or_default().push(Move {
            id: known.id,
            kind: known.event.kind,
            hat,
            giver: party,
            signer: party,
            offer: None,
            seal: named.seal.clone(),
            at_ms: known.event.at_ms(known.received_ms),
            reason: known.event.reason,
        });
        Ok(())
    }

    fn take_accept(
        &mut self,
        item: ItemId,
        known: &Known<'_>,
        set: &Set<'_>,
        parties: &dyn Parties,
    ) -> Result<(), ParkReason> {
        let accept = known.event;
        let offer = accept.about_event().and_then(|id| set.get(&id));
        let Some(offer) = offer.filter(|offer| offer.event.kind == Kind::Offer) else {
            let may_concern = accept.items.is_empty() || accept.item(item).is_some();
            return if may_concern {
                Err(ParkReason::WaitingForOffer)
            } else {
                Ok(())
            };
        };
        let Some(named) = offer.event.item(item) else {
            return Ok(());
        };
        if offer.event.about_device() != Some(accept.device) {
            return Err(ParkReason::WrongReceiver);
        }
        if !matches_offer(accept, offer.event) {
            return Err(ParkReason::DoesNotMatchOffer);
        }
        if let Some(Excepted { code, .. }) = accept.exceptions().iter().find(|excepted| excepted.item == item) {
            self.incidents
                .extend(incident(*code).map(|incident| (known.id, incident)));
            return Ok(());
        }
        let (hat, receiver) = signer(accept, parties)?;
        let (_, giver) = signer(offer.event, parties)?;
        self.moves.entry(named.head).or_default().push(Move {
            id: known.id,
            kind: Kind::Accept,
            hat,
            giver,
            signer: receiver,
            offer: Some(offer.id),
            seal: named.seal.clone(),
            at_ms: accept.at_ms(known.received_ms),
            reason: accept.reason,
        });
        Ok(())
    }
}

/// The offer an event speaks about, when it is known and names the item.
fn offer_of<'a>(item: ItemId, event: &Event, set: &'a Set<'_>) -> Option<&'a Known<'a>> {
    let offer = set.get(&event.about_event()?)?;
    (offer.event.kind == Kind::Offer && offer.event.item(item).is_some()).then_some(offer)
}

fn by_giver(event: &Event, offer: &Known<'_>) -> Result<(), ParkReason> {
    if event.device == offer.event.device {
        Ok(())
    } else {
        Err(ParkReason::NotGiver)
    }
}

/// Whether both sides signed the same hand-over of the same manifest, and the offer's items are that manifest.
fn matches_offer(accept: &Event, offer: &Event) -> bool {
    accept.handover_id == offer.handover_id
        && accept.manifest_hash == offer.manifest_hash
        && offer.manifest_hash == Some(manifest_hash(&offer.items))
}

fn signer(event: &Event, parties: &dyn Parties) -> Result<(Hat, Holder), ParkReason> {
    let hat = event.hat().ok_or(ParkReason::UnknownSigner)?;
    let party = parties.holder(&event.device, hat).ok_or(ParkReason::UnknownSigner)?;
    Ok((hat, party))
}

const fn incident(code: u64) -> Option<Incident> {
    match code {
        exception_code::DAMAGED => Some(Incident::Damaged),
        exception_code::MISSING => Some(Incident::Missing),
        exception_code::SEAL => Some(Incident::SealMismatch),
        _ => None,
    }
}
