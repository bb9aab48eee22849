//! Reads the files of a province's folder and turns them into rows.

use crate::cli::Failure;
use domain::code::serial_blocks::SerialBlocks;
use domain::ids::ServicePointId;
use domain::wire::agency::AgencyCodeRecord;
use domain::wire::province::{
    AgencyRecord, CalendarsRecord, CourierRecord, DeskRecord, HoursRecord, LgspClientRecord, OperatorRecord,
    ProcedureRecord, ProvinceRecord, ServicePointRecord, StaffRecord,
};
use domain::wire::row::RowError;
use domain::wire::rules::RuleSetRecord;
use domain::wire::serial_block::{SerialBlockRecord, read_serial_blocks};
use domain::wire::tariff::TariffFileRecord;
use domain::wire::units::{OtherCodeRecord, SuccessionRecord, ZoneRecord};
use entity::repo::reference::{Reference, id_of, operator_of};
use entity::repo::staff::Role;
use entity::table::{agency, commune, courier, desk, lgsp_client, postal_operator, procedure, service_point, staff};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::path::Path;

/// A row of `communes.csv`. Old names are separated by semicolons.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct CommuneRow {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) old_names: String,
    pub(super) lat: f64,
    pub(super) lon: f64,
}

/// Everything in the folder, as read.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    pub(super) province: ProvinceRecord,
    pub(super) communes: Vec<CommuneRow>,
    pub(super) operators: Vec<OperatorRecord>,
    pub(super) service_points: Vec<ServicePointRecord>,
    pub(super) agencies: Vec<AgencyRecord>,
    pub(super) desks: Vec<DeskRecord>,
    pub(super) couriers: Vec<CourierRecord>,
    pub(super) staff: Vec<StaffRecord>,
    pub(super) procedures: Vec<ProcedureRecord>,
    pub(super) calendars: CalendarsRecord,
    pub(super) lgsp_clients: Vec<LgspClientRecord>,
    pub(super) agency_codes: Vec<AgencyCodeRecord>,
    pub(super) rules: Vec<RuleSetRecord>,
    pub(super) tariff: TariffFileRecord,
    pub(super) successions: Vec<SuccessionRecord>,
    pub(super) zones: Vec<ZoneRecord>,
    pub(super) other_codes: Vec<OtherCodeRecord>,
    pub(super) serial_blocks: Vec<SerialBlockRecord>,
}

impl Folder {
    pub(super) fn read(folder: &Path) -> Result<Self, Failure> {
        Ok(Self {
            province: record(folder, "province.json")?,
            communes: csv(folder, "communes.csv")?,
            operators: optional(folder, "operators.json")?,
            service_points: record(folder, "service_points.json")?,
            agencies: record(folder, "agencies.json")?,
            desks: record(folder, "desks.json")?,
            couriers: record(folder, "couriers.json")?,
            staff: record(folder, "staff.json")?,
            procedures: record(folder, "procedures.json")?,
            calendars: record(folder, "calendar.json")?,
            lgsp_clients: record(folder, "lgsp_clients.json")?,
            agency_codes: agency_codes(folder)?,
            rules: record(folder, "rules.json")?,
            tariff: record(folder, "tariff.json")?,
            successions: csv(folder, "successions.csv")?,
            zones: csv(folder, "zones.csv")?,
            other_codes: csv(folder, "other_codes.csv")?,
            serial_blocks: record(folder, "serial_blocks.json")?,
        })
    }

    /// The runs of label serials.
    pub(super) fn blocks(&self) -> Result<SerialBlocks, Vec<RowError>> {
        let offices = self.service_points.iter();
        let offices = offices
            .map(|row| (row.code.clone(), ServicePointId(id_of("service_point", &row.code))))
            .collect();
        read_serial_blocks(&self.serial_blocks, &offices)
    }

    /// The rows, and who each login is, for display.
    pub(super) fn into_reference(self) -> Result<(Reference, Vec<(String, String)>), Failure> {
        let mut who: Vec<(String, String)> = Vec::new();
        who.extend(
            self.staff
                .iter()
                .map(|row| (row.login.clone(), format!("{} ({})", row.name, row.roles.join(", ")))),
        );
        who.extend(
            self.couriers
                .iter()
                .map(|row| (row.login.clone(), format!("{} (courier)", row.name))),
        );
        who.extend(self.lgsp_clients.iter().map(|row| (client_key(row), row.name.clone())));
        let clients = self.lgsp_clients.iter().map(client_row).collect::<Result<_, _>>()?;
        let files = vec![
            ("agencies.json", json!(self.agencies)),
            ("service_points.json", json!(self.service_points)),
            ("desks.json", json!(self.desks)),
            ("agency_codes.json", json!(self.agency_codes)),
            ("rules.json", json!(self.rules)),
            ("tariff.json", json!(self.tariff)),
            ("successions.csv", json!(self.successions)),
            ("zones.csv", json!(self.zones)),
            ("other_codes.csv", json!(self.other_codes)),
        ];
        let mut staff: Vec<staff::Model> = self.staff.iter().map(staff_row).collect();
        staff.extend(self.couriers.iter().map(courier_as_staff));
        let reference = Reference {
            operators: self.operators.into_iter().map(operator_row).collect(),
            communes: self.communes.into_iter().map(commune_row).collect(),
            agencies: self.agencies.into_iter().map(agency_row).collect(),
            service_points: self.service_points.into_iter().map(service_point_row).collect(),
            desks: self.desks.into_iter().map(desk_row).collect(),
            couriers: self.couriers.iter().map(courier_row).collect::<Result<_, _>>()?,
            staff,
            procedures: self.procedures.into_iter().map(procedure_row).collect(),
            calendar: self.calendars,
            files,
            lgsp_clients: clients,
        };
        Ok((reference, who))
    }
}

/// `agency_codes.json` alone.
pub(super) fn agency_codes(folder: &Path) -> Result<Vec<AgencyCodeRecord>, Failure> {
    record(folder, "agency_codes.json")
}

fn refused(name: &str, why: impl std::fmt::Display) -> Failure {
    Failure::Refused(format!("{name}: {why}"))
}

fn text(folder: &Path, name: &str) -> Result<String, Failure> {
    let path = folder.join(name);
    std::fs::read_to_string(&path).map_err(Failure::io(path.display().to_string()))
}

fn record<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<T, Failure> {
    serde_json::from_str(&text(folder, name)?).map_err(|error| refused(name, error))
}

/// A file that a folder may be without.
fn optional<T: DeserializeOwned + Default>(folder: &Path, name: &str) -> Result<T, Failure> {
    if folder.join(name).exists() {
        record(folder, name)
    } else {
        Ok(T::default())
    }
}

fn csv<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<Vec<T>, Failure> {
    let content = text(folder, name)?;
    let mut reader = csv::Reader::from_reader(content.trim_start_matches('\u{feff}').as_bytes());
    reader
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|error| refused(name, error))
}

fn commune_row(row: CommuneRow) -> commune::Model {
    commune::Model {
        old_names: row.old_names,
        code: row.code,
        name: row.name,
        kind: row.kind,
        lat: row.lat,
        lon: row.lon,
    }
}

fn operator_row(row: OperatorRecord) -> postal_operator::Model {
    postal_operator::Model {
        id: id_of("operator", &row.code),
        code: row.code,
        name: row.name,
    }
}

fn agency_row(row: AgencyRecord) -> agency::Model {
    agency::Model {
        id: id_of("agency", &row.code),
        code: row.code,
        name: row.name,
    }
}

fn service_point_row(row: ServicePointRecord) -> service_point::Model {
    service_point::Model {
        id: id_of("service_point", &row.code),
        territory: Some(row.territory.to_string()),
        code: row.code,
        name: row.name,
        commune_code: row.commune_code,
        pos_code: row.pos_code,
        operator_id: operator_of(row.operator_code.as_deref()).0,
        lat: row.lat,
        lon: row.lon,
    }
}

fn desk_row(row: DeskRecord) -> desk::Model {
    desk::Model {
        id: id_of("desk", &row.code),
        agency_id: id_of("agency", &row.agency_code),
        service_point_id: row.service_point_code.map(|code| id_of("service_point", &code)),
        code: row.code,
        name: row.name,
        commune_code: row.commune_code,
        lat: row.lat,
        lon: row.lon,
    }
}

fn staff_row(row: &StaffRecord) -> staff::Model {
    let place = |kind: &str, code: &Option<String>| code.as_deref().map(|code| id_of(kind, code));
    staff::Model {
        id: id_of("staff", &row.login),
        login: row.login.clone(),
        name: row.name.clone(),
        roles: serde_json::json!(row.roles).to_string(),
        password_hash: None,
        service_point_id: place("service_point", &row.service_point_code),
        desk_id: place("desk", &row.desk_code),
        agency_id: place("agency", &row.agency_code),
        operator_id: row.operator_code.as_deref().map(|code| operator_of(Some(code)).0),
        active: true,
    }
}

fn courier_as_staff(row: &CourierRecord) -> staff::Model {
    staff::Model {
        id: id_of("staff", &row.login),
        login: row.login.clone(),
        name: row.name.clone(),
        roles: serde_json::json!([Role::Courier.as_str()]).to_string(),
        password_hash: None,
        service_point_id: Some(id_of("service_point", &row.service_point_code)),
        desk_id: None,
        agency_id: None,
        operator_id: None,
        active: true,
    }
}

fn courier_row(row: &CourierRecord) -> Result<courier::Model, Failure> {
    let HoursRecord { from, to, .. } = &row.shift;
    let minutes = |text: &str| minutes(text).ok_or_else(|| refused("couriers.json", format!("{}: {text}", row.login)));
    Ok(courier::Model {
        staff_id: id_of("staff", &row.login),
        service_point_id: id_of("service_point", &row.service_point_code),
        areas: serde_json::json!(row.areas).to_string(),
        shift_from_min: minutes(from)?,
        shift_to_min: minutes(to)?,
        capacity: i64::from(row.capacity),
    })
}

/// `HH:MM` as minutes of the day.
pub(super) fn minutes(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    ((0..=24).contains(&hours) && (0..60).contains(&minutes)).then_some(hours * 60 + minutes)
}

fn procedure_row(row: ProcedureRecord) -> procedure::Model {
    procedure::Model {
        body: serde_json::json!(row).to_string(),
        limit_unit: row.limit_unit,
        code: row.code,
        name: row.name,
        sector: row.sector,
        limit_days: i64::from(row.limit_days),
        source_ref: row.source_ref,
    }
}

/// The key a one-stop client signs in with.
fn client_key(row: &LgspClientRecord) -> String {
    format!("lgsp-{}", row.customer_code.to_lowercase())
}

fn client_row(row: &LgspClientRecord) -> Result<lgsp_client::Model, Failure> {
    let profile = serde_json::to_value(row).map_err(|error| refused("lgsp_clients.json", error))?;
    Ok(lgsp_client::Model {
        id: id_of("lgsp_client", &row.customer_code),
        customer_code: row.customer_code.clone(),
        name: row.name.clone(),
        agency_id: id_of("agency", &row.agency_code),
        operator_id: operator_of(row.operator_code.as_deref()).0,
        client_key: client_key(row),
        secret_hash: String::new(),
        profile: profile.to_string(),
        public_key: None,
        active: true,
    })
}
