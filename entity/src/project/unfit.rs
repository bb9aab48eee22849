//! What is kept but not applied: quarantine (needs a person) and parking (needs another event).

use super::Cx;
use crate::StoreError;
use crate::table::{parked, quarantine};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Shows an event in quarantine, once.
pub(super) async fn quarantine(cx: &Cx<'_>, event: &[u8], reason: &str, source: &str) -> Result<(), StoreError> {
    let row = quarantine::ActiveModel {
        event_id: Set(event.to_vec()),
        log_index: Set(cx.log_index),
        reason: Set(reason.to_owned()),
        source: Set(source.to_owned()),
        since: Set(cx.received_at),
    };
    quarantine::Entity::insert(row)
        .on_conflict(
            OnConflict::column(quarantine::Column::EventId)
                .update_column(quarantine::Column::Reason)
                .to_owned(),
        )
        .exec_without_returning(cx.tx)
        .await?;
    Ok(())
}

/// Takes an event out of quarantine.
pub(super) async fn release(cx: &Cx<'_>, event: &[u8]) -> Result<(), StoreError> {
    quarantine::Entity::delete_by_id(event.to_vec()).exec(cx.tx).await?;
    Ok(())
}

/// Shows an event as waiting, once; a new reason replaces the old one.
pub(super) async fn park(cx: &mut Cx<'_>, event: &[u8], reason: &str) -> Result<(), StoreError> {
    cx.something_is_parked();
    let row = parked::ActiveModel {
        event_id: Set(event.to_vec()),
        log_index: Set(cx.log_index),
        reason: Set(reason.to_owned()),
        since: Set(cx.received_at),
    };
    parked::Entity::insert(row)
        .on_conflict(
            OnConflict::column(parked::Column::EventId)
                .update_column(parked::Column::Reason)
                .to_owned(),
        )
        .exec_without_returning(cx.tx)
        .await?;
    Ok(())
}

/// Takes events off the waiting list.
pub(super) async fn unpark(cx: &Cx<'_>, events: impl IntoIterator<Item = Vec<u8>>) -> Result<(), StoreError> {
    let events: Vec<Vec<u8>> = events.into_iter().collect();
    if events.is_empty() {
        return Ok(());
    }
    parked::Entity::delete_many()
        .filter(parked::Column::EventId.is_in(events))
        .exec(cx.tx)
        .await?;
    Ok(())
}

/// Those of `events` that are on the waiting list.
pub(super) async fn parked_among(cx: &mut Cx<'_>, events: Vec<Vec<u8>>) -> Result<Vec<Vec<u8>>, StoreError> {
    if events.is_empty() || !cx.is_anything_parked().await? {
        return Ok(Vec::new());
    }
    let rows = parked::Entity::find()
        .select_only()
        .column(parked::Column::EventId)
        .filter(parked::Column::EventId.is_in(events))
        .order_by_asc(parked::Column::EventId)
        .into_tuple()
        .all(cx.tx)
        .await?;
    Ok(rows)
}
