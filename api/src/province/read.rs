//! Reads the province: rows for what routes, whole files for what only people need, such as hours and addresses.
//!
//! A file that was not kept when the province was loaded leaves its answers open; nothing is refused for it.

use super::{CommuneEntry, DeskEntry, Former, PointEntry, Province};
use domain::place::{Commune, fold_vietnamese};
use domain::wire::province::{AgencyRecord, DeskRecord, ServicePointRecord};
use domain::wire::units::SuccessionRecord;
use entity::repo::{catalogue, province_file, reference, setting};
use entity::table::{agency, desk, service_point};
use entity::{Store, StoreError};
use routing::assign::Settings;
use routing::place::Place;
use routing::territory::{ServicePoint, serving};
use serde::de::DeserializeOwned;

pub(super) async fn province(store: &Store) -> Result<Province, StoreError> {
    let db = store.open();
    let mut points = reference::service_points(db).await?;
    points.sort_by_cached_key(|point| fold_vietnamese(&point.name));
    let mut desks = reference::all_desks(db).await?;
    desks.sort_by_cached_key(|desk| fold_vietnamese(&desk.name));
    let mut places = reference::places(db).await?;
    places.sort_by_cached_key(|commune| (fold_vietnamese(&commune.name), commune.code.clone()));
    let agencies = reference::agencies(db).await?;
    let successions: Vec<SuccessionRecord> = file(store, "successions.csv").await?;
    let served = served(&places, &points)?;
    let communes = places.into_iter().zip(served).map(|(commune, served_by)| CommuneEntry {
        made_of: made_of(&commune, &successions),
        commune,
        served_by,
    });
    Ok(Province {
        name: setting::get(db, "province_name").await?,
        code: setting::get(db, "province").await?,
        agencies: agencies.len(),
        communes: communes.collect(),
        desks: desk_entries(store, desks, &agencies, &points).await?,
        points: point_entries(store, points).await?,
        catalogue: catalogue::all(db).await?,
    })
}

async fn file<T: DeserializeOwned>(store: &Store, name: &str) -> Result<Vec<T>, StoreError> {
    Ok(province_file::find(store.open(), name).await?.unwrap_or_default())
}

/// What a commune was made of: the table of successions knows codes and parts; without it the commune's own row has names.
fn made_of(commune: &Commune, successions: &[SuccessionRecord]) -> Vec<Former> {
    let known: Vec<Former> = successions
        .iter()
        .filter(|line| line.new_code == commune.code)
        .map(|line| Former {
            name: line.old_name.clone(),
            code: Some(line.old_code.clone()),
            is_part: line.extent == "part",
        })
        .collect();
    if !known.is_empty() {
        return known;
    }
    let named = commune.old_names.iter().map(|old| Former {
        name: old.kind.map_or_else(
            || old.name.clone(),
            |kind| format!("{} {}", kind.vietnamese(), old.name),
        ),
        code: None,
        is_part: false,
    });
    named.collect()
}

/// The service point that serves each commune's centre, by the rule by which items are assigned.
fn served(communes: &[Commune], points: &[service_point::Model]) -> Result<Vec<Option<usize>>, StoreError> {
    let routed = points.iter().map(routed).collect::<Result<Vec<_>, _>>()?;
    let max_distance_m = Settings::default().max_distance_m;
    let of = |commune: &Commune| {
        let place = Place::new(commune.lat, commune.lon).ok()?;
        let served = serving(place, &routed, max_distance_m)?;
        routed.iter().position(|point| point.id == served.id)
    };
    Ok(communes.iter().map(of).collect())
}

fn routed(row: &service_point::Model) -> Result<ServicePoint, StoreError> {
    ServicePoint::read(row.id.into(), (row.lat, row.lon), row.territory.as_deref())
        .map_err(|error| StoreError::corrupt("service_point", &row.code, error))
}

async fn point_entries(store: &Store, rows: Vec<service_point::Model>) -> Result<Vec<PointEntry>, StoreError> {
    let records: Vec<ServicePointRecord> = file(store, "service_points.json").await?;
    let entry = |row: service_point::Model| {
        let record = records.iter().find(|record| record.code == row.code);
        PointEntry {
            postcode: record.and_then(|record| record.postcode.clone()),
            hours: record.map(|record| record.opening_hours.clone()).unwrap_or_default(),
            name: row.name,
            commune_code: row.commune_code,
        }
    };
    Ok(rows.into_iter().map(entry).collect())
}

async fn desk_entries(
    store: &Store,
    rows: Vec<desk::Model>,
    agencies: &[agency::Model],
    points: &[service_point::Model],
) -> Result<Vec<DeskEntry>, StoreError> {
    let records: Vec<DeskRecord> = file(store, "desks.json").await?;
    let addresses: Vec<AgencyRecord> = file(store, "agencies.json").await?;
    let entry = |row: desk::Model| {
        let agency = agencies.iter().find(|agency| agency.id == row.agency_id);
        let address = agency.and_then(|agency| addresses.iter().find(|record| record.code == agency.code));
        let run_by = row
            .service_point_id
            .and_then(|id| points.iter().position(|point| point.id == id));
        let inside = run_by.and_then(|at| points.get(at));
        let record = records.iter().find(|record| record.code == row.code);
        DeskEntry {
            agency: agency.map(|agency| agency.name.clone()).unwrap_or_default(),
            address: address.map(|record| record.address.clone()),
            run_by,
            is_inside: inside.is_some_and(|point| is_one_place((point.lat, point.lon), (row.lat, row.lon))),
            hours: record.map(|record| record.opening_hours.clone()).unwrap_or_default(),
            name: row.name,
            commune_code: row.commune_code,
        }
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// Whether two positions are one house.
fn is_one_place(one: (f64, f64), other: (f64, f64)) -> bool {
    const HOUSE_M: u32 = 50;
    let place = |(lat, lon)| Place::new(lat, lon).ok();
    place(one)
        .zip(place(other))
        .is_some_and(|(one, other)| one.distance_m(other) <= HOUSE_M)
}
