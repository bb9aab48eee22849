//! The task that numbers and folds facts while this process leads.

use crate::config::WorkerConfig;
use crate::supervise::TaskError;
use entity::project::Projector;
use entity::sequencer::Leader;
use entity::{ServerKeys, Store, StoreError};
use tokio_util::sync::CancellationToken;

/// Competes for the lead and works while it has it. Ends only on request or with an error; the caller starts it again.
pub(crate) async fn run(
    store: &Store,
    keys: &ServerKeys,
    config: &WorkerConfig,
    shutdown: &CancellationToken,
) -> Result<(), TaskError> {
    while !shutdown.is_cancelled() {
        if let Some(leader) = Leader::try_take(store, Projector::new(keys)).await? {
            tracing::info!("this process leads the sequencer");
            metrics::gauge!("traotay_sequencer_leads").set(1);
            let ended = lead(leader, store, config, shutdown).await;
            metrics::gauge!("traotay_sequencer_leads").set(0);
            match ended {
                Err(StoreError::Fenced) => tracing::warn!("another process took the lead"),
                other => other?,
            }
        }
        tokio::select! {
            () = tokio::time::sleep(config.lead_retry) => {}
            () = shutdown.cancelled() => {}
        }
    }
    Ok(())
}

async fn lead(
    mut leader: Leader,
    store: &Store,
    config: &WorkerConfig,
    shutdown: &CancellationToken,
) -> Result<(), StoreError> {
    while !shutdown.is_cancelled() {
        let progress = leader.step().await?;
        metrics::counter!("traotay_facts_sequenced_total").increment(progress.sequenced);
        metrics::counter!("traotay_facts_applied_total").increment(progress.applied);
        if progress.is_idle() {
            tokio::select! {
                () = store.deposited().notified() => {}
                () = tokio::time::sleep(config.sequencer_poll) => {}
                () = shutdown.cancelled() => {}
            }
        }
    }
    Ok(())
}
