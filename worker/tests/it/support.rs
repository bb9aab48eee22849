//! Both databases, a small province, orders, and the few look-ups every test needs.

use domain::ids::{AgencyId, ServicePointId, StaffId};
use domain::mode::Mode;
use entity::clock::FixedClock;
use entity::outbox::{self, NewJob};
use entity::repo::intake::{Applicant, NewOrder, Placed, Placing, place};
use entity::repo::reference::{self, Reference};
use entity::repo::setting;
use entity::table::{agency, commune, courier, service_point, staff};
use entity::testing::{Backend, TestDb};
use entity::{ServerKeys, Store, StoreError};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row, SqliteConnection};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use worker::{Idle, Outcome, Runner, WorkerConfig, WorkerHandle, run_until_idle, start};

/// Makes a test of each function for each database.
macro_rules! both {
    ($($name:ident),+ $(,)?) => {
        $(mod $name {
            #[tokio::test(flavor = "multi_thread")]
            async fn on_sqlite() {
                super::$name(entity::testing::Backend::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgres() {
                super::$name(entity::testing::Backend::Postgres).await;
            }
        })+
    };
}

/// A Monday, ten in the morning at the post.
pub(crate) const MORNING_MS: i64 = 1_795_402_800_000;
pub(crate) const HOUR_MS: i64 = 3_600_000;

pub(crate) const AGENCY: AgencyId = AgencyId(Uuid::from_u128(0xa));
pub(crate) const TINH_BIEN: ServicePointId = ServicePointId(Uuid::from_u128(0x51));
pub(crate) const NHA_BANG: ServicePointId = ServicePointId(Uuid::from_u128(0x52));

/// At the counter of Tịnh Biên.
pub(crate) const COUNTER_TB: StaffId = StaffId(Uuid::from_u128(0x81));
/// At the counter of Nhà Bàng.
pub(crate) const COUNTER_NB: StaffId = StaffId(Uuid::from_u128(0x82));
/// At the agency.
pub(crate) const RECEIVER: StaffId = StaffId(Uuid::from_u128(0x83));

pub(crate) fn staff_id(number: u128) -> StaffId {
    StaffId(Uuid::from_u128(0x100 + number))
}

/// A store, its clock and keys, and how the worker is set up on it.
pub(crate) struct Desk {
    pub(crate) db: TestDb,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) keys: ServerKeys,
    pub(crate) config: WorkerConfig,
}

impl Desk {
    pub(crate) async fn open(backend: Backend) -> Self {
        let clock = Arc::new(FixedClock::at(MORNING_MS));
        let db = TestDb::open_with(backend, clock.clone()).await;
        let jobs_url = match backend {
            Backend::Sqlite => format!("sqlite:{}", db.folder().join("jobs.db").display()),
            Backend::Postgres => db.url.clone(),
        };
        let config = WorkerConfig {
            test_jobs: true,
            // The machine's clock has no say here: a job of its own accord would be one too many.
            schedule: &[],
            job_timeout: Duration::from_secs(10),
            queue_poll: Duration::from_millis(20),
            relay_poll: Duration::from_millis(20),
            sequencer_poll: Duration::from_millis(20),
            lead_retry: Duration::from_millis(20),
            restart_first: Duration::from_millis(5),
            restart_longest: Duration::from_millis(50),
            ..WorkerConfig::new(jobs_url)
        };
        Self {
            db,
            clock,
            keys: ServerKeys::generate(),
            config,
        }
    }

    /// A store with two post offices and these couriers: number, office, first and last minute of the shift, capacity.
    pub(crate) async fn with_couriers(backend: Backend, couriers: &[(u128, ServicePointId, i64, i64, i64)]) -> Self {
        let desk = Self::open(backend).await;
        desk.load(couriers).await;
        desk
    }

    /// Loads the province again with these couriers.
    pub(crate) async fn load(&self, couriers: &[(u128, ServicePointId, i64, i64, i64)]) {
        let reference = province(couriers);
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                setting::put(tx, "province_name", "An Giang").await?;
                reference::load(tx, reference).await
            })
        });
        written.await.expect("the province is loaded");
    }

    pub(crate) fn store(&self) -> &Store {
        &self.db.store
    }

    pub(crate) fn runner(&self) -> Runner {
        Runner::new(self.store().clone(), self.keys.clone(), self.config.clone())
    }

    pub(crate) fn advance(&self, time: Duration) {
        self.clock.advance(i64::try_from(time.as_millis()).expect("short"));
    }

    /// Everything that waits, done now.
    pub(crate) async fn settle(&self) -> Idle {
        run_until_idle(self.store(), &self.keys, &self.config)
            .await
            .expect("the database answers")
    }

    /// Puts a job into the outbox and returns its id.
    pub(crate) async fn push(&self, kind: &'static str, payload: Value) -> Uuid {
        let key = format!("test:{}", entity::clock::new_id());
        let job = NewJob {
            kind,
            payload,
            dedup_key: key.clone(),
        };
        let now = self.store().now_ms();
        let pushed = self
            .store()
            .write(move |tx| Box::pin(async move { outbox::push(tx, now, job).await }));
        pushed.await.expect("pushed");
        self.store().jobs().notify_one();
        self.id_where(&format!("dedup_key = '{key}'")).await
    }

    /// Puts a notice about a dossier of its own into the outbox.
    pub(crate) async fn push_notice(&self) -> Uuid {
        self.push(
            "notify",
            json!({ "dossier": entity::clock::new_id().to_string(), "stage": "D2" }),
        )
        .await
    }

    /// The job that fits.
    pub(crate) async fn id_where(&self, filter: &str) -> Uuid {
        let hex = if self.is_postgres() {
            "replace(CAST(id AS TEXT), '-', '')"
        } else {
            "lower(hex(id))"
        };
        let id = self.text(&format!("SELECT {hex} FROM outbox WHERE {filter}")).await;
        id.expect("there is such a job").parse().expect("its id is readable")
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.db.url.starts_with("postgres")
    }

    /// Runs one row.
    pub(crate) async fn run(&self, id: Uuid) -> Outcome {
        self.runner().run(id).await.expect("the database answers")
    }

    /// An order from this address.
    pub(crate) async fn order(&self, number: u32, address: &str) -> Placed {
        self.order_of(Mode::Both, number, address).await
    }

    /// An order for one or both ways.
    pub(crate) async fn order_of(&self, mode: Mode, number: u32, address: &str) -> Placed {
        let order = NewOrder {
            operator: entity::repo::reference::FIRST_OPERATOR,
            client: None,
            customer_code: "TEST".to_owned(),
            order_number: format!("N-{number}"),
            digest: [0; 32],
            mode,
            agency: AGENCY,
            desk: None,
            procedure: None,
            case: None,
            channel: None,
            applicant: Applicant {
                name: "Chau Sóc Kha".to_owned(),
                address: address.to_owned(),
                ..Applicant::default()
            },
            paper_count: 1,
            weight_g: None,
            cod_amount: 0,
            body: json!({}),
            label: None,
            office: None,
            needs_pickup: true,
            receiver: None,
        };
        match place(self.store(), &self.keys, order).await.expect("placed") {
            Placing::New(placed) => placed,
            other => panic!("the order is new, not {other:?}"),
        }
    }

    /// The number in the first column of the first row.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        if self.is_postgres() {
            let pool = self.store().read().get_postgres_connection_pool();
            sqlx::query_scalar(AssertSqlSafe(sql))
                .fetch_one(pool)
                .await
                .expect("a number")
        } else {
            let pool = self.store().read().get_sqlite_connection_pool();
            sqlx::query_scalar(AssertSqlSafe(sql))
                .fetch_one(pool)
                .await
                .expect("a number")
        }
    }

    /// The text in the first column of the first row, if there is a row.
    pub(crate) async fn text(&self, sql: &str) -> Option<String> {
        if self.is_postgres() {
            let pool = self.store().read().get_postgres_connection_pool();
            let row = sqlx::query(AssertSqlSafe(sql))
                .fetch_optional(pool)
                .await
                .expect("a query");
            row.map(|row| row.get(0))
        } else {
            let pool = self.store().read().get_sqlite_connection_pool();
            let row = sqlx::query(AssertSqlSafe(sql))
                .fetch_optional(pool)
                .await
                .expect("a query");
            row.map(|row| row.get(0))
        }
    }

    /// Changes rows by hand, beside the program.
    pub(crate) async fn execute(&self, sql: &'static str) {
        let url = &self.db.owner_url;
        if self.is_postgres() {
            let mut connection = PgConnection::connect(url).await.expect("connected");
            connection.execute(sql).await.expect("a statement");
        } else {
            let mut connection = SqliteConnection::connect(url).await.expect("opened");
            connection.execute(sql).await.expect("a statement");
        }
    }

    /// How many rows of a table fit.
    pub(crate) async fn count(&self, table: &str, filter: &str) -> i64 {
        self.number(&format!("SELECT count(*) FROM {table} WHERE {filter}"))
            .await
    }
}

/// Tells a runner's error from a lost effect in closures of `Store::write`.
pub(crate) fn refused(why: &str) -> StoreError {
    StoreError::Refused(why.to_owned())
}

fn member(who: StaffId, role: &str, office: Option<ServicePointId>) -> staff::Model {
    staff::Model {
        operator_id: None,
        id: who.0,
        login: format!("{role}.{}", who.0),
        name: format!("Nhân viên {}", who.0),
        roles: json!([role]).to_string(),
        password_hash: None,
        service_point_id: office.map(|office| office.0),
        desk_id: None,
        agency_id: None,
        active: true,
    }
}

fn province(couriers: &[(u128, ServicePointId, i64, i64, i64)]) -> Reference {
    let commune = |code: &str, name: &str, kind: &str, old: &[&str], lat: f64, lon: f64| commune::Model {
        code: code.to_owned(),
        name: name.to_owned(),
        kind: kind.to_owned(),
        old_names: old.join(";"),
        lat,
        lon,
    };
    let point = |id: ServicePointId, code: &str, commune: &str, lat: f64, lon: f64, west: f64, east: f64| {
        let ring = [[west, 10.5], [east, 10.5], [east, 10.7], [west, 10.7], [west, 10.5]];
        service_point::Model {
            operator_id: reference::FIRST_OPERATOR.0,
            id: id.0,
            code: code.to_owned(),
            name: format!("Bưu cục {code}"),
            commune_code: commune.to_owned(),
            pos_code: "880100".to_owned(),
            lat,
            lon,
            territory: Some(json!({ "type": "Polygon", "coordinates": [ring] }).to_string()),
        }
    };
    Reference {
        communes: vec![
            commune(
                "30520",
                "Tịnh Biên",
                "phường",
                &["phường An Phú", "thị xã Tịnh Biên"],
                10.60,
                104.94,
            ),
            commune(
                "30502",
                "Thới Sơn",
                "phường",
                &["phường Nhà Bàng", "thị xã Tịnh Biên"],
                10.62,
                105.01,
            ),
            commune(
                "30337",
                "An Phú",
                "xã",
                &["thị trấn An Phú", "huyện An Phú"],
                10.81,
                105.09,
            ),
        ],
        agencies: vec![agency::Model {
            id: AGENCY.0,
            code: "H01".to_owned(),
            name: "UBND".to_owned(),
        }],
        service_points: vec![
            point(TINH_BIEN, "TB", "30520", 10.6012, 104.9452, 104.9, 104.98),
            point(NHA_BANG, "NB", "30502", 10.6262, 105.0083, 104.98, 105.1),
        ],
        staff: couriers
            .iter()
            .map(|(number, office, ..)| member(staff_id(*number), "courier", Some(*office)))
            .chain([
                member(COUNTER_TB, "post_agent", Some(TINH_BIEN)),
                member(COUNTER_NB, "post_agent", Some(NHA_BANG)),
                staff::Model {
                    operator_id: None,
                    agency_id: Some(AGENCY.0),
                    ..member(RECEIVER, "agency_receiver", None)
                },
            ])
            .collect(),
        couriers: couriers
            .iter()
            .map(|(number, office, from, to, capacity)| courier::Model {
                staff_id: staff_id(*number).0,
                service_point_id: office.0,
                areas: json!(["30520"]).to_string(),
                shift_from_min: *from,
                shift_to_min: *to,
                capacity: *capacity,
            })
            .collect(),
        ..Reference::default()
    }
}

/// Starts a worker on the desk's store.
pub(crate) async fn begin(desk: &Desk) -> (WorkerHandle, CancellationToken) {
    let stop = CancellationToken::new();
    let handle = start(
        desk.store().clone(),
        desk.keys.clone(),
        desk.config.clone(),
        stop.clone(),
    )
    .await;
    (handle.expect("the worker starts"), stop)
}

/// Stops it.
pub(crate) async fn end(handle: WorkerHandle, stop: CancellationToken) {
    stop.cancel();
    handle.stopped().await;
}

/// Waits until no job is open. Each ticket that is dealt with is a reason to look again.
pub(crate) async fn wait_until_done(desk: &Desk, handle: &WorkerHandle) {
    let mut progress = handle.progress();
    while outbox::open_count(desk.store().read()).await.expect("counted") > 0 {
        progress.changed().await.expect("the worker lives");
    }
}
