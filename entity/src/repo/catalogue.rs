//! The procedures of the province as the catalogue reads them: by case and channel, each version in its time.

use crate::StoreError;
use crate::table::procedure;
use domain::catalogue::{Catalogue, LegacyLevels};
use domain::procedure_code::ProcedureCode;
use domain::wire::procedure::{ProcedureRecord, read_procedures};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use time::Date;

/// What a row holds that was loaded before whole records were kept.
const NO_RECORD: &str = "{}";

/// Every procedure that has a whole record. One that was loaded before records were kept is not among them until its folder
/// is loaded again.
///
/// # Errors
/// When the database fails or a record is not in order.
pub async fn all(db: &impl ConnectionTrait) -> Result<Catalogue, StoreError> {
    let rows = procedure::Entity::find()
        .order_by_asc(procedure::Column::Code)
        .all(db)
        .await?;
    let records = rows.iter().filter_map(|row| record(row).transpose());
    read(&records.collect::<Result<Vec<_>, _>>()?)
}

/// A procedure alone, in every version, when it has a whole record.
///
/// # Errors
/// When the record is not in order.
pub fn of(row: &procedure::Model) -> Result<Option<Catalogue>, StoreError> {
    record(row)?.map(|record| read(&[record])).transpose()
}

/// Whether a procedure has a case on a day; one without a whole record has none that can be named.
///
/// # Errors
/// When the record is not in order.
pub fn has_case(row: &procedure::Model, case: &str, day: Date) -> Result<bool, StoreError> {
    let (catalogue, code) = (of(row)?, ProcedureCode::parse(&row.code).ok());
    Ok(catalogue.zip(code).is_some_and(|(catalogue, code)| {
        catalogue
            .in_force(&code, day)
            .is_ok_and(|version| version.case(case).is_some())
    }))
}

/// The whole record of a row, if it was kept.
fn record(row: &procedure::Model) -> Result<Option<ProcedureRecord>, StoreError> {
    if row.body == NO_RECORD {
        return Ok(None);
    }
    let record = serde_json::from_str(&row.body).map_err(|error| StoreError::corrupt("procedure", &row.code, error))?;
    Ok(Some(record))
}

fn read(records: &[ProcedureRecord]) -> Result<Catalogue, StoreError> {
    read_procedures(records, &LegacyLevels::default()).map_err(|faults| {
        let about = faults.first().map(|fault| fault.about.clone()).unwrap_or_default();
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        StoreError::corrupt("procedure", about, faults.join("; "))
    })
}
