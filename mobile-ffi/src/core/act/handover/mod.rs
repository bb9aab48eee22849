//! Handing items from one device to another without a network, in three scans.
//!
//! The receiver says HELLO with a fresh nonce, the giver answers with a signed OFFER that names that device and nonce,
//! the receiver looks at the same items and signs ACCEPT, the giver signs RELEASE and turns green: only then papers
//! change hands. Whoever loses the papers gets the last proof. Both sides store and later deposit both envelopes.
//!
//! Every step may be repeated: the same message gets the same answer, also after the app was killed in between.

mod giver;
mod peer;
mod receiver;
mod trail;

use std::collections::BTreeSet;

use custody::envelope::Envelope;
use custody::envelope::PublicKey;
use custody::event::{Event, ItemRef};
use custody::handover::introduce;
use custody::ids::{EventId, HandoverId, ItemId};
use custody::kind::Kind;
use domain::hat::Hat;
use domain::holder::Holder;
use domain::item::ItemState;
use domain::item_code::ItemCode;
use p256::ecdsa::{RecoveryId, Signature, VerifyingKey};

use super::one_party::parse;
use crate::core::Core;
use crate::core::error::{CourierError, HandoverFault, Refusal};
use crate::core::guard::after;
use crate::core::record::{Recorded, Recorder, check_room};
use crate::core::store::handover::Role;
use crate::core::store::item::LocalItem;
use crate::core::store::{self, StoreError};

pub use crate::core::store::handover::OpenHandover;
pub use peer::Peer;

/// The detail in which an offer says how many items lie in its bags. Then every seal has to be read.
const PACKED: &str = "packed";

/// An item the receiver looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The label.
    pub item_code: String,
    /// The number on the seal; `None` if it was not read.
    pub seal: Option<String>,
    /// The seal was looked at and is whole. A seal whose number was read needs no second word.
    pub intact: bool,
}

impl Seen {
    /// A label whose seal is whole, its number not read.
    pub fn intact(item_code: &str) -> Self {
        Self {
            item_code: item_code.to_owned(),
            seal: None,
            intact: true,
        }
    }
}

/// An offered item the receiver does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// The label.
    pub item_code: String,
    /// Why; see [`custody::event::exception_code`].
    pub code: u64,
}

/// A handover both sides have signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// The handover.
    pub handover_id: HandoverId,
    /// The acceptance that now is the head of every item.
    pub accept_id: EventId,
    /// What was taken over.
    pub item_codes: Vec<ItemCode>,
}

impl Core {
    /// Handovers of this phone that were begun and not finished, each with the message to show again.
    ///
    /// # Errors
    /// [`CourierError::Store`].
    pub fn open_handovers(&self) -> Result<Vec<OpenHandover>, CourierError> {
        self.inside(|recorder| {
            let mut open = store::handover::list_open(recorder.tx)?;
            for handover in open.iter_mut().filter(|handover| handover.role == Role::Giver) {
                handover.picture = introduce(&handover.picture, &recorder.credential.signed);
            }
            Ok(open)
        })
    }
}

/// Refuses to begin a handover once the credential has ended, or where the disk might not hold its end.
fn check_current(recorder: &Recorder<'_>) -> Result<(), CourierError> {
    check_room(recorder.platform())?;
    let until_ms = recorder.credential.until_ms;
    // Without a credential to show nobody would give us anything, or take it from us.
    if recorder.server_ms()? > until_ms || recorder.credential.signed.is_empty() {
        Err(CourierError::CredentialExpired { until_ms })
    } else {
        Ok(())
    }
}

/// Reads an envelope of one kind and proves that the device it names signed it.
pub(super) fn open(bytes: &[u8], kind: Kind, what: &'static str) -> Result<Envelope, CourierError> {
    let envelope = Envelope::parse(bytes).map_err(|error| CourierError::Unreadable {
        what,
        why: error.to_string(),
    })?;
    if envelope.event().kind != kind {
        return Err(CourierError::Unreadable {
            what,
            why: format!("it is {}", envelope.event().kind.name()),
        });
    }
    match signer(&envelope) {
        Some(_) => Ok(envelope),
        None => Err(HandoverFault::BadSignature.into()),
    }
}

/// The key that signed an envelope: the one its signature leads back to, if that is the key of the device it names.
///
/// A device id is a hash of its key, so a key found this way proves the signature without having been sent. The event
/// id is the SHA-256 of what was signed, which is what ECDSA signs.
fn signer(envelope: &Envelope) -> Option<PublicKey> {
    let signature = Signature::from_slice(envelope.signature()).ok()?;
    (0..4)
        .filter_map(RecoveryId::from_byte)
        .filter_map(|id| VerifyingKey::recover_from_prehash(&envelope.id().0, &signature, id).ok())
        .filter_map(|key| key.to_sec1_point(true).as_bytes().try_into().ok().map(PublicKey))
        .find(|key| envelope.verify(key).is_ok())
}

/// The envelope of an event this phone stored earlier.
pub(super) fn stored(recorder: &Recorder<'_>, event_id: Option<EventId>) -> Result<Recorded, CourierError> {
    let corrupt = || CourierError::Store(StoreError::Corrupt { what: "handover" });
    let found = store::event::find(recorder.tx, event_id.ok_or_else(corrupt)?)?.ok_or_else(corrupt)?;
    Ok(Recorded::new(found.event_id, found.seq, found.envelope))
}

/// Labels read, none twice, at least one and at most this many.
pub(super) fn distinct(item_codes: &[&str], most: usize) -> Result<Vec<ItemCode>, CourierError> {
    let codes = item_codes
        .iter()
        .map(|text| parse(text))
        .collect::<Result<Vec<_>, _>>()?;
    let once: BTreeSet<ItemCode> = codes.iter().copied().collect();
    if codes.is_empty() || codes.len() > most || once.len() != codes.len() {
        Err(Refusal::BadList.into())
    } else {
        Ok(codes)
    }
}

/// The lines of an offer that its acceptance takes over.
fn accepted_lines(offer: &Event, accept: &Event) -> Vec<ItemRef> {
    let is_excepted = |line: &ItemRef| accept.exceptions().iter().any(|left| left.item == line.item);
    offer.items.iter().filter(|line| !is_excepted(line)).cloned().collect()
}

/// What the items' chains gain by a move of these lines.
pub(super) fn moves(taken: &[ItemRef]) -> Vec<(ItemId, Option<EventId>)> {
    taken
        .iter()
        .map(|item| (item.item, (!item.head.is_zero()).then_some(item.head)))
        .collect()
}

/// The item in the receiver's hands.
fn moved(item: LocalItem, accept_id: EventId, hat: Hat, holder: Option<Holder>, wall_ms: i64) -> LocalItem {
    let claimed = match hat {
        Hat::Carrier => ItemState::OutForDelivery,
        Hat::PostAgent => ItemState::AtDeliveryOffice,
        Hat::DeskAgent | Hat::AgencyReceiver => ItemState::Delivered,
    };
    let state = after(&item, Kind::Accept, hat).unwrap_or(claimed);
    LocalItem {
        head: Some(accept_id),
        holder,
        state,
        offered_in: None,
        changed_ms: wall_ms,
        ..item
    }
}
