//! Money and the matters beside a dossier: lines, receipts, and the acts on shifts, remittances, complaints, compensation and
//! feedback. Nothing here judges: a line that does not fit is shown as such where the books are read.

use super::Cx;
use crate::StoreError;
use crate::repo::receipt::{LENT, lent};
use crate::table::{fee_receipt, inbox, matter_act, money_line, service_point};
use custody::act::Act;
use custody::event::{Detail, Event};
use custody::ids::EventId;
use custody::kind::Kind;
use domain::holder::Holder;
use domain::ids::{DossierId, ServicePointId};
use domain::money::{Dong, LedgerKind, ReceiptNumber};
use domain::wire::money::{LineRecord, ReceiptRecord};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::Value;
use uuid::Uuid;

/// The kinds of acts on matters. An act of another kind is kept and shown as not understood.
pub(crate) const MATTERS: [&str; 31] = [
    "series.allotted",
    "series.lent",
    "shift.opened",
    "shift.closed",
    "shift.countersigned",
    "remittance.stated",
    "remittance.confirmed",
    "remittance.withdrawn",
    "complaint.filed",
    "complaint.registered",
    "complaint.answered",
    "complaint.withdrawn",
    "compensation.assessed",
    "compensation.decided",
    "compensation.approved",
    "compensation.rejected",
    "compensation.paid",
    "feedback.received",
    "feedback.rated",
    "feedback.asked",
    "feedback.refused",
    "feedback.answered",
    "feedback.published",
    "glass.asked",
    "glass.opened",
    "glass.refused",
    "glass.ended",
    "redirect.asked",
    "ruling.proposed",
    "ruling.rejected",
    "ruling.withdrawn",
];

/// Folds a line of a dossier's money, and the receipt that was issued for it.
pub(super) async fn line(cx: &mut Cx<'_>, row: &inbox::Model, act: &Act) -> Result<bool, StoreError> {
    let Ok(record) = serde_json::from_str::<LineRecord>(&act.data) else {
        return Ok(false);
    };
    let dossier = DossierId(Uuid::from_bytes(act.subject));
    let Some(owner) = cx.owner(dossier).await? else {
        return Ok(false);
    };
    if record.line(&act.kind, act.at_ms).is_none() {
        return Ok(false);
    }
    let line = money_line::Model {
        event_id: row.event_id.clone(),
        log_index: cx.log_index,
        dossier_id: dossier.0,
        kind: act.kind.clone(),
        ledger: record.ledger.clone(),
        amount: record.amount,
        tender: record.tender.clone(),
        till: record.taken_by.clone(),
        actor: act.actor.clone(),
        at_ms: act.at_ms,
        data: act.data.clone(),
        distrusted_at: None,
    };
    line.into_active_model().insert(cx.tx).await?;
    if let Some(issued) = Issued::by(&row.event_id, act) {
        return issued.write(cx, dossier, owner.agency_id, act.at_ms).await;
    }
    Ok(true)
}

/// A receipt as an act issues it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Issued {
    /// Its number.
    pub(crate) number: ReceiptNumber,
    /// Where.
    pub(crate) point: ServicePointId,
    /// The collection it is for.
    pub(crate) line: Vec<u8>,
    /// How much.
    pub(crate) amount: i64,
}

impl Issued {
    /// The receipt an act issues: with the money at a counter, or afterwards for what a courier brought.
    pub(crate) fn by(event: &[u8], act: &Act) -> Option<Self> {
        let data: Value = serde_json::from_str(&act.data).ok()?;
        let record: ReceiptRecord = serde_json::from_value(data["receipt"].clone()).ok()?;
        let Ok(Holder::ServicePoint(point)) = data["taken_by"].as_str()?.parse() else {
            return None;
        };
        let line = match act.kind.as_str() {
            "money.collected" => event.to_vec(),
            "receipt.issued" => hex::decode(data["of"].as_str()?).ok()?,
            _ => return None,
        };
        Some(Self {
            number: record.into(),
            point,
            line,
            amount: data["amount"].as_i64()?,
        })
    }

    /// Writes it, unless the number is on another receipt already.
    async fn write(&self, cx: &Cx<'_>, dossier: DossierId, agency: Uuid, at_ms: i64) -> Result<bool, StoreError> {
        let is_taken = fee_receipt::Entity::find()
            .filter(
                Condition::any()
                    .add(fee_receipt::Column::Number.eq(self.number.to_string()))
                    .add(
                        fee_receipt::Column::PointId
                            .eq(self.point.0)
                            .and(fee_receipt::Column::Series.eq(&self.number.series))
                            .and(fee_receipt::Column::Serial.eq(i64::from(self.number.serial))),
                    ),
            )
            .one(cx.tx)
            .await?
            .is_some();
        if is_taken {
            return Ok(false);
        }
        let row = fee_receipt::Model {
            number: self.number.to_string(),
            point_id: self.point.0,
            series: self.number.series.clone(),
            serial: self.number.serial.into(),
            dossier_id: dossier.0,
            agency_id: agency,
            amount: self.amount,
            line_id: self.line.clone(),
            issued_at: at_ms,
            voided_at: None,
            void_reason: None,
            remittance_id: None,
            log_index: cx.log_index,
        };
        row.into_active_model().insert(cx.tx).await?;
        Ok(true)
    }
}

/// Folds what happens to a receipt after the money was taken.
pub(super) async fn receipt(cx: &mut Cx<'_>, row: &inbox::Model, act: &Act) -> Result<bool, StoreError> {
    let dossier = DossierId(Uuid::from_bytes(act.subject));
    if let Some(issued) = Issued::by(&row.event_id, act) {
        let Some(owner) = cx.owner(dossier).await? else {
            return Ok(false);
        };
        return issued.write(cx, dossier, owner.agency_id, act.at_ms).await;
    }
    let Some((number, reason)) = voided(act) else {
        return Ok(false);
    };
    let done = fee_receipt::Entity::update_many()
        .col_expr(fee_receipt::Column::VoidedAt, Expr::value(act.at_ms))
        .col_expr(fee_receipt::Column::VoidReason, Expr::value(reason))
        .col_expr(fee_receipt::Column::LogIndex, Expr::value(cx.log_index))
        .filter(fee_receipt::Column::Number.eq(number))
        .exec(cx.tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// The receipt an act voids, and why.
pub(crate) fn voided(act: &Act) -> Option<(String, String)> {
    let data: Value = serde_json::from_str(&act.data).ok()?;
    let text = |name: &str| data[name].as_str().map(str::to_owned);
    (act.kind == "receipt.voided").then_some((text("number")?, text("reason")?))
}

/// Folds an act on a matter.
pub(super) async fn matter(cx: &mut Cx<'_>, row: &inbox::Model, act: &Act, data: &Value) -> Result<bool, StoreError> {
    if !MATTERS.contains(&act.kind.as_str()) {
        return Ok(false);
    }
    let subject = Uuid::from_bytes(act.subject);
    let line = matter_act::Model {
        event_id: row.event_id.clone(),
        log_index: cx.log_index,
        subject,
        kind: act.kind.clone(),
        dossier_id: data["dossier"].as_str().and_then(|text| text.parse().ok()),
        place: data["place"].as_str().map(str::to_owned),
        actor: act.actor.clone(),
        at_ms: act.at_ms,
        data: act.data.clone(),
    };
    line.into_active_model().insert(cx.tx).await?;
    match act.kind.as_str() {
        "remittance.stated" => stand_in(cx, Some(subject), stated(data)).await?,
        "remittance.withdrawn" => {
            let stands = fee_receipt::Column::RemittanceId.eq(subject);
            fee_receipt::Entity::update_many()
                .col_expr(fee_receipt::Column::RemittanceId, Expr::value(None::<Uuid>))
                .col_expr(fee_receipt::Column::LogIndex, Expr::value(cx.log_index))
                .filter(stands)
                .exec(cx.tx)
                .await?;
        }
        _ => {}
    }
    Ok(true)
}

/// The receipts a statement lists.
pub(crate) fn stated(data: &Value) -> Vec<String> {
    let listed = data["receipts"].as_array().into_iter().flatten();
    listed.filter_map(Value::as_str).map(str::to_owned).collect()
}

async fn stand_in(cx: &Cx<'_>, remittance: Option<Uuid>, numbers: Vec<String>) -> Result<(), StoreError> {
    fee_receipt::Entity::update_many()
        .col_expr(fee_receipt::Column::RemittanceId, Expr::value(remittance))
        .col_expr(fee_receipt::Column::LogIndex, Expr::value(cx.log_index))
        .filter(fee_receipt::Column::Number.is_in(numbers))
        .exec(cx.tx)
        .await?;
    Ok(())
}

/// What a device's event says of money; none for any other event, and for one that names no sum.
pub(super) fn cash_of(event: &Event) -> Option<LineRecord> {
    if event.kind != Kind::Cash {
        return None;
    }
    let text = |name: &str| match event.details.get(name) {
        Some(Detail::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    let Some(Detail::Int(amount)) = event.details.get("amount") else {
        return None;
    };
    let number = |name: &str| match event.details.get(name) {
        Some(Detail::Int(number)) => u32::try_from(*number).ok(),
        _ => None,
    };
    let receipt = || {
        Some(ReceiptRecord {
            point: text("receipt_point")?.to_owned(),
            series: text("receipt_series")?.to_owned(),
            serial: number("receipt_serial")?,
        })
    };
    let record = LineRecord {
        tender: Some(text("tender").unwrap_or("cash").to_owned()),
        receipt: receipt(),
        ..LineRecord::new(LedgerKind::parse(text("ledger")?)?, Dong::new(*amount))
    };
    record.line(COLLECTED, 0).is_some().then_some(record)
}

const COLLECTED: &str = "money.collected";

/// Writes the lines of trusted cash events of an item, once each. An event about several items is of the first it names.
pub(super) async fn cash(
    cx: &mut Cx<'_>,
    item: &[u8],
    dossier: Uuid,
    events: &[(EventId, Event, i64)],
    party: impl Fn(&Event) -> Option<Holder>,
) -> Result<(), StoreError> {
    for (id, event, received_ms) in events {
        let is_first = event.items.first().is_some_and(|first| first.item.0 == item);
        let Some(record) = cash_of(event).filter(|_| is_first) else {
            continue;
        };
        let Some(holder) = party(event) else { continue };
        let record = LineRecord {
            taken_by: Some(holder.to_string()),
            ..record
        };
        let line = money_line::Model {
            event_id: id.0.to_vec(),
            log_index: cx.log_index,
            dossier_id: dossier,
            kind: COLLECTED.to_owned(),
            ledger: record.ledger.clone(),
            amount: record.amount,
            tender: record.tender.clone(),
            till: record.taken_by.clone(),
            actor: format!("device:{}", event.device),
            at_ms: event.at_ms(*received_ms),
            data: serde_json::to_string(&record).unwrap_or_default(),
            distrusted_at: None,
        };
        money_line::Entity::insert(line.into_active_model())
            .on_conflict(
                OnConflict::column(money_line::Column::EventId)
                    .update_column(money_line::Column::DistrustedAt)
                    .to_owned(),
            )
            .exec_without_returning(cx.tx)
            .await?;
        if record.ledger == LedgerKind::StateFee.as_str() {
            written_at_the_door(cx, id, (event, received_ms), DossierId(dossier), &record).await?;
        }
    }
    Ok(())
}

/// Writes the receipt a device gave for a fee, where its number was lent to that device and is on no other receipt. One that was not
/// is only what the device said: the office issues another.
async fn written_at_the_door(
    cx: &mut Cx<'_>,
    id: &EventId,
    (event, received_ms): (&Event, &i64),
    dossier: DossierId,
    record: &LineRecord,
) -> Result<(), StoreError> {
    let Some(receipt) = &record.receipt else { return Ok(()) };
    let point = service_point::Entity::find()
        .filter(service_point::Column::Code.eq(&receipt.point))
        .one(cx.tx)
        .await?;
    let Some(point) = point.map(|point| ServicePointId(point.id)) else {
        return Ok(());
    };
    let told = matter_act::Entity::find()
        .filter(matter_act::Column::Place.eq(Holder::ServicePoint(point).to_string()))
        .filter(matter_act::Column::Kind.eq(LENT))
        .filter(matter_act::Column::Actor.eq(format!("device:{}", event.device)))
        .all(cx.tx)
        .await?;
    let is_lent = told.into_iter().any(|act| {
        let data: Value = serde_json::from_str(&act.data).unwrap_or_default();
        lent(&data)
            .is_some_and(|(series, run)| series == receipt.series && (run.first..=run.last).contains(&receipt.serial))
    });
    let Some(owner) = cx.owner(dossier).await?.filter(|_| is_lent) else {
        return Ok(());
    };
    let issued = Issued {
        number: receipt.clone().into(),
        point,
        line: id.0.to_vec(),
        amount: record.amount,
    };
    issued
        .write(cx, dossier, owner.agency_id, event.at_ms(*received_ms))
        .await?;
    Ok(())
}

/// Says of the line of a cash event that whoever told it is not trusted any more. It stays, since it counted until now.
pub(super) async fn distrust(cx: &Cx<'_>, event: &[u8]) -> Result<(), StoreError> {
    money_line::Entity::update_many()
        .col_expr(money_line::Column::DistrustedAt, Expr::value(cx.received_at))
        .filter(money_line::Column::EventId.eq(event.to_vec()))
        .filter(money_line::Column::DistrustedAt.is_null())
        .exec(cx.tx)
        .await?;
    Ok(())
}
