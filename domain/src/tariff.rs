//! What carriage costs: by weight, relation and direction, from a day to a day.
//!
//! The prices are data. The send price includes delivering the receipt slip, the return
//! price taking withdrawn papers back to the agency; both ways is the sum of the two.
//! Districts are gone since July 2025 and the tariff still speaks of them, so «within a
//! district» means within one zone, and a zone is data.
//!
//! Start with [`Tariff::quote`] and [`Geography::relation`].
//!
//! Source: Thông tư 22/2017/TT-BTTTT, phụ lục; Quyết định 45/2016/QĐ-TTg, điều 12

mod exemption;
mod geography;
mod price;
mod quote;
mod set;

pub use exemption::{Exemption, ExemptionClass, ExemptionError, Proof};
pub use geography::{End, FormerEnd, Geography, RelationError, SpecialArea};
pub use price::{Direction, PriceError, PriceTable, Relation, WeightStep};
pub use quote::{Leg, Quote, QuoteError, Rounding, RoundingMode, Tariff, Vat};
pub use set::{Tariffs, TariffsError};
