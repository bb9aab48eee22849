//! Fee receipts: runs of numbers that belong to an office, given one after the other, voided and never taken out of the row.
//!
//! The number a receipt gets follows from the log alone: the highest one told so far, plus one. The office's row is locked
//! while one is given, so that no two people get the same and none is left out.

use super::idempotency::Once;
use super::matter::{self, Answer, Done, NewAct, tell};
use super::shift;
use crate::project::{Issued, stated, voided};
use crate::store::Store;
use crate::table::{fee_receipt, matter_act, service_point};
use crate::{Scope, ServerKeys, StoreError};
use custody::act::Act;
use domain::dossier::words::Language;
use domain::holder::Holder;
use domain::ids::{DossierId, ServicePointId};
use domain::money::{IssueReceiptError, ReceiptNumber, ReceiptSeries};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// A run of numbers of an office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// The series printed on the book, such as `AA/26P`.
    pub name: String,
    /// Its first number.
    pub first: u32,
    /// Its last number.
    pub last: u32,
    /// The highest number that was given, or lent to a device.
    pub given: Option<u32>,
    /// What devices were lent of it, oldest first.
    pub lent: Vec<Lent>,
}

/// Numbers a device was lent, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lent {
    /// The device, in hex.
    pub device: String,
    /// The first number.
    pub first: u32,
    /// The last one.
    pub last: u32,
}

/// Why a run is not allotted or a receipt not voided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptRefusal {
    /// It is no run of numbers, or no reason.
    #[error(transparent)]
    Rule(#[from] IssueReceiptError),
    /// The office has this series.
    #[error("this office has that series already")]
    Known,
    /// It stands in a statement.
    #[error("the receipt stands in a statement for the agency: withdraw that first")]
    Remitted,
}

impl ReceiptRefusal {
    /// The reason for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::Rule(IssueReceiptError::Void) => ("biên lai đã hủy", "the receipt is void already"),
            Self::Rule(IssueReceiptError::NoReason) => ("phải nêu lý do hủy", "voiding a receipt needs a reason"),
            Self::Rule(IssueReceiptError::Series | IssueReceiptError::UsedUp | IssueReceiptError::Nothing) => (
                "dải số biên lai không hợp lệ",
                "a receipt series needs a name and numbers from 1 upwards",
            ),
            Self::Known => (
                "bưu cục đã có ký hiệu biên lai này",
                "this office has that series already",
            ),
            Self::Remitted => (
                "biên lai đã nằm trong bảng kê nộp cơ quan, phải rút bảng kê trước",
                "the receipt stands in a statement for the agency: withdraw that first",
            ),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }
}

/// A receipt as told up to this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) number: String,
    pub(super) dossier: Uuid,
    pub(super) agency: Option<Uuid>,
    pub(super) amount: i64,
    pub(super) line: String,
    pub(super) issued_at: i64,
    pub(super) is_void: bool,
    pub(super) remittance: Option<Uuid>,
}

impl From<fee_receipt::Model> for Standing {
    fn from(row: fee_receipt::Model) -> Self {
        Self {
            number: row.number,
            dossier: row.dossier_id,
            agency: Some(row.agency_id),
            amount: row.amount,
            line: hex::encode(row.line_id),
            issued_at: row.issued_at,
            is_void: row.voided_at.is_some(),
            remittance: row.remittance_id,
        }
    }
}

/// Brings receipts up to what waits. Each change sets a receipt to what it says, so that one that is folded already does no harm.
pub(super) fn up_to_now(rows: Vec<fee_receipt::Model>, waiting: &[(Vec<u8>, Act)]) -> Vec<Standing> {
    let mut order: Vec<String> = rows.iter().map(|row| row.number.clone()).collect();
    let mut known: HashMap<String, Standing> = rows.into_iter().map(|row| (row.number.clone(), row.into())).collect();
    for (event, act) in waiting {
        if let Some(issued) = Issued::by(event, act) {
            let number = issued.number.to_string();
            known.entry(number.clone()).or_insert_with(|| {
                order.push(number.clone());
                Standing {
                    number,
                    dossier: Uuid::from_bytes(act.subject),
                    agency: None,
                    amount: issued.amount,
                    line: hex::encode(&issued.line),
                    issued_at: act.at_ms,
                    is_void: false,
                    remittance: None,
                }
            });
        }
        if let Some(receipt) = voided(act).and_then(|(number, _)| known.get_mut(&number)) {
            receipt.is_void = true;
        }
        let subject = Uuid::from_bytes(act.subject);
        match act.kind.as_str() {
            "remittance.stated" => {
                let data = serde_json::from_str(&act.data).unwrap_or_default();
                for number in stated(&data) {
                    if let Some(receipt) = known.get_mut(&number) {
                        receipt.remittance = Some(subject);
                    }
                }
            }
            "remittance.withdrawn" => {
                for receipt in known.values_mut().filter(|one| one.remittance == Some(subject)) {
                    receipt.remittance = None;
                }
            }
            _ => {}
        }
    }
    order.into_iter().filter_map(|number| known.remove(&number)).collect()
}

/// The receipt that stands for a collection.
pub(super) async fn of_line(
    tx: &DatabaseTransaction,
    line: &str,
    waiting: &[(Vec<u8>, Act)],
) -> Result<Option<Standing>, StoreError> {
    let id = hex::decode(line).unwrap_or_default();
    let rows = fee_receipt::Entity::find()
        .filter(fee_receipt::Column::LineId.eq(id))
        .order_by_asc(fee_receipt::Column::Number)
        .all(tx)
        .await?;
    let standing = up_to_now(rows, waiting);
    Ok(standing.into_iter().find(|one| one.line == line && !one.is_void))
}

/// The next number of an office; none when every series is used up. The office's row is locked by the caller.
pub(super) async fn draw(
    tx: &DatabaseTransaction,
    point: ServicePointId,
    waiting: &[(Vec<u8>, Act)],
) -> Result<Option<ReceiptNumber>, StoreError> {
    let Some(office) = service_point::Entity::find_by_id(point.0).one(tx).await? else {
        return Ok(None);
    };
    for series in series_in(tx, point, waiting).await? {
        let next = series.given.map_or(series.first, |given| given.saturating_add(1));
        let Ok(run) = ReceiptSeries::new(&office.code, &series.name, next, series.last) else {
            continue;
        };
        if let Some(serial) = run.next() {
            return Ok(Some(ReceiptNumber {
                point: office.code,
                series: series.name,
                serial,
            }));
        }
    }
    Ok(None)
}

pub(super) async fn series_in(
    tx: &DatabaseTransaction,
    point: ServicePointId,
    waiting: &[(Vec<u8>, Act)],
) -> Result<Vec<Series>, StoreError> {
    let allotted = matter::all(tx, allotments(point), |one| {
        one.subject == point.0 && KINDS.contains(&one.kind.as_str())
    })
    .await?;
    let mut all = runs(tx, point, &allotted).await?;
    for (event, act) in waiting {
        let Some(issued) = Issued::by(event, act).filter(|issued| issued.point == point) else {
            continue;
        };
        if let Some(run) = all.iter_mut().find(|run| run.name == issued.number.series) {
            run.given = run.given.max(Some(issued.number.serial));
        }
    }
    Ok(all)
}

fn allotments(point: ServicePointId) -> sea_orm::Select<matter_act::Entity> {
    matter::about(point.0).filter(matter_act::Column::Kind.is_in(KINDS))
}

/// What is told of an office's runs.
const KINDS: [&str; 2] = ["series.allotted", LENT];
/// Numbers went to a device.
pub(crate) const LENT: &str = "series.lent";

/// What an act lends, and of which series.
pub(crate) fn lent(told: &serde_json::Value) -> Option<(&str, Lent)> {
    let number = |name: &str| told[name].as_i64().and_then(|number| u32::try_from(number).ok());
    let lent = Lent {
        device: told["device"].as_str()?.to_owned(),
        first: number("first")?,
        last: number("last")?,
    };
    Some((told["series"].as_str()?, lent))
}

async fn runs(
    db: &impl ConnectionTrait,
    point: ServicePointId,
    allotted: &[matter::Told],
) -> Result<Vec<Series>, StoreError> {
    let mut all = Vec::new();
    for one in allotted.iter().filter(|one| one.kind != LENT) {
        let number = |name: &str| one.amount(name).and_then(|number| u32::try_from(number).ok());
        let (Some(name), Some(first), Some(last)) = (one.text("series"), number("first"), number("last")) else {
            continue;
        };
        let highest: Option<i64> = fee_receipt::Entity::find()
            .select_only()
            .column(fee_receipt::Column::Serial)
            .filter(fee_receipt::Column::PointId.eq(point.0))
            .filter(fee_receipt::Column::Series.eq(name))
            .order_by_desc(fee_receipt::Column::Serial)
            .into_tuple()
            .one(db)
            .await?;
        let of_lent = allotted.iter().filter(|one| one.kind == LENT);
        let lent: Vec<Lent> = of_lent
            .filter_map(|one| lent(&one.data))
            .filter(|(series, _)| *series == name)
            .map(|(_, lent)| lent)
            .collect();
        let written = highest.and_then(|given| u32::try_from(given).ok());
        all.push(Series {
            name: name.to_owned(),
            first,
            last,
            given: lent.iter().map(|run| run.last).chain(written).max(),
            lent,
        });
    }
    Ok(all)
}

/// The runs of numbers of the office these eyes are of, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn series(db: &impl ConnectionTrait, scope: &Scope) -> Result<Vec<Series>, StoreError> {
    let Some(point) = scope.office() else {
        return Ok(Vec::new());
    };
    let allotted = matter::folded(db, allotments(point)).await?;
    runs(db, point, &allotted).await
}

/// Gives an office a run of numbers; it is used after those it has.
///
/// # Errors
/// When the database fails.
pub async fn allot(
    store: &Store,
    keys: &ServerKeys,
    scope: Scope,
    run: (String, u32, u32),
    actor: String,
    once: Option<Once>,
) -> Result<Answer<ReceiptRefusal>, StoreError> {
    let (inner, keys) = (store.clone(), keys.clone());
    matter::once(store, once, move |tx| {
        Box::pin(async move {
            let Some(point) = scope.office() else {
                return Ok(Answer::Unknown);
            };
            shift::lock(tx, Holder::ServicePoint(point)).await?;
            let (name, first, last) = run;
            if let Err(why) = ReceiptSeries::new("-", &name, first, last) {
                return Ok(Answer::Refused(why.into()));
            }
            let waiting = matter::waiting(tx).await?;
            let known = series_in(tx, point, &waiting).await?;
            if known.iter().any(|run| run.name == name.trim()) {
                return Ok(Answer::Refused(ReceiptRefusal::Known));
            }
            let act = NewAct {
                kind: "series.allotted",
                subject: point.0,
                actor: &actor,
                data: json!({ "series": name.trim(), "first": first, "last": last,
                    "place": Holder::ServicePoint(point).to_string() }),
            };
            let event = tell(tx, &inner, &keys, act).await?;
            Ok(Answer::Done(Done::new(event, point.0)))
        })
    })
    .await
}

/// Voids a receipt of the office these eyes are of. The number stays used.
///
/// # Errors
/// When the database fails.
pub async fn void(
    store: &Store,
    keys: &ServerKeys,
    scope: Scope,
    (name, serial): (String, u32),
    reason: String,
    actor: String,
    once: Option<Once>,
) -> Result<Answer<ReceiptRefusal>, StoreError> {
    let (inner, keys) = (store.clone(), keys.clone());
    matter::once(store, once, move |tx| {
        Box::pin(async move {
            let Some(point) = scope.office() else {
                return Ok(Answer::Unknown);
            };
            shift::lock(tx, Holder::ServicePoint(point)).await?;
            let Some(office) = service_point::Entity::find_by_id(point.0).one(tx).await? else {
                return Ok(Answer::Unknown);
            };
            let number = ReceiptNumber {
                point: office.code,
                series: name,
                serial,
            }
            .to_string();
            let waiting = matter::waiting(tx).await?;
            let rows = fee_receipt::Entity::find()
                .filter(fee_receipt::Column::Number.eq(&number))
                .all(tx)
                .await?;
            let standing = up_to_now(rows, &waiting);
            let Some(standing) = standing.into_iter().find(|one| one.number == number) else {
                return Ok(Answer::Unknown);
            };
            if standing.is_void {
                return Ok(Answer::Refused(IssueReceiptError::Void.into()));
            }
            if reason.trim().is_empty() {
                return Ok(Answer::Refused(IssueReceiptError::NoReason.into()));
            }
            if standing.remittance.is_some() {
                return Ok(Answer::Refused(ReceiptRefusal::Remitted));
            }
            let about = (DossierId(standing.dossier), number.as_str());
            let event = tell_void(tx, &inner, &keys, about, reason.trim(), &actor).await?;
            Ok(Answer::Done(Done {
                receipt: Some(number),
                ..Done::new(event, standing.dossier)
            }))
        })
    })
    .await
}

/// Tells the log that a receipt is void.
pub(super) async fn tell_void(
    tx: &DatabaseTransaction,
    store: &Store,
    keys: &ServerKeys,
    (dossier, number): (DossierId, &str),
    reason: &str,
    actor: &str,
) -> Result<custody::ids::EventId, StoreError> {
    let act = NewAct {
        kind: "receipt.voided",
        subject: dossier.0,
        actor,
        data: json!({ "number": number, "reason": reason }),
    };
    tell(tx, store, keys, act).await
}
