//! Answers kept for requests that may be repeated (`Idempotency-Key`).

use crate::StoreError;
use crate::table::idempotency_key;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

/// Keys are kept this long: 30 days, as long as a phone may keep trying.
pub const KEEP_MS: i64 = 30 * 24 * 3600 * 1000;

/// A request that must have its effect once.
#[derive(Debug, Clone)]
pub struct Once {
    /// Hash of key, method, path and caller.
    pub key: [u8; 32],
    /// Hash of the body.
    pub digest: [u8; 32],
}

/// What is known of a request.
#[derive(Debug, Clone)]
pub enum Recall {
    /// Never seen.
    New,
    /// Seen and answered like this.
    Same(serde_json::Value),
    /// The key was used for another body.
    Different,
}

/// Looks a request up.
///
/// # Errors
/// When the database fails or the row cannot be read.
pub async fn recall(tx: &DatabaseTransaction, once: &Once) -> Result<Recall, StoreError> {
    let Some(row) = idempotency_key::Entity::find_by_id(once.key.to_vec()).one(tx).await? else {
        return Ok(Recall::New);
    };
    if row.request_digest != once.digest {
        return Ok(Recall::Different);
    }
    let answer =
        serde_json::from_str(&row.answer).map_err(|error| StoreError::corrupt("idempotency_key", "answer", error))?;
    Ok(Recall::Same(answer))
}

/// Keeps the answer, in the transaction of the effect. Two at once: one of them fails as a duplicate and may try again.
///
/// # Errors
/// When the database fails.
pub async fn remember(
    tx: &DatabaseTransaction,
    once: &Once,
    answer: &serde_json::Value,
    now_ms: i64,
) -> Result<(), StoreError> {
    let row = idempotency_key::ActiveModel {
        key_hash: Set(once.key.to_vec()),
        request_digest: Set(once.digest.to_vec()),
        status: Set(200),
        answer: Set(answer.to_string()),
        created_at: Set(now_ms),
    };
    row.insert(tx).await.map(drop).map_err(StoreError::from)
}

/// Forgets keys older than [`KEEP_MS`].
///
/// # Errors
/// When the database fails.
pub async fn forget_old(tx: &DatabaseTransaction, now_ms: i64) -> Result<u64, StoreError> {
    let gone = idempotency_key::Entity::delete_many()
        .filter(idempotency_key::Column::CreatedAt.lt(now_ms - KEEP_MS))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected)
}
