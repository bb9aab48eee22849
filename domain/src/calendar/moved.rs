//! Whether a new version of the calendar moves a due date that is still open.
//!
//! It only answers; what was promised stays written in [`super::PromiseHistory`].
//! Source: Bộ luật Lao động 2019, điều 112; Quy ước Trao Tay, hẹn lại khi lịch đổi

use std::sync::Arc;

use time::Date;

use super::clock::ClockStart;
use super::date::show_date;
use super::day::{Calendar, DayKind, DayNote};
use super::notice::Notice;
use super::rule::{Counting, Term, due_by};
use super::versions::CalendarVersion;
use super::walk::Due;
use crate::dossier::words::Language;

/// What an open due date was computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenDue {
    /// When the clock started.
    pub start: ClockStart,
    /// The limit.
    pub term: Term,
    /// The way of counting.
    pub counting: Counting,
}

impl OpenDue {
    /// The due date by a calendar.
    pub fn by(&self, calendar: &Calendar) -> Due {
        due_by(self.start, self.term, self.counting, calendar)
    }
}

/// A day that is of another kind in the new version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedDay {
    /// The day.
    pub date: Date,
    /// What it was.
    pub before: DayKind,
    /// What it is.
    pub after: DayKind,
}

/// What becomes of an open due date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reappraisal {
    /// It stays.
    Stays {
        /// The due date.
        date: Date,
    },
    /// It moves.
    Moves {
        /// The due date by the old version.
        from: Date,
        /// The due date by the new version.
        to: Due,
        /// The days that were worked and are off now, or the other way round, up to the later of both dates.
        changed: Vec<ChangedDay>,
        /// The numbers of the notices that decided on those days.
        notices: Vec<String>,
    },
}

/// Whether a due date moves from an old version of the calendar to a new one, to which date, and why.
pub fn reappraise(open: &OpenDue, old: &CalendarVersion, new: &CalendarVersion) -> Reappraisal {
    let before = open.by(&old.calendar);
    let after = open.by(&new.calendar);
    if (before.date, before.minute) == (after.date, after.minute) {
        return Reappraisal::Stays { date: before.date };
    }
    let mut changed = Vec::new();
    let mut at = Some(open.start.date);
    while let Some(date) = at.filter(|date| *date <= before.date.max(after.date)) {
        let (was, is) = (old.calendar.day(date), new.calendar.day(date));
        if is_working(&was) != is_working(&is) {
            changed.push(ChangedDay {
                date,
                before: was,
                after: is,
            });
        }
        at = date.next_day();
    }
    let decides = |notice: &&Arc<Notice>| {
        !old.notices.iter().any(|known| known.number() == notice.number())
            && notice.dates().any(|date| changed.iter().any(|day| day.date == date))
    };
    let notices = new
        .notices
        .iter()
        .filter(decides)
        .map(|notice| notice.number().to_owned())
        .collect();
    Reappraisal::Moves {
        from: before.date,
        to: after,
        changed,
        notices,
    }
}

const fn is_working(kind: &DayKind) -> bool {
    matches!(kind, DayKind::Working { .. })
}

impl Reappraisal {
    /// Why the date moves, for people; `None` when it stays.
    pub fn text(&self, language: Language) -> Option<String> {
        let Self::Moves {
            from,
            to,
            changed,
            notices,
        } = self
        else {
            return None;
        };
        let days: Vec<String> = changed.iter().map(|day| day.text(language)).collect();
        let (days, notices) = (days.join("; "), notices.join(", "));
        let (from, to) = (show_date(*from), show_date(to.date));
        Some(match language {
            Language::Vietnamese => format!("Ngày hẹn trả chuyển từ {from} sang {to} theo {notices}: {days}."),
            Language::English => format!("The due date moves from {from} to {to} by {notices}: {days}."),
        })
    }
}

impl ChangedDay {
    fn text(&self, language: Language) -> String {
        let date = show_date(self.date);
        let is_named = |note: &Option<Arc<DayNote>>| note.as_ref().map(|note| note.text(language).to_owned());
        let (what, why) = match (&self.after, language) {
            (DayKind::Off { why }, Language::Vietnamese) => ("nghỉ", Some(why.text(language).to_owned())),
            (DayKind::Off { why }, Language::English) => ("off", Some(why.text(language).to_owned())),
            (DayKind::Working { why }, Language::Vietnamese) => ("làm việc", is_named(why)),
            (DayKind::Working { why }, Language::English) => ("worked", is_named(why)),
        };
        why.map_or_else(|| format!("{date} {what}"), |why| format!("{date} {what} ({why})"))
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::calendar::{CalendarVersions, NoticeDay};

    fn versions() -> CalendarVersions {
        let note = DayNote::new("Nghỉ hoán đổi", "Swapped day off", "1/TB-THU");
        let days = vec![NoticeDay {
            date: date!(2026 - 11 - 23),
            note,
        }];
        let known = (date!(2026 - 11 - 01), 1_000);
        let notice = Notice::new("1/TB-THU", known, days, vec![], vec![], None).expect("a notice");
        let mut calendar = Calendar::default();
        calendar.days_off.insert(
            date!(2026 - 11 - 24),
            DayNote::new("Ngày Văn hóa Việt Nam", "Vietnam Culture Day", "28/2026/QH16"),
        );
        CalendarVersions::new(calendar)
            .with(Arc::new(notice))
            .expect("the first notice")
    }

    fn open(date: Date, days: u16) -> OpenDue {
        OpenDue {
            start: ClockStart::on(date),
            term: Term::Working(days),
            counting: Counting::default(),
        }
    }

    fn reappraised(open: &OpenDue) -> Reappraisal {
        let versions = versions();
        reappraise(open, versions.known_at(0), versions.current())
    }

    #[test]
    fn a_notice_moves_a_due_date_and_says_why_in_both_languages() {
        let moved = reappraised(&open(date!(2026 - 11 - 20), 2));
        let Reappraisal::Moves { from, to, notices, .. } = &moved else {
            panic!("it moves")
        };
        assert_eq!((*from, to.date), (date!(2026 - 11 - 25), date!(2026 - 11 - 26)));
        assert_eq!(notices, &["1/TB-THU"]);
        assert_eq!(
            moved.text(Language::Vietnamese).as_deref(),
            Some(
                "Ngày hẹn trả chuyển từ 25/11/2026 sang 26/11/2026 theo 1/TB-THU: \
                 23/11/2026 nghỉ (Nghỉ hoán đổi)."
            )
        );
        assert_eq!(
            moved.text(Language::English).as_deref(),
            Some(
                "The due date moves from 25/11/2026 to 26/11/2026 by 1/TB-THU: \
                 23/11/2026 off (Swapped day off)."
            )
        );
    }

    #[test]
    fn a_due_date_before_or_after_the_changed_days_stays() {
        for (from, days) in [(date!(2026 - 11 - 18), 2), (date!(2026 - 11 - 24), 3)] {
            let stays = reappraised(&open(from, days));
            assert!(matches!(stays, Reappraisal::Stays { .. }), "{from}");
            assert_eq!(stays.text(Language::English), None);
        }
    }
}
