//! One dossier's life: everything acts and custody say of it, folded under the rules of its day.

use super::report::items;
use super::rules;
use crate::project::{Enrolled, fact_of, moves_of, told_by};
use crate::table::{agency, custody_event, device, dossier, dossier_act, item_custody, item_event};
use crate::{Scope, StoreError};
use custody::fold::ItemCustody;
use custody::fold::ruling::Ruling;
use domain::calendar::local;
use domain::dossier::{Dossier, DossierFact, Policy, is_acceptance};
use domain::ids::DossierId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef};

/// A dossier as the rules see it.
#[derive(Debug, Clone)]
pub struct Life {
    /// What the facts add up to.
    pub dossier: Dossier,
    /// The facts, as they came to be known.
    pub facts: Vec<DossierFact>,
    /// The rules of the day it was taken or lodged; of today before that.
    pub policy: Policy,
    /// The code of the agency that decides.
    pub agency_code: String,
}

/// The life of a dossier these eyes may see, as known at `now_ms`.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: DossierId,
    now_ms: i64,
) -> Result<Option<Life>, StoreError> {
    let Some(row) = scope.dossiers().filter(dossier::Column::Id.eq(id.0)).one(db).await? else {
        return Ok(None);
    };
    let mode = row
        .mode
        .parse()
        .map_err(|error| StoreError::corrupt("dossier", id, error))?;
    let agency = agency::Entity::find_by_id(row.agency_id).one(db).await?;
    let mut facts = acts(db, id).await?;
    facts.extend(carried(db, id, now_ms).await?);
    let folded = Dossier::fold(id, mode, facts.iter().cloned());
    let began = folded.times.accepted_by_post_at_ms.or(folded.times.lodged_at_ms);
    let rules = rules::in_force(db, local(began.unwrap_or(now_ms)).0).await?;
    let policy = rules.map_or_else(Policy::default, |rules| Policy::from(&rules.law));
    Ok(Some(Life {
        dossier: folded,
        facts,
        policy,
        agency_code: agency.map_or_else(String::new, |agency| agency.code),
    }))
}

async fn acts(db: &impl ConnectionTrait, id: DossierId) -> Result<Vec<DossierFact>, StoreError> {
    let acts = dossier_act::Entity::find()
        .filter(dossier_act::Column::DossierId.eq(id.0))
        .order_by_asc(dossier_act::Column::LogIndex)
        .all(db)
        .await?;
    let facts = acts.iter().filter_map(|act| fact_of(&act.kind, act.at_ms, &act.data));
    Ok(facts.collect())
}

/// What custody says of the dossier, item by item.
async fn carried(db: &impl ConnectionTrait, id: DossierId, now_ms: i64) -> Result<Vec<DossierFact>, StoreError> {
    let folded = custody_of(db, &Scope::dossier(id), now_ms).await?;
    let mut facts = Vec::new();
    for custody in &folded {
        facts.extend(told_by(custody).map(|told| told.fact));
    }
    Ok(facts)
}

/// What their signed events say of the items these eyes see: where each went, what seal it has, what went wrong. Every event is read
/// again, so this is for one dossier's items and not for a list.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn custody_of(db: &impl ConnectionTrait, scope: &Scope, now_ms: i64) -> Result<Vec<ItemCustody>, StoreError> {
    let found = items::rows(db, scope, now_ms).await?;
    let parties = speakers(db, &found).await?;
    fold_all(db, &found, &parties, now_ms).await
}

async fn fold_all(
    db: &impl ConnectionTrait,
    found: &[items::Item],
    parties: &Enrolled,
    now_ms: i64,
) -> Result<Vec<ItemCustody>, StoreError> {
    let mut known = items::events(db, found, parties, now_ms).await?;
    let rulings = items::rulings(db, found, now_ms).await?;
    let fold = |item: &items::Item| {
        let events = known.remove(item.id.0.as_slice()).unwrap_or_default();
        item.fold(&events, rulings.get(&item.id).map_or(&[][..], Vec::as_slice), parties)
    };
    Ok(found.iter().map(fold).collect())
}

/// The fold of items whose rows somebody's eyes found, and the devices that speak in them.
pub(super) async fn custody_of_rows(
    db: &impl ConnectionTrait,
    rows: &[item_custody::Model],
    now_ms: i64,
) -> Result<Vec<ItemCustody>, StoreError> {
    let found: Vec<items::Item> = rows.iter().map(items::Item::of).collect::<Result<_, _>>()?;
    let parties = speakers(db, &found).await?;
    fold_all(db, &found, &parties, now_ms).await
}

/// The fold of an item as it would be with one more ruling.
pub(super) async fn custody_if(
    db: &impl ConnectionTrait,
    row: &item_custody::Model,
    trial: Ruling,
) -> Result<ItemCustody, StoreError> {
    let found = [items::Item::of(row)?];
    let parties = speakers(db, &found).await?;
    let mut known = items::events(db, &found, &parties, i64::MAX).await?;
    let mut rulings = items::rulings(db, &found, i64::MAX)
        .await?
        .remove(&found[0].id)
        .unwrap_or_default();
    rulings.push(trial);
    let events = known.remove(found[0].id.0.as_slice()).unwrap_or_default();
    Ok(found[0].fold(&events, &rulings, &parties))
}

/// When the post took an item from its sender, milliseconds UTC; none while it has not.
pub fn accepted_at_ms(custody: &ItemCustody) -> Option<i64> {
    moves_of(custody).find_map(|one| is_acceptance(one.moved, one.was_accepted).then_some(one.moved.at_ms))
}

/// The devices that speak of these items.
async fn speakers(db: &impl ConnectionTrait, found: &[items::Item]) -> Result<Enrolled, StoreError> {
    let event: RelationDef = item_event::Entity::belongs_to(custody_event::Entity)
        .from(item_event::Column::EventId)
        .to(custody_event::Column::EventId)
        .into();
    let devices: Vec<Vec<u8>> = item_event::Entity::find()
        .select_only()
        .column(custody_event::Column::DeviceId)
        .distinct()
        .join(JoinType::InnerJoin, event)
        .filter(item_event::Column::ItemId.is_in(found.iter().map(|item| item.id.0.to_vec())))
        .into_tuple()
        .all(db)
        .await?;
    let rows = device::Entity::find()
        .filter(device::Column::DeviceId.is_in(devices))
        .all(db)
        .await?;
    Enrolled::of(&rows)
}
