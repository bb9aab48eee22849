//! Sorts the set of events by what they can mean for one item, before any order is looked for.
//!
//! From its packing on, an item and its bag share one head: an event that names the bag is a move of everything that lies
//! in it. Whether the item lies in it at that head is the walk's to know.

use std::collections::{BTreeMap, BTreeSet};

use domain::hat::Hat;
use domain::holder::Holder;
use domain::item::Incident;

use super::ruling::{self, Settled, TakenBack};
use super::{Known, Packed, ParkReason, Parties, Sighting, table};
use crate::event::{Event, Excepted, ItemRef, exception_code, manifest_hash};
use crate::ids::{EventId, ItemId};
use crate::kind::Kind;

/// An event that continues some head of the item.
#[derive(Debug, Clone)]
pub(super) struct Move {
    pub(super) id: EventId,
    pub(super) kind: Kind,
    /// What the event names: the item, or a bag it was put into.
    pub(super) names: ItemId,
    /// What the packing or opening means for the item.
    pub(super) packing: Packing,
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

/// What a move has to do with a bag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Packing {
    /// Nothing.
    None,
    /// It puts the item in.
    In(Packed),
    /// It takes the item out.
    Out,
}

/// Something told of the item or its bag at a head.
#[derive(Debug, Clone)]
pub(super) struct Told<T> {
    /// What the event names.
    pub(super) names: ItemId,
    /// The head it knew.
    pub(super) head: EventId,
    pub(super) what: T,
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
    /// Scans.
    pub(super) seen: Vec<Told<Sighting>>,
    pub(super) incidents: Vec<Told<(EventId, Incident)>>,
    /// Moves that their author took back although somebody had gone on from them, and the event that did.
    pub(super) corrected: BTreeMap<EventId, EventId>,
    /// Events that were set aside before anybody asked who holds the item.
    pub(super) settled: Vec<Settled>,
    pub(super) parked: BTreeMap<EventId, ParkReason>,
    /// Every packing under the label of a bag the item was put into. A label is used once.
    pub(super) packings: BTreeMap<ItemId, BTreeSet<EventId>>,
}

/// The set by id. An event received twice counts from its first receipt.
type Set<'a> = BTreeMap<EventId, Known<'a>>;

/// What is asked about: the item, and every bag it was ever put into.
struct Subjects {
    item: ItemId,
    bags: BTreeSet<ItemId>,
}

impl Subjects {
    fn of(item: ItemId, set: &Set<'_>) -> Self {
        let packings = set.values().filter(|known| known.event.kind == Kind::Aggregate);
        let bags = packings.filter(|known| known.event.item(item).is_some());
        Self {
            item,
            bags: bags.filter_map(|known| known.event.bag()).collect(),
        }
    }

    /// The lines of an event that are about the item or a bag of it.
    fn lines<'a>(&self, event: &'a Event) -> impl Iterator<Item = &'a ItemRef> {
        event
            .items
            .iter()
            .filter(|line| line.item == self.item || self.bags.contains(&line.item))
    }
}

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
        let subjects = Subjects::of(item, &set);
        let mut evidence = Self::default();
        for known in set.values() {
            if let Some(by) = aside.get(&known.id) {
                evidence.put_aside(known.id, *by);
            } else if let Err(reason) = evidence.take(&subjects, known, &set, parties) {
                evidence.parked.insert(known.id, reason);
            }
        }
        let back = evidence.taken_back(&subjects, &set, aside);
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
        subjects: &Subjects,
        set: &Set<'_>,
        aside: &BTreeMap<EventId, EventId>,
    ) -> BTreeMap<EventId, EventId> {
        let mut back = BTreeMap::new();
        for known in set.values().filter(|known| known.event.kind == Kind::Correction) {
            let names = known.event.items.is_empty() || subjects.lines(known.event).next().is_some();
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
            self.incidents.retain(|told| told.what.0 != id);
            self.seen.retain(|told| told.what.id != id);
            for all in self.packings.values_mut() {
                all.remove(&id);
            }
            self.parked.remove(&id);
            self.put_aside(id, by);
        }
        self.moves.retain(|_, moves| !moves.is_empty());
        self.corrected = back;
    }

    fn take(
        &mut self,
        subjects: &Subjects,
        known: &Known<'_>,
        set: &Set<'_>,
        parties: &dyn Parties,
    ) -> Result<(), ParkReason> {
        let event = known.event;
        match event.kind {
            Kind::Accept => self.take_accept(subjects, known, set, parties),
            Kind::Release => {
                let accept = event.about_event().and_then(|id| set.get(&id));
                let Some(offer) = accept.and_then(|accept| offer_of(subjects, accept.event, set)) else {
                    return Ok(());
                };
                by_giver(event, offer)?;
                self.released.extend(event.about_event());
                Ok(())
            }
            Kind::RevokeOffer => {
                let Some(offer) = offer_of(subjects, event, set) else {
                    return Ok(());
                };
                by_giver(event, offer)?;
                self.revoked.insert(offer.id, known.id);
                Ok(())
            }
            Kind::Observe => {
                for named in subjects.lines(event) {
                    let (_, by) = signer(event, parties)?;
                    let what = Sighting {
                        id: known.id,
                        by,
                        at_ms: event.at_ms(known.received_ms),
                        place: event.place.clone(),
                    };
                    self.seen.push(told(named, what));
                }
                Ok(())
            }
            Kind::Exception => {
                let found = event.reason.and_then(incident).map(|incident| (known.id, incident));
                self.incidents.extend(
                    subjects
                        .lines(event)
                        .zip(found.into_iter().cycle())
                        .map(|(named, what)| told(named, what)),
                );
                Ok(())
            }
            Kind::Aggregate => self.take_packing(subjects, known, parties),
            Kind::Disaggregate => self.take_opening(subjects, known, parties),
            kind if table::moves(kind) => {
                for named in subjects.lines(event) {
                    self.push(named, known, Packing::None, parties)?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// An act of whoever has the item or its bag.
    fn push(
        &mut self,
        named: &ItemRef,
        known: &Known<'_>,
        packing: Packing,
        parties: &dyn Parties,
    ) -> Result<(), ParkReason> {
        let (hat, party) = signer(known.event, parties)?;
        self.moves.entry(named.head).or_default().push(Move {
            id: known.id,
            kind: known.event.kind,
            names: named.item,
            packing,
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

    fn take_packing(
        &mut self,
        subjects: &Subjects,
        known: &Known<'_>,
        parties: &dyn Parties,
    ) -> Result<(), ParkReason> {
        let (event, bag) = (known.event, known.event.bag());
        if let Some(bag) = bag.filter(|bag| subjects.bags.contains(bag)) {
            signer(event, parties)?;
            self.packings.entry(bag).or_default().insert(known.id);
        }
        // A bag is put into no other bag: such a line is a move of the bag that nothing allows.
        for named in subjects.lines(event) {
            let packing = Packed::of(known.id, event).filter(|_| named.item == subjects.item);
            self.push(named, known, packing.map_or(Packing::None, Packing::In), parties)?;
        }
        Ok(())
    }

    /// What an opening does not name stays in the bag.
    fn take_opening(
        &mut self,
        subjects: &Subjects,
        known: &Known<'_>,
        parties: &dyn Parties,
    ) -> Result<(), ParkReason> {
        let (event, item) = (known.event, known.event.item(subjects.item));
        let bag = event.bag().filter(|bag| subjects.bags.contains(bag));
        match (bag.and_then(|bag| event.item(bag)), item) {
            (Some(bag), Some(_)) => self.push(bag, known, Packing::Out, parties),
            (Some(bag), None) => self.push(bag, known, Packing::None, parties),
            (None, Some(named)) => self.push(named, known, Packing::None, parties),
            (None, None) => Ok(()),
        }
    }

    fn take_accept(
        &mut self,
        subjects: &Subjects,
        known: &Known<'_>,
        set: &Set<'_>,
        parties: &dyn Parties,
    ) -> Result<(), ParkReason> {
        let accept = known.event;
        let offer = accept.about_event().and_then(|id| set.get(&id));
        let Some(offer) = offer.filter(|offer| offer.event.kind == Kind::Offer) else {
            let may_concern = accept.items.is_empty() || subjects.lines(accept).next().is_some();
            return if may_concern {
                Err(ParkReason::WaitingForOffer)
            } else {
                Ok(())
            };
        };
        for named in subjects.lines(offer.event) {
            if offer.event.about_device() != Some(accept.device) {
                return Err(ParkReason::WrongReceiver);
            }
            if !matches_offer(accept, offer.event) {
                return Err(ParkReason::DoesNotMatchOffer);
            }
            let excepted = accept.exceptions().iter().find(|excepted| excepted.item == named.item);
            if let Some(Excepted { code, .. }) = excepted {
                let found = incident(*code).map(|incident| told(named, (known.id, incident)));
                self.incidents.extend(found);
                continue;
            }
            let (hat, receiver) = signer(accept, parties)?;
            let (_, giver) = signer(offer.event, parties)?;
            self.moves.entry(named.head).or_default().push(Move {
                id: known.id,
                kind: Kind::Accept,
                names: named.item,
                packing: Packing::None,
                hat,
                giver,
                signer: receiver,
                offer: Some(offer.id),
                seal: named.seal.clone(),
                at_ms: accept.at_ms(known.received_ms),
                reason: accept.reason,
            });
        }
        Ok(())
    }
}

fn told<T>(named: &ItemRef, what: T) -> Told<T> {
    Told {
        names: named.item,
        head: named.head,
        what,
    }
}

/// The offer an event speaks about, when it is known and names the item or its bag.
fn offer_of<'a>(subjects: &Subjects, event: &Event, set: &'a Set<'_>) -> Option<&'a Known<'a>> {
    let offer = set.get(&event.about_event()?)?;
    (offer.event.kind == Kind::Offer && subjects.lines(offer.event).next().is_some()).then_some(offer)
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
