//! A phone several people work with, and the way out of one whose key store failed.

use std::sync::Arc;

use super::error::CourierError;
use super::object::Courier;
use super::platform::{HostPlatform, LentPlatform};
use crate::core;

/// A phone several people work with, one after the other, each with keys and a store of their own.
#[derive(uniffi::Object)]
pub struct SharedPhone {
    phone: core::SharedPhone,
}

/// Somebody who works with this phone.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Slot {
    /// The name the host gave the slot.
    pub name: String,
    /// Events of theirs the server has not confirmed.
    pub unsent: u64,
    /// Whether they are the one who works now.
    pub current: bool,
}

impl From<core::Slot> for Slot {
    fn from(slot: core::Slot) -> Self {
        let core::Slot { name, unsent, current } = slot;
        Self { name, unsent, current }
    }
}

#[uniffi::export]
impl SharedPhone {
    /// The stores in a folder; nobody is let in yet. The screen locks after `idle_ms` without an act.
    #[uniffi::constructor]
    pub fn open(folder: String, idle_ms: u64) -> Arc<Self> {
        Arc::new(Self {
            phone: core::SharedPhone::open(folder, idle_ms),
        })
    }

    /// Lets the person of this slot in, with the keys of that slot, and shuts everybody else out.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "arguments arrive by value from the other language"
    )]
    pub fn switch_to(&self, slot: String, platform: Arc<dyn HostPlatform>) -> Result<Arc<Courier>, CourierError> {
        let core = self.phone.switch(&slot, Arc::new(LentPlatform(platform)))?;
        Ok(Arc::new(Courier { core }))
    }

    /// Shuts out whoever is in.
    pub fn lock(&self) {
        self.phone.lock();
    }

    /// Everybody with a store on this phone, and how much of theirs waits.
    pub fn slots(&self) -> Result<Vec<Slot>, CourierError> {
        Ok(self.phone.slots()?.into_iter().map(Into::into).collect())
    }
}

/// What could be saved from a store that does not open.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Salvage {
    /// The file, sealed for the server: give it to the supervisor.
    pub file: String,
    /// Events in it.
    pub events: u64,
    /// Unsent events that are still in the store alone.
    pub without_copy: u64,
}

/// Gathers what was not sent from a store whose key is lost. Needs no key; changes nothing.
#[uniffi::export]
pub fn salvage(path: String) -> Result<Salvage, CourierError> {
    let core::Salvage {
        file,
        events,
        without_copy,
    } = core::salvage::export(path).map_err(core::CourierError::from)?;
    Ok(Salvage {
        file,
        events,
        without_copy,
    })
}
