//! The calendar file of the demo province counts as the law does, and every explanation adds up.

use domain::calendar::{
    Calendar, CalendarBook, CalendarKind, ClockStart, Counting, DayNote, Due, Notice, NoticeDay, OpenDue,
    PostalRelation, PostalTable, Promise, PromiseBasis, PromiseHistory, PromiseReason, Reappraisal, Term, due, due_by,
    due_in_calendar_days, local_ms, lunar, read_date, replay, write_date,
};
use domain::dossier::words::Language;
use domain::item::{DeliveryPolicy, Invitations};
use domain::wire::calendar::CalendarsRecord;
use time::Date;
use time::macros::date;

fn book() -> CalendarBook {
    let record: CalendarsRecord =
        serde_json::from_str(include_str!("../../data/an-giang/calendar.json")).expect("the file has its shape");
    record.try_into().expect("a good file")
}

fn calendar(kind: CalendarKind) -> Calendar {
    book().calendar(kind, None, i64::MAX).into_owned()
}

fn on(text: &str) -> Date {
    read_date(text).expect("a date")
}

/// The date, after checking that its explanation leads to it.
fn explained(due: &Due) -> String {
    assert_eq!(replay(due), Ok(due.date));
    write_date(due.date)
}

fn swap_of_23_november(known_at_ms: i64) -> Notice {
    let days = vec![NoticeDay {
        date: date!(2026 - 11 - 23),
        note: DayNote::new("Nghỉ hoán đổi", "Swapped day off", "9999/TB-THU"),
    }];
    let worked = vec![NoticeDay {
        date: date!(2026 - 11 - 28),
        note: DayNote::new(
            "Làm bù ngày nghỉ 23/11",
            "Worked to make up for 23 November",
            "9999/TB-THU",
        ),
    }];
    let published = date!(2026 - 11 - 01);
    Notice::new("9999/TB-THU", (published, known_at_ms), days, worked, vec![], None).expect("a notice")
}

#[test]
fn each_year_has_its_number_of_working_days_for_agencies_and_the_post() {
    for kind in [CalendarKind::State, CalendarKind::Post] {
        let calendar = calendar(kind);
        let counts = [2024, 2025, 2026, 2027].map(|year| {
            let first = Date::from_ordinal_date(year, 1).expect("a date");
            std::iter::successors(Some(first), |day| day.next_day())
                .take_while(|day| day.year() == year)
                .filter(|day| calendar.is_working(*day))
                .count()
        });
        assert_eq!(counts, [251, 250, 249, 249], "{}", kind.as_str());
    }
}

#[test]
fn the_file_as_a_book_ends_in_the_lists_of_the_file() {
    let record: CalendarsRecord =
        serde_json::from_str(include_str!("../../data/an-giang/calendar.json")).expect("the file has its shape");
    assert_eq!(record.state.clone().try_into(), Ok(calendar(CalendarKind::State)));
    assert_eq!(record.post.try_into(), Ok(calendar(CalendarKind::Post)));
}

#[test]
fn before_the_notice_of_october_2026_the_days_of_2027_were_not_known() {
    let book = book();
    let open = OpenDue {
        start: ClockStart::on(date!(2027 - 02 - 03)),
        term: Term::Working(1),
        counting: Counting::default(),
    };
    let known = |at| book.calendar(CalendarKind::State, None, at);
    let before = open.by(&known(local_ms(date!(2026 - 10 - 01), 1_439)));
    let after = open.by(&known(local_ms(date!(2026 - 10 - 02), 0)));
    assert_eq!((before.date, before.provisional), (date!(2027 - 02 - 04), true));
    assert_eq!((after.date, after.provisional), (date!(2027 - 02 - 11), false));
}

#[test]
fn a_date_past_a_day_that_waits_for_its_notice_is_provisional() {
    let state = calendar(CalendarKind::State);
    assert!(due(date!(2027 - 04 - 15), 1, &state).provisional);
    assert!(!due(date!(2027 - 04 - 12), 1, &state).provisional);
}

#[test]
fn the_days_swapped_in_and_out_change_the_date() {
    let state = calendar(CalendarKind::State);
    let mut ignored = state.clone();
    ignored.days_worked.clear();
    for (lodged, days, with, without) in [
        ("2026-08-20", 2, "2026-08-22", "2026-08-24"),
        ("2026-01-09", 1, "2026-01-10", "2026-01-12"),
        ("2025-04-25", 3, "2025-04-29", "2025-05-05"),
        ("2024-04-26", 3, "2024-05-04", "2024-05-06"),
    ] {
        assert_eq!(explained(&due(on(lodged), days, &state)), with);
        assert_eq!(explained(&due(on(lodged), days, &ignored)), without);
    }
}

#[test]
fn the_other_worked_dates_come_out() {
    let state = calendar(CalendarKind::State);
    for (lodged, days, expected) in [
        ("2026-04-24", 3, "2026-05-04"),
        ("2026-12-30", 5, "2027-01-07"),
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-02-12", 3, "2026-02-24"),
        ("2026-08-28", 1, "2026-09-03"),
        ("2026-11-20", 2, "2026-11-25"),
        ("2027-02-03", 1, "2027-02-11"),
        ("2026-10-08", 15, "2026-10-29"),
    ] {
        assert_eq!(explained(&due(on(lodged), days, &state)), expected, "{lodged}");
    }
    for (lodged, days, expected) in [("2026-04-15", 15, "2026-05-04"), ("2026-01-31", 20, "2026-02-23")] {
        assert_eq!(
            explained(&due_in_calendar_days(on(lodged), days, &state)),
            expected,
            "{lodged}"
        );
    }
}

#[test]
fn a_swap_of_23_november_2026_would_move_an_open_promise_and_say_why() {
    let (told_at, known_at) = (local_ms(date!(2026 - 10 - 20), 600), local_ms(date!(2026 - 11 - 01), 0));
    let book = book();
    let before = book.versions(CalendarKind::State).known_at(told_at).number;
    let open = OpenDue {
        start: ClockStart::on(date!(2026 - 11 - 20)),
        term: Term::Working(2),
        counting: Counting::default(),
    };
    let promise = Promise {
        due: open.by(&book.calendar(CalendarKind::State, None, told_at)).date,
        given_at_ms: told_at,
        calendar_version: before,
        basis: PromiseBasis::Computed(open),
        reason: PromiseReason::First,
    };
    assert_eq!(promise.due, date!(2026 - 11 - 25));
    let book = book
        .with_notice(CalendarKind::State, swap_of_23_november(known_at).into())
        .expect("a new notice");
    let (history, found) = PromiseHistory::new(promise)
        .and_then(|history| history.move_by(book.versions(CalendarKind::State), known_at))
        .expect("it moves");
    assert_eq!(history.current().due, date!(2026 - 11 - 26));
    assert_eq!(history.all().count(), 2);
    let Reappraisal::Moves { to, .. } = &found else {
        panic!("it moves")
    };
    assert_eq!(explained(to), "2026-11-26");
    assert!(
        found
            .text(Language::Vietnamese)
            .is_some_and(|text| text.contains("theo 9999/TB-THU: 23/11/2026 nghỉ"))
    );
    // The Saturday worked instead brings a longer limit back to where it was.
    let longer = OpenDue {
        term: Term::Working(6),
        ..open
    };
    let versions = book.versions(CalendarKind::State);
    assert_eq!(
        domain::calendar::reappraise(&longer, versions.known_at(told_at), versions.current()),
        Reappraisal::Stays {
            date: date!(2026 - 12 - 01)
        }
    );
}

#[test]
fn the_post_has_its_days_by_relation() {
    let (table, post) = (PostalTable::default(), calendar(CalendarKind::Post));
    for (relation, envelope, slip) in [
        (PostalRelation::WithinDistrict, "2026-04-28", "2026-04-29"),
        (PostalRelation::BetweenDistricts, "2026-04-29", "2026-05-05"),
        (PostalRelation::BetweenProvinces, "2026-05-05", "2026-05-11"),
    ] {
        let taken_on = date!(2026 - 04 - 24);
        let due = table.due(taken_on, &relation, &post).expect("a limit");
        let slip_due = table.slip_due(taken_on, &relation, &post).expect("a limit");
        assert_eq!(
            (explained(&due), explained(&slip_due)),
            (envelope.to_owned(), slip.to_owned())
        );
    }
}

#[test]
fn invitations_are_two_working_days_apart() {
    let (policy, post) = (DeliveryPolicy::default(), calendar(CalendarKind::Post));
    let after = |day, days| due(day, days, &post).date;
    for (first, second, back) in [
        ("2026-04-24", "2026-04-29", "2026-05-05"),
        ("2026-05-06", "2026-05-08", "2026-05-12"),
    ] {
        let once = Invitations::plan([on(first)], &policy, &after);
        assert_eq!((once.next_not_before, once.return_not_before), (Some(on(second)), None));
        let twice = Invitations::plan([on(first), on(second)], &policy, &after);
        assert_eq!((twice.next_not_before, twice.return_not_before), (None, Some(on(back))));
    }
}

#[test]
fn a_dossier_of_tinh_bien_is_due_from_the_minutes_and_not_from_the_slip() {
    let (state, post) = (calendar(CalendarKind::State), calendar(CalendarKind::Post));
    let at = |date, hour: u16, minute: u16| ClockStart::at_ms(local_ms(date, hour * 60 + minute));
    let slip = at(date!(2026 - 04 - 24), 9, 10);
    let minutes = at(date!(2026 - 04 - 28), 8, 20);
    let table = PostalTable::default();
    let latest = table
        .due(slip.date, &PostalRelation::WithinDistrict, &post)
        .expect("a limit");
    assert_eq!(latest.date, minutes.date);
    let due = due_by(minutes, Term::Working(3), Counting::default(), &state);
    assert_eq!(explained(&due), "2026-05-05");
    assert_eq!(
        explained(&due_by(slip, Term::Working(3), Counting::default(), &state)),
        "2026-05-04"
    );
    let counted: Vec<String> = due
        .steps
        .iter()
        .filter(|step| step.counted())
        .map(|step| write_date(step.date))
        .collect();
    assert_eq!(counted, ["2026-04-29", "2026-05-04", "2026-05-05"]);
    let attempt = table.due(date!(2026 - 05 - 05), &PostalRelation::WithinDistrict, &post);
    assert_eq!(attempt.map(|due| due.date), Some(date!(2026 - 05 - 06)));
}

#[test]
fn the_hours_run_over_the_holidays_too() {
    let start = ClockStart {
        date: date!(2026 - 04 - 29),
        minute: 15 * 60 + 50,
    };
    let due = due_by(start, Term::Working(1), Counting::Hour8, &calendar(CalendarKind::State));
    assert_eq!(replay(&due), Ok(date!(2026 - 05 - 04)));
    // 70 minutes on Wednesday, 410 on Monday: until 15:50, told as 16:00.
    assert_eq!(due.minute, Some(16 * 60));
}

#[test]
fn the_lunar_holidays_of_the_file_are_where_the_moon_says() {
    let state = calendar(CalendarKind::State);
    for year in 2024..=2027 {
        let tet = lunar::lunar_new_year(year).expect("a year of hints");
        let kings = lunar::hung_kings_day(year).expect("a year of hints");
        for (day, name) in [(tet, "Tết Nguyên đán"), (kings, "Giỗ Tổ Hùng Vương")] {
            let note = state.days_off.get(&day).expect("a day off");
            assert!(note.why.starts_with(name), "{day}");
        }
    }
}
