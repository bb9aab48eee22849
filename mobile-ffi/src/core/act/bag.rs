//! Sealed bags: putting items in, and taking them out again.
//!
//! A bag has a label of its own and is offered like any item. From its packing on it shares one head with what lies in it,
//! so the phone moves the contents along with every hand-over of the bag. What lies in it is read from the packing itself,
//! which travels with the bag ([`Core::trail`]).

use std::collections::BTreeMap;

use custody::envelope::Envelope;
use custody::event::{BAG_SEAL, Event, ItemRef, Place, Tally, exception_code, manifest_hash};
use custody::handover::MAX_PACKED;
use custody::ids::{EventId, HandoverId, ItemId};
use custody::kind::Kind;
use domain::hat::Hat;
use domain::holder::Holder;
use domain::item::ItemState;
use domain::item_code::ItemCode;
use rusqlite::Connection;

use super::handover::{distinct, moves};
use super::one_party::{Manner, dress, forced, known, parse, put, reference};
use crate::core::Core;
use crate::core::error::{CourierError, HandoverFault, Refusal};
use crate::core::guard::{Act, after, is_of_agency, refusal};
use crate::core::record::{Recorded, Recorder};
use crate::core::store::item::LocalItem;
use crate::core::store::{self, StoreError};

/// What lies in a bag, each with its line in the packing.
pub(super) type Contents = BTreeMap<ItemId, ItemRef>;

impl Core {
    /// Seals items into a bag: from now on whoever takes over the bag takes over all of them. The label is a fresh one.
    ///
    /// # Errors
    /// [`CourierError::Refused`] for a label that was used, an item that is not in your hands, lies in a bag or is one.
    pub fn pack(
        &self,
        bag_label: &str,
        seal: &str,
        item_codes: &[&str],
        manner: &Manner,
    ) -> Result<Recorded, CourierError> {
        let bag_code = parse(bag_label)?;
        let codes = distinct(item_codes, MAX_PACKED)?;
        if codes.contains(&bag_code) || seal.is_empty() {
            return Err(Refusal::BadList.into());
        }
        self.act(manner.hat, |recorder, party| {
            if store::item::find(recorder.tx, ItemId::of(bag_code.as_str()))?.is_some() {
                return Err(Refusal::LabelUsed { item_code: bag_code }.into());
            }
            let mut against_advice = false;
            let mut items = Vec::new();
            for code in &codes {
                let found = store::item::find(recorder.tx, ItemId::of(code.as_str()))?;
                let why = not_packed(recorder, manner.hat, *code, found.as_ref(), party)?;
                against_advice |= forced(why, manner)?;
                items.push(known(recorder, *code)?);
            }
            let mut lines: Vec<ItemRef> = items.iter().map(reference).collect();
            lines.sort();
            let mut moved = moves(&lines);
            moved.push((ItemId::of(bag_code.as_str()), None));
            let id = HandoverId(recorder.random16()?);
            let packed = recorder.record(manner.hat, Kind::Aggregate, id, &moved, |event| {
                event.manifest_hash = Some(manifest_hash(&lines));
                event.tally = Some(Tally::Count(lines.len() as u64));
                event.items = lines;
                event.place = Some(Place::Text(bag_code.to_string()));
                dress(event, manner);
                put(event, BAG_SEAL, seal);
                if against_advice {
                    put(event, "forced", "true");
                }
            })?;
            for item in items {
                let item = LocalItem {
                    head: Some(packed.event_id),
                    holder: item.holder.or(Some(party)),
                    changed_ms: recorder.wall_ms,
                    ..item
                };
                store::item::save(recorder.tx, &item)?;
            }
            let bag = LocalItem {
                head: Some(packed.event_id),
                holder: Some(party),
                state: ItemState::InTransit,
                seal: seal.to_owned(),
                changed_ms: recorder.wall_ms,
                ..LocalItem::unknown(bag_code)
            };
            store::item::save(recorder.tx, &bag)?;
            Ok(packed)
        })
    }

    /// Opens a bag and takes out what was seen in it. With `rest_is_missing` the person says that nothing else is there:
    /// what the packing names and nobody saw is reported missing and stays with the bag.
    ///
    /// # Errors
    /// [`CourierError::Refused`] for a bag that is not in your hands, [`CourierError::Handover`] with the differences to
    /// the packing.
    pub fn unpack(
        &self,
        bag_label: &str,
        item_codes: &[&str],
        rest_is_missing: bool,
        manner: &Manner,
    ) -> Result<Recorded, CourierError> {
        let bag_code = parse(bag_label)?;
        let codes = distinct(item_codes, MAX_PACKED)?;
        self.act(manner.hat, |recorder, party| {
            let found = store::item::find(recorder.tx, ItemId::of(bag_code.as_str()))?;
            let bag = found.ok_or(Refusal::UnknownItem { item_code: bag_code })?;
            let why = refusal(Act::Offer, manner.hat, bag_code, Some(&bag), party);
            let against_advice = forced(why, manner)?;
            let contents = contents(recorder.tx, &bag)?;
            let missing = compare(contents.as_ref(), &codes, rest_is_missing)?;
            let bag_line = reference(&bag);
            let taken: Vec<ItemRef> = codes
                .iter()
                .map(|code| taken_out(*code, contents.as_ref(), bag_line.head))
                .collect();
            let mut lines = taken.clone();
            lines.push(bag_line);
            lines.sort();
            let id = HandoverId(recorder.random16()?);
            let mut moved = moves(&lines);
            moved.extend(missing.iter().map(|item| (*item, bag.head)));
            let opened = recorder.record(manner.hat, Kind::Disaggregate, id, &moved, |event| {
                event.items = lines;
                event.place = Some(Place::Text(bag_code.to_string()));
                dress(event, manner);
                if against_advice {
                    put(event, "forced", "true");
                }
            })?;
            for (code, line) in codes.iter().zip(&taken) {
                let item = LocalItem {
                    head: Some(opened.event_id),
                    holder: Some(party),
                    seal: line.seal.clone(),
                    provisional: bag.provisional,
                    changed_ms: recorder.wall_ms,
                    ..in_hand(known(recorder, *code)?, bag.state)
                };
                store::item::save(recorder.tx, &item)?;
            }
            follow(recorder, &missing, opened.event_id)?;
            if !missing.is_empty() {
                report_missing(recorder, manner.hat, &missing, opened.event_id)?;
            }
            let bag = LocalItem {
                head: Some(opened.event_id),
                holder: bag.holder.filter(|_| !missing.is_empty()),
                changed_ms: recorder.wall_ms,
                ..bag
            };
            store::item::save(recorder.tx, &bag)?;
            Ok(opened)
        })
    }

    /// The ids of what lies in a bag, as far as this phone knows its packing.
    ///
    /// # Errors
    /// [`CourierError::Unreadable`] if it is no label, [`CourierError::Store`].
    pub fn packed_in(&self, bag_label: &str) -> Result<Vec<ItemId>, CourierError> {
        let code = parse(bag_label)?;
        self.store.read(|db| {
            let bag = store::item::find(db, ItemId::of(code.as_str()))?;
            let found = bag.map(|bag| contents(db, &bag)).transpose()?.flatten();
            Ok(found.unwrap_or_default().into_keys().collect())
        })
    }
}

/// Why an item should not be packed.
fn not_packed(
    recorder: &Recorder<'_>,
    hat: Hat,
    item_code: ItemCode,
    item: Option<&LocalItem>,
    party: Holder,
) -> Result<Option<Refusal>, CourierError> {
    let Some(item) = item else {
        // As with an offer: an agency begins the way of its own results.
        return Ok((!is_of_agency(hat)).then_some(Refusal::UnknownItem { item_code }));
    };
    if after(item, Kind::Aggregate, hat).is_none() {
        return Ok(Some(Refusal::WrongState {
            item_code,
            state: item.state,
            act: "pack",
        }));
    }
    if contents(recorder.tx, item)?.is_some() {
        return Err(Refusal::BadList.into());
    }
    advice(recorder, Act::Offer, hat, item_code, Some(item), party)
}

/// Why an act should not be done, with what the phone knows of bags: what lies in one is moved with it only, and a bag is
/// handed over and opened and nothing else.
pub(super) fn advice(
    recorder: &Recorder<'_>,
    act: Act,
    hat: Hat,
    item_code: ItemCode,
    item: Option<&LocalItem>,
    party: Holder,
) -> Result<Option<Refusal>, CourierError> {
    let why = refusal(act, hat, item_code, item, party);
    let (None, Some(item)) = (&why, item) else {
        return Ok(why);
    };
    if lies_in_bag(recorder.tx, item)? {
        return Ok(Some(Refusal::InBag { item_code }));
    }
    let is_bag = act != Act::Offer && contents(recorder.tx, item)?.is_some();
    Ok(is_bag.then_some(Refusal::WrongState {
        item_code,
        state: item.state,
        act: act.as_str(),
    }))
}

/// One step back on the way of an item, as far as this phone has it.
fn steps(db: &Connection, item: &LocalItem) -> impl Iterator<Item = Result<Event, StoreError>> {
    let (db, id, mut at) = (db, item.item_id(), item.head);
    std::iter::from_fn(move || {
        let head = at?;
        let read = || -> Result<Option<Event>, StoreError> {
            let Some(stored) = store::event::find(db, head)? else {
                return Ok(None);
            };
            let envelope = Envelope::parse(&stored.envelope).map_err(|_| StoreError::Corrupt { what: "event" })?;
            Ok(Some(envelope.into_event()))
        };
        let step = read().transpose()?;
        at = store::event::parent(db, head, id).ok().flatten().flatten();
        Some(step)
    })
}

/// Whether the last packing or opening of an item left it in a bag.
fn lies_in_bag(db: &Connection, item: &LocalItem) -> Result<bool, StoreError> {
    let id = item.item_id();
    for step in steps(db, item) {
        let event = step?;
        let is_named = event.item(id).is_some();
        match event.kind {
            Kind::Aggregate => return Ok(is_named),
            Kind::Disaggregate if is_named => return Ok(false),
            Kind::Disaggregate | Kind::Accept => {}
            _ => return Ok(false),
        }
    }
    Ok(false)
}

/// What lies in a bag: its packing without what was taken out since. Nothing when it is no bag or its packing is not here.
pub(super) fn contents(db: &Connection, bag: &LocalItem) -> Result<Option<Contents>, StoreError> {
    let id = bag.item_id();
    let mut out = Vec::new();
    for step in steps(db, bag) {
        let event = step?;
        match event.kind {
            Kind::Aggregate if event.bag() == Some(id) => {
                let lines = event.items.into_iter().map(|line| (line.item, line));
                return Ok(Some(lines.filter(|(item, _)| !out.contains(item)).collect()));
            }
            Kind::Disaggregate if event.bag() == Some(id) => out.extend(event.items.iter().map(|line| line.item)),
            Kind::Accept => {}
            _ => return Ok(None),
        }
    }
    Ok(None)
}

/// Holds what was seen against the packing; gives what is missing.
fn compare(
    contents: Option<&Contents>,
    codes: &[ItemCode],
    rest_is_missing: bool,
) -> Result<Vec<ItemId>, CourierError> {
    let Some(contents) = contents else {
        return Ok(Vec::new());
    };
    let seen: Vec<ItemId> = codes.iter().map(|code| ItemId::of(code.as_str())).collect();
    let is_unexpected = |code: &&ItemCode| !contents.contains_key(&ItemId::of(code.as_str()));
    let unexpected: Vec<ItemCode> = codes.iter().filter(is_unexpected).copied().collect();
    let missing: Vec<ItemId> = contents.keys().filter(|item| !seen.contains(item)).copied().collect();
    if unexpected.is_empty() && (missing.is_empty() || rest_is_missing) {
        return Ok(missing);
    }
    let missing = missing.iter().map(ToString::to_string).collect();
    Err(HandoverFault::Differs {
        missing,
        unexpected,
        seals: Vec::new(),
    }
    .into())
}

fn taken_out(code: ItemCode, contents: Option<&Contents>, head: EventId) -> ItemRef {
    let item = ItemId::of(code.as_str());
    let line = contents.and_then(|contents| contents.get(&item));
    ItemRef {
        item,
        head,
        seal: line.map(|line| line.seal.clone()).unwrap_or_default(),
    }
}

/// An item that came in a bag stands where the bag stands, unless this phone knew it before.
fn in_hand(item: LocalItem, bag: ItemState) -> LocalItem {
    if item.head.is_some() {
        item
    } else {
        LocalItem { state: bag, ..item }
    }
}

/// The ones that stay in the bag have its new head.
fn follow(recorder: &Recorder<'_>, items: &[ItemId], head: EventId) -> Result<(), CourierError> {
    for item in items {
        if let Some(mut item) = store::item::find(recorder.tx, *item)? {
            item.head = Some(head);
            store::item::save(recorder.tx, &item)?;
        }
    }
    Ok(())
}

fn report_missing(recorder: &Recorder<'_>, hat: Hat, items: &[ItemId], head: EventId) -> Result<(), CourierError> {
    let lines = items.iter().map(|item| ItemRef {
        item: *item,
        head,
        seal: String::new(),
    });
    let id = HandoverId(recorder.random16()?);
    recorder.record(hat, Kind::Exception, id, &[], |event| {
        event.items = lines.collect();
        event.reason = Some(exception_code::MISSING);
    })?;
    Ok(())
}
