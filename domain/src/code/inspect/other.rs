//! What is recognised without being checked, and what is none of the codes.
//!
//! Source: Quy ước Trao Tay, nhận dạng mã khi quét hoặc gõ

use super::number::personal_id;
use super::{CodeKind, InspectContext, Inspection, Parts};
use crate::code::agency::{BodyCode, is_business_number};
use crate::code::words::Words;
use crate::procedure_code::ProcedureCode;

const PROOF: &str = "c2sp.org/tlog-proof@";
const PROOF_VERSION: &str = "v1";
const VERIFY_PAGE: &str = "/v#";
const LONGEST_HOST: usize = 300;
const LONGEST_VERSION: usize = 8;
const LONGEST_MARGIN: usize = 64;

/// A receipt by its first line, or by the address that carries one after the number sign. However long it is,
/// only its beginning is read.
pub(super) fn receipt(text: &str) -> Option<Inspection> {
    let mut start = text.char_indices().take(LONGEST_MARGIN);
    let (at, _) = start.find(|(_, character)| !character.is_whitespace() && *character != '\u{feff}')?;
    let text = text.get(at..)?;
    if let Some(after) = text.strip_prefix(PROOF) {
        let version = version_of(after);
        let mut parts = Parts::default();
        parts.put("format", "tlog-proof");
        parts.put("version", version);
        let words = if version == PROOF_VERSION { CHECK } else { OTHER_VERSION };
        return Some(Inspection::refused(CodeKind::Receipt, words).with_parts(parts));
    }
    let address = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let (at, _) = address
        .char_indices()
        .take(LONGEST_HOST)
        .find(|(_, character)| *character == '/')?;
    let carries = address.get(at..)?.starts_with(VERIFY_PAGE);
    carries.then(|| {
        let mut parts = Parts::default();
        parts.put("format", "address");
        Inspection::refused(CodeKind::Receipt, CHECK).with_parts(parts)
    })
}

/// What follows the at sign up to the end of the line, or nothing where that is no version.
fn version_of(after: &str) -> &str {
    let end = after
        .bytes()
        .take(LONGEST_VERSION + 1)
        .position(|byte| byte.is_ascii_whitespace());
    end.or((after.len() <= LONGEST_VERSION).then_some(after.len()))
        .and_then(|end| after.get(..end))
        .unwrap_or_default()
}

const CHECK: Words = Words::fixed(
    "biên nhận: kiểm tra bằng lệnh `traotay verify`",
    "a receipt: to be checked with `traotay verify`",
);

const OTHER_VERSION: Words = Words::fixed(
    "biên nhận thuộc phiên bản chưa biết",
    "a receipt of a version that is not known",
);

/// A personal id with a letter in it, a code of another kind, or nothing known.
pub(super) fn inspect(text: &str, context: &InspectContext) -> Inspection {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if text.len() == 12 && digits >= 10 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return personal_id(text, context);
    }
    if let Ok(code) = ProcedureCode::parse(text) {
        let mut parts = Parts::default();
        parts.put("procedure_code", code.national());
        parts.put_if("agency", code.agency());
        return Inspection::unknown("đây là mã thủ tục hành chính", "this is the code of a procedure")
            .with_parts(parts);
    }
    if is_business_number(text) {
        return Inspection::unknown(
            "có thể là mã số thuế hoặc mã số doanh nghiệp",
            "perhaps a tax or enterprise number",
        );
    }
    match BodyCode::parse(text) {
        Ok(BodyCode::Agency(code)) => {
            let mut parts = Parts::default();
            parts.put("agency", code.as_str());
            parts.put("level_1", code.level_1());
            Inspection::unknown(
                "đây là mã cơ quan, chưa phải mã hồ sơ",
                "this is the code of an agency, not of a dossier",
            )
            .with_parts(parts)
        }
        Ok(BodyCode::Other(_)) => Inspection::unknown(
            "đây là mã tổ chức, không phải mã hồ sơ",
            "this is the code of an organisation",
        ),
        Ok(BodyCode::Business(_)) | Err(_) => {
            Inspection::unknown("không phải loại mã nào được biết", "no kind of code that is known")
        }
    }
}
