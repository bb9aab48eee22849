//! The fields of a transfer code: two digits of tag, two of length, then the value.
//!
//! It cuts and joins; what a field means is said by its reader.
//!
//! Source: EMVCo QR MPM, cấu trúc ID - độ dài - giá trị

use std::fmt::Write;

use crc::{CRC_16_IBM_3740, Crc};

use super::VietQrError;

/// CRC-16/CCITT-FALSE is catalogued under the name of the IBM 3740.
const CHECKSUM: Crc<u16> = Crc::<u16>::new(&CRC_16_IBM_3740);

/// The checksum of a text, including the `6304` that announces it.
pub(super) fn checksum(text: &str) -> u16 {
    CHECKSUM.checksum(text.as_bytes())
}

/// The value of each tag, where it stands.
pub(super) struct Fields<'a>([Option<&'a str>; 100]);

impl<'a> Fields<'a> {
    /// Cuts a text into its fields; a length counts characters.
    pub(super) fn read(text: &'a str) -> Result<Self, VietQrError> {
        let mut fields = [None; 100];
        let mut rest = text;
        while !rest.is_empty() {
            let (tag, after) = two_digits(rest)?;
            let (length, after) = two_digits(after)?;
            let mut ends = after.char_indices().map(|(at, _)| at).chain([after.len()]);
            let end = ends.nth(length).ok_or(VietQrError::Damaged)?;
            let (value, after) = after.split_at_checked(end).ok_or(VietQrError::Damaged)?;
            let place = fields.get_mut(tag).ok_or(VietQrError::Damaged)?;
            if place.replace(value).is_some() {
                let tag = u8::try_from(tag).map_err(|_| VietQrError::Damaged)?;
                return Err(VietQrError::Twice { tag });
            }
            rest = after;
        }
        Ok(Self(fields))
    }

    /// The value of a tag, if it stands.
    pub(super) fn get(&self, tag: usize) -> Option<&'a str> {
        self.0.get(tag).copied().flatten()
    }
}

fn two_digits(text: &str) -> Result<(usize, &str), VietQrError> {
    let (digits, rest) = text.split_at_checked(2).ok_or(VietQrError::Damaged)?;
    match digits.as_bytes() {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => {
            Ok((usize::from(tens - b'0') * 10 + usize::from(ones - b'0'), rest))
        }
        _ => Err(VietQrError::Damaged),
    }
}

/// Appends a field; every value written here is below 100 characters.
pub(super) fn push(text: &mut String, tag: u8, value: &str) {
    write!(text, "{tag:02}{:02}{value}", value.len()).expect("a String takes every text");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_catalogued_one() {
        assert_eq!(checksum("123456789"), 0x29B1);
    }

    #[test]
    fn a_length_counts_characters() {
        let fields = Fields::read("5903Phí0102ab").expect("two fields");
        assert_eq!(
            (fields.get(59), fields.get(1), fields.get(2)),
            (Some("Phí"), Some("ab"), None)
        );
    }

    #[test]
    fn refuses_what_does_not_add_up() {
        for text in ["0", "00", "0002", "00020", "0a02xx", "0002x", "5903Ph"] {
            assert!(matches!(Fields::read(text), Err(VietQrError::Damaged)), "{text}");
        }
        assert!(matches!(Fields::read("01000100"), Err(VietQrError::Twice { tag: 1 })));
    }
}
