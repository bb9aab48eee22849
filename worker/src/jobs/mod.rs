//! The jobs, one file each. A job thinks first, reading what it likes, and returns its [`Effect`] as data; the runner writes
//! the effect and the end of the row in one transaction. So a job is safe to run twice: whoever ends the row first wins.

mod assign;
mod checkpoint;
mod code;
mod notify;
mod places;
mod poison;
mod purge;
mod recount;
mod sweep;
mod watch;

use crate::config::WorkerConfig;
use crate::error::JobError;
use crate::kind::Kind;
use crate::queues::Tickets;
use entity::outbox::Claim;
use entity::repo::Tx;
use entity::{ServerKeys, Store};
use places::Places;
use std::sync::Arc;

/// What a job may use.
#[derive(Debug, Clone)]
pub(crate) struct Room {
    pub(crate) store: Store,
    pub(crate) keys: ServerKeys,
    pub(crate) config: Arc<WorkerConfig>,
    /// Where apalis keeps tickets; absent when jobs run without it.
    pub(crate) tickets: Option<Tickets>,
    pub(crate) places: Places,
}

impl Room {
    pub(crate) fn new(store: Store, keys: ServerKeys, config: WorkerConfig, tickets: Option<Tickets>) -> Self {
        Self {
            store,
            keys,
            config: Arc::new(config),
            tickets,
            places: Places::default(),
        }
    }
}

/// What a job wants written.
#[derive(Debug)]
pub(crate) enum Effect {
    /// Nothing is left to do.
    Nothing,
    /// Its time has not come.
    Later {
        /// When it will have, milliseconds UTC.
        until_ms: i64,
    },
    /// See [`assign`].
    Assign(assign::Effect),
    /// See [`notify`].
    Notify(notify::Effect),
    /// See [`code`].
    Code(code::Effect),
    /// See [`sweep`].
    Sweep(sweep::Effect),
    /// See [`purge`].
    Purge(purge::Effect),
    /// See [`recount`].
    Recount(recount::Effect),
    /// See [`checkpoint`].
    Checkpoint(checkpoint::Effect),
}

/// Whom a committed effect gives something to do.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wakes {
    /// It put facts into the inbox.
    pub(crate) sequencer: bool,
    /// It put rows into the outbox.
    pub(crate) relay: bool,
}

/// Decides what a claimed job has to write. Writes nothing itself.
pub(crate) async fn think(room: &Room, kind: Kind, claim: &Claim) -> Result<Effect, JobError> {
    match kind {
        Kind::Assign => assign::think(room, claim).await,
        Kind::Notify => notify::think(claim).map(Effect::Notify),
        Kind::Code => code::think(room, claim).await,
        Kind::Sweep => sweep::think(room).await.map(Effect::Sweep),
        Kind::Purge => purge::think(room).await.map(Effect::Purge),
        Kind::Recount => recount::think(room, claim).await.map(Effect::Recount),
        Kind::Checkpoint => checkpoint::think(room).await.map(Effect::Checkpoint),
        Kind::Poison if room.config.test_jobs => poison::think(claim).await,
        Kind::Poison => Err(JobError::GiveUp("test jobs are not allowed here".to_owned())),
    }
}

impl Effect {
    /// Writes the effect into the transaction that ends the row.
    pub(crate) async fn write(self, tx: &Tx, room: &Room, now_ms: i64) -> Result<(), JobError> {
        match self {
            Self::Nothing | Self::Later { .. } => Ok(()),
            Self::Assign(effect) => assign::write(effect, tx, room, now_ms).await,
            Self::Notify(effect) => notify::write(effect, tx, now_ms).await,
            Self::Code(effect) => code::write(effect, tx, now_ms).await,
            Self::Sweep(effect) => sweep::write(effect, tx, room, now_ms).await,
            Self::Purge(effect) => purge::write(effect, tx, now_ms).await,
            Self::Recount(effect) => recount::write(effect, tx, room, now_ms).await,
            Self::Checkpoint(effect) => checkpoint::write(effect, tx, now_ms).await,
        }
    }

    /// Whom to wake after the commit.
    pub(crate) fn wakes(&self) -> Wakes {
        match self {
            Self::Assign(effect) => Wakes {
                sequencer: effect.is_decision(),
                relay: false,
            },
            Self::Sweep(effect) => Wakes {
                sequencer: effect.has_facts(),
                relay: effect.has_jobs(),
            },
            Self::Recount(effect) => Wakes {
                sequencer: effect.has_facts(),
                relay: effect.has_jobs(),
            },
            Self::Nothing
            | Self::Later { .. }
            | Self::Notify(_)
            | Self::Code(_)
            | Self::Purge(_)
            | Self::Checkpoint(_) => Wakes::default(),
        }
    }
}
