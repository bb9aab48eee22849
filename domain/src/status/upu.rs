//! The postal union's codes for what happens to an item.
//!
//! A domestic item knows events the list lacks: the seal, the minutes, a surrendered
//! paper. They have no equivalent and none is made up.
//!
//! Source: UPU EMSEVT, mã sự kiện

use super::entry::{entry, item, like_item};
use super::{Entry, Means};
use crate::holder::HolderClass;
use crate::item::{Incident, ItemState, MoveKind};

const INTERNATIONAL: Means = Means::Nothing("only for items that cross a border");

/// The codes of the list.
pub(super) const ENTRIES: [Entry; 25] = [
    entry("EMA", "Chấp nhận", "Posting or collection", item(ItemState::Accepted)),
    entry(
        "EMB",
        "Đến bưu cục ngoại dịch đi",
        "Arrival at outward office of exchange",
        INTERNATIONAL,
    ),
    entry(
        "EMC",
        "Rời bưu cục ngoại dịch đi",
        "Departure from outward office of exchange",
        INTERNATIONAL,
    ),
    entry(
        "EMD",
        "Đến bưu cục ngoại dịch đến",
        "Arrival at inward office of exchange",
        INTERNATIONAL,
    ),
    entry("EME", "Hải quan nhập khẩu giữ", "Held by import customs", INTERNATIONAL),
    entry(
        "EDB",
        "Trình hải quan nhập khẩu",
        "Presented to import customs",
        INTERNATIONAL,
    ),
    entry(
        "EDC",
        "Nhận lại từ hải quan nhập khẩu",
        "Returned from import customs",
        INTERNATIONAL,
    ),
    entry(
        "EMF",
        "Rời bưu cục ngoại dịch đến",
        "Departure from inward office of exchange",
        INTERNATIONAL,
    ),
    entry(
        "EMJ",
        "Đến bưu cục ngoại dịch quá giang",
        "Arrival at transit office of exchange",
        INTERNATIONAL,
    ),
    entry(
        "EMK",
        "Rời bưu cục ngoại dịch quá giang",
        "Departure from transit office of exchange",
        INTERNATIONAL,
    ),
    entry(
        "EDD",
        "Đến trung tâm khai thác",
        "Arrival at sorting centre",
        item(ItemState::InTransit),
    ),
    entry(
        "EDE",
        "Rời trung tâm khai thác",
        "Departure from sorting centre",
        like_item(ItemState::InTransit),
    ),
    entry(
        "EMX",
        "Qua trung tâm khai thác (mã cũ)",
        "Sorting centre, old code",
        like_item(ItemState::InTransit),
    ),
    entry(
        "EMG",
        "Đến bưu cục phát",
        "Arrival at delivery office",
        item(ItemState::AtDeliveryOffice),
    ),
    entry(
        "EDF",
        "Lưu tại bưu cục phát",
        "Held at delivery depot",
        like_item(ItemState::HeldForPickup),
    ),
    entry(
        "EDG",
        "Đang đi phát",
        "Out for delivery",
        item(ItemState::OutForDelivery),
    ),
    entry(
        "EDH",
        "Đến điểm chờ người nhận",
        "Arrival at collection point",
        item(ItemState::HeldForPickup),
    ),
    entry(
        "EMH",
        "Phát không thành công",
        "Unsuccessful delivery",
        item(ItemState::AttemptFailed),
    ),
    entry("EMI", "Phát thành công", "Final delivery", item(ItemState::Delivered)),
    entry("EDX", "Chấm dứt nhập khẩu", "Import terminated", INTERNATIONAL),
    entry(
        "EXA",
        "Trình hải quan xuất khẩu",
        "Presented to export customs",
        INTERNATIONAL,
    ),
    entry("EXB", "Hải quan xuất khẩu giữ", "Held by export customs", INTERNATIONAL),
    entry(
        "EXC",
        "Nhận lại từ hải quan xuất khẩu",
        "Returned from export customs",
        INTERNATIONAL,
    ),
    entry(
        "EXD",
        "Lưu tại bưu cục ngoại dịch đi",
        "Held at outward office of exchange",
        INTERNATIONAL,
    ),
    entry("EXX", "Hủy xuất khẩu", "Export cancelled", INTERNATIONAL),
];

/// States and the code to send for them; a state that is not here has none. On the way
/// back the same events happen a second time, towards the sender.
const OF_STATES: [(ItemState, &str); 10] = [
    (ItemState::Accepted, "EMA"),
    (ItemState::InTransit, "EDD"),
    (ItemState::AtDeliveryOffice, "EMG"),
    (ItemState::OutForDelivery, "EDG"),
    (ItemState::AttemptFailed, "EMH"),
    (ItemState::HeldForPickup, "EDH"),
    (ItemState::Delivered, "EMI"),
    (ItemState::Refused, "EMH"),
    (ItemState::Returning, "EMG"),
    (ItemState::Returned, "EMI"),
];

/// Moves and the code of the event; a move that is not here has none.
const OF_MOVES: [(MoveKind, &str); 10] = [
    (MoveKind::TakeIn, "EMA"),
    (MoveKind::Accept { by: HolderClass::Staff }, "EDG"),
    (
        MoveKind::Accept {
            by: HolderClass::ServicePoint,
        },
        "EMG",
    ),
    (MoveKind::Accept { by: HolderClass::Bag }, "EDE"),
    (
        MoveKind::Accept {
            by: HolderClass::Agency,
        },
        "EMI",
    ),
    (
        MoveKind::Accept {
            by: HolderClass::Citizen,
        },
        "EMI",
    ),
    (MoveKind::Deliver, "EMI"),
    (MoveKind::AttemptFailed, "EMH"),
    (MoveKind::Hold, "EDH"),
    (MoveKind::Refused, "EMH"),
];

/// The code of a state.
pub(super) fn of_state(state: ItemState) -> Option<&'static str> {
    OF_STATES.iter().find(|(of, _)| *of == state).map(|(_, code)| *code)
}

/// The code of the event that a custody move is, or none: the list has nothing for an
/// assignment, a return order, a new address or a withdrawal.
pub fn of_move(kind: MoveKind) -> Option<&'static str> {
    OF_MOVES.iter().find(|(of, _)| *of == kind).map(|(_, code)| *code)
}

/// The code of an incident: none, for any of them.
pub const fn of_incident(_incident: Incident) -> Option<&'static str> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::{CodeSystem, Translation};

    #[test]
    fn what_happens_before_the_post_has_the_item_has_no_code() {
        for state in [ItemState::Created, ItemState::PickupAssigned] {
            assert!(matches!(CodeSystem::Upu.of_item(state), Translation::NoEquivalent(_)));
        }
        for kind in [
            MoveKind::AssignPickup,
            MoveKind::Return,
            MoveKind::Redirect,
            MoveKind::Withdraw,
        ] {
            assert_eq!(of_move(kind), None);
        }
    }

    #[test]
    fn every_code_sent_stands_in_the_list_and_never_crosses_a_border() {
        let codes = OF_STATES
            .iter()
            .map(|(_, code)| *code)
            .chain(OF_MOVES.iter().map(|(_, code)| *code));
        for code in codes {
            let entry = ENTRIES.iter().find(|entry| entry.code == code).expect("listed");
            assert!(matches!(entry.means, Means::Item(..)), "{code}");
        }
    }

    #[test]
    fn a_refusal_is_only_near_to_a_failed_attempt() {
        let refused = CodeSystem::Upu.of_item(ItemState::Refused);
        assert!(matches!(refused, Translation::Nearest(entry) if entry.code == "EMH"));
    }
}
