//! The database of one schedule, and copies of it: files on SQLite, databases of the test cluster on PostgreSQL.

use e2e::Backend;
use entity::clock;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::path::{Path, PathBuf};

/// Where one schedule's server keeps everything.
#[derive(Debug, Clone)]
pub(crate) enum Database {
    /// A file.
    Sqlite(PathBuf),
    /// A database of the cluster, by its address.
    Postgres(String),
}

impl Database {
    /// A copy of the template's; a file lies in `folder`.
    pub(crate) async fn of(backend: Backend, template: &str, folder: &Path) -> Self {
        match backend {
            Backend::Sqlite => {
                let to = folder.join("server-0.db");
                std::fs::copy(template, &to).expect("copied");
                Self::Sqlite(to)
            }
            Backend::Postgres => Self::Postgres(template.to_owned()).copy().await,
        }
    }

    /// For [`entity::store::OpenOptions`].
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Postgres(url) => url.clone(),
        }
    }

    /// What a process that is killed now leaves behind.
    pub(crate) async fn as_left(&self) -> Self {
        match self {
            Self::Sqlite(_) => self.copy().await,
            Self::Postgres(url) => {
                cut_off(url).await;
                self.clone()
            }
        }
    }

    /// A copy as of now.
    pub(crate) async fn copy(&self) -> Self {
        match self {
            Self::Sqlite(from) => {
                let to = from.with_file_name(format!("server-{}.db", clock::new_id().simple()));
                // First the log, then the file: what is written back in between is then in both.
                for end in ["-wal", ""] {
                    let part = |path: &Path| PathBuf::from(format!("{}{end}", path.display()));
                    if part(from).exists() {
                        std::fs::copy(part(from), part(&to)).expect("copied");
                    }
                }
                Self::Sqlite(to)
            }
            Self::Postgres(from) => {
                cut_off(from).await;
                let name = format!("s_{}", clock::new_id().simple());
                command(format!("CREATE DATABASE {name} TEMPLATE {}", name_of(from))).await;
                Self::Postgres(from.replace(name_of(from), &name))
            }
        }
    }

    /// Takes a database away; files go with their folder.
    pub(crate) async fn remove(&self) {
        if let Self::Postgres(url) = self {
            command(format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", name_of(url))).await;
        }
    }
}

/// The name of the database in an address.
fn name_of(url: &str) -> &str {
    let address = url.split('?').next().unwrap_or(url);
    address.rsplit('/').next().unwrap_or(address)
}

/// Ends every connection to a database.
async fn cut_off(url: &str) {
    let name = name_of(url);
    command(format!(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'"
    ))
    .await;
}

async fn command(sql: String) {
    let base = e2e::setting("TRAOTAY_TEST_POSTGRES_URL").expect("a test cluster: run through scripts/with-postgres");
    let mut connection = PgConnection::connect(&base).await.expect("PostgreSQL is there");
    sqlx::query(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .expect("done");
    connection.close().await.expect("closed");
}
