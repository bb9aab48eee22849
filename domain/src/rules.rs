//! The parameters of the law and of the agreement between post and agencies, as data that
//! holds from a day to a day.
//!
//! A dossier keeps the id of the rule set it was accepted under and is counted by it to the
//! end, whatever is decreed meanwhile. No law is named in logic: every value carries the
//! text it rests on, so that an auditor can ask «which article?». What is not settled has
//! the safe default and says so in its source.
//!
//! This module holds values; it decides nothing.
//!
//! Source: Nghị định 118/2025/NĐ-CP, điều 1; Quy ước Trao Tay, bộ quy tắc theo ngày

mod delivery;
mod law;
mod money;
mod set;
mod sourced;

pub use delivery::{DeliveryRules, Evidence, HoldRule};
pub use law::{CountingMode, DossierCodeGrammar, LawRules, SlaDays, SlaTable, TimeOfDay};
pub use money::MoneyRules;
pub use set::{RuleSet, RuleSetError, RuleSetId, RuleSets};
pub use sourced::{Sourced, SourcedError};
