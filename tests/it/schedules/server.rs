//! The server of one schedule: the real store, the real service without a socket, sequencer, projector and jobs on a leash;
//! and how it dies and comes back.
//!
//! On SQLite a kill copies the database's files as they lie there at that moment and goes on with the copy: what a process
//! leaves behind that is not asked. On PostgreSQL the connections are cut. A restore goes on with files of before and says so by
//! a new epoch, as [`entity::backup`] does.

use super::database::Database;
use super::plant::Plant;
use super::template::Template;
use api::{ApiConfig, App, Metrics};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use custody::ids::EventId;
use entity::clock::FixedClock;
use entity::project::Projector;
use entity::repo::setting;
use entity::sequencer::Leader;
use entity::store::{Durability, OpenOptions, Settings};
use entity::{ServerKeys, Store, StoreError};
use mobile_ffi::core::Reply;
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;
use tokio::runtime::Runtime;
use tower::ServiceExt;
use worker::{WorkerConfig, run_until_idle};

/// The server of one schedule.
pub(crate) struct Server {
    pub(crate) template: &'static Template,
    pub(crate) plant: Option<Plant>,
    clock: Arc<FixedClock>,
    runtime: Runtime,
    database: Database,
    live: Option<Live>,
    backup: Option<Backup>,
    /// What a server that answers first and writes later has not written yet.
    pub(crate) unwritten: Vec<Vec<u8>>,
}

struct Live {
    store: Store,
    /// Put together when somebody asks: that takes longer than anything a phone asks.
    router: OnceCell<Router>,
}

impl Live {
    fn router(&self, keys: &ServerKeys) -> Router {
        let made = self.router.get_or_init(|| {
            let config = ApiConfig {
                syncs_per_minute: u32::MAX,
                refusals_per_minute: u32::MAX,
                ..ApiConfig::default()
            };
            api::router(App::new(self.store.clone(), keys.clone(), config, Metrics::local()))
        });
        made.clone()
    }
}

/// A copy of before.
struct Backup {
    database: Database,
    acknowledged: BTreeSet<EventId>,
}

impl Server {
    /// The server on its morning.
    pub(crate) fn start(template: &'static Template, database: Database, plant: Option<Plant>) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let mut server = Self {
            template,
            plant,
            clock: Arc::new(FixedClock::at(template.now_ms)),
            runtime: runtime.expect("a runtime"),
            database,
            live: None,
            backup: None,
            unwritten: Vec::new(),
        };
        server.open();
        server
    }

    fn open(&mut self) {
        let options = OpenOptions {
            settings: Settings {
                // Whoever holds a connection and asks for a second would wait for themselves.
                read_connections: 1,
                write_connections: 1,
                // Small, so that what belongs together is often folded apart.
                batch: 7,
                ..Settings::default()
            },
            clock: self.clock.clone(),
            durability: Durability::ThrowAway,
            migrate: false,
            ..OpenOptions::new(self.database.url())
        };
        let store = self.runtime.block_on(options.open()).expect("the store opens");
        self.live = Some(Live {
            store,
            router: OnceCell::new(),
        });
    }

    /// Its store.
    pub(crate) fn store(&self) -> &Store {
        &self.live.as_ref().expect("it runs").store
    }

    /// Runs something of its runtime.
    pub(crate) fn run<T>(&self, what: impl Future<Output = T>) -> T {
        self.runtime.block_on(what)
    }

    /// Time passes.
    pub(crate) fn advance(&self, ms: i64) {
        self.clock.advance(ms);
    }

    /// Answers a request, as it does behind its socket.
    pub(crate) fn answer(&self, method: &str, path: &str, headers: &[(String, String)], body: &[u8]) -> Reply {
        let router = self.live.as_ref().expect("it runs").router(&self.template.keys);
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(body.to_vec())).expect("a request");
        self.run(async {
            let answer = router.oneshot(request).await.expect("it never fails");
            let (parts, body) = answer.into_parts();
            let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
            let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
            Reply {
                status: parts.status.as_u16(),
                headers: parts
                    .headers
                    .iter()
                    .map(|(name, value)| (name.to_string(), text(value)))
                    .collect(),
                body: body.to_vec(),
            }
        })
    }

    /// Numbers, folds and does everything that waits.
    ///
    /// # Errors
    /// What the database said, in words for the judge.
    pub(crate) fn settle(&mut self) -> Result<(), String> {
        super::plant::before_settling(self);
        let config = WorkerConfig::new("sqlite::memory:");
        let done = self.run(run_until_idle(self.store(), &self.template.keys, &config));
        done.map_err(|error| format!("the working side stopped: {error:?}"))?;
        super::plant::after_settling(self);
        Ok(())
    }

    /// Numbers and folds one batch, and no more.
    ///
    /// # Errors
    /// What the database said, in words for the judge.
    pub(crate) fn begin_to_settle(&self) -> Result<(), String> {
        let store = self.store();
        let step = self.run(async {
            let mut leader = Leader::try_take(store, self.projector())
                .await?
                .ok_or(StoreError::Fenced)?;
            leader.step().await?;
            leader.step_down().await
        });
        step.map_err(|error| format!("the sequencer stopped: {error:?}"))
    }

    /// What folds.
    pub(crate) fn projector(&self) -> Projector {
        Projector::new(&self.template.keys)
    }

    /// Ends it as kill -9 does, and starts it on what it left.
    pub(crate) fn kill(&mut self) {
        self.unwritten.clear();
        let left = self.run(self.database.as_left());
        self.live = None;
        self.database = left;
        self.open();
    }

    /// Keeps a copy of the database as it is now.
    pub(crate) fn back_up(&mut self, acknowledged: BTreeSet<EventId>) {
        super::plant::write_what_was_promised(self);
        // PostgreSQL copies only what nobody is at work on; a file is copied as it is between two requests.
        let stops = matches!(self.database, Database::Postgres(_));
        if stops {
            let live = self.live.take().expect("it runs");
            self.run(live.store.close());
        }
        let database = self.run(self.database.copy());
        self.backup = Some(Backup { database, acknowledged });
        if stops {
            self.open();
        }
    }

    /// Goes on with the last copy; what it had acknowledged by then. Nothing where there is no copy.
    pub(crate) fn restore(&mut self) -> Option<BTreeSet<EventId>> {
        let backup = self.backup.take()?;
        self.unwritten.clear();
        let next = self.run(backup.database.copy());
        self.live = None;
        self.database = next;
        self.open();
        if self.plant != Some(Plant::EpochKept) {
            let now = self.store().now_ms();
            let store = self.store().clone();
            self.run(store.write(move |tx| {
                Box::pin(async move {
                    let before: i64 = setting::get(tx, "epoch")
                        .await?
                        .and_then(|text| text.parse().ok())
                        .unwrap_or(0);
                    setting::put(tx, "epoch", &now.max(before + 1).to_string()).await
                })
            }))
            .expect("the epoch is set");
        }
        let acknowledged = backup.acknowledged.clone();
        self.backup = Some(backup);
        Some(acknowledged)
    }

    /// Runs statements, as a fault of the program or somebody with a password to the database would.
    pub(crate) fn meddle(&self, statements: Vec<String>) {
        use sea_orm::ConnectionTrait;
        let store = self.store().clone();
        self.run(store.write(move |tx| {
            Box::pin(async move {
                for statement in statements {
                    tx.execute_unprepared(&statement).await?;
                }
                Ok::<_, StoreError>(())
            })
        }))
        .expect("written");
    }

    /// Ends with the schedule.
    pub(crate) fn stop(mut self) {
        self.live = None;
        if let Some(backup) = self.backup.take() {
            self.run(backup.database.remove());
        }
        self.run(self.database.remove());
    }
}
