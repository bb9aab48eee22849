//! What leaves this phone: photographs the server has, and envelopes a month after their receipt.

use super::Core;
use super::error::CourierError;
use super::store::{exchange, photograph, retention};

impl Core {
    /// Lets go of envelopes whose receipt is thirty days old by the server's clock; the phone's own is not asked. Without
    /// a word of the server in this boot nothing goes. Part of every sync.
    pub(crate) fn purge(&self) -> Result<usize, CourierError> {
        let mono = self.platform.mono()?;
        self.store.write(|tx| {
            photograph::purge(tx)?;
            let beacon = exchange::load(tx)?.beacon.filter(|seen| seen.boot_id == mono.boot_id);
            match beacon {
                Some(seen) => Ok(retention::purge(tx, seen.server_ms)?),
                None => Ok(0),
            }
        })
    }
}
