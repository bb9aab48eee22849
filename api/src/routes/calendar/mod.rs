//! The official calendar: when something is due, and the notices that change it.

pub(super) mod due;
pub(super) mod notices;
pub(super) mod page;
