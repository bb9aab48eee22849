//! The ids signed events are made of: fixed byte strings, written as lower-case hex.
//!
//! None of them is made here. Event, device and item ids are hashes; hand-over ids and nonces come from the host's
//! random source.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// A text is not the hex form of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id of {bytes} bytes is written as {} hex digits", .bytes * 2)]
pub struct IdError {
    bytes: usize,
}

macro_rules! byte_id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// Its length in bytes.
            pub const LEN: usize = $len;

            /// Its bytes.
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), hex::encode(self.0))
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let mut bytes = [0; $len];
                hex::decode_to_slice(text, &mut bytes).map_err(|_| IdError { bytes: $len })?;
                Ok(Self(bytes))
            }
        }

        impl From<[u8; $len]> for $name {
            fn from(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = IdError;

            fn try_from(bytes: &[u8]) -> Result<Self, IdError> {
                bytes.try_into().map(Self).map_err(|_| IdError { bytes: $len })
            }
        }
    };
}

byte_id!(
    /// The id of a signed event: SHA-256 of what was signed, so the same event has the same id wherever it is read.
    EventId, 32
);
byte_id!(
    /// The id of a device key: the first 16 bytes of SHA-256 of the compressed public key.
    DeviceId, 16
);
byte_id!(
    /// The id of a postal item, derived from its S10 code so that a phone that scans the label knows it.
    ItemId, 16
);
byte_id!(
    /// One hand-over or one-party act: random, used once.
    HandoverId, 16
);
byte_id!(
    /// A receiver's random challenge: an offer that carries it was made for this receiver, now.
    Nonce, 16
);

impl EventId {
    /// No event: the predecessor of a device's first event and the head of an item nobody has recorded yet.
    pub const ZERO: Self = Self([0; 32]);

    /// Whether this stands for "no event".
    pub fn is_zero(&self) -> bool {
        *self == Self::ZERO
    }

    /// The id of signed bytes (a COSE `Sig_structure`).
    pub(crate) fn of_signed(signed: &[u8]) -> Self {
        Self(Sha256::digest(signed).into())
    }

    /// An id for bytes that are no readable envelope, so that they too can be stored once and spoken about.
    ///
    /// It never equals the id of a readable event: the hashed text begins differently.
    pub fn of_unreadable(bytes: &[u8]) -> Self {
        Self(
            Sha256::new()
                .chain_update(b"traotay/unreadable/v1")
                .chain_update(bytes)
                .finalize()
                .into(),
        )
    }
}

impl ItemId {
    /// The id of the item whose label carries `item_code` (canonical form: upper case, no spaces).
    pub fn of(item_code: &str) -> Self {
        let digest: [u8; 32] = Sha256::new()
            .chain_update(b"traotay/item/v1")
            .chain_update(item_code.as_bytes())
            .finalize()
            .into();
        Self(first16(&digest))
    }
}

/// The first half of a SHA-256.
pub(crate) fn first16(digest: &[u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    half
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_back_from_their_text() {
        let id = ItemId::of("EE000000155VN");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().len(), 32);
        assert!("12".parse::<ItemId>().is_err());
        assert!(format!("{id}00").parse::<ItemId>().is_err());
    }

    #[test]
    fn item_ids_are_the_first_half_of_the_hash_of_the_labelled_code() {
        let digest: [u8; 32] = Sha256::digest(b"traotay/item/v1EE000000155VN").into();
        assert_eq!(ItemId::of("EE000000155VN").0, digest[..16]);
        assert_ne!(ItemId::of("EE000000155VN"), ItemId::of("EE000000169VN"));
    }
}
