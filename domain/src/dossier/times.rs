//! The hours of a dossier's life, each written once.
//!
//! What can happen more than once is a list that only grows. The clock of the law is
//! read from these hours in [`Clock`](super::Clock); none is changed for it.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 6; Quyết định 45/2016/QĐ-TTg, điều 7; Nghị định 61/2018/NĐ-CP, điều 17; Nghị định 61/2018/NĐ-CP, điều 19

use time::Date;

use crate::party::Party;

/// One round of asking for papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supplement {
    /// When the agency asked.
    pub requested_at_ms: i64,
    /// When every asked paper was there.
    pub completed_at_ms: Option<i64>,
    /// Whether it was asked before the dossier had been received.
    pub before_reception: bool,
    /// Whose fault it is that papers were missing, where that is known.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 12
    pub fault: Option<Party>,
}

/// Something that was asked for and then done: a payment, a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// When it was asked for or found out.
    pub asked_at_ms: i64,
    /// When it was done.
    pub done_at_ms: Option<i64>,
}

/// Why a date was promised.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PromiseCause {
    /// The first date, on the appointment slip.
    ///
    /// Source: Thông tư 03/2025/TT-VPCP, mẫu 01
    Reception,
    /// The clock started again after a supplement.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19
    Supplement,
    /// The agency's one extension.
    ///
    /// Source: Thông tư 03/2025/TT-VPCP, mẫu 04
    Extension,
    /// An official calendar notice, by its number.
    ///
    /// Source: Bộ luật Dân sự 2015, điều 148; Bộ luật Lao động 2019, điều 112
    CalendarNotice(String),
}

impl PromiseCause {
    /// The text form, lower snake case.
    ///
    /// Source: Quy ước Trao Tay, lý do của ngày hẹn trả
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Reception => "reception",
            Self::Supplement => "supplement",
            Self::Extension => "extension",
            Self::CalendarNotice(_) => "calendar_notice",
        }
    }

    /// The number of the official notice, for a date that one moved.
    pub fn notice(&self) -> Option<&str> {
        match self {
            Self::CalendarNotice(notice) => Some(notice),
            Self::Reception | Self::Supplement | Self::Extension => None,
        }
    }
}

/// A date the agency promised, and since when it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// Since when.
    pub at_ms: i64,
    /// The date.
    pub due_on: Date,
    /// Why it was set.
    pub cause: PromiseCause,
}

/// The hours of a dossier's life in milliseconds UTC, each written once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Times {
    /// The first order to the post.
    pub ordered_at_ms: Option<i64>,
    /// The slip was signed: the postal clock starts.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 7
    pub accepted_by_post_at_ms: Option<i64>,
    /// The minutes were signed.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 7
    pub handed_over_at_ms: Option<i64>,
    /// The first lodging; see [`Times::legal_lodging_at_ms`] for the one that counts.
    pub lodged_at_ms: Option<i64>,
    /// The agency received it and gave a code.
    pub received_at_ms: Option<i64>,
    /// The applicant has the appointment slip or was told the date.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 12
    pub appointment_told_at_ms: Option<i64>,
    /// It was first passed on to be worked on.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 18
    pub processing_at_ms: Option<i64>,
    /// The due date first given.
    pub due_original: Option<Date>,
    /// The due date now: the last of the promises.
    pub due_current: Option<Date>,
    /// Every date promised, by the hour of the promise.
    pub promises: Vec<Promise>,
    /// How many times the agency set a new date; at most once is lawful.
    pub extension_count: u32,
    /// Every round of asking for papers.
    pub supplements: Vec<Supplement>,
    /// Every payment asked for.
    pub payments: Vec<Wait>,
    /// The agency decided.
    pub resolved_at_ms: Option<i64>,
    /// Post and applicant were told that the result can be fetched.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 8
    pub result_ready_at_ms: Option<i64>,
    /// The post first took the result.
    pub result_in_post_at_ms: Option<i64>,
    /// Every time the result was found wrong, and when it was right again.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 21
    pub corrections: Vec<Wait>,
    /// The entitled person has the result.
    pub returned_at_ms: Option<i64>,
    /// The agency confirmed the return.
    pub return_confirmed_at_ms: Option<i64>,
    /// The person has their originals back.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 8
    pub papers_returned_at_ms: Option<i64>,
    /// The agency has the surrendered papers.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 5
    pub surrender_delivered_at_ms: Option<i64>,
    /// The order to the post was cancelled.
    pub cancelled_at_ms: Option<i64>,
    /// The dossier reached a final state.
    pub closed_at_ms: Option<i64>,
}

impl Times {
    /// When the dossier counts as lodged: if the agency found it incomplete before
    /// receiving it, the hour it was completed.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 7
    pub fn legal_lodging_at_ms(&self) -> Option<i64> {
        let early = self.supplements.iter().rev().find(|round| round.before_reception);
        match early {
            Some(round) => round.completed_at_ms,
            None => self.lodged_at_ms,
        }
    }

    /// When the agency's clock last started: each completed supplement starts it again.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19
    pub fn clock_started_at_ms(&self) -> Option<i64> {
        let restarted = self.supplements.iter().rev().find_map(|round| round.completed_at_ms);
        restarted.or(self.lodged_at_ms)
    }

    /// Milliseconds spent waiting for papers, which the national index subtracts.
    ///
    /// Source: Quyết định 766/QĐ-TTg, chỉ số 2.1
    pub fn supplement_wait_ms(&self) -> i64 {
        self.supplements
            .iter()
            .filter_map(|round| {
                round
                    .completed_at_ms
                    .map(|end| end.saturating_sub(round.requested_at_ms))
            })
            .fold(0, i64::saturating_add)
    }

    /// Whether the result is wrong and not made anew yet.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 21
    pub fn has_open_correction(&self) -> bool {
        self.corrections.last().is_some_and(|wait| wait.done_at_ms.is_none())
    }

    /// Writes down a promised date. A promise that comes to light late keeps its place
    /// among the others.
    pub(super) fn promise(&mut self, promise: Promise) {
        once(&mut self.due_original, promise.due_on);
        let at = self.promises.partition_point(|known| known.at_ms <= promise.at_ms);
        self.promises.insert(at, promise);
        self.due_current = self.promises.last().map(|last| last.due_on);
    }
}

/// Writes a time unless there is one.
pub(super) fn once<T>(slot: &mut Option<T>, value: T) {
    if slot.is_none() {
        *slot = Some(value);
    }
}

/// Ends the wait that is still open.
pub(super) fn end(waits: &mut [Wait], at_ms: i64) {
    if let Some(wait) = waits.last_mut() {
        once(&mut wait.done_at_ms, at_ms);
    }
}
