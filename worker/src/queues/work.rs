//! One life of an apalis worker, from a fresh name to its end. The supervisor begins the next one.

use super::{Bell, Ticket, Tickets};
use crate::config::WorkerConfig;
use crate::kind::Kind;
use crate::relay::Pending;
use crate::run::Runner;
use crate::supervise::{Progress, TaskError};
use apalis::prelude::{BackendExt, BoxDynError, Data, Strategy, WorkerBuilder, WorkerBuilderExt, WorkerContext};
use apalis_postgres::PostgresStorage;
use apalis_sqlite::SqliteStorage;
use futures::FutureExt;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

/// Heartbeats a worker may miss before its tickets are given to others.
const MISSED: usize = 3;

/// What a worker does with a ticket.
#[derive(Debug, Clone)]
pub(crate) struct Hand {
    pub(crate) runner: Runner,
    pub(crate) running: TaskTracker,
    pub(crate) pending: Pending,
    pub(crate) progress: watch::Sender<Progress>,
    pub(crate) shutdown: CancellationToken,
}

impl Hand {
    /// Runs the row in a task of its own: apalis drops what it runs when its own store fails, and a job that was claimed
    /// must end properly all the same.
    async fn take(&self, id: Uuid) {
        if self.shutdown.is_cancelled() {
            return;
        }
        let (runner, pending, progress) = (self.runner.clone(), self.pending.clone(), self.progress.clone());
        let run = self.running.spawn(async move {
            let outcome = runner.run(id).await;
            pending.forget(id);
            progress.send_modify(|progress| progress.tickets += 1);
            outcome
        });
        match run.await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                tracing::warn!(%id, why = crate::error::told(&error), "a job could not be claimed or ended");
            }
            Err(error) => tracing::error!(%id, %error, "a runner fell over"),
        }
    }
}

async fn handle(ticket: Ticket, hand: Data<Hand>) -> Result<(), BoxDynError> {
    // Always well: whether the job succeeded is between the runner and the outbox row, and apalis must not retry.
    hand.take(ticket.outbox).await;
    Ok(())
}

/// Runs a worker under this name until it is told to stop or its store fails.
pub(crate) async fn work(
    kind: Kind,
    name: String,
    tickets: &Tickets,
    config: &WorkerConfig,
    bell: Bell,
    hand: Hand,
) -> Result<(), TaskError> {
    let at_once = match kind {
        Kind::Assign => config.assign_at_once.get(),
        Kind::Notify | Kind::Code => config.notify_at_once.get(),
        Kind::Sweep | Kind::Purge | Kind::Recount | Kind::Checkpoint | Kind::Poison => 1,
    };
    let strategy = Strategy::new().apply(bell).interval(config.queue_poll);
    let (context, shutdown) = (WorkerContext::new(&name), hand.shutdown.clone());
    // The two storages are different types, so the same worker is spelled out twice.
    let mut run = match tickets {
        Tickets::Sqlite(pool) => {
            let settings = apalis_sqlite::Config::default()
                .queue(kind.as_str())
                // More, and a full buffer would keep heartbeats and acknowledgements waiting.
                .batch_size(1)
                .heartbeat_interval(config.heartbeat)
                .missed_heartbeats(MISSED);
            let backend = SqliteStorage::<Ticket>::new(pool)
                .with_config(settings)
                .poll_with_strategy(strategy);
            let worker = WorkerBuilder::new(context.clone())
                .backend(backend)
                .data(hand)
                .concurrency(at_once);
            worker.build(handle).run().boxed()
        }
        Tickets::Postgres(pool) => {
            let settings = apalis_postgres::Config::default()
                .queue(kind.as_str())
                .batch_size(1)
                .heartbeat_interval(config.heartbeat)
                .missed_heartbeats(MISSED);
            let backend = PostgresStorage::<Ticket>::new(pool)
                .with_config(settings)
                .poll_with_strategy(strategy);
            let worker = WorkerBuilder::new(context.clone())
                .backend(backend)
                .data(hand)
                .concurrency(at_once);
            worker.build(handle).run().boxed()
        }
    };
    tracing::debug!(name, "a worker starts");
    tokio::select! {
        ended = &mut run => ended?,
        () = shutdown.cancelled() => {
            // A worker that has started finishes what it has in hand and says so to its store; another one is dropped.
            if context.stop().is_ok() {
                run.await?;
            }
        }
    }
    Ok(())
}
