//! The custody states C0 to C13 of one sealed envelope, and the incidents over them.
//!
//! Source: Thông tư 17/2017/TT-BTTTT, điều 5; UPU EMSEVT, EMA đến EMI; Quy ước Trao Tay, trạng thái C0 đến C13

use std::fmt;
use std::str::FromStr;

/// Where the custody of an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemState {
    /// C0: the slip is drafted.
    Created,
    /// C1: somebody is to fetch it.
    PickupAssigned,
    /// C2: accepted and sealed; the slip is signed.
    Accepted,
    /// C3: in sorting or on the road between offices.
    InTransit,
    /// C4: at the office that delivers.
    AtDeliveryOffice,
    /// C5: with the carrier who delivers.
    OutForDelivery,
    /// C6: the last attempt failed.
    AttemptFailed,
    /// C7: kept at the office after an invitation.
    HeldForPickup,
    /// C8: delivered to the addressee.
    Delivered,
    /// C9: the addressee refused it.
    Refused,
    /// C10: on its way back to the sender.
    Returning,
    /// C11: back with the sender.
    Returned,
    /// C12: has a new address.
    Redirected,
    /// C13: the sender took it out of the post.
    Withdrawn,
}

impl ItemState {
    /// Every state, C0 first.
    pub const ALL: [Self; 14] = [
        Self::Created,
        Self::PickupAssigned,
        Self::Accepted,
        Self::InTransit,
        Self::AtDeliveryOffice,
        Self::OutForDelivery,
        Self::AttemptFailed,
        Self::HeldForPickup,
        Self::Delivered,
        Self::Refused,
        Self::Returning,
        Self::Returned,
        Self::Redirected,
        Self::Withdrawn,
    ];

    /// The short code, `C0` to `C13`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Created => "C0",
            Self::PickupAssigned => "C1",
            Self::Accepted => "C2",
            Self::InTransit => "C3",
            Self::AtDeliveryOffice => "C4",
            Self::OutForDelivery => "C5",
            Self::AttemptFailed => "C6",
            Self::HeldForPickup => "C7",
            Self::Delivered => "C8",
            Self::Refused => "C9",
            Self::Returning => "C10",
            Self::Returned => "C11",
            Self::Redirected => "C12",
            Self::Withdrawn => "C13",
        }
    }

    /// The name, in the words of the reference.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::PickupAssigned => "PICKUP_ASSIGNED",
            Self::Accepted => "ACCEPTED",
            Self::InTransit => "IN_TRANSIT",
            Self::AtDeliveryOffice => "AT_DELIVERY_OFFICE",
            Self::OutForDelivery => "OUT_FOR_DELIVERY",
            Self::AttemptFailed => "ATTEMPT_FAILED",
            Self::HeldForPickup => "HELD_FOR_PICKUP",
            Self::Delivered => "DELIVERED",
            Self::Refused => "REFUSED",
            Self::Returning => "RETURNING",
            Self::Returned => "RETURNED",
            Self::Redirected => "REDIRECTED",
            Self::Withdrawn => "WITHDRAWN",
        }
    }

    /// Whether nothing more can happen to the item.
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Delivered | Self::Returned)
    }

    /// Whether the post has the item in hand, whichever way it goes. A withdrawn item counts
    /// until it is back with its sender.
    pub const fn is_with_post(self) -> bool {
        self.is_on_its_way() || matches!(self, Self::Refused | Self::Returning | Self::Withdrawn)
    }

    /// Whether the post has the item in hand and the addressee still waits for it.
    pub const fn is_on_its_way(self) -> bool {
        matches!(
            self,
            Self::Accepted
                | Self::InTransit
                | Self::AtDeliveryOffice
                | Self::OutForDelivery
                | Self::AttemptFailed
                | Self::HeldForPickup
                | Self::Redirected
        )
    }
}

impl fmt::Display for ItemState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A text that names no item state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an item state: expected C0 to C13")]
pub struct ParseItemStateError;

impl FromStr for ItemState {
    type Err = ParseItemStateError;

    /// Reads the code (`C2`) or the name (`ACCEPTED`).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|state| state.code() == text || state.name() == text)
            .ok_or(ParseItemStateError)
    }
}

/// Something wrong with an item, laid over its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Incident {
    /// X1: the wrapping is damaged.
    Damaged,
    /// X2: the seal differs from the recorded one.
    SealMismatch,
    /// X3: not seen for longer than its time allows.
    Missing,
    /// X4: declared lost; ends the item and starts the re-issue.
    Lost,
}

impl Incident {
    /// The short code, `X1` to `X4`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Damaged => "X1",
            Self::SealMismatch => "X2",
            Self::Missing => "X3",
            Self::Lost => "X4",
        }
    }

    /// Whether the incident ends the item.
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Lost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_reads_back_from_its_code_and_its_name() {
        for state in ItemState::ALL {
            assert_eq!(state.code().parse(), Ok(state));
            assert_eq!(state.name().parse(), Ok(state));
        }
        assert_eq!("C14".parse::<ItemState>(), Err(ParseItemStateError));
    }
}
