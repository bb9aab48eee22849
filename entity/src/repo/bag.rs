//! Sealed bags (túi): what lies in each, who holds it, and its story. Whoever holds the bag holds what lies in it.

use super::handover::{Texts, signed};
use crate::project::OK;
use crate::table::{custody_event, device, item_custody, item_event};
use crate::{Scope, StoreError};
use custody::ids::ItemId;
use custody::kind::Kind;
use domain::ids::StaffId;
use domain::item::ItemState;
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Events of bags looked back at: a province packs some hundred bags a day.
const MOST: u64 = 5_000;

/// A bag with envelopes in it.
#[derive(Debug, Clone)]
pub struct Bag {
    /// What is written on it.
    pub id: String,
    /// The number on its seal, as signed when it was packed.
    pub seal: Option<String>,
    /// Who packed it.
    pub packed_by: Option<StaffId>,
    /// That event, in hex.
    pub event: String,
    /// When it came, milliseconds UTC.
    pub received_ms: i64,
    /// What these eyes see of what lies in it.
    pub items: Vec<item_custody::Model>,
    /// What was signed of it, in the order the server heard of it.
    pub story: Vec<Step>,
}

/// Something signed of a bag.
#[derive(Debug, Clone)]
pub struct Step {
    /// The event, in hex.
    pub event: String,
    /// What happened.
    pub kind: Kind,
    /// Whose device signed.
    pub staff: Option<StaffId>,
    /// When it came, milliseconds UTC.
    pub received_ms: i64,
    /// Where it stands in the log.
    pub log_index: i64,
}

/// The bags that something these eyes see lies in, the one packed last first. What was delivered or came back lies in none.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn list(db: &impl ConnectionTrait, scope: &Scope) -> Result<Vec<Bag>, StoreError> {
    let ended = [ItemState::Delivered, ItemState::Returned, ItemState::Withdrawn].map(ItemState::code);
    let items = scope
        .items()
        .filter(item_custody::Column::Bag.is_not_null())
        .filter(item_custody::Column::State.is_not_in(ended))
        .order_by_asc(item_custody::Column::ItemCode)
        .all(db)
        .await?;
    let mut contents: BTreeMap<String, Vec<item_custody::Model>> = BTreeMap::new();
    for item in items {
        if let Some(bag) = item.bag.clone() {
            contents.entry(bag).or_default().push(item);
        }
    }
    let mut stories = stories(db, contents.keys()).await?;
    let bags = contents.into_iter().filter_map(|(id, items)| {
        let (steps, seals) = stories.remove(ItemId::of(&id).0.as_slice())?;
        let packing = items.first()?.packed_in.as_deref().map(hex::encode)?;
        let at = steps.iter().position(|step| step.event == packing)?;
        let log_index = steps[at].log_index;
        let bag = Bag {
            id,
            seal: seals.get(&packing).cloned(),
            packed_by: steps[at].staff,
            received_ms: steps[at].received_ms,
            event: packing,
            items,
            story: steps,
        };
        Some((log_index, bag))
    });
    let mut bags: Vec<(i64, Bag)> = bags.collect();
    bags.sort_by_key(|(packed_at, _)| std::cmp::Reverse(*packed_at));
    Ok(bags.into_iter().map(|(_, bag)| bag).collect())
}

/// What was signed of each bag, and the seals by the packing that names them.
type Story = (Vec<Step>, HashMap<String, String>);

async fn stories(
    db: &impl ConnectionTrait,
    labels: impl Iterator<Item = &String>,
) -> Result<HashMap<Vec<u8>, Story>, StoreError> {
    let bags: Vec<Vec<u8>> = labels.map(|label| ItemId::of(label).0.to_vec()).collect();
    let linked = Query::select()
        .column(item_event::Column::EventId)
        .from(item_event::Entity)
        .and_where(item_event::Column::ItemId.is_in(bags.clone()))
        .to_owned();
    let rows = custody_event::Entity::find()
        .filter(custody_event::Column::EventId.in_subquery(linked))
        .filter(custody_event::Column::Verdict.eq(OK))
        .order_by_desc(custody_event::Column::LogIndex)
        .limit(MOST)
        .all(db)
        .await?;
    let ids: Vec<Vec<u8>> = rows.iter().map(|row| row.event_id.clone()).collect();
    let texts = signed(db, ids.clone()).await?;
    let people = people(db, &rows).await?;
    let links: Vec<(Vec<u8>, Vec<u8>)> = item_event::Entity::find()
        .select_only()
        .columns([item_event::Column::EventId, item_event::Column::ItemId])
        .filter(item_event::Column::ItemId.is_in(bags))
        .filter(item_event::Column::EventId.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    let mut bags_of: HashMap<Vec<u8>, Vec<Vec<u8>>> = HashMap::new();
    for (event, bag) in links {
        bags_of.entry(event).or_default().push(bag);
    }
    let mut stories: HashMap<Vec<u8>, Story> = HashMap::new();
    for row in rows.iter().rev() {
        for bag in bags_of.get(&row.event_id).into_iter().flatten() {
            tell(stories.entry(bag.clone()).or_default(), row, &texts, &people);
        }
    }
    Ok(stories)
}

fn tell(story: &mut Story, row: &custody_event::Model, texts: &Texts, people: &HashMap<Vec<u8>, StaffId>) {
    let Some((event, received_ms)) = texts.get(&row.event_id) else {
        return;
    };
    let id = hex::encode(&row.event_id);
    if let Some(seal) = event.bag_seal() {
        story.1.insert(id.clone(), seal.to_owned());
    }
    story.0.push(Step {
        event: id,
        kind: event.kind,
        staff: people.get(&row.device_id).copied(),
        received_ms: *received_ms,
        log_index: row.log_index,
    });
}

/// Whose the devices are that signed.
async fn people(
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
