//! The tracking feed that one-stop systems poll: strictly increasing, without gaps, one client's rows only.

use crate::table::tracking_event;
use crate::{Scope, StoreError};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

/// A page of the feed.
#[derive(Debug, Clone)]
pub struct Page {
    /// Rows after the cursor, in order.
    pub rows: Vec<tracking_event::Model>,
    /// How many rows there are after the cursor.
    pub total: u64,
}

/// Rows after `last`, at most `size`. A scope that is not a client's sees none.
///
/// # Errors
/// When the database fails.
pub async fn page(db: &impl ConnectionTrait, scope: &Scope, last: i64, size: u64) -> Result<Page, StoreError> {
    let Some(client) = scope.as_client() else {
        return Ok(Page {
            rows: Vec::new(),
            total: 0,
        });
    };
    let query = tracking_event::Entity::find()
        .filter(tracking_event::Column::ClientId.eq(client.0))
        .filter(tracking_event::Column::Seq.gt(last));
    let total = query.clone().count(db).await?;
    let rows = query
        .order_by_asc(tracking_event::Column::Seq)
        .limit(size)
        .all(db)
        .await?;
    Ok(Page { rows, total })
}
