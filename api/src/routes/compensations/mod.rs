//! Claims for compensation.

pub(super) mod assess;
pub(super) mod list;
pub(super) mod steps;
