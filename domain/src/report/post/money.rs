//! Receipts, as the reports know them: three lines that never mix.
//!
//! The ledgers themselves are kept elsewhere.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 11; Quyết định 45/2016/QĐ-TTg, điều 15

use super::keep_first;
use crate::report::{Recorded, Subject};

/// Whose money it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MoneyLine {
    /// Postage: the post's own.
    Postage,
    /// Fees and charges of the State: held for the agency.
    StateFee,
    /// Taxes and the like, taken on the agency's instruction.
    Other,
}

/// One fact of a receipt. Hours are milliseconds UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "every `at_ms` is the hour of the fact")]
pub enum ReceiptFact {
    /// Money was taken, in whole đồng.
    Collected { at_ms: i64, amount_vnd: u64 },
    /// It was handed to the agency.
    Remitted { at_ms: i64 },
    /// The receipt was cancelled and the money given back.
    Cancelled { at_ms: i64 },
}

/// Everything recorded of one receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptHistory {
    /// Its number.
    pub number: String,
    /// Whose money it is.
    pub line: MoneyLine,
    /// What became of it.
    pub facts: Vec<Recorded<ReceiptFact>>,
}

/// A receipt that stands, as known.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReceiptRecord {
    pub(super) collected_at_ms: i64,
    pub(super) amount_vnd: u64,
    pub(super) remitted_at_ms: Option<i64>,
}

impl ReceiptHistory {
    pub(super) fn subject(&self) -> Subject {
        Subject::Receipt(self.number.clone())
    }

    /// The receipt as known at an hour; `None` when nothing was taken or it was cancelled.
    pub(super) fn record(&self, as_of_ms: i64) -> Option<ReceiptRecord> {
        let mut collected: Option<(i64, u64)> = None;
        let mut remitted_at_ms = None;
        for fact in self.facts.iter().filter_map(|fact| fact.known(as_of_ms)) {
            match fact {
                ReceiptFact::Collected { at_ms, amount_vnd } => {
                    let this = (*at_ms, *amount_vnd);
                    collected = Some(collected.map_or(this, |first| first.min(this)));
                }
                ReceiptFact::Remitted { at_ms } => keep_first(&mut remitted_at_ms, *at_ms),
                ReceiptFact::Cancelled { .. } => return None,
            }
        }
        collected.map(|(collected_at_ms, amount_vnd)| ReceiptRecord {
            collected_at_ms,
            amount_vnd,
            remitted_at_ms,
        })
    }
}
