//! Changes to who works here, made by whoever runs the installation.

use super::staff::Role;
use crate::StoreError;
use crate::repo::{second_factor, session, setting};
use crate::table::{agency, desk, lgsp_client, postal_operator, service_point, staff};
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
    let known = staff::Entity::find()
        .filter(staff::Column::Login.eq(&new.login))
        .one(tx)
        .await?;
    if known.is_some() {
        return Err(ChangeError::Taken(new.login));
    }
    let point =
        place::<service_point::Entity>(tx, service_point::Column::Code, "service point", new.service_point).await?;
    let desk = place::<desk::Entity>(tx, desk::Column::Code, "desk", new.desk).await?;
    let agency = place::<agency::Entity>(tx, agency::Column::Code, "agency", new.agency).await?;
    let operator =
        place::<postal_operator::Entity>(tx, postal_operator::Column::Code, "postal operator", new.operator).await?;
    let row = staff::Model {
        // The same as an import gives the login, so that a later import finds this person.
        id: super::reference::id_of("staff", &new.login),
        login: new.login,
        name: new.name,
        roles: names(&new.roles),
        password_hash: Some(hash),
        service_point_id: point.map(|row| row.id),
        desk_id: desk.map(|row| row.id),
        agency_id: agency.map(|row| row.id),
        active: true,
        operator_id: operator.map(|row| row.id),
    };
    check(&new.roles, &row)?;
    row.into_active_model().insert(tx).await?;
    Ok(setting::reference_changed(tx).await?)
}

async fn place<E: EntityTrait>(
    tx: &DatabaseTransaction,
    column: E::Column,
    what: &'static str,
    code: Option<String>,
) -> Result<Option<E::Model>, ChangeError> {
    let Some(code) = code else { return Ok(None) };
    let found = E::find().filter(column.eq(&code)).one(tx).await?;
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
    let row = staff::Entity::find()
        .filter(staff::Column::Login.eq(login))
        .one(tx)
        .await?;
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
    let row = found(tx, login).await?;
    check(roles, &row)?;
    change(tx, &row, staff::Column::Roles, names(roles).into()).await
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
