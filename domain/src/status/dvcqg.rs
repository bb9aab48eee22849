//! The national list of dossier statuses, and what the post may say of it.
//!
//! There is no status for postal custody in it, and the post must not fake one: data of
//! the post never set 10. Does not send anything: that takes the agency's own system.
//!
//! Source: DVCQG danh mục trạng thái, 1 đến 10

use super::entry::entry;
use super::{Entry, Fit, Means};
use crate::dossier::DossierState;
use crate::item::{ItemKind, ItemState};

/// A status of the national list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DvcqgStatus {
    /// 1.
    Registered,
    /// 2.
    Received,
    /// 3.
    NotAccepted,
    /// 4.
    Processing,
    /// 5.
    Supplement,
    /// 6.
    Payment,
    /// 7.
    WithdrawalRequested,
    /// 8.
    Stopped,
    /// 9.
    Resolved,
    /// 10.
    Returned,
}

const fn stands_for(code: &'static str, vietnamese: &'static str, english: &'static str, state: DossierState) -> Entry {
    entry(code, vietnamese, english, Means::Dossier(state, Fit::Exact))
}

/// The ten lines of the list.
pub(super) const ENTRIES: [Entry; 10] = [
    stands_for("1", "Mới đăng ký", "Newly registered", DossierState::Lodged),
    stands_for("2", "Được tiếp nhận", "Received", DossierState::Received),
    stands_for("3", "Không được tiếp nhận", "Not accepted", DossierState::NotAccepted),
    stands_for("4", "Đang xử lý", "In process", DossierState::Processing),
    stands_for(
        "5",
        "Yêu cầu bổ sung giấy tờ",
        "More papers requested",
        DossierState::Supplement,
    ),
    stands_for(
        "6",
        "Yêu cầu thực hiện nghĩa vụ tài chính",
        "Payment requested",
        DossierState::Payment,
    ),
    stands_for(
        "7",
        "Công dân yêu cầu rút hồ sơ",
        "Withdrawal requested",
        DossierState::WithdrawRequested,
    ),
    stands_for("8", "Dừng xử lý", "Stopped", DossierState::Stopped),
    stands_for("9", "Đã xử lý xong", "Resolved", DossierState::Resolved),
    stands_for("10", "Đã trả kết quả", "Result returned", DossierState::Returned),
];

/// The national monitoring of one-stop desks, a third list with small numbers.
pub(super) const EMC: [Entry; 5] = [
    entry("0", "Khác", "Other", Means::Nothing("the list does not say which")),
    stands_for("1", "Đã tiếp nhận", "Received", DossierState::Received),
    stands_for("2", "Đang xử lý", "In process", DossierState::Processing),
    stands_for("3", "Đã trả kết quả", "Result returned", DossierState::Returned),
    entry(
        "4",
        "Đã phân công",
        "Assigned",
        Means::Dossier(DossierState::Processing, Fit::Nearest),
    ),
];

/// The monitoring code of a state; it knows only three.
pub(super) fn emc_of(state: DossierState) -> Option<&'static str> {
    let found = EMC
        .iter()
        .find(|entry| entry.means == Means::Dossier(state, Fit::Exact));
    found.map(|entry| entry.code)
}

impl DvcqgStatus {
    /// Every status, 1 first.
    pub const ALL: [Self; 10] = [
        Self::Registered,
        Self::Received,
        Self::NotAccepted,
        Self::Processing,
        Self::Supplement,
        Self::Payment,
        Self::WithdrawalRequested,
        Self::Stopped,
        Self::Resolved,
        Self::Returned,
    ];

    /// The number, 1 to 10.
    pub const fn number(self) -> u8 {
        match self {
            Self::Registered => 1,
            Self::Received => 2,
            Self::NotAccepted => 3,
            Self::Processing => 4,
            Self::Supplement => 5,
            Self::Payment => 6,
            Self::WithdrawalRequested => 7,
            Self::Stopped => 8,
            Self::Resolved => 9,
            Self::Returned => 10,
        }
    }

    /// The number as the text of the list.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Registered => "1",
            Self::Received => "2",
            Self::NotAccepted => "3",
            Self::Processing => "4",
            Self::Supplement => "5",
            Self::Payment => "6",
            Self::WithdrawalRequested => "7",
            Self::Stopped => "8",
            Self::Resolved => "9",
            Self::Returned => "10",
        }
    }

    /// The status with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.number() == number)
    }
}

/// What an event of the post says about a dossier in the national list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PostSays {
    /// Nothing: the list has no status for postal custody.
    Nothing,
    /// The agency signed for the dossier: it may be registered as new, no more.
    MayRegister,
    /// The entitled person has the result: the agency is asked to confirm 10.
    AsksToConfirmReturn,
}

impl PostSays {
    /// The status that may be written on the post's word alone: never above 1, so never 10.
    pub const fn may_set(self) -> Option<DvcqgStatus> {
        match self {
            Self::MayRegister => Some(DvcqgStatus::Registered),
            Self::Nothing | Self::AsksToConfirmReturn => None,
        }
    }
}

/// What the post may say when an item of this kind reached this state and the dossier
/// stands at `known` in the national list (`None`: not there yet).
///
/// The way to the agency never moves a dossier above 1. On the way back only a delivery
/// to the entitled person counts, and it only asks for the confirmation of 10.
///
/// Source: DVCQG danh mục trạng thái, 1 đến 10; Quyết định 45/2016/QĐ-TTg, điều 7; Quyết định 45/2016/QĐ-TTg, điều 9
pub fn from_post(kind: ItemKind, state: ItemState, known: Option<DvcqgStatus>) -> PostSays {
    if state != ItemState::Delivered {
        PostSays::Nothing
    } else if kind == ItemKind::DossierToAgency && known.is_none() {
        PostSays::MayRegister
    } else if kind == ItemKind::ResultToApplicant && known == Some(DvcqgStatus::Resolved) {
        PostSays::AsksToConfirmReturn
    } else {
        PostSays::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_reads_back_from_its_number_and_stands_in_the_list() {
        for (entry, status) in ENTRIES.iter().zip(DvcqgStatus::ALL) {
            assert_eq!(DvcqgStatus::from_number(status.number()), Some(status));
            assert_eq!((entry.code, entry.code.parse()), (status.code(), Ok(status.number())));
        }
        assert_eq!(DvcqgStatus::from_number(0), None);
        assert_eq!(DvcqgStatus::from_number(11), None);
    }

    #[test]
    fn nothing_the_post_does_sets_a_status_above_one() {
        let known = DvcqgStatus::ALL.into_iter().map(Some).chain([None]);
        for known in known {
            for kind in ItemKind::ALL {
                for state in ItemState::ALL {
                    let set = from_post(kind, state, known).may_set();
                    assert!(set.is_none() || (set == Some(DvcqgStatus::Registered) && known.is_none()));
                }
            }
        }
    }

    #[test]
    fn only_a_delivered_result_of_a_resolved_dossier_asks_for_ten() {
        let resolved = Some(DvcqgStatus::Resolved);
        let says = |kind, state| from_post(kind, state, resolved);
        assert_eq!(
            says(ItemKind::ResultToApplicant, ItemState::Delivered),
            PostSays::AsksToConfirmReturn
        );
        for state in ItemState::ALL
            .into_iter()
            .filter(|state| *state != ItemState::Delivered)
        {
            assert_eq!(says(ItemKind::ResultToApplicant, state), PostSays::Nothing, "{state}");
        }
        assert_eq!(
            says(ItemKind::OriginalsToApplicant, ItemState::Delivered),
            PostSays::Nothing
        );
    }

    #[test]
    fn the_collection_leg_registers_a_dossier_once() {
        let says = |known| from_post(ItemKind::DossierToAgency, ItemState::Delivered, known);
        assert_eq!(says(None).may_set(), Some(DvcqgStatus::Registered));
        assert_eq!(says(Some(DvcqgStatus::Received)), PostSays::Nothing);
    }
}
