//! What the movement of an envelope says about the quality of its carriage.
//!
//! The acceptance comes from [`super::accepted`], since it also says where the envelope goes and by when; everything else
//! follows from the steps. What happens before the post has the envelope is no matter of carriage.
//!
//! Source: Thông tư 17/2017/TT-BTTTT, điều 3; Thông tư 17/2017/TT-BTTTT, điều 7

use super::ItemFact;
use crate::dossier::ItemMoved;
use crate::item::{Addressee, AttemptReason, ItemKind, ItemState};

/// The facts one step makes of an envelope that the post took in an earlier one.
///
/// `reason` is why an attempt failed; `differed` says that something was found missing or a seal unlike the slip. A refusal
/// at the door is an attempt that failed: it was made, and the postal time ends with it.
pub fn facts_of_move(kind: ItemKind, step: ItemMoved, reason: Option<AttemptReason>, differed: bool) -> Vec<ItemFact> {
    let at_ms = step.at_ms;
    let is_new = step.before != step.after;
    match step.after {
        ItemState::Delivered if is_new => vec![match kind.addressee() {
            Addressee::Agency => ItemFact::HandedOver {
                at_ms,
                discrepancy: differed,
            },
            Addressee::Citizen => ItemFact::Delivered { at_ms },
        }],
        ItemState::AttemptFailed if reason == Some(AttemptReason::ForceMajeure) => {
            vec![ItemFact::AttemptFailed { at_ms }, ItemFact::ForceMajeure { at_ms }]
        }
        ItemState::AttemptFailed => vec![ItemFact::AttemptFailed { at_ms }],
        ItemState::Refused if is_new => vec![ItemFact::AttemptFailed { at_ms }],
        ItemState::HeldForPickup if is_new => vec![ItemFact::PickupNotified { at_ms }],
        ItemState::Returned if is_new => vec![ItemFact::BroughtBack { at_ms }],
        ItemState::Created
        | ItemState::PickupAssigned
        | ItemState::Accepted
        | ItemState::InTransit
        | ItemState::AtDeliveryOffice
        | ItemState::OutForDelivery
        | ItemState::HeldForPickup
        | ItemState::Delivered
        | ItemState::Refused
        | ItemState::Returning
        | ItemState::Returned
        | ItemState::Redirected
        | ItemState::Withdrawn => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: ItemKind, before: ItemState, after: ItemState, reason: Option<AttemptReason>) -> Vec<ItemFact> {
        let step = ItemMoved {
            at_ms: 7,
            before,
            after,
            from: None,
            to: None,
        };
        facts_of_move(kind, step, reason, true)
    }

    #[test]
    fn an_agency_signs_minutes_and_a_person_gets_a_delivery() {
        let reached = |kind| told(kind, ItemState::OutForDelivery, ItemState::Delivered, None);
        let minutes = ItemFact::HandedOver {
            at_ms: 7,
            discrepancy: true,
        };
        assert_eq!(reached(ItemKind::DossierToAgency), [minutes]);
        assert_eq!(reached(ItemKind::ResultToApplicant), [ItemFact::Delivered { at_ms: 7 }]);
        let still = told(
            ItemKind::ResultToApplicant,
            ItemState::Delivered,
            ItemState::Delivered,
            None,
        );
        assert_eq!(still, [], "an envelope is delivered once");
    }

    #[test]
    fn a_flood_and_a_refusal_are_attempts_too() {
        let failed = ItemFact::AttemptFailed { at_ms: 7 };
        let flood = Some(AttemptReason::ForceMajeure);
        let tried = |after, reason| told(ItemKind::ResultToApplicant, ItemState::OutForDelivery, after, reason);
        assert_eq!(
            tried(ItemState::AttemptFailed, flood),
            [failed.clone(), ItemFact::ForceMajeure { at_ms: 7 }]
        );
        assert_eq!(tried(ItemState::Refused, None), [failed]);
    }
}
