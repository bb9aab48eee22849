//! What a postal item carries, and for whom.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 4; Thông tư 17/2017/TT-BTTTT, điều 5; Quy ước Trao Tay, loại bưu gửi

use crate::dossier::words::Language;
use std::fmt;
use std::str::FromStr;

/// The kind of a postal item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    /// The dossier itself, on its way to the agency.
    DossierToAgency,
    /// Papers the agency asked for afterwards.
    SupplementToAgency,
    /// The receipt and appointment slip.
    SlipToApplicant,
    /// The result.
    ResultToApplicant,
    /// Originals that were taken for comparison, or a rejected dossier.
    OriginalsToApplicant,
    /// Old papers collected against the new result.
    SurrenderedToAgency,
    /// An undelivered result on its way back.
    ResultBackToAgency,
    /// From one agency to another in a linked procedure.
    InterAgency,
}

/// For whom an item is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Addressee {
    /// The applicant or their representative.
    Citizen,
    /// An agency.
    Agency,
}

impl ItemKind {
    /// Every kind, in the order of the reference.
    pub const ALL: [Self; 8] = [
        Self::DossierToAgency,
        Self::SupplementToAgency,
        Self::SlipToApplicant,
        Self::ResultToApplicant,
        Self::OriginalsToApplicant,
        Self::SurrenderedToAgency,
        Self::ResultBackToAgency,
        Self::InterAgency,
    ];

    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DossierToAgency => "DOSSIER_TO_AGENCY",
            Self::SupplementToAgency => "SUPPLEMENT_TO_AGENCY",
            Self::SlipToApplicant => "SLIP_TO_APPLICANT",
            Self::ResultToApplicant => "RESULT_TO_APPLICANT",
            Self::OriginalsToApplicant => "ORIGINALS_TO_APPLICANT",
            Self::SurrenderedToAgency => "SURRENDERED_TO_AGENCY",
            Self::ResultBackToAgency => "RESULT_BACK_TO_AGENCY",
            Self::InterAgency => "INTER_AGENCY",
        }
    }

    /// What it is, for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::DossierToAgency => ("Hồ sơ nộp cơ quan", "Dossier to the agency"),
            Self::SupplementToAgency => ("Giấy tờ bổ sung", "Supplement to the agency"),
            Self::SlipToApplicant => ("Giấy hẹn", "Appointment slip"),
            Self::ResultToApplicant => ("Kết quả", "Result"),
            Self::OriginalsToApplicant => ("Bản chính trả lại", "Originals returned"),
            Self::SurrenderedToAgency => ("Giấy tờ thu hồi", "Surrendered papers"),
            Self::ResultBackToAgency => ("Kết quả chuyển lại cơ quan", "Result back to the agency"),
            Self::InterAgency => ("Hồ sơ liên thông", "From agency to agency"),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }

    /// For whom the item is meant.
    pub const fn addressee(self) -> Addressee {
        match self {
            Self::SlipToApplicant | Self::ResultToApplicant | Self::OriginalsToApplicant => Addressee::Citizen,
            Self::DossierToAgency
            | Self::SupplementToAgency
            | Self::SurrenderedToAgency
            | Self::ResultBackToAgency
            | Self::InterAgency => Addressee::Agency,
        }
    }

    /// Who sent the item, and so gets it back when it cannot be delivered.
    pub const fn sender(self) -> Addressee {
        match self {
            Self::DossierToAgency | Self::SupplementToAgency | Self::SurrenderedToAgency => Addressee::Citizen,
            Self::SlipToApplicant
            | Self::ResultToApplicant
            | Self::OriginalsToApplicant
            | Self::ResultBackToAgency
            | Self::InterAgency => Addressee::Agency,
        }
    }
}

impl fmt::Display for ItemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no item kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an item kind")]
pub struct ParseItemKindError;

impl FromStr for ItemKind {
    type Err = ParseItemKindError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(ParseItemKindError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_back_from_its_text() {
        for kind in ItemKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert_eq!("PARCEL".parse::<ItemKind>(), Err(ParseItemKindError));
    }
}
