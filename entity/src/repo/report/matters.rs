//! Payments, complaints, compensation and feedback, as known at an hour.

use super::dossiers::Owner;
use crate::repo::feedback::{rating_of, stage_of};
use crate::repo::matter::{self, Told};
use crate::table::{fee_receipt, inbox, matter_act, money_line};
use crate::{Scope, StoreError};
use domain::feedback::{FeedbackStage, Rating};
use domain::money::Tender;
use domain::report::kpi766::{Feedback, FeedbackStep};
use domain::report::post::{
    Compensation, ComplaintFact, ComplaintHistory, ComplaintOutcome, MoneyLine, ReceiptFact, ReceiptHistory,
};
use domain::report::{Attribute, PaymentChannel, Recorded};
use domain::wire::money::LineRecord;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// What is counted beside dossiers and items.
#[derive(Debug, Default)]
pub(super) struct Matters {
    pub(super) receipts: Vec<ReceiptHistory>,
    pub(super) complaints: Vec<ComplaintHistory>,
    pub(super) compensation: Vec<Recorded<Compensation>>,
    pub(super) feedback: Vec<Feedback>,
}

/// Everything of it that these eyes see. What it says of a dossier is added to its owner's attributes.
pub(super) async fn read(
    db: &impl ConnectionTrait,
    scope: &Scope,
    as_of_ms: i64,
    owners: &mut BTreeMap<Uuid, Owner>,
) -> Result<Matters, StoreError> {
    let mut matters = Matters {
        receipts: receipts(db, scope, as_of_ms, owners).await?,
        ..Matters::default()
    };
    for told in by_matter(acts(db, scope, as_of_ms).await?) {
        let Some((_, first)) = told.first() else { continue };
        let sort = first.kind.split('.').next().unwrap_or_default();
        match sort {
            "complaint" => matters.complaints.push(complaint(first.subject, &told)),
            "compensation" => matters.compensation.extend(paid(first.subject, &told)),
            "feedback" => {
                disliked(first.dossier().map(|id| id.0), &told, owners);
                matters.feedback.extend(feedback(first.subject, &told));
            }
            _ => {}
        }
    }
    Ok(matters)
}

type Line = (Vec<u8>, Uuid, String, String, i64, String, i64);
/// A line as its row, with the hour it was received.
type Row = (Vec<u8>, Uuid, String, String, i64, String, i64, i64);

/// The lines of money of dossiers these eyes see, with the hours they were received.
async fn lines(db: &impl ConnectionTrait, scope: &Scope, as_of_ms: i64) -> Result<Vec<(Line, i64)>, StoreError> {
    let received: RelationDef = money_line::Entity::belongs_to(inbox::Entity)
        .from(money_line::Column::EventId)
        .to(inbox::Column::EventId)
        .into();
    // What was distrusted later counts until then.
    let was_trusted = money_line::Column::DistrustedAt
        .is_null()
        .or(money_line::Column::DistrustedAt.gt(as_of_ms));
    let rows: Vec<Row> = money_line::Entity::find()
        .select_only()
        .columns([
            money_line::Column::EventId,
            money_line::Column::DossierId,
            money_line::Column::Kind,
            money_line::Column::Ledger,
            money_line::Column::Amount,
            money_line::Column::Data,
            money_line::Column::AtMs,
        ])
        .column(inbox::Column::ReceivedAt)
        .join(JoinType::InnerJoin, received)
        .filter(money_line::Column::DossierId.in_subquery(scope.dossier_ids()))
        .filter(inbox::Column::ReceivedAt.lte(as_of_ms))
        .filter(was_trusted)
        .order_by_asc(money_line::Column::LogIndex)
        .order_by_asc(money_line::Column::EventId)
        .into_tuple()
        .all(db)
        .await?;
    let split = rows
        .into_iter()
        .map(|(id, dossier, kind, ledger, amount, data, at_ms, received)| {
            ((id, dossier, kind, ledger, amount, data, at_ms), received)
        });
    Ok(split.collect())
}

/// One history for each payment to the post, and one more for each part of it that was given back.
async fn receipts(
    db: &impl ConnectionTrait,
    scope: &Scope,
    as_of_ms: i64,
    owners: &mut BTreeMap<Uuid, Owner>,
) -> Result<Vec<ReceiptHistory>, StoreError> {
    let lines = lines(db, scope, as_of_ms).await?;
    let remitted = remitted(db, scope, as_of_ms).await?;
    let mut histories: BTreeMap<String, ReceiptHistory> = BTreeMap::new();
    let mut left: HashMap<String, i64> = HashMap::new();
    for ((id, dossier, kind, ledger, amount, data, at_ms), received_ms) in lines {
        let Ok(record) = serde_json::from_str::<LineRecord>(&data) else {
            continue;
        };
        let mut known = |attribute| {
            if let Some(owner) = owners.get_mut(&dossier) {
                let recorded_ms = owner.recorded(received_ms);
                owner.attributes.push(Recorded::new(recorded_ms, attribute));
            }
        };
        let line = match ledger.as_str() {
            "postage" => MoneyLine::Postage,
            "state_fee" => MoneyLine::StateFee,
            _ => MoneyLine::Other,
        };
        let is_agencys = record.taken_by.as_deref().is_some_and(|by| by.starts_with("agency:"));
        let fact = |sum: i64| ReceiptFact::Collected {
            at_ms,
            amount_vnd: u64::try_from(sum).unwrap_or(0),
        };
        match kind.as_str() {
            "money.charged" if line != MoneyLine::Postage => known(Attribute::PaymentDue(true)),
            "money.collected" => {
                if line != MoneyLine::Postage {
                    known(Attribute::PaidBy(channel(record.tender.as_deref(), is_agencys)));
                }
                if is_agencys {
                    continue;
                }
                let number = hex::encode(&id);
                let mut facts = vec![Recorded::new(received_ms, fact(amount))];
                facts.extend(remitted.get(&id).cloned());
                left.insert(number.clone(), amount);
                histories.insert(number.clone(), ReceiptHistory { number, line, facts });
            }
            "money.refunded" => {
                let Some(of) = record.of else { continue };
                let (Some(whole), Some(left)) = (histories.get_mut(&of), left.get_mut(&of)) else {
                    continue;
                };
                *left = left.saturating_sub(amount);
                // The part that went back becomes a payment of its own that was cancelled.
                let mut taken = None;
                for one in &mut whole.facts {
                    if let ReceiptFact::Collected { at_ms, amount_vnd } = &mut one.fact {
                        *amount_vnd = u64::try_from(*left).unwrap_or(0);
                        taken = Some((one.recorded_at_ms, *at_ms));
                    }
                }
                let Some((taken_ms, taken_at_ms)) = taken else { continue };
                let part = ReceiptFact::Collected {
                    at_ms: taken_at_ms,
                    amount_vnd: u64::try_from(amount).unwrap_or(0),
                };
                let number = format!("{of}/{}", hex::encode(&id));
                let facts = vec![
                    Recorded::new(taken_ms, part),
                    Recorded::new(received_ms, ReceiptFact::Cancelled { at_ms }),
                ];
                histories.insert(number.clone(), ReceiptHistory { number, line, facts });
            }
            _ => {}
        }
    }
    // A payment that went back whole is told by its parts alone.
    let stands = |history: &ReceiptHistory| left.get(&history.number).is_none_or(|left| *left > 0);
    Ok(histories.into_values().filter(stands).collect())
}

fn channel(tender: Option<&str>, is_agencys: bool) -> PaymentChannel {
    match tender.and_then(Tender::parse) {
        Some(Tender::NationalPortal) => PaymentChannel::NationalPortal,
        Some(Tender::OwnGateway) => PaymentChannel::OwnGateway,
        Some(Tender::Cash | Tender::Qr) | None if is_agencys => PaymentChannel::Agency,
        Some(Tender::Cash | Tender::Qr) | None => PaymentChannel::Post,
    }
}

/// When the agency took over what was paid, by the payment. A receipt that was voided since took nothing over.
async fn remitted(
    db: &impl ConnectionTrait,
    scope: &Scope,
    as_of_ms: i64,
) -> Result<HashMap<Vec<u8>, Recorded<ReceiptFact>>, StoreError> {
    let receipts: Vec<(Vec<u8>, Uuid)> = fee_receipt::Entity::find()
        .select_only()
        .columns([fee_receipt::Column::LineId, fee_receipt::Column::RemittanceId])
        .filter(fee_receipt::Column::DossierId.in_subquery(scope.dossier_ids()))
        .filter(fee_receipt::Column::RemittanceId.is_not_null())
        .filter(fee_receipt::Column::VoidedAt.is_null())
        .into_tuple()
        .all(db)
        .await?;
    let received: RelationDef = matter_act::Entity::belongs_to(inbox::Entity)
        .from(matter_act::Column::EventId)
        .to(inbox::Column::EventId)
        .into();
    let confirmed: Vec<(Uuid, i64, i64)> = matter_act::Entity::find()
        .select_only()
        .columns([matter_act::Column::Subject, matter_act::Column::AtMs])
        .column(inbox::Column::ReceivedAt)
        .join(JoinType::InnerJoin, received)
        .filter(matter_act::Column::Kind.eq("remittance.confirmed"))
        .filter(inbox::Column::ReceivedAt.lte(as_of_ms))
        .into_tuple()
        .all(db)
        .await?;
    let confirmed: HashMap<Uuid, (i64, i64)> = confirmed
        .into_iter()
        .map(|(id, at_ms, received_ms)| (id, (at_ms, received_ms)))
        .collect();
    let taken = receipts.into_iter().filter_map(|(line, remittance)| {
        let (at_ms, received_ms) = *confirmed.get(&remittance)?;
        Some((line, Recorded::new(received_ms, ReceiptFact::Remitted { at_ms })))
    });
    Ok(taken.collect())
}

/// The acts on matters of dossiers these eyes see, in log order, with the hours they were received.
async fn acts(db: &impl ConnectionTrait, scope: &Scope, as_of_ms: i64) -> Result<Vec<(i64, Told)>, StoreError> {
    let received: RelationDef = matter_act::Entity::belongs_to(inbox::Entity)
        .from(matter_act::Column::EventId)
        .to(inbox::Column::EventId)
        .into();
    let hours: Vec<(Vec<u8>, i64)> = matter_act::Entity::find()
        .select_only()
        .column(matter_act::Column::EventId)
        .column(inbox::Column::ReceivedAt)
        .join(JoinType::InnerJoin, received)
        .filter(matter_act::Column::DossierId.in_subquery(scope.dossier_ids()))
        .filter(inbox::Column::ReceivedAt.lte(as_of_ms))
        .into_tuple()
        .all(db)
        .await?;
    let hours: HashMap<String, i64> = hours.into_iter().map(|(id, ms)| (hex::encode(id), ms)).collect();
    let seen = matter_act::Entity::find().filter(matter_act::Column::DossierId.in_subquery(scope.dossier_ids()));
    let told = matter::folded(db, seen).await?;
    let known = told.into_iter().filter_map(|one| Some((*hours.get(&one.event)?, one)));
    Ok(known.collect())
}

fn by_matter(told: Vec<(i64, Told)>) -> Vec<Vec<(i64, Told)>> {
    let mut matters: BTreeMap<Uuid, Vec<(i64, Told)>> = BTreeMap::new();
    for one in told {
        matters.entry(one.1.subject).or_default().push(one);
    }
    matters.into_values().collect()
}

fn complaint(id: Uuid, told: &[(i64, Told)]) -> ComplaintHistory {
    let facts = told.iter().filter_map(|(received_ms, one)| {
        let at_ms = one.at_ms;
        let answered = |outcome| ComplaintFact::Answered { at_ms, outcome };
        let fact = match one.kind.as_str() {
            "complaint.filed" => ComplaintFact::Received {
                at_ms,
                between_provinces: one.data["between_provinces"].as_bool().unwrap_or(false),
            },
            "complaint.answered" => answered(one.text("outcome").and_then(ComplaintOutcome::parse)?),
            "complaint.withdrawn" => answered(ComplaintOutcome::Withdrawn),
            _ => return None,
        };
        Some(Recorded::new(*received_ms, fact))
    });
    ComplaintHistory {
        id,
        facts: facts.collect(),
    }
}

fn paid(id: Uuid, told: &[(i64, Told)]) -> Option<Recorded<Compensation>> {
    let (received_ms, one) = told.iter().find(|(_, one)| one.kind == "compensation.paid")?;
    let paid = Compensation {
        id,
        paid_at_ms: one.at_ms,
        amount_vnd: one.amount("amount").and_then(|sum| u64::try_from(sum).ok())?,
    };
    Some(Recorded::new(*received_ms, paid))
}

fn feedback(id: Uuid, told: &[(i64, Told)]) -> Option<Feedback> {
    let steps = told.iter().filter_map(|(received_ms, one)| {
        let at_ms = one.at_ms;
        let step = match stage_of(&one.kind)? {
            FeedbackStage::Received => FeedbackStep::Received { at_ms },
            FeedbackStage::Asked => FeedbackStep::Asked { at_ms },
            FeedbackStage::Refused => FeedbackStep::Refused { at_ms },
            FeedbackStage::Answered => FeedbackStep::Answered { at_ms },
            FeedbackStage::Published => FeedbackStep::Published { at_ms },
        };
        Some(Recorded::new(*received_ms, step))
    });
    let steps: Vec<_> = steps.collect();
    (!steps.is_empty()).then_some(Feedback { id, steps })
}

/// A low mark, or something to tell the agency: the index counts the dossier as one whose citizen was not content.
fn disliked(dossier: Option<Uuid>, told: &[(i64, Told)], owners: &mut BTreeMap<Uuid, Owner>) {
    let Some(owner) = dossier.and_then(|id| owners.get_mut(&id)) else {
        return;
    };
    for (received_ms, one) in told {
        let is_low = rating_of(one).is_some_and(Rating::is_dislike);
        if is_low || (one.kind == "feedback.received" && rating_of(one).is_none()) {
            let recorded_ms = owner.recorded(*received_ms);
            owner
                .attributes
                .push(Recorded::new(recorded_ms, Attribute::Complained(true)));
        }
    }
}
