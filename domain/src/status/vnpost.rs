//! VNPost's three lists: replies to an order, and two lists of what became of a parcel.
//!
//! The lists share numbers and not meanings: 100 is an accepted order in one and a
//! delivered parcel in another. Which list a gateway forwards is configuration.
//!
//! Source: Quy ước Trao Tay, danh mục trạng thái VNPost

use super::entry::{entry, item, like_item};
use super::{Entry, Means, tracking};
use crate::item::{ItemKind, ItemState};

/// The order is accepted, or was before with the same content.
pub const ORDER_ACCEPTED: u16 = 100;
/// The number exists with other content. Ours, not VNPost's.
pub const ORDER_DIFFERS: u16 = 102;
/// The order is cancelled.
pub const ORDER_CANCELLED: u16 = 110;
/// The envelope is already fetched, the order cannot be cancelled. Ours, not VNPost's.
pub const ORDER_COLLECTED: u16 = 111;

const REPLY: Means = Means::Nothing("an answer to a request, not a state");
const MONEY: Means = Means::Nothing("tells of money, not of custody");
const PARTLY: Means = Means::Nothing("one sealed envelope is never delivered in part");

/// Replies of the order interface. 102 and 111 are ours and published with it.
pub(super) const ORDER: [Entry; 5] = [
    entry("100", "Đã nhận đơn hàng", "Order accepted", REPLY),
    entry(
        "101",
        "Đơn hàng đã được chuyển trước đó",
        "Order was handed over before",
        REPLY,
    ),
    entry(
        "102",
        "Số đơn hàng đã tồn tại với nội dung khác",
        "Order number has other content",
        REPLY,
    ),
    entry("110", "Đã hủy đơn hàng", "Order cancelled", REPLY),
    entry(
        "111",
        "Bưu gửi đã được thu gom, không thể hủy",
        "Already collected",
        REPLY,
    ),
];

/// Parcel list 1.
pub(super) const PARCEL_1: [Entry; 12] = [
    entry("10", "Đã xóa", "Deleted", like_item(ItemState::Withdrawn)),
    entry("20", "Đã ghi nhận yêu cầu", "Registered", item(ItemState::Created)),
    entry("60", "Hủy", "Cancelled", item(ItemState::Withdrawn)),
    entry(
        "61",
        "Báo hủy",
        "Cancellation requested",
        like_item(ItemState::Withdrawn),
    ),
    entry(
        "62",
        "Đã nhận báo hủy",
        "Cancellation noted",
        like_item(ItemState::Withdrawn),
    ),
    entry(
        "70",
        "Bưu cục đã nhận",
        "Accepted by the post office",
        item(ItemState::Accepted),
    ),
    entry(
        "91",
        "Đã đi phát nhưng không thành công",
        "Delivery failed",
        item(ItemState::AttemptFailed),
    ),
    entry("100", "Phát thành công", "Delivered", item(ItemState::Delivered)),
    entry("110", "Bưu tá đã nhận tiền thu hộ", "Amount collected", MONEY),
    entry(
        "120",
        "Đã trả tiền thu hộ cho người gửi",
        "Amount paid to the sender",
        MONEY,
    ),
    entry(
        "161",
        "Phát hoàn cho người gửi thất bại",
        "Return to sender failed",
        like_item(ItemState::Returning),
    ),
    entry(
        "170",
        "Phát hoàn cho người gửi thành công",
        "Returned to sender",
        item(ItemState::Returned),
    ),
];

/// Parcel list 2.
pub(super) const PARCEL_2: [Entry; 27] = [
    entry("0", "Lưu nháp", "Draft", like_item(ItemState::Created)),
    entry("1", "Đã tạo", "Created", item(ItemState::Created)),
    entry(
        "2",
        "Bưu tá nhận yêu cầu thu gom",
        "Pickup assigned",
        item(ItemState::PickupAssigned),
    ),
    entry("3", "Chờ xác nhận", "To be confirmed", like_item(ItemState::Created)),
    entry(
        "4",
        "Đang lấy hàng",
        "Being fetched",
        like_item(ItemState::PickupAssigned),
    ),
    entry(
        "5",
        "Lấy không thành công",
        "Fetching failed",
        like_item(ItemState::PickupAssigned),
    ),
    entry("6", "Đã lấy", "Fetched", item(ItemState::Accepted)),
    entry(
        "7",
        "Bưu cục đã nhận",
        "Accepted by the post office",
        like_item(ItemState::Accepted),
    ),
    entry(
        "8",
        "Lấy hàng thất bại",
        "Fetching given up",
        Means::Nothing("an order is fetched again or cancelled"),
    ),
    entry("9", "Hủy thu gom", "Pickup cancelled", like_item(ItemState::Withdrawn)),
    entry("10", "Đang vận chuyển", "In transit", item(ItemState::InTransit)),
    entry(
        "11",
        "Đến bưu cục phát",
        "At delivery office",
        item(ItemState::AtDeliveryOffice),
    ),
    entry("12", "Đang giao", "Out for delivery", item(ItemState::OutForDelivery)),
    entry("13", "Chuyển tiếp", "Redirected", item(ItemState::Redirected)),
    entry("14", "Đã giao", "Delivered", item(ItemState::Delivered)),
    entry(
        "15",
        "Giao không thành công",
        "Delivery failed",
        item(ItemState::AttemptFailed),
    ),
    entry(
        "16",
        "Chờ chuyển hoàn",
        "To be returned",
        like_item(ItemState::Returning),
    ),
    entry(
        "17",
        "Đã duyệt hoàn",
        "Return approved",
        like_item(ItemState::Returning),
    ),
    entry("18", "Bắt đầu hoàn", "Return started", like_item(ItemState::Returning)),
    entry("19", "Trả hàng thành công", "Returned", item(ItemState::Returned)),
    entry("20", "Trả một phần", "Partly returned", PARTLY),
    entry("21", "Đã trả tiền thu hộ", "Amount paid", MONEY),
    entry("22", "Hủy giao", "Delivery cancelled", item(ItemState::Withdrawn)),
    entry("23", "Giao một phần", "Partly delivered", PARTLY),
    entry("24", "Đang chuyển hoàn", "Being returned", item(ItemState::Returning)),
    entry("28", "Đã trả phí giao", "Carriage paid", MONEY),
    entry("29", "Đã trả phí hủy", "Cancellation fee paid", MONEY),
];

/// The code of parcel list 1 for a state: the one the tracking feed tells, which does not
/// depend on the kind of item.
pub(super) fn parcel_1_of(state: ItemState) -> Option<&'static str> {
    let told = tracking::status(ItemKind::DossierToAgency, state).code;
    let found = PARCEL_1.iter().find(|entry| entry.code.parse() == Ok(told));
    found.map(|entry| entry.code)
}

/// The code of parcel list 2 for a state; being held for collection has none.
pub(super) fn parcel_2_of(state: ItemState) -> Option<&'static str> {
    if state == ItemState::Refused {
        return Some("15");
    }
    let found = PARCEL_2.iter().find(|entry| entry.means == item(state));
    found.map(|entry| entry.code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::{CodeSystem, Translation};

    #[test]
    fn the_codes_the_order_interface_answers_stand_in_the_list() {
        for code in [ORDER_ACCEPTED, ORDER_DIFFERS, ORDER_CANCELLED, ORDER_COLLECTED] {
            assert!(ORDER.iter().any(|entry| entry.code == code.to_string()), "{code}");
        }
    }

    #[test]
    fn list_two_has_a_code_for_every_state_but_being_held() {
        for state in ItemState::ALL {
            let is_held = state == ItemState::HeldForPickup;
            let none = matches!(CodeSystem::VnpostParcel2.of_item(state), Translation::NoEquivalent(_));
            assert_eq!(none, is_held, "{state}");
        }
    }
}
