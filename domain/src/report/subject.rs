//! What a figure counted, by name, so that it can be traced.
//!
//! Source: Quy ước Trao Tay, vết của số liệu

use std::fmt;

use uuid::Uuid;

use crate::ids::DossierId;
use crate::procedure_code::ProcedureCode;

/// One thing that was counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A dossier.
    Dossier(DossierId),
    /// A postal item, by its code.
    Item(String),
    /// A procedure.
    Procedure(ProcedureCode),
    /// A citizen's feedback on the agency.
    Feedback(Uuid),
    /// A complaint against the post.
    Complaint(Uuid),
    /// A payment of compensation.
    Compensation(Uuid),
    /// A receipt for money.
    Receipt(String),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dossier(id) => id.fmt(f),
            Self::Item(code) => f.write_str(code),
            Self::Procedure(code) => code.fmt(f),
            Self::Feedback(id) | Self::Complaint(id) | Self::Compensation(id) => id.fmt(f),
            Self::Receipt(number) => f.write_str(number),
        }
    }
}

/// Why something could not be judged and stands on neither side of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WhyLeftOut {
    /// Neither a due date nor a longest time is known.
    NoDueDate,
    /// Its time is not over and it has not ended.
    NotYetDue,
    /// Force majeure, which the postal times leave out.
    ForceMajeure,
    /// No promise was recorded.
    NoPromise,
    /// Still kept for collection.
    StillHeld,
    /// Neither delivered nor brought back.
    UnderWay,
}

impl WhyLeftOut {
    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoDueDate => "no_due_date",
            Self::NotYetDue => "not_yet_due",
            Self::ForceMajeure => "force_majeure",
            Self::NoPromise => "no_promise",
            Self::StillHeld => "still_held",
            Self::UnderWay => "under_way",
        }
    }
}

/// Something that stands on neither side of a figure.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeftOut {
    /// What.
    pub subject: Subject,
    /// Why.
    pub why: WhyLeftOut,
}
