//! Strings of digits: postcodes, telephone numbers, personal ids and old identity numbers, told apart by count.
//!
//! Source: Quy ước Trao Tay, nhận dạng mã khi quét hoặc gõ

use super::{CodeKind, InspectContext, Inspection, Parts};
use crate::code::agency::is_business_number;
use crate::code::birth_province::birth_province;
use crate::code::old_id::OldId;
use crate::code::personal_id::{PersonalId, PersonalIdError};
use crate::code::postcode::Postcode;
use crate::code::words::{Explain, Words};
use crate::phone::{Phone, PhoneError, PhoneKind, is_separator};
use crate::procedure_code::ProcedureCode;

const LONGEST: usize = 15;

/// The digits of a text that holds nothing else but what people write between them.
pub(super) struct Digits {
    digits: [u8; LONGEST],
    count: usize,
    plus: bool,
    separated: bool,
}

impl Digits {
    /// Nothing if the text holds anything else, or more digits than any number has.
    pub(super) fn of(text: &str) -> Option<Self> {
        let (plus, rest) = text.strip_prefix('+').map_or((false, text), |rest| (true, rest));
        let (mut digits, mut count, mut separated) = ([0; LONGEST], 0, false);
        for character in rest.chars() {
            if character.is_ascii_digit() {
                *digits.get_mut(count)? = u8::try_from(character).ok()?;
                count += 1;
            } else if is_separator(character) {
                separated |= !character.is_whitespace();
            } else {
                return None;
            }
        }
        Some(Self {
            digits,
            count,
            plus,
            separated,
        })
    }

    fn as_str(&self) -> &str {
        self.digits
            .get(..self.count)
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .unwrap_or_default()
    }
}

/// What a string of digits is meant as.
enum Meant {
    Postcode,
    OldId,
    PersonalId,
    Phone,
}

/// Nothing if no code has so many digits.
pub(super) fn inspect(text: &str, found: &Digits, context: &InspectContext) -> Option<Inspection> {
    // A dot after the first digit, or a hyphen before the last three: codes of procedures and of branches.
    if found.separated && (ProcedureCode::parse(text).is_ok() || is_business_number(text)) {
        return None;
    }
    Some(match meant(found)? {
        Meant::Postcode => postcode(text, context),
        Meant::OldId => old_id(found.as_str(), context),
        Meant::PersonalId => personal_id(text, context),
        Meant::Phone => phone(text),
    })
}

/// The rules of [`super`], by count; what is a right telephone number needs no other sign.
fn meant(found: &Digits) -> Option<Meant> {
    let digits = found.as_str();
    let starts = |start: &str| digits.starts_with(start);
    let phone = Phone::parse(digits);
    let is_phone = match digits.len() {
        7..=15 if found.plus => true,
        8 => phone == Err(PhoneError::Service),
        9 => found.separated || !matches!(digits.as_bytes(), [b'0'..=b'3', ..]),
        10 => found.separated || starts("0") || matches!(phone, Err(PhoneError::Service | PhoneError::MissingZero)),
        11 => phone.is_ok() || phone == Err(PhoneError::OldMobile) || starts("02") || starts("84"),
        12 => phone.is_ok() && starts("84"),
        13 | 14 => starts("0084"),
        _ => false,
    };
    match digits.len() {
        _ if is_phone => Some(Meant::Phone),
        _ if found.plus => None,
        4..=6 if !found.separated => Some(Meant::Postcode),
        9 => Some(Meant::OldId),
        11 if starts("0") => Some(Meant::PersonalId),
        12 => Some(Meant::PersonalId),
        13 if birth_province(&digits[..3]).is_some() => Some(Meant::PersonalId),
        _ => None,
    }
}

fn postcode(text: &str, context: &InspectContext) -> Inspection {
    let postcode = match Postcode::parse(text) {
        Ok(postcode) => postcode,
        Err(error) => return Inspection::refused(CodeKind::Postcode, error.explain()),
    };
    let mut parts = Parts::default();
    parts.put("postcode", postcode.as_str());
    parts.put("province_prefix", postcode.province_prefix());
    parts.put_if("province", context.postcodes.province(postcode));
    parts.put_if("unit", context.postcodes.commune(postcode));
    Inspection::valid(CodeKind::Postcode, parts)
}

fn phone(text: &str) -> Inspection {
    let phone = match Phone::parse(text) {
        Ok(phone) => phone,
        Err(error) => {
            let mut inspection = Inspection::refused(CodeKind::Phone, error.explain());
            if is_business_number(text) {
                inspection.warn(Words::fixed(
                    "cũng có thể là mã số thuế hoặc mã số doanh nghiệp",
                    "may also be a tax or enterprise number",
                ));
            }
            if let Some(meant) = Phone::repair(text) {
                inspection.warn(Words {
                    vietnamese: format!("có thể là {}, hãy hỏi lại", meant.national()).into(),
                    english: format!("perhaps {}, ask", meant.national()).into(),
                });
            }
            return inspection;
        }
    };
    let mut parts = Parts::default();
    parts.put("e164", phone.as_str());
    parts.put("national", phone.national());
    parts.put(
        "type",
        match phone.kind() {
            PhoneKind::Mobile => "mobile",
            PhoneKind::Fixed => "fixed",
        },
    );
    parts.put_if("area", phone.area());
    let mut inspection = Inspection::valid(CodeKind::Phone, parts);
    if !phone.can_receive_sms() {
        inspection.warn(Words::fixed(
            "số cố định không nhận được tin nhắn và mã OTP",
            "a fixed line receives no text messages and no one-time codes",
        ));
    }
    inspection
}

fn old_id(digits: &str, context: &InspectContext) -> Inspection {
    let mut parts = Parts::default();
    parts.put("old_cmnd", digits);
    let in_force = OldId::parse(digits).is_ok_and(|id| id.is_in_force(context.today));
    let words = Words::fixed(
        "số chứng minh nhân dân 9 số hết giá trị sau ngày 31/12/2024, chỉ dùng làm số giấy tờ cũ",
        "a nine-digit identity number, invalid after 31/12/2024, of use as a person's old number only",
    );
    let mut inspection = if in_force {
        let mut inspection = Inspection::valid(CodeKind::PersonalId, parts);
        inspection.warn(words);
        inspection
    } else {
        Inspection::refused(CodeKind::PersonalId, words).with_parts(parts)
    };
    if let Some(meant) = Phone::repair(digits) {
        inspection.warn(Words {
            vietnamese: format!("cũng có thể là số điện thoại {} thiếu số 0", meant.national()).into(),
            english: format!("may also be the telephone number {} without its 0", meant.national()).into(),
        });
    }
    inspection
}

/// A personal identifier, with spaces between its digits allowed.
pub(super) fn personal_id(text: &str, context: &InspectContext) -> Inspection {
    let kept: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    let id = match PersonalId::parse(&kept, context.today) {
        Ok(id) => id,
        // A dozen digits with dots between them are too long only because of the dots.
        Err(PersonalIdError::Length { .. }) if kept.bytes().any(|byte| !byte.is_ascii_digit()) => {
            return Inspection::refused(CodeKind::PersonalId, PersonalIdError::NotDigits.explain());
        }
        Err(error) => return Inspection::refused(CodeKind::PersonalId, error.explain()),
    };
    let mut parts = Parts::default();
    parts.put("province_code", id.province_code());
    parts.put_if("province", id.province());
    parts.put("sex", id.sex().letter());
    parts.put_number("birth_year", id.birth_year().unsigned_abs());
    let mut inspection = Inspection::valid(CodeKind::PersonalId, parts);
    inspection.warn_all(id.warnings(context.today));
    inspection
}
