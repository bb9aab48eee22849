//! The files of every province are in order.

use std::collections::BTreeSet;
use std::path::Path;

use domain::calendar::{Calendar, due, write_date};
use domain::catalogue::checklist::{Comparison, Received, compare};
use domain::catalogue::{Channel, Component, LegacyLevels};
use domain::dossier::words::Language;
use domain::phone::Phone;
use domain::place::Gazetteer;
use domain::procedure_code::ProcedureCode;
use domain::tariff::End;
use domain::wire::agency::{AgencyCodeRecord, read_agencies, read_agency_codes};
use domain::wire::procedure::read_procedures;
use domain::wire::province::{
    AgencyRecord, CalendarsRecord, CourierRecord, DeskRecord, HoursRecord, LgspClientRecord, ProcedureRecord,
    ProvinceRecord, ServicePointRecord, StaffRecord,
};
use domain::wire::row::RowError;
use domain::wire::rules::{RuleSetRecord, read_rules};
use domain::wire::tariff::{TariffFileRecord, read_geography, read_tariffs};
use domain::wire::units::{OtherCodeRecord, SuccessionRecord, ZoneRecord, read_successions, read_zones};
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

/// A province's folder, and what is particular to it.
struct Folder {
    name: &'static str,
    points: usize,
    clients: usize,
    couriers: usize,
    /// The communes whose desk the post runs.
    run_by_post: &'static [&'static str],
    /// At least so many procedures.
    procedures: usize,
}

const FOLDERS: [Folder; 2] = [
    Folder {
        name: "an-giang",
        points: 12,
        clients: 2,
        couriers: 40,
        run_by_post: &["30520"],
        procedures: 25,
    },
    Folder {
        name: "tinh-mau",
        points: 2,
        clients: 1,
        couriers: 3,
        run_by_post: &["99001"],
        procedures: 3,
    },
];

impl Folder {
    fn text(&self, file: &str) -> String {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../data")
            .join(self.name)
            .join(file);
        std::fs::read_to_string(path).expect("the folder has the file")
    }

    fn json<T: DeserializeOwned>(&self, file: &str) -> T {
        read(&self.text(file))
    }

    fn csv<T: DeserializeOwned>(&self, file: &str) -> Vec<T> {
        let text = self.text(file);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader
            .deserialize()
            .map(|row| row.expect("a row of the shape of its record"))
            .collect()
    }

    fn communes(&self) -> Gazetteer {
        let province: ProvinceRecord = self.json("province.json");
        Gazetteer::from_csv(&province.name, &self.text("communes.csv")).expect("a good list")
    }
}

/// The value, or every fault as one text.
fn in_order<T>(result: Result<T, Vec<RowError>>) -> T {
    result.unwrap_or_else(|faults| {
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    })
}

#[test]
fn the_files_refer_to_things_that_exist() {
    for folder in &FOLDERS {
        let communes = folder.communes();
        let is_commune = |code: &String| communes.find(code).is_some();
        let points: Vec<ServicePointRecord> = folder.json("service_points.json");
        let agencies: Vec<AgencyRecord> = folder.json("agencies.json");
        let desks: Vec<DeskRecord> = folder.json("desks.json");
        let clients: Vec<LgspClientRecord> = folder.json("lgsp_clients.json");
        let point_codes = distinct(&points, |point| &point.code);
        let agency_codes = distinct(&agencies, |agency| &agency.code);
        distinct(&desks, |desk| &desk.code);
        distinct(&clients, |client| &client.customer_code);

        assert_eq!((points.len(), clients.len()), (folder.points, folder.clients));
        for point in &points {
            assert!(is_commune(&point.commune_code), "{}", point.code);
            assert!(point.opening_hours.iter().all(is_in_order), "{}", point.code);
            assert_eq!(point.territory["type"], "Polygon", "{}", point.code);
        }
        for agency in &agencies {
            assert!(is_commune(&agency.commune_code), "{}", agency.code);
            assert!(
                agency.service_point_code.iter().all(|code| point_codes.contains(code)),
                "{}",
                agency.code
            );
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
        assert_eq!(run_by_post, folder.run_by_post);
    }
}

#[test]
fn the_people_work_somewhere_and_have_numbers_that_can_be_called() {
    for folder in &FOLDERS {
        let communes = folder.communes();
        let points: Vec<ServicePointRecord> = folder.json("service_points.json");
        let desks: Vec<DeskRecord> = folder.json("desks.json");
        let couriers: Vec<CourierRecord> = folder.json("couriers.json");
        let staff: Vec<StaffRecord> = folder.json("staff.json");
        let is_point = |code: &String| points.iter().any(|point| point.code == *code);
        let logins: Vec<&String> = couriers
            .iter()
            .map(|courier| &courier.login)
            .chain(staff.iter().map(|one| &one.login))
            .collect();
        assert_eq!(logins.iter().collect::<BTreeSet<_>>().len(), logins.len());

        assert_eq!(couriers.len(), folder.couriers);
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
            "agency_manager",
            "ops_admin",
            "key_admin",
            "auditor",
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
}

#[test]
fn every_procedure_has_a_code_terms_and_papers_and_says_where_it_is_from() {
    for folder in &FOLDERS {
        let records: Vec<ProcedureRecord> = folder.json("procedures.json");
        distinct(&records, |procedure| &procedure.code);
        assert!(records.len() >= folder.procedures, "{}", folder.name);
        let catalogue = in_order(read_procedures(&records, &LegacyLevels::default()));
        let today = date!(2026 - 11 - 22);
        for record in &records {
            let code = ProcedureCode::parse(&record.code).expect("a code");
            let procedure = catalogue.in_force(&code, today).expect("in force");
            for case in &procedure.cases {
                let by_post = catalogue.terms(&code, &case.code, Channel::Post, today);
                assert_eq!(by_post.is_ok(), procedure.bcci_submit, "{}", record.code);
                assert_eq!(
                    compare(&case.components, &everything(&case.components)),
                    Comparison::Complete
                );
                assert_ne!(compare(&case.components, &[]), Comparison::Complete, "{}", record.code);
            }
        }
    }
}

fn everything(components: &[Component]) -> Vec<Received> {
    components
        .iter()
        .map(|paper| Received {
            number: paper.number,
            copy: paper.copy,
            quantity: paper.quantity,
        })
        .collect()
}

#[test]
fn rules_tariff_and_codes_are_known_for_today_and_for_every_commune() {
    let today = date!(2026 - 11 - 22);
    for folder in &FOLDERS {
        let rules = in_order(read_rules(&folder.json::<Vec<RuleSetRecord>>("rules.json")));
        let in_force = rules.in_force(today).expect("rules for today");
        assert_eq!(rules.get(&in_force.id), Some(in_force));
        in_order(read_agencies(&folder.json::<Vec<AgencyRecord>>("agencies.json")));
        in_order(read_agency_codes(
            &folder.json::<Vec<AgencyCodeRecord>>("agency_codes.json"),
        ));

        let communes = folder.communes();
        let zones = in_order(read_zones(&folder.csv::<ZoneRecord>("zones.csv")));
        let file: TariffFileRecord = folder.json("tariff.json");
        let tariffs = in_order(read_tariffs(&file));
        let geography = in_order(read_geography(&file, zones));
        let tariff = tariffs.in_force(today).expect("a tariff for today");
        let province: ProvinceRecord = folder.json("province.json");
        let first = communes.communes().first().expect("a commune");
        for commune in communes.communes() {
            let [from, to] = [first, commune].map(|commune| End {
                province: &province.code,
                commune: &commune.code,
            });
            let relation = geography.relation(from, to);
            let relation = relation.expect("every commune has a zone");
            let price = tariff.send.price(relation, 100).expect("every relation has a price");
            assert!(!price.is_zero());
        }
        for commune in geography.special.keys() {
            assert!(communes.find(commune).is_some(), "{commune}");
        }
        for record in folder.csv::<OtherCodeRecord>("other_codes.csv") {
            assert!(communes.find(&record.commune_code).is_some(), "{}", record.code);
        }
    }
}

#[test]
fn every_commune_of_today_came_from_somewhere_and_every_old_name_leads_to_it() {
    for folder in &FOLDERS {
        let communes = folder.communes();
        let records: Vec<SuccessionRecord> = folder.csv("successions.csv");
        in_order(read_successions(&records));
        for commune in communes.communes() {
            let from: Vec<&SuccessionRecord> = records.iter().filter(|row| row.new_code == commune.code).collect();
            assert_eq!(from.len(), commune.old_names.len(), "{}", commune.code);
        }
        for row in records.iter().filter(|row| row.new_code.len() == 5) {
            assert!(communes.find(&row.new_code).is_some(), "{}", row.old_code);
        }
    }
}
