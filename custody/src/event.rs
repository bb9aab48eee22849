//! One custody event: what a person did with which items, as the device that signs it knows it.
//!
//! The event is a CBOR map with integer keys. The bytes that were signed are kept and forwarded as they are; this type
//! is only how we read them and how a device writes its own. Start at [`Event`]; [`Stamp`] is what a device adds to
//! every event it makes. Nothing here reads a clock: `wall_ms` is a claim that decides nothing.

mod codec;
mod parts;
mod stamp;

use std::collections::BTreeMap;

use domain::hat::Hat;

use crate::ids::{DeviceId, EventId, HandoverId, ItemId, Nonce};
use crate::kind::Kind;

pub use codec::EventError;
pub use parts::{
    About, Beacon, Checkpoint, Detail, Excepted, ItemRef, LogId, Mono, Place, Tally, exception_code, manifest_bytes,
    manifest_code, manifest_hash,
};
pub use stamp::Stamp;

/// The schema version this crate writes.
pub const VERSION: u64 = 1;

/// The detail (key 22) in which an AGGREGATE names the number on its bag's seal.
pub const BAG_SEAL: &str = "seal";

/// A custody event. The number before each field is its CBOR key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// 1: schema version.
    pub v: u64,
    /// 2: what happened.
    pub kind: Kind,
    /// 3: the hand-over (or one-party act) this belongs to; random and used once.
    pub handover_id: Option<HandoverId>,
    /// 4: the device whose key signs.
    pub device: DeviceId,
    /// 5: the device's own count, from 1 without gaps.
    pub seq: u64,
    /// 6: the event with the count before this one; [`EventId::ZERO`] for the first.
    pub prev: EventId,
    /// 7: the receiver's device (OFFER) or the event spoken about.
    pub about: Option<About>,
    /// 8: the receiver's challenge (OFFER).
    pub nonce: Option<Nonce>,
    /// 9: hash of the manifest both sides saw.
    pub manifest_hash: Option<[u8; 32]>,
    /// 10: how many items, or which of them were not taken (ACCEPT).
    pub tally: Option<Tally>,
    /// 11: what the device's clock showed. A claim.
    pub wall_ms: Option<u64>,
    /// 12: for how many seconds an offer stands.
    pub ttl_s: Option<u64>,
    /// 13: time since the device was started.
    pub mono: Option<Mono>,
    /// 14: the last server time the device saw.
    pub beacon: Option<Beacon>,
    /// 15: the last log checkpoint the device verified.
    pub seen_checkpoint: Option<Checkpoint>,
    /// 16: the hat worn, as its code; see [`Event::hat`].
    pub acting_as: Option<u64>,
    /// 17: hashes of photos, signatures, one-time-code proofs. Empty when there are none.
    pub evidence: Vec<[u8; 32]>,
    /// 18: the office or place; the label on the bag that is sealed or opened.
    pub place: Option<Place>,
    /// 19: the items, inline. Empty when there are none.
    pub items: Vec<ItemRef>,
    /// 20: why (the codes of the domain's attempt reasons).
    pub reason: Option<u64>,
    /// 21: how sure: 1 = one device signature plus other proof.
    pub assurance: Option<u64>,
    /// 22: anything else, small and free of personal data. Empty when there is none.
    pub details: BTreeMap<String, Detail>,
}

impl Event {
    /// An event with nothing but its place in the device's chain.
    pub fn new(kind: Kind, device: DeviceId, seq: u64, prev: EventId) -> Self {
        Self {
            v: VERSION,
            kind,
            handover_id: None,
            device,
            seq,
            prev,
            about: None,
            nonce: None,
            manifest_hash: None,
            tally: None,
            wall_ms: None,
            ttl_s: None,
            mono: None,
            beacon: None,
            seen_checkpoint: None,
            acting_as: None,
            evidence: Vec::new(),
            place: None,
            items: Vec::new(),
            reason: None,
            assurance: None,
            details: BTreeMap::new(),
        }
    }

    /// The hat worn, if this version knows it.
    pub fn hat(&self) -> Option<Hat> {
        self.acting_as.and_then(Hat::from_code)
    }

    /// The event this one speaks about.
    pub fn about_event(&self) -> Option<EventId> {
        match self.about {
            Some(About::Event(id)) => Some(id),
            Some(About::Device(_)) | None => None,
        }
    }

    /// The device this one is addressed to.
    pub fn about_device(&self) -> Option<DeviceId> {
        match self.about {
            Some(About::Device(id)) => Some(id),
            Some(About::Event(_)) | None => None,
        }
    }

    /// What it says of one item.
    pub fn item(&self, item: ItemId) -> Option<&ItemRef> {
        self.items.iter().find(|named| named.item == item)
    }

    /// The label on the bag an AGGREGATE seals or a DISAGGREGATE opens.
    pub fn bag_label(&self) -> Option<&str> {
        match (self.kind, &self.place) {
            (Kind::Aggregate | Kind::Disaggregate, Some(Place::Text(label))) => Some(label),
            _ => None,
        }
    }

    /// That bag, as other events name it. A bag is an item of its own: its id comes from its label.
    pub fn bag(&self) -> Option<ItemId> {
        self.bag_label().map(ItemId::of)
    }

    /// The number on the seal an AGGREGATE puts on its bag.
    pub fn bag_seal(&self) -> Option<&str> {
        match self.details.get(BAG_SEAL) {
            Some(Detail::Text(seal)) => Some(seal),
            Some(Detail::Int(_) | Detail::Bytes(_)) | None => None,
        }
    }

    /// Which items were offered and not taken.
    pub fn exceptions(&self) -> &[Excepted] {
        match &self.tally {
            Some(Tally::Exceptions(items)) => items,
            Some(Tally::Count(_)) | None => &[],
        }
    }

    /// The required keys it lacks; it is still stored and read. (1, 2, 4, 5 and 6 cannot be lacking: without them it is no event.)
    pub fn missing_keys(&self) -> Vec<u64> {
        let required = [
            (3, self.handover_id.is_some()),
            (11, self.wall_ms.is_some()),
            (13, self.mono.is_some()),
            (16, self.acting_as.is_some()),
        ];
        required
            .into_iter()
            .filter(|(_, has)| !has)
            .map(|(key, _)| key)
            .collect()
    }

    /// The best time we can give it, in milliseconds UTC: the last server time the device saw plus the time its own
    /// monotonic clock counted since; the time of receipt where that is missing, impossible or later.
    pub fn at_ms(&self, received_ms: i64) -> i64 {
        self.bracketed_ms()
            .filter(|at_ms| *at_ms <= received_ms)
            .unwrap_or(received_ms)
    }

    fn bracketed_ms(&self) -> Option<i64> {
        let (beacon, mono) = (self.beacon?, self.mono?);
        let since_ms = mono.ms.checked_sub(beacon.mono_ms)?;
        i64::try_from(beacon.server_ms.checked_add(since_ms)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timed(mono_ms: u64, beacon: Option<(u64, u64)>) -> Event {
        let beacon = beacon.map(|(server_ms, mono_ms)| Beacon {
            server_ms,
            mono_ms,
            tag: [0; 8],
        });
        let mono = Some(Mono {
            boot_id: [1; 16],
            ms: mono_ms,
        });
        Event {
            wall_ms: Some(7),
            mono,
            beacon,
            ..Event::new(Kind::Note, DeviceId([0; 16]), 1, EventId::ZERO)
        }
    }

    #[test]
    fn time_is_the_last_server_time_plus_what_the_device_counted_since() {
        assert_eq!(timed(5_000, Some((1_000_000, 2_000))).at_ms(2_000_000), 1_003_000);
    }

    #[test]
    fn time_falls_back_to_receipt_when_there_is_no_usable_server_time() {
        assert_eq!(timed(5_000, None).at_ms(42), 42);
        assert_eq!(
            timed(5_000, Some((1_000_000, 2_000))).at_ms(1_002_999),
            1_002_999,
            "later than its receipt"
        );
        assert_eq!(
            timed(1_000, Some((1_000_000, 2_000))).at_ms(2_000_000),
            2_000_000,
            "the clock ran backwards"
        );
        assert_eq!(timed(u64::MAX, Some((u64::MAX, 0))).at_ms(9), 9);
    }

    #[test]
    fn missing_keys_are_named() {
        let bare = Event::new(Kind::Note, DeviceId([0; 16]), 1, EventId::ZERO);
        assert_eq!(bare.missing_keys(), [3, 11, 13, 16]);
        let timed = Event {
            handover_id: Some(HandoverId([1; 16])),
            acting_as: Some(4),
            ..timed(1, None)
        };
        assert_eq!(timed.missing_keys(), [0; 0]);
    }
}
