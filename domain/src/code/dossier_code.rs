//! The code of a dossier, in either of the two forms in use: who received it, on which day, as which number.
//!
//! Form A writes the agency from its lowest level up, form B from the first level down. The text is kept as
//! it was received; the parts are read from it. Making codes is in [`crate::code::dossier_grammar`], and the
//! key of a dossier in our store is never this code.
//!
//! Source: Thông tư 01/2018/TT-VPCP, điều 19; Quyết định 20/2020/QĐ-TTg, điều 4

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use time::{Date, Month};

use crate::code::agency::{AgencyCode, AgencyCodeError};
use crate::code::words::Explain;
use crate::procedure_code::fits;

const PATTERN_A: &str = "999.99.99.A99";

/// Which of the two forms a code has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grammar {
    /// `V1V2V3.Z1Z2.Y1Y2.MX1X2-YYMMDD-XXXX`, the first level last.
    ///
    /// Source: Thông tư 01/2018/TT-VPCP, điều 19
    A,
    /// `MX1X2(.group)*-YYMMDD-N…`, the first level first.
    ///
    /// Source: Quyết định 20/2020/QĐ-TTg, điều 4
    B,
}

impl Grammar {
    /// Its name: `G-A` or `G-B`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::A => "G-A",
            Self::B => "G-B",
        }
    }
}

/// What is observed rather than prescribed about form B.
///
/// Source: Quy ước Trao Tay, bề rộng nhóm của mã hồ sơ
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DossierCodeRules {
    /// The most characters in a group of the agency.
    pub group_width: usize,
    /// The fewest and the most digits of the sequence.
    pub sequence_width: (usize, usize),
}

impl Default for DossierCodeRules {
    /// Groups of up to three characters, sequences of four to seven digits.
    fn default() -> Self {
        Self {
            group_width: 3,
            sequence_width: (4, 7),
        }
    }
}

/// A checked dossier code with its parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DossierCode {
    raw: String,
    grammar: Grammar,
    agency: AgencyCode,
    date: Date,
    sequence: u32,
    sequence_width: usize,
}

/// Why a text is no dossier code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DossierCodeError {
    /// Not an agency, a date and a sequence between two hyphens.
    #[error("a dossier code is agency-YYMMDD-sequence")]
    Shape,
    /// Right but for its lower-case letters.
    #[error("a dossier code is written in capital letters")]
    LowerCase,
    /// The agency part fits neither form.
    #[error("the agency part: {0}")]
    Agency(#[source] AgencyCodeError),
    /// The agency part starts with a digit and is not of form A.
    #[error("an agency part that starts with a digit has the form 000.00.00.H01")]
    AgencyA,
    /// A group of the agency is too long.
    #[error("a group of the agency part is too long")]
    GroupWidth,
    /// The date part is not six digits.
    #[error("the reception date has six digits, YYMMDD")]
    DateDigits,
    /// There is no such day.
    #[error("there is no day {day:02}/{month:02}/{year}")]
    Date {
        /// The year.
        year: i32,
        /// The month as written.
        month: u8,
        /// The day as written.
        day: u8,
    },
    /// The sequence has other characters than digits, or too few or too many.
    #[error("the sequence has {fewest} to {most} digits")]
    Sequence {
        /// The fewest allowed.
        fewest: usize,
        /// The most allowed.
        most: usize,
    },
}

impl DossierCode {
    /// Reads a code exactly as written, by the default rules.
    pub fn parse(text: &str) -> Result<Self, DossierCodeError> {
        Self::parse_by(text, DossierCodeRules::default())
    }

    /// Reads a code exactly as written.
    pub fn parse_by(text: &str, rules: DossierCodeRules) -> Result<Self, DossierCodeError> {
        if text.bytes().any(|byte| byte.is_ascii_lowercase()) {
            Self::parse_by(&text.to_ascii_uppercase(), rules)?;
            return Err(DossierCodeError::LowerCase);
        }
        let mut parts = text.split('-');
        let (Some(agency), Some(date), Some(sequence), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(DossierCodeError::Shape);
        };
        let (grammar, agency, (fewest, most)) = if agency.starts_with(|first: char| first.is_ascii_digit()) {
            (Grammar::A, read_agency_a(agency)?, (4, 4))
        } else {
            let agency = AgencyCode::parse(agency).map_err(DossierCodeError::Agency)?;
            if agency.groups().any(|group| group.len() > rules.group_width) {
                return Err(DossierCodeError::GroupWidth);
            }
            (Grammar::B, agency, rules.sequence_width)
        };
        if date.len() != 6 || !all_digits(date) {
            return Err(DossierCodeError::DateDigits);
        }
        let wrong_sequence = DossierCodeError::Sequence { fewest, most };
        if !(fewest..=most).contains(&sequence.len()) || !all_digits(sequence) {
            return Err(wrong_sequence);
        }
        Ok(Self {
            raw: text.to_owned(),
            grammar,
            agency,
            date: read_date(date)?,
            sequence: sequence.parse().map_err(|_| wrong_sequence)?,
            sequence_width: sequence.len(),
        })
    }

    /// The code as it was received.
    pub fn as_str(&self) -> &str {
        &self.raw
    }

    /// Which form it has.
    pub const fn grammar(&self) -> Grammar {
        self.grammar
    }

    /// The receiving agency, first level first in both forms.
    pub const fn agency(&self) -> &AgencyCode {
        &self.agency
    }

    /// The day of reception.
    pub const fn date(&self) -> Date {
        self.date
    }

    /// The number of the day at that agency.
    pub const fn sequence(&self) -> u32 {
        self.sequence
    }

    /// The number of the ministry that leads a sequence of six or seven digits, as the portals of ministries write it.
    ///
    /// Source: Quy ước Trao Tay, số bộ ngành đầu dãy số hồ sơ
    pub fn ministry(&self) -> Option<&str> {
        let start = self.raw.len().checked_sub(self.sequence_width)?;
        (self.grammar == Grammar::B && self.sequence_width >= 6).then(|| self.raw.get(start..start + 2))?
    }
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The agency of form A, turned round so that the first level comes first.
fn read_agency_a(text: &str) -> Result<AgencyCode, DossierCodeError> {
    if !fits(text, PATTERN_A) {
        return Err(DossierCodeError::AgencyA);
    }
    let mut turned = String::with_capacity(text.len());
    for group in text.rsplit('.') {
        if !turned.is_empty() {
            turned.push('.');
        }
        turned.push_str(group);
    }
    AgencyCode::parse(&turned).map_err(DossierCodeError::Agency)
}

/// The date of six digits; the years are those of this century.
fn read_date(digits: &str) -> Result<Date, DossierCodeError> {
    let pair = |from: usize| digits.get(from..from + 2).and_then(|pair| pair.parse::<u8>().ok());
    let (Some(year), Some(month), Some(day)) = (pair(0), pair(2), pair(4)) else {
        return Err(DossierCodeError::DateDigits);
    };
    let year = 2000 + i32::from(year);
    Month::try_from(month)
        .and_then(|month| Date::from_calendar_date(year, month, day))
        .map_err(|_| DossierCodeError::Date { year, month, day })
}

impl fmt::Display for DossierCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.raw)
    }
}

impl FromStr for DossierCode {
    type Err = DossierCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Explain for DossierCodeError {
    fn vietnamese(&self) -> Cow<'static, str> {
        match self {
            Self::Shape => "mã hồ sơ có dạng cơ quan-nămthángngày-số thứ tự".into(),
            Self::LowerCase => "mã hồ sơ viết bằng chữ in hoa".into(),
            Self::Agency(error) => format!("phần cơ quan: {}", error.vietnamese()).into(),
            Self::AgencyA => "phần cơ quan bắt đầu bằng chữ số phải có dạng 000.00.00.H01".into(),
            Self::GroupWidth => "một nhóm của phần cơ quan quá dài".into(),
            Self::DateDigits => "ngày tiếp nhận có sáu chữ số, năm tháng ngày".into(),
            Self::Date { year, month, day } => format!("không có ngày {day:02}/{month:02}/{year}").into(),
            Self::Sequence { fewest, most } if fewest == most => format!("số thứ tự có {most} chữ số").into(),
            Self::Sequence { fewest, most } => format!("số thứ tự có từ {fewest} đến {most} chữ số").into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn reads_the_codes_of_the_reference() {
        for (text, grammar, level_1, date, sequence) in [
            ("000.00.10.H01-230801-0001", Grammar::A, "H01", date!(2023 - 08 - 01), 1),
            (
                "000.23.11.H01-240229-0012",
                Grammar::A,
                "H01",
                date!(2024 - 02 - 29),
                12,
            ),
            (
                "H15.50.05.13-261008-0975",
                Grammar::B,
                "H15",
                date!(2026 - 10 - 08),
                975,
            ),
            ("G22.99-250701-000123", Grammar::B, "G22", date!(2025 - 07 - 01), 123),
        ] {
            let code = DossierCode::parse(text).expect(text);
            assert_eq!((code.grammar(), code.agency().level_1()), (grammar, level_1), "{text}");
            assert_eq!(
                (code.date(), code.sequence(), code.as_str()),
                (date, sequence, text),
                "{text}"
            );
        }
    }

    #[test]
    fn form_a_is_turned_round() {
        let code = DossierCode::parse("000.23.11.H01-240229-0012").expect("a code");
        assert_eq!(code.agency().as_str(), "H01.11.23.000");
    }

    #[test]
    fn says_why_a_code_is_wrong() {
        use DossierCodeError::{Agency, AgencyA, DateDigits, GroupWidth, LowerCase, Sequence, Shape};
        let invalid = DossierCodeError::Date {
            year: 2025,
            month: 2,
            day: 30,
        };
        let (four, longer) = (Sequence { fewest: 4, most: 4 }, Sequence { fewest: 4, most: 7 });
        for (text, why) in [
            ("H01.23.11-250230-0001", invalid),
            ("h01.23-250701-0001", LowerCase),
            ("000.00.10.H01-230801-001", four),
            ("000.00.10.H01-230801-00001", four),
            ("H01-250701-001", longer),
            ("H01-250701-00000001", longer),
            ("H01-250701-000X", longer),
            ("H01-25071-0001", DateDigits),
            ("H01.2345-250701-0001", GroupWidth),
            ("Z01-250701-0001", Agency(AgencyCodeError::FirstLevel)),
            ("00.00.10.H01-230801-0001", AgencyA),
            ("000.00.10.Z01-230801-0001", Agency(AgencyCodeError::FirstLevel)),
            ("H01.23.11", Shape),
            ("", Shape),
            ("H01-250701-0001-1", Shape),
        ] {
            assert_eq!(DossierCode::parse(text), Err(why), "{text}");
        }
    }

    #[test]
    fn a_long_sequence_is_led_by_its_ministry() {
        let ministry = |text: &str| DossierCode::parse(text).expect(text).ministry().map(str::to_owned);
        assert_eq!(ministry("G09.01-250701-090123").as_deref(), Some("09"));
        assert_eq!(ministry("H01.23-250701-0901"), None);
    }
}
