//! The receiver's first picture.

use ciborium::Value;
use domain::hat::Hat;

use crate::cbor;
use crate::envelope::PublicKey;
use crate::ids::{DeviceId, Nonce};

/// "It is me, now": which device wants to receive, under which hat, and its challenge. Not signed; the ACCEPT is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hello {
    /// The receiver's key.
    pub key: PublicKey,
    /// The hat it will accept under.
    pub acting_as: Hat,
    /// Its challenge, random and used once.
    pub nonce: Nonce,
}

/// Bytes that are no HELLO.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the first picture of a hand-over")]
pub struct HelloError;

impl Hello {
    /// The device that wants to receive.
    pub fn device(&self) -> DeviceId {
        self.key.device_id()
    }

    /// Its bytes, for the picture.
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(&Value::Array(vec![
            cbor::uint(1),
            cbor::bytes(self.key.0),
            cbor::uint(self.acting_as.code()),
            cbor::bytes(self.nonce.0),
        ]))
    }

    /// Reads the picture.
    ///
    /// # Errors
    /// [`HelloError`] when it is something else or the key is none.
    pub fn decode(bytes: &[u8]) -> Result<Self, HelloError> {
        let value = cbor::decode(bytes).map_err(|_| HelloError)?;
        read(value).filter(|hello| hello.key.is_valid()).ok_or(HelloError)
    }
}

fn read(value: Value) -> Option<Hello> {
    let [version, key, hat, nonce]: [Value; 4] = value.into_array().ok()?.try_into().ok()?;
    (version == cbor::uint(1)).then_some(())?;
    Some(Hello {
        key: PublicKey(key.into_bytes().ok()?.try_into().ok()?),
        acting_as: Hat::from_code(hat.into_integer().ok()?.try_into().ok()?)?,
        nonce: Nonce(nonce.into_bytes().ok()?.try_into().ok()?),
    })
}
