//! Who works here, as whoever runs an operator, an office or an agency reads it.

use super::assignment;
use super::device::{self, Device};
use super::reference::FIRST_OPERATOR;
use super::staff::CourierRow;
use super::staff_change::roles_of;
use crate::StoreError;
use crate::table::{agency, desk, second_factor, service_point, staff};
use domain::ids::{AgencyId, OperatorId, ServicePointId, StaffId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Whose people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A postal operator's. The State's people, who are no operator's, belong to whoever runs the installation: the first.
    Operator(OperatorId),
    /// A post office's.
    ServicePoint(ServicePointId),
    /// An agency's, at its desks and beside them.
    Agency(AgencyId),
}

/// Somebody, with the codes of their places.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Their id.
    pub id: StaffId,
    /// Login name.
    pub login: String,
    /// Name for display.
    pub name: String,
    /// Names of their roles.
    pub roles: Vec<&'static str>,
    /// Code of their post office.
    pub service_point: Option<String>,
    /// Code of their desk.
    pub desk: Option<String>,
    /// Code of their agency, when no desk says it.
    pub agency: Option<String>,
    /// Whether they work here still.
    pub is_active: bool,
    /// Whether they have a password.
    pub has_password: bool,
    /// Whether they have a second factor that counts.
    pub has_second_factor: bool,
}

impl Entry {
    /// What a change of this person changes, for before and after.
    pub fn value(&self) -> Value {
        json!({
            "name": self.name, "roles": self.roles, "service_point": self.service_point, "desk": self.desk,
            "agency": self.agency, "active": self.is_active, "can_sign_in": self.is_active && self.has_password,
            "has_second_factor": self.has_second_factor,
        })
    }

    /// Names this very standing: another one has another name.
    pub fn version(&self) -> String {
        version_of(&self.value())
    }
}

/// The name of a standing.
pub(super) fn version_of(value: &Value) -> String {
    hex::encode(&Sha256::digest(value.to_string())[..16])
}

/// The places people work at, to tell their codes.
#[derive(Debug)]
pub(super) struct Directory {
    points: HashMap<Uuid, service_point::Model>,
    desks: HashMap<Uuid, desk::Model>,
    agencies: HashMap<Uuid, agency::Model>,
}

impl Directory {
    pub(super) async fn load(db: &impl ConnectionTrait) -> Result<Self, StoreError> {
        let points = service_point::Entity::find().all(db).await?;
        let desks = desk::Entity::find().all(db).await?;
        let agencies = agency::Entity::find().all(db).await?;
        Ok(Self {
            points: points.into_iter().map(|row| (row.id, row)).collect(),
            desks: desks.into_iter().map(|row| (row.id, row)).collect(),
            agencies: agencies.into_iter().map(|row| (row.id, row)).collect(),
        })
    }

    /// Whose person this is.
    pub(super) fn operator(&self, row: &staff::Model) -> OperatorId {
        let point = row.service_point_id.and_then(|id| self.points.get(&id));
        let named = point.map(|point| point.operator_id).or(row.operator_id);
        named.map_or(FIRST_OPERATOR, OperatorId)
    }

    fn agency(&self, row: &staff::Model) -> Option<Uuid> {
        let desk = row.desk_id.and_then(|id| self.desks.get(&id));
        row.agency_id.or(desk.map(|desk| desk.agency_id))
    }

    fn is_of(&self, of: Of, row: &staff::Model) -> bool {
        match of {
            Of::Operator(id) => self.operator(row) == id,
            Of::ServicePoint(id) => row.service_point_id == Some(id.0),
            Of::Agency(id) => self.agency(row) == Some(id.0),
        }
    }

    pub(super) fn entry(&self, row: &staff::Model, has_second_factor: bool) -> Result<Entry, StoreError> {
        let roles = roles_of(row)?;
        Ok(Entry {
            id: StaffId(row.id),
            login: row.login.clone(),
            name: row.name.clone(),
            roles: roles.into_iter().map(super::staff::Role::as_str).collect(),
            service_point: row
                .service_point_id
                .and_then(|id| self.points.get(&id))
                .map(|point| point.code.clone()),
            desk: row
                .desk_id
                .and_then(|id| self.desks.get(&id))
                .map(|desk| desk.code.clone()),
            agency: row
                .agency_id
                .and_then(|id| self.agencies.get(&id))
                .map(|agency| agency.code.clone()),
            is_active: row.active,
            has_password: row.password_hash.is_some(),
            has_second_factor,
        })
    }
}

/// Everybody of these, by login, those who left among them.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn list(db: &impl ConnectionTrait, of: Of) -> Result<Vec<Entry>, StoreError> {
    let places = Directory::load(db).await?;
    let factors = second_factor::Entity::find()
        .filter(second_factor::Column::ConfirmedAt.is_not_null())
        .all(db)
        .await?;
    let factors: HashSet<Uuid> = factors.into_iter().map(|factor| factor.staff_id).collect();
    let rows = staff::Entity::find().order_by_asc(staff::Column::Login).all(db).await?;
    let theirs = rows.iter().filter(|row| places.is_of(of, row));
    theirs.map(|row| places.entry(row, factors.contains(&row.id))).collect()
}

/// One of these.
///
/// # Errors
/// When the database fails or the row cannot be read.
pub async fn find(db: &impl ConnectionTrait, of: Of, id: StaffId) -> Result<Option<Entry>, StoreError> {
    let Some(row) = staff::Entity::find_by_id(id.0).one(db).await? else {
        return Ok(None);
    };
    let places = Directory::load(db).await?;
    if !places.is_of(of, &row) {
        return Ok(None);
    }
    let factor = has_factor(db, &row).await?;
    places.entry(&row, factor).map(Some)
}

/// Whether somebody has a second factor that counts.
pub(super) async fn has_factor(db: &impl ConnectionTrait, row: &staff::Model) -> Result<bool, StoreError> {
    let factor = super::second_factor::of(db, StaffId(row.id)).await?;
    Ok(factor.is_some_and(|factor| factor.confirmed_at.is_some()))
}

/// A courier with their round and what they have to do now.
#[derive(Debug, Clone)]
pub struct CourierEntry {
    /// Communes, hours, load.
    pub round: CourierRow,
    /// Name for display.
    pub name: String,
    /// Code of their post office.
    pub office: String,
    /// Decisions that stand.
    pub stops: u32,
    /// Whether they work here still.
    pub is_active: bool,
}

/// The couriers of these, by name.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn couriers(db: &impl ConnectionTrait, of: Of) -> Result<Vec<CourierEntry>, StoreError> {
    let people = theirs(db, of).await?;
    let places = Directory::load(db).await?;
    let loads = assignment::loads(db).await?;
    let mut found: Vec<CourierEntry> = super::staff::couriers(db)
        .await?
        .into_iter()
        .filter_map(|round| {
            let person = people.get(&round.staff.0)?;
            let point = places.points.get(&round.service_point.0);
            Some(CourierEntry {
                name: person.name.clone(),
                office: point.map(|point| point.code.clone()).unwrap_or_default(),
                stops: loads.get(&round.staff).copied().unwrap_or(0),
                is_active: person.active,
                round,
            })
        })
        .collect();
    found.sort_by(|a, b| (&a.name, a.round.staff).cmp(&(&b.name, b.round.staff)));
    Ok(found)
}

/// A device with whose it is.
#[derive(Debug, Clone)]
pub struct DeviceEntry {
    /// The device.
    pub device: Device,
    /// The name of whose it is.
    pub name: String,
}

/// The devices of these people, in the order they were enrolled.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn devices(db: &impl ConnectionTrait, of: Of) -> Result<Vec<DeviceEntry>, StoreError> {
    let people = theirs(db, of).await?;
    let mut found: Vec<DeviceEntry> = device::all(db)
        .await?
        .into_iter()
        .filter_map(|device| {
            let name = people.get(&device.staff.0)?.name.clone();
            Some(DeviceEntry { device, name })
        })
        .collect();
    found.sort_by_key(|entry| entry.device.enrolled_index);
    Ok(found)
}

async fn theirs(db: &impl ConnectionTrait, of: Of) -> Result<HashMap<Uuid, staff::Model>, StoreError> {
    let places = Directory::load(db).await?;
    let rows = staff::Entity::find().all(db).await?;
    let theirs = rows.into_iter().filter(|row| places.is_of(of, row));
    Ok(theirs.map(|row| (row.id, row)).collect())
}
