//! Photographs and drawn signatures: kept here sealed, named by events, brought with a later sync.

use sha2::{Digest, Sha256};

use super::Core;
use super::error::{CourierError, Refusal};
use super::record::check_room;
use super::store::photograph;

/// The largest photograph kept, bytes. A camera's picture is made smaller first (about 120 kB reads well); this bound only keeps a
/// forgotten full-size one from filling the phone. The server takes up to 16 MiB.
const LARGEST: usize = 4 * 1024 * 1024;

impl Core {
    /// Keeps a photograph and gives its SHA-256, to be named as evidence of the act it belongs to. The same bytes are kept once.
    ///
    /// # Errors
    /// [`CourierError::Refused`] when it is empty, too large, or the disk is nearly full; [`CourierError::Store`].
    pub fn keep_photograph(&self, bytes: &[u8]) -> Result<[u8; 32], CourierError> {
        self.enter()?;
        if bytes.is_empty() || bytes.len() > LARGEST {
            return Err(Refusal::PhotographSize { most: LARGEST }.into());
        }
        check_room(&*self.platform)?;
        let sha256 = Sha256::digest(bytes).into();
        self.store.write(|tx| photograph::insert(tx, &sha256, bytes))?;
        Ok(sha256)
    }

    /// How many photographs named by events the server does not have yet.
    ///
    /// # Errors
    /// [`CourierError::Store`].
    pub fn photographs_waiting(&self) -> Result<u64, CourierError> {
        Ok(self.store.read(photograph::count)?)
    }
}
