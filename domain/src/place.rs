//! Finding the commune in an address as people write it.
//!
//! Addresses name communes and districts of before July 2025 as often as those of
//! after, with or without accents, with or without «xã» or «phường». Names are never
//! keys: five communes of the country are called An Phú. So this module says which
//! commune an address means only when the address says so, and otherwise hands the
//! question to a person. It never guesses.
//!
//! Codes of communes change their meaning too; see [`CodeList`] and [`Successions`].
//!
//! Start with [`Gazetteer::locate`].
//!
//! Source: Nghị quyết 1654/NQ-UBTVQH15, điều 1; Quyết định 19/2025/QĐ-TTg, phụ lục

mod code_list;
mod commune;
mod fold;
mod gazetteer;
mod locate;
mod other_code;
mod province;
mod sought;
mod succession;
mod zone;

pub use code_list::{CodeList, ParseCodeListError, UnitCode, UnitCodeError};
pub use commune::{Commune, CommuneKind, OldName, ReadCommunesError};
pub use fold::{Word, fold_vietnamese, words};
pub use gazetteer::Gazetteer;
pub use locate::{Located, Place};
pub use other_code::OtherCodes;
pub use sought::Sought;
pub use succession::{ConvertError, Converted, Extent, Succession, Successions, SuccessionsError};
pub use zone::{Zone, Zones};
