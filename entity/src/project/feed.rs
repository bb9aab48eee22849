//! What others hear of a change: the tracking feed of one-stop systems and the change feed of phones. Both count on their
//! own, without gaps, in the order facts are folded.

use super::Cx;
use crate::StoreError;
use crate::table::{assignment, change, item_custody, service_point, tracking_event};
use custody::ids::{EventId, ItemId};
use domain::holder::Holder;
use domain::ids::{DossierId, StaffId};
use domain::item::{AttemptReason, ItemState};
use domain::item_code::ItemCode;
use domain::status::tracking;
use domain::wire::v1::{Change, ItemChange, WithdrawnChange};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// One step of an item, as the tracking feed tells it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// Where the item stood after it.
    pub(super) state: ItemState,
    /// When.
    pub(super) at_ms: i64,
    /// Why, for a failed attempt.
    pub(super) reason: Option<u64>,
}

/// Adds a row to the tracking feed of the client that ordered, if one did.
pub(super) async fn track(cx: &mut Cx<'_>, item: &item_custody::Model, step: Step) -> Result<(), StoreError> {
    let status = tracking::status(super::item::kind(item)?, step.state);
    row(cx, item, i64::from(status.code), status.message, step).await
}

async fn row(
    cx: &mut Cx<'_>,
    item: &item_custody::Model,
    code: i64,
    message: &str,
    step: Step,
) -> Result<(), StoreError> {
    let order = cx.order(DossierId(item.dossier_id)).await?;
    let Some(order) = order.filter(|order| order.client_id.is_some()) else {
        return Ok(());
    };
    cx.tracking_seq += 1;
    let row = tracking_event::ActiveModel {
        seq: Set(cx.tracking_seq),
        log_index: Set(cx.log_index),
        client_id: Set(order.client_id),
        customer_code: Set(order.customer_code),
        order_number: Set(order.order_number),
        item_code: Set(item.item_code.clone()),
        pos_code: Set(pos_code(cx, item).await?),
        status_code: Set(code),
        status_message: Set(message.to_owned()),
        notes: Set(step
            .reason
            .and_then(AttemptReason::from_code)
            .map(|reason| reason.as_str().to_owned())
            .unwrap_or_default()),
        event_time: Set(step.at_ms),
    };
    cx.track(row);
    Ok(())
}

async fn pos_code(cx: &Cx<'_>, item: &item_custody::Model) -> Result<String, StoreError> {
    let holder = item.holder.as_deref().and_then(|text| text.parse().ok());
    let Some(Holder::ServicePoint(point)) = holder else {
        return Ok(String::new());
    };
    Ok(service_point::Entity::find_by_id(point.0)
        .one(cx.tx)
        .await?
        .map(|row| row.pos_code)
        .unwrap_or_default())
}

/// Events of one item told as heard, the newest: far more than an honest journey has, and 700 bytes at most. A phone that holds an item
/// has the newest step of its way, so older ones need not be told.
const MOST_HEARD: usize = 64;

/// Tells the old and the new holder that an item changed, and which of its events that was made from, the newest last.
pub(super) fn item_changed(
    cx: &mut Cx<'_>,
    before: &item_custody::Model,
    after: &item_custody::Model,
    heard: &[EventId],
) {
    let newest = &heard[heard.len().saturating_sub(MOST_HEARD)..];
    let heard = newest.iter().map(|id| ItemChange::mark(&id.to_string()).to_owned());
    let body = Change::Item(ItemChange {
        item_code: after.item_code.clone(),
        head: after
            .head
            .as_ref()
            .and_then(|head| head.as_slice().try_into().ok())
            .map(|head| EventId(head).to_string()),
        holder: after.holder.clone(),
        state: after.state.clone(),
        heard: heard.collect(),
    });
    let told: BTreeSet<&String> = before
        .holder
        .iter()
        .chain(after.holder.iter())
        .filter(|h| *h != "citizen")
        .collect();
    for recipient in told {
        tell(cx, recipient, &json!(body));
    }
}

/// Tells a courier's phone of a new stop, and takes the one before it from whoever heard of that last. Names and addresses
/// are read when the phone asks, under its own scope.
pub(super) async fn tell_assigned(
    cx: &mut Cx<'_>,
    code: &ItemCode,
    leg: &str,
    staff: Uuid,
    decision: Uuid,
) -> Result<(), StoreError> {
    cx.flush().await?;
    let earlier = assignment::Entity::find()
        .filter(assignment::Column::ItemId.eq(ItemId::of(code.as_str()).0.to_vec()))
        .filter(assignment::Column::Leg.eq(leg))
        .filter(assignment::Column::Id.ne(decision))
        .all(cx.tx)
        .await?;
    let mut last = None;
    for row in earlier {
        let told = told_at(cx, row.staff_id, row.id).await?;
        last = last.max(told.map(|seq| (seq, row.staff_id)));
    }
    if let Some((_, before)) = last {
        take_back(cx, before, code.as_str(), "reassigned");
    }
    tell(cx, &phone_of(staff), &new_stop(decision));
    Ok(())
}

fn take_back(cx: &mut Cx<'_>, staff: Uuid, item_code: &str, reason: &str) {
    let body = Change::Withdrawn(WithdrawnChange {
        item_code: item_code.to_owned(),
        reason: reason.to_owned(),
    });
    tell(cx, &phone_of(staff), &json!(body));
}

fn phone_of(staff: Uuid) -> String {
    Holder::Staff(StaffId(staff)).to_string()
}

fn new_stop(decision: Uuid) -> Value {
    json!({ "type": "assignment", "assignment_id": decision.to_string() })
}

/// Where in the feed a courier was told of a decision, as far as the log has been folded.
async fn told_at(cx: &Cx<'_>, staff: Uuid, decision: Uuid) -> Result<Option<i64>, StoreError> {
    let row = change::Entity::find()
        .filter(change::Column::Recipient.eq(phone_of(staff)))
        .filter(change::Column::Body.eq(new_stop(decision).to_string()))
        .one(cx.tx)
        .await?;
    Ok(row.map(|row| row.seq))
}

/// Tells whoever was to fetch an item that its order is cancelled, and the client's feed too.
pub(super) async fn withdraw(cx: &mut Cx<'_>, item: &item_custody::Model, at_ms: i64) -> Result<(), StoreError> {
    let told = assignment::Entity::find()
        .filter(assignment::Column::ItemId.eq(item.item_id.clone()))
        .order_by_asc(assignment::Column::DecidedAt)
        .all(cx.tx)
        .await?;
    cx.flush().await?;
    // Only who has heard of it in the log: a decision that is on its way would be told or not depending on the hour.
    let mut recipients = BTreeSet::new();
    for row in told {
        if told_at(cx, row.staff_id, row.id).await?.is_some() {
            recipients.insert(row.staff_id);
        }
    }
    for staff in recipients {
        take_back(cx, staff, &item.item_code, "cancelled");
    }
    track(
        cx,
        item,
        Step {
            state: ItemState::Withdrawn,
            at_ms,
            reason: None,
        },
    )
    .await
}

fn tell(cx: &mut Cx<'_>, recipient: &str, body: &Value) {
    cx.change_seq += 1;
    let row = change::ActiveModel {
        seq: Set(cx.change_seq),
        log_index: Set(cx.log_index),
        recipient: Set(recipient.to_owned()),
        body: Set(body.to_string()),
    };
    cx.tell(row);
}
