//! Stores for tests: a fresh one each, on SQLite or on the PostgreSQL cluster the test run was given.

use crate::clock::{Clock, SystemClock};
use crate::store::{Durability, Fence, OpenOptions, Store};
use crate::{StoreError, clock};
use sea_orm::ConnectionTrait;
use sqlx::Connection;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// A file in a folder of its own.
    Sqlite,
    /// A database of its own in the cluster of `TRAOTAY_TEST_POSTGRES_URL`.
    Postgres,
}

/// Both, for tests that loop.
pub const BACKENDS: [Backend; 2] = [Backend::Sqlite, Backend::Postgres];

/// A store that goes away with the test.
#[derive(Debug)]
pub struct TestDb {
    /// The open store.
    pub store: Store,
    /// Its URL, for a second process. On PostgreSQL of a role that owns nothing, as the program should have.
    pub url: String,
    /// Its URL as the owner of the tables.
    pub owner_url: String,
    folder: PathBuf,
}

impl TestDb {
    /// A fresh store on the system clock.
    ///
    /// # Panics
    /// When no store can be made: the test cannot run.
    pub async fn open(backend: Backend) -> Self {
        Self::open_with(backend, Arc::new(SystemClock)).await
    }

    /// A fresh store on a clock of the test's.
    ///
    /// # Panics
    /// When no store can be made: the test cannot run.
    pub async fn open_with(backend: Backend, clock: Arc<dyn Clock>) -> Self {
        let folder = std::env::temp_dir().join(format!("traotay-test-{}", clock::new_id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let owner = fresh_url(backend, &folder).await;
        // The tests work as the program does: as a role that owns nothing and that the fence holds back.
        let url = match backend {
            Backend::Sqlite => owner.clone(),
            Backend::Postgres => as_program(&owner),
        };
        let mut options = OpenOptions::new(&url);
        options.clock = clock;
        options.durability = Durability::ThrowAway;
        if backend == Backend::Postgres {
            options.owner_url = Some(owner.clone());
            options.fence = Fence::Required;
        }
        let store = options.open().await.expect("a fresh store opens");
        Self {
            store,
            url,
            owner_url: owner,
            folder,
        }
    }

    /// A folder that goes away with the store.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        // Best effort: a left-over folder in the temporary directory hurts nobody.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Makes the disk full on SQLite: the writing connection may not take a page more than there are.
///
/// # Panics
/// When the store cannot be written.
pub async fn leave_no_room(store: &Store) {
    limit_pages(store, 1).await;
}

/// Ends what [`leave_no_room`] began.
///
/// # Panics
/// When the store cannot be written.
pub async fn make_room(store: &Store) {
    limit_pages(store, i32::MAX).await;
}

async fn limit_pages(store: &Store, most: i32) {
    let set = store.write(move |tx| {
        Box::pin(async move {
            tx.execute_unprepared(&format!("PRAGMA max_page_count = {most}"))
                .await?;
            Ok::<_, StoreError>(())
        })
    });
    set.await.expect("the limit is set");
}

/// The URL of a database nobody has used.
///
/// # Panics
/// On PostgreSQL when the test run was given no cluster.
pub async fn fresh_url(backend: Backend, folder: &Path) -> String {
    match backend {
        Backend::Sqlite => format!("sqlite:{}", folder.join("traotay.db").display()),
        Backend::Postgres => {
            #[expect(
                clippy::disallowed_methods,
                reason = "the cluster is a gift of the test run's environment"
            )]
            let base = std::env::var("TRAOTAY_TEST_POSTGRES_URL").expect(
                "TRAOTAY_TEST_POSTGRES_URL is not set: run the tests through `make test` or scripts/with-postgres",
            );
            create_database(&base).await.expect("the test cluster makes a database")
        }
    }
}

async fn create_database(base: &str) -> Result<String, StoreError> {
    let failed = |error: sqlx::Error| StoreError::Refused(error.to_string());
    let name = format!("t_{}", clock::new_id().simple());
    let mut connection = sqlx::PgConnection::connect(base).await.map_err(failed)?;
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&mut connection)
        .await
        .map_err(failed)?;
    // Made once in a cluster; several tests may try at the same moment.
    let login = password(base).map_or_else(String::new, |secret| format!("PASSWORD '{secret}'"));
    let role = format!("DO $$ BEGIN CREATE ROLE {PROGRAM} LOGIN {login}; EXCEPTION WHEN OTHERS THEN NULL; END $$");
    sqlx::query(sqlx::AssertSqlSafe(role))
        .execute(&mut connection)
        .await
        .map_err(failed)?;
    connection.close().await.map_err(failed)?;
    Ok(with_database(base, &name))
}

/// The role tests work as.
const PROGRAM: &str = "traotay_program";

/// The same address, as the role the program works as.
fn as_program(url: &str) -> String {
    let start = url.find("://").map_or(0, |at| at + 3);
    let rest = &url[start..];
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let host = rest[..end].rsplit_once('@').map_or(&rest[..end], |(_, host)| host);
    let secret = password(url).map_or_else(String::new, |secret| format!(":{secret}"));
    format!("{}{PROGRAM}{secret}@{host}{}", &url[..start], &rest[end..])
}

/// The password in an address.
fn password(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let (user, _) = rest.split(['/', '?']).next()?.rsplit_once('@')?;
    user.split_once(':').map(|(_, secret)| secret)
}

/// The same cluster, another database: the path of the URL is replaced, its parameters stay.
fn with_database(base: &str, name: &str) -> String {
    let (address, parameters) = base.split_once('?').map_or((base, None), |(a, p)| (a, Some(p)));
    let start = address.find("://").map_or(0, |at| at + 3);
    let host = address[start..].find('/').map_or(address, |at| &address[..start + at]);
    match parameters {
        Some(parameters) => format!("{host}/{name}?{parameters}"),
        None => format!("{host}/{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{as_program, with_database};

    #[test]
    fn only_the_role_of_a_url_is_replaced() {
        assert_eq!(as_program("postgres://u:p@h:1/x"), "postgres://traotay_program:p@h:1/x");
        assert_eq!(
            as_program("postgres://h/x?host=/s"),
            "postgres://traotay_program@h/x?host=/s"
        );
    }

    #[test]
    fn only_the_database_of_a_url_is_replaced() {
        assert_eq!(with_database("postgres://u@h:1/postgres", "x"), "postgres://u@h:1/x");
        assert_eq!(
            with_database("postgres://u@h/postgres?host=/tmp/s", "x"),
            "postgres://u@h/x?host=/tmp/s"
        );
    }
}
