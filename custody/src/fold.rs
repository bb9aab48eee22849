//! From the set of events about an item to who holds it.
//!
//! Each event that moves an item names the item's head it knew: the events form a tree that starts at
//! [`EventId::ZERO`]. While exactly one lawful move continues the head, it is applied. Two moves of one head, a move by
//! somebody who does not hold the item, a move its state does not allow or an acceptance whose offer was revoked end
//! the walk in an open [`Dispute`], the holder staying who it was. What cannot be placed yet is parked with its reason
//! and takes its place by itself once the missing event is in the set.
//!
//! A sealed bag is one item: from the event that packs it on, the bag and what lies in it share one head, so that whoever
//! takes over the bag takes over all of it and whoever disputes the bag disputes all of it. An event that takes an item out
//! gives it a head of its own again.
//!
//! **Invariant:** [`fold_item`] is a function of the *set* of events; clocks of devices do not enter it, order comes
//! from heads alone.

mod bytes;
mod evidence;
pub mod ruling;
pub mod table;
mod walk;

use domain::hat::Hat;
use domain::holder::Holder;
use domain::item::{Incident, ItemKind, ItemState};

use crate::event::{Event, Place};
use crate::ids::{DeviceId, EventId, ItemId};
use crate::kind::Kind;

/// A verified event as the reader knows it.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Its id.
    pub id: EventId,
    /// What it says.
    pub event: &'a Event,
    /// When the reader first received it, milliseconds UTC.
    pub received_ms: i64,
}

/// Whom a device speaks for, by hat: read from credentials.
pub trait Parties {
    /// The party, or nothing when the device is not enrolled with this hat.
    fn holder(&self, device: &DeviceId, hat: Hat) -> Option<Holder>;
}

impl<F: Fn(&DeviceId, Hat) -> Option<Holder>> Parties for F {
    fn holder(&self, device: &DeviceId, hat: Hat) -> Option<Holder> {
        self(device, hat)
    }
}

/// What is known of one item's custody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemCustody {
    /// The item.
    pub item: ItemId,
    /// What it carries.
    pub kind: ItemKind,
    /// Where its custody stands.
    pub state: ItemState,
    /// Who has it; nobody before the post first took it.
    pub holder: Option<Holder>,
    /// The event the next move has to name; nothing before the first.
    pub head: Option<EventId>,
    /// Since when the holder has it, milliseconds UTC.
    pub since_ms: Option<i64>,
    /// The giver's release is still missing for the acceptance that made the holder.
    pub provisional: bool,
    /// Two stories, and nobody has ruled yet.
    pub disputed: Option<Dispute>,
    /// Events that change nothing for now, by id.
    pub parked: Vec<(EventId, ParkReason)>,
    /// Failed attempts since the post took the item (before that: to fetch it).
    pub attempts: u32,
    /// The moves applied, in order.
    pub applied: Vec<Applied>,
    /// Who else saw it, by id.
    pub sightings: Vec<Sighting>,
    /// What went wrong with it, by id.
    pub incidents: Vec<(EventId, Incident)>,
    /// What people ruled about it, and what authors took back.
    pub settled: Vec<ruling::Settled>,
    /// The number on the seal, as the last move named it.
    pub seal: Option<String>,
    /// The sealed bag it lies in; who holds the bag holds the item.
    pub packed: Option<Packed>,
}

/// Where an item lies that was packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// The bag, as events name it.
    pub bag: ItemId,
    /// The label on the bag.
    pub label: String,
    /// The number on the bag's seal; empty when the event names none.
    pub seal: String,
    /// The event that packed it.
    pub since: EventId,
}

impl Packed {
    /// The bag an AGGREGATE makes; nothing when it does not say which.
    pub fn of(id: EventId, event: &Event) -> Option<Self> {
        let label = event.bag_label()?;
        Some(Self {
            bag: ItemId::of(label),
            label: label.to_owned(),
            seal: event.bag_seal().unwrap_or_default().to_owned(),
            since: id,
        })
    }
}

/// One applied move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The event.
    pub id: EventId,
    /// Its kind.
    pub kind: Kind,
    /// Its time, as well as we know it.
    pub at_ms: i64,
    /// Who had the item before.
    pub from: Option<Holder>,
    /// Who has it now.
    pub to: Option<Holder>,
    /// The state it led to.
    pub state: ItemState,
    /// Why, as the event says.
    pub reason: Option<u64>,
}

impl Applied {
    /// Whether the item only went into or came out of a bag: neither hands nor state changed.
    pub const fn is_packing(&self) -> bool {
        matches!(self.kind, Kind::Aggregate | Kind::Disaggregate)
    }
}

/// An open dispute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// Why.
    pub reason: DisputeReason,
    /// The head at which the stories part.
    pub at: EventId,
    /// The events that contradict each other or the holder, by id.
    pub branches: Vec<EventId>,
    /// The earliest time of a branch.
    pub since_ms: i64,
}

/// Why an item is in dispute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DisputeReason {
    /// Two moves continue the same head.
    Fork,
    /// The item was moved or offered by somebody who does not hold it.
    NotHolder,
    /// An accepted offer was revoked.
    Revoked,
    /// The state does not allow the move.
    IllegalMove,
    /// Its author took the move back, and somebody had gone on from it.
    Corrected,
}

impl DisputeReason {
    /// Its stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fork => "fork",
            Self::NotHolder => "not_holder",
            Self::Revoked => "revoked",
            Self::IllegalMove => "illegal_move",
            Self::Corrected => "corrected",
        }
    }
}

/// Why an event changes nothing for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParkReason {
    /// The head it names is not known yet.
    WaitingForParent,
    /// The offer it accepts is not known yet.
    WaitingForOffer,
    /// It continues a story that is in dispute.
    BehindDispute,
    /// It accepts an offer made to another device: a security alert.
    WrongReceiver,
    /// It accepts something else than what was offered.
    DoesNotMatchOffer,
    /// It releases or revokes another device's offer.
    NotGiver,
    /// Its device is not enrolled with the hat it claims.
    UnknownSigner,
    /// It takes back what its author may not take back alone, or not any more.
    NeedsRuling,
}

impl ParkReason {
    /// Its stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WaitingForParent => "waiting_for_parent",
            Self::WaitingForOffer => "waiting_for_offer",
            Self::BehindDispute => "behind_dispute",
            Self::WrongReceiver => "wrong_receiver",
            Self::DoesNotMatchOffer => "does_not_match_offer",
            Self::NotGiver => "not_giver",
            Self::UnknownSigner => "unknown_signer",
            Self::NeedsRuling => "correction_needs_ruling",
        }
    }

    /// Whether no other event can mend it: a person has to look.
    pub const fn needs_a_person(self) -> bool {
        match self {
            Self::WrongReceiver | Self::DoesNotMatchOffer | Self::NotGiver | Self::NeedsRuling => true,
            Self::WaitingForParent | Self::WaitingForOffer | Self::BehindDispute | Self::UnknownSigner => false,
        }
    }
}

/// The item was seen by somebody who did not hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The event.
    pub id: EventId,
    /// Who saw it.
    pub by: Holder,
    /// When.
    pub at_ms: i64,
    /// Where, as the event says.
    pub place: Option<Place>,
}

/// Folds what is known of one item. Events about other items may be in the set; they are passed over.
pub fn fold_item(item: ItemId, kind: ItemKind, events: &[Known<'_>], parties: &dyn Parties) -> ItemCustody {
    fold_ruled(item, kind, events, &[], parties)
}

/// The same, with what people ruled. Rulings about other items may be among them; they are passed over.
pub fn fold_ruled(
    item: ItemId,
    kind: ItemKind,
    events: &[Known<'_>],
    rulings: &[ruling::Ruling],
    parties: &dyn Parties,
) -> ItemCustody {
    let aside = ruling::set_aside(rulings);
    walk::walk(
        item,
        kind,
        &evidence::Evidence::gather(item, events, &aside, parties),
        rulings,
    )
}

/// How long a hand-over whose release is missing is provisional after the acceptance was received, milliseconds; without
/// contradiction by then it stands (trust §3.6).
pub const PROVISIONAL_MS: i64 = 24 * 3_600_000;

/// Whether a hand-over without a release, received so, is still provisional.
pub const fn is_still_provisional(received_ms: i64, now_ms: i64) -> bool {
    now_ms.saturating_sub(received_ms) < PROVISIONAL_MS
}

impl ItemCustody {
    /// Its deterministic CBOR: equal bytes are equal custody.
    pub fn to_bytes(&self) -> Vec<u8> {
        bytes::encode(self)
    }
}
