//! The worker on a leash: everything that waits is done now, in order, in this task, without apalis and without waiting.

use crate::config::WorkerConfig;
use crate::kind::Kind;
use crate::run::{Outcome, Runner};
use entity::project::Projector;
use entity::sequencer::Leader;
use entity::{ServerKeys, Store, StoreError, outbox};
use std::collections::HashSet;
use std::time::Duration;

/// Due rows looked at in one go.
const LIST: u64 = 500;

/// How long to wait for a leader that is going or gone.
const PATIENCE: Duration = Duration::from_secs(3);

/// What was done until nothing was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Idle {
    /// Facts that got a number.
    pub sequenced: u64,
    /// Facts that were folded.
    pub applied: u64,
    /// Jobs that ended well.
    pub done: u64,
    /// Runs that failed and will be tried again when they are due.
    pub failed: u64,
    /// Jobs that were given up.
    pub given_up: u64,
}

/// Numbers and folds every fact and runs every job that is due by the store's clock, until nothing is left to do now. A job
/// whose next run lies in the future is left for the future.
///
/// Takes the lead, so a worker that runs beside it is fenced and has to take it back; facts stay unnumbered while another
/// process leads on PostgreSQL.
///
/// # Errors
/// When the database fails.
pub async fn run_until_idle(store: &Store, keys: &ServerKeys, config: &WorkerConfig) -> Result<Idle, StoreError> {
    let runner = Runner::new(store.clone(), keys.clone(), config.clone());
    let mut leader = Leader::take_within(store, Projector::new(keys), PATIENCE).await?;
    let (mut total, mut passed_by) = (Idle::default(), HashSet::new());
    loop {
        let mut is_idle = true;
        if let Some(leader) = &mut leader {
            let progress = leader.drain().await?;
            total.sequenced += progress.sequenced;
            total.applied += progress.applied;
            is_idle &= progress.is_idle();
        }
        for (id, kind) in outbox::due(store, LIST).await? {
            let known = Kind::parse(&kind).is_some_and(|kind| Kind::enabled(config.test_jobs).any(|one| one == kind));
            if !known || passed_by.contains(&id) {
                continue;
            }
            is_idle = false;
            match runner.run(id).await? {
                Outcome::Done => total.done += 1,
                Outcome::Failed => total.failed += 1,
                Outcome::GivenUp => total.given_up += 1,
                Outcome::Nothing => {
                    // Somebody else has it.
                    passed_by.insert(id);
                }
            }
        }
        if is_idle {
            return Ok(total);
        }
    }
}
