//! Telephone numbers, kept as E.164 with Vietnam's +84.
//!
//! It knows the ranges, not the subscribers: a right number may still be nobody's. It repairs nothing by
//! itself; [`Phone::repair`] is a suggestion to show to the person who typed.
//!
//! Source: ITU-T E.164, đầu số Việt Nam sau năm 2018

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::code::words::Explain;

/// A checked Vietnamese number, `+84912345678`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone {
    e164: String,
    kind: PhoneKind,
}

/// What sort of line a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PhoneKind {
    /// Can receive text messages.
    Mobile,
    /// A fixed line: no text messages, no one-time codes.
    Fixed,
}

/// Why a text is no telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Holds something else than digits and separators.
    #[error("a telephone number has digits only")]
    NotDigits,
    /// Starts neither with 0 nor with the country.
    #[error("a telephone number starts with 0 or +84")]
    Prefix,
    /// A number without its leading 0.
    #[error("the leading 0 is missing")]
    MissingZero,
    /// A mobile number of eleven digits, which ended in 2018.
    #[error("mobile numbers of eleven digits ended in 2018")]
    OldMobile,
    /// A number of 1800 or 1900, which is a service and nobody's contact.
    #[error("1800 and 1900 numbers are services, not contacts")]
    Service,
    /// A fixed line with too few digits.
    #[error("a fixed line has 11 digits with its leading 0")]
    FixedLength,
    /// No such range of numbers, or the wrong length.
    #[error("there is no such range of numbers")]
    Range,
}

impl Phone {
    /// Reads a number as people write it: spaces, dots, hyphens and brackets are dropped.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let kept: String = text.chars().filter(|c| !is_separator(*c)).collect();
        let (plus, digits) = kept
            .strip_prefix('+')
            .map_or((false, kept.as_str()), |rest| (true, rest));
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(PhoneError::NotDigits);
        }
        let national = if plus {
            digits.strip_prefix("84")
        } else {
            digits
                .strip_prefix("0084")
                .or_else(|| digits.strip_prefix('0'))
                .or_else(|| digits.strip_prefix("84"))
        };
        let national = national.ok_or_else(|| why_no_prefix(digits))?;
        let kind = kind_of(national).ok_or_else(|| why_no_range(national))?;
        Ok(Self {
            e164: format!("+84{national}"),
            kind,
        })
    }

    /// The number that was probably meant where only the leading 0 is missing, to ask about.
    pub fn repair(text: &str) -> Option<Self> {
        match Self::parse(text) {
            Err(PhoneError::MissingZero) => Self::parse(&format!("0{}", text.trim_start())).ok(),
            Ok(_) | Err(_) => None,
        }
    }

    /// The number as it is dialled inside the country, `0912345678`.
    pub fn national(&self) -> String {
        format!("0{}", &self.e164[3..])
    }

    /// The area code of a fixed line with its 0, for example `0296`.
    pub fn area(&self) -> Option<String> {
        let digits = match (self.kind, &self.e164[3..5]) {
            (PhoneKind::Mobile, _) => return None,
            (PhoneKind::Fixed, "24" | "28") => &self.e164[3..5],
            (PhoneKind::Fixed, _) => &self.e164[3..6],
        };
        Some(format!("0{digits}"))
    }

    /// The number as `+84…`.
    pub fn as_str(&self) -> &str {
        &self.e164
    }

    /// What sort of line it is.
    pub const fn kind(&self) -> PhoneKind {
        self.kind
    }

    /// Whether it can receive text messages.
    pub const fn can_receive_sms(&self) -> bool {
        matches!(self.kind, PhoneKind::Mobile)
    }

    /// The number with its middle hidden, for screens and logs: `+84*****5678`.
    pub fn masked(&self) -> String {
        format!("+84*****{}", &self.e164[self.e164.len() - 4..])
    }
}

/// What people write between the digits of a number.
pub(crate) const fn is_separator(character: char) -> bool {
    character.is_whitespace() || matches!(character, '.' | '-' | '(' | ')' | '[' | ']')
}

/// Why digits that start neither with 0 nor with 84 are no number.
fn why_no_prefix(digits: &str) -> PhoneError {
    if is_service(digits) {
        PhoneError::Service
    } else if kind_of(digits).is_some() {
        PhoneError::MissingZero
    } else {
        PhoneError::Prefix
    }
}

/// Why a national number without its leading 0 is in no range.
fn why_no_range(national: &str) -> PhoneError {
    match national.as_bytes() {
        [b'1', b'2', ..] | [b'1', b'6', b'2'..=b'9', ..] | [b'1', b'8', b'6' | b'8', ..] | [b'1', b'9', b'9', ..]
            if national.len() == 10 =>
        {
            PhoneError::OldMobile
        }
        _ if is_service(national) => PhoneError::Service,
        [b'2', ..] if national.len() == 9 => PhoneError::FixedLength,
        _ => PhoneError::Range,
    }
}

/// Whether digits are a service number of 8 to 10 digits.
fn is_service(digits: &str) -> bool {
    (8..=10).contains(&digits.len()) && (digits.starts_with("1800") || digits.starts_with("1900"))
}

/// The sort of line of a national number without its leading 0.
fn kind_of(national: &str) -> Option<PhoneKind> {
    let bytes = national.as_bytes();
    match (bytes.len(), bytes) {
        (
            9,
            [b'3', b'2'..=b'9', ..]
            | [b'5', b'2' | b'5' | b'8' | b'9', ..]
            | [b'7', b'0' | b'6'..=b'9', ..]
            | [b'8', b'1'..=b'9', ..]
            | [b'9', b'0'..=b'4' | b'6'..=b'9', ..],
        ) => Some(PhoneKind::Mobile),
        (10, [b'2', b'4' | b'8', b'1'..=b'9', ..]) => Some(PhoneKind::Fixed),
        (10, [b'2', ..]) if is_provincial_area(&national[..3]) => Some(PhoneKind::Fixed),
        _ => None,
    }
}

/// Whether these three digits are the area code of a province.
fn is_provincial_area(area: &str) -> bool {
    area.parse().is_ok_and(|area: u16| {
        matches!(area, 203..=216 | 218..=222 | 225..=229 | 232..=239 | 251..=252 | 254..=263 | 269..=277 | 290..=294 | 296..=297 | 299)
    })
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.e164)
    }
}

impl fmt::Debug for Phone {
    /// Masked: a number must not reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}

impl Explain for PhoneError {
    fn vietnamese(&self) -> Cow<'static, str> {
        match self {
            Self::NotDigits => "số điện thoại chỉ gồm chữ số".into(),
            Self::Prefix => "số điện thoại bắt đầu bằng 0 hoặc +84".into(),
            Self::MissingZero => "thiếu số 0 ở đầu".into(),
            Self::OldMobile => "số di động 11 chữ số đã ngừng từ năm 2018".into(),
            Self::Service => "số 1800, 1900 là số dịch vụ, không phải số liên hệ".into(),
            Self::FixedLength => "số cố định có 11 chữ số kể cả số 0 ở đầu".into(),
            Self::Range => "không có đầu số này hoặc sai độ dài".into(),
        }
    }
}

impl FromStr for Phone {
    type Err = PhoneError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_the_numbers_of_the_reference() {
        for (text, expected, kind) in [
            ("0912 345 678", "+84912345678", PhoneKind::Mobile),
            ("+84 91 234 5678", "+84912345678", PhoneKind::Mobile),
            ("84912345678", "+84912345678", PhoneKind::Mobile),
            ("0084-912-345-678", "+84912345678", PhoneKind::Mobile),
            ("0351234567", "+84351234567", PhoneKind::Mobile),
            ("0521234567", "+84521234567", PhoneKind::Mobile),
            ("0296.3876543", "+842963876543", PhoneKind::Fixed),
            ("02838221234", "+842838221234", PhoneKind::Fixed),
        ] {
            let phone = Phone::parse(text).expect(text);
            assert_eq!((phone.as_str(), phone.kind()), (expected, kind), "{text}");
        }
    }

    #[test]
    fn refuses_the_wrong_numbers_of_the_reference() {
        for (text, why) in [
            ("01234567890", PhoneError::OldMobile),
            ("0951234567", PhoneError::Range),
            ("0281234567", PhoneError::FixedLength),
            ("1900545481", PhoneError::Service),
            ("18001234", PhoneError::Service),
            ("912345678", PhoneError::MissingZero),
            ("2963876543", PhoneError::MissingZero),
            ("612345678", PhoneError::Prefix),
            ("", PhoneError::NotDigits),
            ("o912345678", PhoneError::NotDigits),
        ] {
            assert_eq!(Phone::parse(text), Err(why), "{text}");
        }
    }

    #[test]
    fn suggests_the_missing_zero_and_nothing_else() {
        for (text, meant) in [
            ("912345678", Some("+84912345678")),
            (" 912 345 678", Some("+84912345678")),
            ("296.3876543", Some("+842963876543")),
            ("951234567", None),
            ("0912345678", None),
        ] {
            let repaired = Phone::repair(text);
            assert_eq!(repaired.as_ref().map(Phone::as_str), meant, "{text}");
        }
    }

    #[test]
    fn a_fixed_line_has_an_area_and_no_messages() {
        for (text, area) in [
            ("0296.3876543", "0296"),
            ("0297 3876543", "0297"),
            ("02723876543", "0272"),
            ("0276-3876543", "0276"),
            ("028 3822 1234", "028"),
            ("[024] 38221234", "024"),
        ] {
            let phone = Phone::parse(text).expect(text);
            assert_eq!(
                (phone.area().as_deref(), phone.can_receive_sms()),
                (Some(area), false),
                "{text}"
            );
        }
        let mobile = Phone::parse("+84912345678").expect("valid");
        assert_eq!((mobile.national().as_str(), mobile.area()), ("0912345678", None));
    }

    #[test]
    fn a_number_is_masked_when_debugged() {
        let phone = Phone::parse("0912345678").expect("valid");
        assert_eq!(format!("{phone:?}"), "Phone(+84*****5678)");
    }

    proptest! {
        #[test]
        fn no_text_panics_and_every_number_reads_back(text in "\\PC{0,16}|[+0-9 .()-]{0,16}") {
            if let Ok(phone) = Phone::parse(&text) {
                prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone));
            }
        }
    }
}
