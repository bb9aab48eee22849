//! The tariff of the loaded province, and the geography its prices depend on.

use super::province_file;
use crate::StoreError;
use domain::place::Zones;
use domain::tariff::{Geography, Tariffs};
use domain::wire::row::RowError;
use domain::wire::tariff::{TariffFileRecord, read_geography, read_tariffs};
use domain::wire::units::{SuccessionRecord, ZoneRecord, read_zones};
use sea_orm::ConnectionTrait;

/// What a price is made of.
#[derive(Debug, Clone)]
pub struct Pricing {
    /// The tariffs by day.
    pub tariffs: Tariffs,
    /// Zones, regions and special areas.
    pub geography: Geography,
    /// What became of the units of before July 2025.
    pub successions: Vec<SuccessionRecord>,
}

/// The tariff, if one was loaded.
///
/// # Errors
/// When the database fails or a file is not what the import found it to be.
pub async fn pricing(db: &impl ConnectionTrait) -> Result<Option<Pricing>, StoreError> {
    let Some(file) = tariff_file(db).await? else {
        return Ok(None);
    };
    Ok(Some(Pricing {
        tariffs: read_tariffs(&file).map_err(|faults| bad("tariff.json", &faults))?,
        geography: geography(db).await?,
        successions: province_file::find(db, "successions.csv").await?.unwrap_or_default(),
    }))
}

/// The zones, and with a tariff its regions and special areas.
pub(super) async fn geography(db: &impl ConnectionTrait) -> Result<Geography, StoreError> {
    let zones: Vec<ZoneRecord> = province_file::find(db, "zones.csv").await?.unwrap_or_default();
    let zones: Zones = read_zones(&zones).map_err(|faults| bad("zones.csv", &faults))?;
    match tariff_file(db).await? {
        Some(tariff) => read_geography(&tariff, zones).map_err(|faults| bad("tariff.json", &faults)),
        None => Ok(Geography {
            zones,
            ..Geography::default()
        }),
    }
}

async fn tariff_file(db: &impl ConnectionTrait) -> Result<Option<TariffFileRecord>, StoreError> {
    province_file::find(db, "tariff.json").await
}

/// A file the import found in order and that this program does not.
fn bad(file: &str, faults: &[RowError]) -> StoreError {
    let why: Vec<String> = faults.iter().map(ToString::to_string).collect();
    StoreError::corrupt("province_file", file, why.join("; "))
}
