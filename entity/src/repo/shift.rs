//! Shifts of a till: opened, counted and signed by its keeper, counted and signed again by another person.
//!
//! What the drawer should hold is what was taken in cash and not given back, less what the closings of before took out of it.
//! So money that a phone tells of late is missing in one shift and expected in the next, and nothing is counted twice.

mod refusal;

pub use refusal::ShiftRefusal;

use super::idempotency::Once;
use super::matter::{self, Answer, Done, NewAct, Told, tell};
use crate::store::Store;
use crate::table::{matter_act, money_line, service_point, staff};
use crate::{Scope, ServerKeys, StoreError, clock};
use custody::act::Act;
use domain::holder::Holder;
use domain::ids::StaffId;
use domain::money::{Amount, Dong, LedgerKind, ThreeLines, close_shift, countersign as countersigned};
use domain::wire::money::{LineRecord, ThreeLinesRecord};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The first signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// The act or event that says so, in hex.
    pub event: String,
    /// When, milliseconds UTC.
    pub at_ms: i64,
    /// Who signed.
    pub by: String,
    /// What the books said.
    pub expected: ThreeLines,
    /// What was counted.
    pub counted: ThreeLines,
    /// What was said about a difference.
    pub explanation: Option<String>,
}

/// A shift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// Its name.
    pub id: Uuid,
    /// Whose drawer or bag.
    pub till: Holder,
    /// When it was opened, milliseconds UTC.
    pub opened_at_ms: i64,
    /// Who opened it.
    pub opened_by: String,
    /// The first signature; a later count takes its place until it is countersigned.
    pub closing: Option<Closing>,
    /// The second signature: when and whose.
    pub countersigned: Option<(i64, String)>,
}

/// What a drawer holds of each ledger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Drawer([i64; 3]);

impl Drawer {
    pub(super) fn of(&self, ledger: LedgerKind) -> Dong {
        Dong::new(self.0[place_of(ledger)])
    }

    fn add(&mut self, kind: &str, ledger: LedgerKind, amount: i64) {
        let sum = &mut self.0[place_of(ledger)];
        *sum = match kind {
            "money.collected" => sum.saturating_add(amount),
            "money.refunded" => sum.saturating_sub(amount),
            _ => *sum,
        };
    }

    fn less(self, out: &Self) -> Self {
        let mut left = self;
        for (have, out) in left.0.iter_mut().zip(out.0) {
            *have = have.saturating_sub(out);
        }
        left
    }

    pub(crate) fn plus(self, more: &ThreeLines) -> Self {
        let mut sum = self;
        for (have, (_, more)) in sum.0.iter_mut().zip(more.lines()) {
            *have = have.saturating_add(more.as_i64());
        }
        sum
    }

    pub(crate) fn lines(&self) -> ThreeLines {
        // Less than nothing cannot lie in a drawer; what is lacking is told by the count.
        let [postage, state_fee, other] = self.0.map(|sum| Dong::new(sum.max(0)));
        ThreeLines {
            postage: Amount::new(postage).unwrap_or(Amount::ZERO),
            state_fee: Amount::new(state_fee).unwrap_or(Amount::ZERO),
            other: Amount::new(other).unwrap_or(Amount::ZERO),
        }
    }
}

const fn place_of(ledger: LedgerKind) -> usize {
    match ledger {
        LedgerKind::Postage => 0,
        LedgerKind::StateFee => 1,
        LedgerKind::Other => 2,
    }
}

/// Locks the row of a till, so that two people do not decide about it at once.
pub(super) async fn lock(tx: &DatabaseTransaction, till: Holder) -> Result<(), StoreError> {
    match till {
        Holder::ServicePoint(id) => {
            service_point::Entity::find_by_id(id.0).lock_exclusive().one(tx).await?;
        }
        Holder::Staff(id) => {
            staff::Entity::find_by_id(id.0).lock_exclusive().one(tx).await?;
        }
        Holder::Citizen | Holder::Agency(_) | Holder::Bag(_) => {}
    }
    Ok(())
}

/// Acts on one till that tell of the shift it is in and of the one before: three for each, and every count that was repeated.
const LATEST: u64 = 100;

async fn latest(db: &impl ConnectionTrait, places: Vec<String>) -> Result<Vec<Told>, StoreError> {
    let ids: Vec<Vec<u8>> = matter_act::Entity::find()
        .select_only()
        .column(matter_act::Column::EventId)
        .filter(matter_act::Column::Place.is_in(places))
        .filter(matter_act::Column::Kind.starts_with("shift."))
        .order_by_desc(matter_act::Column::LogIndex)
        .limit(LATEST)
        .into_tuple()
        .all(db)
        .await?;
    matter::folded(
        db,
        matter_act::Entity::find().filter(matter_act::Column::EventId.is_in(ids)),
    )
    .await
}

/// The latest shifts of a till as told up to now, oldest first; the caller has locked it.
async fn told(tx: &DatabaseTransaction, till: Holder) -> Result<Vec<(Shift, Drawer)>, StoreError> {
    let waiting = matter::waiting(tx).await?;
    told_with(tx, till, waiting).await
}

/// The latest shifts of a till, by what is folded and these acts that wait.
async fn told_with(
    tx: &DatabaseTransaction,
    till: Holder,
    waiting: Vec<(Vec<u8>, Act)>,
) -> Result<Vec<(Shift, Drawer)>, StoreError> {
    let mut told = latest(tx, vec![till.to_string()]).await?;
    let known: Vec<String> = told.iter().map(|one| one.event.clone()).collect();
    let more = waiting
        .into_iter()
        .filter_map(|(event, act)| matter::read_waiting(act, &event));
    told.extend(more.filter(|one| {
        one.kind.starts_with("shift.")
            && one.text("place") == Some(till.to_string().as_str())
            && !known.contains(&one.event)
    }));
    Ok(shifts(told))
}

/// The shifts that acts tell of, each with what all closings up to it have taken out of the drawer.
fn shifts(told: Vec<Told>) -> Vec<(Shift, Drawer)> {
    let folded = matter::by_subject(told).into_iter().filter_map(|told| {
        // A courier's count ends a shift that nobody opened here: it was begun and ended on the phone.
        let is = |kind: &str| told.iter().find(|one| one.kind == kind);
        let opened = is("shift.opened").or_else(|| is("shift.closed"))?;
        let mut shift = Shift {
            id: opened.subject,
            till: opened.text("place")?.parse().ok()?,
            opened_at_ms: opened.at_ms,
            opened_by: opened.actor.clone(),
            closing: None,
            countersigned: None,
        };
        let mut out = Drawer::default();
        for one in &told {
            match one.kind.as_str() {
                "shift.closed" => shift.closing = closing(one),
                "shift.countersigned" => {
                    shift.countersigned = Some((one.at_ms, one.actor.clone()));
                    out = Drawer(lines(&one.data["handed_over"])?.lines().map(|(_, sum)| sum.as_i64()));
                }
                _ => {}
            }
        }
        Some((shift, out))
    });
    folded.collect()
}

fn closing(told: &Told) -> Option<Closing> {
    Some(Closing {
        event: told.event.clone(),
        at_ms: told.at_ms,
        by: told.actor.clone(),
        expected: lines(&told.data["expected"])?,
        counted: lines(&told.data["counted"])?,
        explanation: told.text("explanation").map(str::to_owned),
    })
}

fn lines(value: &Value) -> Option<ThreeLines> {
    let record: ThreeLinesRecord = serde_json::from_value(value.clone()).ok()?;
    record.try_into().ok()
}

/// What was taken out of a till's drawer by its closings.
fn handed_over(shifts: &[(Shift, Drawer)]) -> Drawer {
    let closed = shifts.iter().rev().find(|(shift, _)| shift.countersigned.is_some());
    closed.map_or_else(Drawer::default, |(_, out)| *out)
}

/// What ever came into a drawer in cash less what went back out to people, as told up to now.
async fn taken(tx: &DatabaseTransaction, till: Holder) -> Result<Drawer, StoreError> {
    let waiting = matter::waiting(tx).await?;
    taken_with(tx, till, waiting).await
}

/// The same by what is folded and these acts that wait.
async fn taken_with(
    tx: &DatabaseTransaction,
    till: Holder,
    waiting: Vec<(Vec<u8>, Act)>,
) -> Result<Drawer, StoreError> {
    let place = till.to_string();
    let sums: Vec<(String, String, i64)> = money_line::Entity::find()
        .select_only()
        .columns([money_line::Column::Kind, money_line::Column::Ledger])
        .column_as(Expr::cust("CAST(SUM(amount) AS BIGINT)"), "sum")
        .filter(money_line::Column::Till.eq(&place))
        .filter(money_line::Column::Tender.eq("cash"))
        .filter(money_line::Column::DistrustedAt.is_null())
        .group_by(money_line::Column::Kind)
        .group_by(money_line::Column::Ledger)
        .into_tuple()
        .all(tx)
        .await?;
    let mut drawer = Drawer::default();
    for (kind, ledger, sum) in sums {
        if let Some(ledger) = LedgerKind::parse(&ledger) {
            drawer.add(&kind, ledger, sum);
        }
    }
    let mut more: BTreeMap<Vec<u8>, (String, LineRecord)> = BTreeMap::new();
    for (event, act) in waiting {
        let Ok(record) = serde_json::from_str::<LineRecord>(&act.data) else {
            continue;
        };
        let is_here = record.taken_by.as_deref() == Some(place.as_str()) && record.tender.as_deref() == Some("cash");
        if is_here && record.line(&act.kind, act.at_ms).is_some() {
            more.insert(event, (act.kind, record));
        }
    }
    let known: Vec<Vec<u8>> = money_line::Entity::find()
        .select_only()
        .column(money_line::Column::EventId)
        .filter(money_line::Column::EventId.is_in(more.keys().cloned()))
        .into_tuple()
        .all(tx)
        .await?;
    for (_, (kind, record)) in more.into_iter().filter(|(event, _)| !known.contains(event)) {
        if let Some(ledger) = LedgerKind::parse(&record.ledger) {
            drawer.add(&kind, ledger, record.amount);
        }
    }
    Ok(drawer)
}

/// What a till's drawer holds while a shift is open; none while none is. The caller has locked the till.
pub(super) async fn open_drawer(tx: &DatabaseTransaction, till: Holder) -> Result<Option<Drawer>, StoreError> {
    let shifts = told(tx, till).await?;
    let is_open = shifts.last().is_some_and(|(shift, _)| shift.closing.is_none());
    if !is_open {
        return Ok(None);
    }
    Ok(Some(taken(tx, till).await?.less(&handed_over(&shifts))))
}

/// A till by what is folded alone, as a projection may know it: its last shift, what its drawer should hold, and what closings
/// have taken out of it so far.
pub(crate) async fn folded(
    tx: &DatabaseTransaction,
    till: Holder,
) -> Result<(Option<Shift>, ThreeLines, Drawer), StoreError> {
    let shifts = told_with(tx, till, Vec::new()).await?;
    let out = handed_over(&shifts);
    let drawer = taken_with(tx, till, Vec::new()).await?.less(&out);
    Ok((shifts.into_iter().last().map(|(shift, _)| shift), drawer.lines(), out))
}

/// Whether these eyes may act on a till: an office on its own and its couriers', a courier on their own.
async fn may(db: &impl ConnectionTrait, scope: &Scope, till: Holder) -> Result<bool, StoreError> {
    if let Some(courier) = scope.as_courier() {
        return Ok(till == Holder::Staff(courier));
    }
    let Some(office) = scope.office() else {
        return Ok(false);
    };
    match till {
        Holder::ServicePoint(point) => Ok(point == office),
        Holder::Staff(id) => {
            let person = staff::Entity::find_by_id(id.0).one(db).await?;
            Ok(person.is_some_and(|person| person.service_point_id == Some(office.0)))
        }
        Holder::Citizen | Holder::Agency(_) | Holder::Bag(_) => Ok(false),
    }
}

/// Opens a shift for a till.
///
/// # Errors
/// When the database fails.
pub async fn open(
    store: &Store,
    keys: &ServerKeys,
    scope: Scope,
    till: Holder,
    actor: String,
    once: Option<Once>,
) -> Result<Answer<ShiftRefusal>, StoreError> {
    let (inner, keys, id) = (store.clone(), keys.clone(), clock::new_id());
    matter::once(store, once, move |tx| {
        Box::pin(async move {
            if !may(tx, &scope, till).await? {
                return Ok(Answer::Unknown);
            }
            lock(tx, till).await?;
            let shifts = told(tx, till).await?;
            if shifts.last().is_some_and(|(shift, _)| shift.countersigned.is_none()) {
                return Ok(Answer::Refused(ShiftRefusal::Open));
            }
            let act = NewAct {
                kind: "shift.opened",
                subject: id,
                actor: &actor,
                data: json!({ "place": till.to_string() }),
            };
            let event = tell(tx, &inner, &keys, act).await?;
            Ok(Answer::Done(Done::new(event, id)))
        })
    })
    .await
}

/// A shift that these eyes may act on, with its till locked, and what its drawer should hold.
async fn held(
    tx: &DatabaseTransaction,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<(Shift, Drawer, Drawer)>, StoreError> {
    let told_of = matter::of(tx, id).await?;
    let till = told_of
        .iter()
        .filter(|one| one.kind.starts_with("shift."))
        .find_map(|one| one.text("place")?.parse::<Holder>().ok());
    let Some(till) = till else { return Ok(None) };
    if !may(tx, scope, till).await? {
        return Ok(None);
    }
    lock(tx, till).await?;
    let shifts = told(tx, till).await?;
    let out = handed_over(&shifts);
    let Some((shift, _)) = shifts.into_iter().find(|(shift, _)| shift.id == id) else {
        return Ok(None);
    };
    let drawer = taken(tx, till).await?.less(&out);
    Ok(Some((shift, drawer, out)))
}

/// The keeper counts and signs. Counting again replaces the count until it is countersigned.
///
/// # Errors
/// When the database fails.
pub async fn close(
    store: &Store,
    keys: &ServerKeys,
    scope: Scope,
    id: Uuid,
    (counted, explanation): (ThreeLinesRecord, Option<String>),
    actor: String,
    once: Option<Once>,
) -> Result<Answer<ShiftRefusal>, StoreError> {
    let (inner, keys) = (store.clone(), keys.clone());
    matter::once(store, once, move |tx| {
        Box::pin(async move {
            let Some((shift, drawer, _)) = held(tx, &scope, id).await? else {
                return Ok(Answer::Unknown);
            };
            if shift.countersigned.is_some() {
                return Ok(Answer::Refused(ShiftRefusal::Closed));
            }
            let Ok(counted) = ThreeLines::try_from(counted) else {
                return Ok(Answer::Refused(ShiftRefusal::Sum));
            };
            let closed = match close_shift(drawer.lines(), counted, explanation.as_deref()) {
                Ok(closed) => closed,
                Err(why) => return Ok(Answer::Refused(why.into())),
            };
            let data = json!({
                "place": shift.till.to_string(), "expected": ThreeLinesRecord::from(*closed.expected()),
                "counted": ThreeLinesRecord::from(*closed.counted()), "explanation": closed.explanation(),
            });
            let act = NewAct {
                kind: "shift.closed",
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

/// Another person counts the same and signs: the money goes from the drawer to the office.
///
/// # Errors
/// When the database fails.
pub async fn countersign(
    store: &Store,
    keys: &ServerKeys,
    scope: Scope,
    id: Uuid,
    counted: ThreeLinesRecord,
    checker: StaffId,
    once: Option<Once>,
) -> Result<Answer<ShiftRefusal>, StoreError> {
    let (inner, keys) = (store.clone(), keys.clone());
    matter::once(store, once, move |tx| {
        Box::pin(async move {
            let Some((shift, _, out)) = held(tx, &scope, id).await? else {
                return Ok(Answer::Unknown);
            };
            let Some(closing) = &shift.closing else {
                return Ok(Answer::Refused(ShiftRefusal::NotCounted));
            };
            if shift.countersigned.is_some() {
                return Ok(Answer::Refused(ShiftRefusal::Closed));
            }
            let Ok(counted) = ThreeLines::try_from(counted) else {
                return Ok(Answer::Refused(ShiftRefusal::Sum));
            };
            // Neither whoever signed first nor whoever carried the bag.
            let first = closing.by.parse::<Holder>();
            for keeper in [first, Ok(shift.till)].into_iter().flatten() {
                if let Holder::Staff(keeper) = keeper
                    && let Err(why) = countersigned(&closing.counted, keeper, &counted, checker)
                {
                    return Ok(Answer::Refused(why.into()));
                }
            }
            let total = out.plus(&closing.expected);
            let data = json!({
                "place": shift.till.to_string(), "counted": ThreeLinesRecord::from(counted),
                "handed_over": ThreeLinesRecord::from(total.lines()),
            });
            let act = NewAct {
                kind: "shift.countersigned",
                subject: id,
                actor: &Holder::Staff(checker).to_string(),
                data,
            };
            let event = tell(tx, &inner, &keys, act).await?;
            Ok(Answer::Done(Done::new(event, id)))
        })
    })
    .await
}

/// The latest shifts these eyes may act on, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &impl ConnectionTrait, scope: &Scope) -> Result<Vec<Shift>, StoreError> {
    let mut tills: Vec<Holder> = scope.as_courier().map(Holder::Staff).into_iter().collect();
    if let Some(office) = scope.office() {
        let people: Vec<Uuid> = staff::Entity::find()
            .select_only()
            .column(staff::Column::Id)
            .filter(staff::Column::ServicePointId.eq(office.0))
            .into_tuple()
            .all(db)
            .await?;
        tills.push(Holder::ServicePoint(office));
        tills.extend(people.into_iter().map(|id| Holder::Staff(StaffId(id))));
    }
    let told = latest(db, tills.iter().map(ToString::to_string).collect()).await?;
    let mut shifts: Vec<Shift> = shifts(told).into_iter().map(|(shift, _)| shift).collect();
    shifts.reverse();
    Ok(shifts)
}
