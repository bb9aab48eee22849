//! One sealed envelope: what it carries and where its custody stands.
//!
//! Invariant: exactly one custodian at any time. The fold that finds the custodian
//! lives in the `custody` room; here is only what a move may do to the state.

mod kind;
mod moves;
pub mod reason;
mod state;

pub use kind::{Addressee, ItemKind, ParseItemKindError};
pub use moves::{IllegalItemMove, MoveKind};
pub use reason::AttemptReason;
pub use state::{Incident, ItemState, ParseItemStateError};
