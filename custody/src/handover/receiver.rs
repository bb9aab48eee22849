//! The side that receives.

use std::collections::BTreeMap;

use domain::hat::Hat;

use super::{Hello, TTL_S};
use crate::envelope::{Envelope, EnvelopeError, PublicKey, SealError, Sealed, Signer, VerifyError, seal};
use crate::event::{About, Detail, Event, Excepted, ItemRef, Mono, Stamp, Tally, manifest_hash};
use crate::ids::{EventId, HandoverId, ItemId, Nonce};
use crate::kind::Kind;

/// A label and seal the receiver scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The item on the label.
    pub item: ItemId,
    /// The number on the seal as it was read; none where the seal was looked at and found whole.
    pub seal: Option<String>,
}

/// The detail in which an ACCEPT says how many seals were looked at without reading their number.
const LOOKED: &str = "looked";

/// How what was scanned differs from what was offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// On the list, neither scanned nor excepted.
    NotSeen(ItemId),
    /// Scanned or excepted, not on the list.
    NotOffered(ItemId),
    /// The seal is another one, and the item is not excepted.
    SealDiffers(ItemId),
}

/// Why nothing was accepted.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// The picture is no envelope.
    #[error("the picture is not an offer")]
    Unreadable(#[from] EnvelopeError),
    /// The giver did not sign it.
    #[error("the offer is not signed by the giver")]
    NotTheGiver(#[from] VerifyError),
    /// It is another kind of event, or its list does not match its own hash.
    #[error("the event is not a complete offer")]
    NotAnOffer,
    /// It names another device.
    #[error("the offer is for another device")]
    NotForMe,
    /// It answers another HELLO.
    #[error("the offer answers another challenge")]
    OtherChallenge,
    /// More than ten minutes passed since the HELLO, or the device was restarted.
    #[error("the offer came more than {TTL_S} s after the first picture")]
    Expired,
    /// This exchange already accepted another offer.
    #[error("another offer was accepted in this exchange")]
    Used,
    /// The hat is not the one shown in the HELLO.
    #[error("the hat differs from the one shown")]
    OtherHat,
    /// What was scanned is not what is offered: no signature.
    #[error("{} items differ from the offer", .0.len())]
    Differs(Vec<Difference>),
    /// Every item was excepted.
    #[error("nothing is left to accept")]
    NothingTaken,
    /// The acceptance could not be signed.
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// An offer that was checked: signed by the giver, for this receiver, now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    id: EventId,
    handover_id: HandoverId,
    manifest_hash: [u8; 32],
    items: Vec<ItemRef>,
}

impl Offered {
    /// The offer's id.
    pub fn id(&self) -> EventId {
        self.id
    }

    /// What is offered, sorted by item.
    pub fn items(&self) -> &[ItemRef] {
        &self.items
    }
}

/// One readiness to receive: one challenge, at most one acceptance.
#[derive(Debug, Clone)]
pub struct Receiver {
    hello: Hello,
    started: Mono,
    accepted: Option<(EventId, Sealed)>,
}

impl Receiver {
    /// Gets ready at `started` with a fresh `nonce`.
    pub fn new(key: PublicKey, acting_as: Hat, nonce: Nonce, started: Mono) -> Self {
        Self {
            hello: Hello { key, acting_as, nonce },
            started,
            accepted: None,
        }
    }

    /// The first picture.
    pub fn hello(&self) -> Hello {
        self.hello
    }

    /// Checks the giver's picture. Whether `giver` is the key of an enrolled colleague is the caller's to know.
    ///
    /// # Errors
    /// [`AcceptError`] when it is not the giver's offer to this receiver, for this challenge, in time.
    pub fn read(&self, offer: &[u8], giver: &PublicKey, now: Mono) -> Result<Offered, AcceptError> {
        let envelope = Envelope::parse(offer)?;
        envelope.verify(giver)?;
        let (id, event) = (envelope.id(), envelope.into_event());
        if event.kind != Kind::Offer {
            return Err(AcceptError::NotAnOffer);
        }
        if event.about_device() != Some(self.hello.device()) {
            return Err(AcceptError::NotForMe);
        }
        if event.nonce != Some(self.hello.nonce) {
            return Err(AcceptError::OtherChallenge);
        }
        self.check_time(now)?;
        offered(id, event).ok_or(AcceptError::NotAnOffer)
    }

    /// Signs an ACCEPT of the offer for what was `seen`, minus the `exceptions`. The same offer gives the same ACCEPT
    /// again.
    ///
    /// # Errors
    /// [`AcceptError::Differs`] with every difference when the scans are not the offer; then nothing was signed.
    pub fn accept(
        &mut self,
        offer: &Offered,
        seen: &[Seen],
        exceptions: &[Excepted],
        stamp: &Stamp,
        signer: &dyn Signer,
    ) -> Result<Sealed, AcceptError> {
        if let Some((id, sealed)) = &self.accepted {
            return if *id == offer.id {
                Ok(sealed.clone())
            } else {
                Err(AcceptError::Used)
            };
        }
        if stamp.acting_as != self.hello.acting_as {
            return Err(AcceptError::OtherHat);
        }
        self.check_time(stamp.mono)?;
        let excepted: BTreeMap<ItemId, u64> = exceptions.iter().map(|one| (one.item, one.code)).collect();
        let differences = differences(offer, seen, &excepted);
        if !differences.is_empty() {
            return Err(AcceptError::Differs(differences));
        }
        if excepted.len() == offer.items.len() {
            return Err(AcceptError::NothingTaken);
        }
        let exceptions = excepted
            .into_iter()
            .map(|(item, code)| Excepted { item, code })
            .collect();
        let accept = Event {
            about: Some(About::Event(offer.id)),
            manifest_hash: Some(offer.manifest_hash),
            tally: Some(Tally::Exceptions(exceptions)),
            details: looked(offer, seen),
            ..stamp.event(Kind::Accept, self.hello.device(), offer.handover_id)
        };
        let sealed = seal(&accept, signer)?;
        self.accepted = Some((offer.id, sealed.clone()));
        Ok(sealed)
    }

    fn check_time(&self, now: Mono) -> Result<(), AcceptError> {
        let passed_ms = (now.boot_id == self.started.boot_id)
            .then(|| now.ms.checked_sub(self.started.ms))
            .flatten();
        let is_in_time = passed_ms.is_some_and(|passed_ms| passed_ms <= TTL_S * 1000);
        if is_in_time { Ok(()) } else { Err(AcceptError::Expired) }
    }
}

/// The parts of an offer an acceptance needs; nothing when one is missing or the list is not the hashed one.
fn offered(id: EventId, offer: Event) -> Option<Offered> {
    let manifest = offer.manifest_hash?;
    let is_complete = !offer.items.is_empty() && manifest == manifest_hash(&offer.items);
    is_complete.then_some(Offered {
        id,
        handover_id: offer.handover_id?,
        manifest_hash: manifest,
        items: offer.items,
    })
}

/// How surely the seals were checked. Nothing where every number was read.
fn looked(offer: &Offered, seen: &[Seen]) -> BTreeMap<String, Detail> {
    let is_sealed = |item: ItemId| {
        offer
            .items
            .iter()
            .any(|line| line.item == item && !line.seal.is_empty())
    };
    let looked = seen
        .iter()
        .filter(|one| one.seal.is_none() && is_sealed(one.item))
        .count();
    let looked = i64::try_from(looked).ok().filter(|looked| *looked > 0);
    looked
        .map(|looked| (LOOKED.to_owned(), Detail::Int(looked)))
        .into_iter()
        .collect()
}

/// Every difference, sorted. (Which event was an item's head is the giver's claim; a phone may not know better.)
fn differences(offer: &Offered, seen: &[Seen], excepted: &BTreeMap<ItemId, u64>) -> Vec<Difference> {
    let offered: BTreeMap<ItemId, &str> = offer.items.iter().map(|line| (line.item, line.seal.as_str())).collect();
    let scanned: BTreeMap<ItemId, Option<&str>> = seen.iter().map(|line| (line.item, line.seal.as_deref())).collect();
    let named = scanned.keys().chain(excepted.keys());
    let mut all: Vec<Difference> = named
        .filter(|item| !offered.contains_key(item))
        .map(|item| Difference::NotOffered(*item))
        .collect();
    for (item, seal) in offered.iter().filter(|(item, _)| !excepted.contains_key(item)) {
        match scanned.get(item) {
            None => all.push(Difference::NotSeen(*item)),
            Some(Some(other)) if other != seal => all.push(Difference::SealDiffers(*item)),
            Some(_) => {}
        }
    }
    all.sort();
    all.dedup();
    all
}
