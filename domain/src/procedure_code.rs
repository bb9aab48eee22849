//! The code of an administrative procedure in the national database, `1.004082`.

use std::fmt;
use std::str::FromStr;

/// A checked procedure code, with the agency part some systems append.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcedureCode(String);

/// A text that is no procedure code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a procedure code looks like 1.004082 or 1.004082.000.00.00.H01")]
pub struct ProcedureCodeError;

impl ProcedureCode {
    /// Reads `N.NNNNNN`, optionally followed by `.NNN.NN.NN.ANN`.
    pub fn parse(text: &str) -> Result<Self, ProcedureCodeError> {
        const SHORT: &str = "9.999999";
        const LONG: &str = "9.999999.999.99.99.A99";
        let text = text.trim();
        if fits(text, SHORT) || fits(text, LONG) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ProcedureCodeError)
        }
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The national part without an agency, `1.004082`.
    pub fn national(&self) -> &str {
        &self.0[..8]
    }
}

/// Whether a text has a digit at each 9, a capital letter at each A and a dot at each dot.
fn fits(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, pattern)| match pattern {
            b'9' => byte.is_ascii_digit(),
            b'A' => byte.is_ascii_uppercase(),
            other => byte == other,
        })
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
    fn refuses_what_only_resembles_a_code() {
        for text in [
            "",
            "1.00408",
            "1004082",
            "1.004082.",
            "1.004082.000.00.00.h01",
            "1,004082",
            "1.00408२",
        ] {
            assert_eq!(ProcedureCode::parse(text), Err(ProcedureCodeError), "{text}");
        }
    }
}
