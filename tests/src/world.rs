//! A whole installation in this process: one database, the HTTP side, and the working side on a leash.

use crate::{Http, Lgsp, Phone, Staff, province};
use api::{ApiConfig, App, Metrics};
use entity::clock::{FixedClock, SystemClock};
use entity::testing::{Backend, TestDb};
use entity::{ServerKeys, Store};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use worker::{Idle, WorkerConfig, WorkerHandle};

/// Monday 23 November 2026, 09:30 in An Giang: everybody is on shift.
pub const MORNING: i64 = 1_795_401_000_000;

/// An installation. Its clock stands at [`MORNING`] until the test moves it, and facts and jobs wait until
/// [`World::settle`]; a world made by [`World::running`] uses the machine's clock and works by itself.
pub struct World {
    /// The database.
    pub db: TestDb,
    /// The server's keys.
    pub keys: ServerKeys,
    /// A client of the HTTP side.
    pub http: Http,
    clock: Option<Arc<FixedClock>>,
    settings: WorkerConfig,
    stop: CancellationToken,
    server: Option<JoinHandle<std::io::Result<()>>>,
    worker: Option<WorkerHandle>,
    runtime: Runtime,
}

impl World {
    /// An installation that waits for [`World::settle`].
    ///
    /// # Panics
    /// When something of it cannot be made.
    pub fn on_leash(backend: Backend) -> Self {
        Self::with_keys(backend, ServerKeys::generate())
    }

    /// The same with keys of the test's, so that what they make is the same in every run.
    ///
    /// # Panics
    /// When something of it cannot be made.
    pub fn with_keys(backend: Backend, keys: ServerKeys) -> Self {
        Self::with(backend, keys, Some(Arc::new(FixedClock::at(MORNING))))
    }

    /// An installation that works by itself.
    ///
    /// # Panics
    /// When something of it cannot be made.
    pub fn running(backend: Backend) -> Self {
        let mut world = Self::with(backend, ServerKeys::generate(), None);
        let (store, keys, settings) = (world.store().clone(), world.keys.clone(), world.settings.clone());
        let stop = world.stop.clone();
        let worker = world.runtime.block_on(worker::start(store, keys, settings, stop));
        world.worker = Some(worker.expect("the worker starts"));
        world
    }

    fn with(backend: Backend, keys: ServerKeys, clock: Option<Arc<FixedClock>>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(4)
            .enable_all()
            .build();
        let runtime = runtime.expect("a runtime");
        let db = runtime.block_on(open(backend, clock.clone()));
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("a bound port"));
        let stop = CancellationToken::new();
        // An enrolment need not wait until it is folded: on a leash nobody folds it meanwhile, and under load it is not what
        // the test is about.
        let settings = ApiConfig {
            second_factor_required: false,
            public_url: base.clone(),
            enrol_wait: Duration::ZERO,
            blobs: Some(entity::Blobs::in_memory()),
            ..ApiConfig::default()
        };
        let app = App::new(db.store.clone(), keys.clone(), settings, Metrics::local());
        let told = stop.clone();
        let server = runtime.spawn(api::serve(app, listener, async move { told.cancelled().await }));
        let jobs = match backend {
            Backend::Sqlite => format!("sqlite:{}", db.folder().join("jobs.db").display()),
            Backend::Postgres => db.url.clone(),
        };
        let settings = WorkerConfig {
            test_jobs: true,
            ..WorkerConfig::new(jobs)
        };
        let http = Http::new(&base);
        Self {
            db,
            keys,
            http,
            clock,
            settings,
            stop,
            server: Some(server),
            worker: None,
            runtime,
        }
    }

    /// The database's handle.
    pub fn store(&self) -> &Store {
        &self.db.store
    }

    /// How its worker works.
    pub fn worker_settings(&self) -> &WorkerConfig {
        &self.settings
    }

    /// Runs something of its own runtime.
    pub fn run<T>(&self, what: impl Future<Output = T>) -> T {
        self.runtime.block_on(what)
    }

    /// Lets something go on in its own runtime.
    pub fn spawn(&self, what: impl Future<Output = ()> + Send + 'static) {
        drop(self.runtime.spawn(what));
    }

    /// Numbers and folds every fact and runs every job that is due.
    ///
    /// # Panics
    /// When the database fails.
    pub fn settle(&self) -> Idle {
        self.run(worker::run_until_idle(self.store(), &self.keys, &self.settings))
            .expect("the database works")
    }

    /// Waits until the working side has numbered and folded everything that lies in the inbox, for as long as it moves on.
    ///
    /// # Panics
    /// When it stands still, or the database fails.
    pub fn quiet(&self) {
        let number = |sql| self.run(crate::read::number(self.store(), sql));
        let behind = || number("SELECT (SELECT COUNT(*) FROM inbox) - applied_index FROM sequencer");
        while behind() > 0 {
            let before = number("SELECT applied_index FROM sequencer");
            crate::eventually("the next fact's turn", || {
                (number("SELECT applied_index FROM sequencer") > before || behind() == 0).then_some(())
            });
        }
        // The server looks by itself a few times a second; until then it may give an answer of before.
        self.run(self.store().look_at_tide()).expect("a database");
    }

    /// Lets time pass for the server.
    ///
    /// # Panics
    /// When the world runs by the machine's clock.
    pub fn advance(&self, ms: i64) {
        self.clock.as_ref().expect("a clock that can be moved").advance(ms);
    }

    /// Signs somebody in.
    pub fn sign_in(&self, login: &str, role: &str) -> Staff {
        Staff::sign_in(&self.http, login, role)
    }

    /// A one-stop system with a token.
    pub fn one_stop(&self, key: &str) -> Lgsp {
        Lgsp::sign_in(&self.http, key)
    }

    /// Lets a one-stop client speak as its profile then says; the other properties stay.
    pub fn speak_as(&self, customer_code: &str, properties: serde_json::Value) {
        self.run(province::profile(self.store(), customer_code, properties));
    }

    /// The phone of a member of staff of Tịnh Biên, enrolled by their supervisor. Its clocks start with the server's.
    pub fn phone(&self, supervisor: &Staff, login: &str) -> Phone {
        let phone = Phone::blank(&self.http, self.store().now_ms());
        phone.enrol(&supervisor.code_for(login));
        if self.worker.is_some() {
            self.quiet();
        } else {
            self.settle();
        }
        phone
    }
}

async fn open(backend: Backend, clock: Option<Arc<FixedClock>>) -> TestDb {
    let db = match clock {
        Some(clock) => TestDb::open_with(backend, clock).await,
        None => TestDb::open_with(backend, Arc::new(SystemClock)).await,
    };
    province::found(&db.store).await;
    db
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
        let (server, worker, store) = (self.server.take(), self.worker.take(), self.db.store.clone());
        self.runtime.block_on(async move {
            if let Some(worker) = worker {
                worker.stopped().await;
            }
            if let Some(server) = server {
                // Phones and clients keep idle connections; nothing is at work on them.
                server.abort();
                let _ = server.await;
            }
            store.close().await;
        });
    }
}
