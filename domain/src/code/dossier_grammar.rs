//! Which form of dossier code is written for an agency on a day, and writing it.
//!
//! Both forms are read, one is written, and which one is configuration. Only a one-stop system gives dossier
//! codes, at reception; the post never does. The sequence, which restarts each day, is the caller's.
//!
//! Source: Thông tư 01/2018/TT-VPCP, điều 19; Nghị định 61/2018/NĐ-CP, điều 26

use time::Date;

use crate::code::agency::AgencyCode;
use crate::code::dossier_code::{DossierCode, Grammar};

/// One line of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrammarRule {
    /// The agency and all below it; none for everybody.
    pub agency: Option<AgencyCode>,
    /// The first day it holds; none for always.
    pub valid_from: Option<Date>,
    /// The form to write.
    pub grammar: Grammar,
    /// How many digits the sequence is filled up to; form A has four.
    pub sequence_width: usize,
}

/// The forms in force, as configured.
///
/// Source: Quy ước Trao Tay, chọn dạng mã hồ sơ
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrammarRules(pub Vec<GrammarRule>);

/// Why no code can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WriteCodeError {
    /// No rule for this agency on this day.
    #[error("no rule says which dossier code this agency writes on this day")]
    NoRule,
    /// The agency does not fit the form.
    #[error("the agency code does not fit the form of the dossier code")]
    Agency,
    /// The number does not fit the digits of the sequence.
    #[error("the number does not fit the digits of the sequence")]
    Sequence,
    /// The two digits of the year cannot say it.
    #[error("the year lies outside of 2000 to 2099")]
    Year,
}

impl Default for GrammarRules {
    /// Form B with four digits for everybody.
    fn default() -> Self {
        Self(vec![GrammarRule {
            agency: None,
            valid_from: None,
            grammar: Grammar::B,
            sequence_width: 4,
        }])
    }
}

impl GrammarRules {
    /// The rule for an agency on a day: the nearest agency first, of its rules the latest.
    pub fn on(&self, agency: &AgencyCode, day: Date) -> Option<&GrammarRule> {
        let covers = |above: &AgencyCode| {
            let rest = agency.as_str().strip_prefix(above.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.0
            .iter()
            .filter(|rule| rule.valid_from.is_none_or(|from| from <= day))
            .filter(|rule| rule.agency.as_ref().is_none_or(covers))
            .max_by_key(|rule| {
                (
                    rule.agency.as_ref().map(|agency| agency.as_str().len()),
                    rule.valid_from,
                )
            })
    }

    /// Writes the code of the day's `sequence`-th dossier at an agency.
    pub fn write(&self, agency: &AgencyCode, day: Date, sequence: u32) -> Result<DossierCode, WriteCodeError> {
        let rule = self.on(agency, day).ok_or(WriteCodeError::NoRule)?;
        if !(2000..=2099).contains(&day.year()) {
            return Err(WriteCodeError::Year);
        }
        let (agency, width) = match rule.grammar {
            Grammar::A => (agency_a(agency)?, 4),
            Grammar::B => (agency.as_str().to_owned(), rule.sequence_width),
        };
        let (year, month) = (day.year() - 2000, u8::from(day.month()));
        let sequence = format!("{sequence:0width$}");
        if sequence.len() > width {
            return Err(WriteCodeError::Sequence);
        }
        let text = format!("{agency}-{year:02}{month:02}{:02}-{sequence}", day.day());
        // What is left to go wrong is a group too wide for form B, or a width no form has.
        DossierCode::parse(&text).map_err(|_| WriteCodeError::Agency)
    }
}

/// The agency as form A writes it: four levels of fixed width, the lowest first, zeros where there is none.
fn agency_a(agency: &AgencyCode) -> Result<String, WriteCodeError> {
    let mut groups = agency.groups();
    let mut level = |width: usize| {
        let group = groups.next().unwrap_or("0");
        let padded = format!("{group:0>width$}");
        let fits = padded.len() == width && padded.bytes().all(|byte| byte.is_ascii_digit());
        if fits { Ok(padded) } else { Err(WriteCodeError::Agency) }
    };
    let (second, third, fourth) = (level(2)?, level(2)?, level(3)?);
    if groups.next().is_some() {
        return Err(WriteCodeError::Agency);
    }
    Ok(format!("{fourth}.{third}.{second}.{}", agency.level_1()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    fn agency(text: &str) -> AgencyCode {
        AgencyCode::parse(text).expect("an agency")
    }

    fn rule(agency_code: Option<&str>, valid_from: Option<Date>, grammar: Grammar) -> GrammarRule {
        GrammarRule {
            agency: agency_code.map(agency),
            valid_from,
            grammar,
            sequence_width: 4,
        }
    }

    #[test]
    fn writes_the_codes_of_the_reference() {
        let form_a = GrammarRules(vec![rule(None, None, Grammar::A)]);
        let written = form_a.write(&agency("H01.10"), date!(2023 - 08 - 01), 1).expect("fits");
        assert_eq!(written.as_str(), "000.00.10.H01-230801-0001");
        let written = GrammarRules::default().write(&agency("H15.50.05.13"), date!(2026 - 10 - 08), 975);
        assert_eq!(
            written.map(|code| code.to_string()),
            Ok("H15.50.05.13-261008-0975".to_owned())
        );
    }

    #[test]
    fn the_nearest_agency_and_then_the_latest_rule_decides() {
        let rules = GrammarRules(vec![
            rule(None, Some(date!(2026 - 01 - 01)), Grammar::B),
            rule(None, None, Grammar::A),
            rule(Some("H01.23"), None, Grammar::A),
        ]);
        let grammar = |code: &str, day| rules.on(&agency(code), day).map(|rule| rule.grammar);
        assert_eq!(grammar("H01", date!(2025 - 12 - 31)), Some(Grammar::A));
        assert_eq!(grammar("H01", date!(2026 - 01 - 01)), Some(Grammar::B));
        assert_eq!(grammar("H01.23.11", date!(2026 - 01 - 01)), Some(Grammar::A));
        assert_eq!(grammar("H01.231", date!(2026 - 01 - 01)), Some(Grammar::B));
    }

    #[test]
    fn refuses_what_no_code_can_say() {
        let (rules, day) = (GrammarRules::default(), date!(2026 - 01 - 01));
        let form_a = GrammarRules(vec![rule(None, None, Grammar::A)]);
        assert_eq!(rules.write(&agency("H01"), day, 10_000), Err(WriteCodeError::Sequence));
        assert_eq!(
            rules.write(&agency("H01"), date!(2100 - 01 - 01), 1),
            Err(WriteCodeError::Year)
        );
        assert_eq!(rules.write(&agency("H01.2345"), day, 1), Err(WriteCodeError::Agency));
        assert_eq!(form_a.write(&agency("H01.2A"), day, 1), Err(WriteCodeError::Agency));
        assert_eq!(
            form_a.write(&agency("H01.1.2.3.4"), day, 1),
            Err(WriteCodeError::Agency)
        );
        assert_eq!(
            GrammarRules(vec![]).write(&agency("H01"), day, 1),
            Err(WriteCodeError::NoRule)
        );
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(
            code in "[A-Y][0-9]{2}(\\.[0-9]{2}){0,2}", form_a: bool, days in 0i32..36_500, sequence in 0u32..10_000
        ) {
            let day = Date::from_julian_day(date!(2000-01-01).to_julian_day() + days).expect("in range");
            let grammar = if form_a { Grammar::A } else { Grammar::B };
            let rules = GrammarRules(vec![rule(None, None, grammar)]);
            let written = rules.write(&agency(&code), day, sequence).expect("fits");
            let read = DossierCode::parse(written.as_str()).expect("written by the rules");
            prop_assert_eq!((read.date(), read.sequence(), read.grammar()), (day, sequence, grammar));
            prop_assert!(read.agency().as_str().starts_with(&code));
        }
    }
}
