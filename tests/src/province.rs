//! The demo province with a password everybody shares.

use entity::{Store, StoreError};
use sea_orm::ConnectionTrait;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use traotay::import::{Secrets, load};

/// The password of every member of staff and the secret of every one-stop client of a test.
pub const PASSWORD: &str = "a password of tests only";

/// Hashing is slow on purpose; one hash is enough for everybody.
static HASH: LazyLock<String> = LazyLock::new(|| traotay::password::hash(PASSWORD));

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
