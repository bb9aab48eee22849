//! Which list of codes a code is of.
//!
//! The national list was made anew on 1 July 2025. Codes were used again: 91 was Kiên
//! Giang and is An Giang, 30520 was a ward and is a larger one. So a code without its list
//! says nothing.
//!
//! Source: Quyết định 19/2025/QĐ-TTg, phụ lục; Nghị quyết 202/2025/QH15, điều 1

use std::fmt;
use std::str::FromStr;

use time::Date;
use time::macros::date;

/// A version of the national list of administrative units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeList {
    /// In force until 30 June 2025: provinces, districts and communes.
    BeforeJuly2025,
    /// In force since 1 July 2025: provinces and communes.
    SinceJuly2025,
}

impl CodeList {
    /// Both, the older first.
    pub const ALL: [Self; 2] = [Self::BeforeJuly2025, Self::SinceJuly2025];

    /// The first day of today's list.
    pub const CHANGED_ON: Date = date!(2025 - 07 - 01);

    /// The list in force on a day.
    pub fn on(day: Date) -> Self {
        if day < Self::CHANGED_ON {
            Self::BeforeJuly2025
        } else {
            Self::SinceJuly2025
        }
    }

    /// The text form in files and profiles.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BeforeJuly2025 => "gso-legacy",
            Self::SinceJuly2025 => "gso2025",
        }
    }
}

impl fmt::Display for CodeList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a list of codes: expected gso-legacy or gso2025")]
pub struct ParseCodeListError;

impl FromStr for CodeList {
    type Err = ParseCodeListError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|list| list.as_str() == text)
            .ok_or(ParseCodeListError)
    }
}

/// A code with the list it is of: two digits for a province, three for a former district,
/// five for a commune.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitCode {
    list: CodeList,
    code: String,
}

/// Why a text is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnitCodeError {
    /// Not two, three or five digits.
    #[error("a unit code has two digits (province), three (former district) or five (commune)")]
    Shape,
    /// Today's list has no districts.
    #[error("there are no districts since July 2025")]
    NoDistricts,
}

impl UnitCode {
    /// A code of a list. It need not name a unit.
    ///
    /// # Errors
    /// [`UnitCodeError`].
    pub fn new(list: CodeList, code: &str) -> Result<Self, UnitCodeError> {
        if !matches!(code.len(), 2 | 3 | 5) || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(UnitCodeError::Shape);
        }
        if code.len() == 3 && list == CodeList::SinceJuly2025 {
            return Err(UnitCodeError::NoDistricts);
        }
        Ok(Self {
            list,
            code: code.to_owned(),
        })
    }

    /// The list.
    pub const fn list(&self) -> CodeList {
        self.list
    }

    /// The code without its list.
    pub fn code(&self) -> &str {
        &self.code
    }
}

impl fmt::Display for UnitCode {
    /// `gso2025:30520`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.list, self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_says_which_list_is_in_force() {
        assert_eq!(CodeList::on(date!(2025 - 06 - 30)), CodeList::BeforeJuly2025);
        assert_eq!(CodeList::on(date!(2025 - 07 - 01)), CodeList::SinceJuly2025);
    }

    #[test]
    fn refuses_what_is_no_code() {
        let new = |code| UnitCode::new(CodeList::SinceJuly2025, code);
        for text in ["", "9", "9101", "30520a", "305200", "３０５２０"] {
            assert_eq!(new(text), Err(UnitCodeError::Shape), "{text}");
        }
        assert_eq!(new("890"), Err(UnitCodeError::NoDistricts));
        assert!(UnitCode::new(CodeList::BeforeJuly2025, "890").is_ok());
    }
}
