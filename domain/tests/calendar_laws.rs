//! Laws that hold for any calendar: explanations replay, notices leave the past alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::calendar::{
    Calendar, ClockStart, Counting, DayNote, Due, Office, OfficeHours, OfficePeriod, ReplayError, SaturdayRule, Span,
    Step, Term, Why, due, due_by, replay,
};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use time::Date;
use time::macros::date;

const FIRST: Date = date!(2025 - 12 - 01);

fn day(offset: i32) -> Date {
    Date::from_julian_day(FIRST.to_julian_day() + offset).expect("a date")
}

fn days() -> impl Strategy<Value = BTreeMap<Date, Arc<DayNote>>> {
    btree_set(0..400_i32, 0..60).prop_map(|offsets| {
        let note = DayNote::new("Nghỉ", "Off", "1/TB");
        offsets
            .into_iter()
            .map(|offset| (day(offset), Arc::clone(&note)))
            .collect()
    })
}

fn hours() -> impl Strategy<Value = OfficeHours> {
    btree_set(0..=1_440_u16, 2..8).prop_filter_map("at least one stretch", |edges| {
        let edges: Vec<u16> = edges.into_iter().collect();
        let spans = edges.chunks_exact(2).map(|pair| Span {
            from_minute: pair[0],
            to_minute: pair[1],
        });
        OfficeHours::new(spans.collect()).ok()
    })
}

fn office() -> impl Strategy<Value = Office> {
    let saturday = prop_oneof![
        Just(SaturdayRule::Rest),
        Just(SaturdayRule::ReceptionOnly),
        Just(SaturdayRule::Worked)
    ];
    (hours(), saturday, hours()).prop_map(|(hours, saturday, saturday_hours)| Office {
        hours,
        saturday,
        saturday_hours,
    })
}

prop_compose! {
    fn period()(offset in 0..400_i32, office in office(), days_off in days(), days_worked in days()) -> OfficePeriod {
        OfficePeriod { from: day(offset), office, days_off, days_worked }
    }
}

prop_compose! {
    fn calendar()(days_off in days(), days_worked in days(), office in office(), mut periods in vec(period(), 0..3)) -> Calendar {
        periods.sort_by_key(|period| period.from);
        Calendar { days_off, days_worked, years: Some((2025, 2026)), office, periods }
    }
}

fn start() -> impl Strategy<Value = ClockStart> {
    (0..380_i32, 0..1_440_u16).prop_map(|(offset, minute)| ClockStart {
        date: day(offset),
        minute,
    })
}

fn term() -> impl Strategy<Value = Term> {
    prop_oneof![
        (0..40_u16).prop_map(Term::Working),
        (0..60_u16).prop_map(Term::Calendar)
    ]
}

fn counting() -> impl Strategy<Value = Counting> {
    prop_oneof![
        proptest::option::of(0..1_440_u16).prop_map(|late_after| Counting::DayExclusive { late_after }),
        Just(Counting::Hour8)
    ]
}

fn some_due() -> impl Strategy<Value = (Due, Calendar)> {
    (start(), term(), counting(), calendar()).prop_map(|(start, term, counting, calendar)| {
        let due = due_by(start, term, counting, &calendar);
        (due, calendar)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_explanation_replays_to_its_due_date((due, calendar) in some_due()) {
        prop_assert_eq!(replay(&due), Ok(due.date));
        // A limit of no days may end on the very day, and hours only in hours; all else ends on a working day.
        if !due.steps.is_empty() {
            prop_assert!(calendar.is_working(due.date));
        }
    }

    #[test]
    fn an_explanation_without_one_of_its_days_does_not_replay_to_its_due_date((due, _) in some_due(), at in any::<prop::sample::Index>()) {
        prop_assume!(!due.steps.is_empty());
        let mut tampered = due.clone();
        tampered.steps.remove(at.index(due.steps.len()));
        prop_assert_ne!(replay(&tampered), Ok(due.date));
    }

    #[test]
    fn what_a_day_is_said_to_be_is_what_the_calendar_says((due, calendar) in some_due()) {
        for Step { date, why } in &due.steps {
            let is_working = calendar.is_working(*date);
            match why {
                Why::Off(_) | Why::CalendarDay { off: Some(_), .. } => prop_assert!(!is_working),
                Why::WorkingDay { .. } | Why::NextWorkingDay { .. } | Why::TakenNextDay { .. } | Why::WorkingTime { .. }
                | Why::AfterHours => prop_assert!(is_working),
                Why::CalendarDay { off: None, .. } => {}
            }
        }
    }

    #[test]
    fn a_longer_limit_and_a_later_start_are_never_due_earlier(start in start(), days in 0..30_u16, counting in counting(), calendar in calendar()) {
        let end = |start, days| {
            let due = due_by(start, Term::Working(days), counting, &calendar);
            (due.date, due.minute)
        };
        prop_assert!(end(start, days) <= end(start, days + 1));
        let later = ClockStart { date: start.date.next_day().expect("a date"), ..start };
        prop_assert!(end(start, days) <= end(later, days));
    }
}

#[test]
fn a_doctored_explanation_is_found_out() {
    let honest = due(date!(2026 - 10 - 08), 3, &Calendar::default());
    let doctored = |change: &dyn Fn(&mut Due)| {
        let mut due = honest.clone();
        change(&mut due);
        replay(&due)
    };
    let saturday = date!(2026 - 10 - 10);
    assert_eq!(doctored(&|_| {}), Ok(date!(2026 - 10 - 13)));
    assert_eq!(
        doctored(&|due| drop(due.steps.remove(1))),
        Err(ReplayError::Gap(date!(2026 - 10 - 11)))
    );
    assert_eq!(doctored(&|due| drop(due.steps.pop())), Err(ReplayError::Unfinished));
    assert_eq!(
        doctored(&|due| due.steps[0].why = Why::Off(domain::calendar::OffReason::Saturday)),
        Err(ReplayError::WrongWeekday(date!(2026 - 10 - 09)))
    );
    assert_eq!(
        doctored(&|due| {
            due.steps[1].why = Why::WorkingDay {
                number: 3,
                of: 3,
                note: None,
            };
        }),
        Err(ReplayError::WrongCount(saturday))
    );
    assert_eq!(
        doctored(&|due| {
            let mut more = due.steps[3].clone();
            more.date = date!(2026 - 10 - 14);
            due.steps.push(more);
        }),
        Err(ReplayError::AfterTheEnd(date!(2026 - 10 - 14)))
    );
}
