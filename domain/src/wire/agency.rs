//! Agencies and the codes of agencies, as files hold them.
//!
//! Source: Quyết định 20/2020/QĐ-TTg, điều 4

use serde::{Deserialize, Serialize};

use super::row::{Row, RowError, gather};
use crate::agency_list::{AgencyEntry, AgencyList, AgencyListError};

/// One of `agencies.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgencyRecord {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The commune it stands in.
    pub commune_code: String,
    /// Where it stands.
    pub address: String,
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub lon: f64,
    /// Its identification code in dossier codes, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_code: Option<String>,
    /// Its first day, as `2025-07-01`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<String>,
    /// Its last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<String>,
    /// The agency that took over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor_code: Option<String>,
    /// The service point that serves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_point_code: Option<String>,
    /// The account State fees are remitted to, where agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_account: Option<String>,
}

/// One of `agency_codes.json`: a level-1 code such as `H01`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgencyCodeRecord {
    /// The code.
    pub code: String,
    /// Whose it is.
    pub name: String,
    /// Its first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<String>,
    /// Its last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<String>,
    /// The code that took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor_code: Option<String>,
    /// Where this is from, and what is unsure.
    pub source_ref: String,
}

/// The agencies of `agencies.json` by day.
///
/// # Errors
/// Every fault, row by row.
pub fn read_agencies(records: &[AgencyRecord]) -> Result<AgencyList, Vec<RowError>> {
    let entries = records.iter().map(|record| Entry {
        code: &record.code,
        name: &record.name,
        from: record.valid_from.as_deref(),
        to: record.valid_to.as_deref(),
        successor: record.successor_code.as_deref(),
        source: "Nghị quyết 1654/NQ-UBTVQH15, điều 1",
    });
    read("agencies.json", entries)
}

/// The codes of `agency_codes.json` by day.
///
/// # Errors
/// Every fault, row by row.
pub fn read_agency_codes(records: &[AgencyCodeRecord]) -> Result<AgencyList, Vec<RowError>> {
    let entries = records.iter().map(|record| Entry {
        code: &record.code,
        name: &record.name,
        from: record.valid_from.as_deref(),
        to: record.valid_to.as_deref(),
        successor: record.successor_code.as_deref(),
        source: &record.source_ref,
    });
    read("agency_codes.json", entries)
}

struct Entry<'a> {
    code: &'a str,
    name: &'a str,
    from: Option<&'a str>,
    to: Option<&'a str>,
    successor: Option<&'a str>,
    source: &'a str,
}

fn read<'a>(file: &str, entries: impl Iterator<Item = Entry<'a>> + Clone) -> Result<AgencyList, Vec<RowError>> {
    let codes: Vec<&str> = entries.clone().map(|entry| entry.code).collect();
    let rows = entries.enumerate().map(|(at, entry)| {
        let row = Row {
            file,
            row: at + 1,
            about: entry.code,
        };
        for (field, text) in [("code", entry.code), ("name", entry.name), ("source_ref", entry.source)] {
            if text.trim().is_empty() {
                return Err(row.fault(field, "không được để trống"));
            }
        }
        Ok(AgencyEntry {
            code: entry.code.to_owned(),
            name: entry.name.to_owned(),
            validity: row.validity(entry.from, entry.to)?,
            successor: entry.successor.map(str::to_owned),
            source: entry.source.to_owned(),
        })
    });
    AgencyList::new(gather(rows)?).map_err(|error| {
        let (code, field, reason) = match error {
            AgencyListError::Twice(code) => (code, "code", "mã xuất hiện hai lần".to_owned()),
            AgencyListError::NoSuccessor(code, next) => (
                code,
                "successor_code",
                format!("không có cơ quan kế thừa {next} trong danh sách"),
            ),
            AgencyListError::NoEnd(code) => (
                code,
                "valid_to",
                "đã có cơ quan kế thừa thì phải có ngày cuối".to_owned(),
            ),
            AgencyListError::Ring(code) => (code, "successor_code", "chuỗi kế thừa quay vòng".to_owned()),
        };
        let at = codes.iter().rposition(|one| *one == code).unwrap_or_default();
        let row = Row {
            file,
            row: at + 1,
            about: &code,
        };
        vec![row.fault(field, reason)]
    })
}
