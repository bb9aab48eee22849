//! Receipts: the second acknowledgement, after which an envelope may one day leave this phone.

use custody::ids::EventId;

use super::Core;
use super::error::CourierError;
use super::store::{exchange, retention};

impl Core {
    /// Notes that events are in a published checkpoint, each since when by the server's time. What the server never
    /// confirmed as stored is passed over, however good its receipt looks. Says how many were noted.
    ///
    /// # Errors
    /// [`CourierError::Store`].
    pub fn receipted(&self, receipts: &[(EventId, i64)]) -> Result<u64, CourierError> {
        self.store.write(|tx| {
            let mut noted = 0;
            for (event_id, at_ms) in receipts {
                noted += u64::from(retention::mark_receipted(tx, *event_id, *at_ms)?);
            }
            Ok(noted)
        })
    }

    /// Lets go of envelopes whose receipt is thirty days old by the server's clock; the phone's own is not asked. Without
    /// a word of the server in this boot nothing goes. Part of every sync.
    pub(crate) fn purge(&self) -> Result<usize, CourierError> {
        let mono = self.platform.mono()?;
        self.store.write(|tx| {
            let beacon = exchange::load(tx)?.beacon.filter(|seen| seen.boot_id == mono.boot_id);
            match beacon {
                Some(seen) => Ok(retention::purge(tx, seen.server_ms)?),
                None => Ok(0),
            }
        })
    }
}
