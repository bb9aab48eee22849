//! Shifts of a till: opened, counted and signed by its keeper, counted and signed again by another person.
//!
//! What the drawer should hold is what was taken in cash and not given back, less what the closings of before took out of it.
//! So money that a phone tells of late is missing in one shift and expected in the next, and nothing is counted twice.

mod books;
mod refusal;

pub(crate) use books::Books;
pub use books::{Closing, Shift};
use books::{Drawer, latest, shifts};
pub use refusal::ShiftRefusal;

use super::idempotency::Once;
use super::matter::{self, Answer, Done, NewAct, tell};
use crate::store::Store;
use crate::table::{service_point, staff};
use crate::{Scope, ServerKeys, StoreError, clock};
use domain::holder::Holder;
use domain::ids::StaffId;
use domain::money::{ThreeLines, close_shift};
use domain::wire::money::ThreeLinesRecord;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

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

/// What a till's drawer holds while a shift is open; none while none is. The caller has locked the till.
pub(super) async fn open_drawer(tx: &DatabaseTransaction, till: Holder) -> Result<Option<Drawer>, StoreError> {
    let books = Books::told(tx, till).await?;
    let is_open = books.last().is_some_and(|shift| shift.closing.is_none());
    Ok(is_open.then(|| books.drawer()))
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
            let books = Books::told(tx, till).await?;
            if books.last().is_some_and(|shift| shift.countersigned.is_none()) {
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
async fn held(tx: &DatabaseTransaction, scope: &Scope, id: Uuid) -> Result<Option<(Shift, Books)>, StoreError> {
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
    let books = Books::told(tx, till).await?;
    Ok(books.find(id).cloned().map(|shift| (shift, books)))
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
            let Some((shift, books)) = held(tx, &scope, id).await? else {
                return Ok(Answer::Unknown);
            };
            if shift.countersigned.is_some() {
                return Ok(Answer::Refused(ShiftRefusal::Closed));
            }
            let Ok(counted) = ThreeLines::try_from(counted) else {
                return Ok(Answer::Refused(ShiftRefusal::Sum));
            };
            let closed = match close_shift(books.drawer().lines(), counted, explanation.as_deref()) {
                Ok(closed) => closed,
                Err(why) => return Ok(Answer::Refused(why.into())),
            };
            let data = books.count(shift.till, closed.counted(), closed.explanation());
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
            let Some((shift, books)) = held(tx, &scope, id).await? else {
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
            if let Err(why) = shift.may_be_signed(closing, &counted, checker) {
                return Ok(Answer::Refused(why.into()));
            }
            let data = books.signature(shift.till, closing, &counted);
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
