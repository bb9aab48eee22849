//! The feed a phone pulls: what it was told to carry, what happened to items it holds.

use crate::StoreError;
use crate::table::change;
use domain::holder::Holder;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Rows for any of these recipients after `cursor`, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn after(
    db: &impl ConnectionTrait,
    recipients: &[Holder],
    cursor: i64,
    limit: u64,
) -> Result<Vec<change::Model>, StoreError> {
    Ok(change::Entity::find()
        .filter(change::Column::Recipient.is_in(recipients.iter().map(ToString::to_string)))
        .filter(change::Column::Seq.gt(cursor))
        .order_by_asc(change::Column::Seq)
        .limit(limit)
        .all(db)
        .await?)
}
