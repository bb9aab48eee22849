//! The courier's core: local store, scan, handover and sync, for phones, desks and counters.
//!
//! [`core`] holds the work and can be used from Rust as it is; `ffi` is a thin skin over it for Kotlin, Swift and
//! Python, `wasm` the same for browsers; neither holds logic. Start at [`core::Core`].

pub mod core;
#[cfg(not(target_arch = "wasm32"))]
pub mod ffi;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

#[cfg(not(target_arch = "wasm32"))]
uniffi::setup_scaffolding!();
