//! The runs of serials that offices label items with, as the file holds them.
//!
//! Source: UPU S10, serial number

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::row::{Row, RowError, gather};
use crate::code::block_holder::BlockHolder;
use crate::code::serial_block::{SerialBlock, SerialBlockError};
use crate::code::serial_blocks::SerialBlocks;
use crate::code::service::ServiceIndicator;
use crate::ids::ServicePointId;

const FILE: &str = "serial_blocks.json";

/// One of `serial_blocks.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SerialBlockRecord {
    /// The two letters a label starts with, `EE`.
    pub service: String,
    /// The first serial, up to eight digits.
    pub first: u32,
    /// The last serial.
    pub last: u32,
    /// The service point that uses it; without one it serves orders that come in at no counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_point_code: Option<String>,
    /// Who gave the run out, and when.
    pub source_ref: String,
}

/// The blocks, none of them used yet; `offices` are the service points by code.
///
/// # Errors
/// Every fault, row by row; when the rows are in order, the first overlap.
pub fn read_serial_blocks(
    records: &[SerialBlockRecord],
    offices: &BTreeMap<String, ServicePointId>,
) -> Result<SerialBlocks, Vec<RowError>> {
    let rows = records.iter().enumerate().map(|(at, record)| {
        let about = format!("{}{:08}", record.service, record.first);
        let row = Row {
            file: FILE,
            row: at + 1,
            about: &about,
        };
        block(&row, record, offices)
    });
    SerialBlocks::new(gather(rows)?).map_err(|error| {
        let about = format!("{}{:08}", error.service, error.other);
        let at = records.iter().rposition(|record| record.first == error.other);
        let row = Row {
            file: FILE,
            row: at.unwrap_or_default() + 1,
            about: &about,
        };
        vec![row.fault(
            "first",
            format!(
                "dải số này trùng với dải {}{:08} đến {:08}",
                error.service, error.first, error.last
            ),
        )]
    })
}

fn block(
    row: &Row<'_>,
    record: &SerialBlockRecord,
    offices: &BTreeMap<String, ServicePointId>,
) -> Result<SerialBlock, RowError> {
    let service = ServiceIndicator::parse(&record.service)
        .ok()
        .filter(|service| !service.is_reserved())
        .ok_or_else(|| row.fault("service", "phải là hai chữ cái, chữ đầu không phải J, K, S, T hoặc W"))?;
    if record.source_ref.trim().is_empty() {
        return Err(row.fault("source_ref", "không được để trống"));
    }
    let holder = match &record.service_point_code {
        None => BlockHolder::Post,
        Some(code) => {
            let office = offices.get(code);
            let missing = || row.fault("service_point_code", format!("không có điểm phục vụ {code}"));
            BlockHolder::Office(*office.ok_or_else(missing)?)
        }
    };
    SerialBlock::new(service, record.first, record.last, holder).map_err(|error| match error {
        SerialBlockError::Serial => row.fault("last", "số thứ tự có tối đa tám chữ số"),
        SerialBlockError::Order | SerialBlockError::Next => row.fault("last", "số cuối nhỏ hơn số đầu"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn record(service: &str, first: u32, last: u32, office: Option<&str>) -> SerialBlockRecord {
        SerialBlockRecord {
            service: service.to_owned(),
            first,
            last,
            service_point_code: office.map(str::to_owned),
            source_ref: "bảng cấp số của bưu điện tỉnh".to_owned(),
        }
    }

    fn read(records: &[SerialBlockRecord]) -> Result<SerialBlocks, Vec<String>> {
        let offices = BTreeMap::from([("BC1".to_owned(), ServicePointId(Uuid::from_u128(1)))]);
        read_serial_blocks(records, &offices).map_err(|faults| faults.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_block_without_an_office_is_the_posts_own() {
        let blocks = read(&[record("EE", 1, 99, None), record("EE", 100, 199, Some("BC1"))]).expect("in order");
        let holders: Vec<BlockHolder> = blocks.as_slice().iter().map(SerialBlock::holder).collect();
        assert_eq!(
            holders,
            [
                BlockHolder::Post,
                BlockHolder::Office(ServicePointId(Uuid::from_u128(1)))
            ]
        );
    }

    #[test]
    fn every_fault_names_its_row_and_says_what_to_do() {
        let faults = read(&[
            record("E1", 1, 9, None),
            record("EE", 9, 1, None),
            record("EE", 1, 100_000_000, None),
            record("EE", 1, 9, Some("BC2")),
            record("JE", 1, 9, None),
        ]);
        let faults = faults.expect_err("none is in order");
        assert_eq!(faults.len(), 5);
        assert!(
            faults[3].contains("dòng 4") && faults[3].contains("không có điểm phục vụ BC2"),
            "{faults:?}"
        );
        let overlap = read(&[record("EE", 1, 50, None), record("EE", 50, 60, Some("BC1"))]).expect_err("50 twice");
        assert_eq!(
            overlap,
            ["serial_blocks.json, dòng 2 (EE00000050), trường first: dải số này trùng với dải EE00000001 đến 00000050"]
        );
    }
}
