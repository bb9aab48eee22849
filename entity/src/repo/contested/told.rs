//! Each event of a case as it came, with who signed it, when, and what it names.

use crate::project;
use crate::repo::bracket;
use crate::repo::device::Device;
use crate::scope::Scope;
use crate::table::{blob, custody_event, device, event_evidence, inbox, item_custody, item_event};
use crate::{ServerKeys, StoreError};
use custody::bracket::Bracket;
use custody::envelope::Envelope;
use custody::event::Event;
use custody::ids::DeviceId;
use custody::kind::Kind;
use domain::holder::Holder;
use domain::ids::StaffId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One side of the story: an event, who signed it and when.
#[derive(Debug, Clone)]
pub struct Told {
    /// The event.
    pub event: Vec<u8>,
    /// What kind of event; none where the bytes are no event.
    pub kind: Option<Kind>,
    /// The device it names.
    pub device: Option<DeviceId>,
    /// For whom the device signs.
    pub party: Option<Holder>,
    /// Whose device it is.
    pub staff: Option<StaffId>,
    /// When it was signed, as far as that is proved; none where it is not certain who signed.
    pub bracket: Option<Bracket>,
    /// When the server had it, milliseconds UTC.
    pub received_ms: i64,
    /// The items it names, by label where these eyes see them.
    pub items: Vec<String>,
    /// How many more it names.
    pub others: usize,
    /// The hashes it names as evidence, and whether the bytes have come.
    pub evidence: Vec<([u8; 32], bool)>,
    /// The bytes as they came.
    pub raw: Vec<u8>,
}

/// An event's id, what it says where it can be read, its bytes and when they came.
type Came = (Vec<u8>, Option<Event>, Vec<u8>, i64);

/// Each of these events as it came, by id.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn told(
    db: &impl ConnectionTrait,
    keys: &ServerKeys,
    scope: &Scope,
    events: &BTreeSet<Vec<u8>>,
) -> Result<BTreeMap<Vec<u8>, Told>, StoreError> {
    let rows: Vec<(Vec<u8>, Vec<u8>, i64)> = inbox::Entity::find()
        .select_only()
        .columns([inbox::Column::EventId, inbox::Column::Raw, inbox::Column::ReceivedAt])
        .filter(inbox::Column::EventId.is_in(events.clone()))
        .into_tuple()
        .all(db)
        .await?;
    let read: Vec<Came> = rows
        .into_iter()
        .map(|(id, raw, received_ms)| {
            let event = Envelope::parse(&raw).ok().map(Envelope::into_event);
            (id, event, raw, received_ms)
        })
        .collect();
    let genuine = genuine(db, events).await?;
    let brackets = bracket::of(db, keys, &genuine).await?;
    let speakers = read.iter().filter_map(|(_, event, _, _)| Some(event.as_ref()?.device));
    let devices = devices(db, speakers.collect()).await?;
    let named = read
        .iter()
        .filter_map(|(_, event, _, _)| event.as_ref())
        .flat_map(|event| &event.items);
    let labels = labels(db, scope, named.map(|item| item.item.0.to_vec()).collect()).await?;
    let mut evidence = evidence(db, events).await?;
    let told = read.into_iter().map(|(id, event, raw, received_ms)| {
        let device = event.as_ref().map(|event| event.device);
        // Whoever names another's device is not that device.
        let known = device
            .and_then(|device| devices.get(&device))
            .filter(|_| genuine.contains(&id));
        let items: &[custody::event::ItemRef] = event.as_ref().map_or(&[], |event| &event.items);
        let shown: Vec<String> = items
            .iter()
            .filter_map(|item| labels.get(&item.item.0[..]).cloned())
            .collect();
        let one = Told {
            kind: event.as_ref().map(|event| event.kind),
            party: known.and_then(|known| known.holder(event.as_ref()?.hat()?)),
            staff: known.map(|known| known.staff),
            bracket: brackets.get(&id).copied(),
            others: items.len() - shown.len(),
            items: shown,
            evidence: evidence.remove(&id).unwrap_or_default(),
            event: id.clone(),
            device,
            received_ms,
            raw,
        };
        (id, one)
    });
    Ok(told.collect())
}

/// Those of these events that are certainly of the device they name.
async fn genuine(db: &impl ConnectionTrait, events: &BTreeSet<Vec<u8>>) -> Result<BTreeSet<Vec<u8>>, StoreError> {
    let rows: Vec<Vec<u8>> = custody_event::Entity::find()
        .select_only()
        .column(custody_event::Column::EventId)
        .filter(custody_event::Column::EventId.is_in(events.clone()))
        .filter(custody_event::Column::Verdict.is_not_in(project::NOT_GENUINE))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

async fn devices(db: &impl ConnectionTrait, ids: BTreeSet<DeviceId>) -> Result<HashMap<DeviceId, Device>, StoreError> {
    let rows = device::Entity::find()
        .filter(device::Column::DeviceId.is_in(ids.into_iter().map(|id| id.0.to_vec())))
        .all(db)
        .await?;
    let read = rows
        .iter()
        .map(|row| Device::from_row(row).map(|device| (device.id, device)));
    read.collect()
}

/// The labels of those of these items that these eyes see.
async fn labels(
    db: &impl ConnectionTrait,
    scope: &Scope,
    items: BTreeSet<Vec<u8>>,
) -> Result<HashMap<Vec<u8>, String>, StoreError> {
    let rows = scope
        .items()
        .filter(item_custody::Column::ItemId.is_in(items))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.item_id, row.item_code)).collect())
}

async fn evidence(
    db: &impl ConnectionTrait,
    events: &BTreeSet<Vec<u8>>,
) -> Result<HashMap<Vec<u8>, Vec<([u8; 32], bool)>>, StoreError> {
    let named = event_evidence::Entity::find()
        .filter(event_evidence::Column::EventId.is_in(events.clone()))
        .order_by_asc(event_evidence::Column::Sha256)
        .all(db)
        .await?;
    let here: Vec<Vec<u8>> = blob::Entity::find()
        .select_only()
        .column(blob::Column::Sha256)
        .filter(blob::Column::Sha256.is_in(named.iter().map(|row| row.sha256.clone())))
        .into_tuple()
        .all(db)
        .await?;
    let here: BTreeSet<Vec<u8>> = here.into_iter().collect();
    let mut found: HashMap<Vec<u8>, Vec<([u8; 32], bool)>> = HashMap::new();
    for row in named {
        let is_here = here.contains(&row.sha256);
        if let Ok(sha256) = row.sha256.try_into() {
            found.entry(row.event_id).or_default().push((sha256, is_here));
        }
    }
    Ok(found)
}

/// The items each event touches that these eyes see.
pub(super) async fn items_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    events: &BTreeSet<Vec<u8>>,
) -> Result<HashMap<Vec<u8>, Vec<(String, uuid::Uuid)>>, StoreError> {
    let links = item_event::Entity::find()
        .filter(item_event::Column::EventId.is_in(events.clone()))
        .all(db)
        .await?;
    let rows = scope
        .items()
        .filter(item_custody::Column::ItemId.is_in(links.iter().map(|link| link.item_id.clone())))
        .all(db)
        .await?;
    let rows: HashMap<Vec<u8>, (String, uuid::Uuid)> = rows
        .into_iter()
        .map(|row| (row.item_id, (row.item_code, row.dossier_id)))
        .collect();
    let mut found: HashMap<Vec<u8>, Vec<(String, uuid::Uuid)>> = HashMap::new();
    for link in links {
        if let Some(item) = rows.get(&link.item_id) {
            found.entry(link.event_id).or_default().push(item.clone());
        }
    }
    for items in found.values_mut() {
        items.sort();
    }
    Ok(found)
}
