//! The way out of a phone whose key store failed: unsent envelopes, each sealed for the server's recovery key.
//!
//! Keys are copied to a new phone less often than data is, and then the store does not open any more. So every envelope
//! gets, in the transaction that records it, a second copy that needs no key of this phone to get out, and that nobody
//! but the holder of the recovery key can read. [`export`] gathers those copies; it needs neither key nor network, and
//! it deletes nothing. The copy goes once the server has the envelope.
//!
//! Each copy is HPKE (RFC 9180, base mode, X25519, HKDF-SHA256, ChaCha20-Poly1305) with an info of its own. The file is
//! text: a line that names its version, then one copy a line in base64url.

use std::path::Path;

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeS, Serializable, single_shot_seal};
use rusqlite::Transaction;

use super::Core;
use super::http::{decode, encode};
use super::store::{StoreError, event, exchange, place};

/// First line of the file.
pub const HEAD: &str = "traotay salvage v1";

/// What the copies are bound to, so that they mean nothing in another protocol.
pub const INFO: &[u8] = b"traotay/salvage/v1";

type Public = <X25519HkdfSha256 as Kem>::PublicKey;

/// The public half of the recovery key, as the server told it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct RecoveryKey(Public);

impl RecoveryKey {
    /// Thirty-two bytes, if they are a key.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Public::from_bytes(bytes).ok().map(Self)
    }

    /// As the server writes it: base64url.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        Self::from_bytes(&decode(text)?)
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes().to_vec()
    }

    /// A copy that only the recovery key opens: the encapsulated key, then the sealed envelope.
    pub(crate) fn seal(&self, envelope: &[u8]) -> Result<Vec<u8>, StoreError> {
        single_shot_seal::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(&OpModeS::Base, &self.0, INFO, envelope, b"")
            .map(|(key, sealed)| [key.to_bytes().as_slice(), &sealed].concat())
            .map_err(|_| StoreError::Corrupt { what: "recovery key" })
    }
}

/// What could be saved from a store that does not open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salvage {
    /// The file to give to whoever runs the server.
    pub file: String,
    /// Envelopes in it.
    pub events: u64,
    /// Unsent envelopes that have no copy, because the server had told no recovery key when they were recorded. They are
    /// still in the store, for the key that opens it.
    pub without_copy: u64,
}

/// Gathers the copies of what the server does not have, without any key. Reads only.
///
/// # Errors
/// [`StoreError`] if there is no store at `path` or it cannot be read.
pub fn export(path: impl AsRef<Path>) -> Result<Salvage, StoreError> {
    let connection = place::look(path.as_ref())?;
    let copies = event::rescues(&connection)?;
    let mut file = format!("{HEAD}\n");
    let (mut events, mut without_copy) = (0, 0);
    for copy in copies {
        match copy {
            Some(copy) => {
                file.push_str(&encode(copy));
                file.push('\n');
                events += 1;
            }
            None => without_copy += 1,
        }
    }
    Ok(Salvage {
        file,
        events,
        without_copy,
    })
}

/// Remembers the recovery key; copies for another one are made anew.
pub(crate) fn learn(tx: &Transaction<'_>, told: &RecoveryKey) -> Result<(), StoreError> {
    let known = exchange::recovery_key(tx)?;
    if known.as_ref() != Some(told) {
        exchange::save_recovery_key(tx, told)?;
        event::forget_rescues(tx)?;
    }
    cover(tx)
}

/// Gives every unsent envelope its copy, once the recovery key is known.
pub(crate) fn cover(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let Some(key) = exchange::recovery_key(tx)? else {
        return Ok(());
    };
    for (row, envelope) in event::uncovered(tx)? {
        event::save_rescue(tx, row, &key.seal(&envelope)?)?;
    }
    Ok(())
}

impl Core {
    /// The same file from a store that opens, for support to have in hand before anything is tried.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read.
    pub fn salvage(&self) -> Result<Salvage, StoreError> {
        export(&self.path)
    }
}
