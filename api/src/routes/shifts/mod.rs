//! Shifts of tills: opened, counted by the keeper, counted again by another person.

pub(super) mod close;
pub(super) mod countersign;
pub(super) mod list;
pub(super) mod open;
mod view;
