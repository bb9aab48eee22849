//! Evidence: what lies in a store, read beside the server.

use entity::Store;
use sea_orm::{ConnectionTrait, Statement, Value};
use std::collections::BTreeSet;

/// The number in the first column of the first row.
///
/// # Panics
/// When there is none.
pub async fn number(store: &Store, sql: &str) -> i64 {
    let db = store.read();
    let row = db
        .query_one_raw(Statement::from_string(db.get_database_backend(), sql))
        .await;
    row.expect("the query runs")
        .expect("it has a row")
        .try_get_by_index(0)
        .expect("its first column is a number")
}

/// The texts in the first column, with parameters.
///
/// # Panics
/// When the query fails.
pub async fn texts(store: &Store, sql: &str, values: impl IntoIterator<Item = Value>) -> Vec<String> {
    let db = store.read();
    let query = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let rows = db.query_all_raw(query).await.expect("the query runs");
    rows.iter()
        .map(|row| row.try_get_by_index(0).expect("its first column is a text"))
        .collect()
}

/// The bytes in the first column.
///
/// # Panics
/// When the query fails.
pub async fn bytes(store: &Store, sql: &str) -> BTreeSet<Vec<u8>> {
    let db = store.read();
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .expect("the query runs");
    rows.iter()
        .map(|row| row.try_get_by_index(0).expect("its first column is bytes"))
        .collect()
}

/// The numbers facts were given, first, last and how many: contiguous when they agree.
pub async fn log(store: &Store) -> (i64, i64, i64) {
    (
        number(store, "SELECT COALESCE(MIN(log_index), 1) FROM inbox").await,
        number(store, "SELECT COALESCE(MAX(log_index), 0) FROM inbox").await,
        number(store, "SELECT COUNT(*) FROM inbox").await,
    )
}

/// The dossier an order made.
///
/// # Panics
/// When there is no such order.
pub async fn dossier_of(store: &Store, order_number: &str) -> uuid::Uuid {
    use entity::table::postal_order;
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
    let order = postal_order::Entity::find().filter(postal_order::Column::OrderNumber.eq(order_number));
    order
        .one(store.read())
        .await
        .expect("the query runs")
        .expect("the order is there")
        .dossier_id
}
