//! The province of the day: the real folder, with a day that is whatever hour it is played at.

use crate::cli::Failure;
use domain::wire::province::{AgencyRecord, CourierRecord, DeskRecord, LgspClientRecord, ProcedureRecord, StaffRecord};
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// What the driver needs to know of a province.
pub(super) struct Province {
    /// The folder to load.
    pub(super) folder: PathBuf,
    pub(super) communes: Vec<Commune>,
    pub(super) agencies: Vec<AgencyRecord>,
    pub(super) desks: Vec<DeskRecord>,
    pub(super) couriers: Vec<CourierRecord>,
    pub(super) staff: Vec<StaffRecord>,
    pub(super) clients: Vec<LgspClientRecord>,
    pub(super) procedures: Vec<ProcedureRecord>,
}

/// A commune as an address names it.
#[derive(Debug, Clone)]
pub(super) struct Commune {
    pub(super) code: String,
    /// With its kind: `phường Tịnh Biên`.
    pub(super) name: String,
}

impl Province {
    /// Copies the folder and gives every courier of the copy a shift around the clock: the driver's day begins when it is
    /// called, and the server assigns by its own clock.
    pub(super) fn prepare(from: &Path, into: &Path, couriers: usize) -> Result<Self, Failure> {
        std::fs::create_dir_all(into).map_err(Failure::io(into.display().to_string()))?;
        for entry in std::fs::read_dir(from).map_err(Failure::io(from.display().to_string()))? {
            let path = entry.map_err(Failure::io(from.display().to_string()))?.path();
            if let Some(name) = path.file_name().filter(|_| path.is_file()) {
                std::fs::copy(&path, into.join(name)).map_err(Failure::io(path.display().to_string()))?;
            }
        }
        let mut province = Self {
            communes: communes(into)?,
            agencies: read(into, "agencies.json")?,
            desks: read(into, "desks.json")?,
            couriers: read(into, "couriers.json")?,
            staff: read(into, "staff.json")?,
            clients: read(into, "lgsp_clients.json")?,
            procedures: read(into, "procedures.json")?,
            folder: into.to_owned(),
        };
        province.couriers.truncate(couriers);
        for courier in &mut province.couriers {
            courier.shift.days = (1..=7).collect();
            "00:00".clone_into(&mut courier.shift.from);
            "24:00".clone_into(&mut courier.shift.to);
        }
        let path = into.join("couriers.json");
        let text = serde_json::to_vec_pretty(&province.couriers).map_err(refused("couriers.json"))?;
        std::fs::write(&path, text).map_err(Failure::io(path.display().to_string()))?;
        Ok(province)
    }

    /// The commune of a code.
    pub(super) fn commune(&self, code: &str) -> Option<&Commune> {
        self.communes.iter().find(|commune| commune.code == code)
    }

    /// The agency of a code.
    pub(super) fn agency(&self, code: &str) -> Option<&AgencyRecord> {
        self.agencies.iter().find(|agency| agency.code == code)
    }

    /// The supervisor who answers for a person's devices: of their own office, or of the office that runs their desk.
    pub(super) fn supervisor(&self, point: Option<&str>, desk: Option<&str>) -> Option<&StaffRecord> {
        let run_by = desk.and_then(|code| {
            self.desks
                .iter()
                .find(|one| one.code == code)?
                .service_point_code
                .as_deref()
        });
        self.staff
            .iter()
            .filter(|person| person.roles.iter().any(|role| role == "post_supervisor"))
            .find(|person| {
                let office = person.service_point_code.as_deref();
                office.is_some() && (office == point || office == run_by)
            })
    }
}

fn refused(name: &str) -> impl Fn(serde_json::Error) -> Failure {
    let name = name.to_owned();
    move |error| Failure::Refused(format!("{name}: {error}"))
}

fn read<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<T, Failure> {
    let path = folder.join(name);
    let text = std::fs::read_to_string(&path).map_err(Failure::io(path.display().to_string()))?;
    serde_json::from_str(&text).map_err(refused(name))
}

fn communes(folder: &Path) -> Result<Vec<Commune>, Failure> {
    let path = folder.join("communes.csv");
    let text = std::fs::read_to_string(&path).map_err(Failure::io(path.display().to_string()))?;
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows = reader.records().map(|row| {
        let row = row.map_err(|error| Failure::Refused(format!("communes.csv: {error}")))?;
        let column = |at: usize| row.get(at).unwrap_or_default().trim().to_owned();
        Ok(Commune {
            code: column(0),
            name: format!("{} {}", column(2), column(1)),
        })
    });
    rows.collect()
}
