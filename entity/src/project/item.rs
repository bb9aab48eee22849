//! One item: its fold, what became of it, and who has to hear of it.

use super::feed::Step;
use super::memory::Story;
use super::{Cx, dossier, feed, holding, leg, link, money, ruling, unfit};
use crate::StoreError;
use crate::repo::assignment;
use crate::repo::device::Device;
use crate::table::{device, item_custody};
use custody::event::Event;
use custody::fold::ruling::Ruling;
use custody::fold::{ItemCustody, Known, Parties, fold_item, fold_ruled};
use custody::ids::{DeviceId, EventId, ItemId};
use domain::hat::Hat;
use domain::holder::Holder;
use domain::item::{ItemKind, ItemState};
use domain::item_code::ItemCode;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use std::collections::{BTreeMap, BTreeSet};

/// Why the events of an item that nobody has made wait.
const UNKNOWN_ITEM: &str = "unknown_item";

/// The parties of the devices that speak in a fold.
pub(crate) struct Enrolled(pub(crate) BTreeMap<DeviceId, Device>);

impl Enrolled {
    /// Those of these rows.
    pub(crate) fn of(rows: &[device::Model]) -> Result<Self, StoreError> {
        let devices = rows
            .iter()
            .map(|row| Device::from_row(row).map(|device| (device.id, device)));
        devices.collect::<Result<_, _>>().map(Self)
    }
}

impl Parties for Enrolled {
    fn holder(&self, device: &DeviceId, hat: Hat) -> Option<Holder> {
        self.0.get(device).and_then(|device| device.holder(hat))
    }
}

/// Folds an item again and writes what changed. An item nobody has made yet parks its events; a bag has no row, what lies in
/// it speaks for it.
pub(super) async fn refold(cx: &mut Cx<'_>, item: &[u8]) -> Result<(), StoreError> {
    let Some(known) = cx.item(item).await? else {
        if link::is_bag(cx, item).await? {
            return Ok(());
        }
        for (id, _, _) in cx.story(item).await?.iter() {
            unfit::park(cx, &id.0, UNKNOWN_ITEM).await?;
        }
        return Ok(());
    };
    let folded = fold(cx, &known).await?;
    money::cash(cx, item, known.dossier_id, &folded.story, |event| {
        let hat = event.hat()?;
        folded.parties.holder(&event.device, hat)
    })
    .await?;
    let seen: Vec<EventId> = folded.story.iter().map(|(id, _, _)| *id).collect();
    write(cx, known, &folded.custody, &seen).await
}

/// The fold of an item, and what it was made from.
pub(super) struct Folded {
    pub(super) custody: ItemCustody,
    story: Story,
    parties: Enrolled,
}

/// The fold of one item as of now.
pub(super) async fn fold(cx: &mut Cx<'_>, row: &item_custody::Model) -> Result<Folded, StoreError> {
    let story = cx.story(&row.item_id).await?;
    let speakers = story.iter().map(|(_, event, _)| event.device).collect();
    let parties = Enrolled(cx.devices(&speakers).await?);
    let rulings = ruling::of_item(cx, &row.item_id).await?;
    Ok(Folded {
        custody: fold_events(item_id(row)?, kind(row)?, &story, &rulings, &parties),
        story,
        parties,
    })
}

/// The fold of events, each with the hour it was received, and of what was ruled.
pub(crate) fn fold_events(
    id: ItemId,
    kind: ItemKind,
    events: &[(EventId, Event, i64)],
    rulings: &[Ruling],
    parties: &Enrolled,
) -> ItemCustody {
    let known: Vec<Known<'_>> = events
        .iter()
        .map(|(id, event, received_ms)| Known {
            id: *id,
            event,
            received_ms: *received_ms,
        })
        .collect();
    fold_ruled(id, kind, &known, rulings, parties)
}

fn item_id(row: &item_custody::Model) -> Result<ItemId, StoreError> {
    let bytes = row.item_id.clone().try_into();
    bytes
        .map(ItemId)
        .map_err(|_| StoreError::corrupt("item_custody", &row.item_code, "item_id"))
}

pub(super) fn kind(row: &item_custody::Model) -> Result<ItemKind, StoreError> {
    row.kind
        .parse()
        .map_err(|error| StoreError::corrupt("item_custody", &row.item_code, error))
}

async fn write(
    cx: &mut Cx<'_>,
    known: item_custody::Model,
    custody: &ItemCustody,
    seen: &[EventId],
) -> Result<(), StoreError> {
    let body = custody.to_bytes();
    park_and_unpark(cx, &known.item_id, custody, seen).await?;
    if body == known.body {
        return Ok(());
    }
    let state = shown_state(&known, custody);
    let row = item_custody::Model {
        state: state.code().to_owned(),
        holder: custody.holder.as_ref().map(ToString::to_string),
        head: custody.head.map(|head| head.0.to_vec()),
        since_ms: custody.since_ms.unwrap_or(known.since_ms),
        provisional: custody.provisional,
        disputed: custody.disputed.is_some(),
        parked: i64::try_from(custody.parked.len()).unwrap_or(i64::MAX),
        attempts: i64::from(custody.attempts),
        body,
        log_index: cx.log_index,
        bag: custody.packed.as_ref().map(|packed| packed.label.clone()),
        packed_in: custody.packed.as_ref().map(|packed| packed.since.0.to_vec()),
        told: known.told.max(i64::try_from(custody.applied.len()).unwrap_or(i64::MAX)),
        ..known.clone()
    };
    save(cx, row.clone()).await?;
    holding::write(cx, &known, custody).await?;
    feed::item_changed(cx, &known, &row, &heard(custody, seen));
    // A late phone may bring several steps at once; the feed tells each of them.
    for step in custody
        .applied
        .iter()
        .skip(usize::try_from(known.told).unwrap_or(usize::MAX))
        .filter(|step| !step.is_packing())
    {
        feed::track(
            cx,
            &row,
            Step {
                state: step.state,
                at_ms: step.at_ms,
                reason: step.reason,
            },
        )
        .await?;
    }
    dossier::refold(
        cx,
        domain::ids::DossierId(row.dossier_id),
        Some((&row.item_id, custody)),
    )
    .await?;
    leg::moved(cx, &known, &row, custody).await
}

/// The fold knows nothing of assignments and cancelled orders; an item that waits for its courier keeps saying so, and one
/// whose order was cancelled as long as nobody has taken it in all the same.
fn shown_state(known: &item_custody::Model, custody: &ItemCustody) -> ItemState {
    let before_post = matches!(custody.state, ItemState::Created | ItemState::PickupAssigned);
    if before_post && known.state == ItemState::Withdrawn.code() {
        return ItemState::Withdrawn;
    }
    if custody.state == ItemState::Created && known.state == ItemState::PickupAssigned.code() {
        return ItemState::PickupAssigned;
    }
    custody.state
}

/// Writes a row whose key exists.
pub(super) async fn save(cx: &mut Cx<'_>, row: item_custody::Model) -> Result<(), StoreError> {
    cx.set_item(row.clone());
    item_custody::Entity::update(row.into_active_model().reset_all())
        .exec_without_returning(cx.tx)
        .await?;
    Ok(())
}

async fn park_and_unpark(
    cx: &mut Cx<'_>,
    item: &[u8],
    custody: &ItemCustody,
    seen: &[EventId],
) -> Result<(), StoreError> {
    let waiting: BTreeSet<EventId> = custody.parked.iter().map(|(id, _)| *id).collect();
    let settled = seen
        .iter()
        .filter(|id| !waiting.contains(id))
        .map(|id| id.0.to_vec())
        .collect::<Vec<_>>();
    unfit::needs_nobody(cx, item, &settled).await?;
    for event in unfit::parked_among(cx, settled).await? {
        // An event about several items stays on the list while any of them waits with it.
        match waits_elsewhere(cx, item, &event).await? {
            Some(reason) => unfit::park(cx, &event, reason).await?,
            None => unfit::unpark(cx, [event]).await?,
        }
    }
    for (id, reason) in &custody.parked {
        unfit::wait(cx, &id.0, *reason).await?;
    }
    Ok(())
}

/// Why an event still waits for another of its items.
async fn waits_elsewhere(cx: &mut Cx<'_>, item: &[u8], event: &[u8]) -> Result<Option<&'static str>, StoreError> {
    for other in link::items_of(cx, event)
        .await?
        .into_iter()
        .filter(|other| other.as_slice() != item)
    {
        let Some(row) = cx.item(&other).await? else {
            if link::is_bag(cx, &other).await? {
                continue;
            }
            return Ok(Some(UNKNOWN_ITEM));
        };
        // Whatever else is folded in this fact parks what waits with it by itself.
        if row.parked == 0 {
            continue;
        }
        let folded = fold(cx, &row).await?;
        if let Some((_, reason)) = folded.custody.parked.iter().find(|(id, _)| id.0 == event) {
            return Ok(Some(reason.as_str()));
        }
    }
    Ok(None)
}

/// Makes the row of a new item, before anything has happened to it.
pub(super) async fn create(
    cx: &mut Cx<'_>,
    code: &ItemCode,
    kind: ItemKind,
    dossier: domain::ids::DossierId,
) -> Result<(), StoreError> {
    let id = ItemId::of(code.as_str());
    if cx.item(&id.0).await?.is_some() {
        return Ok(());
    }
    let row = item_custody::Model {
        item_id: id.0.to_vec(),
        item_code: code.as_str().to_owned(),
        kind: kind.as_str().to_owned(),
        dossier_id: dossier.0,
        state: ItemState::Created.code().to_owned(),
        holder: None,
        head: None,
        since_ms: cx.received_at,
        provisional: false,
        disputed: false,
        parked: 0,
        attempts: 0,
        told: 0,
        body: fold_item(id, kind, &[], &Enrolled(BTreeMap::new())).to_bytes(),
        log_index: cx.log_index,
        bag: None,
        packed_in: None,
    };
    row.clone().into_active_model().insert(cx.tx).await?;
    cx.set_item(row.clone());
    let step = Step {
        state: ItemState::Created,
        at_ms: cx.received_at,
        reason: None,
    };
    feed::track(cx, &row, step).await?;
    // What arrived before the item was known waits for this moment.
    refold(cx, &id.0).await
}

/// Says that somebody has been told to fetch the item.
pub(super) async fn assigned(cx: &mut Cx<'_>, code: &ItemCode) -> Result<(), StoreError> {
    let id = ItemId::of(code.as_str());
    let Some(row) = cx.item(&id.0).await? else {
        return Ok(());
    };
    if row.state != ItemState::Created.code() {
        return Ok(());
    }
    let row = item_custody::Model {
        state: ItemState::PickupAssigned.code().to_owned(),
        log_index: cx.log_index,
        ..row
    };
    save(cx, row.clone()).await?;
    let step = Step {
        state: ItemState::PickupAssigned,
        at_ms: cx.received_at,
        reason: None,
    };
    feed::track(cx, &row, step).await
}

/// Takes an item whose order was cancelled out of everybody's day, once. What the post has in hand already goes on: its
/// papers have moved.
pub(super) async fn withdrawn(cx: &mut Cx<'_>, row: item_custody::Model, at_ms: i64) -> Result<(), StoreError> {
    if ![ItemState::Created, ItemState::PickupAssigned]
        .iter()
        .any(|state| state.code() == row.state)
    {
        return Ok(());
    }
    let row = item_custody::Model {
        state: ItemState::Withdrawn.code().to_owned(),
        log_index: cx.log_index,
        ..row
    };
    save(cx, row.clone()).await?;
    if cx.effects {
        assignment::end_of_item(cx.tx, &row.item_id, cx.received_at).await?;
    }
    feed::withdraw(cx, &row, at_ms).await
}

/// An item's row as it is now.
pub(super) async fn known(cx: &mut Cx<'_>, code: &ItemCode) -> Result<Option<item_custody::Model>, StoreError> {
    cx.item(&ItemId::of(code.as_str()).0).await
}

/// The events this word was made from: what is neither waiting nor on the item's way first, then the way from its beginning.
fn heard(custody: &ItemCustody, seen: &[EventId]) -> Vec<EventId> {
    let waiting = custody.parked.iter().map(|(id, _)| *id);
    let way: Vec<EventId> = custody.applied.iter().map(|step| step.id).collect();
    let apart: BTreeSet<EventId> = waiting.chain(way.iter().copied()).collect();
    let beside = seen.iter().copied().filter(|id| !apart.contains(id));
    beside.chain(way).collect()
}
