//! The number on the label: a UPU S10 item identifier of thirteen characters.
//!
//! Two letters of service, eight digits, a check digit and a country. The code is
//! never reused and names the item in signed events. Numbers of other schemes are
//! [`crate::code::item_label::ItemLabel`]s; which serials an office may use is in
//! [`crate::code::serial_block`].
//!
//! Source: UPU S10, mã số bưu gửi 13 ký tự

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::code::words::Explain;

/// The largest serial, eight nines.
pub const MAX_SERIAL: u32 = 99_999_999;

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
        let mut bytes = [0; LENGTH];
        let mut found = 0;
        for character in text.chars().filter(|character| !character.is_whitespace()) {
            if let Some(byte) = bytes.get_mut(found) {
                // What is not ASCII becomes a byte that no place of the code accepts.
                *byte = u8::try_from(character).map_or(0, |kept| kept.to_ascii_uppercase());
            }
            found += 1;
        }
        if found != LENGTH {
            return Err(ItemCodeError::Length { found });
        }
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
        if serial > MAX_SERIAL {
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

    /// The check digit, 0 to 9.
    pub const fn check_digit(&self) -> u8 {
        self.0[10] - b'0'
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

impl Explain for ItemCodeError {
    fn vietnamese(&self) -> Cow<'static, str> {
        match self {
            Self::Length { found } => format!("mã bưu gửi có 13 ký tự, ở đây có {found}").into(),
            Self::Service => "mã bưu gửi bắt đầu bằng hai chữ cái".into(),
            Self::Digits => "sau hai chữ cái, mã bưu gửi có chín chữ số".into(),
            Self::Country => "mã bưu gửi kết thúc bằng hai chữ cái của nước".into(),
            Self::CheckDigit { expected, .. } => format!("số kiểm tra sai: phải là {expected}").into(),
            Self::Serial => "số thứ tự có nhiều nhất tám chữ số".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
            ("ĐĐ000000155VN", Service),
            ("EE０00000155VN", Digits),
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

    proptest! {
        #[test]
        fn every_serial_makes_a_code_that_reads_back(serial in 0..=MAX_SERIAL) {
            let code = ItemCode::from_serial("EE", serial, "VN").expect("a serial");
            prop_assert_eq!(ItemCode::parse(code.as_str()), Ok(code));
            prop_assert_eq!(code.serial().parse(), Ok(serial));
        }

        /// Two remainders, 0 and 6, share the check digit 5, so a change between them is all that slips through.
        #[test]
        fn one_wrong_digit_is_caught_unless_both_remainders_give_five(
            serial in 0..=MAX_SERIAL, place in 2usize..11, digit in b'0'..=b'9'
        ) {
            let code = ItemCode::from_serial("EE", serial, "VN").expect("a serial");
            let mut bytes = code.as_str().as_bytes().to_vec();
            prop_assume!(bytes[place] != digit);
            bytes[place] = digit;
            let typed = String::from_utf8(bytes).expect("digits");
            let remainder = |text: &str| {
                text.bytes().skip(2).zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum::<u32>() % 11
            };
            let slips = place < 10 && matches!((remainder(code.as_str()), remainder(&typed)), (0, 6) | (6, 0));
            prop_assert_eq!(ItemCode::parse(&typed).is_ok(), slips, "{} for {}", typed, code);
        }
    }

    #[test]
    fn a_change_between_the_two_remainders_that_give_five_slips_through() {
        // 00000015 leaves 0, and 00000019 leaves 6: one digit apart, and both end in 5.
        for code in ["EE000000155VN", "EE000000195VN"] {
            assert!(ItemCode::parse(code).is_ok(), "{code}");
        }
    }
}
