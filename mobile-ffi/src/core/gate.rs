//! Whether the person in front of the screen may act and look: closed when idle for too long, or when somebody else took
//! over. A closed core still sends what it recorded, under its own key.

use std::sync::{Mutex, PoisonError};

use super::Core;
use super::error::{CourierError, Refusal};
use super::platform::{Mono, Platform};

/// Of one core.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    idle_ms: Option<u64>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    last: Option<Mono>,
    closed: bool,
}

impl Gate {
    /// A gate that closes when nothing was done for so long.
    pub(crate) fn closing_after(idle_ms: u64) -> Self {
        Self {
            idle_ms: Some(idle_ms),
            state: Mutex::default(),
        }
    }

    /// Closes for good: who comes back opens the store anew.
    pub(crate) fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
    }

    /// Lets somebody pass and counts idleness from now on. A restart of the phone closes as well: nobody saw who holds it.
    fn pass(&self, platform: &dyn Platform) -> Result<(), CourierError> {
        let now = match self.idle_ms {
            None => None,
            Some(_) => Some(platform.mono()?),
        };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(idle_ms), Some(now), Some(last)) = (self.idle_ms, now, state.last) {
            let idle = now.boot_id != last.boot_id || now.ms.saturating_sub(last.ms) >= idle_ms;
            state.closed |= idle;
        }
        if state.closed {
            return Err(Refusal::Locked.into());
        }
        state.last = now;
        Ok(())
    }
}

impl Core {
    /// Passes the gate, or says that it is closed.
    pub(crate) fn enter(&self) -> Result<(), CourierError> {
        self.gate.pass(&*self.platform)
    }

    /// Shuts the screen: nothing is recorded or shown by this object any more, and its outbox still goes out.
    pub fn lock(&self) {
        self.gate.close();
    }
}
