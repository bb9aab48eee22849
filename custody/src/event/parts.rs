//! The composite values of an event.

use ciborium::Value;
use sha2::{Digest, Sha256};

use crate::cbor;
use crate::ids::{DeviceId, EventId, ItemId};

/// Key 7: whom or what the event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    /// A device: the receiver an OFFER names.
    Device(DeviceId),
    /// An event: the offer accepted, the acceptance released, the event corrected.
    Event(EventId),
}

/// Key 10: a number of items, or the items not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tally {
    /// How many items there are.
    Count(u64),
    /// Which offered items the receiver did not take, and why.
    Exceptions(Vec<Excepted>),
}

/// An item that was offered and not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Excepted {
    /// The item.
    pub item: ItemId,
    /// Why; see [`exception_code`].
    pub code: u64,
}

/// Why an item was not taken.
pub mod exception_code {
    /// It is damaged.
    pub const DAMAGED: u64 = 1;
    /// It is on the list and not there.
    pub const MISSING: u64 = 2;
    /// Its seal is broken or another one.
    pub const SEAL: u64 = 3;
}

/// Key 13: a clock that only runs forward, and the start of the device it counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mono {
    /// Which start of the device.
    pub boot_id: [u8; 16],
    /// Milliseconds since then.
    pub ms: u64,
}

/// Key 14: the last authenticated server time, and when the device saw it. Only of the same start of the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beacon {
    /// The server's time, milliseconds UTC.
    pub server_ms: u64,
    /// The device's monotonic clock at that moment.
    pub mono_ms: u64,
    /// The server's mark on it.
    pub tag: [u8; 8],
}

/// Key 15: a signed head of the log that the device has seen and checked (`docs/adr/0022`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// Leaves in the tree.
    pub size: u64,
    /// The tree's root hash.
    pub root: [u8; 32],
    /// Which log it is of. Size and root alone do not say: a log of next year, and one that took over after a restore, begin again
    /// at nothing. Events of earlier builds leave it out.
    pub log: Option<LogId>,
}

/// A log by its origin: the first 8 bytes of SHA-256("traotay/log/v1" ‖ origin).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogId(pub [u8; 8]);

impl LogId {
    /// The log of this origin, as the first line of its checkpoints names it.
    pub fn of(origin: &str) -> Self {
        let hash: [u8; 32] = Sha256::new()
            .chain_update("traotay/log/v1")
            .chain_update(origin)
            .finalize()
            .into();
        let mut id = [0; 8];
        id.copy_from_slice(&hash[..8]);
        Self(id)
    }
}

/// Key 18: where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The id of an office or bag.
    Id(Vec<u8>),
    /// A text.
    Text(String),
}

/// A value in the details map (key 22).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// A text.
    Text(String),
    /// A number.
    Int(i64),
    /// Bytes, for example a hash.
    Bytes(Vec<u8>),
}

/// One line of a manifest: an item, the last custody event known of it, and its seal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemRef {
    /// The item.
    pub item: ItemId,
    /// The last custody event the signer knows of it; [`EventId::ZERO`] when there is none.
    pub head: EventId,
    /// The number on the seal; empty when not sealed yet.
    pub seal: String,
}

impl ItemRef {
    pub(super) fn to_value(&self) -> Value {
        Value::Array(vec![
            cbor::bytes(self.item.0),
            cbor::bytes(self.head.0),
            cbor::text(self.seal.as_str()),
        ])
    }
}

/// The manifest's bytes: the lines, sorted by item id, as deterministic CBOR.
pub fn manifest_bytes(items: &[ItemRef]) -> Vec<u8> {
    let mut sorted: Vec<&ItemRef> = items.iter().collect();
    sorted.sort();
    cbor::encode(&Value::Array(sorted.into_iter().map(ItemRef::to_value).collect()))
}

/// The hash both parties of a hand-over sign (key 9).
pub fn manifest_hash(items: &[ItemRef]) -> [u8; 32] {
    Sha256::digest(manifest_bytes(items)).into()
}

/// How many characters of a manifest's hash stand on a paper slip.
const SLIP_CHARACTERS: u32 = 12;

/// The beginning of a manifest's hash in base32 (RFC 4648), for paper: whoever types a slip in later finds the list that
/// both signed in ink. Sixty bits tell apart every list of a province.
pub fn manifest_code(hash: &[u8; 32]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let start = hash
        .iter()
        .take(8)
        .fold(0_u64, |start, byte| start << 8 | u64::from(*byte));
    let fives = (1..=SLIP_CHARACTERS).map(|nth| start >> (u64::BITS - 5 * nth) & 31);
    fives
        .filter_map(|five| ALPHABET.get(usize::try_from(five).ok()?))
        .map(|letter| char::from(*letter))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::manifest_code;

    #[test]
    fn a_slip_shows_the_first_twelve_letters_of_base32() {
        let mut hash = [0; 32];
        // RFC 4648, section 10: "foobar" is MZXW6YTBOI.
        hash[..6].copy_from_slice(b"foobar");
        assert_eq!(manifest_code(&hash), "MZXW6YTBOIAA");
        assert_eq!(manifest_code(&[0xff; 32]), "777777777777");
    }
}
