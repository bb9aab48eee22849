//! What waits for a person: items in dispute, events that are kept and not applied, events that wait for another one too long. Each
//! with everything that is told about it, so that whoever rules sees both stories.
//!
//! Who sees a case: whoever sees one of its items, and an office or agency whose people's device signed or brought it.

mod case;
mod told;

pub use case::{Case, Lane, ParseCaseError};
pub use told::{Told, told};

use super::life;
use crate::project::{self, ruled};
use crate::scope::Scope;
use crate::table::{custody_event, desk, device, item_custody, item_event, parked, quarantine, staff};
use crate::{ServerKeys, StoreError};
use custody::fold::ruling::Ruling;
use custody::fold::{DisputeReason, ItemCustody, ParkReason};
use custody::ids::{EventId, ItemId};
use domain::holder::Holder;
use sea_orm::sea_query::{Condition, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use std::collections::BTreeSet;
use told::items_of;

/// An event that waits no longer than this is nobody's task yet: most that wait are mended by the other phone's next sync.
pub const PATIENCE_MS: i64 = 3_600_000;

/// A case.
#[derive(Debug, Clone)]
pub struct Contested {
    /// What it is about.
    pub case: Case,
    /// Why it waits for a person.
    pub lane: Lane,
    /// The reason, as a stable word.
    pub reason: String,
    /// Since when the server knows, milliseconds UTC.
    pub since_ms: i64,
    /// Labels of the items these eyes see it touch, and whose they are.
    pub items: Vec<(String, uuid::Uuid)>,
    /// Who holds the item meanwhile, where it is about one.
    pub holder: Option<Holder>,
    /// The events that contradict each other, or the one that is not applied.
    pub branches: Vec<Told>,
    /// The fold of the item in dispute.
    pub custody: Option<ItemCustody>,
}

/// Everything these eyes see that waits for a person, the longest waiting first.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn list(
    db: &impl ConnectionTrait,
    keys: &ServerKeys,
    scope: &Scope,
    now_ms: i64,
    limit: u64,
) -> Result<Vec<Contested>, StoreError> {
    let disputed = scope
        .items()
        .filter(item_custody::Column::Disputed.eq(true))
        .order_by_asc(item_custody::Column::LogIndex)
        .limit(limit)
        .all(db)
        .await?;
    let seen = seen(db, scope).await?;
    let apart = apart(&seen, None).limit(limit).all(db).await?;
    let waiting = waiting(&seen, None)
        .filter(parked::Column::Since.lt(now_ms - PATIENCE_MS))
        .limit(limit)
        .all(db)
        .await?;
    let mut found = build(db, keys, scope, (disputed, apart, waiting), now_ms).await?;
    found.sort_by_key(|one| (one.since_ms, one.case));
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// One case, if these eyes see it and it still waits.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn find(
    db: &impl ConnectionTrait,
    keys: &ServerKeys,
    scope: &Scope,
    case: Case,
    now_ms: i64,
) -> Result<Option<Contested>, StoreError> {
    let (mut disputed, mut quarantined, mut parked) = (Vec::new(), Vec::new(), Vec::new());
    match case {
        Case::Item(item) => {
            let one = scope
                .items()
                .filter(item_custody::Column::ItemId.eq(item.0.to_vec()))
                .filter(item_custody::Column::Disputed.eq(true));
            disputed = one.all(db).await?;
        }
        Case::Event(event) => {
            let seen = seen(db, scope).await?;
            quarantined = apart(&seen, Some(event)).all(db).await?;
            if quarantined.is_empty() {
                parked = waiting(&seen, Some(event)).all(db).await?;
            }
        }
    }
    Ok(build(db, keys, scope, (disputed, quarantined, parked), now_ms)
        .await?
        .pop())
}

/// Which events these eyes see.
struct Seen {
    /// Those about items they see, and those of their own people's devices.
    events: Condition,
    /// How their own people's devices are named as those who brought something.
    sources: Vec<String>,
    is_everything: bool,
}

async fn seen(db: &impl ConnectionTrait, scope: &Scope) -> Result<Seen, StoreError> {
    let items = scope.items().select_only().column(item_custody::Column::ItemId);
    let linked = Query::select()
        .column(item_event::Column::EventId)
        .from(item_event::Entity)
        .and_where(item_event::Column::ItemId.in_subquery(items.into_query()))
        .to_owned();
    let mut events = Condition::any().add(custody_event::Column::EventId.in_subquery(linked));
    let mut sources = Vec::new();
    if let Some(people) = people(scope) {
        let devices: Vec<Vec<u8>> = device::Entity::find()
            .select_only()
            .column(device::Column::DeviceId)
            .filter(device::Column::StaffId.in_subquery(people))
            .into_tuple()
            .all(db)
            .await?;
        sources = devices.iter().map(|id| format!("device:{}", hex::encode(id))).collect();
        events = events.add(custody_event::Column::DeviceId.is_in(devices));
    }
    Ok(Seen {
        events,
        sources,
        is_everything: *scope == Scope::everything(),
    })
}

/// The people of an office or agency.
fn people(scope: &Scope) -> Option<SelectStatement> {
    let mut people = Query::select();
    people.column(staff::Column::Id).from(staff::Entity);
    if let Some(office) = scope.office() {
        people.and_where(staff::Column::ServicePointId.eq(office.0));
    } else {
        let agency = scope.as_agency()?;
        let desks = Query::select()
            .column(desk::Column::Id)
            .from(desk::Entity)
            .and_where(desk::Column::AgencyId.eq(agency.0))
            .to_owned();
        let theirs = Condition::any()
            .add(staff::Column::AgencyId.eq(agency.0))
            .add(staff::Column::DeskId.in_subquery(desks));
        people.cond_where(theirs);
    }
    Some(people)
}

fn readable(seen: &Seen) -> SelectStatement {
    Query::select()
        .column(custody_event::Column::EventId)
        .from(custody_event::Entity)
        .cond_where(seen.events.clone())
        .to_owned()
}

/// Events in quarantine that nobody has ruled on.
fn apart(seen: &Seen, one: Option<EventId>) -> sea_orm::Select<quarantine::Entity> {
    let mut query = quarantine::Entity::find()
        .filter(quarantine::Column::EventId.not_in_subquery(ruled()))
        .order_by_asc(quarantine::Column::LogIndex);
    if let Some(event) = one {
        query = query.filter(quarantine::Column::EventId.eq(event.0.to_vec()));
    }
    if !seen.is_everything {
        let theirs = Condition::any()
            .add(quarantine::Column::EventId.in_subquery(readable(seen)))
            .add(quarantine::Column::Source.is_in(seen.sources.clone()));
        query = query.filter(theirs);
    }
    query
}

/// Events that wait for another one. What waits behind a dispute is settled with it.
fn waiting(seen: &Seen, one: Option<EventId>) -> sea_orm::Select<parked::Entity> {
    let mut query = parked::Entity::find()
        .filter(parked::Column::Reason.ne(ParkReason::BehindDispute.as_str()))
        .filter(parked::Column::EventId.not_in_subquery(ruled()))
        .order_by_asc(parked::Column::LogIndex);
    if let Some(event) = one {
        query = query.filter(parked::Column::EventId.eq(event.0.to_vec()));
    }
    if !seen.is_everything {
        query = query.filter(parked::Column::EventId.in_subquery(readable(seen)));
    }
    query
}

type Rows = (Vec<item_custody::Model>, Vec<quarantine::Model>, Vec<parked::Model>);

async fn build(
    db: &impl ConnectionTrait,
    keys: &ServerKeys,
    scope: &Scope,
    (disputed, apart, waiting): Rows,
    now_ms: i64,
) -> Result<Vec<Contested>, StoreError> {
    let folded = life::custody_of_rows(db, &disputed, now_ms).await?;
    let mut wanted: BTreeSet<Vec<u8>> = BTreeSet::new();
    for custody in &folded {
        let branches = custody.disputed.iter().flat_map(|dispute| &dispute.branches);
        wanted.extend(branches.map(|id| id.0.to_vec()));
    }
    wanted.extend(apart.iter().map(|row| row.event_id.clone()));
    wanted.extend(waiting.iter().map(|row| row.event_id.clone()));
    let told = told(db, keys, scope, &wanted).await?;
    let mut found = Vec::new();
    for (row, custody) in disputed.into_iter().zip(folded) {
        let Some(dispute) = custody.disputed.clone() else {
            continue;
        };
        let branches: Vec<Told> = dispute
            .branches
            .iter()
            .filter_map(|id| told.get(id.0.as_slice()).cloned())
            .collect();
        found.push(Contested {
            case: Case::Item(custody.item),
            lane: Lane::Dispute,
            reason: dispute.reason.as_str().to_owned(),
            since_ms: known_since(&branches, dispute.reason).unwrap_or(dispute.since_ms),
            items: vec![(row.item_code, row.dossier_id)],
            holder: custody.holder,
            branches,
            custody: Some(custody),
        });
    }
    let items = items_of(db, scope, &wanted).await?;
    let apart = apart
        .into_iter()
        .map(|row| (row.event_id, row.reason, row.since, Lane::Quarantine));
    let waiting = waiting
        .into_iter()
        .map(|row| (row.event_id, row.reason, row.since, Lane::Parked));
    for (event, reason, since_ms, lane) in apart.chain(waiting) {
        let id = event.clone().try_into();
        let id = id.map_err(|_| StoreError::corrupt("quarantine", hex::encode(&event), "event_id"))?;
        found.push(Contested {
            case: Case::Event(EventId(id)),
            lane,
            reason,
            since_ms,
            items: items.get(&event).cloned().unwrap_or_default(),
            holder: None,
            branches: told.get(&event).cloned().into_iter().collect(),
            custody: None,
        });
    }
    Ok(found)
}

/// Whether the item would go on without a dispute, were it ruled so.
pub(super) async fn settles(
    db: &impl ConnectionTrait,
    scope: &Scope,
    item: ItemId,
    ruled: &project::Ruled,
) -> Result<bool, StoreError> {
    let one = scope.items().filter(item_custody::Column::ItemId.eq(item.0.to_vec()));
    let (Some(row), Some(on)) = (one.one(db).await?, ruled.on()) else {
        return Ok(false);
    };
    let trial = Ruling {
        id: EventId([0xff; 32]),
        at_ms: row.since_ms,
        place: i64::MAX,
        on,
    };
    let custody = life::custody_if(db, &row, trial).await?;
    let is_ruled = custody.settled.iter().any(|settled| settled.id == EventId([0xff; 32]));
    Ok(is_ruled && custody.disputed.is_none())
}

/// When the server came to know of a dispute: with the second of the branches, or with the only one.
fn known_since(branches: &[Told], reason: DisputeReason) -> Option<i64> {
    let mut received: Vec<i64> = branches.iter().map(|told| told.received_ms).collect();
    received.sort_unstable();
    let needs_two = !matches!(reason, DisputeReason::NotHolder | DisputeReason::IllegalMove);
    let at = usize::from(needs_two && received.len() > 1);
    received.get(at).copied()
}
