//! Device keys: what identifies a device and what can sign for it.

use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::ids::{DeviceId, first16};

/// A device's public key: P-256, compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey(pub [u8; 33]);

impl PublicKey {
    /// The device it identifies.
    pub fn device_id(&self) -> DeviceId {
        DeviceId(first16(&Sha256::digest(self.0).into()))
    }

    /// Whether `signature` (raw r‖s, high or low s) is this key's ECDSA signature of SHA-256 of `message`.
    pub fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        use p256::ecdsa::signature::Verifier as _;
        let key = VerifyingKey::from_sec1_bytes(&self.0);
        let signature = Signature::from_slice(signature);
        key.and_then(|key| key.verify(message, &signature?)).is_ok()
    }

    /// Whether the bytes are a point of the curve.
    pub fn is_valid(&self) -> bool {
        VerifyingKey::from_sec1_bytes(&self.0).is_ok()
    }
}

/// The key could not sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the device key did not sign: {reason}")]
pub struct SignError {
    /// What the key store said. No secret and nothing personal.
    pub reason: String,
}

/// A device key, wherever it lives: hardware store, browser or memory.
pub trait Signer: Send + Sync {
    /// Its public half.
    fn public_key(&self) -> PublicKey;

    /// Signs SHA-256 of `message` with ECDSA P-256: raw r‖s.
    ///
    /// # Errors
    /// [`SignError`] when the key is gone, locked or refuses.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError>;
}

/// A key held in memory.
#[derive(Clone)]
pub struct SoftSigner {
    key: SigningKey,
}

/// 32 bytes that are no P-256 private key (zero, or not below the order of the curve).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a private key")]
pub struct InvalidKey;

impl SoftSigner {
    /// The key with this private scalar, big-endian.
    ///
    /// # Errors
    /// [`InvalidKey`] when the bytes are not a scalar between 1 and the order of the curve.
    pub fn from_bytes(scalar: &[u8; 32]) -> Result<Self, InvalidKey> {
        SigningKey::from_slice(scalar)
            .map(|key| Self { key })
            .map_err(|_| InvalidKey)
    }
}

impl Signer for SoftSigner {
    fn public_key(&self) -> PublicKey {
        let point = self.key.verifying_key().to_sec1_point(true);
        PublicKey(point.as_bytes().try_into().expect("a compressed point has 33 bytes"))
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError> {
        let signature: Signature = self.key.sign(message);
        Ok(signature.to_bytes().into())
    }
}

/// The same signature with the smaller of its two possible `s`; other bytes are returned as they are.
pub(crate) fn low_s(signature: &[u8; 64]) -> [u8; 64] {
    Signature::from_slice(signature).map_or(*signature, |signature| signature.normalize_s().to_bytes().into())
}
