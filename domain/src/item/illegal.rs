//! Why a step does not fit an item, for the machine and for people.
//!
//! Source: Quy ước Trao Tay, lý do từ chối

use super::{ItemState, MoveKind};
use crate::dossier::words::Language;

/// A move that the item's state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an item in {from} cannot take this step: {}", why.english())]
pub struct IllegalItemMove {
    /// The state before.
    pub from: ItemState,
    /// The move that does not fit; none for a step that is no custody move.
    pub kind: Option<MoveKind>,
    /// Why.
    pub why: WhyNotItem,
}

impl IllegalItemMove {
    /// The reason, for people.
    pub const fn reason(&self, language: Language) -> &'static str {
        match language {
            Language::Vietnamese => self.why.vietnamese(),
            Language::English => self.why.english(),
        }
    }
}

/// Why a move does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WhyNotItem {
    /// The post has not taken it yet.
    NotInPostYet,
    /// The post has taken it before.
    InPostAlready,
    /// It has reached its end.
    Ended,
    /// It is on its way back.
    GoingBack,
    /// It is not meant for this side, and did not come from it.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 10
    WrongSide,
    /// It was declared lost.
    Lost,
    /// The post does not have it.
    NotWithThePost,
    /// There is no such incident open.
    NothingOpen,
}

impl WhyNotItem {
    /// The reason in Vietnamese.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::NotInPostYet => "bưu chính chưa nhận bưu gửi",
            Self::InPostAlready => "bưu chính đã nhận bưu gửi",
            Self::Ended => "bưu gửi đã kết thúc hành trình",
            Self::GoingBack => "bưu gửi đang chuyển hoàn",
            Self::WrongSide => "đây không phải bên nhận của bưu gửi",
            Self::Lost => "bưu gửi đã được xác định là mất",
            Self::NotWithThePost => "bưu chính không giữ bưu gửi",
            Self::NothingOpen => "không có sự cố nào đang mở",
        }
    }

    /// The reason in English, a lowercase fragment.
    pub const fn english(self) -> &'static str {
        match self {
            Self::NotInPostYet => "the post has not taken it yet",
            Self::InPostAlready => "the post has taken it before",
            Self::Ended => "it has reached its end",
            Self::GoingBack => "it is on its way back",
            Self::WrongSide => "it is not meant for this side",
            Self::Lost => "it was declared lost",
            Self::NotWithThePost => "the post does not have it",
            Self::NothingOpen => "no such incident is open",
        }
    }
}
