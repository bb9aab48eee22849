//! Finding the commune in an address as people write it.
//!
//! Addresses name communes and districts of before July 2025 as often as those of
//! after, with or without accents, with or without «xã» or «phường». Names are never
//! keys: five communes of the country are called An Phú. So this module says which
//! commune an address means only when the address says so, and otherwise hands the
//! question to a person. It never guesses.
//!
//! Start with [`Gazetteer::locate`].

mod commune;
mod fold;
mod gazetteer;
mod locate;
mod province;

pub use commune::{Commune, CommuneKind, OldName, ReadCommunesError};
pub use fold::fold_vietnamese;
pub use gazetteer::Gazetteer;
pub use locate::{Located, Place};
