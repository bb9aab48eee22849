//! The post's own reports: the periodic one it owes, the quality of carriage, its share.
//!
//! Input is plain facts of items, receipts, complaints and compensation, each with the
//! hour it was recorded. Promised days are facts too, made at acceptance: the figures work
//! out no J+n, [`accepted()`] does where no promise was kept. Amounts of State money are
//! shown and never added to postage.
//!
//! Source: Thông tư 17/2017/TT-BTTTT, điều 13; Thông tư 17/2017/TT-BTTTT, điều 7

mod accepted;
mod complaint;
mod item;
mod measures;
mod money;
mod of_item;
mod quality;
mod share;
mod tt17;

pub use accepted::{Way, accepted};
pub use complaint::{Compensation, ComplaintFact, ComplaintHistory, ComplaintOutcome, ComplaintTerms};
pub use item::{FaultParty, ItemFact, ItemHistory, PostRelation};
pub use money::{MoneyLine, ReceiptFact, ReceiptHistory};
pub use of_item::facts_of_move;
pub use quality::{PostQuality, quality};
pub use tt17::{ComplaintCount, ProcedureLine, Revenue, Tt17Report, Volume, tt17};

use super::recorded::each_once;
use super::tally::Marking;
use super::{DossierHistory, Recorded, ReportError, Subject};
use crate::calendar::Calendar;

/// What the post's reports are worked out from.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// One history for each item.
    pub items: &'a [ItemHistory],
    /// One history for each receipt.
    pub receipts: &'a [ReceiptHistory],
    /// One history for each complaint.
    pub complaints: &'a [ComplaintHistory],
    /// Compensation paid.
    pub compensation: &'a [Recorded<Compensation>],
    /// One history for each dossier of the agencies served, carried by the post or not:
    /// the post's share is a share of all.
    pub dossiers: &'a [DossierHistory],
    /// The calendar of the post, as it stood at the hour of the report.
    pub calendar: &'a Calendar,
}

/// What the post's reports leave open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// How figures without a denominator and full marks are given.
    pub marking: Marking,
    /// The times to answer complaints.
    pub complaints: ComplaintTerms,
}

impl Input<'_> {
    fn check(&self) -> Result<(), ReportError> {
        each_once(self.items.iter().map(ItemHistory::subject))?;
        each_once(self.receipts.iter().map(ReceiptHistory::subject))?;
        each_once(self.complaints.iter().map(ComplaintHistory::subject))?;
        each_once(self.compensation.iter().map(|paid| Subject::Compensation(paid.fact.id)))
    }
}

/// The earlier of two hours.
fn keep_first(slot: &mut Option<i64>, at_ms: i64) {
    *slot = Some(slot.map_or(at_ms, |first| first.min(at_ms)));
}
