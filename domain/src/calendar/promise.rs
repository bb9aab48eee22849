//! Every due date a dossier was promised, and why each one followed the last.
//!
//! The list only grows: there is no way to change or drop a promise. It does not decide
//! whether an extension is lawful; the dossier does.
//! Source: Nghị định 61/2018/NĐ-CP, điều 19; Quy ước Trao Tay, lịch sử ngày hẹn không sửa

use time::Date;

use super::moved::{OpenDue, Reappraisal, reappraise};
use super::versions::CalendarVersions;

/// What a promised date rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromiseBasis {
    /// Computed from the clock, the limit and a calendar: a notice may move it.
    Computed(OpenDue),
    /// Given by the agency itself: it prevails over a computed one and no notice moves it.
    SetByAgency,
}

/// Why a date was promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PromiseReason {
    /// The first date, on the receipt slip.
    /// Source: Thông tư 01/2018/TT-VPCP, mẫu 01
    First,
    /// Notices changed days on the way.
    /// Source: Bộ luật Lao động 2019, điều 112
    Notices(Vec<String>),
    /// A supplement was complete and the clock started again.
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19 khoản 4
    Supplement {
        /// Which round, from 1.
        round: u32,
    },
    /// The agency was late and set a new date once.
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19 khoản 9
    Extension,
    /// The agency's own system gave another date than the one computed.
    /// Source: Quy ước Trao Tay, ngày hẹn của cơ quan được ưu tiên
    AgencyDate,
}

/// One promised due date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// The due date.
    pub due: Date,
    /// When it was promised, in milliseconds UTC.
    pub given_at_ms: i64,
    /// The number of the calendar version it was given under.
    pub calendar_version: u32,
    /// What it rests on.
    pub basis: PromiseBasis,
    /// Why.
    pub reason: PromiseReason,
}

/// The promises of one dossier, oldest first; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromiseHistory {
    first: Promise,
    later: Vec<Promise>,
    closed_at_ms: Option<i64>,
}

/// Why a promise is not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PromiseError {
    /// The first promise has another reason, or a later one has that of the first.
    #[error("only the first promise is the first one")]
    NotFirst,
    /// It says it was given before the one it follows.
    #[error("a promise cannot be given before the one it follows")]
    BeforeTheLast,
    /// The promise was met or the dossier closed.
    #[error("the due date was met or the dossier is closed: it moves no more")]
    Closed,
    /// A notice that moves nothing makes no promise.
    #[error("notices that do not move the date make no new promise")]
    SameDate,
}

impl PromiseHistory {
    /// A history that begins with its first promise.
    ///
    /// # Errors
    /// [`PromiseError::NotFirst`] when its reason says it follows another.
    pub fn new(first: Promise) -> Result<Self, PromiseError> {
        match first.reason {
            // What an agency's system gave first may be all there is.
            PromiseReason::First | PromiseReason::AgencyDate => Ok(Self {
                first,
                later: Vec::new(),
                closed_at_ms: None,
            }),
            PromiseReason::Notices(_) | PromiseReason::Supplement { .. } | PromiseReason::Extension => {
                Err(PromiseError::NotFirst)
            }
        }
    }

    /// The history with one promise more.
    ///
    /// # Errors
    /// See [`PromiseError`].
    pub fn with(mut self, next: Promise) -> Result<Self, PromiseError> {
        let current = self.current();
        if self.closed_at_ms.is_some() {
            return Err(PromiseError::Closed);
        }
        if next.given_at_ms < current.given_at_ms {
            return Err(PromiseError::BeforeTheLast);
        }
        match next.reason {
            PromiseReason::First => return Err(PromiseError::NotFirst),
            PromiseReason::Notices(_) if next.due == current.due => return Err(PromiseError::SameDate),
            PromiseReason::Notices(_)
            | PromiseReason::Supplement { .. }
            | PromiseReason::Extension
            | PromiseReason::AgencyDate => {}
        }
        self.later.push(next);
        Ok(self)
    }

    /// The history of a promise met, or of a dossier closed, at an instant in milliseconds UTC: nothing moves it any more.
    ///
    /// # Errors
    /// [`PromiseError::Closed`] when it is closed already, [`PromiseError::BeforeTheLast`] before the last promise.
    pub fn close(mut self, at_ms: i64) -> Result<Self, PromiseError> {
        if self.closed_at_ms.is_some() {
            return Err(PromiseError::Closed);
        }
        if at_ms < self.current().given_at_ms {
            return Err(PromiseError::BeforeTheLast);
        }
        self.closed_at_ms = Some(at_ms);
        Ok(self)
    }

    /// The promise that holds.
    pub fn current(&self) -> &Promise {
        self.later.last().unwrap_or(&self.first)
    }

    /// Every promise, oldest first.
    pub fn all(&self) -> impl Iterator<Item = &Promise> {
        std::iter::once(&self.first).chain(&self.later)
    }

    /// When it was met or closed, in milliseconds UTC.
    pub const fn closed_at_ms(&self) -> Option<i64> {
        self.closed_at_ms
    }

    /// What the calendar as known at an instant in milliseconds UTC does to the promise that holds, against the version it was
    /// given under. A promise that is closed, or that the agency gave itself, stays.
    pub fn reappraise(&self, versions: &CalendarVersions, at_ms: i64) -> Reappraisal {
        let current = self.current();
        match (self.closed_at_ms, current.basis) {
            (None, PromiseBasis::Computed(open)) => {
                let given_under = versions.get(current.calendar_version);
                let old = given_under.unwrap_or_else(|| versions.known_at(current.given_at_ms));
                reappraise(&open, old, versions.known_at(at_ms))
            }
            (Some(_), _) | (None, PromiseBasis::SetByAgency) => Reappraisal::Stays { date: current.due },
        }
    }

    /// The history under the calendar as known at an instant in milliseconds UTC: with a promise more when the date moves,
    /// else as it was; and what was found.
    ///
    /// # Errors
    /// [`PromiseError::BeforeTheLast`] when the instant is before the promise that holds.
    pub fn move_by(self, versions: &CalendarVersions, at_ms: i64) -> Result<(Self, Reappraisal), PromiseError> {
        let reappraisal = self.reappraise(versions, at_ms);
        let Reappraisal::Moves { to, notices, .. } = &reappraisal else {
            return Ok((self, reappraisal));
        };
        // Limits in hours may move within the day; the promised date is the same then.
        if to.date == self.current().due {
            return Ok((self, reappraisal));
        }
        let next = Promise {
            due: to.date,
            given_at_ms: at_ms,
            calendar_version: versions.known_at(at_ms).number,
            basis: self.current().basis,
            reason: PromiseReason::Notices(notices.clone()),
        };
        Ok((self.with(next)?, reappraisal))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use time::macros::date;

    use super::*;
    use crate::calendar::{Calendar, ClockStart, Counting, DayNote, Notice, NoticeDay, Term};

    fn swap(number: &str, known_at_ms: i64, off: &[Date], withdrawn: &[Date]) -> Arc<Notice> {
        let day = |date: &Date| NoticeDay {
            date: *date,
            note: DayNote::new("Nghỉ hoán đổi", "Swapped day off", number),
        };
        let days = off.iter().map(day).collect();
        let published = (date!(2026 - 11 - 01), known_at_ms);
        Arc::new(Notice::new(number, published, days, vec![], withdrawn.to_vec(), None).expect("a notice"))
    }

    /// Monday 23 November is swapped off at 1,000 and given back at 2,000.
    fn versions() -> CalendarVersions {
        let monday = date!(2026 - 11 - 23);
        CalendarVersions::new(Calendar::default())
            .with(swap("1/TB", 1_000, &[monday], &[]))
            .and_then(|versions| versions.with(swap("2/TB", 2_000, &[], &[monday])))
            .expect("in order")
    }

    fn first() -> Promise {
        let open = OpenDue {
            start: ClockStart::on(date!(2026 - 11 - 20)),
            term: Term::Working(2),
            counting: Counting::default(),
        };
        Promise {
            due: open.by(&Calendar::default()).date,
            given_at_ms: 500,
            calendar_version: 0,
            basis: PromiseBasis::Computed(open),
            reason: PromiseReason::First,
        }
    }

    fn by_agency(given_at_ms: i64, reason: PromiseReason) -> Promise {
        Promise {
            due: date!(2026 - 11 - 30),
            given_at_ms,
            calendar_version: 0,
            basis: PromiseBasis::SetByAgency,
            reason,
        }
    }

    #[test]
    fn a_notice_and_its_withdrawal_move_the_date_there_and_back_and_both_stay_written() {
        let history = PromiseHistory::new(first()).expect("the first");
        let (history, _) = history.move_by(&versions(), 1_500).expect("later");
        let (history, _) = history.move_by(&versions(), 1_600).expect("nothing new");
        let (history, _) = history.move_by(&versions(), 2_500).expect("later");
        let told: Vec<(Date, u32, &PromiseReason)> = history
            .all()
            .map(|promise| (promise.due, promise.calendar_version, &promise.reason))
            .collect();
        let notice = |number: &str| PromiseReason::Notices(vec![number.to_owned()]);
        assert_eq!(
            told,
            [
                (date!(2026 - 11 - 24), 0, &PromiseReason::First),
                (date!(2026 - 11 - 25), 1, &notice("1/TB")),
                (date!(2026 - 11 - 24), 2, &notice("2/TB")),
            ]
        );
    }

    #[test]
    fn a_promise_that_was_met_does_not_move() {
        let history = PromiseHistory::new(first())
            .and_then(|history| history.close(900))
            .expect("closed");
        let (after, found) = history.clone().move_by(&versions(), 1_500).expect("no move");
        assert_eq!(after, history);
        assert_eq!(
            found,
            Reappraisal::Stays {
                date: date!(2026 - 11 - 24)
            }
        );
        let extension = by_agency(1_600, PromiseReason::Extension);
        assert_eq!(history.clone().with(extension), Err(PromiseError::Closed));
        assert_eq!(history.close(1_000), Err(PromiseError::Closed));
    }

    #[test]
    fn a_date_the_agency_set_is_moved_by_no_notice() {
        for reason in [PromiseReason::Extension, PromiseReason::AgencyDate] {
            let history = PromiseHistory::new(first())
                .and_then(|history| history.with(by_agency(600, reason)))
                .expect("in order");
            let (after, _) = history.clone().move_by(&versions(), 1_500).expect("no move");
            assert_eq!(after, history);
        }
    }

    #[test]
    fn a_promise_out_of_place_is_refused() {
        let history = PromiseHistory::new(first()).expect("the first");
        assert_eq!(history.clone().with(first()), Err(PromiseError::NotFirst));
        let early = by_agency(499, PromiseReason::Extension);
        assert_eq!(history.clone().with(early.clone()), Err(PromiseError::BeforeTheLast));
        assert_eq!(history.clone().close(499), Err(PromiseError::BeforeTheLast));
        assert_eq!(PromiseHistory::new(early), Err(PromiseError::NotFirst));
        let same = Promise {
            reason: PromiseReason::Notices(vec![]),
            ..first()
        };
        assert_eq!(history.with(same), Err(PromiseError::SameDate));
    }
}
