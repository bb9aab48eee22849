//! Compensation: assessed by the law's floor, decided with a record of liability, approved by a second person, paid in time.

use super::idempotency::Once;
use super::matter::{self, Answer, Done, NewAct, Told, tell};
use super::{complaint, money};
use crate::store::Store;
use crate::table::{agency, dossier, dossier_state, item_custody, item_event};
use crate::{Scope, ServerKeys, StoreError, clock};
use domain::calendar::{local, read_date, write_date};
use domain::compensation::{
    Case, CaseError, Claim, CompensationPolicy, Decision, Harm, IncompleteRecord, LiabilityRecord, NothingOwed, owed,
};
use domain::dossier::words::Language;
use domain::holder::Holder;
use domain::ids::{DossierId, StaffId};
use domain::item::ItemKind;
use domain::item_code::ItemCode;
use domain::money::{Dong, LedgerKind, Tender};
use domain::party::Party;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

/// A claim about to be assessed.
#[derive(Debug, Clone)]
pub struct NewClaim {
    /// The item.
    pub item: ItemCode,
    /// What went wrong.
    pub harm: Harm,
    /// Whose fault it is.
    pub fault: Party,
    /// The postage of this item; what was paid for the dossier when it is not known apart.
    pub postage: Option<Dong>,
    /// What it costs to have the papers issued again, with proof.
    pub reissue_costs: Dong,
    /// Nobody could prevent it.
    pub is_force_majeure: bool,
    /// The receiver took it without objecting.
    pub is_taken_without_objection: bool,
    /// The complaint it follows from.
    pub complaint: Option<Uuid>,
    /// The signed event that told of the damage or loss, in hex.
    pub incident: Option<String>,
}

/// A claim on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessed {
    /// Its name.
    pub id: Uuid,
    /// The dossier.
    pub dossier: DossierId,
    /// The label of the item.
    pub item_code: String,
    /// What went wrong.
    pub harm: Harm,
    /// To the sender at least.
    pub to_sender: i64,
    /// For new papers at least.
    pub reissue_costs: i64,
    /// How far it is.
    pub case: Case,
    /// The complaint it follows from.
    pub complaint: Option<Uuid>,
    /// The event that told of the damage or loss, in hex.
    pub incident: Option<String>,
}

/// Why a claim is not taken or does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CompensationRefusal {
    /// The rules of claims.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// The record of liability lacks something.
    #[error(transparent)]
    Record(#[from] IncompleteRecord),
    /// The post never accepted it.
    #[error("the post has no record of having accepted this item")]
    NotAccepted,
    /// More postage than was charged.
    #[error("more postage than was charged for the dossier")]
    Postage,
    /// The dossier has no such item, complaint or event.
    #[error("the dossier has no such item, complaint or event")]
    NotItsOwn,
}

impl CompensationRefusal {
    /// The reason for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::Case(why) => return why.words(language),
            Self::Record(_) => (
                "văn bản xác định trách nhiệm còn thiếu nội dung",
                "the record of liability is incomplete",
            ),
            Self::NotAccepted => (
                "bưu chính chưa ghi nhận chấp nhận bưu gửi này",
                "the post has no record of having accepted this item",
            ),
            Self::Postage => (
                "giá cước nêu cao hơn giá cước đã tính",
                "more postage than was charged for the dossier",
            ),
            Self::NotItsOwn => (
                "hồ sơ không có bưu gửi, khiếu nại hoặc sự kiện này",
                "the dossier has no such item, complaint or event",
            ),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }
}

/// Assesses a claim for an item of a dossier these eyes may see.
///
/// # Errors
/// When the database fails.
pub async fn assess(
    store: &Store,
    keys: &ServerKeys,
    scope: Scope,
    dossier: DossierId,
    new: NewClaim,
    actor: String,
    once: Option<Once>,
) -> Result<Answer<CompensationRefusal>, StoreError> {
    let (inner, keys, id) = (store.clone(), keys.clone(), clock::new_id());
    matter::once(store, once, move |tx| {
        Box::pin(async move {
            if !money::lock(tx, &scope, dossier).await? {
                return Ok(Answer::Unknown);
            }
            if !is_its_own(tx, dossier, &new).await? {
                return Ok(Answer::Refused(CompensationRefusal::NotItsOwn));
            }
            let paid = money::of(tx, &scope, dossier).await?;
            let totals = paid
                .map(|paid| paid.sheet.totals(LedgerKind::Postage))
                .unwrap_or_default();
            let net = totals.collected.minus(totals.refunded).unwrap_or_default();
            let postage = new.postage.unwrap_or(net);
            if postage > totals.charged {
                return Ok(Answer::Refused(CompensationRefusal::Postage));
            }
            let claim = Claim {
                harm: new.harm,
                postage,
                reissue_costs: new.reissue_costs,
                fault: new.fault,
                has_acceptance_document: accepted_at(tx, dossier).await?.is_some(),
                is_force_majeure: new.is_force_majeure,
                is_taken_without_objection: new.is_taken_without_objection,
            };
            let floor = match owed(&claim, &CompensationPolicy::default()) {
                Ok(floor) => floor,
                Err(why) => return Ok(Answer::Refused(CaseError::from(why).into())),
            };
            let data = json!({
                "dossier": dossier.to_string(), "item_code": new.item.as_str(), "harm": new.harm.as_str(),
                "fault": new.fault.as_str(), "postage": postage.as_i64(), "to_sender": floor.to_sender.as_i64(),
                "reissue_costs": floor.reissue_costs.as_i64(), "currency": "VND",
                "complaint": new.complaint.map(|id| id.to_string()), "incident": new.incident,
            });
            let act = NewAct {
                kind: "compensation.assessed",
                subject: id,
                actor: &actor,
                data,
            };
            let event = tell(tx, &inner, &keys, act).await?;
            Ok(Answer::Done(Done::new(event, id)))
        })
    })
    .await
}

/// Whether the item, the complaint and the event of a claim are of its dossier.
async fn is_its_own(tx: &DatabaseTransaction, id: DossierId, new: &NewClaim) -> Result<bool, StoreError> {
    let item = item_custody::Entity::find()
        .filter(item_custody::Column::DossierId.eq(id.0))
        .filter(item_custody::Column::ItemCode.eq(new.item.as_str()))
        .one(tx)
        .await?;
    let Some(item) = item else { return Ok(false) };
    if let Some(complaint) = new.complaint
        && !complaint::is_about(tx, complaint, id).await?
    {
        return Ok(false);
    }
    let Some(incident) = &new.incident else { return Ok(true) };
    let event = hex::decode(incident).unwrap_or_default();
    let linked = item_event::Entity::find()
        .filter(item_event::Column::ItemId.eq(item.item_id))
        .filter(item_event::Column::EventId.eq(event))
        .one(tx)
        .await?;
    Ok(linked.is_some())
}

/// When the post took the dossier's first item, if that is on record.
async fn accepted_at(db: &impl ConnectionTrait, id: DossierId) -> Result<Option<i64>, StoreError> {
    let state = dossier_state::Entity::find_by_id(id.0).one(db).await?;
    let body: Option<Value> = state.and_then(|state| serde_json::from_str(&state.body).ok());
    Ok(body.and_then(|body| {
        body["accepted_by_post_at_ms"]
            .as_i64()
            .or_else(|| body["result_in_post_at_ms"].as_i64())
    }))
}

/// What takes a claim further.
#[derive(Debug, Clone)]
pub enum ClaimStep {
    /// Decided, with the record of liability.
    Decide {
        /// The record's number.
        record_number: String,
        /// Where the post accepted the item.
        accepted_place: String,
        /// Why it went wrong; no personal data.
        reason: String,
        /// How much, in whole đồng.
        amount: Dong,
    },
    /// Approved by another person.
    Approve,
    /// Turned down.
    Reject {
        /// Why; no personal data.
        reason: String,
    },
    /// Paid.
    Pay {
        /// How.
        tender: Tender,
    },
}

/// Takes a claim about a dossier these eyes may see one step further.
///
/// # Errors
/// When the database fails.
pub async fn go_on(
    store: &Store,
    keys: &ServerKeys,
    scope: Scope,
    id: Uuid,
    step: ClaimStep,
    by: StaffId,
    once: Option<Once>,
) -> Result<Answer<CompensationRefusal>, StoreError> {
    let (inner, keys) = (store.clone(), keys.clone());
    matter::once(store, once, move |tx| {
        Box::pin(async move {
            let Some(claim) = held(tx, &scope, id).await? else {
                return Ok(Answer::Unknown);
            };
            let now = inner.now_ms();
            let (kind, mut data) = match told_by(tx, &claim, step, by, now).await? {
                Ok(told) => told,
                Err(why) => return Ok(Answer::Refused(why)),
            };
            data["dossier"] = json!(claim.dossier.to_string());
            let pay_by = data["pay_by"].as_str().map(str::to_owned);
            let actor = Holder::Staff(by).to_string();
            let act = NewAct {
                kind,
                subject: id,
                actor: &actor,
                data,
            };
            let event = tell(tx, &inner, &keys, act).await?;
            Ok(Answer::Done(Done {
                by: pay_by,
                ..Done::new(event, id)
            }))
        })
    })
    .await
}

/// The act a step makes, or why it makes none.
async fn told_by(
    tx: &DatabaseTransaction,
    claim: &Assessed,
    step: ClaimStep,
    by: StaffId,
    now: i64,
) -> Result<Result<(&'static str, Value), CompensationRefusal>, StoreError> {
    let case = claim.case.clone();
    Ok(match step {
        ClaimStep::Decide {
            record_number,
            accepted_place,
            reason,
            amount,
        } => {
            let record = match liability(tx, claim, (accepted_place, reason, amount), now).await? {
                Ok(record) => record,
                Err(why) => return Ok(Err(why)),
            };
            let pay_by = record.pay_by(&CompensationPolicy::default());
            let decision = Decision {
                by,
                record_number: record_number.clone(),
                amount,
                pay_by,
            };
            let data = json!({
                "record_number": record_number, "recorded_on": write_date(record.recorded_on), "amount": amount.as_i64(),
                "currency": "VND", "pay_by": write_date(pay_by), "reason": record.reason,
                "accepted_place": record.accepted_place,
            });
            case.decide(decision).map(|_| ("compensation.decided", data))
        }
        ClaimStep::Approve => case.approve(by).map(|_| ("compensation.approved", json!({}))),
        ClaimStep::Reject { reason } => case
            .reject()
            .map(|_| ("compensation.rejected", json!({ "reason": reason }))),
        ClaimStep::Pay { tender } => {
            let amount = case.decision.as_ref().map(|decision| decision.amount.as_i64());
            let data = json!({ "amount": amount, "currency": "VND", "tender": tender.as_str() });
            case.pay(now).map(|_| ("compensation.paid", data))
        }
    }
    .map_err(CompensationRefusal::from))
}

/// The record of liability, complete: the names come from the acceptance document and go nowhere.
async fn liability(
    tx: &DatabaseTransaction,
    claim: &Assessed,
    (accepted_place, reason, amount): (String, String, Dong),
    now: i64,
) -> Result<Result<LiabilityRecord, CompensationRefusal>, StoreError> {
    let Some(accepted_at_ms) = accepted_at(tx, claim.dossier).await? else {
        return Ok(Err(CompensationRefusal::NotAccepted));
    };
    let owner = dossier::Entity::find_by_id(claim.dossier.0).one(tx).await?;
    let owner = owner.ok_or_else(|| StoreError::corrupt("dossier", claim.dossier, "is gone"))?;
    let agency = agency::Entity::find_by_id(owner.agency_id).one(tx).await?;
    let agency = agency.map_or_else(String::new, |agency| agency.name);
    let item = ItemCode::parse(&claim.item_code).map_err(|error| StoreError::corrupt("matter_act", claim.id, error))?;
    let row = item_custody::Entity::find()
        .filter(item_custody::Column::ItemCode.eq(item.as_str()))
        .one(tx)
        .await?;
    let is_back = row.is_some_and(|row| row.kind == ItemKind::ResultToApplicant.as_str());
    let (sender, recipient) = if is_back {
        (agency, owner.applicant_name)
    } else {
        (owner.applicant_name, agency)
    };
    let record = LiabilityRecord {
        item,
        sender,
        recipient,
        accepted_at_ms,
        accepted_place,
        harm: claim.harm,
        reason,
        liable: Party::Post,
        amount,
        recorded_on: local(now).0,
    };
    Ok(record.check().map(|()| record).map_err(CompensationRefusal::from))
}

fn folded(told: &[Told]) -> Option<Assessed> {
    let begun = told.iter().find(|one| one.kind == "compensation.assessed")?;
    let (to_sender, reissue_costs) = (begun.amount("to_sender")?, begun.amount("reissue_costs")?);
    let floor = Dong::new(to_sender.checked_add(reissue_costs)?);
    let case = told.iter().fold(Case::assessed(floor), |case, one| {
        // What does not fit any more changes nothing.
        next(case.clone(), one).unwrap_or(case)
    });
    Some(Assessed {
        id: begun.subject,
        dossier: begun.dossier()?,
        item_code: begun.text("item_code")?.to_owned(),
        harm: begun.text("harm").and_then(Harm::parse)?,
        to_sender,
        reissue_costs,
        case,
        complaint: begun.text("complaint").and_then(|text| text.parse().ok()),
        incident: begun.text("incident").map(str::to_owned),
    })
}

fn next(case: Case, told: &Told) -> Option<Case> {
    let by = match told.actor.parse() {
        Ok(Holder::Staff(by)) => by,
        _ => StaffId(Uuid::nil()),
    };
    match told.kind.as_str() {
        "compensation.decided" => {
            let decision = Decision {
                by,
                record_number: told.text("record_number")?.to_owned(),
                amount: Dong::new(told.amount("amount")?),
                pay_by: told.text("pay_by").and_then(read_date)?,
            };
            case.decide(decision).ok()
        }
        "compensation.approved" => case.approve(by).ok(),
        "compensation.rejected" => case.reject().ok(),
        "compensation.paid" => case.pay(told.at_ms).ok(),
        _ => None,
    }
}

/// A claim as told up to now, with its dossier locked.
async fn held(tx: &DatabaseTransaction, scope: &Scope, id: Uuid) -> Result<Option<Assessed>, StoreError> {
    let Some(claim) = folded(&matter::of(tx, id).await?) else {
        return Ok(None);
    };
    if !money::lock(tx, scope, claim.dossier).await? {
        return Ok(None);
    }
    Ok(folded(&matter::of(tx, id).await?))
}

/// The claims about dossiers these eyes see, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &impl ConnectionTrait, scope: &Scope) -> Result<Vec<Assessed>, StoreError> {
    let told = matter::folded(db, matter::seen_by(scope, "compensation")).await?;
    Ok(matter::by_subject(told)
        .iter()
        .filter_map(|told| folded(told))
        .collect())
}

impl From<NothingOwed> for CompensationRefusal {
    fn from(why: NothingOwed) -> Self {
        Self::Case(why.into())
    }
}
