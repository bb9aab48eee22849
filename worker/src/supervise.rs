//! Keeping a task alive: whatever ends it, an error or a panic, it is started again after a growing wait.

use crate::backoff::Backoff;
use crate::error::panicked;
use futures::FutureExt;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What ended a task.
pub(crate) type TaskError = Box<dyn std::error::Error + Send + Sync>;

/// What a worker has done since it started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Tickets that were dealt with, whatever came of them.
    pub tickets: u64,
    /// Tasks that fell over and were started again.
    pub restarts: u64,
}

/// Runs `make(n)`, n counting the starts from 0, until `shutdown`; every other end leads to another start.
///
/// A task that was told to stop must end by itself; this never drops one half-way.
pub(crate) async fn supervise<F, Fut>(
    name: &'static str,
    backoff: Backoff,
    progress: watch::Sender<Progress>,
    shutdown: CancellationToken,
    mut make: F,
) where
    F: FnMut(u64) -> Fut,
    Fut: Future<Output = Result<(), TaskError>>,
{
    let mut failures = 0;
    for start in 0u64.. {
        let began = Instant::now();
        let ended = AssertUnwindSafe(async { make(start).await }).catch_unwind().await;
        if shutdown.is_cancelled() {
            return;
        }
        let why = match ended {
            Ok(Ok(())) => "it ended by itself".to_owned(),
            Ok(Err(error)) => crate::error::told(error.as_ref()),
            Err(payload) => panicked(payload.as_ref()),
        };
        // A task that worked for a while starts its count anew.
        failures = if began.elapsed() > backoff.longest {
            1
        } else {
            failures + 1
        };
        let wait = backoff.after(failures);
        metrics::counter!("traotay_task_restarts_total", "task" => name).increment(1);
        progress.send_modify(|progress| progress.restarts += 1);
        tracing::warn!(task = name, why, ?wait, "a task ended and is started again");
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = shutdown.cancelled() => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Progress, supervise};
    use crate::backoff::Backoff;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;
    use tokio::sync::watch;
    use tokio_util::sync::CancellationToken;

    const SOON: Backoff = Backoff {
        first: Duration::from_millis(1),
        longest: Duration::from_millis(1),
    };

    #[tokio::test]
    async fn a_task_is_started_again_after_an_error_a_panic_and_a_quiet_end() {
        let (shutdown, starts) = (CancellationToken::new(), Arc::new(AtomicU64::new(0)));
        let progress = watch::Sender::new(Progress::default());
        supervise("test", SOON, progress.clone(), shutdown.clone(), |n| {
            let (shutdown, starts) = (shutdown.clone(), starts.clone());
            async move {
                starts.fetch_add(1, Ordering::SeqCst);
                match n {
                    0 => Err("the database is away".into()),
                    1 => panic!("a bug"),
                    2 => Ok(()),
                    _ => {
                        shutdown.cancel();
                        Ok(())
                    }
                }
            }
        })
        .await;
        assert_eq!(starts.load(Ordering::SeqCst), 4);
        assert_eq!(progress.borrow().restarts, 3);
    }

    #[tokio::test]
    async fn a_task_that_stops_on_request_is_left_alone() {
        let shutdown = CancellationToken::new();
        shutdown.cancel();
        supervise("test", SOON, watch::Sender::default(), shutdown, |n| async move {
            assert_eq!(n, 0, "started twice");
            Ok(())
        })
        .await;
    }
}
