//! A province's files that are kept whole: what they say is read by `domain`'s records, row by row and with their faults.

use super::setting;
use crate::StoreError;
use crate::table::province_file;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Keeps a file's records; the ones of before are replaced.
///
/// # Errors
/// When the database fails.
pub async fn put(tx: &DatabaseTransaction, name: &str, records: &Value) -> Result<(), StoreError> {
    let row = province_file::ActiveModel {
        name: Set(name.to_owned()),
        body: Set(records.to_string()),
    };
    province_file::Entity::insert(row)
        .on_conflict(
            OnConflict::column(province_file::Column::Name)
                .update_column(province_file::Column::Body)
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    setting::reference_changed(tx).await
}

/// A file's records, if it was loaded.
///
/// # Errors
/// When the database fails or the records have another shape.
pub async fn find<T: DeserializeOwned>(db: &impl ConnectionTrait, name: &str) -> Result<Option<T>, StoreError> {
    let Some(row) = province_file::Entity::find_by_id(name).one(db).await? else {
        return Ok(None);
    };
    let records = serde_json::from_str(&row.body).map_err(|error| StoreError::corrupt("province_file", name, error))?;
    Ok(Some(records))
}
