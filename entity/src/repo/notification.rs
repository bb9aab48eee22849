//! The sink of notices: what a citizen or office would have been told, shown in the office application.

use crate::StoreError;
use crate::table::notification;
use domain::ids::{DossierId, NotificationId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
};

/// Writes a notice; its id is the outbox row's, so that a job that runs twice leaves one notice.
///
/// # Errors
/// When the database fails.
pub async fn put(
    tx: &DatabaseTransaction,
    id: NotificationId,
    dossier: DossierId,
    template: &str,
    data: &serde_json::Value,
    now_ms: i64,
) -> Result<(), StoreError> {
    let row = notification::ActiveModel {
        id: Set(id.0),
        dossier_id: Set(dossier.0),
        channel: Set("console".to_owned()),
        template: Set(template.to_owned()),
        data: Set(data.to_string()),
        created_at: Set(now_ms),
    };
    notification::Entity::insert(row)
        .on_conflict(OnConflict::column(notification::Column::Id).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// The notices of one dossier, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_dossier(db: &impl ConnectionTrait, dossier: DossierId) -> Result<Vec<notification::Model>, StoreError> {
    Ok(notification::Entity::find()
        .filter(notification::Column::DossierId.eq(dossier.0))
        .order_by_asc(notification::Column::CreatedAt)
        .all(db)
        .await?)
}
