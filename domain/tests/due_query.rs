//! The question «when is it due» is checked once, for the command line and HTTP.

use domain::calendar::{Calendar, CalendarBook, CalendarKind, Counting, Term};
use domain::wire::calendar::{CalendarsRecord, NoticeRecord};
use domain::wire::due::{DueQuery, DueQueryError, DueQueryRecord};
use serde_json::{Value, json};

fn state() -> Calendar {
    let record: CalendarsRecord =
        serde_json::from_str(include_str!("../../data/an-giang/calendar.json")).expect("the file has its shape");
    record.state.try_into().expect("dates that exist")
}

fn asked(question: Value) -> Result<DueQuery, DueQueryError> {
    let record: DueQueryRecord = serde_json::from_value(question).expect("known fields");
    DueQuery::try_from(&record)
}

fn answered(question: Value) -> Value {
    let query = asked(question).expect("a good question");
    serde_json::to_value(query.answer(&state())).expect("plain data")
}

#[test]
fn the_answer_has_the_due_date_and_every_day_with_its_reason_in_both_languages() {
    let answer = answered(json!({"from": "2026-04-24", "days": "3"}));
    assert_eq!(answer["due"], "2026-05-04");
    assert_eq!(answer["calendar"], "state");
    assert_eq!(answer["provisional"], false);
    assert_eq!(answer.get("due_time"), None);
    let steps = answer["steps"].as_array().expect("a list");
    assert_eq!(steps.len(), 10);
    assert_eq!(
        steps[1],
        json!({
            "date": "2026-04-26", "counted": false,
            "why": "Giỗ Tổ Hùng Vương (Chủ nhật)", "why_en": "Hùng Kings Commemoration Day, a Sunday",
        })
    );
    assert_eq!(
        steps[3],
        json!({"date": "2026-04-28", "counted": true, "why": "ngày làm việc 1/3", "why_en": "working day 1 of 3"})
    );
    assert_eq!(steps[9]["why_en"], "working day 3 of 3");
}

#[test]
fn hours_and_the_late_rule_can_be_asked_for() {
    let hours = json!({"from": "2026-10-08", "days": "1", "mode": "hour8", "received_at": "09:10"});
    assert_eq!(answered(hours)["due_time"], "09:15");
    let late = json!({"from": "2026-10-08", "days": "1", "received_at": "15:30", "late_after": "15:00"});
    let answer = answered(late);
    assert_eq!(answer["due"], "2026-10-12");
    assert_eq!(
        answer["steps"][0]["why_en"],
        "taken after 15:00 or on a day off: counts as taken on this day"
    );
    let off = json!({"from": "2026-10-08", "days": "1", "received_at": "15:30", "late_after": "off"});
    assert_eq!(answered(off)["due"], "2026-10-09");
}

#[test]
fn the_unit_and_the_calendar_are_read() {
    let query = asked(json!({"from": "2026-04-15", "days": "15", "unit": "calendar", "calendar": "post"}));
    let query = query.expect("a good question");
    assert_eq!((query.term, query.calendar), (Term::Calendar(15), CalendarKind::Post));
    assert_eq!(query.counting, Counting::default());
}

#[test]
fn each_mistake_has_its_own_answer_and_names_its_field() {
    use DueQueryError as E;
    let base = json!({"from": "2026-04-24", "days": "3"});
    let changed = |change: Value| {
        let mut question = base.clone();
        question
            .as_object_mut()
            .expect("an object")
            .extend(change.as_object().expect("an object").clone());
        asked(question).map(|_| ())
    };
    for (change, expected) in [
        (json!({"from": "24/04/2026"}), E::From),
        (json!({"from": "2026-02-29"}), E::From),
        (json!({"from": "1989-12-31"}), E::From),
        (json!({"from": "2201-01-01"}), E::From),
        (json!({"days": ""}), E::Days),
        (json!({"days": "-1"}), E::Days),
        (json!({"days": "+3"}), E::Days),
        (json!({"days": "3.5"}), E::Days),
        (json!({"days": "3651"}), E::Days),
        (json!({"days": "99999999999"}), E::Days),
        (json!({"unit": "hours"}), E::Unit),
        (json!({"calendar": "lunar"}), E::Calendar),
        (json!({"mode": "hour"}), E::Mode),
        (json!({"mode": "hour", "late_after": "15:00"}), E::Mode),
        (json!({"received_at": "9:10"}), E::ReceivedAt),
        (json!({"received_at": "24:00"}), E::ReceivedAt),
        (json!({"received_at": "09:10", "late_after": "3pm"}), E::LateAfter),
        (json!({"mode": "hour8"}), E::HoursNeedATime),
        (
            json!({"mode": "hour8", "unit": "calendar", "received_at": "09:10"}),
            E::HoursOfCalendarDays,
        ),
        (json!({"late_after": "15:00"}), E::LateAfterAlone),
        (
            json!({"mode": "hour8", "received_at": "09:10", "late_after": "15:00"}),
            E::LateAfterAlone,
        ),
    ] {
        assert_eq!(changed(change.clone()), Err(expected), "{change}");
        assert!(
            expected.to_string().contains(expected.field()) && expected.vietnamese().contains(expected.field()),
            "{expected}"
        );
    }
    for days in ["0", "3650"] {
        assert_eq!(changed(json!({"days": days})), Ok(()));
    }
    let unknown = serde_json::from_value::<DueQueryRecord>(json!({"from": "2026-04-24", "days": "3", "form": "x"}));
    assert!(unknown.is_err());
}

fn calendars(change: impl FnOnce(&mut Value)) -> Result<CalendarBook, String> {
    let list = json!({"first_year": 2026, "last_year": 2026, "days_off": [], "days_worked": []});
    let mut file = json!({"state": list, "post": list});
    change(&mut file);
    let record: CalendarsRecord = serde_json::from_value(file).expect("the shape of the file");
    record
        .try_into()
        .map_err(|error: domain::wire::calendar::CalendarFileError| error.to_string())
}

#[test]
fn a_calendar_file_with_a_mistake_is_refused_with_words() {
    let notice = json!({"number": "1/TB", "published": "2026-11-01", "calendars": ["state"],
        "days_off": [{"date": "2026-11-23", "why": "Nghỉ hoán đổi"}]});
    let office = json!({"calendar": "state", "code": "D-1", "from": "2026-10-05", "source_ref": "QĐ 1"});
    assert!(calendars(|_| {}).is_ok());
    for (part, good, field, bad, expected) in [
        (
            "notices",
            &notice,
            "published",
            json!("2026-11-31"),
            "does not exist: 2026-11-31",
        ),
        (
            "notices",
            &notice,
            "calendars",
            json!(["desk"]),
            "expected state or post",
        ),
        (
            "notices",
            &notice,
            "days_off",
            json!([]),
            "notice 1/TB: a notice must turn a day off",
        ),
        (
            "notices",
            &notice,
            "withdrawn",
            json!(["2026-11-23"]),
            "more than once on 2026-11-23",
        ),
        (
            "offices",
            &office,
            "saturday",
            json!("maybe"),
            "office D-1: saturday must be",
        ),
        (
            "offices",
            &office,
            "hours",
            json!([{"from": "7h", "to": "11:00"}]),
            "does not exist: 7h",
        ),
        (
            "offices",
            &office,
            "hours",
            json!([{"from": "11:00", "to": "07:00"}]),
            "office D-1: a stretch",
        ),
    ] {
        assert!(calendars(|file| file[part] = json!([good])).is_ok());
        let mut changed = good.clone();
        changed[field] = bad;
        let error = calendars(|file| file[part] = json!([changed])).expect_err("a mistake");
        assert!(error.contains(expected), "{error}");
    }
    let twice = calendars(|file| file["notices"] = json!([notice, notice]));
    assert_eq!(twice, Err("notice 1/TB is in the calendar already".to_owned()));
}

#[test]
fn an_office_and_a_notice_of_a_file_are_in_its_book() {
    let book = calendars(|file| {
        file["notices"] = json!([{"number": "1/TB", "published": "2026-11-01", "calendars": ["state"],
            "days_off": [{"date": "2026-11-23", "why": "Nghỉ hoán đổi", "why_en": "Swapped"}], "year": 2027}]);
        file["offices"] = json!([{"calendar": "state", "code": "D-1", "from": "2026-10-05", "source_ref": "QĐ 1",
            "saturday": "worked", "hours": [{"from": "07:30", "to": "11:30"}, {"from": "13:30", "to": "17:30"}],
            "saturday_hours": [{"from": "07:30", "to": "11:30"}]}]);
    })
    .expect("a good file");
    let desk = book.calendar(CalendarKind::State, Some("D-1"), i64::MAX);
    let hours = |day: &str| {
        let date = domain::calendar::read_date(day).expect("a date");
        desk.hours_on(date).iter().map(|span| span.minutes()).sum::<u16>()
    };
    assert_eq!(
        [hours("2026-11-20"), hours("2026-11-21"), hours("2026-11-23")],
        [480, 240, 0]
    );
    assert_eq!(desk.years, Some((2026, 2027)));
    assert!(book.calendar(CalendarKind::Post, None, i64::MAX).years == Some((2026, 2026)));
}

#[test]
fn a_notice_without_a_file_reads_its_own_days() {
    let record: NoticeRecord = serde_json::from_value(json!({"number": "2/TB", "published": "2026-11-01",
        "known_at_ms": 5, "calendars": ["state", "post"], "withdrawn": ["2026-11-23"]}))
    .expect("the shape of a notice");
    let notice = record.read(None).expect("a notice");
    assert_eq!(
        (notice.number(), notice.known_at_ms(), notice.dates().count()),
        ("2/TB", 5, 1)
    );
    assert_eq!(record.kinds(), Ok(vec![CalendarKind::State, CalendarKind::Post]));
}
