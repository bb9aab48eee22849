//! What people ruled on a dispute or on an event that is not applied, as acts of the log; and the one ruling nobody has to make:
//! that an event of a revoked device was proved to be from before.
//!
//! Nothing ruled on is changed or removed. An item's fold takes rulings beside its events ([`custody::fold::ruling`]); what is
//! trusted by a ruling stays listed in quarantine, with the ruling beside it.

use super::{Cx, event, item};
use crate::StoreError;
use crate::table::{inbox, item_event, ruling};
use custody::act::Act;
use custody::fold::ruling::{On, Outcome, Ruling};
use custody::ids::{EventId, ItemId};
use sea_orm::sea_query::{Condition, Query, SelectStatement};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

/// Two people ruled.
pub(crate) const APPROVED: &str = "ruling.approved";
/// The server found it proved that an event was signed before its device was revoked.
pub(crate) const BRACKETED: &str = "ruling.bracketed";

/// What an act of this kind says. Ids are in hex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ruled {
    /// `stands`, `found`, `apply`, `attach`, `reject` or `bracketed`.
    pub(crate) outcome: String,
    /// The item in dispute, or the one the event is attached to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) item: Option<String>,
    /// The head at which the stories part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<String>,
    /// The moves that were looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) heard: Vec<String>,
    /// The branch that stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) stands: Option<String>,
    /// With whom it was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) found: Option<String>,
    /// The event ruled on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) event: Option<String>,
    /// The event that moves nothing from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sets_aside: Option<String>,
}

impl Ruled {
    fn is_trusting(&self) -> bool {
        matches!(self.outcome.as_str(), "apply" | "bracketed")
    }

    /// What the fold takes of it; nothing where it only says of an event that it is trusted or attached.
    pub(crate) fn on(&self) -> Option<On> {
        if let Some(event) = &self.sets_aside {
            return Some(On::SetAside(event.parse().ok()?));
        }
        let outcome = match (&self.stands, &self.found) {
            (Some(branch), None) => Outcome::Stands(branch.parse().ok()?),
            (None, Some(party)) => Outcome::Found(party.parse().ok()?),
            _ => return None,
        };
        Some(On::Dispute {
            item: self.item.as_ref()?.parse().ok()?,
            at: self.at.as_ref()?.parse().ok()?,
            heard: self.heard.iter().map(|id| id.parse()).collect::<Result<_, _>>().ok()?,
            outcome,
        })
    }
}

/// Folds a ruling.
pub(super) async fn apply(cx: &mut Cx<'_>, row: &inbox::Model, act: &Act) -> Result<bool, StoreError> {
    let Ok(ruled) = serde_json::from_str::<Ruled>(&act.data) else {
        return Ok(false);
    };
    let item: Option<ItemId> = ruled.item.as_ref().and_then(|text| text.parse().ok());
    let about: Option<EventId> = ruled.event.as_ref().and_then(|text| text.parse().ok());
    if item.is_none() && about.is_none() {
        return Ok(false);
    }
    let kept = ruling::Model {
        event_id: row.event_id.clone(),
        log_index: cx.log_index,
        item_id: item.map(|item| item.0.to_vec()),
        about: about.map(|event| event.0.to_vec()),
        outcome: ruled.outcome.clone(),
        at_ms: act.at_ms,
        data: act.data.clone(),
    };
    kept.into_active_model().insert(cx.tx).await?;
    cx.something_is_ruled();
    if let Some(about) = about {
        if ruled.is_trusting() && ruled.sets_aside.is_none() {
            return event::trust(cx, &about.0).await;
        }
        event::set_aside(cx, &about.0).await?;
    } else if let Some(item) = item {
        item::refold(cx, &item.0).await?;
    }
    Ok(true)
}

/// Rulings on an item's disputes, and on events that touch it or were attached to it.
pub(crate) fn about_item(item: &[u8]) -> Condition {
    let events = Query::select()
        .column(item_event::Column::EventId)
        .from(item_event::Entity)
        .and_where(item_event::Column::ItemId.eq(item.to_vec()))
        .to_owned();
    Condition::any()
        .add(ruling::Column::ItemId.eq(item.to_vec()))
        .add(ruling::Column::About.in_subquery(events))
}

/// The rulings an item's fold takes.
pub(super) async fn of_item(cx: &mut Cx<'_>, item: &[u8]) -> Result<Vec<Ruling>, StoreError> {
    if !cx.is_anything_ruled().await? {
        return Ok(Vec::new());
    }
    rulings_of(cx.tx, item, i64::MAX).await
}

/// The rulings an item's fold takes, of those made by an hour (milliseconds UTC).
pub(crate) async fn rulings_of(
    db: &impl ConnectionTrait,
    item: &[u8],
    as_of_ms: i64,
) -> Result<Vec<Ruling>, StoreError> {
    let rows = ruling::Entity::find()
        .filter(about_item(item))
        .filter(ruling::Column::AtMs.lte(as_of_ms))
        .order_by_asc(ruling::Column::LogIndex)
        .all(db)
        .await?;
    let mut rulings = Vec::with_capacity(rows.len());
    for row in rows {
        let bad = |why: &str| StoreError::corrupt("ruling", hex::encode(&row.event_id), why);
        let ruled: Ruled = serde_json::from_str(&row.data).map_err(|_| bad("data"))?;
        if let Some(on) = ruled.on() {
            let id = EventId::try_from(row.event_id.as_slice()).map_err(|_| bad("event_id"))?;
            rulings.push(Ruling {
                id,
                at_ms: row.at_ms,
                place: row.log_index,
                on,
            });
        }
    }
    Ok(rulings)
}

/// The events somebody ruled on.
pub(crate) fn ruled() -> SelectStatement {
    Query::select()
        .column(ruling::Column::About)
        .from(ruling::Entity)
        .and_where(ruling::Column::About.is_not_null())
        .to_owned()
}

/// The events that are trusted because of a ruling.
pub(crate) fn trusted() -> SelectStatement {
    ruled()
        .and_where(ruling::Column::Outcome.is_in(["apply", "bracketed"]))
        .to_owned()
}
