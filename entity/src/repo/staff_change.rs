//! Changes to who works here, made by whoever runs the installation.

use super::staff::Role;
use crate::StoreError;
use crate::repo::{second_factor, session, setting};
use crate::table::{agency, courier, desk, lgsp_client, postal_operator, service_point, staff};
use domain::ids::StaffId;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};

/// Somebody about to work here. Places are named by their codes.
#[derive(Debug, Clone, Default)]
pub struct NewPerson {
    /// Login name.
    pub login: String,
    /// Name for display.
    pub name: String,
    /// What they may be.
    pub roles: Vec<Role>,
    /// Where they work.
    pub places: Places,
}

/// Where somebody works, by code.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// Their post office.
    pub service_point: Option<String>,
    /// Their desk.
    pub desk: Option<String>,
    /// Their agency.
    pub agency: Option<String>,
    /// Their postal operator, when no post office says it.
    pub operator: Option<String>,
}

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// There is nobody of this login.
    #[error("nobody is called {0}")]
    Unknown(String),
    /// Somebody has this login already.
    #[error("{0} is somebody's login already")]
    Taken(String),
    /// There is no such place.
    #[error("there is no {0} with the code {1}")]
    NoPlace(&'static str, String),
    /// The roles do not go together, or miss their place.
    #[error("{0}")]
    Roles(&'static str),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sea_orm::DbErr> for ChangeError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

/// Everybody, by login, those who left among them.
///
/// # Errors
/// When the database fails.
pub async fn everybody(db: &impl ConnectionTrait) -> Result<Vec<staff::Model>, StoreError> {
    let query = staff::Entity::find().order_by_asc(staff::Column::Login);
    Ok(query.all(db).await?)
}

/// Lets somebody work here. `hash` is the argon2id string of their first password.
///
/// # Errors
/// [`ChangeError`].
pub async fn add(tx: &DatabaseTransaction, new: NewPerson, hash: String) -> Result<(), ChangeError> {
    let row = staff::Model {
        password_hash: Some(hash),
        ..newcomer(tx, new).await?
    };
    row.into_active_model().insert(tx).await?;
    Ok(setting::reference_changed(tx).await?)
}

/// The row of somebody about to work here, without a password; nothing is stored.
///
/// # Errors
/// [`ChangeError`].
pub async fn newcomer(db: &impl ConnectionTrait, new: NewPerson) -> Result<staff::Model, ChangeError> {
    if staff_of(db, &new.login).await?.is_some() {
        return Err(ChangeError::Taken(new.login));
    }
    let row = staff::Model {
        // The same as an import gives the login, so that a later import finds this person.
        id: super::reference::id_of("staff", &new.login),
        login: new.login,
        name: new.name,
        roles: names(&new.roles),
        password_hash: None,
        service_point_id: None,
        desk_id: None,
        agency_id: None,
        active: true,
        operator_id: None,
    };
    let row = at_places(db, row, new.places).await?;
    check(&new.roles, &row)?;
    Ok(row)
}

/// The row of somebody with these places and no other; nothing is stored.
async fn at_places(db: &impl ConnectionTrait, row: staff::Model, at: Places) -> Result<staff::Model, ChangeError> {
    let point = place::<service_point::Entity>(db, service_point::Column::Code, "service point", at.service_point);
    let desk = place::<desk::Entity>(db, desk::Column::Code, "desk", at.desk);
    let agency = place::<agency::Entity>(db, agency::Column::Code, "agency", at.agency);
    let operator = place::<postal_operator::Entity>(db, postal_operator::Column::Code, "postal operator", at.operator);
    Ok(staff::Model {
        service_point_id: point.await?.map(|row| row.id),
        desk_id: desk.await?.map(|row| row.id),
        agency_id: agency.await?.map(|row| row.id),
        operator_id: operator.await?.map(|row| row.id),
        ..row
    })
}

/// The row of somebody who works elsewhere, in the roles they have; nothing is stored.
///
/// # Errors
/// [`ChangeError`].
pub async fn moved(db: &impl ConnectionTrait, row: staff::Model, to: Places) -> Result<staff::Model, ChangeError> {
    let roles = roles_of(&row)?;
    let row = at_places(db, row, to).await?;
    check(&roles, &row)?;
    Ok(row)
}

/// The row of somebody with other roles; nothing is stored.
///
/// # Errors
/// [`ChangeError`].
pub fn with_roles(row: staff::Model, roles: &[Role]) -> Result<staff::Model, ChangeError> {
    check(roles, &row)?;
    Ok(staff::Model {
        roles: names(roles),
        ..row
    })
}

/// What somebody may be.
///
/// # Errors
/// When the row cannot be read.
pub fn roles_of(row: &staff::Model) -> Result<Vec<Role>, StoreError> {
    let names: Vec<String> =
        serde_json::from_str(&row.roles).map_err(|error| StoreError::corrupt("staff", row.id, error))?;
    let read = |name: &String| Role::parse(name).ok_or_else(|| StoreError::corrupt("staff", row.id, "a role"));
    names.iter().map(read).collect()
}

/// Somebody by their login, even when they left.
///
/// # Errors
/// When the database fails.
pub async fn staff_of(db: &impl ConnectionTrait, login: &str) -> Result<Option<staff::Model>, StoreError> {
    Ok(staff::Entity::find()
        .filter(staff::Column::Login.eq(login))
        .one(db)
        .await?)
}

async fn place<E: EntityTrait>(
    db: &impl ConnectionTrait,
    column: E::Column,
    what: &'static str,
    code: Option<String>,
) -> Result<Option<E::Model>, ChangeError> {
    let Some(code) = code else { return Ok(None) };
    let found = E::find().filter(column.eq(&code)).one(db).await?;
    found.map(Some).ok_or(ChangeError::NoPlace(what, code))
}

fn names(roles: &[Role]) -> String {
    let names: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
    serde_json::json!(names).to_string()
}

/// Each role needs the place it works at.
fn check(roles: &[Role], row: &staff::Model) -> Result<(), ChangeError> {
    if roles.is_empty() {
        return Err(ChangeError::Roles("somebody has at least one role"));
    }
    if let Some(why) = Role::conflict(roles) {
        return Err(ChangeError::Roles(why));
    }
    for role in roles {
        let (has, why) = match role {
            Role::Courier | Role::PostAgent | Role::PostSupervisor => (
                row.service_point_id.is_some(),
                "a role of the post needs a service point",
            ),
            Role::DeskAgent | Role::AgencyReceiver | Role::AgencyManager => (
                row.desk_id.is_some() || row.agency_id.is_some(),
                "a role of an agency needs a desk or an agency",
            ),
            Role::OpsAdmin | Role::KeyAdmin | Role::Auditor => (
                row.operator_id.is_some() || row.service_point_id.is_some(),
                "a role of the installation needs a postal operator",
            ),
        };
        if !has {
            return Err(ChangeError::Roles(why));
        }
    }
    Ok(())
}

async fn found(tx: &DatabaseTransaction, login: &str) -> Result<staff::Model, ChangeError> {
    let row = staff_of(tx, login).await?;
    row.ok_or_else(|| ChangeError::Unknown(login.to_owned()))
}

/// Gives somebody a new password and ends their sessions.
///
/// # Errors
/// [`ChangeError`].
pub async fn set_password(tx: &DatabaseTransaction, login: &str, hash: String, now_ms: i64) -> Result<(), ChangeError> {
    let row = found(tx, login).await?;
    change(tx, &row, staff::Column::PasswordHash, hash.into()).await?;
    Ok(session::end_all(tx, StaffId(row.id), "shut", now_ms).await?)
}

/// Gives somebody other roles; the sessions in a role that was taken away have ended by that.
///
/// # Errors
/// [`ChangeError`].
pub async fn set_roles(tx: &DatabaseTransaction, login: &str, roles: &[Role]) -> Result<(), ChangeError> {
    let row = with_roles(found(tx, login).await?, roles)?;
    change(tx, &row, staff::Column::Roles, row.roles.clone().into()).await
}

/// Lets somebody work elsewhere; their sessions end, since what they may see is another. A courier's round follows to a new
/// post office.
///
/// # Errors
/// [`ChangeError`].
pub async fn set_places(tx: &DatabaseTransaction, login: &str, to: Places, now_ms: i64) -> Result<(), ChangeError> {
    let row = moved(tx, found(tx, login).await?, to).await?;
    staff::Entity::update_many()
        .col_expr(staff::Column::ServicePointId, Expr::value(row.service_point_id))
        .col_expr(staff::Column::DeskId, Expr::value(row.desk_id))
        .col_expr(staff::Column::AgencyId, Expr::value(row.agency_id))
        .col_expr(staff::Column::OperatorId, Expr::value(row.operator_id))
        .filter(staff::Column::Id.eq(row.id))
        .exec(tx)
        .await?;
    if let Some(point) = row.service_point_id {
        courier::Entity::update_many()
            .col_expr(courier::Column::ServicePointId, Expr::value(point))
            .filter(courier::Column::StaffId.eq(row.id))
            .exec(tx)
            .await?;
    }
    setting::reference_changed(tx).await?;
    Ok(session::end_all(tx, StaffId(row.id), "shut", now_ms).await?)
}

/// Lets somebody go, or come back. What their devices recorded before still arrives.
///
/// # Errors
/// [`ChangeError`].
pub async fn set_active(tx: &DatabaseTransaction, login: &str, active: bool, now_ms: i64) -> Result<(), ChangeError> {
    let row = found(tx, login).await?;
    change(tx, &row, staff::Column::Active, active.into()).await?;
    if !active {
        session::end_all(tx, StaffId(row.id), "shut", now_ms).await?;
    }
    Ok(())
}

/// Takes somebody's second factor away, when their telephone is lost; their sessions end.
///
/// # Errors
/// [`ChangeError`].
pub async fn forget_factor(tx: &DatabaseTransaction, login: &str, now_ms: i64) -> Result<(), ChangeError> {
    let row = found(tx, login).await?;
    second_factor::remove(tx, StaffId(row.id)).await?;
    Ok(session::end_all(tx, StaffId(row.id), "shut", now_ms).await?)
}

async fn change(
    tx: &DatabaseTransaction,
    row: &staff::Model,
    column: staff::Column,
    value: sea_orm::Value,
) -> Result<(), ChangeError> {
    staff::Entity::update_many()
        .col_expr(column, Expr::value(value))
        .filter(staff::Column::Id.eq(row.id))
        .exec(tx)
        .await?;
    Ok(setting::reference_changed(tx).await?)
}

/// Gives a one-stop system a new secret; tokens it has stay good until they end.
///
/// # Errors
/// [`ChangeError`].
pub async fn set_secret(tx: &DatabaseTransaction, customer_code: &str, hash: String) -> Result<String, ChangeError> {
    let row = lgsp_client::Entity::find()
        .filter(lgsp_client::Column::CustomerCode.eq(customer_code))
        .one(tx)
        .await?
        .ok_or_else(|| ChangeError::Unknown(customer_code.to_owned()))?;
    lgsp_client::Entity::update_many()
        .col_expr(lgsp_client::Column::SecretHash, Expr::value(hash))
        .filter(lgsp_client::Column::Id.eq(row.id))
        .exec(tx)
        .await?;
    setting::reference_changed(tx).await?;
    Ok(row.client_key)
}
