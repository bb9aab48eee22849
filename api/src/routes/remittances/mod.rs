//! State fees on their way to the agency: outstanding receipts, statements, and the agency that counts and takes.

pub(super) mod confirm;
pub(super) mod list;
pub(super) mod outstanding;
pub(super) mod state;
pub(super) mod withdraw;
