//! The HTTP surface driven as its callers drive it, on a real store.

/// Makes a test of each sentence for each database.
macro_rules! both {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            use entity::testing::Backend;

            #[tokio::test]
            async fn on_sqlite() {
                super::$name(Backend::Sqlite).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                super::$name(Backend::Postgres).await;
            }
        }
    )+};
}
pub(crate) use both;

mod access;
mod acts;
mod calendar;
mod changes;
mod citizen;
mod complaints;
mod desk;
mod device;
mod dispatch;
mod document;
mod etiquette;
mod evidence;
mod full;
mod glass;
mod imports;
mod keys;
mod lgsp;
mod lgsp_document;
mod lgsp_token;
mod limits;
mod matrix;
mod money;
mod numbers;
mod papers;
mod phone;
mod picture;
mod policy;
mod proofs;
mod reference;
mod rulings;
mod scope;
mod search;
mod serving;
mod session;
mod shrink;
mod signing;
mod sync;
mod watch;
mod world;
