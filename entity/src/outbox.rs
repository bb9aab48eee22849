//! The outbox row is the job.
//!
//! It is written in the transaction of its cause, so an effect exists exactly when its cause does. A runner claims it for a
//! lease, and the attempt is counted in the claim, before anything runs: a job that kills its process is still counted. A
//! lease that runs out makes the row claimable again; a row that used up its attempts is `dead` and shown to a person.
//!
//! Whatever runs jobs only ever learns the row's id (`docs/adr/0003`).

use crate::store::Store;
use crate::table::outbox;
use crate::{StoreError, clock};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

/// Runs a job may have before it is given up and shown.
pub const MAX_ATTEMPTS: i64 = 5;
/// How long a runner owns a job. Longer than any job may take, short enough that a crash is noticed soon.
pub const LEASE_MS: i64 = 30_000;

/// A job to be written with its cause.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Which job; one of the worker's constants, never renamed.
    pub kind: &'static str,
    /// Identifiers only, as JSON.
    pub payload: serde_json::Value,
    /// The same key is only ever enqueued once.
    pub dedup_key: String,
}

/// A claimed job.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The row.
    pub id: Uuid,
    /// Which job.
    pub kind: String,
    /// Identifiers only.
    pub payload: serde_json::Value,
    /// Which attempt this is, counted from 1.
    pub attempt: i64,
    token: Uuid,
}

/// What became of an attempt to claim.
#[derive(Debug, Clone)]
pub enum Claimed {
    /// Run it.
    Run(Claim),
    /// Somebody else has it, it is done, or it is not due.
    Nothing,
    /// It used up its attempts and was given up just now.
    GivenUp,
}

/// Records a job in the caller's transaction. A repeated key changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn push(tx: &DatabaseTransaction, now_ms: i64, job: NewJob) -> Result<(), StoreError> {
    push_all(tx, vec![(now_ms, job)]).await
}

/// Records jobs in the caller's transaction, each with its hour. A repeated key changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn push_all(tx: &DatabaseTransaction, jobs: Vec<(i64, NewJob)>) -> Result<(), StoreError> {
    /// Rows of one insert, well under every database's limit of parameters.
    const CHUNK: usize = 200;
    let mut rows = jobs.into_iter().map(row).peekable();
    while rows.peek().is_some() {
        let chunk: Vec<outbox::ActiveModel> = rows.by_ref().take(CHUNK).collect();
        outbox::Entity::insert_many(chunk)
            .on_conflict(OnConflict::column(outbox::Column::DedupKey).do_nothing().to_owned())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

fn row((now_ms, job): (i64, NewJob)) -> outbox::ActiveModel {
    outbox::ActiveModel {
        id: Set(clock::new_id()),
        kind: Set(job.kind.to_owned()),
        payload: Set(job.payload.to_string()),
        dedup_key: Set(job.dedup_key),
        state: Set("ready".to_owned()),
        attempt: Set(0),
        next_run_at: Set(now_ms),
        lease_until: Set(None),
        lease_token: Set(None),
        last_error: Set(None),
        created_at: Set(now_ms),
        finished_at: Set(None),
    }
}

fn runnable(now_ms: i64) -> Condition {
    Condition::any()
        .add(
            outbox::Column::State
                .eq("ready")
                .and(outbox::Column::NextRunAt.lte(now_ms)),
        )
        .add(
            outbox::Column::State
                .eq("running")
                .and(outbox::Column::LeaseUntil.lt(now_ms)),
        )
}

/// Ids and kinds of jobs that may run now, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn due(store: &Store, limit: u64) -> Result<Vec<(Uuid, String)>, StoreError> {
    let rows = outbox::Entity::find()
        .select_only()
        .columns([outbox::Column::Id, outbox::Column::Kind])
        .filter(runnable(store.now_ms()))
        .order_by_asc(outbox::Column::NextRunAt)
        .order_by_asc(outbox::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(store.read())
        .await?;
    Ok(rows)
}

/// Claims a job: counts the attempt and takes the lease in one statement.
///
/// # Errors
/// When the database fails.
pub async fn claim(store: &Store, id: Uuid) -> Result<Claimed, StoreError> {
    let now = store.now_ms();
    store
        .write(move |tx| {
            Box::pin(async move {
                let token = clock::new_id();
                let claimed = outbox::Entity::update_many()
                    .col_expr(outbox::Column::State, Expr::value("running"))
                    .col_expr(outbox::Column::Attempt, Expr::col(outbox::Column::Attempt).add(1))
                    .col_expr(outbox::Column::LeaseUntil, Expr::value(now + LEASE_MS))
                    .col_expr(outbox::Column::LeaseToken, Expr::value(token))
                    .filter(outbox::Column::Id.eq(id))
                    .filter(runnable(now))
                    .exec(tx)
                    .await?;
                if claimed.rows_affected == 0 {
                    return Ok(Claimed::Nothing);
                }
                let row = outbox::Entity::find_by_id(id)
                    .one(tx)
                    .await?
                    .ok_or_else(|| StoreError::corrupt("outbox", id, "gone right after its claim"))?;
                if row.attempt > MAX_ATTEMPTS {
                    let why = row
                        .last_error
                        .unwrap_or_else(|| "the process ended while it ran".to_owned());
                    finish(tx, id, token, "dead", Some(why), now).await?;
                    return Ok(Claimed::GivenUp);
                }
                let payload = serde_json::from_str(&row.payload).map_err(|e| StoreError::corrupt("outbox", id, e))?;
                Ok(Claimed::Run(Claim {
                    id,
                    kind: row.kind,
                    payload,
                    attempt: row.attempt,
                    token,
                }))
            })
        })
        .await
}

/// Marks a job done inside the transaction of its effect; `false` when the lease was lost, and then the effect must not happen.
///
/// # Errors
/// When the database fails.
pub async fn done(tx: &DatabaseTransaction, claim: &Claim, now_ms: i64) -> Result<bool, StoreError> {
    finish(tx, claim.id, claim.token, "done", None, now_ms).await
}

/// Puts a job back until its time has come, inside the caller's transaction: it is not done, and it has not failed, so its
/// attempts count from the beginning. `false` when the lease was lost.
///
/// # Errors
/// When the database fails.
pub async fn postpone(tx: &DatabaseTransaction, claim: &Claim, until_ms: i64) -> Result<bool, StoreError> {
    let written = outbox::Entity::update_many()
        .col_expr(outbox::Column::State, Expr::value("ready"))
        .col_expr(outbox::Column::Attempt, Expr::value(0_i64))
        .col_expr(outbox::Column::NextRunAt, Expr::value(until_ms))
        .col_expr(outbox::Column::LeaseUntil, Expr::value(None::<i64>))
        .filter(outbox::Column::Id.eq(claim.id))
        .filter(outbox::Column::State.eq("running"))
        .filter(outbox::Column::LeaseToken.eq(claim.token))
        .exec(tx)
        .await?;
    Ok(written.rows_affected == 1)
}

/// Puts a failed job back with a delay, or gives it up.
///
/// # Errors
/// When the database fails.
pub async fn failed(store: &Store, claim: &Claim, error: String, retry_in_ms: Option<i64>) -> Result<(), StoreError> {
    let (now, claim) = (store.now_ms(), claim.clone());
    store
        .write(move |tx| {
            Box::pin(async move {
                match retry_in_ms.filter(|_| claim.attempt < MAX_ATTEMPTS) {
                    None => finish(tx, claim.id, claim.token, "dead", Some(error), now)
                        .await
                        .map(drop),
                    Some(delay) => {
                        outbox::Entity::update_many()
                            .col_expr(outbox::Column::State, Expr::value("ready"))
                            .col_expr(outbox::Column::NextRunAt, Expr::value(now + delay))
                            .col_expr(outbox::Column::LeaseUntil, Expr::value(None::<i64>))
                            .col_expr(outbox::Column::LastError, Expr::value(error))
                            .filter(outbox::Column::Id.eq(claim.id))
                            .filter(outbox::Column::State.eq("running"))
                            .filter(outbox::Column::LeaseToken.eq(claim.token))
                            .exec(tx)
                            .await?;
                        Ok(())
                    }
                }
            })
        })
        .await
}

async fn finish(
    tx: &DatabaseTransaction,
    id: Uuid,
    token: Uuid,
    state: &'static str,
    error: Option<String>,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let mut update = outbox::Entity::update_many()
        .col_expr(outbox::Column::State, Expr::value(state))
        .col_expr(outbox::Column::LeaseUntil, Expr::value(None::<i64>))
        .col_expr(outbox::Column::FinishedAt, Expr::value(now_ms));
    if error.is_some() {
        update = update.col_expr(outbox::Column::LastError, Expr::value(error));
    }
    let written = update
        .filter(outbox::Column::Id.eq(id))
        .filter(outbox::Column::State.eq("running"))
        .filter(outbox::Column::LeaseToken.eq(token))
        .exec(tx)
        .await?;
    Ok(written.rows_affected == 1)
}

/// Ends every open job whose key begins like this: their cause is gone. One that is running loses its lease, so its effect is
/// rolled back, whichever of the two commits first.
///
/// # Errors
/// When the database fails.
pub async fn call_off(tx: &DatabaseTransaction, key_prefix: &str, now_ms: i64) -> Result<u64, StoreError> {
    let ended = outbox::Entity::update_many()
        .col_expr(outbox::Column::State, Expr::value("done"))
        .col_expr(outbox::Column::LeaseUntil, Expr::value(None::<i64>))
        .col_expr(outbox::Column::LeaseToken, Expr::value(None::<Uuid>))
        .col_expr(outbox::Column::LastError, Expr::value("called off"))
        .col_expr(outbox::Column::FinishedAt, Expr::value(now_ms))
        .filter(outbox::Column::DedupKey.starts_with(key_prefix))
        .filter(outbox::Column::State.is_in(["ready", "running"]))
        .exec(tx)
        .await?;
    Ok(ended.rows_affected)
}

/// Lets a dead job run again from its first attempt, by a person's decision.
///
/// # Errors
/// When the database fails.
pub async fn revive(tx: &DatabaseTransaction, id: Uuid, now_ms: i64) -> Result<bool, StoreError> {
    let written = outbox::Entity::update_many()
        .col_expr(outbox::Column::State, Expr::value("ready"))
        .col_expr(outbox::Column::Attempt, Expr::value(0_i64))
        .col_expr(outbox::Column::NextRunAt, Expr::value(now_ms))
        .col_expr(outbox::Column::FinishedAt, Expr::value(None::<i64>))
        .filter(outbox::Column::Id.eq(id))
        .filter(outbox::Column::State.eq("dead"))
        .exec(tx)
        .await?;
    Ok(written.rows_affected == 1)
}

/// Jobs that were given up, newest first: the dead-letter list.
///
/// # Errors
/// When the database fails.
pub async fn dead(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<outbox::Model>, StoreError> {
    let rows = outbox::Entity::find()
        .filter(outbox::Column::State.eq("dead"))
        .order_by_desc(outbox::Column::FinishedAt)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows)
}

/// How many jobs are neither done nor given up.
///
/// # Errors
/// When the database fails.
pub async fn open_count(db: &impl ConnectionTrait) -> Result<u64, StoreError> {
    Ok(outbox::Entity::find()
        .filter(outbox::Column::State.is_in(["ready", "running"]))
        .count(db)
        .await?)
}
