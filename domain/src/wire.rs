//! What travels as JSON between our own programs, one module per version.
//!
//! These types are the only serializable ones; they carry text and numbers, no logic.
//! Signed events do not pass here: they are CBOR and live in the `custody` room.
//!
//! Source: Quy ước Trao Tay, hình dạng tệp và thông điệp

pub mod agency;
pub mod calendar;
pub mod due;
pub mod dvcqg;
pub mod fact;
pub mod inspect;
pub mod limit;
pub mod money;
pub mod procedure;
pub mod province;
pub mod report;
pub mod row;
pub mod rules;
pub mod serial_block;
pub mod tariff;
pub mod units;
pub mod v1;
