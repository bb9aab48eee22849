//! The demo province's files are in order, and its calendar counts as the reference does.

use std::collections::BTreeSet;

use domain::calendar::{Calendar, due, due_in_calendar_days, read_date, write_date};
use domain::phone::Phone;
use domain::place::Gazetteer;
use domain::procedure_code::ProcedureCode;
use domain::wire::province::{
    AgencyRecord, CalendarsRecord, CourierRecord, DeskRecord, HoursRecord, LgspClientRecord, ProcedureRecord,
    ProvinceRecord, ServicePointRecord, StaffRecord,
};
use serde::de::DeserializeOwned;
use time::Weekday;
use time::macros::date;

macro_rules! file {
    ($name:literal) => {
        include_str!(concat!("../../data/an-giang/", $name))
    };
}

fn read<T: DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).expect("the file has the shape of its record")
}

fn state_calendar() -> Calendar {
    let calendars: CalendarsRecord = read(file!("calendar.json"));
    calendars.state.try_into().expect("dates that exist")
}

/// Checks a list of codes for repeats and returns it.
fn distinct<T>(records: &[T], code: impl Fn(&T) -> &String) -> BTreeSet<String> {
    let codes: BTreeSet<String> = records.iter().map(|record| code(record).clone()).collect();
    assert_eq!(codes.len(), records.len(), "a code is used twice");
    codes
}

fn minutes(text: &str) -> u32 {
    let (hours, minutes) = text.split_once(':').expect("an hour like 07:00");
    hours.parse::<u32>().expect("hours") * 60 + minutes.parse::<u32>().expect("minutes")
}

fn is_in_order(hours: &HoursRecord) -> bool {
    minutes(&hours.from) < minutes(&hours.to)
        && minutes(&hours.to) <= 24 * 60
        && hours.days.is_sorted()
        && hours.days.iter().all(|day| (1..=7).contains(day))
}

#[test]
fn the_worked_due_dates_of_the_reference_come_out() {
    for (lodged, days, expected) in [
        ("2026-04-24", 3, "2026-05-04"),
        ("2026-12-30", 5, "2027-01-07"),
        ("2026-08-20", 2, "2026-08-22"),
        ("2026-01-09", 1, "2026-01-10"),
        ("2025-04-25", 3, "2025-04-29"),
        ("2024-04-26", 3, "2024-05-04"),
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-02-12", 3, "2026-02-24"),
        ("2026-08-28", 1, "2026-09-03"),
        ("2026-11-20", 2, "2026-11-25"),
        ("2027-02-03", 1, "2027-02-11"),
        ("2026-10-08", 15, "2026-10-29"),
    ] {
        let due = due(read_date(lodged).expect("a date"), days, &state_calendar());
        assert_eq!(write_date(due.date), expected, "{days} working days after {lodged}");
        assert!(!due.provisional);
    }
}

#[test]
fn a_last_calendar_day_that_is_off_moves_on() {
    for (lodged, days, expected) in [("2026-04-15", 15, "2026-05-04"), ("2026-01-31", 20, "2026-02-23")] {
        let due = due_in_calendar_days(read_date(lodged).expect("a date"), days, &state_calendar());
        assert_eq!(write_date(due.date), expected, "{days} days after {lodged}");
    }
}

#[test]
fn without_the_swapped_saturdays_the_dates_differ() {
    let mut calendar = state_calendar();
    calendar.days_worked.clear();
    for (lodged, days, expected) in [
        ("2026-08-20", 2, "2026-08-24"),
        ("2026-01-09", 1, "2026-01-12"),
        ("2025-04-25", 3, "2025-05-05"),
        ("2024-04-26", 3, "2024-05-06"),
    ] {
        let due = due(read_date(lodged).expect("a date"), days, &calendar);
        assert_eq!(write_date(due.date), expected);
    }
}

#[test]
fn were_the_monday_before_the_day_of_culture_swapped_off_the_date_moves() {
    let mut calendar = state_calendar();
    calendar
        .days_off
        .insert(date!(2026 - 11 - 23), "Nghỉ hoán đổi".to_owned());
    assert_eq!(due(date!(2026 - 11 - 20), 2, &calendar).date, date!(2026 - 11 - 26));
}

#[test]
fn the_postal_days_of_the_reference_come_out() {
    let calendars: CalendarsRecord = read(file!("calendar.json"));
    let post: Calendar = calendars.post.try_into().expect("dates that exist");
    for (days, expected) in [(1, "2026-04-28"), (2, "2026-04-29"), (4, "2026-05-05")] {
        assert_eq!(write_date(due(date!(2026 - 04 - 24), days, &post).date), expected);
    }
}

#[test]
fn every_skipped_day_says_why() {
    let due = due(date!(2026 - 04 - 24), 3, &state_calendar());
    let steps: Vec<(String, bool, &str)> = due
        .steps
        .iter()
        .map(|step| (write_date(step.date), step.counted, step.why.as_str()))
        .collect();
    assert_eq!(
        steps[2],
        (
            "2026-04-27".to_owned(),
            false,
            "Nghỉ bù Giỗ Tổ Hùng Vương (Chủ nhật 26/4)"
        )
    );
    assert_eq!(steps[3], ("2026-04-28".to_owned(), true, "ngày làm việc 1/3"));
    assert_eq!(steps.len(), 10);
}

#[test]
fn each_year_has_its_number_of_working_days() {
    let calendar = state_calendar();
    for (year, expected) in [(2024, 251), (2025, 250), (2026, 249), (2027, 249)] {
        let mut day = read_date(&format!("{year}-01-01")).expect("a date");
        let mut worked = 0;
        while day.year() == year {
            worked += u32::from(calendar.is_working(day));
            day = day.next_day().expect("not the end of time");
        }
        assert_eq!(worked, expected, "{year}");
    }
}

#[test]
fn days_off_are_weekdays_and_days_worked_are_saturdays() {
    let calendar = state_calendar();
    let is_rest = |day: &time::Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    assert!(!calendar.days_off.keys().any(is_rest));
    assert!(
        calendar
            .days_worked
            .keys()
            .all(|day| day.weekday() == Weekday::Saturday)
    );
}

#[test]
fn the_files_refer_to_things_that_exist() {
    let province: ProvinceRecord = read(file!("province.json"));
    let communes = Gazetteer::from_csv(&province.name, file!("communes.csv")).expect("a good list");
    let is_commune = |code: &String| communes.find(code).is_some();
    let points: Vec<ServicePointRecord> = read(file!("service_points.json"));
    let agencies: Vec<AgencyRecord> = read(file!("agencies.json"));
    let desks: Vec<DeskRecord> = read(file!("desks.json"));
    let clients: Vec<LgspClientRecord> = read(file!("lgsp_clients.json"));
    let point_codes = distinct(&points, |point| &point.code);
    let agency_codes = distinct(&agencies, |agency| &agency.code);
    distinct(&desks, |desk| &desk.code);
    distinct(&clients, |client| &client.customer_code);

    assert_eq!((points.len(), clients.len()), (12, 2));
    for point in &points {
        assert!(is_commune(&point.commune_code), "{}", point.code);
        assert!(point.opening_hours.iter().all(is_in_order), "{}", point.code);
        assert_eq!(point.territory["type"], "Polygon", "{}", point.code);
    }
    for agency in &agencies {
        assert!(is_commune(&agency.commune_code), "{}", agency.code);
    }
    for desk in &desks {
        assert!(
            is_commune(&desk.commune_code) && agency_codes.contains(&desk.agency_code),
            "{}",
            desk.code
        );
        assert!(
            desk.service_point_code.iter().all(|code| point_codes.contains(code)),
            "{}",
            desk.code
        );
        assert!(desk.opening_hours.iter().all(is_in_order), "{}", desk.code);
    }
    for client in &clients {
        assert!(agency_codes.contains(&client.agency_code), "{}", client.customer_code);
    }
    let run_by_post: Vec<&str> = desks
        .iter()
        .filter(|desk| desk.service_point_code.is_some())
        .map(|desk| desk.commune_code.as_str())
        .collect();
    assert_eq!(run_by_post, ["30520"]);
}

#[test]
fn the_people_work_somewhere_and_have_numbers_that_can_be_called() {
    let communes = Gazetteer::from_csv("An Giang", file!("communes.csv")).expect("a good list");
    let points: Vec<ServicePointRecord> = read(file!("service_points.json"));
    let desks: Vec<DeskRecord> = read(file!("desks.json"));
    let couriers: Vec<CourierRecord> = read(file!("couriers.json"));
    let staff: Vec<StaffRecord> = read(file!("staff.json"));
    let is_point = |code: &String| points.iter().any(|point| point.code == *code);
    let logins: Vec<&String> = couriers
        .iter()
        .map(|courier| &courier.login)
        .chain(staff.iter().map(|one| &one.login))
        .collect();
    assert_eq!(logins.iter().collect::<BTreeSet<_>>().len(), logins.len());

    assert_eq!(couriers.len(), 40);
    for courier in &couriers {
        assert!(is_point(&courier.service_point_code), "{}", courier.login);
        assert!(
            courier.areas.iter().all(|code| communes.find(code).is_some()),
            "{}",
            courier.login
        );
        assert!(
            is_in_order(&courier.shift) && (12..=40).contains(&courier.capacity),
            "{}",
            courier.login
        );
        assert!(Phone::parse(&courier.phone).is_ok_and(|phone| phone.as_str() == courier.phone));
    }
    for point in &points {
        assert!(
            couriers.iter().any(|courier| courier.service_point_code == point.code),
            "{}",
            point.code
        );
    }
    let roles = [
        "post_agent",
        "desk_agent",
        "agency_receiver",
        "post_supervisor",
        "ops_admin",
    ];
    for one in &staff {
        assert!(
            one.roles.iter().all(|role| roles.contains(&role.as_str())),
            "{}",
            one.login
        );
        assert!(one.service_point_code.iter().all(is_point), "{}", one.login);
        assert!(
            one.desk_code
                .iter()
                .all(|code| desks.iter().any(|desk| desk.code == *code)),
            "{}",
            one.login
        );
        assert!(Phone::parse(&one.phone).is_ok(), "{}", one.login);
    }
}

#[test]
fn every_procedure_has_a_code_a_limit_and_papers() {
    let procedures: Vec<ProcedureRecord> = read(file!("procedures.json"));
    distinct(&procedures, |procedure| &procedure.code);
    assert!(procedures.len() >= 10);
    for procedure in &procedures {
        assert!(ProcedureCode::parse(&procedure.code).is_ok(), "{}", procedure.code);
        assert!(
            procedure.limit_days > 0 && !procedure.components.is_empty(),
            "{}",
            procedure.code
        );
        assert!(
            ["working", "calendar"].contains(&procedure.limit_unit.as_str()),
            "{}",
            procedure.code
        );
        let copies = ["original", "certified", "plain", "electronic"];
        assert!(
            procedure
                .components
                .iter()
                .all(|paper| copies.contains(&paper.copy.as_str()) && paper.count > 0)
        );
    }
}
