//! Acts that need no second device: taking in, delivering, failing, holding, returning, refusing, going to paper.
//!
//! None of them is stopped by an ended credential or a missing network.

use std::collections::BTreeMap;

use custody::event::{Detail, Event, ItemRef, Tally, manifest_code, manifest_hash};
use custody::handover::MAX_ITEMS;
use custody::ids::{EventId, HandoverId};
use custody::kind::Kind;
use domain::hat::Hat;
use domain::holder::Holder;
use domain::item::{AttemptReason, ItemKind};
use domain::item_code::ItemCode;

use super::bag::advice;
use crate::core::Core;
use crate::core::error::{CourierError, Refusal};
use crate::core::guard::{Act, after};
use crate::core::record::{Recorded, Recorder};
use crate::core::store;
use crate::core::store::item::LocalItem;

/// How an act is done: in which hat, with which evidence, and whether against the phone's advice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manner {
    /// The hat worn.
    pub hat: Hat,
    /// The papers have already moved: record it although a guard speaks against it.
    pub force: bool,
    /// Small facts free of personal data.
    pub details: BTreeMap<String, String>,
    /// Hashes of photos, signatures, proofs.
    pub evidence: Vec<[u8; 32]>,
}

impl Manner {
    /// Nothing but the hat.
    pub const fn of(hat: Hat) -> Self {
        Self {
            hat,
            force: false,
            details: BTreeMap::new(),
            evidence: Vec::new(),
        }
    }

    /// The same, recorded whatever the phone thinks.
    #[must_use]
    pub fn forced(self) -> Self {
        Self { force: true, ..self }
    }

    /// The same with one more detail.
    #[must_use]
    pub fn with(mut self, key: &str, value: &str) -> Self {
        self.details.insert(key.to_owned(), value.to_owned());
        self
    }
}

/// What is taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeIn<'a> {
    /// The label.
    pub item_code: &'a str,
    /// What it carries; `None` where the work pack or nobody says.
    pub item_kind: Option<ItemKind>,
    /// Number on the seal; empty if it is not sealed yet.
    pub seal: &'a str,
    /// Papers counted with the sender.
    pub paper_count: u32,
}

/// The detail in which a delivery names the paper of authorisation that was shown: its number or date, no names.
pub const AUTHORISATION: &str = "authorisation";

/// Who received an item in person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient {
    /// The person it is addressed to.
    Addressee,
    /// An adult of the same household.
    Household,
    /// Somebody with an authorisation.
    Representative,
}

impl Recipient {
    const ALL: [Self; 3] = [Self::Addressee, Self::Household, Self::Representative];

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|recipient| recipient.as_str() == text)
    }

    /// The word in the event's details.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Addressee => "addressee",
            Self::Household => "household",
            Self::Representative => "representative",
        }
    }
}

impl Core {
    /// Takes an item from its sender: the birth of its custody chain. At the door a courier does this as Carrier, at
    /// a counter the hat is `PostAgent`; the hat in the event tells the two apart.
    ///
    /// # Errors
    /// [`CourierError`]; nothing was recorded.
    pub fn take_in(&self, what: &TakeIn<'_>, manner: &Manner) -> Result<Recorded, CourierError> {
        self.one_party(Act::TakeIn, what.item_code, manner, |item, event| {
            let from_server = item.kind;
            item.kind = from_server.or(what.item_kind);
            what.seal.clone_into(&mut item.seal);
            item.paper_count = Some(what.paper_count);
            event
                .details
                .insert("papers".to_owned(), Detail::Int(what.paper_count.into()));
            // A label nobody announced: without these two the server could not tell what was taken in.
            if let (None, Some(kind)) = (from_server, what.item_kind) {
                put(event, "item_kind", kind.as_str());
            }
            if item.server.is_none() && from_server.is_none() {
                put(event, "item_code", item.item_code.as_str());
            }
        })
    }

    /// Gives an item to a person. `assurance` 1 means this device's signature plus other proof (code, drawn signature). Somebody
    /// with an authorisation shows the paper: its number or date stands in the detail [`AUTHORISATION`].
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 5
    ///
    /// # Errors
    /// [`Refusal::NoAuthorisation`] for a representative without one, other [`CourierError`]; nothing was recorded.
    pub fn deliver(
        &self,
        item_code: &str,
        recipient: Recipient,
        assurance: u64,
        manner: &Manner,
    ) -> Result<Recorded, CourierError> {
        let paper = manner.details.get(AUTHORISATION).map(|paper| paper.trim());
        let unproven = recipient == Recipient::Representative && paper.is_none_or(str::is_empty);
        let refusal = unproven.then(|| parse(item_code).map(|item_code| Refusal::NoAuthorisation { item_code }));
        let forced = forced(refusal.transpose()?, manner)?;
        self.one_party(Act::Deliver, item_code, manner, |_, event| {
            event.assurance = Some(assurance);
            if forced {
                put(event, "forced", "true");
            }
            // The addressee in person is what an event says by saying nothing.
            if recipient != Recipient::Addressee {
                put(event, "recipient", recipient.as_str());
            }
        })
    }

    /// Notes that fetching or delivering failed.
    ///
    /// # Errors
    /// [`CourierError`]; nothing was recorded.
    pub fn attempt_failed(
        &self,
        item_code: &str,
        reason: AttemptReason,
        manner: &Manner,
    ) -> Result<Recorded, CourierError> {
        self.one_party(Act::AttemptFailed, item_code, manner, |_, event| {
            event.reason = Some(reason.code());
        })
    }

    /// Keeps an item at the office for collection.
    ///
    /// # Errors
    /// [`CourierError`]; nothing was recorded.
    pub fn hold(&self, item_code: &str, manner: &Manner) -> Result<Recorded, CourierError> {
        self.one_party(Act::Hold, item_code, manner, |_, _| {})
    }

    /// Sends an item on its way back to who sent it.
    ///
    /// # Errors
    /// [`CourierError`]; nothing was recorded.
    pub fn return_item(&self, item_code: &str, manner: &Manner) -> Result<Recorded, CourierError> {
        self.one_party(Act::Return, item_code, manner, |_, _| {})
    }

    /// Notes that the addressee refused an item.
    ///
    /// # Errors
    /// [`CourierError`]; nothing was recorded.
    pub fn refuse(&self, item_code: &str, reason: AttemptReason, manner: &Manner) -> Result<Recorded, CourierError> {
        self.one_party(Act::Refuse, item_code, manner, |_, event| {
            event.reason = Some(reason.code());
        })
    }

    /// The characters to write on the slip when items change hands on paper: the beginning of the hash of their list.
    ///
    /// # Errors
    /// [`CourierError`].
    pub fn slip_code(&self, item_codes: &[&str]) -> Result<String, CourierError> {
        let codes = super::handover::distinct(item_codes, MAX_ITEMS)?;
        self.store.read(|db| {
            let mut lines = Vec::new();
            for code in &codes {
                let found = store::item::find(db, custody::ids::ItemId::of(code.as_str()))?;
                lines.push(reference(&found.unwrap_or_else(|| LocalItem::unknown(*code))));
            }
            Ok(manifest_code(&manifest_hash(&lines)))
        })
    }

    /// Notes that items changed hands on paper, under the number of the slip both signed in ink, with the hash of their
    /// list ([`Core::slip_code`]). Moves nothing here; the minutes are entered later, with their scan as evidence.
    ///
    /// # Errors
    /// [`CourierError`]; nothing was recorded.
    pub fn paper_fallback(&self, item_codes: &[&str], slip: &str, manner: &Manner) -> Result<Recorded, CourierError> {
        let codes = super::handover::distinct(item_codes, MAX_ITEMS)?;
        self.act(manner.hat, |recorder, _| {
            let mut items = Vec::new();
            for code in &codes {
                items.push(reference(&known(recorder, *code)?));
            }
            items.sort();
            let id = HandoverId(recorder.random16()?);
            recorder.record(manner.hat, Kind::PaperFallback, id, &[], |event| {
                event.tally = Some(Tally::Count(items.len() as u64));
                let hash = manifest_hash(&items);
                event.manifest_hash = Some(hash);
                event.items = items;
                event.assurance = Some(1);
                dress(event, manner);
                put(event, "slip", slip);
                put(event, "manifest", &manifest_code(&hash));
            })
        })
    }

    fn one_party(
        &self,
        act: Act,
        item_code: &str,
        manner: &Manner,
        fill: impl FnOnce(&mut LocalItem, &mut Event),
    ) -> Result<Recorded, CourierError> {
        let code = parse(item_code)?;
        self.act(manner.hat, |recorder, party| {
            let found = store::item::find(recorder.tx, custody::ids::ItemId::of(code.as_str()))?;
            let why = advice(recorder, act, manner.hat, code, found.as_ref(), party)?;
            let forced = forced(why, manner)?;
            let mut item = found.unwrap_or_else(|| LocalItem::unknown(code));
            let (before, head) = (item.clone(), item.head);
            let id = HandoverId(recorder.random16()?);
            let recorded = recorder.record(manner.hat, act.kind(), id, &[(item.item_id(), head)], |event| {
                dress(event, manner);
                fill(&mut item, event);
                event.items = vec![ItemRef {
                    seal: item.seal.clone(),
                    ..reference(&before)
                }];
                if forced {
                    put(event, "forced", "true");
                }
            })?;
            settle(&mut item, act, manner.hat, party, forced);
            item.head = Some(recorded.event_id);
            item.changed_ms = recorder.wall_ms;
            store::item::save(recorder.tx, &item)?;
            Ok(recorded)
        })
    }
}

/// What the act makes of the item on this phone.
fn settle(item: &mut LocalItem, act: Act, hat: Hat, party: Holder, forced: bool) {
    let moved = after(item, act.kind(), hat);
    item.state = moved.unwrap_or_else(|| act.claimed_state(item.state));
    item.offered_in = None;
    match act {
        Act::TakeIn => item.holder = Some(party),
        Act::Deliver => item.holder = Some(Holder::Citizen),
        Act::Offer | Act::AttemptFailed | Act::Hold | Act::Return | Act::Refuse => {
            if forced {
                item.holder = Some(party);
            }
        }
    }
}

/// Whether the act goes ahead as testimony; the refusal itself if it must not.
pub(super) fn forced(refusal: Option<Refusal>, manner: &Manner) -> Result<bool, CourierError> {
    match refusal {
        None => Ok(false),
        Some(refusal) if manner.force && refusal.can_be_forced() => Ok(true),
        Some(refusal) => Err(refusal.into()),
    }
}

/// Reads a label as scanned or typed.
pub(crate) fn parse(item_code: &str) -> Result<ItemCode, CourierError> {
    ItemCode::parse(item_code).map_err(|error| CourierError::Unreadable {
        what: "item code",
        why: error.to_string(),
    })
}

/// The item as this phone knows it, or as nothing but its label.
pub(super) fn known(recorder: &Recorder<'_>, code: ItemCode) -> Result<LocalItem, CourierError> {
    let found = store::item::find(recorder.tx, custody::ids::ItemId::of(code.as_str()))?;
    Ok(found.unwrap_or_else(|| LocalItem::unknown(code)))
}

/// The line a manifest has for an item.
pub(super) fn reference(item: &LocalItem) -> ItemRef {
    ItemRef {
        item: item.item_id(),
        head: item.head.unwrap_or(EventId::ZERO),
        seal: item.seal.clone(),
    }
}

/// Adds the details and evidence the person gave.
pub(super) fn dress(event: &mut Event, manner: &Manner) {
    for (key, value) in &manner.details {
        put(event, key, value);
    }
    event.evidence.clone_from(&manner.evidence);
}

pub(super) fn put(event: &mut Event, key: &str, value: &str) {
    event.details.insert(key.to_owned(), Detail::Text(value.to_owned()));
}
