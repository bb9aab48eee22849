//! How an installation is: what waits, since when, what a person has to look at, and what time the database says it is.

use crate::StoreError;
use crate::table::{inbox, outbox, quarantine, sequencer, unreadable_deposit};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Statement,
};

/// What waits and what is wrong, as counts and one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Facts that have no number yet.
    pub facts_waiting: u64,
    /// Facts that have a number and are not folded yet.
    pub facts_unfolded: u64,
    /// Jobs that are to run or run.
    pub jobs_open: u64,
    /// When the longest waiting job that is due should have run, in milliseconds UTC.
    pub job_due_since_ms: Option<i64>,
    /// Jobs that were given up.
    pub jobs_dead: u64,
    /// Facts that are kept and not believed.
    pub quarantined: u64,
    /// Deposits nobody could read.
    pub unreadable_deposits: u64,
}

/// Counts.
///
/// # Errors
/// When the database fails.
pub async fn figures(db: &impl ConnectionTrait, now_ms: i64) -> Result<Figures, StoreError> {
    let folded = sequencer::Entity::find_by_id(1).one(db).await?;
    let open = || outbox::Entity::find().filter(outbox::Column::State.is_in(["ready", "running"]));
    let due: Option<i64> = outbox::Entity::find()
        .filter(outbox::Column::State.eq("ready"))
        .filter(outbox::Column::NextRunAt.lte(now_ms))
        .order_by_asc(outbox::Column::NextRunAt)
        .select_only()
        .column(outbox::Column::NextRunAt)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(Figures {
        facts_waiting: inbox::Entity::find()
            .filter(inbox::Column::LogIndex.is_null())
            .count(db)
            .await?,
        facts_unfolded: folded.map_or(0, |row| u64::try_from(row.last_index - row.applied_index).unwrap_or(0)),
        jobs_open: open().count(db).await?,
        job_due_since_ms: due,
        jobs_dead: outbox::Entity::find()
            .filter(outbox::Column::State.eq("dead"))
            .count(db)
            .await?,
        quarantined: quarantine::Entity::find().count(db).await?,
        unreadable_deposits: unreadable_deposit::Entity::find().count(db).await?,
    })
}

/// The latest moment at which a fact was received, in milliseconds UTC. A clock that stands before it was set back.
///
/// # Errors
/// When the database fails.
pub async fn last_received_ms(db: &impl ConnectionTrait) -> Result<Option<i64>, StoreError> {
    let latest = inbox::Entity::find()
        .order_by_desc(inbox::Column::ReceivedAt)
        .select_only()
        .column(inbox::Column::ReceivedAt)
        .limit(1);
    Ok(latest.into_tuple().one(db).await?)
}

/// What time the database says it is, in milliseconds UTC; nothing on SQLite, which has no clock of its own.
///
/// # Errors
/// When the database fails.
pub async fn database_now_ms(db: &impl ConnectionTrait) -> Result<Option<i64>, StoreError> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(None);
    }
    let sql = "SELECT (extract(epoch from clock_timestamp()) * 1000)::bigint";
    let row = db
        .query_one_raw(Statement::from_string(DbBackend::Postgres, sql))
        .await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}
