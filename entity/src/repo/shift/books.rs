//! What is told of a till: its shifts, what was taken in, and what closings took out.

use crate::StoreError;
use crate::repo::matter::{self, Told};
use crate::table::{matter_act, money_line};
use custody::act::Act;
use domain::holder::Holder;
use domain::ids::StaffId;
use domain::money::{Amount, CountersignError, Dong, LedgerKind, ThreeLines, countersign};
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

impl Shift {
    /// Whether somebody may put the second signature under a count of this shift: neither whoever signed first nor whoever carried the
    /// bag, and of the same sums.
    ///
    /// # Errors
    /// [`CountersignError`].
    pub(crate) fn may_be_signed(
        &self,
        closing: &Closing,
        counted: &ThreeLines,
        checker: StaffId,
    ) -> Result<(), CountersignError> {
        let first = closing.by.parse::<Holder>().ok();
        for keeper in first.into_iter().chain([self.till]) {
            if let Holder::Staff(keeper) = keeper {
                countersign(&closing.counted, keeper, counted, checker)?;
            }
        }
        Ok(())
    }
}

/// The books of one till.
#[derive(Debug)]
pub(crate) struct Books {
    shifts: Vec<(Shift, Drawer)>,
    taken: Drawer,
}

impl Books {
    /// As told up to now; the caller has locked the till.
    pub(super) async fn told(tx: &DatabaseTransaction, till: Holder) -> Result<Self, StoreError> {
        let waiting = matter::waiting(tx).await?;
        Self::with(tx, till, &waiting).await
    }

    /// As folded, and nothing else: what a projection may know.
    pub(crate) async fn folded(tx: &DatabaseTransaction, till: Holder) -> Result<Self, StoreError> {
        Self::with(tx, till, &[]).await
    }

    async fn with(tx: &DatabaseTransaction, till: Holder, waiting: &[(Vec<u8>, Act)]) -> Result<Self, StoreError> {
        Ok(Self {
            shifts: shifts_of(tx, till, waiting).await?,
            taken: taken(tx, till, waiting).await?,
        })
    }

    /// The latest shift.
    pub(crate) fn last(&self) -> Option<&Shift> {
        self.shifts.last().map(|(shift, _)| shift)
    }

    pub(super) fn find(&self, id: Uuid) -> Option<&Shift> {
        self.shifts.iter().map(|(shift, _)| shift).find(|shift| shift.id == id)
    }

    /// What the drawer should hold.
    pub(crate) fn drawer(&self) -> Drawer {
        self.taken.less(&self.out())
    }

    /// What closings have taken out of it.
    fn out(&self) -> Drawer {
        let closed = self
            .shifts
            .iter()
            .rev()
            .find(|(shift, _)| shift.countersigned.is_some());
        closed.map_or_else(Drawer::default, |(_, out)| *out)
    }

    /// What a first signature says.
    pub(crate) fn count(&self, till: Holder, counted: &ThreeLines, explanation: Option<&str>) -> Value {
        json!({
            "place": till.to_string(), "expected": ThreeLinesRecord::from(self.drawer().lines()),
            "counted": ThreeLinesRecord::from(*counted), "explanation": explanation,
        })
    }

    /// What a second signature says: with it, all that should have been there is out of the drawer.
    pub(crate) fn signature(&self, till: Holder, closing: &Closing, counted: &ThreeLines) -> Value {
        json!({
            "place": till.to_string(), "counted": ThreeLinesRecord::from(*counted),
            "handed_over": ThreeLinesRecord::from(self.out().plus(&closing.expected).lines()),
        })
    }
}

/// What a drawer holds of each ledger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Drawer([i64; 3]);

impl Drawer {
    pub(in crate::repo) fn of(&self, ledger: LedgerKind) -> Dong {
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

    fn plus(self, more: &ThreeLines) -> Self {
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

/// Acts on one till that tell of the shift it is in and of the one before: three for each, and every count that was repeated.
const LATEST: u64 = 100;

pub(super) async fn latest(db: &impl ConnectionTrait, places: Vec<String>) -> Result<Vec<Told>, StoreError> {
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

/// The latest shifts of a till, oldest first, each with what all closings up to it have taken out of the drawer.
async fn shifts_of(
    tx: &DatabaseTransaction,
    till: Holder,
    waiting: &[(Vec<u8>, Act)],
) -> Result<Vec<(Shift, Drawer)>, StoreError> {
    let mut told = latest(tx, vec![till.to_string()]).await?;
    let known: Vec<String> = told.iter().map(|one| one.event.clone()).collect();
    let more = waiting
        .iter()
        .filter_map(|(event, act)| matter::read_waiting(act.clone(), event));
    told.extend(more.filter(|one| {
        one.kind.starts_with("shift.")
            && one.text("place") == Some(till.to_string().as_str())
            && !known.contains(&one.event)
    }));
    Ok(shifts(told))
}

/// The shifts that acts tell of, each with what all closings up to it have taken out of the drawer.
pub(super) fn shifts(told: Vec<Told>) -> Vec<(Shift, Drawer)> {
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

/// What ever came into a drawer in cash less what went back out to people.
async fn taken(tx: &DatabaseTransaction, till: Holder, waiting: &[(Vec<u8>, Act)]) -> Result<Drawer, StoreError> {
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
            more.insert(event.clone(), (act.kind.clone(), record));
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
