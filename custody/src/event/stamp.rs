//! What a device adds to every event it makes.

use domain::hat::Hat;

use super::{Beacon, Checkpoint, Event, Mono};
use crate::ids::{DeviceId, EventId, HandoverId};
use crate::kind::Kind;

/// The device's place in its own chain and its clocks at the moment of signing.
///
/// `seq` and `prev` are taken in the same local transaction that stores the signed event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The hat worn.
    pub acting_as: Hat,
    /// The device's next count.
    pub seq: u64,
    /// The event before; [`EventId::ZERO`] for the first.
    pub prev: EventId,
    /// What the clock shows.
    pub wall_ms: u64,
    /// Time since the device was started.
    pub mono: Mono,
    /// The last server time seen since then.
    pub beacon: Option<Beacon>,
    /// The last checkpoint verified.
    pub seen_checkpoint: Option<Checkpoint>,
}

impl Stamp {
    /// An event of this moment with every required key; the caller adds what the kind needs.
    pub fn event(&self, kind: Kind, device: DeviceId, handover_id: HandoverId) -> Event {
        Event {
            handover_id: Some(handover_id),
            wall_ms: Some(self.wall_ms),
            mono: Some(self.mono),
            beacon: self.beacon,
            seen_checkpoint: self.seen_checkpoint,
            acting_as: Some(self.acting_as.code()),
            ..Event::new(kind, device, self.seq, self.prev)
        }
    }
}
