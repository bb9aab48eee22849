//! Opening the store: one writer and several readers on SQLite, two pools on PostgreSQL.

use super::{Inner, Settings, Store, check};
use crate::clock::{Clock, SystemClock};
use crate::{StoreError, fence};
use fs4::fs_std::FileExt;
use migrations::Migrator;
use sea_orm::{SqlxPostgresConnector, SqlxSqliteConnector};
use sea_orm_migration::MigratorTrait;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, PgConnection};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;

/// The advisory lock of whoever changes the schema ("migr" in ASCII).
const MIGRATING: i64 = 0x6d69_6772;

/// Whether the server below us must promise to survive a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Refuse a PostgreSQL server that does not flush to disk.
    Required,
    /// Accept it: a throw-away cluster of a test.
    ThrowAway,
}

/// How to open a store.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// `sqlite:<path>` or `postgres://…`.
    pub url: String,
    /// Limits.
    pub settings: Settings,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Whether a server without fsync is refused.
    pub durability: Durability,
    /// Bring the schema up to date first.
    pub migrate: bool,
    /// The owner of the tables on PostgreSQL, who alone changes the schema; the same as `url` when absent.
    pub owner_url: Option<String>,
    /// Whether a PostgreSQL role that the fence does not hold back is refused ([`crate::fence`]).
    pub fence: Fence,
}

/// What is asked of the database role the program works as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fence {
    /// That row security holds it back.
    Required,
    /// Nothing: a trial, a demo, a throw-away cluster.
    Optional,
}

impl OpenOptions {
    /// The usual options for this database.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            settings: Settings::default(),
            clock: Arc::new(SystemClock),
            durability: Durability::Required,
            migrate: true,
            owner_url: None,
            fence: Fence::Optional,
        }
    }

    /// Opens the store and refuses it when a promise could not be kept on it.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with the reason, or whatever the database says.
    pub async fn open(self) -> Result<Store, StoreError> {
        let store = if self.url.starts_with("postgres") {
            self.postgres().await?
        } else {
            self.sqlite().await?
        };
        Ok(store)
    }

    async fn sqlite(self) -> Result<Store, StoreError> {
        let options = SqliteConnectOptions::from_str(&self.url)
            .map_err(refused)?
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(self.settings.busy_timeout);
        let path = options.get_filename().to_path_buf();
        let lock = lock(&path)?;
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(self.settings.acquire_timeout)
            .after_connect(|connection, _| Box::pin(check::sqlite(connection)))
            // On a full disk SQLite ends the transaction by itself and sqlx goes on counting it. What is written next would
            // be a savepoint inside nothing, acknowledged and perhaps never committed. See docs/adr/0004.
            .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
            .connect_with(options.clone())
            .await
            .map_err(refused)?;
        let write = SqlxSqliteConnector::from_sqlx_sqlite_pool(writer);
        if self.migrate {
            Migrator::up(&write, None).await?;
        }
        let reader = SqlitePoolOptions::new()
            .max_connections(self.settings.read_connections)
            .acquire_timeout(self.settings.acquire_timeout)
            .after_connect(|connection, _| Box::pin(check::sqlite(connection)))
            .connect_with(options.pragma("query_only", "ON"))
            .await
            .map_err(refused)?;
        let read = SqlxSqliteConnector::from_sqlx_sqlite_pool(reader);
        check::schema(&read).await?;
        let see = read.clone();
        Ok(self.store(write, read, see, Some(lock)))
    }

    async fn postgres(self) -> Result<Store, StoreError> {
        let options = PgConnectOptions::from_str(&self.url).map_err(refused)?.options([
            ("synchronous_commit", "on".to_owned()),
            (
                "statement_timeout",
                self.settings.statement_timeout.as_millis().to_string(),
            ),
            ("timezone", "UTC".to_owned()),
            ("app.eyes", "everything".to_owned()),
        ]);
        let durability = self.durability;
        let pool = |size: u32| {
            PgPoolOptions::new()
                .max_connections(size)
                .acquire_timeout(self.settings.acquire_timeout)
                .after_connect(move |connection, _| Box::pin(check::postgres(connection, durability)))
                // A begin that was cancelled leaves the session inside a transaction; whatever the next borrower writes
                // would be acknowledged and then rolled back. See docs/adr/0002.
                .before_acquire(|connection, _| {
                    Box::pin(async move {
                        sqlx::Executor::execute(connection, "ROLLBACK").await?;
                        Ok(true)
                    })
                })
        };
        let writer = pool(self.settings.write_connections)
            .connect_with(options.clone())
            .await
            .map_err(refused)?;
        let write = SqlxPostgresConnector::from_sqlx_postgres_pool(writer);
        if self.migrate {
            let owner = self.owner_url.as_deref().unwrap_or(&self.url);
            migrate_postgres(owner, options.get_username()).await?;
        }
        let reader = pool(self.settings.read_connections)
            .connect_with(options.clone())
            .await
            .map_err(refused)?;
        let read = SqlxPostgresConnector::from_sqlx_postgres_pool(reader);
        check::schema(&read).await?;
        if self.fence == Fence::Required
            && let Some(gap) = fence::gap(&read).await?
        {
            return Err(StoreError::Refused(format!(
                "{gap}: give the tables to a role of their own (TRAOTAY_MIGRATE_DATABASE_URL) or set TRAOTAY_ROW_SECURITY=optional"
            )));
        }
        // Whoever reads for a caller begins blind and says whose eyes they have.
        let seeing = pool(self.settings.read_connections).connect_lazy_with(options.options([("app.eyes", "nothing")]));
        let see = SqlxPostgresConnector::from_sqlx_postgres_pool(seeing);
        Ok(self.store(write, read, see, None))
    }

    fn store(
        self,
        write: sea_orm::DatabaseConnection,
        read: sea_orm::DatabaseConnection,
        see: sea_orm::DatabaseConnection,
        lock: Option<std::fs::File>,
    ) -> Store {
        Store {
            inner: Arc::new(Inner {
                write,
                read,
                see,
                url: self.url,
                settings: self.settings,
                clock: self.clock,
                writes: TaskTracker::new(),
                deposited: Notify::new(),
                jobs: Notify::new(),
                tide: super::tide::Seen::default(),
                _lock: lock,
            }),
        }
    }
}

pub(super) fn refused(error: impl std::fmt::Display) -> StoreError {
    StoreError::Refused(error.to_string())
}

/// Brings the schema up to date and raises the fence, as the owner of the tables.
async fn migrate_postgres(owner: &str, role: &str) -> Result<(), StoreError> {
    let options = PgConnectOptions::from_str(owner)
        .map_err(refused)?
        .options([("statement_timeout", "0"), ("app.eyes", "everything")]);
    // Several processes may start at once; one brings the schema up to date, the others wait for it.
    let mut turn = PgConnection::connect_with(&options).await.map_err(refused)?;
    sqlx::query("SELECT pg_advisory_lock($1)")
        .bind(MIGRATING)
        .execute(&mut turn)
        .await
        .map_err(refused)?;
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await
        .map_err(refused)?;
    let db = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
    Migrator::up(&db, None).await?;
    fence::raise(&db, role).await?;
    db.close().await?;
    turn.close().await.map_err(refused)
}

/// Takes the process lock beside a SQLite file.
pub(super) fn lock(database: &Path) -> Result<std::fs::File, StoreError> {
    let mut path = PathBuf::from(database).into_os_string();
    path.push(".lock");
    let failed = |source| StoreError::File {
        path: path.to_string_lossy().into_owned(),
        source,
    };
    if let Some(folder) = database.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let file = std::fs::OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(failed)?;
    match FileExt::try_lock_exclusive(&file) {
        Ok(true) => Ok(file),
        Ok(false) => Err(StoreError::Refused(format!(
            "another traotay process has {} open; stop it first",
            database.display()
        ))),
        Err(source) => Err(failed(source)),
    }
}
