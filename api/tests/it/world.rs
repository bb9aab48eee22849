//! A small province with a service in front of it, on a clock the test sets.

mod province;

use api::auth::password;
use api::{ApiConfig, App, Metrics};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use entity::clock::FixedClock;
use entity::project::Projector;
use entity::repo::reference::{self, id_of};
use entity::sequencer::Leader;
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
    pub(crate) router: Router,
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
        for key in ["title", "detail", "title_vi", "title_en", "detail_vi", "detail_en"] {
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
        Self::on(Backend::Sqlite, change).await
    }

    pub(crate) async fn on(backend: Backend, change: impl FnOnce(&mut ApiConfig)) -> Self {
        let clock = Arc::new(FixedClock::at(START_MS));
        let db = TestDb::open_with(backend, Arc::<FixedClock>::clone(&clock)).await;
        let store = db.store.clone();
        store
            .write(|tx| Box::pin(async move { reference::load(tx, province::province()).await }))
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
            stream_life: Duration::ZERO,
            second_factor_required: false,
            blobs: Some(entity::Blobs::in_memory()),
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
        let mut left = province::province();
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

    /// Signs the head of the public log as it stands.
    pub(crate) async fn sign_log(&self) {
        let folder = tempfile::tempdir().expect("a folder");
        let signer = entity::tlog::LogSigner {
            base: "post.example/log".to_owned(),
            state: folder.path().join("log.signed"),
        };
        let heads = entity::tlog::sign(&self.app.store, &self.app.keys, &signer).await;
        heads.expect("signed");
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
