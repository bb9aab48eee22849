//! The number on the label: a UPU S10 item identifier of thirteen characters.
//!
//! Two letters of service, eight digits, a check digit and a country. The code is
//! never reused and names the item in signed events.

use std::fmt;
use std::str::FromStr;

const LENGTH: usize = 13;
const WEIGHTS: [u32; 8] = [8, 6, 4, 2, 3, 5, 9, 7];

/// A checked S10 identifier in upper case without spaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemCode([u8; LENGTH]);

/// Why a text is not an item code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ItemCodeError {
    /// Not thirteen characters once spaces are removed.
    #[error("an item code has 13 characters, this has {found}")]
    Length {
        /// How many characters there were.
        found: usize,
    },
    /// The first two characters are not letters.
    #[error("an item code starts with two letters")]
    Service,
    /// Characters three to eleven are not digits.
    #[error("an item code has nine digits after its two letters")]
    Digits,
    /// The last two characters are not letters.
    #[error("an item code ends with a two-letter country")]
    Country,
    /// The check digit does not fit.
    #[error("the check digit is {found} where {expected} was expected")]
    CheckDigit {
        /// The digit in the text.
        found: u8,
        /// The digit the serial asks for.
        expected: u8,
    },
    /// A serial of more than eight digits.
    #[error("a serial has at most eight digits")]
    Serial,
}

/// The S10 check digit of an eight-digit serial.
fn check_digit(serial: &[u8]) -> u8 {
    let sum: u32 = serial
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    match 11 - sum % 11 {
        10 => 0,
        11 => 5,
        other => u8::try_from(other).expect("11 minus a remainder is below 12"),
    }
}

impl ItemCode {
    /// Reads a code as typed or scanned: spaces are dropped and letters upper-cased.
    pub fn parse(text: &str) -> Result<Self, ItemCodeError> {
        let kept: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let found = kept.chars().count();
        let bytes: [u8; LENGTH] = kept
            .to_ascii_uppercase()
            .as_bytes()
            .try_into()
            .map_err(|_| ItemCodeError::Length { found })?;
        let [a, b, digits @ .., y, z] = bytes;
        if !(a.is_ascii_uppercase() && b.is_ascii_uppercase()) {
            return Err(ItemCodeError::Service);
        }
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(ItemCodeError::Digits);
        }
        if !(y.is_ascii_uppercase() && z.is_ascii_uppercase()) {
            return Err(ItemCodeError::Country);
        }
        let [serial @ .., check] = digits;
        let (found, expected) = (check - b'0', check_digit(&serial));
        if found == expected {
            Ok(Self(bytes))
        } else {
            Err(ItemCodeError::CheckDigit { found, expected })
        }
    }

    /// Makes the code of a serial: `from_serial("EE", 15, "VN")` is `EE000000155VN`.
    pub fn from_serial(service: &str, serial: u32, country: &str) -> Result<Self, ItemCodeError> {
        if serial > 99_999_999 {
            return Err(ItemCodeError::Serial);
        }
        let serial = format!("{serial:08}");
        let check = check_digit(serial.as_bytes());
        Self::parse(&format!("{service}{serial}{check}{country}"))
    }

    /// The code as text.
    #[expect(clippy::missing_panics_doc, reason = "only ASCII is ever stored")]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("checked to be ASCII when made")
    }

    /// The two letters of service, for example `EE`.
    pub fn service(&self) -> &str {
        &self.as_str()[..2]
    }

    /// The eight-digit serial, without the check digit.
    pub fn serial(&self) -> &str {
        &self.as_str()[2..10]
    }

    /// The two letters of the issuing country.
    pub fn country(&self) -> &str {
        &self.as_str()[11..]
    }

    /// Whether the union reserves this service indicator's first letter.
    pub const fn is_reserved_service(&self) -> bool {
        matches!(self.0[0], b'J' | b'K' | b'S' | b'T' | b'W')
    }
}

impl fmt::Display for ItemCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ItemCode {
    type Err = ItemCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_the_published_check_digits() {
        for (service, serial, code) in [
            ("RR", 47_312_482, "RR473124829VN"),
            ("RR", 71_758, "RR000717581VN"),
            ("EE", 96_633_102, "EE966331020VN"),
            ("CP", 76_129_403, "CP761294038VN"),
            ("EA", 12_345_678, "EA123456785VN"),
            ("EE", 15, "EE000000155VN"),
            ("RR", 99_999_999, "RR999999995VN"),
        ] {
            let made = ItemCode::from_serial(service, serial, "VN").expect("a valid serial");
            assert_eq!(made.as_str(), code);
            assert_eq!(ItemCode::parse(code), Ok(made));
        }
    }

    #[test]
    fn accepts_lower_case_and_spaces() {
        let code = ItemCode::parse(" ee 471 108 151 fr ").expect("valid once normalised");
        assert_eq!(code.to_string(), "EE471108151FR");
        assert_eq!(
            (code.service(), code.serial(), code.country()),
            ("EE", "47110815", "FR")
        );
    }

    #[test]
    fn says_why_a_code_is_wrong() {
        use ItemCodeError::{CheckDigit, Country, Digits, Length, Service};
        for (text, why) in [
            ("EB000717594HK", CheckDigit { found: 4, expected: 5 }),
            ("EE000000018VN", CheckDigit { found: 8, expected: 4 }),
            ("EE00000015VN", Length { found: 12 }),
            ("", Length { found: 0 }),
            ("E1000000155VN", Service),
            ("EE00000O155VN", Digits),
            ("EE0000001551N", Country),
            ("ĐĐ000000155VN", Length { found: 13 }),
        ] {
            assert_eq!(ItemCode::parse(text), Err(why), "{text}");
        }
    }

    #[test]
    fn refuses_a_serial_of_nine_digits() {
        assert_eq!(
            ItemCode::from_serial("EE", 100_000_000, "VN"),
            Err(ItemCodeError::Serial)
        );
    }
}
