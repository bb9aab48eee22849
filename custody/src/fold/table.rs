//! The one table from an event's kind and hat to the move it is, and so to the item's next state.

use domain::hat::Hat;
use domain::holder::HolderClass;
use domain::item::{Addressee, ItemKind, ItemState, MoveKind};

use crate::kind::Kind;

/// Whether events of this kind continue an item's head.
pub fn moves(kind: Kind) -> bool {
    packs(kind) || Hat::ALL.into_iter().any(|hat| move_kind(kind, hat).is_some())
}

/// Whether events of this kind put items into a bag or take them out: that keeps hands and state.
const fn packs(kind: Kind) -> bool {
    matches!(kind, Kind::Aggregate | Kind::Disaggregate)
}

/// The move an event of this kind is when signed under this hat, if it is one.
///
/// The desk and the agency act for the State: they accept items, and nothing else of the post's work is theirs.
pub fn move_kind(kind: Kind, hat: Hat) -> Option<MoveKind> {
    if kind == Kind::Accept {
        return Some(MoveKind::Accept { by: class(hat) });
    }
    post_move(kind).filter(|_| is_post(hat))
}

/// The state after an event, or nothing where state, kind and hat do not allow it.
pub fn state_after(state: ItemState, kind: Kind, hat: Hat, item: ItemKind) -> Option<ItemState> {
    match kind {
        // Whoever got a bag opens it, the desk too.
        Kind::Disaggregate => Some(state),
        Kind::Aggregate => may_pack(state, hat, item).then_some(state),
        _ => state.after(move_kind(kind, hat)?, item).ok(),
    }
}

/// The post packs what it may hand on, an agency what it is about to give to the post.
fn may_pack(state: ItemState, hat: Hat, item: ItemKind) -> bool {
    if is_post(hat) {
        state.is_with_post()
    } else {
        state.is_before_post() && item.sender() == Addressee::Agency
    }
}

pub(super) const fn is_post(hat: Hat) -> bool {
    matches!(hat, Hat::PostAgent | Hat::Carrier)
}

/// As what the wearer of a hat takes an item over.
const fn class(hat: Hat) -> HolderClass {
    match hat {
        Hat::PostAgent => HolderClass::ServicePoint,
        Hat::Carrier => HolderClass::Staff,
        Hat::DeskAgent | Hat::AgencyReceiver => HolderClass::Agency,
    }
}

const fn post_move(kind: Kind) -> Option<MoveKind> {
    match kind {
        Kind::TakeIn => Some(MoveKind::TakeIn),
        Kind::Deliver => Some(MoveKind::Deliver),
        Kind::AttemptFailed => Some(MoveKind::AttemptFailed),
        Kind::Hold => Some(MoveKind::Hold),
        Kind::Refused => Some(MoveKind::Refused),
        Kind::Return => Some(MoveKind::Return),
        Kind::Redirect => Some(MoveKind::Redirect),
        Kind::Withdraw => Some(MoveKind::Withdraw),
        Kind::Offer
        | Kind::Accept
        | Kind::Release
        | Kind::RevokeOffer
        | Kind::Observe
        | Kind::Aggregate
        | Kind::Disaggregate
        | Kind::Exception
        | Kind::Correction
        | Kind::PaperFallback
        | Kind::Key
        | Kind::Note
        | Kind::Cash
        | Kind::Unknown(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eleven_kinds_continue_an_items_head_and_no_other_does() {
        let movers: Vec<u64> = Kind::all().filter(|kind| moves(*kind)).map(Kind::code).collect();
        assert_eq!(movers, [2, 6, 7, 13, 14, 15, 16, 17, 18, 19, 20]);
        assert!(!moves(Kind::from_code(99)));
    }

    #[test]
    fn the_desk_accepts_and_does_no_work_of_the_post() {
        for kind in Kind::all() {
            for hat in [Hat::DeskAgent, Hat::AgencyReceiver] {
                assert_eq!(
                    move_kind(kind, hat).is_some(),
                    kind == Kind::Accept,
                    "{kind:?} as {hat}"
                );
            }
        }
    }

    #[test]
    fn an_agency_packs_what_it_is_about_to_send_and_nothing_that_came() {
        for hat in [Hat::DeskAgent, Hat::AgencyReceiver] {
            let packed = |state, item| state_after(state, Kind::Aggregate, hat, item);
            for state in [ItemState::Created, ItemState::PickupAssigned] {
                assert_eq!(packed(state, ItemKind::ResultToApplicant), Some(state));
                assert_eq!(packed(state, ItemKind::DossierToAgency), None, "it has not come yet");
            }
            assert_eq!(
                packed(ItemState::Accepted, ItemKind::ResultToApplicant),
                None,
                "the post has it"
            );
        }
    }

    #[test]
    fn packing_and_opening_keep_the_state_and_of_what_travels_only_the_post_packs() {
        for hat in Hat::ALL {
            let packed = state_after(ItemState::InTransit, Kind::Aggregate, hat, ItemKind::DossierToAgency);
            assert_eq!(packed, is_post(hat).then_some(ItemState::InTransit), "{hat}");
            let opened = state_after(ItemState::Delivered, Kind::Disaggregate, hat, ItemKind::DossierToAgency);
            assert_eq!(opened, Some(ItemState::Delivered), "{hat}");
        }
        let delivered = state_after(
            ItemState::Delivered,
            Kind::Aggregate,
            Hat::Carrier,
            ItemKind::DossierToAgency,
        );
        assert_eq!(delivered, None, "what has arrived is packed no more");
    }

    #[test]
    fn each_hat_brings_a_dossier_to_its_own_state() {
        let after = |hat| state_after(ItemState::InTransit, Kind::Accept, hat, ItemKind::DossierToAgency);
        assert_eq!(after(Hat::PostAgent), Some(ItemState::AtDeliveryOffice));
        assert_eq!(after(Hat::Carrier), Some(ItemState::OutForDelivery));
        assert_eq!(after(Hat::DeskAgent), Some(ItemState::Delivered));
        assert_eq!(after(Hat::AgencyReceiver), Some(ItemState::Delivered));
    }
}
