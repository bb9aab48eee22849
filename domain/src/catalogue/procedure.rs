//! A procedure in one version.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 6; Quyết định 45/2016/QĐ-TTg, điều 13; Thông tư 01/2018/TT-VPCP, điều 3

use super::case::ProcedureCase;
use super::kind::{Authorisation, ResultKind};
use super::online::OnlineLevel;
use crate::procedure_code::ProcedureCode;
use crate::validity::Validity;

/// At which level the agency stands that decides.
///
/// Source: Nghị định 118/2025/NĐ-CP, điều 1; Nghị quyết 202/2025/QH15, điều 1
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgencyLevel {
    /// The commune's People's Committee.
    Commune,
    /// The district, until 30 June 2025.
    District,
    /// A department or agency of the province.
    Province,
    /// A ministry or an agency it runs down to the province, such as social insurance.
    Central,
}

impl AgencyLevel {
    /// Every level.
    pub const ALL: [Self; 4] = [Self::Commune, Self::District, Self::Province, Self::Central];

    /// The text form in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Commune => "commune",
            Self::District => "district",
            Self::Province => "province",
            Self::Central => "central",
        }
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == text)
    }

    /// The words for people: who decides.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::Commune => "Ủy ban nhân dân cấp xã",
            Self::District => "Ủy ban nhân dân cấp huyện (đến 30/6/2025)",
            Self::Province => "cơ quan cấp tỉnh",
            Self::Central => "cơ quan trung ương hoặc cơ quan của ngành tại tỉnh",
        }
    }

    /// The words in English: who decides.
    pub const fn english(self) -> &'static str {
        match self {
            Self::Commune => "the commune's People's Committee",
            Self::District => "the district's People's Committee (until 30 June 2025)",
            Self::Province => "an agency of the province",
            Self::Central => "a central agency, or its branch in the province",
        }
    }
}

/// A version of a procedure, true for a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Procedure {
    /// Its code.
    pub code: ProcedureCode,
    /// When this version holds.
    pub validity: Validity,
    /// Its name.
    pub name: String,
    /// Its sector (lĩnh vực).
    pub sector: String,
    /// At which level the agency stands that decides.
    pub level: AgencyLevel,
    /// Whether the dossier may be sent by post.
    pub bcci_submit: bool,
    /// Whether the result may be returned by post.
    pub bcci_return: bool,
    /// Whether somebody else may act for the person.
    pub authorisation: Authorisation,
    /// In which form the result comes.
    pub result: ResultKind,
    /// How much of it can be done online.
    pub online: OnlineLevel,
    /// The cases; the first is the ordinary one.
    pub cases: Vec<ProcedureCase>,
    /// The codes it had before.
    pub old_codes: Vec<ProcedureCode>,
    /// The code that took its place, once this one ended.
    pub replaced_by: Option<ProcedureCode>,
    /// Where this is from, and what is unsure.
    pub source: String,
}

/// Why a version of a procedure is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProcedureError {
    /// The name, the sector or the source is blank.
    #[error("a procedure needs a name, a sector and a source")]
    NoName,
    /// It has no case.
    #[error("a procedure needs a case")]
    NoCase,
    /// Two cases have one code.
    #[error("case {0} stands twice")]
    CaseTwice(String),
    /// The law asks for the person to come, and yet it is open to the post.
    #[error("a procedure that forbids authorisation is outside the service")]
    InPersonOnly,
    /// It may be sent by post, but no case has terms for the post.
    #[error("no case has terms for the channel of post")]
    NoPostTerms,
    /// A case has terms for the post, but the procedure may not be sent by post.
    #[error("a case has terms for the post, which the procedure does not allow")]
    PostNotAllowed,
    /// The post may return the result, but there is no paper.
    #[error("an electronic result cannot be returned by post")]
    NothingToReturn,
    /// It is replaced, and yet has no last day.
    #[error("a procedure that was replaced has a last day")]
    ReplacedWithoutEnd,
}

impl Procedure {
    /// Checks that the parts fit each other.
    ///
    /// # Errors
    /// [`ProcedureError`], the first that applies.
    pub fn checked(self) -> Result<Self, ProcedureError> {
        if [&self.name, &self.sector, &self.source]
            .iter()
            .any(|text| text.trim().is_empty())
        {
            return Err(ProcedureError::NoName);
        }
        if self.cases.is_empty() {
            return Err(ProcedureError::NoCase);
        }
        for (at, case) in self.cases.iter().enumerate() {
            if self.cases.iter().take(at).any(|earlier| earlier.code == case.code) {
                return Err(ProcedureError::CaseTwice(case.code.clone()));
            }
        }
        if self.authorisation == Authorisation::Forbidden && (self.bcci_submit || self.bcci_return) {
            return Err(ProcedureError::InPersonOnly);
        }
        let has_post_terms = self
            .cases
            .iter()
            .any(|case| case.channels.contains_key(&super::Channel::Post));
        match (self.bcci_submit, has_post_terms) {
            (true, false) => return Err(ProcedureError::NoPostTerms),
            (false, true) => return Err(ProcedureError::PostNotAllowed),
            (true, true) | (false, false) => {}
        }
        if self.bcci_return && !self.result.has_paper() {
            return Err(ProcedureError::NothingToReturn);
        }
        if self.replaced_by.is_some() && self.validity.to().is_none() {
            return Err(ProcedureError::ReplacedWithoutEnd);
        }
        Ok(self)
    }

    /// The case with a code.
    pub fn case(&self, code: &str) -> Option<&ProcedureCase> {
        self.cases.iter().find(|case| case.code == code)
    }
}
