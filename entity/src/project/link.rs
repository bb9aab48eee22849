//! Which events speak of which items. An ACCEPT names its OFFER, not the items, so links follow the chain of "about" both
//! ways and hold whichever of the two arrives first. A bag's events are linked to what lies or lay in it, also when its packing
//! arrives after them; what they mean for each item is the fold's to say.

use super::Cx;
use super::memory::packing;
use crate::StoreError;
use crate::table::{custody_event, inbox, item_event};
use custody::envelope::Envelope;
use custody::event::Event;
use custody::ids::EventId;
use custody::kind::Kind;
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeSet;

/// Links an event, and everything that waited to learn its items through it; returns all items concerned.
pub(super) async fn link(
    cx: &mut Cx<'_>,
    id: &[u8],
    event: &Event,
    is_trusted: bool,
) -> Result<BTreeSet<Vec<u8>>, StoreError> {
    let mut items: BTreeSet<Vec<u8>> = event.items.iter().map(|named| named.item.0.to_vec()).collect();
    let bag = event.bag().map(|bag| bag.0.to_vec());
    items.extend(bag.clone());
    if let Some(about) = event.about_event() {
        items.extend(items_of(cx, &about.0).await?);
    }
    for (_, packing) in packings(cx, &items).await? {
        items.extend(packing.items.iter().map(|named| named.item.0.to_vec()));
    }
    insert(cx, id, &items).await?;
    if let Some(id) = EventId::try_from(id).ok().filter(|_| is_trusted) {
        let event = cx.believed(event.clone());
        cx.story_grows(items.iter(), id, &event);
    }
    if event.kind == Kind::Aggregate {
        cx.something_is_packed();
    }
    let mut waiting = Vec::new();
    if cx.is_perhaps_followed(id) {
        waiting.extend(not_linked(cx, id, &items).await?);
    }
    if let Some(bag) = bag.filter(|_| event.kind == Kind::Aggregate) {
        let earlier = events_of(cx, &bag).await?;
        waiting.extend(earlier.into_iter().filter(|one| one != id));
    }
    while let Some(event) = waiting.pop() {
        insert(cx, &event, &items).await?;
        cx.forget_stories();
        cx.something_is_packed();
        waiting.extend(not_linked(cx, &event, &items).await?);
    }
    Ok(items)
}

/// The events that speak of this one and are not linked to all of these items yet. Linked already means followed already: a
/// forged circle of "about" must not keep us here.
async fn not_linked(cx: &Cx<'_>, event: &[u8], items: &BTreeSet<Vec<u8>>) -> Result<Vec<Vec<u8>>, StoreError> {
    let dependents: Vec<Vec<u8>> = custody_event::Entity::find()
        .select_only()
        .column(custody_event::Column::EventId)
        .filter(custody_event::Column::About.eq(event.to_vec()))
        .filter(custody_event::Column::EventId.ne(event.to_vec()))
        .into_tuple()
        .all(cx.tx)
        .await?;
    let mut found = Vec::new();
    for dependent in dependents {
        if !items_of(cx, &dependent).await?.is_superset(items) {
            found.push(dependent);
        }
    }
    Ok(found)
}

/// Whether this is a bag that a trusted event packed.
pub(super) async fn is_bag(cx: &mut Cx<'_>, item: &[u8]) -> Result<bool, StoreError> {
    let packings = packings(cx, &BTreeSet::from([item.to_vec()])).await?;
    Ok(packings.iter().any(|(is_trusted, _)| *is_trusted))
}

/// The packings of the bags among these, each with whether it is trusted.
async fn packings(cx: &mut Cx<'_>, items: &BTreeSet<Vec<u8>>) -> Result<Vec<(bool, Event)>, StoreError> {
    let items = cx.perhaps_packed(items).await?;
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let linked = Query::select()
        .column(item_event::Column::EventId)
        .from(item_event::Entity)
        .and_where(item_event::Column::ItemId.is_in(items.iter().cloned()))
        .to_owned();
    let rows: Vec<(Vec<u8>, String)> = custody_event::Entity::find()
        .select_only()
        .columns([custody_event::Column::EventId, custody_event::Column::Verdict])
        .filter(custody_event::Column::Kind.eq(packing()))
        .filter(custody_event::Column::EventId.in_subquery(linked))
        .order_by_asc(custody_event::Column::LogIndex)
        .into_tuple()
        .all(cx.tx)
        .await?;
    let mut found = Vec::new();
    for (id, verdict) in rows {
        let raw: Option<Vec<u8>> = inbox::Entity::find_by_id(id.clone())
            .select_only()
            .column(inbox::Column::Raw)
            .into_tuple()
            .one(cx.tx)
            .await?;
        let envelope = Envelope::parse(&raw.unwrap_or_default())
            .map_err(|error| StoreError::corrupt("inbox", hex::encode(&id), error))?;
        let event = envelope.into_event();
        if event.bag().is_some_and(|bag| items.contains(bag.0.as_slice())) {
            found.push((verdict == super::OK, event));
        }
    }
    Ok(found)
}

/// The events an item is linked to.
async fn events_of(cx: &Cx<'_>, item: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    Ok(item_event::Entity::find()
        .select_only()
        .column(item_event::Column::EventId)
        .filter(item_event::Column::ItemId.eq(item.to_vec()))
        .into_tuple()
        .all(cx.tx)
        .await?)
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
