//! What a move of an item means for those who carry it: whose errand ended with it, and who is needed next.
//!
//! These are effects, written with the fold and not repeated by a rebuild. Who that will be is a job's decision.

use super::Cx;
use crate::StoreError;
use crate::repo::assignment::{self, Need};
use crate::table::item_custody;
use custody::fold::ItemCustody;
use domain::holder::{Holder, HolderClass};
use domain::ids::StaffId;
use domain::item::ItemState;
use domain::item_code::ItemCode;
use std::collections::BTreeSet;

/// What a move means for who carries the item: a courier who brought it to an office is through with it, an item that has
/// come to rest there needs somebody for the next leg, and nobody has to carry what has ended.
pub(super) async fn moved(
    cx: &mut Cx<'_>,
    before: &item_custody::Model,
    row: &item_custody::Model,
    custody: &ItemCustody,
) -> Result<(), StoreError> {
    if !cx.effects || before.head == row.head {
        return Ok(());
    }
    for staff in brought_in(before, custody) {
        assignment::brought_in(cx.tx, &row.item_id, staff, cx.received_at).await?;
    }
    if assignment::is_closed(custody.state) {
        return assignment::end_of_item(cx.tx, &row.item_id, cx.received_at).await;
    }
    if calls_off_delivery(custody.state) {
        assignment::delivery_is_off(cx.tx, &row.item_id, cx.received_at).await?;
    }
    let Some(need) = Need::of(custody) else { return Ok(()) };
    let code =
        ItemCode::parse(&row.item_code).map_err(|error| StoreError::corrupt("item_custody", &row.item_code, error))?;
    cx.push_job(need.job(&code));
    Ok(())
}

/// Whether a delivery that was decided before the item came to this state is to be left undone: the item waits for the
/// citizen, goes back, or goes elsewhere.
const fn calls_off_delivery(state: ItemState) -> bool {
    match state {
        ItemState::HeldForPickup | ItemState::Refused | ItemState::Returning | ItemState::Redirected => true,
        ItemState::Created
        | ItemState::PickupAssigned
        | ItemState::Accepted
        | ItemState::InTransit
        | ItemState::AtDeliveryOffice
        | ItemState::OutForDelivery
        | ItemState::AttemptFailed
        | ItemState::Delivered
        | ItemState::Returned
        | ItemState::Withdrawn => false,
    }
}

/// The couriers who gave the item to an office since the fold before.
fn brought_in(before: &item_custody::Model, custody: &ItemCustody) -> BTreeSet<StaffId> {
    let known = match &before.head {
        None => 0,
        Some(head) => {
            let at = custody
                .applied
                .iter()
                .position(|step| step.id.0.as_slice() == head.as_slice());
            at.map_or(custody.applied.len(), |at| at + 1)
        }
    };
    custody
        .applied
        .iter()
        .skip(known)
        .filter_map(|step| match (step.from, step.to) {
            (Some(Holder::Staff(staff)), Some(to)) if to.class() == HolderClass::ServicePoint => Some(staff),
            _ => None,
        })
        .collect()
}
