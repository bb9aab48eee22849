//! The courier's core: local store, scan, handover and sync, for phones, desks and counters.
//!
//! [`core`] holds the work and can be used from Rust as it is; `ffi` is a thin skin over it for Kotlin, Swift and
//! Python and holds no logic. Start at [`core::Core`].

pub mod core;
pub mod ffi;

uniffi::setup_scaffolding!();
