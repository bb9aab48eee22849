//! What the host app lends to the core, and the adapters that carry it in.

use std::sync::Arc;

use super::error::HostFault;
use super::record::{HttpReply, MonoReading};
use crate::core::platform::{HostError, Mono, Platform, Reply, Transport};
use crate::core::soft::{SoftPlatform, new_secret};

/// Clocks, key and randomness of the device. Methods may throw: the act in progress then leaves no trace.
#[uniffi::export(foreign)]
pub trait HostPlatform: Send + Sync {
    /// The wall clock, UTC milliseconds.
    fn now_ms(&self) -> Result<i64, HostFault>;
    /// The monotonic clock and the boot it counts from (16 bytes).
    fn mono(&self) -> Result<MonoReading, HostFault>;
    /// The device's public key: 33 bytes, compressed P-256.
    fn public_key(&self) -> Result<Vec<u8>, HostFault>;
    /// ECDSA P-256 over the SHA-256 of the message: 64 bytes r‖s. Must not call back into the core.
    fn sign(&self, message: Vec<u8>) -> Result<Vec<u8>, HostFault>;
    /// The key of the local store: 32 random bytes made once per person, kept by the key store, the same at every start.
    fn store_key(&self) -> Result<Vec<u8>, HostFault>;
    /// Bytes free where the store lies; nothing if the host cannot tell.
    fn free_bytes(&self) -> Result<Option<u64>, HostFault>;
    /// Random bytes fit for nonces.
    fn random(&self, len: u32) -> Result<Vec<u8>, HostFault>;
}

/// One HTTP request and its whole answer.
#[uniffi::export(foreign)]
pub trait HostTransport: Send + Sync {
    /// Sends one request; `path` starts with a slash and may carry a query.
    fn send(
        &self,
        method: String,
        path: String,
        headers: Vec<super::record::HttpHeader>,
        body: Vec<u8>,
    ) -> Result<HttpReply, HostFault>;
}

/// Carries a host's platform into the core.
pub(super) struct LentPlatform(pub(super) Arc<dyn HostPlatform>);

impl Platform for LentPlatform {
    fn now_ms(&self) -> Result<i64, HostError> {
        Ok(self.0.now_ms()?)
    }

    fn mono(&self) -> Result<Mono, HostError> {
        let reading = self.0.mono()?;
        Ok(Mono {
            boot_id: sized(reading.boot_id, "boot id")?,
            ms: reading.ms,
        })
    }

    fn public_key(&self) -> Result<[u8; 33], HostError> {
        sized(self.0.public_key()?, "public key")
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], HostError> {
        sized(self.0.sign(message.to_vec())?, "signature")
    }

    fn store_key(&self) -> Result<[u8; 32], HostError> {
        sized(self.0.store_key()?, "store key")
    }

    fn free_bytes(&self) -> Result<Option<u64>, HostError> {
        Ok(self.0.free_bytes()?)
    }

    fn random(&self, len: usize) -> Result<Vec<u8>, HostError> {
        let len = u32::try_from(len).map_err(|_| HostError::new("too many random bytes"))?;
        Ok(self.0.random(len)?)
    }
}

/// Carries a host's network into the core.
pub(super) struct LentTransport(pub(super) Arc<dyn HostTransport>);

impl Transport for LentTransport {
    fn send(&self, method: &str, path: &str, headers: &[(String, String)], body: &[u8]) -> Result<Reply, HostError> {
        let headers = headers.iter().cloned().map(Into::into).collect();
        let reply = self
            .0
            .send(method.to_owned(), path.to_owned(), headers, body.to_vec())?;
        Ok(reply.into())
    }
}

fn sized<const N: usize>(bytes: Vec<u8>, what: &str) -> Result<[u8; N], HostError> {
    bytes
        .try_into()
        .map_err(|_| HostError::new(format!("the {what} has the wrong length")))
}

/// A P-256 key in memory, for tests and the demo only: a real app keeps its key in the phone's key store.
#[derive(uniffi::Object)]
pub struct SoftKey {
    platform: SoftPlatform,
}

#[uniffi::export]
impl SoftKey {
    /// The key of these 32 bytes.
    #[uniffi::constructor]
    pub fn from_secret(secret: Vec<u8>) -> Result<Arc<Self>, HostFault> {
        let platform = SoftPlatform::new(&sized(secret, "secret")?, 0)?;
        Ok(Arc::new(Self { platform }))
    }

    /// A new key.
    #[uniffi::constructor]
    pub fn generate() -> Result<Arc<Self>, HostFault> {
        Ok(Arc::new(Self {
            platform: SoftPlatform::new(&new_secret()?, 0)?,
        }))
    }

    /// Its public half, 33 bytes.
    pub fn public_key(&self) -> Result<Vec<u8>, HostFault> {
        Ok(self.platform.public_key()?.to_vec())
    }

    /// ECDSA P-256 over the SHA-256 of the message, 64 bytes.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "arguments arrive by value from the other language"
    )]
    pub fn sign(&self, message: Vec<u8>) -> Result<Vec<u8>, HostFault> {
        Ok(self.platform.sign(&message)?.to_vec())
    }
}
