//! The nine-digit identity number of before the cards with a chip.
//!
//! It lost its validity at the end of 2024 and serves as a person's earlier number only. Nothing is read from
//! its digits.
//!
//! Source: Quy ước Trao Tay, số chứng minh nhân dân cũ (Luật Căn cước 26/2023/QH15, điều 46)

use std::fmt;

use time::Date;
use time::macros::date;

/// The last day on which the old document proved identity.
pub const OLD_ID_LAST_DAY: Date = date!(2024 - 12 - 31);

/// A nine-digit number of the old identity document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OldId([u8; 9]);

/// A text that is not nine digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an old identity number has nine digits")]
pub struct OldIdError;

impl OldId {
    /// Reads nine digits.
    pub fn parse(text: &str) -> Result<Self, OldIdError> {
        let digits: [u8; 9] = text.as_bytes().try_into().map_err(|_| OldIdError)?;
        if digits.iter().all(u8::is_ascii_digit) {
            Ok(Self(digits))
        } else {
            Err(OldIdError)
        }
    }

    /// The nine digits.
    #[expect(clippy::missing_panics_doc, reason = "only digits are ever stored")]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("checked to be digits when made")
    }

    /// Whether the document still proved identity on a day.
    pub fn is_in_force(&self, day: Date) -> bool {
        day <= OLD_ID_LAST_DAY
    }
}

impl fmt::Debug for OldId {
    /// Hidden: a person's number must not reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OldId(*********)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_digits_are_an_old_number_that_proves_nothing_since_2025() {
        let id = OldId::parse("351234567").expect("nine digits");
        assert_eq!(id.as_str(), "351234567");
        assert!(id.is_in_force(date!(2024 - 12 - 31)));
        assert!(!id.is_in_force(date!(2025 - 01 - 01)));
        assert_eq!(format!("{id:?}"), "OldId(*********)");
        for text in ["", "35123456", "3512345678", "35123456x", "đđđđa"] {
            assert_eq!(OldId::parse(text), Err(OldIdError), "{text}");
        }
    }
}
