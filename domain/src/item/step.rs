//! One recorded step of an item, without who signed it.
//!
//! Source: Thông tư 17/2017/TT-BTTTT, điều 11; UPU EMSEVT, EMA đến EMI

use super::{AttemptReason, ItemState, MoveKind};

/// A move that was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemStep {
    /// When, milliseconds UTC.
    pub at_ms: i64,
    /// The move.
    pub kind: MoveKind,
    /// Why, for an attempt that failed or a refusal.
    pub reason: Option<AttemptReason>,
    /// The state it led to.
    pub state: ItemState,
}
