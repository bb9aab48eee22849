//! Items something is wrong with (sự cố): damaged or missing by what somebody signed, in dispute, refused, not delivered, waiting
//! for an event that has not come.

use super::handover::signed;
use crate::project::OK;
use crate::table::{custody_event, dossier_state, item_custody, item_event};
use crate::{Scope, StoreError};
use custody::event::exception_code;
use custody::ids::ItemId;
use custody::kind::Kind;
use domain::item::{Incident, ItemState};
use sea_orm::sea_query::{Condition, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// What somebody signed that is wrong with an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What.
    pub incident: Incident,
    /// The event, in hex.
    pub event: String,
    /// When it came, milliseconds UTC.
    pub received_ms: i64,
}

/// An item something is wrong with.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// The item.
    pub item: item_custody::Model,
    /// The code of its dossier.
    pub dossier_code: Option<String>,
    /// What somebody signed, oldest first.
    pub told: Vec<Told>,
}

/// States that say by themselves that something went wrong.
const TROUBLED: [ItemState; 4] = [
    ItemState::AttemptFailed,
    ItemState::HeldForPickup,
    ItemState::Refused,
    ItemState::Returning,
];

/// Events that name what is wrong: an exception of its own, and an acceptance that leaves items out.
const NAMING: [Kind; 2] = [Kind::Exception, Kind::Accept];

fn code(kind: Kind) -> i64 {
    i64::try_from(kind.code()).unwrap_or(i64::MAX)
}

/// Items with an exception of their own.
fn excepted() -> SelectStatement {
    let events = Query::select()
        .column(custody_event::Column::EventId)
        .from(custody_event::Entity)
        .and_where(custody_event::Column::Kind.eq(code(Kind::Exception)))
        .and_where(custody_event::Column::Verdict.eq(OK))
        .to_owned();
    Query::select()
        .column(item_event::Column::ItemId)
        .from(item_event::Entity)
        .and_where(item_event::Column::EventId.in_subquery(events))
        .to_owned()
}

/// A page of the items these eyes see that something is wrong with, those it is longest wrong with last.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    before: Option<(i64, [u8; 16])>,
    limit: u64,
) -> Result<Vec<Trouble>, StoreError> {
    let (since, id) = (item_custody::Column::SinceMs, item_custody::Column::ItemId);
    let ended = [ItemState::Delivered, ItemState::Returned, ItemState::Withdrawn].map(ItemState::code);
    let wrong = Condition::any()
        .add(item_custody::Column::Disputed.eq(true))
        .add(item_custody::Column::Parked.gt(0))
        .add(item_custody::Column::State.is_in(TROUBLED.map(ItemState::code)))
        .add(
            Condition::all()
                .add(id.in_subquery(excepted()))
                .add(item_custody::Column::State.is_not_in(ended)),
        );
    let mut query = scope.items().filter(wrong);
    if let Some((at, item)) = before {
        let same = Condition::all().add(since.eq(at)).add(id.lt(item.to_vec()));
        query = query.filter(Condition::any().add(since.lt(at)).add(same));
    }
    let rows = query
        .order_by_desc(since)
        .order_by_desc(id)
        .limit(limit)
        .all(db)
        .await?;
    let told = told(db, rows.iter().map(|row| row.item_id.clone()).collect()).await?;
    let dossiers: Vec<Uuid> = rows.iter().map(|row| row.dossier_id).collect();
    let codes: HashMap<Uuid, Option<String>> = dossier_state::Entity::find()
        .filter(dossier_state::Column::DossierId.is_in(dossiers))
        .all(db)
        .await?
        .into_iter()
        .map(|state| (state.dossier_id, state.code))
        .collect();
    let all = rows.into_iter().map(|item| Trouble {
        dossier_code: codes.get(&item.dossier_id).cloned().flatten(),
        told: told_of(&told, &item),
        item,
    });
    Ok(all.collect())
}

/// What is told of an item, and of the sealed bag it lies in.
fn told_of(told: &HashMap<Vec<u8>, Vec<Told>>, item: &item_custody::Model) -> Vec<Told> {
    let bag = item.bag.as_deref().map(|label| ItemId::of(label).0.to_vec());
    let ids = std::iter::once(&item.item_id).chain(&bag);
    ids.filter_map(|id| told.get(id)).flatten().cloned().collect()
}

/// What is signed of these items, or of bags they lay in, that is wrong, by what it names.
async fn told(db: &impl ConnectionTrait, items: Vec<Vec<u8>>) -> Result<HashMap<Vec<u8>, Vec<Told>>, StoreError> {
    let links = item_event::Entity::find()
        .filter(item_event::Column::ItemId.is_in(items))
        .all(db)
        .await?;
    let naming = custody_event::Entity::find()
        .filter(custody_event::Column::EventId.is_in(links.iter().map(|link| link.event_id.clone())))
        .filter(custody_event::Column::Kind.is_in(NAMING.map(code)))
        .filter(custody_event::Column::Verdict.eq(OK))
        .order_by_asc(custody_event::Column::LogIndex)
        .all(db)
        .await?;
    let texts = signed(db, naming.iter().map(|row| row.event_id.clone()).collect()).await?;
    let mut told: HashMap<Vec<u8>, Vec<Told>> = HashMap::new();
    for row in naming {
        let Some((event, received_ms)) = texts.get(&row.event_id) else {
            continue;
        };
        let left_out = event.exceptions().iter().map(|one| (one.item, one.code));
        let named = event.items.iter().map(|named| (named.item, event.reason.unwrap_or(0)));
        let all: Vec<(ItemId, u64)> = if event.kind == Kind::Exception {
            named.collect()
        } else {
            left_out.collect()
        };
        for (ItemId(item), code) in all {
            let Some(incident) = incident(code) else { continue };
            told.entry(item.to_vec()).or_default().push(Told {
                incident,
                event: hex::encode(&row.event_id),
                received_ms: *received_ms,
            });
        }
    }
    Ok(told)
}

const fn incident(code: u64) -> Option<Incident> {
    match code {
        exception_code::DAMAGED => Some(Incident::Damaged),
        exception_code::MISSING => Some(Incident::Missing),
        exception_code::SEAL => Some(Incident::SealMismatch),
        _ => None,
    }
}
