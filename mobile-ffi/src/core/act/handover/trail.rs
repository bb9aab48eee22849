//! What led to the items travels with them, so that a lost phone leaves no story without its beginning.

use std::collections::{BTreeMap, BTreeSet};

use custody::envelope::Envelope;
use custody::event::{Event, ItemRef};
use custody::handover::trail::{self, Past};
use custody::ids::{EventId, HandoverId, ItemId};
use custody::kind::Kind;
use domain::hat::Hat;
use rusqlite::Connection;

use super::{accepted_lines, moved, moves, signer};
use crate::core::Core;
use crate::core::act::bag::contents;
use crate::core::error::{CourierError, HandoverFault};
use crate::core::record::Recorder;
use crate::core::store::event::EventState;
use crate::core::store::handover::{Handover, Role};
use crate::core::store::item::LocalItem;
use crate::core::store::{self, StoreError};

impl Core {
    /// Giver: what this phone has not deposited yet of the way of the items it offered, and the packing of a bag. Show it
    /// once the phone is green, in as many pictures as it needs ([`custody::handover::frame`]).
    ///
    /// # Errors
    /// [`CourierError::Handover`] if there is no such offer, [`CourierError::Store`].
    pub fn trail(&self, handover_id: HandoverId) -> Result<Vec<u8>, CourierError> {
        self.store.read(|db| {
            let handover = store::handover::find_by_handover(db, handover_id, Role::Giver)?;
            let offer = handover.and_then(|handover| handover.offer_id);
            let offer = parsed(db, offer.ok_or(HandoverFault::NotForUs)?)?;
            let lines = &offer.event().items;
            let mut past = Own::new(db, lines)?;
            let mut envelopes = Vec::new();
            for id in trail::way_back(lines, &mut past)? {
                envelopes.extend(store::event::find(db, id)?.map(|stored| stored.envelope));
            }
            Ok(trail::encode(envelopes.iter().map(Vec::as_slice)))
        })
    }

    /// Receiver: keeps what the giver showed of the way of the items this phone accepted, and gives how many events that
    /// is. What leads to none of them, or is not signed by the device it names, is passed over.
    ///
    /// # Errors
    /// [`CourierError::Unreadable`], [`CourierError::Handover`] if this phone accepted no such offer.
    pub fn keep_trail(&self, handover_id: HandoverId, bytes: &[u8]) -> Result<usize, CourierError> {
        let shown = trail::decode(bytes).map_err(|error| CourierError::Unreadable {
            what: "trail",
            why: error.to_string(),
        })?;
        let find = |db: &Connection| store::handover::find_by_handover(db, handover_id, Role::Receiver);
        let hat = self.store.read(find)?.ok_or(HandoverFault::NotForUs)?.hat;
        self.act(hat, |recorder, _| {
            let handover = find(recorder.tx)?.ok_or(HandoverFault::NotForUs)?;
            let offer = parsed(recorder.tx, handover.offer_id.ok_or(HandoverFault::NotForUs)?)?;
            let accept_id = handover.accept_id.ok_or(HandoverFault::NotForUs)?;
            let accept = parsed(recorder.tx, accept_id)?;
            let lines = accepted_lines(offer.event(), accept.event());
            let mut past = Shown::new(shown);
            // The beginning first: then each event finds what it continues, here and on the server.
            let way: Vec<EventId> = trail::way_back(&lines, &mut past)?.into_iter().rev().collect();
            for id in &way {
                if let Some((envelope, bytes)) = past.events.get(id) {
                    recorder.keep(envelope, bytes, &past.moves(envelope.event()))?;
                }
            }
            move_contents(recorder, &handover, &accept, &lines)?;
            Ok(way.len())
        })
    }
}

/// Moves what lies in the accepted bags, now that their packing is known.
fn move_contents(
    recorder: &Recorder<'_>,
    handover: &Handover,
    accept: &Envelope,
    lines: &[ItemRef],
) -> Result<(), CourierError> {
    let inside = inside(recorder.tx, lines)?;
    let bytes = store::event::find(recorder.tx, accept.id())?.map(|stored| stored.envelope);
    recorder.keep(accept, &bytes.unwrap_or_default(), &moves(&inside))?;
    carry(recorder, &inside, accept.id(), handover.hat, Some(handover.holder))
}

/// The lines of what lies in the bags among these, as far as their packing is here: each with the bag's head.
pub(super) fn inside(db: &Connection, lines: &[ItemRef]) -> Result<Vec<ItemRef>, StoreError> {
    let mut inside = Vec::new();
    for line in lines {
        let Some(bag) = store::item::find(db, line.item)? else {
            continue;
        };
        for (item, packed) in contents(db, &bag)?.unwrap_or_default() {
            inside.push(ItemRef {
                item,
                head: line.head,
                ..packed
            });
        }
    }
    Ok(inside)
}

/// Moves what lay in a bag along with it, where this phone knows it at the bag's head or before.
pub(super) fn carry(
    recorder: &Recorder<'_>,
    inside: &[ItemRef],
    accept_id: EventId,
    hat: Hat,
    holder: Option<domain::holder::Holder>,
) -> Result<(), CourierError> {
    for line in inside {
        if let Some(item) = store::item::find(recorder.tx, line.item)?
            && item.head != Some(accept_id)
        {
            let provisional = store::handover::is_provisional(recorder.tx, accept_id)?;
            let item = LocalItem {
                provisional,
                ..moved(item, accept_id, hat, holder, recorder.wall_ms)
            };
            store::item::save(recorder.tx, &item)?;
        }
    }
    Ok(())
}

fn parsed(db: &Connection, id: EventId) -> Result<Envelope, CourierError> {
    let stored = store::event::find(db, id)?.ok_or(StoreError::Corrupt { what: "handover" })?;
    Ok(Envelope::parse(&stored.envelope).map_err(|_| StoreError::Corrupt { what: "event" })?)
}

/// The giver's own store: what the server has not confirmed, and the whole way of a bag.
struct Own<'a> {
    db: &'a Connection,
    /// Events a bag cannot do without, deposited or not.
    of_bags: BTreeSet<EventId>,
}

impl<'a> Own<'a> {
    fn new(db: &'a Connection, lines: &[ItemRef]) -> Result<Self, CourierError> {
        let mut of_bags = BTreeSet::new();
        for line in lines {
            let bag = store::item::find(db, line.item)?;
            if bag.map(|bag| contents(db, &bag)).transpose()?.flatten().is_none() {
                continue;
            }
            let mut at = Some(line.head);
            while let Some(id) = at.filter(|id| of_bags.insert(*id)) {
                at = store::event::parent(db, id, line.item)?.flatten();
            }
        }
        Ok(Self { db, of_bags })
    }
}

impl Past for Own<'_> {
    type Error = CourierError;

    fn find(&mut self, id: EventId) -> Result<Option<Event>, CourierError> {
        let Some(stored) = store::event::find(self.db, id)? else {
            return Ok(None);
        };
        let is_unsent = matches!(stored.state, EventState::Recorded | EventState::Sent);
        let is_of_bag = self.of_bags.contains(&id);
        if !is_unsent && !is_of_bag {
            return Ok(None);
        }
        let event = parsed(self.db, id)?.into_event();
        if is_of_bag && event.kind == Kind::Accept {
            self.of_bags.extend(event.about_event());
        }
        Ok(Some(event))
    }

    fn release_of(&mut self, accept: EventId) -> Result<Option<EventId>, CourierError> {
        let received = store::handover::find_by_accept(self.db, accept, Role::Receiver)?;
        Ok(received.and_then(|handover| handover.release_id))
    }
}

/// What the giver showed, each event signed by the device it names.
struct Shown {
    events: BTreeMap<EventId, (Envelope, Vec<u8>)>,
}

impl Shown {
    fn new(shown: Vec<(Envelope, Vec<u8>)>) -> Self {
        let signed = shown.into_iter().filter(|(envelope, _)| signer(envelope).is_some());
        Self {
            events: signed
                .map(|(envelope, bytes)| (envelope.id(), (envelope, bytes)))
                .collect(),
        }
    }

    /// Which items an event moves, each with the head it moves it from.
    fn moves(&self, event: &Event) -> Vec<(ItemId, Option<EventId>)> {
        let offer = event.about_event().and_then(|id| self.events.get(&id));
        match event.kind {
            Kind::Accept => offer.map_or_else(Vec::new, |(offer, _)| moves(&accepted_lines(offer.event(), event))),
            Kind::Offer | Kind::Release | Kind::RevokeOffer => Vec::new(),
            Kind::Aggregate => {
                let bag = event.bag().map(|bag| (bag, None));
                moves(&event.items).into_iter().chain(bag).collect()
            }
            _ => moves(&event.items),
        }
    }
}

impl Past for Shown {
    type Error = CourierError;

    fn find(&mut self, id: EventId) -> Result<Option<Event>, CourierError> {
        Ok(self.events.get(&id).map(|(envelope, _)| envelope.event().clone()))
    }

    fn release_of(&mut self, accept: EventId) -> Result<Option<EventId>, CourierError> {
        let is_release = |event: &Event| event.kind == Kind::Release && event.about_event() == Some(accept);
        let release = self.events.values().find(|(envelope, _)| is_release(envelope.event()));
        Ok(release.map(|(envelope, _)| envelope.id()))
    }
}
