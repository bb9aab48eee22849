//! People who work here, and couriers among them.

use crate::StoreError;
use crate::table::{courier, desk, service_point, staff};
use domain::hat::Hat;
use domain::holder::Holder;
use domain::ids::{AgencyId, OperatorId, ServicePointId, StaffId};
use sea_orm::sea_query::{Condition, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

/// What a person may be here. One person with two hats has two roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Carries items.
    Courier,
    /// Works at a post office counter.
    PostAgent,
    /// Runs a post office: assignments, exceptions, devices.
    PostSupervisor,
    /// Works at a one-stop desk, for the State.
    DeskAgent,
    /// Receives for an agency.
    AgencyReceiver,
    /// Runs an agency: its people, its reports.
    AgencyManager,
    /// Runs the installation: people, tariffs, settings.
    OpsAdmin,
    /// Keeps the keys: devices, the log's signers.
    KeyAdmin,
    /// Looks at what was done and may do nothing.
    Auditor,
}

impl Role {
    /// Every role with its stable name.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::Courier, "courier"),
        (Self::PostAgent, "post_agent"),
        (Self::PostSupervisor, "post_supervisor"),
        (Self::DeskAgent, "desk_agent"),
        (Self::AgencyReceiver, "agency_receiver"),
        (Self::AgencyManager, "agency_manager"),
        (Self::OpsAdmin, "ops_admin"),
        (Self::KeyAdmin, "key_admin"),
        (Self::Auditor, "auditor"),
    ];

    /// Why these roles may not be one person's, when they may not (nobody watches or keeps the keys to their own work).
    pub fn conflict(roles: &[Self]) -> Option<&'static str> {
        let has = |role| roles.contains(&role);
        if has(Self::OpsAdmin) && has(Self::KeyAdmin) {
            Some("ops_admin and key_admin are two people")
        } else if has(Self::Auditor) && roles.iter().any(|role| *role != Self::Auditor) {
            Some("an auditor has no other role")
        } else {
            None
        }
    }

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(role, _)| *role == self)
            .map_or("", |(_, name)| name)
    }

    /// The role of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(role, _)| *role)
    }
}

/// The people of a postal operator: of its offices, and those it is named for.
pub(super) fn works_for(operator: OperatorId) -> Condition {
    let points = Query::select()
        .column(service_point::Column::Id)
        .from(service_point::Entity)
        .and_where(service_point::Column::OperatorId.eq(operator.0))
        .to_owned();
    Condition::any()
        .add(staff::Column::ServicePointId.in_subquery(points))
        .add(staff::Column::OperatorId.eq(operator.0))
}

/// A member of staff.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their id.
    pub id: StaffId,
    /// Login name.
    pub login: String,
    /// Name for display.
    pub name: String,
    /// What they may be.
    pub roles: Vec<Role>,
    /// Their password's argon2id string, when they may sign in.
    pub password_hash: Option<String>,
    /// Their post office.
    pub service_point: Option<ServicePointId>,
    /// Their agency, directly or through their desk.
    pub agency: Option<AgencyId>,
    /// The postal operator they work for: their office's, else the one named for them; none for the State's people.
    pub operator: Option<OperatorId>,
    /// Name of the office, for display.
    pub office_name: String,
}

impl Person {
    /// The parties this person may sign for, by hat.
    pub fn hats(&self) -> Vec<(Hat, Holder)> {
        let mut hats = Vec::new();
        for role in &self.roles {
            match role {
                Role::Courier => hats.push((Hat::Carrier, Holder::Staff(self.id))),
                Role::PostAgent => {
                    hats.extend(
                        self.service_point
                            .map(|point| (Hat::PostAgent, Holder::ServicePoint(point))),
                    );
                }
                Role::DeskAgent => hats.extend(self.agency.map(|agency| (Hat::DeskAgent, Holder::Agency(agency)))),
                Role::AgencyReceiver => {
                    hats.extend(self.agency.map(|agency| (Hat::AgencyReceiver, Holder::Agency(agency))));
                }
                Role::PostSupervisor | Role::AgencyManager | Role::OpsAdmin | Role::KeyAdmin | Role::Auditor => {}
            }
        }
        hats
    }

    /// Whether they hold this role.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// The active person of this login.
///
/// # Errors
/// When the database fails or the row cannot be read.
pub async fn by_login(db: &impl ConnectionTrait, login: &str) -> Result<Option<Person>, StoreError> {
    let row = staff::Entity::find()
        .filter(staff::Column::Login.eq(login))
        .filter(staff::Column::Active.eq(true))
        .one(db)
        .await?;
    match row {
        Some(row) => person(db, row).await.map(Some),
        None => Ok(None),
    }
}

/// The active person of this id.
///
/// # Errors
/// When the database fails or the row cannot be read.
pub async fn by_id(db: &impl ConnectionTrait, id: StaffId) -> Result<Option<Person>, StoreError> {
    let row = staff::Entity::find_by_id(id.0)
        .filter(staff::Column::Active.eq(true))
        .one(db)
        .await?;
    match row {
        Some(row) => person(db, row).await.map(Some),
        None => Ok(None),
    }
}

/// The names of these people, whether they still work here or not.
///
/// # Errors
/// When the database fails.
pub async fn names(
    db: &impl ConnectionTrait,
    ids: std::collections::BTreeSet<uuid::Uuid>,
) -> Result<std::collections::HashMap<uuid::Uuid, String>, StoreError> {
    let rows: Vec<(uuid::Uuid, String)> = staff::Entity::find()
        .select_only()
        .columns([staff::Column::Id, staff::Column::Name])
        .filter(staff::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

async fn person(db: &impl ConnectionTrait, row: staff::Model) -> Result<Person, StoreError> {
    let names: Vec<String> =
        serde_json::from_str(&row.roles).map_err(|error| StoreError::corrupt("staff", row.id, error))?;
    let roles = names
        .iter()
        .map(|name| Role::parse(name).ok_or_else(|| StoreError::corrupt("staff", row.id, format!("role {name}"))))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(why) = Role::conflict(&roles) {
        return Err(StoreError::corrupt("staff", row.id, why));
    }
    let desk = match row.desk_id {
        Some(id) => desk::Entity::find_by_id(id).one(db).await?,
        None => None,
    };
    let point = match row.service_point_id {
        Some(id) => service_point::Entity::find_by_id(id).one(db).await?,
        None => None,
    };
    let agency = row.agency_id.or(desk.as_ref().map(|desk| desk.agency_id)).map(AgencyId);
    let operator = point.as_ref().map(|point| point.operator_id).or(row.operator_id);
    let office_name = desk
        .map(|desk| desk.name)
        .or(point.map(|point| point.name))
        .unwrap_or_default();
    Ok(Person {
        id: StaffId(row.id),
        login: row.login,
        name: row.name,
        roles,
        password_hash: row.password_hash,
        service_point: row.service_point_id.map(ServicePointId),
        agency,
        operator: operator.map(OperatorId),
        office_name,
    })
}

/// A courier as the assignment sees one. Times are minutes of the local day.
#[derive(Debug, Clone)]
pub struct CourierRow {
    /// Who.
    pub staff: StaffId,
    /// Their post office.
    pub service_point: ServicePointId,
    /// Commune codes they know.
    pub areas: Vec<String>,
    /// Start of shift.
    pub shift_from_min: i64,
    /// End of shift.
    pub shift_to_min: i64,
    /// Items they can carry in a day.
    pub capacity: i64,
}

/// Every courier.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn couriers(db: &impl ConnectionTrait) -> Result<Vec<CourierRow>, StoreError> {
    let rows = courier::Entity::find().all(db).await?;
    rows.into_iter()
        .map(|row| {
            Ok(CourierRow {
                areas: serde_json::from_str(&row.areas)
                    .map_err(|error| StoreError::corrupt("courier", row.staff_id, error))?,
                staff: StaffId(row.staff_id),
                service_point: ServicePointId(row.service_point_id),
                shift_from_min: row.shift_from_min,
                shift_to_min: row.shift_to_min,
                capacity: row.capacity,
            })
        })
        .collect()
}
