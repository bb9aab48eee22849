//! Identity cards, and anything else between bars.
//!
//! Source: Quy ước Trao Tay, mã QR trên thẻ căn cước

use super::{CodeKind, InspectContext, Inspection, Parts};
use crate::code::card_qr::CardQr;
use crate::code::words::Explain;

pub(super) fn inspect(text: &str, context: &InspectContext) -> Inspection {
    let bars = text.bytes().filter(|byte| *byte == b'|').count();
    let id = text.split('|').next().unwrap_or_default().trim();
    let starts_with_id = (11..=13).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit());
    if bars < 5 && !starts_with_id {
        return Inspection::unknown("không phải mã QR thẻ căn cước", "not the QR code of an identity card");
    }
    let card = match CardQr::read(text, context.today) {
        Ok(card) => card,
        Err(error) => return Inspection::refused(CodeKind::CccdQr, error.explain()),
    };
    let warnings = card.warnings(context.today);
    let mut parts = Parts::default();
    parts.put("id", card.id.as_str());
    parts.put_if("old_cmnd", card.old_id);
    parts.put("full_name", card.full_name);
    parts.put("dob", card.born.to_string());
    parts.put_if("sex", card.sex.map(crate::code::personal_id::Sex::letter));
    parts.put("permanent_address", card.address);
    parts.put_if("issue_date", card.issued.map(|issued| issued.to_string()));
    if !card.tail.is_empty() {
        parts.put_number("extra_fields", u64::try_from(card.tail.len()).unwrap_or(u64::MAX));
        parts.put("tail", card.tail.join("|"));
    }
    let mut inspection = Inspection::valid(CodeKind::CccdQr, parts);
    inspection.warn_all(warnings);
    inspection
}
