//! What may be done with an item, judged by what this phone knows. Pure.
//!
//! A guard protects a person from a slip of the hand; it never decides custody. Where papers have moved already the act
//! is recorded all the same, marked as forced, and the server's fold judges it.

use custody::fold::table::{move_kind, state_after};
use custody::kind::Kind;
use domain::hat::Hat;
use domain::holder::Holder;
use domain::item::{ItemKind, ItemState};
use domain::item_code::ItemCode;

use super::error::Refusal;
use super::store::item::LocalItem;

/// Something a person can do with an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// Take it from the sender.
    TakeIn,
    /// Hand it over to another device.
    Offer,
    /// Give it to the person it is meant for.
    Deliver,
    /// Note that fetching or delivering failed.
    AttemptFailed,
    /// Keep it at the office for collection.
    Hold,
    /// Send it back.
    Return,
    /// Note that the addressee refused it.
    Refuse,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 7] = [
        Self::TakeIn,
        Self::Offer,
        Self::Deliver,
        Self::AttemptFailed,
        Self::Hold,
        Self::Return,
        Self::Refuse,
    ];

    /// The word shown to the host.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TakeIn => "take_in",
            Self::Offer => "offer",
            Self::Deliver => "deliver",
            Self::AttemptFailed => "attempt_failed",
            Self::Hold => "hold",
            Self::Return => "return",
            Self::Refuse => "refuse",
        }
    }

    /// The event it leaves behind.
    pub const fn kind(self) -> Kind {
        match self {
            Self::TakeIn => Kind::TakeIn,
            Self::Offer => Kind::Offer,
            Self::Deliver => Kind::Deliver,
            Self::AttemptFailed => Kind::AttemptFailed,
            Self::Hold => Kind::Hold,
            Self::Return => Kind::Return,
            Self::Refuse => Kind::Refused,
        }
    }

    /// What the signer claims where the move does not fit the state we know.
    pub(crate) const fn claimed_state(self, before: ItemState) -> ItemState {
        match self {
            Self::TakeIn => ItemState::Accepted,
            Self::Offer => before,
            Self::Deliver => ItemState::Delivered,
            Self::AttemptFailed => ItemState::AttemptFailed,
            Self::Hold => ItemState::HeldForPickup,
            Self::Return => ItemState::Returning,
            Self::Refuse => ItemState::Refused,
        }
    }
}

/// The state an event of this kind leads to. Where nobody told us what the item carries, any kind of item will do: a
/// guard does not refuse for want of knowledge.
pub(crate) fn after(item: &LocalItem, kind: Kind, hat: Hat) -> Option<ItemState> {
    match item.kind {
        Some(known) => state_after(item.state, kind, hat, known),
        None => ItemKind::ALL
            .into_iter()
            .find_map(|any| state_after(item.state, kind, hat, any)),
    }
}

/// Whether this hat acts for an agency.
pub(crate) const fn is_of_agency(hat: Hat) -> bool {
    matches!(hat, Hat::DeskAgent | Hat::AgencyReceiver)
}

/// Why `party`, wearing `hat`, should not do `act` now; `None` if nothing speaks against it.
pub fn refusal(act: Act, hat: Hat, item_code: ItemCode, item: Option<&LocalItem>, party: Holder) -> Option<Refusal> {
    if act != Act::Offer && move_kind(act.kind(), hat).is_none() {
        return Some(Refusal::NotThisHat { hat, act: act.as_str() });
    }
    // An agency begins the way of its own results by offering them; everything else begins with a take-in.
    let begins = act == Act::TakeIn || (act == Act::Offer && is_of_agency(hat));
    let Some(item) = item else {
        return (!begins).then_some(Refusal::UnknownItem { item_code });
    };
    let untouched = item.state.is_before_post() && item.holder.is_none();
    let needs_no_hold = act == Act::TakeIn || (untouched && (begins || act == Act::AttemptFailed));
    if !needs_no_hold && item.holder != Some(party) {
        return Some(Refusal::NotHeld {
            item_code,
            holder: item.holder,
        });
    }
    if let Some(handover_id) = item.offered_in {
        return Some(Refusal::OnOffer { item_code, handover_id });
    }
    let fits = act == Act::Offer || after(item, act.kind(), hat).is_some();
    (!fits).then_some(Refusal::WrongState {
        item_code,
        state: item.state,
        act: act.as_str(),
    })
}

#[cfg(test)]
mod tests {
    use domain::hat::Hat;
    use domain::holder::Holder;
    use domain::ids::StaffId;
    use domain::item::{ItemKind, ItemState};
    use domain::item_code::ItemCode;
    use uuid::Uuid;

    use super::{Act, refusal};
    use crate::core::error::Refusal;
    use crate::core::store::item::LocalItem;

    fn code() -> ItemCode {
        ItemCode::from_serial("EE", 15, "VN").expect("a code")
    }

    fn courier(n: u128) -> Holder {
        Holder::Staff(StaffId(Uuid::from_u128(n)))
    }

    fn carried(by: Holder) -> LocalItem {
        LocalItem {
            kind: Some(ItemKind::ResultToApplicant),
            holder: Some(by),
            state: ItemState::OutForDelivery,
            ..LocalItem::unknown(code())
        }
    }

    #[test]
    fn an_unknown_item_can_only_be_taken_in() {
        for act in Act::ALL {
            assert_eq!(
                refusal(act, Hat::Carrier, code(), None, courier(1)).is_none(),
                act == Act::TakeIn,
                "{act:?}"
            );
        }
    }

    #[test]
    fn who_holds_an_item_may_do_everything_but_take_it_in_again() {
        let item = carried(courier(1));
        for act in Act::ALL {
            assert_eq!(
                refusal(act, Hat::Carrier, code(), Some(&item), courier(1)).is_none(),
                act != Act::TakeIn,
                "{act:?}"
            );
        }
    }

    #[test]
    fn an_item_with_somebody_else_is_refused_by_name() {
        let item = carried(courier(2));
        let why = refusal(Act::Deliver, Hat::Carrier, code(), Some(&item), courier(1));
        assert_eq!(
            why,
            Some(Refusal::NotHeld {
                item_code: code(),
                holder: Some(courier(2))
            })
        );
    }

    #[test]
    fn a_failed_pickup_needs_no_hold() {
        let item = LocalItem {
            state: ItemState::PickupAssigned,
            ..LocalItem::unknown(code())
        };
        assert_eq!(
            refusal(Act::AttemptFailed, Hat::Carrier, code(), Some(&item), courier(1)),
            None
        );
    }

    #[test]
    fn a_desk_does_no_work_of_the_post_but_begins_the_way_of_its_results() {
        let agency = Holder::Agency(domain::ids::AgencyId(Uuid::from_u128(5)));
        let why = refusal(Act::TakeIn, Hat::DeskAgent, code(), None, agency);
        assert_eq!(
            why,
            Some(Refusal::NotThisHat {
                hat: Hat::DeskAgent,
                act: "take_in"
            })
        );
        assert_eq!(refusal(Act::Offer, Hat::DeskAgent, code(), None, agency), None);
        let taken = carried(courier(1));
        assert!(refusal(Act::Offer, Hat::DeskAgent, code(), Some(&taken), agency).is_some());
    }

    #[test]
    fn what_papers_may_have_done_already_can_be_forced_and_a_borrowed_hat_cannot() {
        assert!(Refusal::UnknownItem { item_code: code() }.can_be_forced());
        assert!(
            Refusal::NotHeld {
                item_code: code(),
                holder: None
            }
            .can_be_forced()
        );
        assert!(!Refusal::HatNotYours { hat: Hat::DeskAgent }.can_be_forced());
    }
}
