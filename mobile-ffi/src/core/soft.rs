//! A host made of software, for tests, the demo and desks without a key store.
//!
//! Its clocks move only when told to, so a test can be a year off or a week offline without waiting.

use std::sync::{Mutex, MutexGuard, PoisonError};

use custody::envelope::{Signer, SoftSigner};
use sha2::{Digest, Sha256};

use super::platform::{HostError, Mono, Platform};

/// A P-256 key, a wall clock and a monotonic clock, all in memory.
pub struct SoftPlatform {
    signer: SoftSigner,
    store_key: [u8; 32],
    free_bytes: Mutex<Option<u64>>,
    clocks: Mutex<Clocks>,
}

#[derive(Debug, Clone, Copy)]
struct Clocks {
    wall_ms: i64,
    mono: Mono,
}

impl SoftPlatform {
    /// A host with the key of these 32 bytes, its wall clock at `wall_ms`.
    ///
    /// # Errors
    /// [`HostError`] if the bytes are no P-256 key.
    pub fn new(secret: &[u8; 32], wall_ms: i64) -> Result<Self, HostError> {
        let signer = SoftSigner::from_bytes(secret).map_err(|error| HostError::new(error.to_string()))?;
        let clocks = Clocks {
            wall_ms,
            mono: Mono {
                boot_id: fresh()?,
                ms: 0,
            },
        };
        Ok(Self {
            signer,
            store_key: Sha256::digest([b"traotay/soft/store-key", secret.as_slice()].concat()).into(),
            free_bytes: Mutex::new(None),
            clocks: Mutex::new(clocks),
        })
    }

    /// A host with a new key.
    ///
    /// # Errors
    /// [`HostError`] if the system has no randomness.
    pub fn generate(wall_ms: i64) -> Result<Self, HostError> {
        Self::new(&new_secret()?, wall_ms)
    }

    /// The same host with the store key of another one: a key store that lost its signing key alone.
    #[must_use]
    pub fn with_store_key_of(self, other: &Self) -> Self {
        Self {
            store_key: other.store_key,
            ..self
        }
    }

    /// Says how full the disk is.
    pub fn set_free_bytes(&self, free: Option<u64>) {
        *self.free_bytes.lock().unwrap_or_else(PoisonError::into_inner) = free;
    }

    /// Lets time pass: both clocks advance.
    pub fn advance(&self, ms: u64) {
        let mut clocks = self.clocks();
        clocks.wall_ms = clocks.wall_ms.saturating_add_unsigned(ms);
        clocks.mono.ms += ms;
    }

    /// Sets the wall clock alone, as a person or a network may.
    pub fn set_wall(&self, wall_ms: i64) {
        self.clocks().wall_ms = wall_ms;
    }

    /// Restarts the device: a new boot, its monotonic clock at zero.
    ///
    /// # Errors
    /// [`HostError`] if the system has no randomness.
    pub fn reboot(&self) -> Result<(), HostError> {
        self.clocks().mono = Mono {
            boot_id: fresh()?,
            ms: 0,
        };
        Ok(())
    }

    fn clocks(&self) -> MutexGuard<'_, Clocks> {
        self.clocks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Platform for SoftPlatform {
    fn now_ms(&self) -> Result<i64, HostError> {
        Ok(self.clocks().wall_ms)
    }

    fn mono(&self) -> Result<Mono, HostError> {
        Ok(self.clocks().mono)
    }

    fn public_key(&self) -> Result<[u8; 33], HostError> {
        Ok(self.signer.public_key().0)
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], HostError> {
        self.signer
            .sign(message)
            .map_err(|error| HostError::new(error.to_string()))
    }

    fn store_key(&self) -> Result<[u8; 32], HostError> {
        Ok(self.store_key)
    }

    fn free_bytes(&self) -> Result<Option<u64>, HostError> {
        Ok(*self.free_bytes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn random(&self, len: usize) -> Result<Vec<u8>, HostError> {
        let mut bytes = vec![0; len];
        getrandom::fill(&mut bytes).map_err(|error| HostError::new(error.to_string()))?;
        Ok(bytes)
    }
}

/// 32 random bytes that are a P-256 key (all but about one in four thousand million strings are).
///
/// # Errors
/// [`HostError`] if the system has no randomness.
pub fn new_secret() -> Result<[u8; 32], HostError> {
    fresh()
}

fn fresh<const N: usize>() -> Result<[u8; N], HostError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| HostError::new(error.to_string()))?;
    Ok(bytes)
}
