//! Who looked into which dossier. Written before the answer goes out, so that nothing is read unseen.

use crate::table::access_log;
use crate::{StoreError, clock};
use domain::ids::{AgencyId, DossierId, OperatorId, ServicePointId, StaffId};
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

/// One look.
pub type Access = access_log::Model;

/// A look about to be written.
#[derive(Debug, Clone)]
pub struct Looking {
    /// Who.
    pub staff: StaffId,
    /// In which role.
    pub role: &'static str,
    /// Their post office.
    pub service_point: Option<ServicePointId>,
    /// Their agency.
    pub agency: Option<AgencyId>,
    /// Their postal operator.
    pub operator: Option<OperatorId>,
    /// Into which dossier; none for a list.
    pub dossier: Option<DossierId>,
    /// What of it: `dossier`, `list`, `notices`.
    pub what: &'static str,
    /// For what purpose, as a word.
    pub purpose: &'static str,
    /// How many dossiers were shown.
    pub rows: i64,
}

/// Writes a look down.
///
/// # Errors
/// When the database fails.
pub async fn record(tx: &DatabaseTransaction, look: Looking, now_ms: i64) -> Result<(), StoreError> {
    let row = Access {
        id: clock::new_id(),
        at_ms: now_ms,
        staff_id: look.staff.0,
        role: look.role.to_owned(),
        service_point_id: look.service_point.map(Uuid::from),
        agency_id: look.agency.map(Uuid::from),
        operator_id: look.operator.map(Uuid::from),
        dossier_id: look.dossier.map(Uuid::from),
        what: look.what.to_owned(),
        purpose: look.purpose.to_owned(),
        rows: look.rows,
    };
    row.into_active_model().insert(tx).await?;
    Ok(())
}

/// Whose looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// One person's own.
    Person(StaffId),
    /// Of everybody at a post office.
    ServicePoint(ServicePointId),
    /// Of everybody at an agency.
    Agency(AgencyId),
    /// Of everybody at a postal operator.
    Operator(OperatorId),
}

/// A page of looks, newest first, of those before `before`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl ConnectionTrait,
    readers: Readers,
    before: Option<(i64, Uuid)>,
    limit: u64,
) -> Result<Vec<Access>, StoreError> {
    let whose = match readers {
        Readers::Person(id) => access_log::Column::StaffId.eq(id.0),
        Readers::ServicePoint(id) => access_log::Column::ServicePointId.eq(id.0),
        Readers::Agency(id) => access_log::Column::AgencyId.eq(id.0),
        Readers::Operator(id) => access_log::Column::OperatorId.eq(id.0),
    };
    let mut query = access_log::Entity::find().filter(whose);
    if let Some((at_ms, id)) = before {
        query = query.filter(access_log::Column::AtMs.lte(at_ms)).filter(
            sea_orm::Condition::any()
                .add(access_log::Column::AtMs.lt(at_ms))
                .add(access_log::Column::Id.lt(id)),
        );
    }
    Ok(query
        .order_by_desc(access_log::Column::AtMs)
        .order_by_desc(access_log::Column::Id)
        .limit(limit)
        .all(db)
        .await?)
}

/// The newest looks into one dossier, for its applicant.
///
/// # Errors
/// When the database fails.
pub async fn into_dossier(
    db: &impl ConnectionTrait,
    dossier: DossierId,
    limit: u64,
) -> Result<Vec<Access>, StoreError> {
    Ok(access_log::Entity::find()
        .filter(access_log::Column::DossierId.eq(dossier.0))
        .order_by_desc(access_log::Column::AtMs)
        .order_by_desc(access_log::Column::Id)
        .limit(limit)
        .all(db)
        .await?)
}

/// Who looked into how many different dossiers since then, whoever looked into more than `most`.
///
/// # Errors
/// When the database fails.
pub async fn busy(db: &impl ConnectionTrait, since_ms: i64, most: i64) -> Result<Vec<(StaffId, i64)>, StoreError> {
    let count = Expr::from(Func::count_distinct(Expr::col(access_log::Column::DossierId)));
    let rows: Vec<(Uuid, i64)> = access_log::Entity::find()
        .select_only()
        .column(access_log::Column::StaffId)
        .column_as(count.clone(), "dossiers")
        .filter(access_log::Column::AtMs.gte(since_ms))
        .group_by(access_log::Column::StaffId)
        .having(count.gt(most))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, dossiers)| (StaffId(id), dossiers)).collect())
}

/// Forgets looks of before a time; says how many.
///
/// # Errors
/// When the database fails.
pub async fn forget_old(tx: &DatabaseTransaction, before_ms: i64) -> Result<u64, StoreError> {
    let gone = access_log::Entity::delete_many()
        .filter(access_log::Column::AtMs.lt(before_ms))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected)
}
