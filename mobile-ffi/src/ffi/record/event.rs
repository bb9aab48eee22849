//! Events and handovers.

use domain::item_code::ItemCode;

use super::person::Hat;
use crate::core;

/// An event that is on this phone's disk.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Recorded {
    /// Its id.
    pub event_id: String,
    /// Its number in this device's chain.
    pub seq: u64,
    /// The signed bytes, to show to a peer where the act is a handover.
    pub envelope: Vec<u8>,
    /// What to show to the other phone where the act is a step of a handover.
    pub picture: Vec<u8>,
}

impl From<core::Recorded> for Recorded {
    fn from(recorded: core::Recorded) -> Self {
        Self {
            event_id: recorded.event_id.to_string(),
            seq: recorded.seq,
            envelope: recorded.envelope,
            picture: recorded.picture,
        }
    }
}

/// A stored envelope, for checks and salvage.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct EventCard {
    /// Its id.
    pub event_id: String,
    /// Who signed it.
    pub device: String,
    /// Number in that device's chain.
    pub seq: u64,
    /// The event before it in that chain.
    pub prev: String,
    /// Signed by a key of this phone.
    pub own: bool,
    /// `recorded`, `sent`, `durable` or `receipted`.
    pub state: String,
    /// The envelope.
    pub envelope: Vec<u8>,
}

impl From<core::StoredEvent> for EventCard {
    fn from(event: core::StoredEvent) -> Self {
        Self {
            event_id: event.event_id.to_string(),
            device: event.device.to_string(),
            seq: event.seq,
            prev: event.prev.to_string(),
            own: event.own,
            state: event.state.as_str().to_owned(),
            envelope: event.envelope,
        }
    }
}

/// An item the receiver looked at.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Seen {
    /// The label.
    pub item_code: String,
    /// The number on the seal, if it was read.
    #[uniffi(default = None)]
    pub seal: Option<String>,
    /// The seal was looked at and is whole.
    #[uniffi(default = false)]
    pub intact: bool,
}

impl From<Seen> for core::Seen {
    fn from(seen: Seen) -> Self {
        Self {
            item_code: seen.item_code,
            seal: seen.seal,
            intact: seen.intact,
        }
    }
}

/// An offered item the receiver does not take: 1 damaged, 2 missing, 3 seal.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NotTaken {
    /// The label.
    pub item_code: String,
    /// Why.
    pub code: u64,
}

impl From<NotTaken> for core::Exception {
    fn from(left: NotTaken) -> Self {
        Self {
            item_code: left.item_code,
            code: left.code,
        }
    }
}

/// A handover both sides have signed.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Finished {
    /// The handover.
    pub handover_id: String,
    /// The acceptance.
    pub accept_id: String,
    /// What was taken over.
    pub item_codes: Vec<String>,
}

impl From<core::Finished> for Finished {
    fn from(finished: core::Finished) -> Self {
        Self {
            handover_id: finished.handover_id.to_string(),
            accept_id: finished.accept_id.to_string(),
            item_codes: finished.item_codes.iter().map(ItemCode::to_string).collect(),
        }
    }
}

/// The other side of a handover, as the server vouches for them. Show name, office and hat before the next step.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Peer {
    /// Their name.
    pub name: String,
    /// Their office's name.
    pub office_name: String,
    /// The hat they wear here.
    pub hat: Hat,
    /// The party they then are, for example `staff:<uuid>`.
    pub party: String,
    /// Until when the server vouches for them.
    pub until_ms: i64,
    /// Their key is a browser's and not a key store's.
    pub in_browser: bool,
    /// How many items they offer; nothing where they want to receive.
    pub offered: Option<u32>,
}

impl From<core::Peer> for Peer {
    fn from(peer: core::Peer) -> Self {
        Self {
            name: peer.name,
            office_name: peer.office_name,
            hat: peer.hat.into(),
            party: peer.party.to_string(),
            until_ms: peer.until_ms,
            in_browser: peer.in_browser,
            offered: peer.offered.map(|items| items.try_into().unwrap_or(u32::MAX)),
        }
    }
}

/// A handover that waits for the other side.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OpenHandover {
    /// The handover.
    pub handover_id: String,
    /// `giver` or `receiver`.
    pub role: String,
    /// What to show again.
    pub picture: Vec<u8>,
}

impl From<core::act::handover::OpenHandover> for OpenHandover {
    fn from(open: core::act::handover::OpenHandover) -> Self {
        Self {
            handover_id: open.handover_id.to_string(),
            role: open.role.as_str().to_owned(),
            picture: open.picture,
        }
    }
}
