//! The demo province with a password everybody shares.

use entity::repo::setting;
use entity::table::lgsp_client;
use entity::{Store, StoreError};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use traotay::import::{Secrets, load};

/// The password of every member of staff and the secret of every one-stop client of a test.
pub const PASSWORD: &str = "a password of tests only";

/// Hashing is slow on purpose; one hash is enough for everybody.
static HASH: LazyLock<String> = LazyLock::new(|| api::auth::password::hash(PASSWORD));

/// The folder of the demo province.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/an-giang")
}

/// Loads the demo province into an empty store and lets everybody in.
///
/// # Panics
/// When the province is not in order.
pub async fn found(store: &Store) {
    load(store, &folder(), Secrets::None)
        .await
        .expect("the demo province is in order");
    let hash = HASH.clone();
    store
        .write(move |tx| {
            Box::pin(async move {
                tx.execute_unprepared(&format!("UPDATE staff SET password_hash = '{hash}'"))
                    .await?;
                tx.execute_unprepared(&format!("UPDATE lgsp_client SET secret_hash = '{hash}'"))
                    .await?;
                Ok::<_, StoreError>(())
            })
        })
        .await
        .expect("the rows are there");
}

/// Gives a one-stop client these properties of its profile, beside those it has.
///
/// # Panics
/// When there is no such client.
pub(crate) async fn profile(store: &Store, customer_code: &str, properties: serde_json::Value) {
    let code = customer_code.to_owned();
    let row = lgsp_client::Entity::find()
        .filter(lgsp_client::Column::CustomerCode.eq(&code))
        .one(store.read())
        .await
        .expect("readable")
        .expect("a client");
    let mut known: serde_json::Value = serde_json::from_str(&row.profile).expect("JSON");
    for (name, value) in properties.as_object().expect("properties") {
        known[name] = value.clone();
    }
    store
        .write(move |tx| {
            Box::pin(async move {
                lgsp_client::Entity::update_many()
                    .col_expr(lgsp_client::Column::Profile, Expr::value(known.to_string()))
                    .filter(lgsp_client::Column::CustomerCode.eq(code))
                    .exec(tx)
                    .await?;
                setting::reference_changed(tx).await
            })
        })
        .await
        .expect("written");
}
