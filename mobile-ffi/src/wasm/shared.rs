//! A browser several people work with, and the way out of one whose key is gone.

use std::sync::Arc;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::error::{Thrown, told};
use super::object::Courier;
use super::platform::{HostPlatform, LentPlatform};
use super::record::{Salvage, Slot, list, object};
use crate::core;

/// A browser several people work with, one after the other, each with keys and a store of their own. Who comes back has to
/// `free` the `Courier` they had before.
#[wasm_bindgen]
pub struct SharedPhone {
    phone: core::SharedPhone,
}

#[wasm_bindgen]
impl SharedPhone {
    /// The stores in a folder; nobody is let in yet. The screen locks after `idleMs` without an act.
    pub fn open(folder: String, #[wasm_bindgen(js_name = idleMs)] idle_ms: u32) -> Self {
        Self {
            phone: core::SharedPhone::open(folder, idle_ms.into()),
        }
    }

    /// Lets the person of this slot in, with the keys of that slot, and shuts everybody else out.
    #[wasm_bindgen(js_name = switchTo)]
    pub fn switch_to(&self, slot: &str, platform: HostPlatform) -> Result<Courier, Thrown> {
        let core = told(self.phone.switch(slot, Arc::new(LentPlatform(platform))))?;
        Ok(Courier { core })
    }

    /// Shuts out whoever is in.
    pub fn lock(&self) {
        self.phone.lock();
    }

    /// Everybody with a store in this browser, and how much of theirs waits.
    #[wasm_bindgen(unchecked_return_type = "Slot[]")]
    pub fn slots(&self) -> Result<JsValue, Thrown> {
        list::<Slot, _>(told(self.phone.slots())?)
    }
}

/// Gathers what was not sent from a store whose key is lost. Needs no key; changes nothing.
#[wasm_bindgen(unchecked_return_type = "Salvage")]
pub fn salvage(path: &str) -> Result<JsValue, Thrown> {
    let saved = core::salvage::export(path).map_err(core::CourierError::from);
    object(&Salvage::from(told(saved)?))
}
