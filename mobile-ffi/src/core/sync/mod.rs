//! Bringing phone and server together.
//!
//! [`plan`](mod@plan) decides, [`engine`] does, and may be cut between any two steps. [`backoff`] and [`status`] tell
//! the host when to try again and what to show meanwhile.

pub mod backoff;
pub mod changes;
pub mod engine;
mod numbers;
mod photographs;
pub mod plan;
mod receipts;
pub mod status;

pub use backoff::backoff_ms;
pub use engine::SyncReport;
pub use plan::{HeldEvent, PhoneState, ServerState, Step, plan};
pub use status::{Banner, SyncStatus};
