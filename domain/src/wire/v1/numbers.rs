//! Numbers a device borrows, to give them without a network.

use serde::{Deserialize, Serialize};

/// Most labels lent at once: two days of pickups without a network.
pub const MOST_LABELS: u32 = 60;
/// Most receipt numbers lent at once.
pub const MOST_RECEIPTS: u32 = 60;

/// A device asks for numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumbersRequest {
    /// Sixteen random bytes in hex, new for each request: a repeat gets the same numbers.
    pub request: String,
    /// How many labels, at most [`MOST_LABELS`].
    pub labels: u32,
    /// How many receipt numbers, at most [`MOST_RECEIPTS`].
    pub receipts: u32,
}

/// Receipt numbers one after the other, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptRun {
    /// The code of the service point.
    pub point: String,
    /// The series printed on the book.
    pub series: String,
    /// The first number.
    pub first: u32,
    /// The last one.
    pub last: u32,
}

/// What is lent; less than asked for, or nothing, where an office has run out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct NumbersView {
    /// Labels (S10) in the order to use them.
    pub labels: Vec<String>,
    /// Runs of receipt numbers in the order to use them.
    pub receipts: Vec<ReceiptRun>,
}
