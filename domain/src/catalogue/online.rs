//! How much of a procedure can be done online.
//!
//! Since 2022 there are two levels, partial and full; files and older systems still name
//! the four of before. Which of the old levels a procedure's new one is was decided by
//! published lists, not by a formula, so the list comes first and the usual reading second.
//!
//! Source: Nghị định 224/2026/NĐ-CP, điều 14

use std::collections::BTreeMap;

use crate::procedure_code::ProcedureCode;

/// The level of an online service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OnlineLevel {
    /// Information only.
    None,
    /// Một phần.
    Partial,
    /// Toàn trình; the paper result may still come by post.
    Full,
}

impl OnlineLevel {
    /// Every level.
    pub const ALL: [Self; 3] = [Self::None, Self::Partial, Self::Full];

    /// The text form in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Partial => "partial",
            Self::Full => "full",
        }
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == text)
    }

    /// The words for people.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::None => "cung cấp thông tin trực tuyến",
            Self::Partial => "trực tuyến một phần",
            Self::Full => "trực tuyến toàn trình",
        }
    }

    /// The words in English.
    pub const fn english(self) -> &'static str {
        match self {
            Self::None => "information online only",
            Self::Partial => "partly online",
            Self::Full => "wholly online",
        }
    }
}

/// What the levels 1 to 4 of before mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LegacyLevels {
    /// The procedures a published list names, by their national code.
    pub by_procedure: BTreeMap<String, OnlineLevel>,
}

impl LegacyLevels {
    /// Today's level of a procedure that was on a level of before; none when there was no
    /// such level.
    pub fn level(&self, code: &ProcedureCode, legacy: u8) -> Option<OnlineLevel> {
        let usual = match legacy {
            1 | 2 => OnlineLevel::None,
            3 => OnlineLevel::Partial,
            4 => OnlineLevel::Full,
            _ => return None,
        };
        Some(self.by_procedure.get(code.national()).copied().unwrap_or(usual))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_comes_before_the_usual_reading() {
        let code = ProcedureCode::parse("1.001193").expect("a code");
        let listed = LegacyLevels {
            by_procedure: BTreeMap::from([("1.001193".to_owned(), OnlineLevel::Full)]),
        };
        assert_eq!(LegacyLevels::default().level(&code, 3), Some(OnlineLevel::Partial));
        assert_eq!(listed.level(&code, 3), Some(OnlineLevel::Full));
        assert_eq!(listed.level(&code, 5), None);
    }
}
