//! Its due dates: official notices come in between, every explanation replays, and what was promised stays written.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use domain::calendar::{
    Calendar, CalendarVersions, ClockStart, Counting, DayNote, Due, Notice, NoticeDay, OpenDue, PostalRelation,
    PostalTable, Promise, PromiseBasis, PromiseError, PromiseHistory, PromiseReason, Reappraisal, Term, local, replay,
};
use domain::dossier::DossierFact as F;
use domain::wire::calendar::CalendarsRecord;
use time::{Date, Duration};

use crate::machines::history::{Dice, History};
use crate::seen::Seen;

/// The calendar of the demonstration province.
pub(crate) fn calendar() -> &'static Calendar {
    static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| {
        let text = include_str!("../../../data/an-giang/calendar.json");
        let record: CalendarsRecord = serde_json::from_str(text).expect("the file has its shape");
        record.state.try_into().expect("dates that exist")
    });
    &CALENDAR
}

/// The due dates of one dossier under a calendar that changes.
struct Dates<'a> {
    versions: CalendarVersions,
    promises: Option<PromiseHistory>,
    round: u32,
    seen: &'a mut Seen,
}

pub(crate) fn check(history: &History, dice: &mut Dice, seen: &mut Seen) {
    let mut dates = Dates {
        versions: CalendarVersions::new(calendar().clone()),
        promises: None,
        round: 0,
        seen,
    };
    let mut last_ms = history.span_ms.0;
    for fact in &history.facts {
        let at_ms = fact.at_ms();
        if dice.below(4) == 0 {
            dates.hear_notice(dice.long(last_ms, at_ms), dice);
        }
        let before = dates.written();
        dates.hear(fact, dice);
        assert!(dates.written().starts_with(&before), "a promise was changed");
        last_ms = at_ms;
    }
    dates.hear_notice(last_ms, dice);
    dates.every_promise_replays();
}

impl Dates<'_> {
    fn written(&self) -> Vec<Promise> {
        self.promises.iter().flat_map(PromiseHistory::all).cloned().collect()
    }

    fn hear(&mut self, fact: &F, dice: &mut Dice) {
        let at_ms = fact.at_ms();
        match fact {
            F::TakenIn { .. } => self.postal_limits_replay(local(at_ms).0, dice),
            F::Received { .. } => {
                let first = self.computed(at_ms, PromiseReason::First, dice);
                self.promises = Some(PromiseHistory::new(first).expect("a first promise"));
            }
            F::Supplemented { .. } => {
                self.round += 1;
                let again = self.computed(at_ms, PromiseReason::Supplement { round: self.round }, dice);
                self.add(again);
            }
            F::Redated { due_on, .. } => self.add(Promise {
                due: *due_on,
                given_at_ms: at_ms,
                calendar_version: self.versions.current().number,
                basis: PromiseBasis::SetByAgency,
                reason: PromiseReason::Extension,
            }),
            F::Resolved { .. } | F::Stopped { .. } => self.close(at_ms),
            F::Ordered { .. }
            | F::Assisted { .. }
            | F::Represented { .. }
            | F::IntakeOpened { .. }
            | F::IntakeIncomplete { .. }
            | F::AtHandover { .. }
            | F::HandoverRefused { .. }
            | F::Lodged { .. }
            | F::AppointmentTold { .. }
            | F::NotAccepted { .. }
            | F::StepGiven { .. }
            | F::Processing { .. }
            | F::StepTaken { .. }
            | F::StepDone { .. }
            | F::SupplementRequested { .. }
            | F::CarriageCharged { .. }
            | F::PaymentRequested { .. }
            | F::Paid { .. }
            | F::DueMoved { .. }
            | F::WithdrawalRequested { .. }
            | F::ResultReady { .. }
            | F::SurrenderListed { .. }
            | F::ResultInPost { .. }
            | F::ResultFoundWrong { .. }
            | F::ResultCorrected { .. }
            | F::ItemLost { .. }
            | F::DossierBack { .. }
            | F::ResultBack { .. }
            | F::Surrendered { .. }
            | F::SurrenderExcepted { .. }
            | F::Returned { .. }
            | F::PapersReturned { .. }
            | F::SurrenderDelivered { .. }
            | F::ReturnConfirmed { .. }
            | F::Cancelled { .. } => {}
        }
    }

    /// A date computed from now on, with some limit and some way of counting.
    fn computed(&self, at_ms: i64, reason: PromiseReason, dice: &mut Dice) -> Promise {
        let days = u16::try_from(dice.below(30)).expect("below 30") + 1;
        let open = OpenDue {
            start: ClockStart::at_ms(at_ms),
            term: [Term::Working(days), Term::Working(days), Term::Calendar(days)][dice.below(3)],
            counting: [
                Counting::default(),
                Counting::DayExclusive { late_after: Some(900) },
                Counting::Hour8,
            ][dice.below(3)],
        };
        let version = self.versions.current();
        Promise {
            due: open.by(&version.calendar).date,
            given_at_ms: at_ms,
            calendar_version: version.number,
            basis: PromiseBasis::Computed(open),
            reason,
        }
    }

    fn add(&mut self, promise: Promise) {
        self.promises = self
            .promises
            .take()
            .map(|promises| promises.with(promise).expect("it is open and this comes later"));
    }

    /// The promise is met or falls away; nothing is promised after that.
    fn close(&mut self, at_ms: i64) {
        let Some(promises) = self.promises.take() else { return };
        let closed = promises.close(at_ms).expect("it was open");
        let late = Promise {
            reason: PromiseReason::Extension,
            ..closed.current().clone()
        };
        assert_eq!(closed.clone().with(late), Err(PromiseError::Closed));
        self.promises = Some(closed);
    }

    /// A notice that decides on some days around, and what it does to the date.
    fn hear_notice(&mut self, at_ms: i64, dice: &mut Dice) {
        let number = format!("{}/TB", self.seen.notices + 1);
        let notice = notice(&number, at_ms, dice);
        let added = self.versions.clone().with(Arc::new(notice));
        self.versions = added.expect("a new notice, after the others");
        self.seen.notices += 1;
        let before = self.written();
        let Some(promises) = self.promises.take() else { return };
        let is_closed = promises.closed_at_ms().is_some();
        let (promises, found) = promises.move_by(&self.versions, at_ms).expect("after the last promise");
        let now = promises.current().clone();
        self.promises = Some(promises);
        let after = self.written();
        assert!(after.starts_with(&before), "a promise was changed");
        let is_told = after.len() > before.len();
        self.seen.moved_dates += u64::from(is_told);
        match (now.basis, is_closed) {
            (PromiseBasis::Computed(open), false) => {
                let due = open.by(&self.versions.current().calendar);
                assert_eq!(due.date, now.due, "what holds is not what the calendar says");
            }
            (PromiseBasis::Computed(_), true) | (PromiseBasis::SetByAgency, _) => {
                assert!(!is_told, "a date moved that no notice moves");
                assert_eq!(found, Reappraisal::Stays { date: now.due });
            }
        }
        if let (true, PromiseReason::Notices(named)) = (is_told, &now.reason) {
            // one of them may be older than the last: it changed days on the way and did not move the date by itself
            let version = before.last().and_then(|last| self.versions.get(last.calendar_version));
            let known = &version.expect("it follows a promise").notices;
            let is_new = |number: &String| known.iter().all(|notice| notice.number() != number);
            assert!(!named.is_empty() && named.iter().all(is_new), "{named:?}");
        }
    }

    /// Every promise, also one of long ago, is what its version of the calendar says, and its explanation adds up.
    fn every_promise_replays(&mut self) {
        for promise in self.written() {
            let PromiseBasis::Computed(open) = promise.basis else {
                continue;
            };
            let version = self.versions.get(promise.calendar_version).expect("versions are kept");
            let due = open.by(&version.calendar);
            assert_eq!(due.date, promise.due);
            assert_eq!(replay(&due), Ok(promise.due), "{due:?}");
            counted_by_hand(&open, &due, &version.calendar);
            self.seen.replayed += 1;
        }
    }

    fn postal_limits_replay(&mut self, taken_on: Date, dice: &mut Dice) {
        let relation = [
            PostalRelation::WithinDistrict,
            PostalRelation::BetweenDistricts,
            PostalRelation::BetweenMajorCities,
            PostalRelation::BetweenProvinces,
        ][dice.below(4)]
        .clone();
        let table = PostalTable::default();
        let calendar = &self.versions.current().calendar;
        for due in [
            table.due(taken_on, &relation, calendar),
            table.slip_due(taken_on, &relation, calendar),
        ] {
            let due = due.expect("a limit of the circular");
            assert_eq!(replay(&due), Ok(due.date), "{due:?}");
            self.seen.postal_limits += 1;
        }
    }
}

/// Days off, rest days worked and decisions taken back, near an hour.
fn notice(number: &str, at_ms: i64, dice: &mut Dice) -> Notice {
    let today = local(at_ms).0;
    let days: BTreeMap<Date, usize> = (0..=dice.below(5))
        .map(|_| (today + Duration::days(dice.long(-3, 35)), dice.below(4)))
        .collect();
    let note = DayNote::new("Nghỉ hoán đổi", "Swapped day", number);
    let of = |kinds: &[usize]| -> Vec<NoticeDay> {
        let chosen = days.iter().filter(|(_, kind)| kinds.contains(kind));
        let day = |(date, _): (&Date, &usize)| NoticeDay {
            date: *date,
            note: Arc::clone(&note),
        };
        chosen.map(day).collect()
    };
    let withdrawn = of(&[3]).iter().map(|day| day.date).collect();
    let notice = Notice::new(number, (today, at_ms), of(&[0, 1]), of(&[2]), withdrawn, None);
    notice.expect("each day once")
}

/// The plainest count there is: the n-th working day after the first day.
fn counted_by_hand(open: &OpenDue, due: &Due, calendar: &Calendar) {
    let (Term::Working(days), Counting::DayExclusive { late_after: None }) = (open.term, open.counting) else {
        return;
    };
    let after = std::iter::successors(open.start.date.next_day(), |date| date.next_day());
    let nth = after
        .filter(|date| calendar.is_working(*date))
        .nth(usize::from(days) - 1);
    assert_eq!(nth, Some(due.date));
}
