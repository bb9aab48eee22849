//! The rule set that is in force on a day.

use super::province_file;
use crate::StoreError;
use domain::rules::{RuleSet, RuleSets};
use domain::wire::rules::{RuleSetRecord, read_rules};
use sea_orm::ConnectionTrait;
use time::Date;

/// The file they are in.
const FILE: &str = "rules.json";

/// Every rule set the province has loaded.
///
/// # Errors
/// When the database fails or what it holds are no rules.
pub async fn all(db: &impl ConnectionTrait) -> Result<RuleSets, StoreError> {
    let records: Vec<RuleSetRecord> = province_file::find(db, FILE).await?.unwrap_or_default();
    read_rules(&records).map_err(|faults| {
        let first = faults.first().map(ToString::to_string).unwrap_or_default();
        StoreError::corrupt("province_file", FILE, first)
    })
}

/// The rules of a day; none when the province has loaded none for it, and the law's own hold.
///
/// # Errors
/// When the database fails or what it holds are no rules.
pub async fn in_force(db: &impl ConnectionTrait, day: Date) -> Result<Option<RuleSet>, StoreError> {
    Ok(all(db).await?.in_force(day).cloned())
}
