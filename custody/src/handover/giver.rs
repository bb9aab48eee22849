//! The side that gives.

use std::collections::BTreeSet;

use super::{Hello, MAX_ITEMS, TTL_S};
use crate::envelope::{Envelope, EnvelopeError, PublicKey, SealError, Sealed, Signer, VerifyError, seal};
use crate::event::{About, Event, ItemRef, Stamp, Tally, manifest_hash};
use crate::ids::{EventId, HandoverId, ItemId};
use crate::kind::Kind;

/// Why no offer was made.
#[derive(Debug, thiserror::Error)]
pub enum OfferError {
    /// There is nothing to give.
    #[error("the offer has no items")]
    NoItems,
    /// More than fits a picture.
    #[error("the offer has {0} items; more than {MAX_ITEMS} go into a sealed bag")]
    TooManyItems(usize),
    /// An item was scanned twice.
    #[error("item {0} is on the list twice")]
    Twice(ItemId),
    /// The receiver is this device.
    #[error("a device cannot hand over to itself")]
    ToOneself,
    /// The offer could not be signed.
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// Why an exchange was not completed (or not taken back).
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// The picture is no envelope.
    #[error("the picture is not an acceptance")]
    Unreadable(#[from] EnvelopeError),
    /// The named receiver did not sign it.
    #[error("the acceptance is not signed by the named receiver")]
    NotTheReceiver(#[from] VerifyError),
    /// It accepts another offer, other items or is no acceptance.
    #[error("the acceptance does not answer this offer")]
    OtherOffer,
    /// The offer was released or revoked before.
    #[error("the exchange is over")]
    Over,
    /// The release could not be signed.
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// A completed exchange: the papers may change hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// The acceptance, which is now every taken item's head.
    pub accept_id: EventId,
    /// The items the receiver took.
    pub taken: Vec<ItemId>,
    /// The signed RELEASE.
    pub release: Sealed,
}

/// One offer, waiting for its answer.
#[derive(Debug, Clone)]
pub struct Giver {
    offer: Event,
    offer_id: EventId,
    handover_id: HandoverId,
    receiver: PublicKey,
    is_over: bool,
}

impl Giver {
    /// Signs an OFFER to the device that said `hello`.
    ///
    /// # Errors
    /// [`OfferError`] when the list is empty, too long or repeats an item, or the key does not sign.
    pub fn offer(
        hello: &Hello,
        mut items: Vec<ItemRef>,
        handover_id: HandoverId,
        stamp: &Stamp,
        signer: &dyn Signer,
    ) -> Result<(Self, Sealed), OfferError> {
        let device = signer.public_key().device_id();
        if hello.device() == device {
            return Err(OfferError::ToOneself);
        }
        items.sort();
        check_list(&items)?;
        let offer = Event {
            about: Some(About::Device(hello.device())),
            nonce: Some(hello.nonce),
            manifest_hash: Some(manifest_hash(&items)),
            tally: Some(Tally::Count(items.len() as u64)),
            ttl_s: Some(TTL_S),
            items,
            ..stamp.event(Kind::Offer, device, handover_id)
        };
        let sealed = seal(&offer, signer)?;
        Ok((
            Self {
                offer,
                offer_id: sealed.id,
                handover_id,
                receiver: hello.key,
                is_over: false,
            },
            sealed,
        ))
    }

    /// Takes up an offer again that was signed and stored before a restart, if it names `receiver`.
    pub fn resume(offer: &Envelope, receiver: PublicKey) -> Option<Self> {
        let event = offer.event().clone();
        let is_offer = event.kind == Kind::Offer && event.about_device() == Some(receiver.device_id());
        let handover_id = event.handover_id.filter(|_| is_offer)?;
        Some(Self {
            offer: event,
            offer_id: offer.id(),
            handover_id,
            receiver,
            is_over: false,
        })
    }

    /// The offer's id.
    pub fn offer_id(&self) -> EventId {
        self.offer_id
    }

    /// Checks the receiver's ACCEPT and signs the RELEASE that names it.
    ///
    /// # Errors
    /// [`ReleaseError`] when the picture is not the named receiver's acceptance of this offer; the offer then stands.
    pub fn release(&mut self, accept: &[u8], stamp: &Stamp, signer: &dyn Signer) -> Result<Released, ReleaseError> {
        if self.is_over {
            return Err(ReleaseError::Over);
        }
        let accept = Envelope::parse(accept)?;
        accept.verify(&self.receiver)?;
        if !self.is_answered_by(accept.event()) {
            return Err(ReleaseError::OtherOffer);
        }
        let release = self.seal_about(Kind::Release, accept.id(), stamp, signer)?;
        self.is_over = true;
        Ok(Released {
            accept_id: accept.id(),
            taken: self.taken(accept.event()),
            release,
        })
    }

    /// Takes the offer back. Not possible once it was released.
    ///
    /// # Errors
    /// [`ReleaseError::Over`] after a release or revocation, [`ReleaseError::Seal`] when the key does not sign.
    pub fn revoke(&mut self, stamp: &Stamp, signer: &dyn Signer) -> Result<Sealed, ReleaseError> {
        if self.is_over {
            return Err(ReleaseError::Over);
        }
        let revoke = self.seal_about(Kind::RevokeOffer, self.offer_id, stamp, signer)?;
        self.is_over = true;
        Ok(revoke)
    }

    fn is_answered_by(&self, accept: &Event) -> bool {
        accept.kind == Kind::Accept
            && accept.about_event() == Some(self.offer_id)
            && accept.handover_id == self.offer.handover_id
            && accept.manifest_hash == self.offer.manifest_hash
            && accept
                .exceptions()
                .iter()
                .all(|excepted| self.offer.item(excepted.item).is_some())
    }

    fn taken(&self, accept: &Event) -> Vec<ItemId> {
        let excepted: BTreeSet<ItemId> = accept.exceptions().iter().map(|excepted| excepted.item).collect();
        self.offer
            .items
            .iter()
            .map(|named| named.item)
            .filter(|item| !excepted.contains(item))
            .collect()
    }

    fn seal_about(&self, kind: Kind, about: EventId, stamp: &Stamp, signer: &dyn Signer) -> Result<Sealed, SealError> {
        let event = stamp.event(kind, self.offer.device, self.handover_id);
        seal(
            &Event {
                about: Some(About::Event(about)),
                ..event
            },
            signer,
        )
    }
}

/// Checks a sorted list.
fn check_list(items: &[ItemRef]) -> Result<(), OfferError> {
    if items.is_empty() {
        return Err(OfferError::NoItems);
    }
    if items.len() > MAX_ITEMS {
        return Err(OfferError::TooManyItems(items.len()));
    }
    let twice = items.windows(2).find(|pair| pair[0].item == pair[1].item);
    twice.map_or(Ok(()), |pair| Err(OfferError::Twice(pair[0].item)))
}
