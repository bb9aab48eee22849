//! What a move does to the state of an item: one table, no history, no holder.
//!
//! Source: Thông tư 17/2017/TT-BTTTT, điều 5; Luật Bưu chính 49/2010/QH12, điều 16; Luật Bưu chính 49/2010/QH12, điều 17

use super::{Addressee, IllegalItemMove, ItemKind, ItemState, WhyNotItem};
use crate::holder::HolderClass;

/// A custody move, without who and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MoveKind {
    /// Somebody is sent to fetch the item.
    AssignPickup,
    /// Taken from the sender at the door or the counter.
    TakeIn,
    /// Taken over from the holder by a party of this class.
    Accept {
        /// What sort of party takes it.
        by: HolderClass,
    },
    /// Given to the person it is meant for, or back to the person who sent it.
    Deliver,
    /// An attempt failed; before the take-in, an attempt to fetch.
    AttemptFailed,
    /// Kept at the office for collection.
    Hold,
    /// Refused by the addressee.
    Refused,
    /// Sent on its way back.
    Return,
    /// Given a new address.
    Redirect,
    /// Taken out of the post by the sender.
    Withdraw,
}

impl MoveKind {
    /// Every move, with every class that can accept.
    pub const ALL: [Self; 14] = [
        Self::AssignPickup,
        Self::TakeIn,
        Self::Accept {
            by: HolderClass::Citizen,
        },
        Self::Accept { by: HolderClass::Staff },
        Self::Accept {
            by: HolderClass::ServicePoint,
        },
        Self::Accept {
            by: HolderClass::Agency,
        },
        Self::Accept { by: HolderClass::Bag },
        Self::Deliver,
        Self::AttemptFailed,
        Self::Hold,
        Self::Refused,
        Self::Return,
        Self::Redirect,
        Self::Withdraw,
    ];
}

impl ItemState {
    /// The state after a move of an item that carries `item`.
    ///
    /// # Errors
    /// [`IllegalItemMove`] when the move does not fit this state.
    pub fn after(self, kind: MoveKind, item: ItemKind) -> Result<Self, IllegalItemMove> {
        let next = match kind {
            MoveKind::AssignPickup => self.after_assignment(),
            MoveKind::TakeIn => self.is_before_post().then_some(Self::Accepted),
            MoveKind::Accept { by } => match by {
                HolderClass::Citizen => self.after_reaching(Addressee::Citizen, item),
                HolderClass::Agency => self.after_reaching(Addressee::Agency, item),
                HolderClass::Staff => self.after_carrier(),
                HolderClass::ServicePoint => self.after_office(),
                HolderClass::Bag => self.after_bag(),
            },
            MoveKind::Deliver => self.after_reaching(Addressee::Citizen, item),
            MoveKind::AttemptFailed => self.after_failure(),
            MoveKind::Hold => self.is_on_its_way().then_some(Self::HeldForPickup),
            MoveKind::Refused => self.after_refusal(),
            MoveKind::Return => self.after_return(),
            MoveKind::Redirect => self.is_on_its_way().then_some(Self::Redirected),
            MoveKind::Withdraw => (self.is_before_post() || self.is_on_its_way()).then_some(Self::Withdrawn),
        };
        next.ok_or(IllegalItemMove {
            from: self,
            kind: Some(kind),
            why: self.why_not(kind),
        })
    }

    /// Why a move that was refused does not fit.
    const fn why_not(self, kind: MoveKind) -> WhyNotItem {
        if self.is_terminal() {
            return WhyNotItem::Ended;
        }
        let reaches = matches!(
            kind,
            MoveKind::Deliver
                | MoveKind::Accept {
                    by: HolderClass::Citizen | HolderClass::Agency
                }
        );
        if self.is_before_post() {
            WhyNotItem::NotInPostYet
        } else if matches!(kind, MoveKind::TakeIn | MoveKind::AssignPickup) {
            WhyNotItem::InPostAlready
        } else if reaches {
            WhyNotItem::WrongSide
        } else {
            WhyNotItem::GoingBack
        }
    }

    /// Whether the post has not taken the item in yet.
    pub const fn is_before_post(self) -> bool {
        matches!(self, Self::Created | Self::PickupAssigned)
    }

    /// Whether the post has it only to bring it back.
    const fn is_going_back(self) -> bool {
        matches!(self, Self::Refused | Self::Returning | Self::Withdrawn)
    }

    fn after_assignment(self) -> Option<Self> {
        self.is_before_post().then_some(Self::PickupAssigned)
    }

    /// The item is in the hands of the applicant's side or of an agency.
    fn after_reaching(self, side: Addressee, item: ItemKind) -> Option<Self> {
        let (to, from) = (item.addressee() == side, item.sender() == side);
        if from && self.is_going_back() {
            Some(Self::Returned)
        } else if to && (self.is_on_its_way() || matches!(self, Self::Refused | Self::Returning)) {
            // the person who refused yesterday may take it today, even on the way back
            Some(Self::Delivered)
        } else if from && !to && item.sender() == Addressee::Agency && self.is_on_its_way() {
            // an agency may take its result back without waiting for a return to start
            Some(Self::Returned)
        } else {
            None
        }
    }

    fn after_carrier(self) -> Option<Self> {
        match self {
            Self::Created | Self::PickupAssigned => Some(Self::Accepted),
            Self::Accepted
            | Self::InTransit
            | Self::AtDeliveryOffice
            | Self::OutForDelivery
            | Self::AttemptFailed
            | Self::HeldForPickup
            | Self::Redirected => Some(Self::OutForDelivery),
            Self::Refused | Self::Returning | Self::Withdrawn => Some(Self::Returning),
            Self::Delivered | Self::Returned => None,
        }
    }

    fn after_office(self) -> Option<Self> {
        match self {
            Self::Created | Self::PickupAssigned => Some(Self::Accepted),
            Self::Accepted | Self::Redirected => Some(Self::InTransit),
            Self::InTransit | Self::AtDeliveryOffice | Self::OutForDelivery | Self::AttemptFailed => {
                Some(Self::AtDeliveryOffice)
            }
            Self::HeldForPickup => Some(Self::HeldForPickup),
            Self::Refused | Self::Returning | Self::Withdrawn => Some(Self::Returning),
            Self::Delivered | Self::Returned => None,
        }
    }

    fn after_bag(self) -> Option<Self> {
        if self.is_on_its_way() {
            Some(Self::InTransit)
        } else if self.is_going_back() {
            Some(Self::Returning)
        } else {
            None
        }
    }

    fn after_failure(self) -> Option<Self> {
        if self.is_before_post() {
            Some(Self::PickupAssigned)
        } else if self.is_on_its_way() {
            Some(Self::AttemptFailed)
        } else if self.is_going_back() {
            Some(self)
        } else {
            None
        }
    }

    fn after_refusal(self) -> Option<Self> {
        if self.is_on_its_way() || self == Self::Refused {
            Some(Self::Refused)
        } else if self == Self::Returning {
            Some(Self::Returning)
        } else {
            None
        }
    }

    fn after_return(self) -> Option<Self> {
        (self.is_on_its_way() || matches!(self, Self::Refused | Self::Withdrawn)).then_some(Self::Returning)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(item: ItemKind, moves: &[MoveKind]) -> ItemState {
        moves.iter().fold(ItemState::Created, |state, kind| {
            state.after(*kind, item).expect("a lawful move")
        })
    }

    const CARRIER: MoveKind = MoveKind::Accept { by: HolderClass::Staff };
    const OFFICE: MoveKind = MoveKind::Accept {
        by: HolderClass::ServicePoint,
    };
    const AGENCY: MoveKind = MoveKind::Accept {
        by: HolderClass::Agency,
    };

    #[test]
    fn a_dossier_goes_from_the_door_to_the_agency() {
        let moves = [
            MoveKind::AssignPickup,
            MoveKind::TakeIn,
            OFFICE,
            OFFICE,
            CARRIER,
            AGENCY,
        ];
        assert_eq!(walk(ItemKind::DossierToAgency, &moves), ItemState::Delivered);
    }

    #[test]
    fn a_result_nobody_takes_goes_back_to_the_agency() {
        let moves = [
            MoveKind::TakeIn,
            OFFICE,
            CARRIER,
            MoveKind::AttemptFailed,
            OFFICE,
            MoveKind::Hold,
            MoveKind::Return,
            CARRIER,
            AGENCY,
        ];
        assert_eq!(walk(ItemKind::ResultToApplicant, &moves), ItemState::Returned);
    }

    #[test]
    fn a_dossier_cannot_be_delivered_to_the_person_who_sent_it() {
        let state = walk(ItemKind::DossierToAgency, &[MoveKind::TakeIn]);
        assert!(state.after(MoveKind::Deliver, ItemKind::DossierToAgency).is_err());
    }

    #[test]
    fn a_withdrawn_dossier_goes_back_to_its_sender() {
        let moves = [MoveKind::TakeIn, MoveKind::Withdraw, MoveKind::Deliver];
        assert_eq!(walk(ItemKind::DossierToAgency, &moves), ItemState::Returned);
    }

    #[test]
    fn every_state_has_a_way_out_unless_it_is_terminal() {
        for item in ItemKind::ALL {
            for state in ItemState::ALL {
                let leaves = MoveKind::ALL
                    .iter()
                    .any(|kind| state.after(*kind, item).is_ok_and(|next| next != state));
                assert_eq!(leaves, !state.is_terminal(), "{item} in {state}");
            }
        }
    }

    #[test]
    fn every_item_can_end_from_every_state() {
        for item in ItemKind::ALL {
            let mut ends: Vec<ItemState> = ItemState::ALL.into_iter().filter(|state| state.is_terminal()).collect();
            loop {
                let more = ItemState::ALL.into_iter().find(|state| {
                    !ends.contains(state)
                        && MoveKind::ALL
                            .iter()
                            .any(|kind| state.after(*kind, item).is_ok_and(|next| ends.contains(&next)))
                });
                match more {
                    Some(state) => ends.push(state),
                    None => break,
                }
            }
            assert_eq!(ends.len(), ItemState::ALL.len(), "{item}");
        }
    }
}
