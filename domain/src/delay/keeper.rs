//! Who can hold a matter. Finer than a [`Party`](crate::party::Party): what it waits for counts too.
//!
//! Source: Quy ước Trao Tay, sổ thời gian từng bên

use crate::calendar::CalendarKind;
use crate::dossier::words::Language;

/// The keeper that holds a matter, or what it waits for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Keeper {
    /// The applicant.
    Applicant,
    /// The post.
    Post,
    /// The one-stop desk.
    Desk,
    /// A competent or consulted agency, by its code.
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19 khoản 5
    Agency(String),
    /// The applicant, who owes a payment.
    Payment,
    /// The applicant, who was asked for papers.
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19 khoản 4
    Supplement,
    /// Nobody knows: no fact says who had it.
    Unknown,
}

impl Keeper {
    /// By whose calendar the keeper's time runs.
    pub const fn calendar(&self) -> CalendarKind {
        match self {
            Self::Post => CalendarKind::Post,
            Self::Applicant | Self::Desk | Self::Agency(_) | Self::Payment | Self::Supplement | Self::Unknown => {
                CalendarKind::State
            }
        }
    }

    /// The keeper for people, without saying which agency.
    pub const fn text(&self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::Applicant => ("người nộp hồ sơ", "applicant"),
            Self::Post => ("bưu chính", "post"),
            Self::Desk => ("bộ phận một cửa", "one-stop desk"),
            Self::Agency(_) => ("cơ quan giải quyết", "agency"),
            Self::Payment => ("chờ nộp nghĩa vụ tài chính", "waiting for payment"),
            Self::Supplement => ("chờ bổ sung hồ sơ", "waiting for papers"),
            Self::Unknown => ("chưa rõ", "not known"),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }
}
