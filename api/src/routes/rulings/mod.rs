//! Rulings on what is contested: one person proposes, somebody else of the same role approves, and it enters the log.

pub(super) mod list;
pub(super) mod propose;
pub(super) mod show;
pub(super) mod steps;
