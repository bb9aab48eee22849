//! From records to the catalogue, with every fault told by row and field.
//!
//! Source: Thông tư 01/2018/TT-VPCP, điều 3

use std::collections::BTreeMap;

use super::{CaseRecord, ChannelRecord, ComponentRecord, ProcedureRecord};
use crate::catalogue::{
    AgencyLevel, Authorisation, CaseError, Catalogue, CatalogueError, Channel, ChannelTerms, Component, CopyKind,
    LegacyLevels, LimitUnit, OnlineLevel, Procedure, ProcedureCase, ProcedureError, Required, ResultKind, StateFeeRule,
    SurrenderItem, TimeLimit,
};
use crate::money::{Amount, Dong};
use crate::procedure_code::ProcedureCode;
use crate::wire::row::{Row, RowError};

/// The file procedures are in.
const FILE: &str = "procedures.json";

/// What stands behind the name of a paper that is asked for only when there is one.
const IF_ANY: &str = "(nếu có)";

/// The catalogue of the records of `procedures.json`. `legacy` says what the levels 1 to 4
/// of online services became.
///
/// # Errors
/// Every fault, row by row.
pub fn read_procedures(records: &[ProcedureRecord], legacy: &LegacyLevels) -> Result<Catalogue, Vec<RowError>> {
    let (mut procedures, mut faults) = (Vec::new(), Vec::new());
    for (at, record) in records.iter().enumerate() {
        let row = Row {
            file: FILE,
            row: at + 1,
            about: &record.code,
        };
        let history = record.history.iter().map(|version| {
            if version.code != record.code {
                Err(row.fault("history", "phiên bản cũ phải cùng mã; mã khác thì ghi ở old_codes"))
            } else if version.history.is_empty() {
                procedure(&row, version, legacy)
            } else {
                Err(row.fault("history", "phiên bản cũ không có lịch sử riêng"))
            }
        });
        for version in std::iter::once(procedure(&row, record, legacy)).chain(history) {
            match version {
                Ok(version) => procedures.push(version),
                Err(fault) => faults.push(fault),
            }
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Catalogue::new(procedures).map_err(|CatalogueError::Overlap(code)| {
        let at = records.iter().rposition(|record| record.code.starts_with(&code));
        let row = Row {
            file: FILE,
            row: at.unwrap_or_default() + 1,
            about: &code,
        };
        vec![row.fault("valid_from", "hai phiên bản cùng có hiệu lực trong một ngày")]
    })
}

fn procedure(row: &Row<'_>, record: &ProcedureRecord, legacy: &LegacyLevels) -> Result<Procedure, RowError> {
    let code = |field: &str, text: &str| {
        ProcedureCode::parse(text)
            .map_err(|_| row.fault(field, format!("«{text}» không phải mã thủ tục; viết dạng 1.004082")))
    };
    let own_code = code("code", &record.code)?;
    let level = record.level.as_deref().unwrap_or("commune");
    let authorisation = record.authorisation.as_deref().unwrap_or("written");
    let result = record.result.as_deref().unwrap_or("paper");
    let online = match (record.online.as_deref(), record.online_legacy) {
        (Some(text), _) => {
            let names = OnlineLevel::ALL.map(OnlineLevel::as_str);
            row.one_of("online", text, OnlineLevel::parse(text), names)?
        }
        (None, Some(level)) => legacy
            .level(&own_code, level)
            .ok_or_else(|| row.fault("online_legacy", "chỉ có mức độ 1 đến 4"))?,
        (None, None) => OnlineLevel::None,
    };
    let cases = if record.cases.is_empty() {
        let whole = CaseRecord {
            code: "1".to_owned(),
            name: "Trường hợp chung".to_owned(),
            copies: None,
            limit: None,
            components: Vec::new(),
            surrender: Vec::new(),
            channels: Vec::new(),
        };
        vec![case(row, record, &whole, online)?]
    } else {
        let cases = record.cases.iter();
        cases
            .map(|one| case(row, record, one, online))
            .collect::<Result<_, _>>()?
    };
    Procedure {
        validity: row.validity(record.valid_from.as_deref(), record.valid_to.as_deref())?,
        name: record.name.clone(),
        sector: record.sector.clone(),
        level: row.one_of(
            "level",
            level,
            AgencyLevel::parse(level),
            AgencyLevel::ALL.map(AgencyLevel::as_str),
        )?,
        bcci_submit: record.post_send,
        bcci_return: record.post_return,
        authorisation: row.one_of(
            "authorisation",
            authorisation,
            Authorisation::parse(authorisation),
            Authorisation::ALL.map(Authorisation::as_str),
        )?,
        result: row.one_of(
            "result",
            result,
            ResultKind::parse(result),
            ResultKind::ALL.map(ResultKind::as_str),
        )?,
        online,
        cases,
        old_codes: record
            .old_codes
            .iter()
            .map(|text| code("old_codes", text))
            .collect::<Result<_, _>>()?,
        replaced_by: record
            .replaced_by
            .as_deref()
            .map(|text| code("replaced_by", text))
            .transpose()?,
        source: record.source_ref.clone(),
        code: own_code,
    }
    .checked()
    .map_err(|error| {
        let (field, reason) = fault_of(&error);
        row.fault(field, reason)
    })
}

fn fault_of(error: &ProcedureError) -> (&'static str, String) {
    let (field, reason) = match error {
        ProcedureError::NoName => ("name", "phải có tên, lĩnh vực và căn cứ"),
        ProcedureError::NoCase => ("cases", "phải có ít nhất một trường hợp"),
        ProcedureError::CaseTwice(code) => return ("cases", format!("trường hợp {code} xuất hiện hai lần")),
        ProcedureError::InPersonOnly => (
            "authorisation",
            "thủ tục phải có mặt và không được ủy quyền thì không qua bưu chính",
        ),
        ProcedureError::NoPostTerms => ("channels", "cho gửi qua bưu chính thì phải có kênh post"),
        ProcedureError::PostNotAllowed => ("post_send", "có kênh post nhưng không cho gửi qua bưu chính"),
        ProcedureError::NothingToReturn => ("post_return", "kết quả điện tử thì không trả qua bưu chính"),
        ProcedureError::ReplacedWithoutEnd => ("valid_to", "đã có thủ tục thay thế thì phải có ngày cuối"),
    };
    (field, reason.to_owned())
}

fn case(
    row: &Row<'_>,
    record: &ProcedureRecord,
    case: &CaseRecord,
    online: OnlineLevel,
) -> Result<ProcedureCase, RowError> {
    let or_own = |list: &[ComponentRecord]| {
        if list.is_empty() {
            record.components.clone()
        } else {
            list.to_vec()
        }
    };
    let components = or_own(&case.components)
        .iter()
        .zip(1_u16..)
        .map(|(paper, number)| component(row, paper, number))
        .collect::<Result<_, _>>()?;
    let surrender = if case.surrender.is_empty() {
        &record.surrender
    } else {
        &case.surrender
    };
    let channels = if case.channels.is_empty() {
        &record.channels
    } else {
        &case.channels
    };
    let limit = case.limit.unwrap_or(record.limit_days);
    let mut terms = BTreeMap::new();
    if channels.is_empty() {
        let same = time_limit(row, limit, &record.limit_unit)?;
        for channel in Channel::ALL {
            let is_open = match channel {
                Channel::InPerson => true,
                Channel::Online => online != OnlineLevel::None,
                Channel::Post => record.post_send,
            };
            if is_open {
                let fee = StateFeeRule::NotPublished;
                terms.insert(channel, ChannelTerms { limit: same, fee });
            }
        }
    }
    for one in channels {
        let names = Channel::ALL.map(Channel::as_str);
        let channel = row.one_of("channels.channel", &one.channel, one.channel.parse().ok(), names)?;
        let unit = one.unit.as_deref().unwrap_or(&record.limit_unit);
        let limit = time_limit(row, one.limit.unwrap_or(limit), unit)?;
        let fee = state_fee(row, one)?;
        if terms.insert(channel, ChannelTerms { limit, fee }).is_some() {
            return Err(row.fault("channels", format!("kênh {channel} xuất hiện hai lần")));
        }
    }
    ProcedureCase {
        code: case.code.clone(),
        name: case.name.clone(),
        sets: case.copies.unwrap_or(record.copies),
        components,
        surrender: surrender
            .iter()
            .map(|item| SurrenderItem {
                name: item.name.clone(),
                if_lost: item.if_lost.clone(),
            })
            .collect(),
        channels: terms,
    }
    .checked()
    .map_err(|error| {
        let (field, reason) = match error {
            CaseError::NoTime => ("limit_days", "thời hạn phải từ 1 trở lên"),
            CaseError::NoName => ("cases", "trường hợp phải có mã và tên"),
            CaseError::NoPapers => ("components", "phải có ít nhất một giấy tờ bắt buộc"),
            CaseError::Paper => ("components", "giấy tờ phải có tên và số lượng từ 1 trở lên"),
            CaseError::Numbers => ("components", "giấy tờ phải đánh số liên tục từ 1"),
            CaseError::NoChannel => ("channels", "phải có ít nhất một kênh"),
        };
        row.fault(field, reason)
    })
}

fn component(row: &Row<'_>, paper: &ComponentRecord, number: u16) -> Result<Component, RowError> {
    let name = paper.name.trim();
    let names = CopyKind::ALL.map(CopyKind::as_str);
    let is_if_any = paper.if_any || name.ends_with(IF_ANY);
    Ok(Component {
        number,
        name: name.trim_end_matches(IF_ANY).trim_end().to_owned(),
        copy: row.one_of("components.copy", &paper.copy, CopyKind::parse(&paper.copy), names)?,
        quantity: paper.count,
        required: if is_if_any { Required::IfAny } else { Required::Always },
    })
}

fn time_limit(row: &Row<'_>, amount: u16, unit: &str) -> Result<TimeLimit, RowError> {
    let names = LimitUnit::ALL.map(LimitUnit::as_str);
    let unit = row.one_of("limit_unit", unit, LimitUnit::parse(unit), names)?;
    TimeLimit::new(amount, unit).map_err(|_| row.fault("limit_days", "thời hạn phải từ 1 trở lên"))
}

fn state_fee(row: &Row<'_>, terms: &ChannelRecord) -> Result<StateFeeRule, RowError> {
    let Some(dong) = terms.fee else {
        return Ok(StateFeeRule::NotPublished);
    };
    let amount = Amount::new(Dong::new(dong)).map_err(|_| row.fault("channels.fee", "lệ phí không thể âm"))?;
    Ok(match &terms.fee_per {
        _ if amount.is_zero() => StateFeeRule::Free,
        None => StateFeeRule::Fixed(amount),
        Some(of) => StateFeeRule::Each { amount, of: of.clone() },
    })
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const SHORT: &str = r#"{"code": "1.001193", "name": "Đăng ký khai sinh", "sector": "Hộ tịch", "limit_days": 1,
        "limit_unit": "working", "copies": 1, "components": [{"name": "Tờ khai", "copy": "original", "count": 1},
        {"name": "Văn bản ủy quyền (nếu có)", "copy": "original", "count": 1}], "post_send": true, "post_return": true,
        "source_ref": "cần đối chiếu"}"#;

    fn record() -> ProcedureRecord {
        serde_json::from_str(SHORT).expect("the shape of before")
    }

    fn faults(record: ProcedureRecord) -> Vec<String> {
        let faults = read_procedures(&[record], &LegacyLevels::default()).expect_err("refused");
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_record_of_before_has_one_case_and_the_channels_it_is_open_to() {
        let catalogue = read_procedures(&[record()], &LegacyLevels::default()).expect("in order");
        let code = ProcedureCode::parse("1.001193").expect("a code");
        let offer = catalogue
            .terms(&code, "1", Channel::Post, date!(2026 - 04 - 24))
            .expect("in force");
        assert_eq!(offer.terms.fee, StateFeeRule::NotPublished);
        let papers = &offer.case.components;
        assert_eq!(
            (papers[1].name.as_str(), papers[1].required),
            ("Văn bản ủy quyền", Required::IfAny)
        );
        assert!(
            catalogue
                .terms(&code, "1", Channel::Online, date!(2026 - 04 - 24))
                .is_err()
        );
    }

    #[test]
    fn says_in_vietnamese_which_field_of_which_row_is_wrong() {
        let unit = ProcedureRecord {
            limit_unit: "weeks".to_owned(),
            ..record()
        };
        assert_eq!(
            faults(unit),
            [
                "procedures.json, dòng 1 (1.001193), trường limit_unit: «weeks» không hợp lệ; \
                 dùng một trong: working, calendar, hours"
            ]
        );
        let forbidden = ProcedureRecord {
            authorisation: Some("forbidden".to_owned()),
            ..record()
        };
        assert_eq!(
            faults(forbidden),
            ["procedures.json, dòng 1 (1.001193), trường authorisation: \
                 thủ tục phải có mặt và không được ủy quyền thì không qua bưu chính"]
        );
    }

    #[test]
    fn versions_that_share_a_day_are_refused() {
        let old = ProcedureRecord {
            valid_to: Some("2025-07-01".to_owned()),
            ..record()
        };
        let both = ProcedureRecord {
            valid_from: Some("2025-07-01".to_owned()),
            history: vec![old],
            ..record()
        };
        assert_eq!(
            faults(both),
            ["procedures.json, dòng 1 (1.001193), trường valid_from: hai phiên bản cùng có hiệu lực trong một ngày"]
        );
    }
}
