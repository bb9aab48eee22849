//! What the records of the law's files find wrong by themselves: procedures, rules, tariffs, agencies, units, calendars. Each
//! fault names file, row and field.

use super::read::Folder;
use domain::calendar::CalendarBook;
use domain::catalogue::LegacyLevels;
use domain::wire::agency::{read_agencies, read_agency_codes};
use domain::wire::procedure::read_procedures;
use domain::wire::row::RowError;
use domain::wire::rules::read_rules;
use domain::wire::tariff::{read_geography, read_tariffs};
use domain::wire::units::{read_other_codes, read_successions, read_zones};

/// Faults, one in a line.
pub(super) fn lines(faults: &[RowError]) -> String {
    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    faults.join("\n")
}

/// Every fault of those files.
pub(super) fn faults(folder: &Folder) -> Vec<String> {
    let mut found = Vec::new();
    let mut keep =
        |faults: Option<Vec<RowError>>| found.extend(faults.into_iter().flatten().map(|one| one.to_string()));
    keep(read_procedures(&folder.procedures, &LegacyLevels::default()).err());
    keep(read_rules(&folder.rules).err());
    keep(read_agencies(&folder.agencies).err());
    keep(read_agency_codes(&folder.agency_codes).err());
    keep(read_tariffs(&folder.tariff).err());
    keep(read_successions(&folder.successions).err());
    keep(read_other_codes(&folder.other_codes).err());
    keep(folder.blocks().err());
    match read_zones(&folder.zones) {
        Ok(zones) => keep(read_geography(&folder.tariff, zones).err()),
        Err(faults) => keep(Some(faults)),
    }
    if let Err(error) = CalendarBook::try_from(folder.calendars.clone()) {
        found.push(format!("calendar.json: {error}"));
    }
    found
}
