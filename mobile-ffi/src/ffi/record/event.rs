//! Events and handovers.

use domain::item_code::ItemCode;

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
}

impl From<core::Recorded> for Recorded {
    fn from(recorded: core::Recorded) -> Self {
        Self {
            event_id: recorded.event_id.to_string(),
            seq: recorded.seq,
            envelope: recorded.envelope,
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
}

impl From<Seen> for core::Seen {
    fn from(seen: Seen) -> Self {
        Self {
            item_code: seen.item_code,
            seal: seen.seal,
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

/// A handover that waits for the other side.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OpenHandover {
    /// The handover.
    pub handover_id: String,
    /// `giver` or `receiver`.
    pub role: String,
    /// The envelope to show again.
    pub envelope: Vec<u8>,
}

impl From<core::act::handover::OpenHandover> for OpenHandover {
    fn from(open: core::act::handover::OpenHandover) -> Self {
        Self {
            handover_id: open.handover_id.to_string(),
            role: open.role.as_str().to_owned(),
            envelope: open.envelope,
        }
    }
}
