//! Named settings of an installation: its epoch, what was imported.

use crate::StoreError;
use crate::store::Store;
use crate::table::setting;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait};

/// The setting that counts loads of reference data.
const REFERENCE: &str = "reference";

/// Reads a setting.
///
/// # Errors
/// When the database fails.
pub async fn get(db: &impl ConnectionTrait, key: &str) -> Result<Option<String>, StoreError> {
    Ok(setting::Entity::find_by_id(key).one(db).await?.map(|row| row.value))
}

/// Writes a setting.
///
/// # Errors
/// When the database fails.
pub async fn put(tx: &DatabaseTransaction, key: &str, value: &str) -> Result<(), StoreError> {
    let row = setting::ActiveModel {
        key: Set(key.to_owned()),
        value: Set(value.to_owned()),
    };
    setting::Entity::insert(row)
        .on_conflict(
            OnConflict::column(setting::Column::Key)
                .update_column(setting::Column::Value)
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// This store's epoch: a number that only grows, set when the store is made and again after a restore, so that phones know
/// to deposit again.
///
/// # Errors
/// When the database fails.
pub async fn epoch(store: &Store) -> Result<u64, StoreError> {
    if let Some(epoch) = get(store.read(), "epoch").await? {
        return parse(&epoch);
    }
    let now = store.now_ms();
    store
        .write(move |tx| {
            Box::pin(async move {
                if let Some(epoch) = get(tx, "epoch").await? {
                    return parse(&epoch);
                }
                put(tx, "epoch", &now.to_string()).await?;
                parse(&now.to_string())
            })
        })
        .await
}

/// How often reference data were loaded; answers that name an office or count days depend on it.
///
/// # Errors
/// When the database fails.
pub async fn reference(db: &impl ConnectionTrait) -> Result<u64, StoreError> {
    let text = get(db, REFERENCE).await?.unwrap_or_else(|| "0".to_owned());
    text.parse()
        .map_err(|error| StoreError::corrupt("setting", REFERENCE, error))
}

/// Says, in the caller's transaction, that reference data changed.
///
/// # Errors
/// When the database fails.
pub async fn reference_changed(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    let next = reference(tx).await?.saturating_add(1);
    put(tx, REFERENCE, &next.to_string()).await
}

fn parse(text: &str) -> Result<u64, StoreError> {
    text.parse()
        .map_err(|error| StoreError::corrupt("setting", "epoch", error))
}
