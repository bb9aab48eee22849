//! Which part of the log is being written.

use crate::StoreError;
use crate::repo::setting;
use crate::table::log_shard;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder,
};
use time::{OffsetDateTime, UtcOffset};

/// A part of the log with a tree of its own.
pub type Shard = log_shard::Model;

impl Shard {
    /// The log index of the leaf after its last.
    pub(super) fn next(&self) -> i64 {
        self.first_index + self.size
    }

    /// How many leaves it has.
    ///
    /// # Errors
    /// When the row makes no sense.
    pub fn leaves(&self) -> Result<u64, StoreError> {
        u64::try_from(self.size).map_err(|error| StoreError::corrupt("log_shard", &self.name, error))
    }
}

/// Every shard, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Shard>, StoreError> {
    let rows = log_shard::Entity::find().order_by_asc(log_shard::Column::FirstIndex);
    Ok(rows.all(db).await?)
}

/// The shard of this name; the one that is being written when none is named.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl ConnectionTrait, name: Option<&str>) -> Result<Option<Shard>, StoreError> {
    let mut query = log_shard::Entity::find().order_by_desc(log_shard::Column::FirstIndex);
    if let Some(name) = name {
        query = query.filter(log_shard::Column::Name.eq(name));
    }
    Ok(query.one(db).await?)
}

/// The shard that facts of now go into, opened when there is none: a year's, or that of a restore.
pub(super) async fn current(tx: &DatabaseTransaction, now_ms: i64) -> Result<Shard, StoreError> {
    let restored_at = setting::get(tx, "restored_at").await?;
    let restored_at: i64 = restored_at.and_then(|text| text.parse().ok()).unwrap_or(0);
    let year = year_of(now_ms);
    let last = find(tx, None).await?;
    if let Some(last) = &last {
        let is_of_year = last.name.split('-').next() == Some(year.as_str());
        if is_of_year && last.restored_at == restored_at {
            return Ok(last.clone());
        }
    }
    // A name that was ever signed under is never used for another history: a backup may be older than its shard.
    let name = if restored_at == 0 {
        year
    } else {
        format!("{year}-{restored_at}")
    };
    let shard = Shard {
        first_index: last.as_ref().map_or(1, Shard::next),
        name,
        size: 0,
        restored_at,
        opened_at: now_ms,
        closed_at: None,
    };
    if let Some(last) = last {
        let mut row = last.into_active_model();
        row.closed_at = Set(Some(now_ms));
        row.update(tx).await?;
    }
    shard.clone().into_active_model().insert(tx).await?;
    Ok(shard)
}

/// The year at the post, whose clock is UTC+7.
fn year_of(now_ms: i64) -> String {
    let offset = UtcOffset::from_hms(7, 0, 0).unwrap_or(UtcOffset::UTC);
    OffsetDateTime::from_unix_timestamp(now_ms.div_euclid(1000))
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
        .to_offset(offset)
        .year()
        .to_string()
}
