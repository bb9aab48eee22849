//! The skin for Kotlin, Swift and Python: records, conversions and one-line methods. It holds no logic.
//!
//! A change in this folder is a change of API for every app.

pub mod error;
pub mod money;
mod object;
pub mod picture;
pub mod platform;
pub mod record;
pub mod shared;
