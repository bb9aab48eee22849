//! A dossier's money: what became due, what was paid, what was given back, and the receipts for it.
//!
//! A line that does not fit what is recorded is refused here, where somebody asks for it; what a courier's device recorded is
//! kept and shown with the reason why it does not count.

use super::idempotency::Once;
use super::matter::{self, Answer, Done, NewAct, tell};
use super::{receipt, rules, shift};
use crate::store::Store;
use crate::table::{dossier, fee_receipt, matter_act, money_line};
use crate::{Scope, ServerKeys, StoreError};
use custody::act::Act;
use domain::calendar::local;
use domain::dossier::words::Language;
use domain::holder::Holder;
use domain::ids::DossierId;
use domain::money::{Doing, Dong, LedgerKind, Line, LineError, ReceiptNumber, Sheet, Tender};
use domain::wire::money::{LineRecord, ReceiptRecord, kind};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashSet;
use uuid::Uuid;

/// A line that was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// The act or event, in hex.
    pub event: String,
    /// `money.charged`, `money.exempted`, `money.collected` or `money.refunded`.
    pub kind: String,
    /// What it says.
    pub record: LineRecord,
    /// Who said so.
    pub actor: String,
    /// When, milliseconds UTC.
    pub at_ms: i64,
    /// Why it does not count.
    pub unfit: Option<LineError>,
}

/// The money of one dossier.
#[derive(Debug, Clone)]
pub struct Money {
    /// The books.
    pub sheet: Sheet,
    /// The lines, in log order.
    pub lines: Vec<Entered>,
    /// The receipts, void ones as well.
    pub receipts: Vec<fee_receipt::Model>,
}

/// Why money is not moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyRefusal {
    /// The books have no room for it.
    #[error(transparent)]
    Line(#[from] LineError),
    /// The rules in force let nobody take other obligations.
    #[error("the rules in force do not let the post take other obligations")]
    OtherNotTaken,
    /// Nobody keeps the till.
    #[error("open a shift for this till first")]
    NoShift,
    /// The drawer does not hold so much.
    #[error("the drawer does not hold so much of this ledger")]
    Drawer,
    /// There is no number left to give.
    #[error("this office has no receipt numbers left: allot a series")]
    NoNumbers,
    /// There is no such collection of this ledger.
    #[error("there is no such collection of this ledger, or so much of it is given back already")]
    NotCollected,
    /// A State fee goes back as a whole, because its receipt is void then.
    #[error("a State fee is given back whole: its receipt becomes void")]
    NotWhole,
    /// The receipt stands in a statement.
    #[error("its receipt stands in a statement for the agency")]
    Remitted,
    /// It has a receipt.
    #[error("it has a receipt that is not void")]
    HasReceipt,
}

impl MoneyRefusal {
    /// The reason for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::Line(why) => return why.words(language),
            Self::OtherNotTaken => (
                "quy tắc hiện hành không cho bưu chính thu khoản khác",
                "the rules in force do not let the post take other obligations",
            ),
            Self::NoShift => ("chưa mở ca cho quầy thu này", "open a shift for this till first"),
            Self::Drawer => (
                "ngăn tiền không đủ khoản này",
                "the drawer does not hold so much of this ledger",
            ),
            Self::NoNumbers => (
                "đã hết số biên lai, cần cấp dải mới",
                "this office has no receipt numbers left: allot a series",
            ),
            Self::NotCollected => (
                "không có khoản thu này, hoặc đã hoàn trả",
                "there is no such collection of this ledger, or so much of it is given back already",
            ),
            Self::NotWhole => (
                "phí, lệ phí được hoàn trả toàn bộ vì biên lai bị hủy",
                "a State fee is given back whole: its receipt becomes void",
            ),
            Self::Remitted => (
                "biên lai đã nằm trong bảng kê nộp cơ quan",
                "its receipt stands in a statement for the agency",
            ),
            Self::HasReceipt => ("khoản thu đã có biên lai", "it has a receipt that is not void"),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }
}

/// A line somebody wants to enter.
#[derive(Debug, Clone)]
pub struct NewLine {
    /// What is done.
    pub doing: Doing,
    /// The line.
    pub record: LineRecord,
    /// Who does it, e.g. `staff:<uuid>`.
    pub actor: String,
}

/// The money of a dossier these eyes may see.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn of(db: &impl ConnectionTrait, scope: &Scope, id: DossierId) -> Result<Option<Money>, StoreError> {
    let Some(_) = scope.dossiers().filter(dossier::Column::Id.eq(id.0)).one(db).await? else {
        return Ok(None);
    };
    let lines = folded(db, id).await?;
    let receipts = receipts(db, id).await?;
    let remitted = remitted(db, &receipts).await?;
    Ok(Some(fold(id, lines, receipts, &remitted)))
}

async fn receipts(db: &impl ConnectionTrait, id: DossierId) -> Result<Vec<fee_receipt::Model>, StoreError> {
    Ok(fee_receipt::Entity::find()
        .filter(fee_receipt::Column::DossierId.eq(id.0))
        .order_by_asc(fee_receipt::Column::Number)
        .all(db)
        .await?)
}

/// The receipts among these whose money the agency has counted and taken.
async fn remitted(db: &impl ConnectionTrait, receipts: &[fee_receipt::Model]) -> Result<HashSet<Vec<u8>>, StoreError> {
    let stated: Vec<Uuid> = receipts.iter().filter_map(|receipt| receipt.remittance_id).collect();
    let confirmed: Vec<Uuid> = matter_act::Entity::find()
        .select_only()
        .column(matter_act::Column::Subject)
        .filter(matter_act::Column::Subject.is_in(stated))
        .filter(matter_act::Column::Kind.eq("remittance.confirmed"))
        .into_tuple()
        .all(db)
        .await?;
    let taken = receipts
        .iter()
        .filter(|receipt| receipt.remittance_id.is_some_and(|id| confirmed.contains(&id)));
    Ok(taken.map(|receipt| receipt.line_id.clone()).collect())
}

async fn folded(db: &impl ConnectionTrait, id: DossierId) -> Result<Vec<Entered>, StoreError> {
    let rows = money_line::Entity::find()
        .filter(money_line::Column::DossierId.eq(id.0))
        .filter(money_line::Column::DistrustedAt.is_null())
        .order_by_asc(money_line::Column::LogIndex)
        .order_by_asc(money_line::Column::EventId)
        .all(db)
        .await?;
    let read = rows.into_iter().map(|row| {
        let record = serde_json::from_str(&row.data).map_err(|error| StoreError::corrupt("money_line", id, error))?;
        Ok(Entered {
            event: hex::encode(row.event_id),
            kind: row.kind,
            record,
            actor: row.actor,
            at_ms: row.at_ms,
            unfit: None,
        })
    });
    read.collect()
}

fn waits(event: &[u8], act: &Act) -> Option<Entered> {
    let record: LineRecord = serde_json::from_str(&act.data).ok()?;
    record.line(&act.kind, act.at_ms)?;
    Some(Entered {
        event: hex::encode(event),
        kind: act.kind.clone(),
        record,
        actor: act.actor.clone(),
        at_ms: act.at_ms,
        unfit: None,
    })
}

/// Fills the books from the lines, in their order; what the agency has taken over goes right after it was taken.
fn fold(
    id: DossierId,
    mut lines: Vec<Entered>,
    receipts: Vec<fee_receipt::Model>,
    remitted: &HashSet<Vec<u8>>,
) -> Money {
    let mut sheet = Sheet::new(id);
    let remitted: HashSet<String> = remitted.iter().map(hex::encode).collect();
    for entered in &mut lines {
        let Some(line) = entered.record.line(&entered.kind, entered.at_ms) else {
            continue;
        };
        entered.unfit = sheet.take(&line).err();
        if entered.unfit.is_none() && remitted.contains(&entered.event) {
            let on = Line {
                doing: Doing::Remitted,
                ..line
            };
            // It fits: it was taken a moment ago.
            let _ = sheet.take(&on);
        }
    }
    Money { sheet, lines, receipts }
}

/// The money of a dossier as told up to this moment; its row is locked by the caller.
async fn told(tx: &DatabaseTransaction, id: DossierId, waiting: &[(Vec<u8>, Act)]) -> Result<Money, StoreError> {
    let mut lines = folded(tx, id).await?;
    let known: HashSet<String> = lines.iter().map(|line| line.event.clone()).collect();
    let more = waiting
        .iter()
        .filter(|(_, act)| act.subject == *id.0.as_bytes())
        .filter_map(|(event, act)| waits(event, act));
    lines.extend(more.filter(|line| !known.contains(&line.event)));
    let receipts = receipts(tx, id).await?;
    let remitted = remitted(tx, &receipts).await?;
    Ok(fold(id, lines, receipts, &remitted))
}

/// Enters a line for a dossier these eyes may see. A State fee that a counter takes gets the next number of the office's
/// receipts in the same transaction.
///
/// # Errors
/// When the database fails.
pub async fn enter(
    store: &Store,
    keys: &ServerKeys,
    scope: Scope,
    id: DossierId,
    new: NewLine,
    once: Option<Once>,
) -> Result<Answer<MoneyRefusal>, StoreError> {
    let (inner, keys) = (store.clone(), keys.clone());
    matter::once(store, once, move |tx| {
        Box::pin(async move { enter_in(tx, &inner, &keys, &scope, id, new).await })
    })
    .await
}

async fn enter_in(
    tx: &DatabaseTransaction,
    store: &Store,
    keys: &ServerKeys,
    scope: &Scope,
    id: DossierId,
    new: NewLine,
) -> Result<Answer<MoneyRefusal>, StoreError> {
    let NewLine {
        doing,
        mut record,
        actor,
    } = new;
    if !lock(tx, scope, id).await? {
        return Ok(Answer::Unknown);
    }
    let now = store.now_ms();
    let till = record.taken_by.as_deref().and_then(|text| text.parse::<Holder>().ok());
    // Whoever decides about a till or numbers of an office waits for the others who do.
    let place = till.filter(|till| matches!(till, Holder::ServicePoint(_)));
    if let Some(place) = place {
        shift::lock(tx, place).await?;
    }
    let waiting = matter::waiting(tx).await?;
    let mut money = told(tx, id, &waiting).await?;
    let Some(line) = record.line(kind(doing), now) else {
        return Ok(Answer::Refused(MoneyRefusal::Line(LineError::NoPaper)));
    };
    if let Err(why) = money.sheet.take(&line) {
        return Ok(Answer::Refused(why.into()));
    }
    if doing == Doing::Charged && line.ledger == LedgerKind::Other {
        let rules = rules::in_force(tx, local(now).0).await?;
        let allowed = rules.map_or_else(domain::rules::MoneyRules::default, |rules| rules.money);
        if !*allowed.other_obligations_on_instruction.value() {
            return Ok(Answer::Refused(MoneyRefusal::OtherNotTaken));
        }
    }
    let is_cash = record.tender.as_deref() == Some(Tender::Cash.as_str());
    if let Some(place) = place.filter(|_| is_cash) {
        let Some(drawer) = shift::open_drawer(tx, place).await? else {
            return Ok(Answer::Refused(MoneyRefusal::NoShift));
        };
        let holds = drawer.of(line.ledger);
        if matches!(doing, Doing::Refunded(_)) && holds < line.amount {
            return Ok(Answer::Refused(MoneyRefusal::Drawer));
        }
    }
    let mut void = None;
    if let Doing::Refunded(_) = doing {
        match given_back(tx, &money, &line, record.of.as_deref(), &waiting).await? {
            Ok(number) => void = number,
            Err(why) => return Ok(Answer::Refused(why)),
        }
    }
    let mut number = None;
    if let (Doing::Collected(..), LedgerKind::StateFee, Some(Holder::ServicePoint(point))) = (doing, line.ledger, place)
    {
        let Some(next) = receipt::draw(tx, point, &waiting).await? else {
            return Ok(Answer::Refused(MoneyRefusal::NoNumbers));
        };
        record.receipt = Some(ReceiptRecord::from(&next));
        number = Some(next);
    }
    let data = serde_json::to_value(&record).map_err(|error| StoreError::corrupt("money_line", id, error))?;
    let act = NewAct {
        kind: kind(doing),
        subject: id.0,
        actor: &actor,
        data,
    };
    let event = tell(tx, store, keys, act).await?;
    if let Some(number) = void {
        let reason = "đã hoàn trả phí, lệ phí";
        receipt::tell_void(tx, store, keys, (id, &number), reason, &actor).await?;
    }
    Ok(Answer::Done(Done {
        receipt: number.as_ref().map(ReceiptNumber::to_string),
        ..Done::new(event, id.0)
    }))
}

/// Locks a dossier these eyes may see; `false` when there is none.
pub(super) async fn lock(tx: &DatabaseTransaction, scope: &Scope, id: DossierId) -> Result<bool, StoreError> {
    let row = scope
        .dossiers()
        .filter(dossier::Column::Id.eq(id.0))
        .lock_exclusive()
        .one(tx)
        .await?;
    Ok(row.is_some())
}

/// Whether so much of a collection can be given back; with the receipt that becomes void by it.
async fn given_back(
    tx: &DatabaseTransaction,
    money: &Money,
    line: &Line,
    of: Option<&str>,
    waiting: &[(Vec<u8>, Act)],
) -> Result<Result<Option<String>, MoneyRefusal>, StoreError> {
    let counts = |kind: &str, entered: &Entered| entered.kind == kind && entered.unfit.is_none();
    let taken = money.lines.iter().find(|entered| {
        counts("money.collected", entered)
            && Some(entered.event.as_str()) == of
            && entered.record.ledger == line.ledger.as_str()
    });
    let Some(taken) = taken else {
        return Ok(Err(MoneyRefusal::NotCollected));
    };
    let back = money
        .lines
        .iter()
        .filter(|entered| counts("money.refunded", entered) && entered.record.of.as_deref() == of);
    let back: i64 = back.map(|entered| entered.record.amount).sum();
    if taken.record.amount - back < line.amount.as_i64() {
        return Ok(Err(MoneyRefusal::NotCollected));
    }
    let standing = receipt::of_line(tx, &taken.event, waiting).await?;
    let Some(standing) = standing else { return Ok(Ok(None)) };
    if Dong::new(taken.record.amount) != line.amount {
        return Ok(Err(MoneyRefusal::NotWhole));
    }
    if standing.remittance.is_some() {
        return Ok(Err(MoneyRefusal::Remitted));
    }
    Ok(Ok(Some(standing.number)))
}

/// Issues the receipt for a State fee that has none that stands: a courier brought it, or its receipt was spoiled.
///
/// # Errors
/// When the database fails.
pub async fn issue_receipt(
    store: &Store,
    keys: &ServerKeys,
    scope: Scope,
    id: DossierId,
    of: String,
    actor: String,
    once: Option<Once>,
) -> Result<Answer<MoneyRefusal>, StoreError> {
    let (inner, keys) = (store.clone(), keys.clone());
    matter::once(store, once, move |tx| {
        Box::pin(async move {
            let Some(point) = scope.office() else {
                return Ok(Answer::Unknown);
            };
            if !lock(tx, &scope, id).await? {
                return Ok(Answer::Unknown);
            }
            shift::lock(tx, Holder::ServicePoint(point)).await?;
            let waiting = matter::waiting(tx).await?;
            let money = told(tx, id, &waiting).await?;
            let fee = money.lines.iter().find(|entered| {
                entered.event == of
                    && entered.kind == "money.collected"
                    && entered.record.ledger == LedgerKind::StateFee.as_str()
                    && !entered
                        .record
                        .taken_by
                        .as_deref()
                        .is_some_and(|by| by.starts_with("agency:"))
            });
            let is_back = money
                .lines
                .iter()
                .any(|entered| entered.kind == "money.refunded" && entered.record.of.as_deref() == Some(of.as_str()));
            let Some(fee) = fee.filter(|_| !is_back) else {
                return Ok(Answer::Refused(MoneyRefusal::NotCollected));
            };
            if receipt::of_line(tx, &of, &waiting).await?.is_some() {
                return Ok(Answer::Refused(MoneyRefusal::HasReceipt));
            }
            let Some(number) = receipt::draw(tx, point, &waiting).await? else {
                return Ok(Answer::Refused(MoneyRefusal::NoNumbers));
            };
            let data = serde_json::json!({
                "receipt": ReceiptRecord::from(&number), "of": of, "amount": fee.record.amount, "currency": "VND",
                "taken_by": Holder::ServicePoint(point).to_string(),
            });
            let act = NewAct {
                kind: "receipt.issued",
                subject: id.0,
                actor: &actor,
                data,
            };
            let event = tell(tx, &inner, &keys, act).await?;
            Ok(Answer::Done(Done {
                receipt: Some(number.to_string()),
                ..Done::new(event, id.0)
            }))
        })
    })
    .await
}
