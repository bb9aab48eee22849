//! Items and what their custody tells of them and of their dossiers, as known at an hour.

use super::dossiers::Owner;
use super::ground::Ground;
use crate::project::{CHAIN_BROKEN, DEVICE_FORKED, Enrolled, OK, fold_events, moves_of, rulings_of, told_by, trusted};
use crate::table::{custody_event, device, inbox, item_custody, item_event, postal_item, quarantine, ruling};
use crate::{Scope, StoreError};
use custody::envelope::Envelope;
use custody::event::Event;
use custody::fold::ItemCustody;
use custody::fold::ruling::Ruling;
use custody::ids::{EventId, ItemId};
use domain::calendar::CalendarKind;
use domain::dossier::is_acceptance;
use domain::item::{AttemptReason, Incident, ItemKind};
use domain::report::Recorded;
use domain::report::post::{ItemFact, ItemHistory, accepted, facts_of_move};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Items whose signed events are in memory at once; well under every database's limit of parameters.
const CHUNK: usize = 500;

/// An item's row.
pub(in crate::repo) struct Item {
    pub(in crate::repo) id: ItemId,
    code: String,
    kind: ItemKind,
    dossier: Uuid,
    created_at: i64,
}

/// Trusted events of one item, with the hours they were received.
pub(in crate::repo) type Events = Vec<(EventId, Event, i64)>;

impl Item {
    /// The item of a row that somebody's eyes found.
    pub(in crate::repo) fn of(row: &item_custody::Model) -> Result<Self, StoreError> {
        let bad = |why: &str| StoreError::corrupt("item_custody", &row.item_code, why);
        Ok(Self {
            id: row.item_id.clone().try_into().map(ItemId).map_err(|_| bad("item_id"))?,
            kind: row.kind.parse().map_err(|_| bad("kind"))?,
            code: row.item_code.clone(),
            dossier: row.dossier_id,
            created_at: row.since_ms,
        })
    }

    /// What its events and what was ruled add up to.
    pub(in crate::repo) fn fold(&self, events: &Events, rulings: &[Ruling], parties: &Enrolled) -> ItemCustody {
        fold_events(self.id, self.kind, events, rulings, parties)
    }
}

/// What was ruled about these items by an hour, by item.
pub(in crate::repo) async fn rulings(
    db: &impl ConnectionTrait,
    items: &[Item],
    as_of_ms: i64,
) -> Result<HashMap<ItemId, Vec<Ruling>>, StoreError> {
    // As a rule there is none at all, and then nobody asks item by item.
    let mut found = HashMap::new();
    if ruling::Entity::find().limit(1).one(db).await?.is_some() {
        for item in items {
            found.insert(item.id, rulings_of(db, &item.id.0, as_of_ms).await?);
        }
    }
    Ok(found)
}

/// The items these eyes see. What custody tells of a dossier is added to its owner's facts.
pub(super) async fn read(
    db: &impl ConnectionTrait,
    scope: &Scope,
    as_of_ms: i64,
    ground: &Ground,
    owners: &mut BTreeMap<Uuid, Owner>,
) -> Result<Vec<ItemHistory>, StoreError> {
    let parties = enrolled(db, as_of_ms).await?;
    let items = rows(db, scope, as_of_ms).await?;
    let mut histories = Vec::with_capacity(items.len());
    for chunk in items.chunks(CHUNK) {
        let mut known = events(db, chunk, &parties, as_of_ms).await?;
        let rulings = rulings(db, chunk, as_of_ms).await?;
        for item in chunk {
            let Some(owner) = owners.get_mut(&item.dossier) else {
                continue;
            };
            let events = known.remove(item.id.0.as_slice()).unwrap_or_default();
            let ruled = rulings.get(&item.id).map_or(&[][..], Vec::as_slice);
            let custody = item.fold(&events, ruled, &parties);
            let story = Story { item, events, custody };
            for told in told_by(&story.custody) {
                owner
                    .facts
                    .push(Recorded::new(story.recorded(owner, told.by), told.fact));
            }
            histories.push(ItemHistory {
                code: item.code.clone(),
                kind: item.kind,
                procedure: owner.procedure.as_deref().and_then(|code| code.parse().ok()),
                facts: story.facts(owner, ground),
            });
        }
    }
    Ok(histories)
}

/// The items these eyes see.
pub(in crate::repo) async fn rows(
    db: &impl ConnectionTrait,
    scope: &Scope,
    as_of_ms: i64,
) -> Result<Vec<Item>, StoreError> {
    let rows: Vec<(Vec<u8>, String, String, Uuid, i64)> = postal_item::Entity::find()
        .select_only()
        .columns([
            postal_item::Column::ItemId,
            postal_item::Column::ItemCode,
            postal_item::Column::Kind,
            postal_item::Column::DossierId,
            postal_item::Column::CreatedAt,
        ])
        .filter(postal_item::Column::DossierId.in_subquery(scope.dossier_ids()))
        .filter(postal_item::Column::CreatedAt.lte(as_of_ms))
        .order_by_asc(postal_item::Column::ItemId)
        .into_tuple()
        .all(db)
        .await?;
    rows.into_iter()
        .map(|(id, code, kind, dossier, created_at)| {
            let bad = |why: &str| StoreError::corrupt("postal_item", &code, why);
            Ok(Item {
                id: id.try_into().map(ItemId).map_err(|_| bad("item_id"))?,
                kind: kind.parse().map_err(|_| bad("kind"))?,
                code,
                dossier,
                created_at,
            })
        })
        .collect()
}

/// The devices that were enrolled at an hour.
async fn enrolled(db: &impl ConnectionTrait, as_of_ms: i64) -> Result<Enrolled, StoreError> {
    let act: RelationDef = device::Entity::belongs_to(inbox::Entity)
        .from(device::Column::EnrolledIndex)
        .to(inbox::Column::LogIndex)
        .into();
    let rows = device::Entity::find()
        .join(JoinType::InnerJoin, act)
        .filter(inbox::Column::ReceivedAt.lte(as_of_ms))
        .all(db)
        .await?;
    Enrolled::of(&rows)
}

/// The events of items that were received and trusted at an hour, by item. What was distrusted since then, because its
/// device was found to have two stories, was trusted until then.
pub(in crate::repo) async fn events(
    db: &impl ConnectionTrait,
    items: &[Item],
    parties: &Enrolled,
    as_of_ms: i64,
) -> Result<HashMap<Vec<u8>, Events>, StoreError> {
    let verdict: RelationDef = item_event::Entity::belongs_to(custody_event::Entity)
        .from(item_event::Column::EventId)
        .to(custody_event::Column::EventId)
        .into();
    let received: RelationDef = item_event::Entity::belongs_to(inbox::Entity)
        .from(item_event::Column::EventId)
        .to(inbox::Column::EventId)
        .into();
    let distrust: RelationDef = item_event::Entity::belongs_to(quarantine::Entity)
        .from(item_event::Column::EventId)
        .to(quarantine::Column::EventId)
        .into();
    // What is trusted since a ruling was not before it.
    let ruled_later = trusted().and_where(ruling::Column::AtMs.gt(as_of_ms)).to_owned();
    let distrusted = Condition::any()
        .add(custody_event::Column::Verdict.is_in([DEVICE_FORKED, CHAIN_BROKEN]))
        .add(custody_event::Column::EventId.in_subquery(ruled_later.clone()));
    let was_trusted = Condition::all()
        .add(distrusted)
        .add(quarantine::Column::Since.gt(as_of_ms));
    let is_trusted = Condition::all()
        .add(custody_event::Column::Verdict.eq(OK))
        .add(custody_event::Column::EventId.not_in_subquery(ruled_later));
    let rows: Vec<(Vec<u8>, Vec<u8>, i64, bool)> = item_event::Entity::find()
        .select_only()
        .column(item_event::Column::ItemId)
        .columns([inbox::Column::Raw, inbox::Column::ReceivedAt])
        .column(custody_event::Column::TimeIsOurs)
        .join(JoinType::InnerJoin, verdict)
        .join(JoinType::InnerJoin, received)
        .join(JoinType::LeftJoin, distrust)
        .filter(item_event::Column::ItemId.is_in(items.iter().map(|item| item.id.0.to_vec())))
        .filter(inbox::Column::ReceivedAt.lte(as_of_ms))
        .filter(Condition::any().add(is_trusted).add(was_trusted))
        .into_tuple()
        .all(db)
        .await?;
    let mut events: HashMap<Vec<u8>, Events> = HashMap::new();
    for (item, raw, received_ms, time_is_ours) in rows {
        let envelope =
            Envelope::parse(&raw).map_err(|error| StoreError::corrupt("inbox", hex::encode(&item), error))?;
        if parties.0.contains_key(&envelope.event().device) {
            let (id, event) = (envelope.id(), envelope.into_event());
            // As the projector believes it.
            let beacon = event.beacon.filter(|_| time_is_ours);
            events
                .entry(item)
                .or_default()
                .push((id, Event { beacon, ..event }, received_ms));
        }
    }
    Ok(events)
}

/// One item, what was received of it and what that adds up to.
struct Story<'a> {
    item: &'a Item,
    events: Events,
    custody: ItemCustody,
}

impl Story<'_> {
    fn event(&self, id: EventId) -> Option<(&Event, i64)> {
        let found = self.events.iter().find(|(known, _, _)| *known == id);
        found.map(|(_, event, received_ms)| (event, *received_ms))
    }

    /// When what an event says was recorded: not before there was an item it could be about.
    fn recorded(&self, owner: &Owner, id: EventId) -> i64 {
        // What is no event of a device is a ruling, recorded when it was made.
        let ruled_ms = || {
            self.custody
                .applied
                .iter()
                .find(|step| step.id == id)
                .map(|step| step.at_ms)
        };
        let received_ms = self.event(id).map(|(_, received_ms)| received_ms).or_else(ruled_ms);
        let received_ms = received_ms.unwrap_or(i64::MIN);
        owner.recorded(received_ms.max(self.item.created_at))
    }

    /// The hours the quality of carriage is measured by.
    fn facts(&self, owner: &Owner, ground: &Ground) -> Vec<Recorded<ItemFact>> {
        let kind = self.item.kind;
        let differs = |incident: Incident| matches!(incident, Incident::Missing | Incident::SealMismatch);
        let differed = self.custody.incidents.iter().any(|(_, incident)| differs(*incident));
        let mut facts = Vec::new();
        for one in moves_of(&self.custody) {
            let recorded_ms = self.recorded(owner, one.step.id);
            let mut record = |fact| facts.push(Recorded::new(recorded_ms, fact));
            if is_acceptance(one.moved, one.was_accepted) {
                let way = ground.way(owner, kind, one.step.to);
                let post = ground.book.calendar(CalendarKind::Post, None, recorded_ms);
                let days = ground.postal_days(one.step.at_ms);
                record(accepted(one.step.at_ms, way, ground.geography(), &days, &post));
            } else if one.was_accepted {
                let reason = one.step.reason.and_then(AttemptReason::from_code);
                facts_of_move(kind, one.moved, reason, differed)
                    .into_iter()
                    .for_each(record);
            }
        }
        for (id, incident) in &self.custody.incidents {
            if let Some((event, received_ms)) = self.event(*id) {
                let fact = ItemFact::Incident {
                    at_ms: event.at_ms(received_ms),
                    incident: *incident,
                };
                facts.push(Recorded::new(self.recorded(owner, *id), fact));
            }
        }
        facts
    }
}
