//! Ruling on what is contested: one person proposes, another of the same role approves, and the ruling is an event of the log. What
//! was ruled on stays as it is ([`custody::fold::ruling`]).
//!
//! The reason stays beside the log, which has its hash: people write names into reasons.

mod proved;
mod refusal;

pub use proved::{Proved, proved, tell_proved};
pub use refusal::RulingRefusal;

use super::contested::{self, Case, Contested, Lane};
use super::glass::Side;
use super::idempotency::Once;
use super::matter::{self, Answer, Done};
use super::{reference, staff};
use crate::project::{APPROVED, CHAIN_BROKEN, DEVICE_FORKED, LATE_FROM_REVOKED, Ruled, about_item};
use crate::store::Store;
use crate::table::{item_custody, ruling, ruling_request};
use crate::{Scope, ServerKeys, StoreError, clock};
use custody::envelope::Envelope;
use custody::fold::ParkReason;
use custody::ids::EventId;
use domain::holder::Holder;
use domain::ids::StaffId;
use domain::item_code::ItemCode;
use sea_orm::sea_query::Condition;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

/// How long a proposal waits for a second person: the two working days of a quarantine and a weekend.
pub const LIFE_MS: i64 = 4 * 24 * 3_600_000;

/// A proposal, and what became of it.
pub type Request = ruling_request::Model;

/// What somebody wants ruled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// This branch of a dispute is so.
    Stands(EventId),
    /// None is: the item was physically found with this party.
    Found(Holder),
    /// The event is trusted and applied.
    Apply,
    /// The event moves nothing and belongs into this item's file.
    Attach(ItemCode),
    /// The event moves nothing.
    Reject,
}

impl Wanted {
    const fn name(&self) -> &'static str {
        match self {
            Self::Stands(_) => "stands",
            Self::Found(_) => "found",
            Self::Apply => "apply",
            Self::Attach(_) => "attach",
            Self::Reject => "reject",
        }
    }
}

/// How a proposal stands now.
pub fn state_of(row: &Request, now_ms: i64) -> &'static str {
    match row.decision.as_deref() {
        Some("approved") => "approved",
        Some("withdrawn") => "withdrawn",
        Some(_) => "rejected",
        None if row.lapses_at <= now_ms => "lapsed",
        None => "proposed",
    }
}

/// A ruling about to be proposed.
#[derive(Debug, Clone)]
pub struct NewRuling {
    /// Who proposes.
    pub by: StaffId,
    /// Among whom.
    pub side: Side,
    /// What they see.
    pub scope: Scope,
    /// What it is about.
    pub case: Case,
    /// What they want ruled.
    pub wanted: Wanted,
    /// Why.
    pub reason: String,
}

/// Proposes a ruling.
///
/// # Errors
/// When the database fails.
pub async fn propose(
    store: &Store,
    keys: &ServerKeys,
    new: NewRuling,
    once: Option<Once>,
) -> Result<Answer<RulingRefusal>, StoreError> {
    let (inner, keys, id) = (store.clone(), keys.clone(), clock::new_id());
    matter::once(store, once, move |tx| {
        Box::pin(async move {
            let now = inner.now_ms();
            let Some(found) = contested::find(tx, &keys, &new.scope, new.case, now).await? else {
                return Ok(Answer::Unknown);
            };
            let before = ruling_request::Entity::find()
                .filter(ruling_request::Column::CaseId.eq(new.case.to_bytes()))
                .all(tx)
                .await?;
            if before.iter().any(|row| state_of(row, now) == "proposed") {
                return Ok(Answer::Refused(RulingRefusal::Asked));
            }
            let ruled = match judge(tx, &new.scope, &found, &new.wanted).await? {
                Ok(ruled) => ruled,
                Err(why) => return Ok(Answer::Refused(why)),
            };
            let (operator, agency) = match new.side {
                Side::Post(id) => (Some(id.0), None),
                Side::Agency(id) => (None, Some(id.0)),
            };
            let data = json!({
                "case": new.case.to_string(), "outcome": ruled.outcome, "reason_sha256": matter::hash_of(&new.reason),
            });
            let event = matter::tell_by(tx, &inner, &keys, ("ruling.proposed", id, new.by), data).await?;
            let row = Request {
                id,
                case_id: new.case.to_bytes(),
                staff_id: new.by.0,
                role: new.side.role().as_str().to_owned(),
                operator_id: operator,
                agency_id: agency,
                outcome: new.wanted.name().to_owned(),
                data: json!(ruled).to_string(),
                reason: new.reason,
                asked_at: now,
                lapses_at: now.saturating_add(LIFE_MS),
                decision: None,
                decided_by: None,
                decided_at: None,
            };
            row.into_active_model().insert(tx).await?;
            Ok(Answer::Done(Done::new(event, id)))
        })
    })
    .await
}

/// What the log would say, if this can be ruled.
async fn judge(
    db: &impl ConnectionTrait,
    scope: &Scope,
    found: &Contested,
    wanted: &Wanted,
) -> Result<Result<Ruled, RulingRefusal>, StoreError> {
    let mut ruled = Ruled {
        outcome: wanted.name().to_owned(),
        item: None,
        at: None,
        heard: Vec::new(),
        stands: None,
        found: None,
        event: None,
        sets_aside: None,
    };
    match (found.case, wanted) {
        (Case::Item(item), Wanted::Stands(_) | Wanted::Found(_)) => {
            let Some((custody, dispute)) = found
                .custody
                .as_ref()
                .and_then(|one| Some((one, one.disputed.as_ref()?)))
            else {
                return Ok(Err(RulingRefusal::Changed));
            };
            let heard = custody.to_be_heard().unwrap_or_default();
            ruled.item = Some(item.to_string());
            ruled.at = Some(dispute.at.to_string());
            ruled.heard = heard.iter().map(ToString::to_string).collect();
            match wanted {
                Wanted::Stands(branch) if !dispute.branches.contains(branch) => {
                    return Ok(Err(RulingRefusal::CannotStand));
                }
                Wanted::Stands(branch) => ruled.stands = Some(branch.to_string()),
                Wanted::Found(party) if !is_somebody(db, party).await? => return Ok(Err(RulingRefusal::NobodyThere)),
                Wanted::Found(party) => ruled.found = Some(party.to_string()),
                Wanted::Apply | Wanted::Attach(_) | Wanted::Reject => return Ok(Err(RulingRefusal::WrongKind)),
            }
            let settles = contested::settles(db, scope, item, &ruled).await?;
            Ok(if settles {
                Ok(ruled)
            } else {
                Err(RulingRefusal::CannotStand)
            })
        }
        (Case::Event(event), Wanted::Apply) => {
            ruled.event = Some(event.to_string());
            if found.lane == Lane::Quarantine && found.reason == ParkReason::NeedsRuling.as_str() {
                let corrected = found.branches.first().and_then(|told| Envelope::parse(&told.raw).ok());
                ruled.sets_aside = corrected
                    .and_then(|one| one.event().about_event())
                    .map(|id| id.to_string());
                return Ok(ruled
                    .sets_aside
                    .is_some()
                    .then_some(ruled)
                    .ok_or(RulingRefusal::CannotApply));
            }
            let may = [LATE_FROM_REVOKED, DEVICE_FORKED, CHAIN_BROKEN].contains(&found.reason.as_str());
            Ok(if may {
                Ok(ruled)
            } else {
                Err(RulingRefusal::CannotApply)
            })
        }
        (Case::Event(event), Wanted::Attach(_) | Wanted::Reject) => {
            ruled.event = Some(event.to_string());
            ruled.sets_aside = ruled.event.clone();
            if let Wanted::Attach(code) = wanted {
                let item = scope.items().filter(item_custody::Column::ItemCode.eq(code.as_str()));
                if item.one(db).await?.is_none() {
                    return Ok(Err(RulingRefusal::NoSuchItem));
                }
                ruled.item = Some(custody::ids::ItemId::of(code.as_str()).to_string());
            }
            Ok(Ok(ruled))
        }
        (Case::Item(_) | Case::Event(_), _) => Ok(Err(RulingRefusal::WrongKind)),
    }
}

/// Whether there is such a party. In a bag an item cannot be found: the bag is with somebody.
async fn is_somebody(db: &impl ConnectionTrait, party: &Holder) -> Result<bool, StoreError> {
    Ok(match party {
        Holder::Citizen => true,
        Holder::Staff(id) => staff::by_id(db, *id).await?.is_some(),
        Holder::ServicePoint(id) => reference::service_points(db).await?.iter().any(|one| one.id == id.0),
        Holder::Agency(id) => reference::agencies(db).await?.iter().any(|one| one.id == id.0),
        Holder::Bag(_) => false,
    })
}

/// What somebody does about a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Agrees: the ruling enters the log.
    Approve,
    /// Says no; for who proposed it, takes it back.
    Reject,
}

/// Decides on a proposal among these.
///
/// # Errors
/// When the database fails.
pub async fn decide(
    store: &Store,
    keys: &ServerKeys,
    (side, by): (Side, StaffId),
    id: Uuid,
    decision: Decision,
    once: Option<Once>,
) -> Result<Answer<RulingRefusal>, StoreError> {
    let (inner, keys) = (store.clone(), keys.clone());
    matter::once(store, once, move |tx| {
        Box::pin(async move {
            let now = inner.now_ms();
            let row = ruling_request::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
            let Some(row) = row.filter(|row| is_of(side, row)) else {
                return Ok(Answer::Unknown);
            };
            match state_of(&row, now) {
                "proposed" => {}
                "lapsed" => return Ok(Answer::Refused(RulingRefusal::Lapsed)),
                _ => return Ok(Answer::Refused(RulingRefusal::Decided)),
            }
            let is_own = row.staff_id == by.0;
            let (kind, name) = match (decision, is_own) {
                (Decision::Approve, true) => return Ok(Answer::Refused(RulingRefusal::Own)),
                (Decision::Approve, false) => (APPROVED, "approved"),
                (Decision::Reject, true) => ("ruling.withdrawn", "withdrawn"),
                (Decision::Reject, false) => ("ruling.rejected", "rejected"),
            };
            let mut data = json!({ "case": hex::encode(&row.case_id), "proposed_by": row.staff_id.to_string() });
            if decision == Decision::Approve {
                let asker = staff::by_id(tx, StaffId(row.staff_id)).await?;
                if !asker.is_some_and(|person| person.is(side.role()) && Side::among(&person) == Some(side)) {
                    return Ok(Answer::Refused(RulingRefusal::AskerLeft));
                }
                match still(tx, &keys, &row, now).await? {
                    Some(ruled) => data = approved(&row, &ruled, by)?,
                    None => return Ok(Answer::Refused(RulingRefusal::Changed)),
                }
            }
            let event = matter::tell_by(tx, &inner, &keys, (kind, id, by), data).await?;
            let mut next = row.clone();
            next.decision = Some(name.to_owned());
            (next.decided_by, next.decided_at) = (Some(by.0), Some(now));
            next.into_active_model().reset_all().update(tx).await?;
            Ok(Answer::Done(Done::new(event, id)))
        })
    })
    .await
}

fn is_of(side: Side, row: &Request) -> bool {
    match side {
        Side::Post(operator) => row.operator_id == Some(operator.0),
        Side::Agency(agency) => row.agency_id == Some(agency.0),
    }
}

/// What the log says of a ruling: what is so, who proposed and approved it, and the hash of why.
fn approved(row: &Request, ruled: &Ruled, by: StaffId) -> Result<serde_json::Value, StoreError> {
    let bad = |error| StoreError::corrupt("ruling_request", row.id, error);
    let mut data = serde_json::to_value(ruled).map_err(bad)?;
    data["proposed_by"] = json!(Holder::Staff(StaffId(row.staff_id)).to_string());
    data["approved_by"] = json!(Holder::Staff(by).to_string());
    data["role"] = json!(row.role);
    data["reason_sha256"] = json!(matter::hash_of(&row.reason));
    Ok(data)
}

/// What was proposed, if the case is still what it was when it was proposed.
async fn still(
    tx: &DatabaseTransaction,
    keys: &ServerKeys,
    row: &Request,
    now_ms: i64,
) -> Result<Option<Ruled>, StoreError> {
    let corrupt = |what: &str| StoreError::corrupt("ruling_request", row.id, what);
    let ruled: Ruled = serde_json::from_str(&row.data).map_err(|_| corrupt("data"))?;
    let case = Case::from_bytes(&row.case_id).ok_or_else(|| corrupt("case_id"))?;
    let Some(found) = contested::find(tx, keys, &Scope::everything(), case, now_ms).await? else {
        return Ok(None);
    };
    // Acts that are told and not folded yet may be about it as well.
    let waits = matter::waiting(tx).await?.into_iter().any(|(_, act)| {
        let other = serde_json::from_str::<Ruled>(&act.data).ok();
        act.kind == APPROVED && other.is_some_and(|other| (&other.item, &other.event) == (&ruled.item, &ruled.event))
    });
    let heard = found.custody.as_ref().and_then(custody::fold::ItemCustody::to_be_heard);
    let heard: Vec<String> = heard.unwrap_or_default().iter().map(ToString::to_string).collect();
    Ok((heard == ruled.heard && !waits).then_some(ruled))
}

/// Proposals among these, the newest first, after the one at `before` of the page before.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl ConnectionTrait,
    side: Side,
    before: Option<(i64, Uuid)>,
    limit: u64,
) -> Result<Vec<Request>, StoreError> {
    let (at, id) = (ruling_request::Column::AskedAt, ruling_request::Column::Id);
    let mut query = ruling_request::Entity::find().filter(theirs(side));
    if let Some((before_at, before_id)) = before {
        let same = Condition::all().add(at.eq(before_at)).add(id.lt(before_id));
        query = query.filter(Condition::any().add(at.lt(before_at)).add(same));
    }
    Ok(query.order_by_desc(at).order_by_desc(id).limit(limit).all(db).await?)
}

fn theirs(side: Side) -> Condition {
    match side {
        Side::Post(operator) => ruling_request::Column::OperatorId.eq(operator.0).into(),
        Side::Agency(agency) => ruling_request::Column::AgencyId.eq(agency.0).into(),
    }
}

/// One proposal among these.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl ConnectionTrait, side: Side, id: Uuid) -> Result<Option<Request>, StoreError> {
    Ok(ruling_request::Entity::find_by_id(id)
        .filter(theirs(side))
        .one(db)
        .await?)
}

/// The open proposals about these cases, by case.
///
/// # Errors
/// When the database fails.
pub async fn proposed(
    db: &impl ConnectionTrait,
    cases: Vec<Vec<u8>>,
    now_ms: i64,
) -> Result<std::collections::HashMap<Vec<u8>, Uuid>, StoreError> {
    let rows = ruling_request::Entity::find()
        .filter(ruling_request::Column::CaseId.is_in(cases))
        .filter(ruling_request::Column::Decision.is_null())
        .filter(ruling_request::Column::LapsesAt.gt(now_ms))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.case_id, row.id)).collect())
}

/// The rulings about an item: on its disputes, and on events that touch it or were attached to it.
///
/// # Errors
/// When the database fails.
pub async fn of_item(db: &impl ConnectionTrait, item: &[u8]) -> Result<Vec<ruling::Model>, StoreError> {
    Ok(ruling::Entity::find()
        .filter(about_item(item))
        .order_by_asc(ruling::Column::LogIndex)
        .all(db)
        .await?)
}
