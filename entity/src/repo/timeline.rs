//! The whole story of one item: every event that speaks of it and what became of each, and what was ruled.

use super::contested::{self, Told};
use super::{life, ruling};
use crate::table::{item_custody, item_event, parked, quarantine};
use crate::{Scope, ServerKeys, StoreError};
use custody::fold::ItemCustody;
use custody::ids::EventId;
use domain::holder::Holder;
use domain::item::ItemState;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// What became of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It moved the item.
    Applied,
    /// It moves nothing by its nature: a remark, a scan, an offer.
    Told,
    /// A branch of the open dispute.
    Disputed,
    /// A ruling or its author's correction set it aside.
    SetAside(EventId),
    /// It waits for another event, as this word says.
    Waiting(String),
    /// It is kept and not applied, for the reason of this word.
    Quarantined(String),
}

impl Standing {
    /// The stable name.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Told => "told",
            Self::Disputed => "disputed",
            Self::SetAside(_) => "set_aside",
            Self::Waiting(_) => "waiting",
            Self::Quarantined(_) => "quarantined",
        }
    }
}

/// One event about an item.
#[derive(Debug, Clone)]
pub struct Step {
    /// What became of it.
    pub standing: Standing,
    /// Who had the item afterwards and its state then, where it moved it.
    pub moved: Option<(Option<Holder>, ItemState)>,
    /// The event.
    pub told: Told,
}

/// What was ruled about an item or an event that touches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruled {
    /// The act in the log.
    pub event: Vec<u8>,
    /// What was ruled.
    pub outcome: String,
    /// When, milliseconds UTC.
    pub at_ms: i64,
    /// The event it is about.
    pub about: Option<Vec<u8>>,
    /// The branch that stands, in hex.
    pub branch: Option<String>,
    /// With whom the item was found.
    pub found: Option<String>,
    /// Who proposed it.
    pub proposed_by: Option<Uuid>,
    /// Who approved it.
    pub approved_by: Option<Uuid>,
}

/// The story of an item.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// What it all adds up to.
    pub custody: ItemCustody,
    /// Events that moved it in their order, then the others in the order they came.
    pub steps: Vec<Step>,
    /// What was ruled, oldest first.
    pub rulings: Vec<Ruled>,
}

/// The story of an item whose row somebody's eyes found.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn of(
    db: &impl ConnectionTrait,
    keys: &ServerKeys,
    scope: &Scope,
    row: &item_custody::Model,
    now_ms: i64,
) -> Result<Timeline, StoreError> {
    let mut folded = life::custody_of_rows(db, std::slice::from_ref(row), now_ms).await?;
    let corrupt = || StoreError::corrupt("item_custody", &row.item_code, "it does not fold");
    let custody = folded.pop().ok_or_else(corrupt)?;
    let rulings = ruling::of_item(db, &row.item_id).await?;
    let linked: Vec<Vec<u8>> = item_event::Entity::find()
        .select_only()
        .column(item_event::Column::EventId)
        .filter(item_event::Column::ItemId.eq(row.item_id.clone()))
        .into_tuple()
        .all(db)
        .await?;
    let attached = rulings
        .iter()
        .filter(|one| one.outcome == "attach" && one.item_id.as_ref() == Some(&row.item_id));
    let attached: Vec<Vec<u8>> = attached.filter_map(|one| one.about.clone()).collect();
    let ids: BTreeSet<Vec<u8>> = linked.into_iter().chain(attached).collect();
    let told = contested::told(db, keys, scope, &ids).await?;
    let standings = standings(db, &custody, &rulings, &ids).await?;
    let steps = steps(&custody, told, standings);
    Ok(Timeline {
        custody,
        steps,
        rulings: rulings.into_iter().map(read).collect(),
    })
}

/// What became of each event of an item.
async fn standings(
    db: &impl ConnectionTrait,
    custody: &ItemCustody,
    rulings: &[crate::table::ruling::Model],
    ids: &BTreeSet<Vec<u8>>,
) -> Result<HashMap<Vec<u8>, Standing>, StoreError> {
    let mut found = HashMap::new();
    let apart = quarantine::Entity::find()
        .filter(quarantine::Column::EventId.is_in(ids.clone()))
        .all(db)
        .await?;
    for row in apart {
        found.insert(row.event_id, Standing::Quarantined(row.reason));
    }
    let waiting = parked::Entity::find()
        .filter(parked::Column::EventId.is_in(ids.clone()))
        .all(db)
        .await?;
    for row in waiting {
        found.insert(row.event_id, Standing::Waiting(row.reason));
    }
    for one in rulings {
        let by = EventId::try_from(one.event_id.as_slice()).ok();
        if let (Some(about), Some(by)) = (&one.about, by) {
            match one.outcome.as_str() {
                "reject" | "attach" => found.insert(about.clone(), Standing::SetAside(by)),
                // Trusted by a ruling: it counts like any other.
                _ => found.remove(about),
            };
        }
    }
    for settled in &custody.settled {
        for id in &settled.set_aside {
            found.insert(id.0.to_vec(), Standing::SetAside(settled.id));
        }
    }
    for id in custody.disputed.iter().flat_map(|dispute| &dispute.branches) {
        found.insert(id.0.to_vec(), Standing::Disputed);
    }
    Ok(found)
}

fn steps(
    custody: &ItemCustody,
    mut told: BTreeMap<Vec<u8>, Told>,
    mut standings: HashMap<Vec<u8>, Standing>,
) -> Vec<Step> {
    let mut steps = Vec::with_capacity(told.len());
    for applied in &custody.applied {
        if let Some(told) = told.remove(applied.id.0.as_slice()) {
            steps.push(Step {
                standing: Standing::Applied,
                moved: Some((applied.to, applied.state)),
                told,
            });
        }
    }
    let mut others: Vec<Told> = told.into_values().collect();
    others.sort_by(|one, other| (one.received_ms, &one.event).cmp(&(other.received_ms, &other.event)));
    steps.extend(others.into_iter().map(|told| Step {
        standing: standings.remove(&told.event).unwrap_or(Standing::Told),
        moved: None,
        told,
    }));
    steps
}

fn read(row: crate::table::ruling::Model) -> Ruled {
    let data: serde_json::Value = serde_json::from_str(&row.data).unwrap_or_default();
    let text = |name: &str| data[name].as_str().map(str::to_owned);
    let person = |name: &str| match data[name].as_str()?.parse() {
        Ok(Holder::Staff(id)) => Some(id.0),
        _ => None,
    };
    Ruled {
        branch: text("stands"),
        found: text("found"),
        proposed_by: person("proposed_by"),
        approved_by: person("approved_by"),
        event: row.event_id,
        outcome: row.outcome,
        at_ms: row.at_ms,
        about: row.about,
    }
}
