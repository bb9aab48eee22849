//! Item codes, and labels that nearly are.
//!
//! Source: UPU S10, mã số bưu gửi 13 ký tự

use super::{CodeKind, InspectContext, Inspection, Parts};
use crate::code::country::is_assigned;
use crate::code::item_label::S10_SCHEME;
use crate::code::words::{Explain, Words};
use crate::item_code::{ItemCode, ItemCodeError};

const LONGEST: usize = 14;

/// Nothing if the text does not look like a label.
pub(super) fn inspect(text: &str, context: &InspectContext) -> Option<Inspection> {
    let (mut kept, mut length, mut marks) = ([0_u8; LONGEST], 0, false);
    for character in text.chars().filter(|character| !character.is_whitespace()) {
        if matches!(character, '-' | '.' | '/' | '_') {
            marks = true;
            continue;
        }
        *kept.get_mut(length)? = u8::try_from(character).ok().filter(u8::is_ascii_alphanumeric)?;
        length += 1;
    }
    let kept = kept.get(..length)?;
    if !is_meant(kept) {
        return None;
    }
    if marks {
        return Some(Inspection::refused(CodeKind::S10, MARKS));
    }
    Some(match ItemCode::parse(text) {
        Ok(code) => valid(code, kept, context),
        Err(error) => Inspection::refused(CodeKind::S10, error.explain()).with_parts(parts_of(kept, error)),
    })
}

const MARKS: Words = Words::fixed(
    "mã bưu gửi chỉ gồm chữ cái và chữ số, không có dấu chấm hay gạch nối",
    "an item code has letters and digits only, no dots and no hyphens",
);

/// Two letters, digits, two letters around the right length; or the right length with one place mistyped.
fn is_meant(kept: &[u8]) -> bool {
    let digits = kept.iter().filter(|byte| byte.is_ascii_digit()).count();
    match kept {
        [a, b, middle @ .., y, z] if [a, b, y, z].iter().all(|byte| byte.is_ascii_alphabetic()) => {
            let others = middle.iter().filter(|byte| !byte.is_ascii_digit()).count();
            (12..=LONGEST).contains(&kept.len()) && others <= 2 && digits >= 6
        }
        [a, b, serial @ ..] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => match kept.len() {
            11 => serial.iter().all(u8::is_ascii_digit),
            13 => digits >= 8 && digits < serial.len(),
            _ => false,
        },
        [a, ..] => a.is_ascii_alphabetic() && kept.len() == 13 && (8..=10).contains(&digits),
        [] => false,
    }
}

fn valid(code: ItemCode, kept: &[u8], context: &InspectContext) -> Inspection {
    let mut parts = Parts::default();
    let meaning = context.services.meaning(code.service());
    parts.put("id", code.as_str());
    parts.put("id_scheme", S10_SCHEME);
    parts.put("service_indicator", code.service());
    parts.put_if("service", meaning.map(|meaning| meaning.vietnamese.as_str()));
    parts.put("serial", code.serial());
    parts.put_number("check_digit", code.check_digit());
    parts.put("country", code.country());
    let mut inspection = Inspection::valid(CodeKind::S10, parts);
    if kept.iter().any(u8::is_ascii_lowercase) {
        inspection.warn(Words::fixed(
            "đã đổi chữ thường thành chữ in hoa",
            "lower case was raised to capitals",
        ));
    }
    if code.is_reserved_service() {
        inspection.warn(Words::fixed(
            "chữ đầu của chỉ dẫn dịch vụ được Liên minh Bưu chính Thế giới giữ lại",
            "the first letter of the service indicator is reserved by the Universal Postal Union",
        ));
    } else if meaning.is_none() {
        inspection.warn(Words::fixed(
            "chưa biết chỉ dẫn dịch vụ này",
            "the service indicator is not known",
        ));
    }
    if !is_assigned(code.country()) {
        inspection.warn(Words::fixed(
            "không có nước nào mang mã này",
            "no country has this code",
        ));
    }
    inspection
}

/// What can be told of a code whose only fault is its check digit.
fn parts_of(kept: &[u8], error: ItemCodeError) -> Parts {
    let mut parts = Parts::default();
    let text = std::str::from_utf8(kept).unwrap_or_default().to_ascii_uppercase();
    if let (ItemCodeError::CheckDigit { found, expected }, [a, b, serial @ .., _, y, z]) = (error, text.as_bytes()) {
        let as_text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        parts.put("service_indicator", as_text(&[*a, *b]));
        parts.put("serial", as_text(serial));
        parts.put_number("check_digit", found);
        parts.put_number("expected_check_digit", expected);
        parts.put("country", as_text(&[*y, *z]));
    }
    parts
}
