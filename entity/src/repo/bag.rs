//! Bags (túi): which envelopes lie in which bag, as it was signed last. Packing does not change who holds an envelope.

use super::handover::signed;
use crate::project::OK;
use crate::table::{custody_event, device, item_custody, item_event};
use crate::{Scope, StoreError};
use custody::event::{Detail, Place};
use custody::kind::Kind;
use domain::ids::StaffId;
use domain::item::ItemState;
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Packings and unpackings looked back at: a province packs some hundred bags a day.
const MOST: u64 = 5_000;

/// A bag with envelopes in it.
#[derive(Debug, Clone)]
pub struct Bag {
    /// What is written on it.
    pub id: String,
    /// The number on its seal, as signed when something was put in last.
    pub seal: Option<String>,
    /// Who put something in last.
    pub packed_by: Option<StaffId>,
    /// That event, in hex.
    pub event: String,
    /// When it came, milliseconds UTC.
    pub received_ms: i64,
    /// What these eyes see of what lies in it.
    pub items: Vec<item_custody::Model>,
}

fn code(kind: Kind) -> i64 {
    i64::try_from(kind.code()).unwrap_or(i64::MAX)
}

/// What packs and unpacks.
fn kinds() -> [i64; 2] {
    [code(Kind::Aggregate), code(Kind::Disaggregate)]
}

/// Items that were ever packed or unpacked.
fn packed() -> SelectStatement {
    let events = Query::select()
        .column(custody_event::Column::EventId)
        .from(custody_event::Entity)
        .and_where(custody_event::Column::Kind.is_in(kinds()))
        .to_owned();
    Query::select()
        .column(item_event::Column::ItemId)
        .from(item_event::Entity)
        .and_where(item_event::Column::EventId.in_subquery(events))
        .to_owned()
}

/// Packings and unpackings of items these eyes see.
fn packing(scope: &Scope) -> SelectStatement {
    let items = Query::select()
        .column(item_custody::Column::ItemId)
        .from(item_custody::Entity)
        .and_where(item_custody::Column::DossierId.in_subquery(scope.dossier_ids()))
        .to_owned();
    Query::select()
        .column(item_event::Column::EventId)
        .from(item_event::Entity)
        .and_where(item_event::Column::ItemId.in_subquery(items))
        .to_owned()
}

/// The bags that something these eyes see lies in, the one packed last first. What was delivered or came back lies in none.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn list(db: &impl ConnectionTrait, scope: &Scope) -> Result<Vec<Bag>, StoreError> {
    let mut rows = custody_event::Entity::find()
        .filter(custody_event::Column::Kind.is_in(kinds()))
        .filter(custody_event::Column::Verdict.eq(OK))
        .filter(custody_event::Column::EventId.in_subquery(packing(scope)))
        .order_by_desc(custody_event::Column::LogIndex)
        .limit(MOST)
        .all(db)
        .await?;
    rows.reverse();
    let texts = signed(db, rows.iter().map(|row| row.event_id.clone()).collect()).await?;
    let mut lies_in: BTreeMap<Vec<u8>, String> = BTreeMap::new();
    let mut bags: BTreeMap<String, (usize, Bag)> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        let Some((event, received_ms)) = texts.get(&row.event_id) else {
            continue;
        };
        let named = event.items.iter().map(|named| named.item.0.to_vec());
        if event.kind == Kind::Disaggregate {
            named.for_each(|item| drop(lies_in.remove(&item)));
            continue;
        }
        let Some(id) = event.place.as_ref().map(name) else {
            continue;
        };
        lies_in.extend(named.map(|item| (item, id.clone())));
        let seal = match event.details.get("seal") {
            Some(Detail::Text(seal)) => Some(seal.clone()),
            _ => None,
        };
        let bag = Bag {
            seal,
            packed_by: None,
            event: hex::encode(&row.event_id),
            received_ms: *received_ms,
            items: Vec::new(),
            id: id.clone(),
        };
        bags.insert(id, (at, bag));
    }
    let ended = [ItemState::Delivered, ItemState::Returned, ItemState::Withdrawn].map(ItemState::code);
    let items = scope
        .items()
        // A list of them could be longer than a database takes parameters.
        .filter(item_custody::Column::ItemId.in_subquery(packed()))
        .filter(item_custody::Column::State.is_not_in(ended))
        .order_by_asc(item_custody::Column::ItemCode)
        .all(db)
        .await?;
    for item in items {
        let bag = lies_in.get(&item.item_id).and_then(|id| bags.get_mut(id));
        if let Some((_, bag)) = bag {
            bag.items.push(item);
        }
    }
    let people = packers(db, &rows).await?;
    let mut full: Vec<(usize, Bag)> = bags.into_values().filter(|(_, bag)| !bag.items.is_empty()).collect();
    full.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let with_packer = full.into_iter().map(|(at, bag)| Bag {
        packed_by: rows.get(at).and_then(|row| people.get(&row.device_id)).copied(),
        ..bag
    });
    Ok(with_packer.collect())
}

fn name(place: &Place) -> String {
    match place {
        Place::Text(text) => text.clone(),
        Place::Id(bytes) => hex::encode(bytes),
    }
}

/// Whose the devices are that packed.
async fn packers(
    db: &impl ConnectionTrait,
    rows: &[custody_event::Model],
) -> Result<HashMap<Vec<u8>, StaffId>, StoreError> {
    let devices: Vec<(Vec<u8>, Uuid)> = device::Entity::find()
        .select_only()
        .columns([device::Column::DeviceId, device::Column::StaffId])
        .filter(device::Column::DeviceId.is_in(rows.iter().map(|row| row.device_id.clone())))
        .into_tuple()
        .all(db)
        .await?;
    Ok(devices.into_iter().map(|(id, staff)| (id, StaffId(staff))).collect())
}
