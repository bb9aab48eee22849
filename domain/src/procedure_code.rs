//! The code of an administrative procedure in the national database, `1.004082`.
//!
//! Some systems append the agency, `1.000948.H38`; it is kept and read, never needed. Whether the procedure
//! exists is a matter of the catalogue.
//!
//! Source: Quy ước Trao Tay, mã thủ tục trên Cơ sở dữ liệu quốc gia về thủ tục hành chính

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::code::words::Explain;

/// The first digits in use; no text prescribes them, so they can be given to [`ProcedureCode::parse_by`].
pub const PREFIXES: [u8; 3] = [1, 2, 3];

const NATIONAL: &str = "9.999999";

/// A checked procedure code, with the agency part some systems append.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcedureCode(String);

/// A text that is no procedure code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a procedure code looks like 1.004082 or 1.004082.000.00.00.H01")]
pub struct ProcedureCodeError;

impl ProcedureCode {
    /// Reads `N.NNNNNN`, optionally followed by a dot and an agency, by the default first digits.
    pub fn parse(text: &str) -> Result<Self, ProcedureCodeError> {
        Self::parse_by(text, &PREFIXES)
    }

    /// Reads a code whose first digit is one of `prefixes`.
    pub fn parse_by(text: &str, prefixes: &[u8]) -> Result<Self, ProcedureCodeError> {
        let text = text.trim();
        let (national, agency) = text.split_at_checked(NATIONAL.len()).ok_or(ProcedureCodeError)?;
        let first = national.bytes().next().map(|digit| digit.wrapping_sub(b'0'));
        if !fits(national, NATIONAL) || !first.is_some_and(|first| prefixes.contains(&first)) {
            return Err(ProcedureCodeError);
        }
        let is_group = |group: &str| {
            !group.is_empty()
                && group
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        };
        match agency.strip_prefix('.') {
            None if agency.is_empty() => {}
            Some(agency) if agency.split('.').all(is_group) => {}
            None | Some(_) => return Err(ProcedureCodeError),
        }
        Ok(Self(text.to_owned()))
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The national part without an agency, `1.004082`.
    pub fn national(&self) -> &str {
        &self.0[..NATIONAL.len()]
    }

    /// The agency some systems append, `000.00.00.H38` or `H38`.
    pub fn agency(&self) -> Option<&str> {
        self.0.get(NATIONAL.len() + 1..)
    }
}

/// Whether a text has a digit at each 9, a capital letter at each A and a dot at each dot.
pub(crate) fn fits(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, pattern)| match pattern {
            b'9' => byte.is_ascii_digit(),
            b'A' => byte.is_ascii_uppercase(),
            other => byte == other,
        })
}

impl Explain for ProcedureCodeError {
    fn vietnamese(&self) -> Cow<'static, str> {
        "mã thủ tục có dạng 1.004082 hoặc 1.004082.000.00.00.H01".into()
    }
}

impl fmt::Display for ProcedureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ProcedureCode {
    type Err = ProcedureCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_code_with_and_without_an_agency() {
        let code = ProcedureCode::parse("1.004082.000.00.00.H01").expect("a valid code");
        assert_eq!(code.national(), "1.004082");
        assert_eq!(
            ProcedureCode::parse(" 2.000815 ").map(|code| code.to_string()),
            Ok("2.000815".to_owned())
        );
    }

    #[test]
    fn reads_the_codes_other_systems_show() {
        for (text, national, agency) in [
            ("1.000948.H38", "1.000948", Some("H38")),
            ("2.001218.000.00.00.H38", "2.001218", Some("000.00.00.H38")),
            ("1.005129", "1.005129", None),
            ("2.000908", "2.000908", None),
        ] {
            let code = ProcedureCode::parse(text).expect(text);
            assert_eq!(
                (code.national(), code.agency(), code.as_str()),
                (national, agency, text)
            );
        }
    }

    #[test]
    fn a_first_digit_in_use_is_configuration() {
        assert_eq!(ProcedureCode::parse("4.000948"), Err(ProcedureCodeError));
        assert!(ProcedureCode::parse_by("4.000948", &[1, 4]).is_ok());
    }

    #[test]
    fn refuses_what_only_resembles_a_code() {
        for text in [
            "",
            "1.00408",
            "1004082",
            "1.004082.",
            "1.004082..H01",
            "1.004082H01",
            "0.004082",
            "1.00408ă",
            "1.004082.000.00.00.h01",
            "1,004082",
            "1.00408२",
        ] {
            assert_eq!(ProcedureCode::parse(text), Err(ProcedureCodeError), "{text}");
        }
    }
}
