//! A small province with a service in front of it, on a clock the test sets.

use api::auth::password;
use api::{ApiConfig, App, Metrics};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use domain::wire::calendar::{CalendarDayRecord, CalendarRecord, CalendarsRecord};
use entity::clock::FixedClock;
use entity::project::Projector;
use entity::repo::reference::{self, Reference, id_of};
use entity::repo::staff::Role;
use entity::sequencer::Leader;
use entity::table::{agency, courier, desk, lgsp_client, procedure, service_point, staff};
use entity::testing::{Backend, TestDb};
use entity::{ServerKeys, StoreError};
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tower::ServiceExt;
use uuid::Uuid;

/// 08:00 on Friday 24 April 2026 in Vietnam.
pub(crate) const START_MS: i64 = 1_776_992_400_000;
pub(crate) const PASSWORD: &str = "mật khẩu thử nghiệm";

static HASH: LazyLock<String> = LazyLock::new(|| password::hash(PASSWORD));

/// A service over a store of its own.
pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) clock: Arc<FixedClock>,
    router: Router,
    leader: tokio::sync::Mutex<Leader>,
    /// Last, so that the folder goes after everything that has files open in it.
    _db: TestDb,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("ASCII"))
    }

    /// The slug of a problem, after checking that it is a whole one.
    pub(crate) fn problem(&self) -> String {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{}",
            self.text()
        );
        let body = self.json();
        assert_eq!(body["status"], self.status.as_u16());
        assert_eq!(body["request_id"], self.header("x-request-id"));
        for key in ["title", "detail", "detail_vi"] {
            assert!(body[key].as_str().is_some_and(|text| !text.is_empty()), "{key}");
        }
        body["type"]
            .as_str()
            .and_then(|kind| kind.strip_prefix("/problems/"))
            .expect("a slug")
            .to_owned()
    }

    /// How it was refused: the status and the slug.
    pub(crate) fn refusal(&self) -> (u16, String) {
        (self.status.as_u16(), self.problem())
    }

    pub(crate) fn ok(self) -> Value {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text());
        self.json()
    }
}

pub(crate) fn staff_id(login: &str) -> Uuid {
    id_of("staff", login)
}

pub(crate) fn agency_id(code: &str) -> Uuid {
    id_of("agency", code)
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut ApiConfig)) -> Self {
        let clock = Arc::new(FixedClock::at(START_MS));
        let db = TestDb::open_with(Backend::Sqlite, Arc::<FixedClock>::clone(&clock)).await;
        let store = db.store.clone();
        store
            .write(|tx| Box::pin(async move { reference::load(tx, province()).await }))
            .await
            .unwrap_or_else(|error: StoreError| panic!("the province loads: {error:?}"));
        let keys = ServerKeys::generate();
        let projector = Projector::new(&keys);
        let leader = Leader::try_take(&store, projector)
            .await
            .expect("a database")
            .expect("nobody else leads");
        let mut config = ApiConfig {
            enrol_wait: Duration::ZERO,
            second_factor_required: false,
            ..ApiConfig::default()
        };
        change(&mut config);
        let app = App::new(store, keys, config, Metrics::local());
        let router = api::router(app.clone());
        Self {
            app,
            clock,
            router,
            leader: tokio::sync::Mutex::new(leader),
            _db: db,
        }
    }

    /// Somebody stops working here.
    pub(crate) async fn dismiss(&self, login: &str) {
        let mut left = province();
        left.staff.retain(|person| person.login == login);
        left.staff.iter_mut().for_each(|person| person.active = false);
        let store = &self.app.store;
        store
            .write(|tx| Box::pin(async move { reference::load(tx, left).await }))
            .await
            .unwrap_or_else(|error: StoreError| panic!("the province loads: {error:?}"));
    }

    /// Numbers and folds everything that waits.
    pub(crate) async fn fold(&self) {
        self.leader.lock().await.drain().await.expect("folded");
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("the service never fails");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Answer {
        self.send(
            as_caller(Request::get(path), token)
                .body(Body::empty())
                .expect("a request"),
        )
        .await
    }

    pub(crate) async fn post(&self, path: &str, token: &str, body: &Value) -> Answer {
        let request = as_caller(Request::post(path), token).header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string())).expect("a request"))
            .await
    }

    /// The access token of a login.
    pub(crate) async fn sign_in(&self, login: &str) -> String {
        let answer = self
            .post("/api/v1/session", "", &json!({ "login": login, "password": PASSWORD }))
            .await;
        answer.ok()["access_token"].as_str().expect("a token").to_owned()
    }

    /// The token of a one-stop client.
    pub(crate) async fn client_token(&self, key: &str) -> String {
        let body = format!(
            "grant_type=client_credentials&client_id={key}&client_secret={}",
            "secret"
        );
        let request = Request::post("/lgsp/token").body(Body::from(body)).expect("a request");
        self.send(request).await.ok()["access_token"]
            .as_str()
            .expect("a token")
            .to_owned()
    }

    /// A dossier brought to the counter of the first office; its id, its label, the path of its page.
    pub(crate) async fn intake(&self, slip: &str) -> (String, String, String) {
        let agent = self.sign_in("agent").await;
        let made = self.post("/api/v1/intakes", &agent, &intake_body(slip)).await.ok();
        let text = |key: &str| made[key].as_str().expect("a text").to_owned();
        let page = text("tracking_url");
        let page = page
            .strip_prefix("http://127.0.0.1:8080")
            .expect("our own address")
            .to_owned();
        self.fold().await;
        (text("dossier_id"), text("item_code"), page)
    }
}

fn as_caller(request: axum::http::request::Builder, token: &str) -> axum::http::request::Builder {
    if token.is_empty() {
        request
    } else {
        request.header("authorization", format!("Bearer {token}"))
    }
}

pub(crate) fn intake_body(slip: &str) -> Value {
    json!({
        "mode": "both", "agency_id": agency_id("A"), "desk_id": id_of("desk", "A1"), "procedure_code": "1.000001",
        "applicant": { "name": "Chau Sóc Kha", "phone": "0912 345 678", "address": "Tổ 1, ấp Vĩnh Hạ", "commune_code": "30520" },
        "paper_count": 3, "slip_number": slip,
    })
}

fn person(login: &str, roles: &[Role], office: Option<&str>, desk: Option<&str>) -> staff::Model {
    let names: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
    staff::Model {
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

fn client(key: &str, customer: &str, agency: &str, profile: &Value) -> lgsp_client::Model {
    static SECRET: LazyLock<String> = LazyLock::new(|| password::hash("secret"));
    lgsp_client::Model {
        id: id_of("lgsp_client", customer),
        customer_code: customer.to_owned(),
        name: format!("Một cửa {customer}"),
        agency_id: agency_id(agency),
        client_key: key.to_owned(),
        secret_hash: SECRET.clone(),
        profile: profile.to_string(),
    }
}

fn province() -> Reference {
    let office = |code: &str, name: &str| service_point::Model {
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
    let off = |date: &str, why: &str| CalendarDayRecord {
        date: date.to_owned(),
        why: why.to_owned(),
        why_en: None,
        source_ref: "test".to_owned(),
        awaits_notice: false,
    };
    Reference {
        agencies: vec![agency("A", "UBND phường Tịnh Biên"), agency("B", "UBND xã An Cư")],
        service_points: vec![office("P1", "Bưu cục Tịnh Biên"), office("P2", "Bưu cục An Cư")],
        desks: vec![desk("A1", "A", Some("P1")), desk("B1", "B", None)],
        staff: vec![
            person("courier", &[Role::Courier], Some("P1"), None),
            person("second", &[Role::Courier], Some("P1"), None),
            person("far", &[Role::Courier], Some("P2"), None),
            person("agent", &[Role::PostAgent], Some("P1"), None),
            person("boss", &[Role::PostSupervisor], Some("P1"), None),
            person("desk", &[Role::DeskAgent], None, Some("A1")),
            person("other", &[Role::DeskAgent], None, Some("B1")),
            person("both", &[Role::PostAgent, Role::DeskAgent], Some("P1"), Some("A1")),
        ],
        couriers: vec![courier("courier", "P1"), courier("second", "P1"), courier("far", "P2")],
        procedures: vec![procedure::Model {
            code: "1.000001".to_owned(),
            name: "Cấp bản sao trích lục hộ tịch".to_owned(),
            sector: "Hộ tịch".to_owned(),
            limit_days: 3,
            limit_unit: "working".to_owned(),
            body: "{}".to_owned(),
            source_ref: "test".to_owned(),
        }],
        calendar: CalendarsRecord {
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
        },
        lgsp_clients: vec![
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
        ],
        ..Reference::default()
    }
}
