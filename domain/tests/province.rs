//! The demo province's files are in order.

use std::collections::BTreeSet;

use domain::calendar::{Calendar, due, write_date};
use domain::dossier::words::Language;
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
fn every_skipped_day_says_why() {
    let due = due(date!(2026 - 04 - 24), 3, &state_calendar());
    let steps: Vec<(String, bool, String)> = due
        .steps
        .iter()
        .map(|step| {
            (
                write_date(step.date),
                step.counted(),
                step.why.text(Language::Vietnamese),
            )
        })
        .collect();
    assert_eq!(
        steps[2],
        (
            "2026-04-27".to_owned(),
            false,
            "Nghỉ bù Giỗ Tổ Hùng Vương (Chủ nhật 26/4)".to_owned()
        )
    );
    assert_eq!(
        steps[3],
        ("2026-04-28".to_owned(), true, "ngày làm việc 1/3".to_owned())
    );
    assert_eq!(steps.len(), 10);
}

#[test]
fn days_off_on_the_weekly_rest_are_holidays_and_days_worked_are_saturdays() {
    let calendar = state_calendar();
    let is_rest = |day: &&time::Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let on_rest: Vec<String> = calendar
        .days_off
        .keys()
        .filter(is_rest)
        .copied()
        .map(write_date)
        .collect();
    assert_eq!(
        on_rest,
        [
            "2024-02-10",
            "2024-02-11",
            "2026-04-26",
            "2027-02-06",
            "2027-02-07",
            "2027-05-01"
        ]
    );
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
