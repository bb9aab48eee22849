//! Tables of administrative units as files hold them: `successions.csv`, `zones.csv` and
//! `other_codes.csv`.
//!
//! Source: Nghị quyết 1654/NQ-UBTVQH15, điều 1; Quyết định 19/2025/QĐ-TTg, phụ lục

use serde::{Deserialize, Serialize};

use super::row::{Row, RowError, gather};
use crate::place::{CodeList, Extent, OtherCodes, Succession, Successions, SuccessionsError, UnitCode, Zone, Zones};

/// The files these tables are in.
const SUCCESSIONS: &str = "successions.csv";
const ZONES: &str = "zones.csv";
const OTHER_CODES: &str = "other_codes.csv";

/// A row of `successions.csv`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuccessionRecord {
    /// The code of before July 2025: five digits of a commune, two of a province.
    pub old_code: String,
    /// The name of before with the kind in front.
    pub old_name: String,
    /// The code of the former district; empty for a province.
    #[serde(default)]
    pub old_district_code: String,
    /// The code of the former province.
    pub old_province_code: String,
    /// The code of today.
    pub new_code: String,
    /// `whole` or `part`.
    pub extent: String,
}

/// A row of `zones.csv`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneRecord {
    /// The commune.
    pub commune_code: String,
    /// The zone's code.
    pub zone_code: String,
    /// The zone's name.
    pub zone_name: String,
    /// What is unsure.
    #[serde(default)]
    pub note: String,
}

/// A row of `other_codes.csv`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherCodeRecord {
    /// Whose list it is, as `police`.
    pub code_system: String,
    /// The code in it.
    pub code: String,
    /// The commune of today.
    pub commune_code: String,
    /// Where this is from, and what is unsure.
    pub source_ref: String,
}

/// The table of successions.
///
/// # Errors
/// Every fault, row by row.
pub fn read_successions(records: &[SuccessionRecord]) -> Result<Successions, Vec<RowError>> {
    let lines = records.iter().enumerate().map(|(at, record)| {
        let row = Row {
            file: SUCCESSIONS,
            row: at + 1,
            about: &record.old_code,
        };
        let check = |field: &str, list: CodeList, code: &str| {
            UnitCode::new(list, code).map_err(|_| row.fault(field, format!("«{code}» không phải mã đơn vị hành chính")))
        };
        check("old_code", CodeList::BeforeJuly2025, &record.old_code)?;
        check("old_province_code", CodeList::BeforeJuly2025, &record.old_province_code)?;
        check("new_code", CodeList::SinceJuly2025, &record.new_code)?;
        let district = (!record.old_district_code.is_empty()).then_some(&record.old_district_code);
        if let Some(code) = district {
            check("old_district_code", CodeList::BeforeJuly2025, code)?;
        }
        let extent = match record.extent.as_str() {
            "whole" => Some(Extent::Whole),
            "part" => Some(Extent::Part),
            _ => None,
        };
        Ok(Succession {
            old_code: record.old_code.clone(),
            old_name: record.old_name.clone(),
            old_district: district.cloned(),
            old_province: record.old_province_code.clone(),
            new_code: record.new_code.clone(),
            extent: row.one_of("extent", &record.extent, extent, ["whole", "part"])?,
        })
    });
    Successions::new(&gather(lines)?).map_err(|error| {
        let (code, reason) = match error {
            SuccessionsError::Twice(code, to) => (code, format!("dòng sang {to} xuất hiện hai lần")),
            SuccessionsError::WholeAndMore(code) => {
                (code, "đã nhập nguyên vẹn thì không thể còn sang đơn vị khác".to_owned())
            }
            SuccessionsError::PartMissing(code) => (code, "chia ra thì phải có từ hai đơn vị mới".to_owned()),
        };
        let at = records.iter().rposition(|record| record.old_code == code);
        let row = Row {
            file: SUCCESSIONS,
            row: at.unwrap_or_default() + 1,
            about: &code,
        };
        vec![row.fault("extent", reason)]
    })
}

/// The zones.
///
/// # Errors
/// Every fault, row by row.
pub fn read_zones(records: &[ZoneRecord]) -> Result<Zones, Vec<RowError>> {
    let rows = records.iter().enumerate().map(|(at, record)| {
        let row = Row {
            file: ZONES,
            row: at + 1,
            about: &record.commune_code,
        };
        if record.zone_code.trim().is_empty() {
            return Err(row.fault("zone_code", "không được để trống"));
        }
        let zone = Zone {
            code: record.zone_code.clone(),
            name: record.zone_name.clone(),
        };
        Ok((record.commune_code.clone(), zone))
    });
    Zones::new(gather(rows)?).ok_or_else(|| {
        vec![twice(
            ZONES,
            "commune_code",
            records.iter().map(|record| record.commune_code.as_str()),
        )]
    })
}

/// The codes of other lists.
///
/// # Errors
/// Every fault, row by row.
pub fn read_other_codes(records: &[OtherCodeRecord]) -> Result<OtherCodes, Vec<RowError>> {
    let rows = records.iter().map(|record| {
        (
            record.code_system.clone(),
            record.code.clone(),
            record.commune_code.clone(),
        )
    });
    OtherCodes::new(rows).ok_or_else(|| {
        vec![twice(
            OTHER_CODES,
            "code",
            records.iter().map(|record| record.code.as_str()),
        )]
    })
}

/// The fault of the first row whose key stands before it.
fn twice<'a>(file: &str, field: &str, keys: impl Iterator<Item = &'a str>) -> RowError {
    let keys: Vec<&str> = keys.collect();
    let found = keys
        .iter()
        .enumerate()
        .find(|(at, key)| keys.iter().take(*at).any(|earlier| earlier == *key));
    let (at, about) = found.map_or((0, ""), |(at, key)| (at, *key));
    let row = Row {
        file,
        row: at + 1,
        about,
    };
    row.fault(field, "xuất hiện hai lần")
}
