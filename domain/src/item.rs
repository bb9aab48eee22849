//! One sealed envelope: what it carries and where its custody stands.
//!
//! Invariant: exactly one custodian at any time. The fold that finds the custodian
//! lives in the `custody` room; here is only what a move may do to the state.
//! A phone or desk asks [`HandingOver::check`] and [`check_return`] before it acts;
//! [`breaches`] reads from the record what was broken all the same.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 4; Thông tư 17/2017/TT-BTTTT, điều 5

mod breach;
mod delivery;
mod illegal;
mod incident;
mod kind;
mod moves;
mod policy;
pub mod reason;
mod refusal;
mod standing;
mod state;
mod step;
mod surrender;

pub use breach::{ItemBreach, ItemRule, breaches};
pub use delivery::{DeliveryGap, HandingOver, Receiver, ReturnTooEarly, check_return};
pub use illegal::{IllegalItemMove, WhyNotItem};
pub use incident::{Damage, IncidentRecord, compare_seals, is_missing};
pub use kind::{Addressee, ItemKind, ParseItemKindError};
pub use moves::MoveKind;
pub use policy::{DeliveryPolicy, Invitations};
pub use reason::AttemptReason;
pub use refusal::{Refusal, RefusalGap};
pub use standing::{Standing, StandingStep};
pub use state::{Incident, ItemState, ParseItemStateError};
pub use step::ItemStep;
pub use surrender::SurrenderPaper;
