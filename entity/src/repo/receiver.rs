//! Who receives a dossier's result, when that is not whoever sent the papers.

use super::intake::Applicant;
use crate::table::{dossier, result_receiver};
use crate::{Scope, StoreError};
use domain::ids::DossierId;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};

/// Who receives the result of a dossier these eyes may see; nobody when it is the applicant.
///
/// # Errors
/// When the database fails.
pub async fn of(db: &impl ConnectionTrait, scope: &Scope, id: DossierId) -> Result<Option<Applicant>, StoreError> {
    let Some(row) = result_receiver::Entity::find_by_id(id.0).one(db).await? else {
        return Ok(None);
    };
    let seen = scope.dossiers().filter(dossier::Column::Id.eq(id.0)).one(db).await?;
    Ok(seen.map(|_| Applicant {
        name: row.name,
        phone: row.phone,
        address: row.address,
        commune_code: row.commune_code,
        place: row.lat.zip(row.lon),
    }))
}

/// Writes who receives the result of a dossier that is being made.
pub(super) async fn insert(tx: &DatabaseTransaction, id: DossierId, to: Applicant) -> Result<(), StoreError> {
    let row = result_receiver::ActiveModel {
        dossier_id: Set(id.0),
        name: Set(to.name),
        phone: Set(to.phone),
        address: Set(to.address),
        commune_code: Set(to.commune_code),
        lat: Set(to.place.map(|place| place.0)),
        lon: Set(to.place.map(|place| place.1)),
    };
    row.insert(tx).await.map(drop).map_err(StoreError::from)
}

/// Writes who receives the result of a dossier, and where, instead of what was written before.
pub(super) async fn put(tx: &DatabaseTransaction, id: DossierId, to: Applicant) -> Result<(), StoreError> {
    result_receiver::Entity::delete_by_id(id.0).exec(tx).await?;
    insert(tx, id, to).await
}

/// Writes where the receiver's address turned out to be.
pub(super) async fn locate(
    tx: &DatabaseTransaction,
    id: DossierId,
    (lat, lon): (f64, f64),
    commune: Option<String>,
) -> Result<(), StoreError> {
    result_receiver::Entity::update_many()
        .col_expr(result_receiver::Column::Lat, Expr::value(lat))
        .col_expr(result_receiver::Column::Lon, Expr::value(lon))
        .col_expr(result_receiver::Column::CommuneCode, Expr::value(commune))
        .filter(result_receiver::Column::DossierId.eq(id.0))
        .exec(tx)
        .await?;
    Ok(())
}
