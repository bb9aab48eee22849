//! What is kept but not applied: quarantine (needs a person) and parking (needs another event).

use super::Cx;
use crate::StoreError;
use crate::table::{parked, quarantine};
use custody::fold::ParkReason;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Shows an event in quarantine, once.
pub(super) async fn quarantine(cx: &mut Cx<'_>, event: &[u8], reason: &str, source: &str) -> Result<(), StoreError> {
    cx.is_quarantined(event);
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
    cx.is_parked(event);
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

/// Why an event that is trusted is in quarantine all the same: no other event can mend it, so a person has to look.
const FOR_A_PERSON: [ParkReason; 4] = [
    ParkReason::WrongReceiver,
    ParkReason::DoesNotMatchOffer,
    ParkReason::NotGiver,
    ParkReason::NeedsRuling,
];

/// Quarantine for such a reason.
pub(super) fn is_for_a_person() -> Expr {
    quarantine::Column::Reason.is_in(FOR_A_PERSON.map(ParkReason::as_str))
}

/// Shows an event that changes nothing: as waiting for another one, or, where none can mend it, for a person.
pub(super) async fn wait(cx: &mut Cx<'_>, event: &[u8], reason: ParkReason) -> Result<(), StoreError> {
    if !reason.needs_a_person() {
        return park(cx, event, reason.as_str()).await;
    }
    unpark(cx, [event.to_vec()]).await?;
    quarantine(cx, event, reason.as_str(), "device").await
}

/// Takes events about an item out of quarantine that were there for what this item's fold said of them and are so no more. What
/// somebody ruled on stays listed.
pub(super) async fn needs_nobody(cx: &mut Cx<'_>, item: &[u8], settled: &[Vec<u8>]) -> Result<(), StoreError> {
    let settled = cx.perhaps_for_a_person(settled).await?;
    if settled.is_empty() {
        return Ok(());
    }
    let rows: Vec<Vec<u8>> = quarantine::Entity::find()
        .select_only()
        .column(quarantine::Column::EventId)
        .filter(quarantine::Column::EventId.is_in(settled))
        .filter(is_for_a_person())
        .filter(quarantine::Column::EventId.not_in_subquery(super::ruling::ruled()))
        .into_tuple()
        .all(cx.tx)
        .await?;
    for event in rows {
        // One about several items may still need somebody for another of them, and is shown again when that one is folded.
        if super::link::items_of(cx, &event).await?.iter().all(|one| one == item) {
            release(cx, &event).await?;
        }
    }
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
    let events = cx.perhaps_parked(&events).await?;
    if events.is_empty() {
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
