//! Why a change is not proposed, or does not go on.

use super::kind::Fault;
use crate::StoreError;
use domain::dossier::words::Language;

/// Why a change does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Standstill {
    /// It is so already.
    #[error("it is so already")]
    Already,
    /// Somebody decided.
    #[error("it was decided already")]
    Decided,
    /// Nobody decided in time.
    #[error("it lapsed; propose it again")]
    Lapsed,
    /// One does not approve one's own.
    #[error("somebody else than its proposer decides; withdraw it if it is wrong")]
    Own,
    /// Nobody decides about themselves.
    #[error("nobody decides about themselves")]
    Yourself,
    /// Only who proposed it withdraws it.
    #[error("only its proposer withdraws it; reject it")]
    NotYours,
    /// Who proposed it may not any more.
    #[error("its proposer does not run the installation any more")]
    ProposerLeft,
    /// What it changes was changed since.
    #[error("what it changes stands otherwise now; look again and propose anew")]
    Stale,
}

impl Standstill {
    /// The reason for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::Already => ("đã đúng như vậy rồi", "it is so already"),
            Self::Decided => ("đề nghị này đã được quyết định", "it was decided already"),
            Self::Lapsed => ("đề nghị đã hết hạn; hãy đề nghị lại", "it lapsed; propose it again"),
            Self::Own => (
                "phải do người khác quyết định; nếu sai, hãy rút đề nghị",
                "somebody else than its proposer decides; withdraw it if it is wrong",
            ),
            Self::Yourself => (
                "không ai tự quyết định về chính mình",
                "nobody decides about themselves",
            ),
            Self::NotYours => (
                "chỉ người đề nghị mới rút được; hãy từ chối",
                "only its proposer withdraws it; reject it",
            ),
            Self::ProposerLeft => (
                "người đề nghị không còn quyền quản trị",
                "its proposer does not run the installation any more",
            ),
            Self::Stale => (
                "dữ liệu đã thay đổi từ khi đề nghị; hãy xem lại và đề nghị lại",
                "what it changes stands otherwise now; look again and propose anew",
            ),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }
}

/// Why nothing was proposed or decided.
#[derive(Debug, thiserror::Error)]
pub enum ChangeRefusal {
    /// There is no such person or proposal, or it is another operator's.
    #[error("there is no such thing")]
    Unknown,
    /// Fields are wrong.
    #[error("fields are wrong")]
    Faults(Vec<Fault>),
    /// Things stand otherwise.
    #[error(transparent)]
    NotNow(#[from] Standstill),
    /// The key of the request belongs to another one.
    #[error("the key belongs to another request")]
    KeyReused,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sea_orm::DbErr> for ChangeRefusal {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}
