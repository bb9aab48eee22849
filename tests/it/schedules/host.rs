//! What a simulated phone lends to its core: a key, clocks that move when told, and chance that repeats.

use super::dice::Dice;
use custody::envelope::{Signer, SoftSigner};
use mobile_ffi::core::{HostError, Mono, Platform};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The host of one phone.
pub(crate) struct Host {
    signer: SoftSigner,
    now: Mutex<Now>,
}

struct Now {
    wall_ms: i64,
    mono: Mono,
    chance: Dice,
    /// The fault of a host whose random numbers are always the same.
    stuck: Option<Vec<u8>>,
    /// The process dies while it signs next.
    dies: bool,
}

impl Host {
    /// A phone with this key, at this hour, with the chance of this seed.
    pub(crate) fn new(secret: &[u8; 32], wall_ms: i64, mut chance: Dice) -> Self {
        let mono = Mono {
            boot_id: boot(&mut chance),
            ms: 0,
        };
        Self {
            signer: SoftSigner::from_bytes(secret).expect("a key"),
            now: Mutex::new(Now {
                wall_ms,
                mono,
                chance,
                stuck: None,
                dies: false,
            }),
        }
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Time passes for both clocks.
    pub(crate) fn advance(&self, ms: u64) {
        let mut now = self.now();
        now.wall_ms = now.wall_ms.saturating_add_unsigned(ms);
        now.mono.ms += ms;
    }

    /// Somebody moves the wall clock.
    pub(crate) fn move_wall(&self, by_ms: i64) {
        self.now().wall_ms += by_ms;
    }

    /// The phone restarts.
    pub(crate) fn reboot(&self) {
        let mut now = self.now();
        now.mono = Mono {
            boot_id: boot(&mut now.chance),
            ms: 0,
        };
    }

    /// From now on, or no longer, every 16 random bytes are the same.
    pub(crate) fn stick(&self, stuck: bool) {
        self.now().stuck = stuck.then(|| vec![0x5a; 16]);
    }

    /// Whether the process dies while it signs next.
    pub(crate) fn die_at_next_signature(&self, dies: bool) {
        self.now().dies = dies;
    }

    /// Its key, for those who forge in its name and for the judge.
    pub(crate) fn signer(&self) -> &SoftSigner {
        &self.signer
    }
}

fn boot(chance: &mut Dice) -> [u8; 16] {
    chance.bytes(16).try_into().expect("16 bytes")
}

impl Platform for Host {
    fn now_ms(&self) -> Result<i64, HostError> {
        Ok(self.now().wall_ms)
    }

    fn mono(&self) -> Result<Mono, HostError> {
        Ok(self.now().mono)
    }

    fn public_key(&self) -> Result<[u8; 33], HostError> {
        Ok(self.signer.public_key().0)
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], HostError> {
        if std::mem::take(&mut self.now().dies) {
            // Unwinds without a word: this end is one of the test's.
            std::panic::resume_unwind(Box::new("the process ends here"));
        }
        let signed = self.signer.sign(message);
        signed.map_err(|error| HostError::new(error.to_string()))
    }

    fn store_key(&self) -> Result<[u8; 32], HostError> {
        Ok(self.signer.public_key().0[1..].try_into().expect("32 bytes"))
    }

    fn random(&self, len: usize) -> Result<Vec<u8>, HostError> {
        let mut now = self.now();
        match now.stuck.clone().filter(|stuck| stuck.len() == len) {
            Some(stuck) => Ok(stuck),
            None => Ok(now.chance.bytes(len)),
        }
    }
}
