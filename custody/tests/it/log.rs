//! The public log: trees, notes, receipts, and everything that must be refused.

mod receipts;
mod trees;
mod vectors;
