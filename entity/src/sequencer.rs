//! Gives every fact its number, in commit order, from one leader.
//!
//! Readers of a feed that is ordered by an identity column miss rows that commit late; here a number is given only to rows
//! that are already committed, by one process at a time. Leadership is a PostgreSQL advisory lock on a connection of its own
//! (on SQLite the process lock of the store) and, because a lock can be lost without its holder noticing, a fencing epoch
//! that every writing transaction checks first.

use crate::StoreError;
use crate::project::Projector;
use crate::store::Store;
use crate::table::{inbox, sequencer};
use crate::tlog::integrate::{integrate, is_behind};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter, QuerySelect, Statement,
};
use sqlx::Connection;
use std::time::Duration;

/// The advisory lock every process of one installation competes for ("trao" in ASCII).
const LOCK: i64 = 0x7472_616f;

/// The right to number and fold facts, for as long as nobody else takes it.
#[derive(Debug)]
pub struct Leader {
    store: Store,
    projector: Projector,
    epoch: i64,
    guard: Option<sqlx::PgConnection>,
}

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Facts that got a number.
    pub sequenced: u64,
    /// Facts that were folded.
    pub applied: u64,
    /// Facts that got their leaf in the public log.
    pub logged: u64,
}

impl Progress {
    /// Nothing was waiting.
    pub fn is_idle(self) -> bool {
        self == Self::default()
    }
}

impl Leader {
    /// Tries to become the leader; `None` while another process leads.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn try_take(store: &Store, projector: Projector) -> Result<Option<Self>, StoreError> {
        Self::take_within(store, projector, Duration::ZERO).await
    }

    /// Tries to become the leader for so long: PostgreSQL may notice a little late that the connection of the last one is
    /// gone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_within(
        store: &Store,
        projector: Projector,
        patience: Duration,
    ) -> Result<Option<Self>, StoreError> {
        let guard = match store.backend() {
            DbBackend::Postgres => match lock(store, patience).await.map_err(|error| database(&error))? {
                Some(connection) => Some(connection),
                None => return Ok(None),
            },
            _ => None,
        };
        let epoch = store
            .write(|tx| {
                Box::pin(async move {
                    sequencer::Entity::update_many()
                        .col_expr(sequencer::Column::Epoch, Expr::col(sequencer::Column::Epoch).add(1))
                        .exec(tx)
                        .await?;
                    Ok::<_, StoreError>(state(tx).await?.epoch)
                })
            })
            .await?;
        Ok(Some(Self {
            store: store.clone(),
            projector,
            epoch,
            guard,
        }))
    }

    /// Numbers one batch of waiting facts, folds one batch of numbered ones, and gives one batch its leaves in the public log.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when another process has taken the lead, or whatever the database says. Either way nothing was
    /// half done and the caller may take the lead again.
    pub async fn step(&mut self) -> Result<Progress, StoreError> {
        if let Some(guard) = &mut self.guard {
            guard.ping().await.map_err(|error| database(&error))?;
        }
        if !is_waiting(&self.store).await? {
            return Ok(Progress::default());
        }
        let (epoch, batch) = (self.epoch, self.store.settings().batch);
        let sequenced = self
            .store
            .write(move |tx| Box::pin(async move { sequence(tx, epoch, batch).await }))
            .await?;
        let applied = self.projector.step(&self.store, epoch).await?;
        let logged = integrate(&self.store, epoch, batch).await?;
        Ok(Progress {
            sequenced,
            applied,
            logged,
        })
    }

    /// Gives the lead up at once, so that another process need not wait for the database to notice.
    ///
    /// # Errors
    /// When the database cannot be told; it will notice by itself.
    pub async fn step_down(self) -> Result<(), StoreError> {
        match self.guard {
            Some(guard) => guard.close().await.map_err(|error| database(&error)),
            None => Ok(()),
        }
    }

    /// Steps until nothing is waiting.
    ///
    /// # Errors
    /// As [`Leader::step`].
    pub async fn drain(&mut self) -> Result<Progress, StoreError> {
        let mut total = Progress::default();
        loop {
            let step = self.step().await?;
            if step.is_idle() {
                return Ok(total);
            }
            total.sequenced += step.sequenced;
            total.applied += step.applied;
            total.logged += step.logged;
        }
    }
}

/// The connection that holds the lock, unless another one keeps it for longer than this.
async fn lock(store: &Store, patience: Duration) -> Result<Option<sqlx::PgConnection>, sqlx::Error> {
    /// "lock not available": the patience is at its end.
    const TOO_LONG: &str = "55P03";
    let mut connection = sqlx::PgConnection::connect(store.url()).await?;
    let taken: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
        .bind(LOCK)
        .fetch_one(&mut connection)
        .await?;
    if taken {
        return Ok(Some(connection));
    }
    if patience.is_zero() {
        return Ok(None);
    }
    sqlx::query("SELECT set_config('lock_timeout', $1, false)")
        .bind(patience.as_millis().max(1).to_string())
        .execute(&mut connection)
        .await?;
    let waited = sqlx::query("SELECT pg_advisory_lock($1)")
        .bind(LOCK)
        .execute(&mut connection)
        .await;
    match waited {
        Ok(_) => Ok(Some(connection)),
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(TOO_LONG) => Ok(None),
        Err(error) => Err(error),
    }
}

fn database(error: &sqlx::Error) -> StoreError {
    StoreError::Database(sea_orm::DbErr::Custom(error.to_string()))
}

/// The sequencer's row.
pub(crate) async fn state(db: &impl ConnectionTrait) -> Result<sequencer::Model, StoreError> {
    sequencer::Entity::find_by_id(1)
        .one(db)
        .await?
        .ok_or_else(|| StoreError::corrupt("sequencer", 1, "the only row is missing"))
}

/// Holds the row and checks that `epoch` still leads.
pub(crate) async fn hold(tx: &DatabaseTransaction, epoch: i64) -> Result<sequencer::Model, StoreError> {
    // An update that changes nothing takes the row lock on PostgreSQL; SQLite has one writer anyway.
    let held = sequencer::Entity::update_many()
        .col_expr(sequencer::Column::Epoch, Expr::value(epoch))
        .filter(sequencer::Column::Id.eq(1))
        .filter(sequencer::Column::Epoch.eq(epoch))
        .exec(tx)
        .await?;
    if held.rows_affected != 1 {
        return Err(StoreError::Fenced);
    }
    state(tx).await
}

/// Whether there is anything to number or fold: two reads, so that an idle leader writes nothing.
async fn is_waiting(store: &Store) -> Result<bool, StoreError> {
    let row = state(store.read()).await?;
    if row.applied_index < row.last_index || is_behind(store.read(), row.last_index).await? {
        return Ok(true);
    }
    let waiting = inbox::Entity::find()
        .select_only()
        .column(inbox::Column::ReceivedAt)
        .filter(inbox::Column::LogIndex.is_null())
        .limit(1)
        .into_tuple::<i64>()
        .one(store.read())
        .await?;
    Ok(waiting.is_some())
}

async fn sequence(tx: &DatabaseTransaction, epoch: i64, batch: u64) -> Result<u64, StoreError> {
    let row = hold(tx, epoch).await?;
    let numbered = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "WITH waiting AS ( \
               SELECT event_id, row_number() OVER (ORDER BY received_at, place, event_id) AS n \
               FROM inbox WHERE log_index IS NULL ORDER BY received_at, place, event_id LIMIT $1) \
             UPDATE inbox SET log_index = $2 + waiting.n FROM waiting WHERE inbox.event_id = waiting.event_id",
            [i64::try_from(batch).unwrap_or(i64::MAX).into(), row.last_index.into()],
        ))
        .await?
        .rows_affected();
    if numbered > 0 {
        let last = row.last_index + i64::try_from(numbered).map_err(|e| StoreError::corrupt("inbox", "batch", e))?;
        sequencer::Entity::update_many()
            .col_expr(sequencer::Column::LastIndex, Expr::value(last))
            .exec(tx)
            .await?;
    }
    Ok(numbered)
}
