//! What every handler may use.

use crate::ApiConfig;
use crate::answers::Answers;
use crate::auth::token::Tokens;
use crate::auth::{Attempts, ClientRights};
use crate::calendars::Calendars;
use crate::layer::{Admission, Crowd};
use crate::metrics::Metrics;
use crate::province::Provinces;
use crate::rates::Rates;
use domain::ids::{DossierId, StaffId};
use entity::repo::staff::Role;
use entity::{ServerKeys, Store};
use quick_cache::sync::Cache;
use std::ops::Deref;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// The state of the service. Cheap to clone: every layer and every handler of a request takes one.
#[derive(Clone, Debug)]
pub struct App(Arc<Parts>);

/// Who looked, as what, into which dossier, at what of it, for which purpose.
type Look = (StaffId, Role, Option<DossierId>, &'static str, &'static str);

/// What the state is made of.
#[derive(Debug)]
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The server's keys.
    pub keys: ServerKeys,
    /// Limits and names.
    pub config: ApiConfig,
    /// Where measurements go and come from.
    pub metrics: Metrics,
    pub(crate) answers: Answers,
    pub(crate) calendars: Calendars,
    pub(crate) provinces: Provinces,
    pub(crate) client_rights: ClientRights,
    pub(crate) attempts: Attempts,
    pub(crate) looks: Cache<Look, i64>,
    pub(crate) tokens: Tokens,
    pub(crate) rates: Rates,
    pub(crate) admission: Admission,
    pub(crate) crowd: Crowd,
    pub(crate) password_checks: Arc<Semaphore>,
    pub(crate) report_places: Arc<Semaphore>,
    pub(crate) seats: Arc<Semaphore>,
    /// The server is asked to stop: whoever watches is shown out.
    pub(crate) leaving: CancellationToken,
}

impl App {
    /// Puts the service together.
    pub fn new(store: Store, keys: ServerKeys, config: ApiConfig, metrics: Metrics) -> Self {
        Self(Arc::new(Parts {
            answers: Answers::new(&config),
            calendars: Calendars::default(),
            provinces: Provinces::default(),
            client_rights: ClientRights::default(),
            attempts: Attempts::default(),
            looks: Cache::new(config.looks),
            tokens: Tokens::new(&keys.tokens),
            rates: Rates::new(config.counted_callers),
            admission: Admission::new(config.max_requests, config.deposit_reserve),
            crowd: Crowd::new(config.requests_per_client),
            password_checks: Arc::new(Semaphore::new(config.password_checks)),
            report_places: Arc::new(Semaphore::new(config.reports_at_once)),
            seats: Arc::new(Semaphore::new(config.watchers)),
            leaving: CancellationToken::new(),
            store,
            keys,
            config,
            metrics,
        }))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
