//! Why no ruling was proposed or decided.

use domain::dossier::words::Language;

/// Why nothing was proposed or decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RulingRefusal {
    /// Somebody proposed something about it already.
    Asked,
    /// Somebody else decides.
    Own,
    /// It was decided.
    Decided,
    /// Nobody decided in time.
    Lapsed,
    /// Who proposed has this role no more.
    AskerLeft,
    /// It is not the same any more: another story came, or it was mended.
    Changed,
    /// A dispute is ruled by what stands or where it was found, an event by applying, attaching or rejecting it.
    WrongKind,
    /// The branch is none of the dispute's, or the item cannot have gone that way.
    CannotStand,
    /// Nobody is known by that name.
    NobodyThere,
    /// It is not certain who signed it, or it cannot be read: it can be attached or rejected.
    CannotApply,
    /// There is no such item.
    NoSuchItem,
}

impl RulingRefusal {
    /// The reason for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::Asked => ("đã có đề nghị đang chờ duyệt", "a proposal about it waits already"),
            Self::Own => (
                "phải do người khác cùng vai trò duyệt",
                "somebody else of the same role decides",
            ),
            Self::Decided => ("đề nghị này đã được quyết định", "it was decided already"),
            Self::Lapsed => ("đề nghị đã hết hạn; hãy đề nghị lại", "it lapsed; propose it again"),
            Self::AskerLeft => (
                "người đề nghị không còn vai trò này",
                "who proposed has this role no more",
            ),
            Self::Changed => (
                "vụ việc đã thay đổi; hãy xem lại và đề nghị lại",
                "the case has changed; look again and propose again",
            ),
            Self::WrongKind => (
                "cách giải quyết không hợp với vụ việc này",
                "that is no way to settle a case of this kind",
            ),
            Self::CannotStand => (
                "bưu gửi không thể đi theo nhánh này",
                "the item cannot have gone that way",
            ),
            Self::NobodyThere => ("không có bên nhận này", "there is no such party"),
            Self::CannotApply => (
                "không thể áp dụng sự kiện này; có thể gắn vào bưu gửi hoặc bác",
                "this event cannot be applied; it can be attached or rejected",
            ),
            Self::NoSuchItem => ("không có bưu gửi này", "there is no such item"),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }
}
