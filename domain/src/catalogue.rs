//! The procedures as the agencies publish them: who may ask for what paper, how long it
//! takes and what it costs.
//!
//! Time limit, unit and fee differ by channel, so they are held per case and channel and
//! never once per procedure. Everything is effective-dated: look-ups ask for a day. The
//! catalogue is data; where the national base and the agency's own page differ, the page
//! prevails and the data says so in `source`.
//!
//! Start with [`Catalogue::terms`], [`Catalogue::limit`] and [`checklist::compare`].
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 6; Thông tư 01/2018/TT-VPCP, điều 3

mod case;
mod channel;
pub mod checklist;
mod find;
mod kind;
mod limit;
mod online;
mod procedure;

pub use case::{CaseError, ChannelTerms, Component, ProcedureCase, Required, StateFeeRule, SurrenderItem, TimeLimit};
pub use channel::{Channel, ParseChannelError};
pub use find::{Catalogue, CatalogueError, FindError, Offer};
pub use kind::{Authorisation, CopyKind, LimitUnit, ResultKind};
pub use limit::ChosenLimit;
pub use online::{LegacyLevels, OnlineLevel};
pub use procedure::{AgencyLevel, Procedure, ProcedureError};
