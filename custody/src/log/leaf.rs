//! What a leaf holds: a commitment to signed bytes that tells nothing about them.
//!
//! The salt is random for each fact, kept beside its bytes and given to the parties with their receipt. When bytes and salt
//! are erased at the end of retention, the tree stays valid and the leaf says nothing about anybody.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Marks how a leaf commits; another way gets another byte.
const VERSION: u8 = 1;

/// The length of a leaf's data, bytes.
pub const LENGTH: usize = 33;

/// The random part of a commitment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; 32]);

impl std::fmt::Debug for Salt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Salt")
    }
}

/// A leaf's data: `0x01 ‖ HMAC-SHA-256(salt, bytes)`.
pub fn commit(salt: &Salt, bytes: &[u8]) -> [u8; LENGTH] {
    // A key shorter than the hash's block is filled up with zeros (RFC 2104 §2).
    let mut block = [0; 64];
    block[..32].copy_from_slice(&salt.0);
    let block = block.into();
    let mut mac = Hmac::<Sha256>::new(&block);
    mac.update(bytes);
    let mut leaf = [VERSION; LENGTH];
    leaf[1..].copy_from_slice(&mac.finalize().into_bytes());
    leaf
}

/// The leaf's hash in the tree (RFC 6962 §2.1).
pub fn hash(data: &[u8]) -> [u8; 32] {
    tlog_tiles::tlog::record_hash(data).0
}
