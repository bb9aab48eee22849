//! The small province of the tests: two post offices and one of another operator, three agencies, somebody in every role.

use super::{HASH, agency_id, staff_id};
use api::auth::password;
use domain::wire::calendar::{CalendarDayRecord, CalendarRecord, CalendarsRecord};
use entity::repo::reference::{self, Reference, id_of};
use entity::repo::staff::Role;
use entity::table::{agency, commune, courier, desk, lgsp_client, postal_operator, procedure, service_point, staff};
use serde_json::{Value, json};
use std::sync::LazyLock;

fn person(login: &str, roles: &[Role], office: Option<&str>, desk: Option<&str>) -> staff::Model {
    let names: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
    staff::Model {
        operator_id: None,
        id: staff_id(login),
        login: login.to_owned(),
        name: format!("Người {login}"),
        roles: json!(names).to_string(),
        password_hash: Some(HASH.clone()),
        service_point_id: office.map(|code| id_of("service_point", code)),
        desk_id: desk.map(|code| id_of("desk", code)),
        agency_id: None,
        active: true,
    }
}

fn of_operator(login: &str, role: Role, code: Option<&str>) -> staff::Model {
    staff::Model {
        operator_id: Some(reference::operator_of(code).0),
        ..person(login, &[role], None, None)
    }
}

fn client(key: &str, customer: &str, agency: &str, profile: &Value) -> lgsp_client::Model {
    static SECRET: LazyLock<String> = LazyLock::new(|| password::hash("secret"));
    lgsp_client::Model {
        operator_id: reference::FIRST_OPERATOR.0,
        id: id_of("lgsp_client", customer),
        customer_code: customer.to_owned(),
        name: format!("Một cửa {customer}"),
        agency_id: agency_id(agency),
        client_key: key.to_owned(),
        secret_hash: SECRET.clone(),
        profile: profile.to_string(),
        public_key: None,
        active: true,
    }
}

fn people() -> Vec<staff::Model> {
    vec![
        person("courier", &[Role::Courier], Some("P1"), None),
        person("second", &[Role::Courier], Some("P1"), None),
        person("far", &[Role::Courier], Some("P2"), None),
        person("agent", &[Role::PostAgent], Some("P1"), None),
        person("agent-p2", &[Role::PostAgent], Some("P2"), None),
        person("boss-p2", &[Role::PostSupervisor], Some("P2"), None),
        person("agent-q1", &[Role::PostAgent], Some("Q1"), None),
        person("boss-q1", &[Role::PostSupervisor], Some("Q1"), None),
        person("courier-q1", &[Role::Courier], Some("Q1"), None),
        person("manager", &[Role::AgencyManager], None, Some("A1")),
        person("manager-2", &[Role::AgencyManager], None, Some("A1")),
        person("receiver", &[Role::AgencyReceiver], None, Some("A1")),
        of_operator("ops", Role::OpsAdmin, None),
        of_operator("ops-2", Role::OpsAdmin, None),
        of_operator("keys", Role::KeyAdmin, None),
        of_operator("keys-2", Role::KeyAdmin, None),
        of_operator("keys-q", Role::KeyAdmin, Some("OTHER")),
        of_operator("auditor", Role::Auditor, None),
        of_operator("ops-q", Role::OpsAdmin, Some("OTHER")),
        person("boss", &[Role::PostSupervisor], Some("P1"), None),
        person("deputy", &[Role::PostSupervisor], Some("P1"), None),
        person("desk", &[Role::DeskAgent], None, Some("A1")),
        person("other", &[Role::DeskAgent], None, Some("B1")),
        person("both", &[Role::PostAgent, Role::DeskAgent], Some("P1"), Some("A1")),
    ]
}

fn calendar() -> CalendarsRecord {
    let off = |date: &str, why: &str| CalendarDayRecord {
        date: date.to_owned(),
        why: why.to_owned(),
        why_en: None,
        source_ref: "test".to_owned(),
        awaits_notice: false,
    };
    CalendarsRecord {
        state: CalendarRecord {
            first_year: 2026,
            last_year: 2026,
            days_off: vec![
                off("2026-04-27", "Giỗ Tổ Hùng Vương (nghỉ bù)"),
                off("2026-04-30", "Ngày Chiến thắng"),
                off("2026-05-01", "Quốc tế Lao động"),
            ],
            days_worked: Vec::new(),
        },
        ..CalendarsRecord::default()
    }
}

pub(super) fn province() -> Reference {
    let office = |code: &str, name: &str| service_point::Model {
        operator_id: reference::FIRST_OPERATOR.0,
        id: id_of("service_point", code),
        code: code.to_owned(),
        name: name.to_owned(),
        commune_code: "30520".to_owned(),
        pos_code: format!("88{code}"),
        lat: 10.6,
        lon: 105.0,
        territory: None,
    };
    let desk = |code: &str, agency: &str, run_by: Option<&str>| desk::Model {
        id: id_of("desk", code),
        code: code.to_owned(),
        name: format!("Bộ phận một cửa {code}"),
        agency_id: agency_id(agency),
        service_point_id: run_by.map(|office| id_of("service_point", office)),
        commune_code: "30520".to_owned(),
        lat: 10.7,
        lon: 105.1,
    };
    let agency = |code: &str, name: &str| agency::Model {
        id: agency_id(code),
        code: code.to_owned(),
        name: name.to_owned(),
    };
    let courier = |login: &str, office: &str| courier::Model {
        staff_id: staff_id(login),
        service_point_id: id_of("service_point", office),
        areas: r#"["30520"]"#.to_owned(),
        shift_from_min: 420,
        shift_to_min: 1020,
        capacity: 40,
    };
    Reference {
        communes: vec![commune::Model {
            code: "30520".to_owned(),
            name: "Tịnh Biên".to_owned(),
            kind: "phường".to_owned(),
            old_names: String::new(),
            lat: 10.6,
            lon: 105.0,
        }],
        agencies: vec![
            agency("A", "UBND phường Tịnh Biên"),
            agency("B", "UBND xã An Cư"),
            agency("C", "UBND xã Núi Cấm"),
        ],
        operators: vec![postal_operator::Model {
            id: id_of("operator", "OTHER"),
            code: "OTHER".to_owned(),
            name: "Chuyển phát khác".to_owned(),
        }],
        service_points: vec![
            office("P1", "Bưu cục Tịnh Biên"),
            office("P2", "Bưu cục An Cư"),
            service_point::Model {
                operator_id: id_of("operator", "OTHER"),
                ..office("Q1", "Điểm khác Tịnh Biên")
            },
        ],
        desks: vec![
            desk("A1", "A", Some("P1")),
            desk("B1", "B", None),
            desk("C1", "C", None),
        ],
        staff: people(),
        couriers: vec![
            courier("courier", "P1"),
            courier("second", "P1"),
            courier("far", "P2"),
            courier("courier-q1", "Q1"),
        ],
        procedures: vec![procedure::Model {
            code: "1.000001".to_owned(),
            name: "Cấp bản sao trích lục hộ tịch".to_owned(),
            sector: "Hộ tịch".to_owned(),
            limit_days: 3,
            limit_unit: "working".to_owned(),
            body: "{}".to_owned(),
            source_ref: "test".to_owned(),
        }],
        calendar: calendar(),
        lgsp_clients: clients(),
        ..Reference::default()
    }
}

fn clients() -> Vec<lgsp_client::Model> {
    vec![
        client(
            "key-a",
            "AG01",
            "A",
            &json!({ "agencyNames": ["Ủy ban nhân dân phường Tịnh Biên"] }),
        ),
        client(
            "key-b",
            "AG02",
            "B",
            &json!({ "errorMode": "http", "tokenMode": "body" }),
        ),
        client(
            "key-h",
            "AG03",
            "A",
            &json!({ "tokenMode": "header", "authErrors": "wso2" }),
        ),
        client("key-k", "AG04", "A", &json!({ "tokenMode": "key_token" })),
        client("key-sh", "AG05", "A", &json!({ "tokenMode": "static_header" })),
        client(
            "key-su",
            "AG06",
            "A",
            &json!({ "tokenMode": "static_url", "authErrors": "wso2" }),
        ),
        client("key-sb", "AG07", "A", &json!({ "tokenMode": "static_bearer" })),
        client("key-p", "AG09", "B", &json!({})),
        lgsp_client::Model {
            operator_id: id_of("operator", "OTHER"),
            ..client("key-q", "AG10", "C", &json!({}))
        },
        client(
            "key-m",
            "AG08",
            "A",
            &json!({ "tokenMode": "static_bearer", "mtls": "ab".repeat(32), "authErrors": "wso2" }),
        ),
    ]
}
