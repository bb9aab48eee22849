//! Which events speak of which items. An ACCEPT names its OFFER, not the items, so links follow the chain of "about" both
//! ways and hold whichever of the two arrives first.

use super::Cx;
use crate::StoreError;
use crate::table::{custody_event, item_event};
use custody::event::Event;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::BTreeSet;

/// Links an event, and everything that waited to learn its items through it; returns all items concerned.
pub(super) async fn link(cx: &Cx<'_>, id: &[u8], event: &Event) -> Result<BTreeSet<Vec<u8>>, StoreError> {
    let mut items: BTreeSet<Vec<u8>> = event.items.iter().map(|named| named.item.0.to_vec()).collect();
    if let Some(about) = event.about_event() {
        items.extend(items_of(cx, &about.0).await?);
    }
    let mut waiting = vec![id.to_vec()];
    while let Some(event) = waiting.pop() {
        insert(cx, &event, &items).await?;
        let dependents: Vec<Vec<u8>> = custody_event::Entity::find()
            .select_only()
            .column(custody_event::Column::EventId)
            .filter(custody_event::Column::About.eq(event.clone()))
            .filter(custody_event::Column::EventId.ne(event))
            .into_tuple()
            .all(cx.tx)
            .await?;
        for dependent in dependents {
            // Already linked means already followed: a forged circle of "about" must not keep us here.
            if !items_of(cx, &dependent).await?.is_superset(&items) {
                waiting.push(dependent);
            }
        }
    }
    Ok(items)
}

/// The items an event is linked to.
pub(super) async fn items_of(cx: &Cx<'_>, event: &[u8]) -> Result<BTreeSet<Vec<u8>>, StoreError> {
    let items: Vec<Vec<u8>> = item_event::Entity::find()
        .select_only()
        .column(item_event::Column::ItemId)
        .filter(item_event::Column::EventId.eq(event.to_vec()))
        .into_tuple()
        .all(cx.tx)
        .await?;
    Ok(items.into_iter().collect())
}

async fn insert(cx: &Cx<'_>, event: &[u8], items: &BTreeSet<Vec<u8>>) -> Result<(), StoreError> {
    if items.is_empty() {
        return Ok(());
    }
    let rows = items.iter().map(|item| item_event::ActiveModel {
        item_id: Set(item.clone()),
        event_id: Set(event.to_vec()),
    });
    item_event::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns([item_event::Column::ItemId, item_event::Column::EventId])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(cx.tx)
        .await?;
    Ok(())
}
