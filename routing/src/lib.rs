//! Who goes where: from a stop to the courier who takes it.
//!
//! Pure compute. Everything comes in as plain values and the answer goes out as one:
//! no database, no clock, no randomness, so the same question always has the same
//! answer and a person can be told why.
//!
//! - [`territory`] finds the service point that serves a place;
//! - [`assign`] chooses the courier, or says why there is none.
//!
//! The order of a courier's stops is another question and has no room here yet.

pub mod assign;
pub mod place;
pub mod shift;
pub mod territory;
