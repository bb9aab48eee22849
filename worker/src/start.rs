//! Starting everything that happens by itself, and stopping it again.

use crate::backoff::Backoff;
use crate::config::WorkerConfig;
use crate::kind::Kind;
use crate::queues::{Bell, Hand, TicketError, Tickets, work};
use crate::relay::{self, Pending};
use crate::run::Runner;
use crate::schedule;
use crate::sequence;
use crate::supervise::{Progress, supervise};
use entity::{ServerKeys, Store, clock};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The worker could not start.
#[derive(Debug, thiserror::Error)]
#[error("the worker cannot use {url}")]
pub struct StartError {
    url: String,
    #[source]
    source: TicketError,
}

/// A running worker.
#[derive(Debug)]
pub struct WorkerHandle {
    tasks: TaskTracker,
    running: TaskTracker,
    tickets: Tickets,
    config: Arc<WorkerConfig>,
    progress: watch::Sender<Progress>,
    shutdown: CancellationToken,
}

/// Starts the sequencer, the relay, the schedule and a worker for each kind of job. From here on nothing but `shutdown` ends
/// them: what falls over is started again.
///
/// # Errors
/// When apalis' store cannot be opened now. The main store is open already; when either goes away later it is waited for.
pub async fn start(
    store: Store,
    keys: ServerKeys,
    config: WorkerConfig,
    shutdown: CancellationToken,
) -> Result<WorkerHandle, StartError> {
    let tickets = Tickets::open(&config).await.map_err(|source| StartError {
        url: address(&config),
        source,
    })?;
    let backoff = Backoff {
        first: config.restart_first,
        longest: config.restart_longest,
    };
    let runner = Runner::with_tickets(store.clone(), keys.clone(), config.clone(), Some(tickets.clone()));
    let config = runner.room.config.clone();
    let (tasks, running, pending) = (TaskTracker::new(), TaskTracker::new(), Pending::default());
    let progress = watch::Sender::new(Progress::default());
    let bells: HashMap<Kind, Bell> = Kind::enabled(config.test_jobs)
        .map(|kind| (kind, Bell::default()))
        .collect();
    let boot = clock::new_id().simple().to_string();

    {
        let (store, config, shutdown) = (store.clone(), config.clone(), shutdown.clone());
        let progress = progress.clone();
        tasks.spawn(async move {
            let once = |_| sequence::run(&store, &keys, &config, &shutdown);
            supervise("sequencer", backoff, progress, shutdown.clone(), once).await;
        });
    }
    {
        let (store, config, shutdown) = (store.clone(), config.clone(), shutdown.clone());
        let progress = progress.clone();
        let (tickets, pending, bells) = (tickets.clone(), pending.clone(), bells.clone());
        tasks.spawn(async move {
            let once = |_| relay::run(&store, &config, &tickets, &pending, &bells, &shutdown);
            supervise("relay", backoff, progress, shutdown.clone(), once).await;
        });
    }
    for line in config.schedule {
        let (store, progress, shutdown) = (store.clone(), progress.clone(), shutdown.clone());
        tasks.spawn(async move {
            let once = |_| schedule::run(*line, &store, &shutdown);
            supervise("schedule", backoff, progress, shutdown.clone(), once).await;
        });
    }
    for (kind, bell) in bells {
        let hand = Hand {
            runner: runner.clone(),
            running: running.clone(),
            pending: pending.clone(),
            progress: progress.clone(),
            shutdown: shutdown.clone(),
        };
        let progress = progress.clone();
        let (tickets, config, shutdown, boot) = (tickets.clone(), config.clone(), shutdown.clone(), boot.clone());
        tasks.spawn(async move {
            let once = |start| {
                // Never the same name twice: a worker that died under it may still own tickets.
                let name = format!("{}-{}-{boot}-{start}", kind.as_str(), config.host);
                work(kind, name, &tickets, &config, bell.clone(), hand.clone())
            };
            supervise(kind.as_str(), backoff, progress, shutdown.clone(), once).await;
        });
    }
    Ok(WorkerHandle {
        tasks,
        running,
        tickets,
        config,
        progress,
        shutdown,
    })
}

/// The address without what could be a password.
fn address(config: &WorkerConfig) -> String {
    let url = &config.jobs_url;
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) => format!("{}://…{}", &url[..scheme], &url[at..]),
        _ => url.clone(),
    }
}

impl WorkerHandle {
    /// What has been done since the start, to look at or to wait for.
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// Waits for the shutdown, then for every task and every job that is running, and closes apalis' store. Jobs that take
    /// longer than they may are left to their lease.
    pub async fn stopped(self) {
        self.shutdown.cancelled().await;
        let ended = tokio::time::timeout(self.config.stop_within, async {
            self.tasks.close();
            self.tasks.wait().await;
            self.running.close();
            self.running.wait().await;
        })
        .await;
        if ended.is_err() {
            tracing::warn!("the worker stops although something still runs; its lease gives it to the next one");
        }
        self.tickets.close().await;
    }
}
