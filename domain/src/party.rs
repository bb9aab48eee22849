//! The three parties of the service: who acts, who must act, who is at fault.
//!
//! A party is never a person; who signed is a [`Holder`](crate::holder::Holder) with a
//! [`Hat`](crate::hat::Hat). One office can be two parties, wearing two hats.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 13; Quyết định 45/2016/QĐ-TTg, điều 15; Quyết định 45/2016/QĐ-TTg, điều 17

use std::fmt;
use std::str::FromStr;

use crate::dossier::words::Language;

/// A side of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// The applicant, or whoever acts for them.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 17
    Applicant,
    /// The designated post operator.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 15
    Post,
    /// The competent agency or its one-stop desk.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 13
    Agency,
}

impl Party {
    /// Every party, the applicant first.
    pub const ALL: [Self; 3] = [Self::Applicant, Self::Post, Self::Agency];

    /// The text form, lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Applicant => "applicant",
            Self::Post => "post",
            Self::Agency => "agency",
        }
    }

    /// The party as a citizen reads it.
    pub const fn words(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Applicant, Language::Vietnamese) => "người nộp hồ sơ",
            (Self::Applicant, Language::English) => "the applicant",
            (Self::Post, Language::Vietnamese) => "bưu điện",
            (Self::Post, Language::English) => "the post",
            (Self::Agency, Language::Vietnamese) => "cơ quan giải quyết",
            (Self::Agency, Language::English) => "the agency",
        }
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a party: expected applicant, post or agency")]
pub struct ParsePartyError;

impl FromStr for Party {
    type Err = ParsePartyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|party| party.as_str() == text)
            .ok_or(ParsePartyError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_party_reads_back_from_its_text() {
        for party in Party::ALL {
            assert_eq!(party.as_str().parse(), Ok(party));
        }
        assert_eq!("police".parse::<Party>(), Err(ParsePartyError));
    }
}
