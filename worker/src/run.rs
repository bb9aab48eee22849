//! One job from claim to end: count the attempt, think with a time limit, write the effect and the end in one transaction.

use crate::backoff::Backoff;
use crate::config::WorkerConfig;
use crate::error::{JobError, panicked};
use crate::jobs::{self, Effect, Room};
use crate::kind::Kind;
use crate::queues::Tickets;
use entity::outbox::{self, Claim, Claimed, MAX_ATTEMPTS};
use entity::{ServerKeys, Store, StoreError};
use futures::FutureExt;
use opentelemetry::trace::{Span, SpanKind, Status, Tracer};
use opentelemetry::{KeyValue, global};
use std::panic::AssertUnwindSafe;
use uuid::Uuid;

/// Runs jobs of the outbox by their ids. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Runner {
    pub(crate) room: Room,
    backoff: Backoff,
}

/// What became of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The effect and the end of the row are on disk.
    Done,
    /// It failed and will be tried again.
    Failed,
    /// It failed and was given up; it is on the dead-letter list now.
    GivenUp,
    /// There was nothing to run: done, not due, in other hands, or of a kind this process does not know.
    Nothing,
}

/// A span for those who collect traces; nothing otherwise.
fn begin(claim: &Claim) -> global::BoxedSpan {
    let tracer = global::tracer("traotay");
    let attributes = [
        KeyValue::new("job.kind", claim.kind.clone()),
        KeyValue::new("outbox.id", claim.id.to_string()),
        KeyValue::new("attempt", claim.attempt),
    ];
    let span = tracer.span_builder(format!("job {}", claim.kind));
    tracer.build(span.with_kind(SpanKind::Consumer).with_attributes(attributes))
}

impl Runner {
    /// A runner without apalis: for tests and the command line.
    pub fn new(store: Store, keys: ServerKeys, config: WorkerConfig) -> Self {
        Self::with_tickets(store, keys, config, None)
    }

    pub(crate) fn with_tickets(store: Store, keys: ServerKeys, config: WorkerConfig, tickets: Option<Tickets>) -> Self {
        let backoff = Backoff {
            first: config.retry_first,
            longest: config.retry_longest,
        };
        Self {
            room: Room::new(store, keys, config, tickets),
            backoff,
        }
    }

    /// Claims the row and runs its job.
    ///
    /// # Errors
    /// When the database fails; the row stays as it is and is claimable again after its lease.
    pub async fn run(&self, id: Uuid) -> Result<Outcome, StoreError> {
        let store = &self.room.store;
        let claim = match outbox::claim(store, id).await? {
            Claimed::Run(claim) => claim,
            Claimed::Nothing => return Ok(Outcome::Nothing),
            Claimed::GivenUp => {
                tracing::error!(%id, "a job ended its process too often and was given up");
                metrics::counter!("traotay_jobs_dead_total").increment(1);
                return Ok(Outcome::GivenUp);
            }
        };
        let mut span = begin(&claim);
        let attempted = self.attempt(&claim).await;
        if attempted.is_err() {
            span.set_status(Status::error(""));
        }
        span.end();
        let error = match attempted {
            Ok(()) => {
                metrics::counter!("traotay_jobs_total", "kind" => claim.kind, "outcome" => "done").increment(1);
                return Ok(Outcome::Done);
            }
            Err(error) => error,
        };
        self.failed(&claim, error).await
    }

    async fn attempt(&self, claim: &Claim) -> Result<(), JobError> {
        let kind =
            Kind::parse(&claim.kind).ok_or_else(|| JobError::GiveUp(format!("no job is called {}", claim.kind)))?;
        let thinking = AssertUnwindSafe(jobs::think(&self.room, kind, claim)).catch_unwind();
        let effect = match tokio::time::timeout(self.room.config.job_timeout, thinking).await {
            Err(_) => return Err(JobError::Retry("timed out".to_owned())),
            Ok(Err(payload)) => return Err(JobError::Retry(panicked(payload.as_ref()))),
            Ok(Ok(thought)) => thought?,
        };
        self.write(claim.clone(), effect).await
    }

    /// The effect and the end of the row, both or neither. The write cannot be cancelled from outside, so it is not under
    /// the time limit of the thinking; the store has its own.
    async fn write(&self, claim: Claim, effect: Effect) -> Result<(), JobError> {
        let room = self.room.clone();
        let wakes = effect.wakes();
        let store = self.room.store.clone();
        store
            .write(move |tx| {
                Box::pin(async move {
                    let now = room.store.now_ms();
                    // The row first: on PostgreSQL its lock makes a rival wait until this effect is decided.
                    let is_ours = match &effect {
                        Effect::Later { until_ms } => outbox::postpone(tx, &claim, *until_ms).await?,
                        Effect::Nothing
                        | Effect::Assign(_)
                        | Effect::Notify(_)
                        | Effect::Code(_)
                        | Effect::Sweep(_)
                        | Effect::Purge(_)
                        | Effect::Recount(_)
                        | Effect::Checkpoint(_) => outbox::done(tx, &claim, now).await?,
                    };
                    if !is_ours {
                        return Err(JobError::LeaseLost);
                    }
                    effect.write(tx, &room, now).await
                })
            })
            .await?;
        // Only after the commit is there something to look at.
        if wakes.sequencer {
            store.deposited().notify_one();
        }
        if wakes.relay {
            store.jobs().notify_one();
        }
        Ok(())
    }

    async fn failed(&self, claim: &Claim, error: JobError) -> Result<Outcome, StoreError> {
        let retry_in = match &error {
            JobError::LeaseLost => {
                tracing::warn!(id = %claim.id, kind = claim.kind, "a job outlived its lease; its effect was rolled back");
                return Ok(Outcome::Nothing);
            }
            JobError::Retry(_) if claim.attempt < MAX_ATTEMPTS => {
                let wait = self.backoff.after(u64::try_from(claim.attempt).unwrap_or(1));
                Some(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX / 2))
            }
            JobError::Retry(_) | JobError::GiveUp(_) => None,
        };
        let why = error.to_string();
        outbox::failed(&self.room.store, claim, why.clone(), retry_in).await?;
        let (id, kind, attempt) = (claim.id, claim.kind.clone(), claim.attempt);
        if retry_in.is_some() {
            tracing::warn!(%id, kind, attempt, why, "a job failed and will be tried again");
            metrics::counter!("traotay_jobs_total", "kind" => kind, "outcome" => "failed").increment(1);
            return Ok(Outcome::Failed);
        }
        tracing::error!(%id, kind, attempt, why, "a job was given up");
        metrics::counter!("traotay_jobs_total", "kind" => kind, "outcome" => "dead").increment(1);
        metrics::counter!("traotay_jobs_dead_total").increment(1);
        Ok(Outcome::GivenUp)
    }
}
