//! Telephone numbers, kept as E.164 with Vietnam's +84.

use std::fmt;
use std::str::FromStr;

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
    /// No such range of numbers, or the wrong length.
    #[error("there is no such range of numbers")]
    Range,
}

impl Phone {
    /// Reads a number as people write it: spaces, dots, hyphens and brackets are dropped.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let kept: String = text
            .chars()
            .filter(|c| !(c.is_whitespace() || matches!(c, '.' | '-' | '(' | ')')))
            .collect();
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
        let national = national.ok_or(PhoneError::Prefix)?;
        let kind = kind_of(national).ok_or(PhoneError::Range)?;
        Ok(Self {
            e164: format!("+84{national}"),
            kind,
        })
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
            ("01234567890", PhoneError::Range),
            ("0951234567", PhoneError::Range),
            ("0281234567", PhoneError::Range),
            ("1900545481", PhoneError::Prefix),
            ("912345678", PhoneError::Prefix),
            ("", PhoneError::NotDigits),
            ("o912345678", PhoneError::NotDigits),
        ] {
            assert_eq!(Phone::parse(text), Err(why), "{text}");
        }
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
