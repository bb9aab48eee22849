//! What travels as JSON between our own programs, one module per version.
//!
//! These types are the only serializable ones; they carry text and numbers, no logic.
//! Signed events do not pass here: they are CBOR and live in the `custody` room.

pub mod calendar;
pub mod due;
pub mod fact;
pub mod province;
pub mod v1;
