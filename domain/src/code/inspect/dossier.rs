//! Dossier codes, and strings that nearly are.
//!
//! Source: Thông tư 01/2018/TT-VPCP, điều 19; Quyết định 20/2020/QĐ-TTg, điều 4

use super::{CodeKind, InspectContext, Inspection, Parts};
use crate::code::agency::AgencyStanding;
use crate::code::dossier_code::{DossierCode, DossierCodeError};
use crate::code::words::{Explain, Words};

/// Nothing if the text does not look like a dossier code.
pub(super) fn inspect(text: &str, context: &InspectContext) -> Option<Inspection> {
    let (agency, _) = text.split_once('-')?;
    if !looks_like_agency(agency.trim_end()) {
        return None;
    }
    if text.contains(char::is_whitespace) {
        let reason = Words::fixed("mã hồ sơ không có dấu cách", "a dossier code has no spaces");
        return Some(Inspection::refused(CodeKind::DossierCode, reason));
    }
    Some(match DossierCode::parse(text) {
        Ok(code) => valid(&code, context),
        Err(error) => refused(text, error),
    })
}

/// A letter and two digits as the first group, or as the last.
fn looks_like_agency(agency: &str) -> bool {
    let is_first_level = |group: Option<&str>| match group.map(str::as_bytes) {
        Some([letter, numbers @ ..]) => {
            letter.is_ascii_alphabetic() && numbers.len() == 2 && numbers.iter().all(u8::is_ascii_digit)
        }
        Some([]) | None => false,
    };
    is_first_level(agency.split('.').next()) || is_first_level(agency.rsplit('.').next())
}

fn valid(code: &DossierCode, context: &InspectContext) -> Inspection {
    let agency = code.agency();
    let standing = context.agencies.on(agency.level_1(), code.date());
    let ministry = code
        .ministry()
        .filter(|number| context.agencies.ministries.contains_key(*number));
    let mut parts = Parts::default();
    parts.put("grammar", code.grammar().name());
    parts.put("agency", agency.as_str());
    parts.put("level_1", agency.level_1());
    parts.put_if(
        "level_1_name",
        match standing {
            AgencyStanding::InForce(entry) | AgencyStanding::NotInForce(entry) => entry.name.as_deref(),
            AgencyStanding::Unknown => None,
        },
    );
    parts.put("date", code.date().to_string());
    parts.put_number("seq", code.sequence());
    parts.put_if("ministry", ministry);
    parts.put_if(
        "ministry_name",
        ministry
            .and_then(|number| context.agencies.ministries.get(number))
            .map(String::as_str),
    );
    let mut inspection = Inspection::valid(CodeKind::DossierCode, parts);
    match standing {
        AgencyStanding::InForce(_) => {}
        AgencyStanding::NotInForce(_) => inspection.warn(Words::fixed(
            "mã cơ quan cấp 1 không có hiệu lực vào ngày tiếp nhận",
            "the first-level agency code was not in force on the reception date",
        )),
        AgencyStanding::Unknown => inspection.warn(Words::fixed(
            "mã cơ quan cấp 1 chưa có trong danh mục",
            "the first-level agency code is not in the list",
        )),
    }
    if code.date() > context.today {
        inspection.warn(Words::fixed(
            "ngày tiếp nhận chưa tới",
            "the reception date has not come yet",
        ));
    }
    inspection
}

/// Why not, and what was probably meant where only the letters are small.
fn refused(text: &str, error: DossierCodeError) -> Inspection {
    let mut inspection = Inspection::refused(CodeKind::DossierCode, error.explain());
    if error == DossierCodeError::LowerCase {
        let raised = text.to_ascii_uppercase();
        inspection.warn(Words {
            vietnamese: format!("có thể là {raised}").into(),
            english: format!("perhaps {raised}").into(),
        });
    }
    inspection
}
