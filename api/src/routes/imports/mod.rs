//! Orders from offices that have no interface: a table in, the same table's fate out.
//!
//! Two steps. [`upload`] reads a file and says row by row what is wrong; nothing is ordered, and the same file says the same
//! again. [`commit`] places the orders of the rows that are in order; it may be repeated, because (customer code, order
//! number) is placed once. [`template`] is the empty table, [`status`] where the orders stand, under the names of the tracking
//! feed.

mod columns;
pub(super) mod commit;
mod judge;
mod report;
pub(super) mod show;
pub(super) mod status;
pub(super) mod template;
pub(super) mod upload;
