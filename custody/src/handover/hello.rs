//! The receiver's first picture.

use ciborium::Value;
use domain::hat::Hat;
use ed25519_dalek::VerifyingKey;

use super::introduced::{StrangerError, meet};
use crate::cbor;
use crate::credential::Credential;
use crate::envelope::PublicKey;
use crate::ids::{DeviceId, Nonce};

/// "It is me, now": which device wants to receive, under which hat, and its challenge. Not signed; the ACCEPT is, and the
/// credential in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hello {
    /// The receiver's key.
    pub key: PublicKey,
    /// The hat it will accept under.
    pub acting_as: Hat,
    /// Its challenge, random and used once.
    pub nonce: Nonce,
}

impl Hello {
    /// The device that wants to receive.
    pub fn device(&self) -> DeviceId {
        self.key.device_id()
    }

    /// Its bytes, for the picture, with the receiver's signed credential.
    pub fn encode(&self, credential: &[u8]) -> Vec<u8> {
        cbor::encode(&Value::Array(vec![
            cbor::uint(2),
            cbor::bytes(credential),
            cbor::uint(self.acting_as.code()),
            cbor::bytes(self.nonce.0),
        ]))
    }

    /// Reads the picture, and who shows it.
    ///
    /// # Errors
    /// [`StrangerError`] when it is something else, or no credential of these servers for that hat now.
    pub fn decode(bytes: &[u8], issuers: &[VerifyingKey], now_ms: i64) -> Result<(Self, Credential), StrangerError> {
        let value = cbor::decode(bytes).map_err(|_| StrangerError::Unreadable)?;
        let (credential, acting_as, nonce) = read(value).ok_or(StrangerError::Unreadable)?;
        let credential = meet(&credential, issuers, acting_as, now_ms)?;
        let key = credential.key;
        Ok((Self { key, acting_as, nonce }, credential))
    }
}

fn read(value: Value) -> Option<(Vec<u8>, Hat, Nonce)> {
    let [version, credential, hat, nonce]: [Value; 4] = value.into_array().ok()?.try_into().ok()?;
    (version == cbor::uint(2)).then_some(())?;
    Some((
        credential.into_bytes().ok()?,
        Hat::from_code(hat.into_integer().ok()?.try_into().ok()?)?,
        Nonce(nonce.into_bytes().ok()?.try_into().ok()?),
    ))
}
