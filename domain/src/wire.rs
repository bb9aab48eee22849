//! What travels as JSON between our own programs, one module per version.
//!
//! These types are the only serializable ones; they carry text and numbers, no logic.
//! Signed events do not pass here: they are CBOR and live in the `custody` room.

pub mod fact;
pub mod province;
pub mod report;
pub mod v1;
