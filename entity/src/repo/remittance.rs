//! Passing State fees on: a statement that is the sum of its receipts, counted and taken by the agency, each receipt once.

use super::idempotency::Once;
use super::matter::{self, Answer, Done, NewAct, Told, tell};
use super::receipt::{self, Standing};
use super::shift;
use crate::project::stated;
use crate::store::Store;
use crate::table::{agency, fee_receipt, matter_act};
use crate::{Scope, ServerKeys, StoreError, clock};
use domain::dossier::words::Language;
use domain::holder::Holder;
use domain::ids::{AgencyId, DossierId};
use domain::money::{
    Amount, Dong, FeeReceipt, ReceiptSeries, RemitError, RemittanceId, RemittanceRegister, RemittanceStatement,
    StatementError,
};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Receipts in one statement at most; the rest goes into the next.
pub const MOST: usize = 500;

/// A remittance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remittance {
    /// Its name.
    pub id: Uuid,
    /// The office that hands over.
    pub place: String,
    /// The agency that takes.
    pub agency: AgencyId,
    /// The receipts, by number.
    pub receipts: Vec<String>,
    /// Their sum, in whole đồng.
    pub total: i64,
    /// When it was made out, milliseconds UTC.
    pub stated_at_ms: i64,
    /// When the agency counted and took it, milliseconds UTC.
    pub confirmed_at_ms: Option<i64>,
    /// When the office took the statement back, milliseconds UTC.
    pub withdrawn_at_ms: Option<i64>,
}

/// Why nothing is remitted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RemittanceRefusal {
    /// The receipts make no statement.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// It is not remitted.
    #[error(transparent)]
    Remit(#[from] RemitError),
    /// There is no such receipt here.
    #[error("this office has no receipt {0}")]
    NoReceipt(String),
    /// There are more than fit one statement.
    #[error("a statement has at most {MOST} receipts")]
    TooMany,
    /// It is settled: counted and taken, or taken back.
    #[error("the remittance is settled already")]
    Settled,
    /// No reason.
    #[error("taking a statement back needs a reason")]
    NoReason,
}

impl RemittanceRefusal {
    /// The reason for people.
    pub const fn words(&self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::Statement(StatementError::Empty) => ("không có biên lai nào", "a statement needs a receipt"),
            Self::Statement(StatementError::OtherAgency(_)) => {
                ("có biên lai của cơ quan khác", "a receipt belongs to another agency")
            }
            Self::Statement(StatementError::Void(_)) => ("có biên lai đã hủy", "a receipt is void"),
            Self::Statement(StatementError::Twice(_)) => ("có biên lai ghi hai lần", "a receipt stands twice"),
            Self::Statement(StatementError::Amount(_)) => ("tổng tiền không hợp lệ", "the sum is not valid"),
            Self::Remit(RemitError::Remitted { .. } | RemitError::Made(_)) => (
                "biên lai đã nằm trong bảng kê khác",
                "a receipt stands in another statement",
            ),
            Self::Remit(RemitError::Counted) => (
                "số tiền cơ quan đếm khác tổng các biên lai",
                "the agency counted another sum than the receipts have",
            ),
            Self::NoReceipt(_) => ("bưu cục không có biên lai này", "this office has no such receipt"),
            Self::TooMany => (
                "quá nhiều biên lai trong một bảng kê",
                "too many receipts for one statement",
            ),
            Self::Settled => ("bảng kê đã kết thúc", "the remittance is settled already"),
            Self::NoReason => ("phải nêu lý do rút bảng kê", "taking a statement back needs a reason"),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }
}

/// The receipts of an office that are in no statement, or of an agency whose money it does not have yet.
///
/// # Errors
/// When the database fails.
pub async fn outstanding(db: &impl ConnectionTrait, scope: &Scope) -> Result<Vec<fee_receipt::Model>, StoreError> {
    let free = fee_receipt::Column::RemittanceId.is_null();
    let whose = match (scope.office(), scope.as_agency()) {
        (Some(office), _) => Condition::all()
            .add(fee_receipt::Column::PointId.eq(office.0))
            .add(free),
        (None, Some(agency)) => {
            let confirmed = sea_orm::sea_query::Query::select()
                .column(matter_act::Column::Subject)
                .from(matter_act::Entity)
                .cond_where(matter_act::Column::Kind.eq("remittance.confirmed"))
                .to_owned();
            let open = Condition::any()
                .add(free)
                .add(fee_receipt::Column::RemittanceId.not_in_subquery(confirmed));
            Condition::all()
                .add(fee_receipt::Column::AgencyId.eq(agency.0))
                .add(open)
        }
        (None, None) => return Ok(Vec::new()),
    };
    Ok(fee_receipt::Entity::find()
        .filter(whose)
        .filter(fee_receipt::Column::VoidedAt.is_null())
        .order_by_asc(fee_receipt::Column::Number)
        .all(db)
        .await?)
}

/// The domain's receipt of a row.
fn read(receipt: &Standing, agency_code: &str) -> Result<FeeReceipt, StoreError> {
    let bad = |why: &str| StoreError::corrupt("fee_receipt", &receipt.number, why);
    let (point, rest) = receipt.number.split_once(' ').ok_or_else(|| bad("number"))?;
    let (series, serial) = rest.rsplit_once(' ').ok_or_else(|| bad("number"))?;
    let serial: u32 = serial.parse().map_err(|_| bad("serial"))?;
    let amount = Amount::new(Dong::new(receipt.amount)).map_err(|_| bad("amount"))?;
    let (_, read) = ReceiptSeries::new(point, series, serial, serial)
        .and_then(|run| run.issue(DossierId(receipt.dossier), agency_code, amount, receipt.issued_at))
        .map_err(|_| bad("receipt"))?;
    if receipt.is_void {
        return read.void("void").map_err(|_| bad("void"));
    }
    Ok(read)
}

async fn code_of(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<String>, StoreError> {
    Ok(agency::Entity::find_by_id(id).one(db).await?.map(|agency| agency.code))
}

/// Makes out a statement of the receipts named, or of all that are outstanding for the agency.
///
/// # Errors
/// When the database fails.
pub async fn state(
    store: &Store,
    keys: &ServerKeys,
    scope: Scope,
    (agency, named): (AgencyId, Option<Vec<String>>),
    actor: String,
    once: Option<Once>,
) -> Result<Answer<RemittanceRefusal>, StoreError> {
    let (inner, keys, id) = (store.clone(), keys.clone(), clock::new_id());
    matter::once(store, once, move |tx| {
        Box::pin(async move {
            let Some(point) = scope.office() else {
                return Ok(Answer::Unknown);
            };
            let Some(code) = code_of(tx, agency.0).await? else {
                return Ok(Answer::Unknown);
            };
            shift::lock(tx, Holder::ServicePoint(point)).await?;
            let receipts = match gathered(tx, point.0, agency, named).await? {
                Ok(receipts) => receipts,
                Err(why) => return Ok(Answer::Refused(why)),
            };
            let mut listed = Vec::new();
            for receipt in &receipts {
                let whose = match receipt.agency.filter(|whose| *whose != agency.0) {
                    Some(other) => code_of(tx, other).await?.unwrap_or_default(),
                    None => code.clone(),
                };
                listed.push(read(receipt, &whose)?);
            }
            let statement = match RemittanceStatement::new(RemittanceId(id.to_string()), &code, listed) {
                Ok(statement) => statement,
                Err(why) => return Ok(Answer::Refused(why.into())),
            };
            let numbers: Vec<String> = statement
                .receipts()
                .iter()
                .map(|receipt| receipt.number().to_string())
                .collect();
            let data = json!({
                "place": Holder::ServicePoint(point).to_string(), "agency": agency.to_string(),
                "receipts": numbers, "total": statement.total().dong().as_i64(), "currency": "VND",
            });
            let act = NewAct {
                kind: "remittance.stated",
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

/// The receipts for a statement, as told up to now; the office is locked.
async fn gathered(
    tx: &DatabaseTransaction,
    point: Uuid,
    agency: AgencyId,
    named: Option<Vec<String>>,
) -> Result<Result<Vec<Standing>, RemittanceRefusal>, StoreError> {
    let waiting = matter::waiting(tx).await?;
    let of_point = fee_receipt::Entity::find()
        .filter(fee_receipt::Column::PointId.eq(point))
        .order_by_asc(fee_receipt::Column::Number);
    let Some(named) = named else {
        let rows = of_point
            .filter(fee_receipt::Column::AgencyId.eq(agency.0))
            .filter(fee_receipt::Column::VoidedAt.is_null())
            .filter(fee_receipt::Column::RemittanceId.is_null())
            .limit(MOST as u64)
            .all(tx)
            .await?;
        let known: BTreeSet<String> = rows.iter().map(|row| row.number.clone()).collect();
        let standing = receipt::up_to_now(rows, &waiting);
        let free = |one: &Standing| known.contains(&one.number) && !one.is_void && one.remittance.is_none();
        return Ok(Ok(standing.into_iter().filter(free).collect()));
    };
    if named.len() > MOST {
        return Ok(Err(RemittanceRefusal::TooMany));
    }
    let rows = of_point
        .filter(fee_receipt::Column::Number.is_in(named.clone()))
        .all(tx)
        .await?;
    let known: BTreeSet<String> = rows.iter().map(|row| row.number.clone()).collect();
    let standing = receipt::up_to_now(rows, &waiting);
    let mut found = Vec::new();
    for number in named {
        let Some(one) = standing
            .iter()
            .find(|one| one.number == number && known.contains(&number))
        else {
            return Ok(Err(RemittanceRefusal::NoReceipt(number)));
        };
        if let Some(with) = one.remittance {
            let receipt = read(one, "")?.number().clone();
            let with = RemittanceId(with.to_string());
            return Ok(Err(RemitError::Remitted { receipt, with }.into()));
        }
        found.push(one.clone());
    }
    Ok(Ok(found))
}

fn folded(told: &[Told]) -> Option<Remittance> {
    let stated_by = told.iter().find(|one| one.kind == "remittance.stated")?;
    let at = |kind: &str| told.iter().find(|one| one.kind == kind).map(|one| one.at_ms);
    Some(Remittance {
        id: stated_by.subject,
        place: stated_by.text("place")?.to_owned(),
        agency: stated_by.text("agency")?.parse().ok()?,
        receipts: stated(&stated_by.data),
        total: stated_by.amount("total")?,
        stated_at_ms: stated_by.at_ms,
        confirmed_at_ms: at("remittance.confirmed"),
        withdrawn_at_ms: at("remittance.withdrawn"),
    })
}

/// A remittance as told up to now, with its office locked.
async fn held(tx: &DatabaseTransaction, id: Uuid) -> Result<Option<Remittance>, StoreError> {
    let Some(stated) = folded(&matter::of(tx, id).await?) else {
        return Ok(None);
    };
    if let Ok(place) = stated.place.parse() {
        shift::lock(tx, place).await?;
    }
    Ok(folded(&matter::of(tx, id).await?))
}

/// The agency counted the money and took it.
///
/// # Errors
/// When the database fails.
pub async fn confirm(
    store: &Store,
    keys: &ServerKeys,
    scope: Scope,
    id: Uuid,
    counted: i64,
    actor: String,
    once: Option<Once>,
) -> Result<Answer<RemittanceRefusal>, StoreError> {
    let (inner, keys) = (store.clone(), keys.clone());
    matter::once(store, once, move |tx| {
        Box::pin(async move {
            let agency = scope.as_agency();
            let Some(known) = held(tx, id).await?.filter(|known| Some(known.agency) == agency) else {
                return Ok(Answer::Unknown);
            };
            if known.confirmed_at_ms.or(known.withdrawn_at_ms).is_some() {
                return Ok(Answer::Refused(RemittanceRefusal::Settled));
            }
            let code = code_of(tx, known.agency.0).await?.unwrap_or_default();
            let rows = fee_receipt::Entity::find()
                .filter(fee_receipt::Column::Number.is_in(known.receipts.clone()))
                .order_by_asc(fee_receipt::Column::Number)
                .all(tx)
                .await?;
            let receipts = rows.into_iter().map(|row| read(&row.into(), &code));
            let receipts = receipts.collect::<Result<Vec<_>, _>>()?;
            let statement = match RemittanceStatement::new(RemittanceId(id.to_string()), &code, receipts) {
                Ok(statement) => statement,
                Err(why) => return Ok(Answer::Refused(why.into())),
            };
            let Ok(sum) = Amount::new(Dong::new(counted)) else {
                return Ok(Answer::Refused(RemitError::Counted.into()));
            };
            if let Err(why) = RemittanceRegister::default().remit(&statement, sum) {
                return Ok(Answer::Refused(why.into()));
            }
            let act = NewAct {
                kind: "remittance.confirmed",
                subject: id,
                actor: &actor,
                data: json!({ "place": known.place, "counted": counted, "currency": "VND" }),
            };
            let event = tell(tx, &inner, &keys, act).await?;
            Ok(Answer::Done(Done::new(event, id)))
        })
    })
    .await
}

/// The office takes a statement back that the agency has not confirmed; its receipts are outstanding again.
///
/// # Errors
/// When the database fails.
pub async fn withdraw(
    store: &Store,
    keys: &ServerKeys,
    scope: Scope,
    id: Uuid,
    reason: String,
    actor: String,
    once: Option<Once>,
) -> Result<Answer<RemittanceRefusal>, StoreError> {
    let (inner, keys) = (store.clone(), keys.clone());
    matter::once(store, once, move |tx| {
        Box::pin(async move {
            let place = scope.office().map(|office| Holder::ServicePoint(office).to_string());
            let Some(known) = held(tx, id).await?.filter(|known| Some(&known.place) == place.as_ref()) else {
                return Ok(Answer::Unknown);
            };
            if known.confirmed_at_ms.or(known.withdrawn_at_ms).is_some() {
                return Ok(Answer::Refused(RemittanceRefusal::Settled));
            }
            if reason.trim().is_empty() {
                return Ok(Answer::Refused(RemittanceRefusal::NoReason));
            }
            let act = NewAct {
                kind: "remittance.withdrawn",
                subject: id,
                actor: &actor,
                data: json!({ "place": known.place, "reason": reason.trim() }),
            };
            let event = tell(tx, &inner, &keys, act).await?;
            Ok(Answer::Done(Done::new(event, id)))
        })
    })
    .await
}

/// Remittances shown at most.
const SHOWN: u64 = 100;

/// The latest remittances of an office, or to an agency, the newest first. An agency is not shown what was taken back.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &impl ConnectionTrait, scope: &Scope) -> Result<Vec<Remittance>, StoreError> {
    let mut query = matter_act::Entity::find()
        .select_only()
        .column(matter_act::Column::Subject)
        .filter(matter_act::Column::Kind.eq("remittance.stated"));
    query = match (scope.office(), scope.as_agency()) {
        (Some(office), _) => query.filter(matter_act::Column::Place.eq(Holder::ServicePoint(office).to_string())),
        (None, Some(agency)) => {
            let named = sea_orm::sea_query::Query::select()
                .column(fee_receipt::Column::RemittanceId)
                .from(fee_receipt::Entity)
                .cond_where(fee_receipt::Column::AgencyId.eq(agency.0))
                .cond_where(fee_receipt::Column::RemittanceId.is_not_null())
                .to_owned();
            query.filter(matter_act::Column::Subject.in_subquery(named))
        }
        (None, None) => return Ok(Vec::new()),
    };
    let ids: Vec<Uuid> = query
        .order_by_desc(matter_act::Column::LogIndex)
        .limit(SHOWN)
        .into_tuple()
        .all(db)
        .await?;
    let told = matter::folded(
        db,
        matter_act::Entity::find().filter(matter_act::Column::Subject.is_in(ids)),
    )
    .await?;
    let mut all: Vec<Remittance> = matter::by_subject(told)
        .iter()
        .filter_map(|told| folded(told))
        .collect();
    all.reverse();
    Ok(all)
}
