//! What other systems and citizens are told about an item.
//!
//! The numbers are those of VNPost's parcel list 1. The same numbers mean other things
//! in other lists, so a number never travels without the name of its list. Translating
//! between lists is not done here.
//!
//! Source: Quy ước Trao Tay, danh mục trạng thái VNPost

use crate::item::{Addressee, ItemKind, ItemState};

/// The name of the list the codes belong to.
pub const CODE_SYSTEM: &str = "vnpost-parcel-1";

/// What to report for an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrackingStatus {
    /// Which list the code belongs to.
    pub code_system: &'static str,
    /// The code in that list.
    pub code: u16,
    /// The same in Vietnamese, for people.
    pub message: &'static str,
}

/// The status of an item of this kind in this state.
///
/// The list knows no way back under way: until the item is back, its last news is that
/// delivery failed.
pub const fn status(kind: ItemKind, state: ItemState) -> TrackingStatus {
    let (code, message) = match state {
        ItemState::Created => (20, "Đã ghi nhận yêu cầu"),
        ItemState::PickupAssigned => (20, "Đã phân công bưu tá đến nhận"),
        ItemState::Accepted => (70, "Bưu điện đã nhận và niêm phong"),
        ItemState::InTransit => (70, "Đang vận chuyển"),
        ItemState::AtDeliveryOffice => (70, "Đã đến bưu cục phát"),
        ItemState::OutForDelivery => (70, "Bưu tá đang đi phát"),
        ItemState::Redirected => (70, "Đang chuyển tiếp đến địa chỉ mới"),
        ItemState::AttemptFailed => (91, "Đã đi phát nhưng không thành công"),
        ItemState::HeldForPickup => (91, "Đang lưu tại bưu cục, mời đến nhận"),
        ItemState::Refused => (91, "Người nhận từ chối nhận"),
        ItemState::Returning => (91, "Phát không thành công, đang chuyển hoàn"),
        ItemState::Delivered => (100, delivered(kind)),
        ItemState::Returned => (
            170,
            match kind.sender() {
                Addressee::Citizen => "Đã chuyển hoàn cho người gửi",
                Addressee::Agency => "Đã chuyển hoàn cho cơ quan",
            },
        ),
        ItemState::Withdrawn => (60, "Người gửi đã hủy"),
    };
    TrackingStatus {
        code_system: CODE_SYSTEM,
        code,
        message,
    }
}

/// The status after an attempt to bring an item back failed.
pub const fn return_failed() -> TrackingStatus {
    TrackingStatus {
        code_system: CODE_SYSTEM,
        code: 161,
        message: "Phát hoàn cho người gửi thất bại",
    }
}

const fn delivered(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::DossierToAgency => "Đã bàn giao hồ sơ cho cơ quan",
        ItemKind::SupplementToAgency => "Đã bàn giao giấy tờ bổ sung cho cơ quan",
        ItemKind::SlipToApplicant => "Đã giao giấy hẹn cho người dân",
        ItemKind::ResultToApplicant => "Đã giao kết quả cho người dân",
        ItemKind::OriginalsToApplicant => "Đã giao bản chính cho người dân",
        ItemKind::SurrenderedToAgency => "Đã nộp giấy tờ thu hồi cho cơ quan",
        ItemKind::ResultBackToAgency => "Đã chuyển kết quả về cơ quan",
        ItemKind::InterAgency => "Đã giao cho cơ quan nhận",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_only_codes_of_the_list() {
        for kind in ItemKind::ALL {
            for state in ItemState::ALL {
                let status = status(kind, state);
                assert!([20, 60, 70, 91, 100, 170].contains(&status.code), "{kind} {state}");
                assert_eq!(status.code_system, CODE_SYSTEM);
            }
        }
        assert_eq!(return_failed().code, 161);
    }

    #[test]
    fn a_delivered_dossier_and_a_delivered_result_share_a_code_and_not_a_message() {
        let dossier = status(ItemKind::DossierToAgency, ItemState::Delivered);
        let result = status(ItemKind::ResultToApplicant, ItemState::Delivered);
        assert_eq!(dossier.code, result.code);
        assert_ne!(dossier.message, result.message);
    }
}
