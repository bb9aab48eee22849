//! Why a shift is not opened or closed, in words for people.

use domain::dossier::words::Language;
use domain::money::{CountersignError, ShiftCloseError};

/// Why a shift is not opened or closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShiftRefusal {
    /// The till has one that is not closed.
    #[error("the shift before is not closed with two signatures")]
    Open,
    /// It is closed already.
    #[error("the shift is closed with two signatures")]
    Closed,
    /// Nobody has counted yet.
    #[error("the keeper has not counted yet")]
    NotCounted,
    /// The sums counted are none.
    #[error("a counted sum is not below zero")]
    Sum,
    /// It does not close.
    #[error(transparent)]
    Close(#[from] ShiftCloseError),
    /// The second signature is refused.
    #[error(transparent)]
    Countersign(#[from] CountersignError),
}

impl ShiftRefusal {
    /// The reason for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::Open => (
                "ca trước chưa đóng đủ hai chữ ký",
                "the shift before is not closed with two signatures",
            ),
            Self::Closed => ("ca đã đóng đủ hai chữ ký", "the shift is closed with two signatures"),
            Self::NotCounted => ("người giữ tiền chưa kiểm đếm", "the keeper has not counted yet"),
            Self::Sum | Self::Close(ShiftCloseError::Dong(_)) => {
                ("số tiền kiểm đếm không hợp lệ", "a counted sum is not below zero")
            }
            Self::Close(ShiftCloseError::Unexplained { .. }) => (
                "số kiểm đếm lệch với sổ, phải giải trình",
                "what was counted differs from the books: explain it",
            ),
            Self::Countersign(CountersignError::SamePerson) => (
                "chữ ký thứ hai phải là của người khác",
                "the second signature is another person's",
            ),
            Self::Countersign(CountersignError::CountsDiffer { .. }) => (
                "hai lần đếm khác nhau, hãy cùng đếm lại",
                "the two counts differ: count again together",
            ),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }
}
