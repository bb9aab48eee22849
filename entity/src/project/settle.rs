//! The end of a shift as devices signed it: a count, and the second signature under it, whichever comes first.
//!
//! What the drawer should have held is reckoned here from what is folded, whatever the phone's own books say; both are kept. A
//! signature that does not fit is set aside for a person, and the money stays in the till it was in.

use super::event::{OK, raw};
use super::{Cx, unfit};
use crate::StoreError;
use crate::repo::shift::Books;
use crate::table::{custody_event, matter_act, staff};
use custody::envelope::Envelope;
use custody::event::Event;
use custody::ids::EventId;
use custody::till::Settle;
use domain::holder::Holder;
use domain::ids::StaffId;
use domain::money::{CountersignError, ThreeLines};
use domain::wire::money::ThreeLinesRecord;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use serde_json::{Value, json};
use uuid::Uuid;

/// A second signature whose count has not come.
pub(super) const WAITING_FOR_COUNT: &str = "waiting_for_count";

/// Folds what a trusted event says of the end of a shift, once.
pub(super) async fn apply(cx: &mut Cx<'_>, id: &[u8], event: &Event) -> Result<(), StoreError> {
    let Some(settle) = Settle::of(event) else { return Ok(()) };
    if matter_act::Entity::find_by_id(id.to_vec()).one(cx.tx).await?.is_some() {
        return Ok(());
    }
    match settle {
        Settle::Count {
            books,
            counted,
            explanation,
        } => {
            count(cx, id, event, (books, counted), explanation).await?;
            signatures_of(cx, id).await
        }
        Settle::Sign { of, counted } => sign(cx, id, event, of, counted).await,
    }
}

/// The till an event is of, and the person who signed it.
async fn speaker(cx: &mut Cx<'_>, event: &Event) -> Result<Option<(Holder, StaffId)>, StoreError> {
    let device = cx.device(event.device).await?;
    Ok(device.and_then(|device| Some((device.holder(event.hat()?)?, device.staff))))
}

async fn count(
    cx: &mut Cx<'_>,
    id: &[u8],
    event: &Event,
    (books, counted): (ThreeLines, ThreeLines),
    explanation: Option<String>,
) -> Result<(), StoreError> {
    let Some((till, keeper)) = speaker(cx, event).await? else {
        return Ok(());
    };
    let of_till = Books::folded(cx.tx, till).await?;
    let open = of_till
        .last()
        .filter(|shift| shift.countersigned.is_none())
        .map(|shift| shift.id);
    let subject = open.unwrap_or_else(|| Uuid::from_bytes(event.handover_id.map_or([0; 16], |id| id.0)));
    let mut data = of_till.count(till, &counted, explanation.as_deref());
    data["books"] = json!(ThreeLinesRecord::from(books));
    tell(cx, id, event, (subject, "shift.closed"), (till, keeper), data).await
}

async fn sign(cx: &mut Cx<'_>, id: &[u8], event: &Event, of: EventId, counted: ThreeLines) -> Result<(), StoreError> {
    let told = matter_act::Entity::find_by_id(of.0.to_vec()).one(cx.tx).await?;
    let Some(told) = told.filter(|told| told.kind == "shift.closed") else {
        return unfit::park(cx, id, WAITING_FOR_COUNT).await;
    };
    let till: Option<Holder> = told.place.as_deref().and_then(|place| place.parse().ok());
    let (Some(till), Some((_, checker))) = (till, speaker(cx, event).await?) else {
        return Ok(());
    };
    let books = Books::folded(cx.tx, till).await?;
    let open = books
        .last()
        .filter(|shift| shift.id == told.subject && shift.countersigned.is_none());
    let standing = open.and_then(|shift| Some((shift, shift.closing.as_ref()?)));
    let Some((shift, closing)) = standing.filter(|(_, closing)| closing.event == of.to_string()) else {
        return unfit::quarantine(cx, id, "count_replaced", "device").await;
    };
    if !is_of_their_office(cx, till, checker).await? {
        return unfit::quarantine(cx, id, "not_their_office", "device").await;
    }
    if let Err(why) = shift.may_be_signed(closing, &counted, checker) {
        let reason = match why {
            CountersignError::SamePerson => "same_person",
            CountersignError::CountsDiffer { .. } => "counts_differ",
        };
        return unfit::quarantine(cx, id, reason, "device").await;
    }
    let data = books.signature(till, closing, &counted);
    tell(
        cx,
        id,
        event,
        (told.subject, "shift.countersigned"),
        (till, checker),
        data,
    )
    .await?;
    unfit::unpark(cx, [id.to_vec()]).await
}

/// The signatures that waited for a count.
async fn signatures_of(cx: &mut Cx<'_>, count: &[u8]) -> Result<(), StoreError> {
    let waiting: Vec<Vec<u8>> = custody_event::Entity::find()
        .select_only()
        .column(custody_event::Column::EventId)
        .filter(custody_event::Column::About.eq(count.to_vec()))
        .filter(custody_event::Column::Verdict.eq(OK))
        .into_tuple()
        .all(cx.tx)
        .await?;
    for id in waiting {
        let signed = raw(cx, &id).await?.unwrap_or_default();
        let Ok(envelope) = Envelope::parse(&signed) else {
            continue;
        };
        if let Some(Settle::Sign { of, counted }) = Settle::of(envelope.event()) {
            sign(cx, &id, envelope.event(), of, counted).await?;
        }
    }
    Ok(())
}

/// An office counts its own drawer and the bags of its own couriers.
async fn is_of_their_office(cx: &Cx<'_>, till: Holder, checker: StaffId) -> Result<bool, StoreError> {
    let office = |person: Option<staff::Model>| person.and_then(|person| person.service_point_id);
    let of_checker = office(staff::Entity::find_by_id(checker.0).one(cx.tx).await?);
    let of_till = match till {
        Holder::ServicePoint(point) => Some(point.0),
        Holder::Staff(id) => office(staff::Entity::find_by_id(id.0).one(cx.tx).await?),
        Holder::Citizen | Holder::Agency(_) | Holder::Bag(_) => None,
    };
    Ok(of_till.is_some() && of_till == of_checker)
}

async fn tell(
    cx: &Cx<'_>,
    id: &[u8],
    event: &Event,
    (subject, kind): (Uuid, &str),
    (till, by): (Holder, StaffId),
    data: Value,
) -> Result<(), StoreError> {
    let act = matter_act::Model {
        event_id: id.to_vec(),
        log_index: cx.log_index,
        subject,
        kind: kind.to_owned(),
        dossier_id: None,
        place: Some(till.to_string()),
        actor: Holder::Staff(by).to_string(),
        at_ms: cx.believed(event.clone()).at_ms(cx.received_at),
        data: data.to_string(),
    };
    act.into_active_model().insert(cx.tx).await?;
    Ok(())
}
