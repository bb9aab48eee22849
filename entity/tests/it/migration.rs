//! The schema: up, down and up again; a migration that fails leaves the old one; a strange one is refused.

use crate::support::{execute, fresh, number};
use entity::StoreError;
use entity::store::{Durability, OpenOptions};
use entity::testing::{Backend, fresh_url};
use migrations::Migrator;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use sea_orm_migration::MigratorTrait;

async fn connect(backend: Backend, folder: &std::path::Path) -> (DatabaseConnection, String) {
    let url = fresh_url(backend, folder).await;
    let made = if backend == Backend::Sqlite {
        format!("{url}?mode=rwc")
    } else {
        url.clone()
    };
    (Database::connect(made).await.expect("a fresh database"), url)
}

/// Every object of ours and how it was made, as the database tells it.
async fn objects(db: &DatabaseConnection) -> Vec<String> {
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master ORDER BY 1",
        _ => {
            "SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable \
             FROM information_schema.columns WHERE table_schema = 'public' \
             UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' \
             UNION ALL SELECT 'trigger ' || trigger_name || event_manipulation FROM information_schema.triggers \
             UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1"
        }
    };
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .expect("readable");
    rows.into_iter()
        .map(|row| row.try_get_by_index::<String>(0).expect("a text"))
        .collect()
}

async fn the_schema_goes_up_down_and_up_again_to_the_same(backend: Backend) {
    let folder = tempfile::tempdir().expect("a folder");
    let (db, _) = connect(backend, folder.path()).await;
    Migrator::up(&db, None).await.expect("up");
    let first = objects(&db).await;
    assert!(first.len() > 50);
    Migrator::down(&db, None).await.expect("down");
    let left: Vec<String> = objects(&db)
        .await
        .into_iter()
        .filter(|one| !one.contains("seaql_migrations"))
        .collect();
    assert!(left.is_empty(), "down leaves {left:?}");
    Migrator::up(&db, None).await.expect("up again");
    assert_eq!(objects(&db).await, first);
    for steps in 1..=Migrator::migrations().len() {
        let steps = u32::try_from(steps).expect("few");
        Migrator::down(&db, Some(steps)).await.expect("some steps down");
        Migrator::up(&db, None).await.expect("and up");
        assert_eq!(objects(&db).await, first, "{steps} steps");
    }
}

/// In each migration the last thing it makes is in the way, so it fails when most of it is done.
async fn a_migration_that_fails_leaves_the_schema_as_it_was(backend: Backend) {
    let in_the_way = [
        ("CREATE TABLE calendar_day (x int)", "DROP TABLE calendar_day"),
        (
            "CREATE TABLE unreadable_deposit (x int)",
            "DROP TABLE unreadable_deposit",
        ),
        ("CREATE TABLE unplaced (x int)", "DROP TABLE unplaced"),
        ("CREATE TABLE parked (x int)", "DROP TABLE parked"),
        ("CREATE TABLE finding (x int)", "DROP TABLE finding"),
        ("CREATE TABLE idempotency_key (x int)", "DROP TABLE idempotency_key"),
        ("CREATE TABLE calendar_notice (x int)", "DROP TABLE calendar_notice"),
        (
            "ALTER TABLE procedure ADD COLUMN body int",
            "ALTER TABLE procedure DROP COLUMN body",
        ),
    ];
    assert_eq!(in_the_way.len(), Migrator::migrations().len());
    for (done, (obstacle, cleared)) in (0_u32..).zip(in_the_way) {
        let folder = tempfile::tempdir().expect("a folder");
        let (db, url) = connect(backend, folder.path()).await;
        if done > 0 {
            Migrator::up(&db, Some(done)).await.expect("the ones before");
        } else {
            Migrator::install(&db).await.expect("the list of migrations");
        }
        db.execute_unprepared(obstacle).await.expect("in the way");
        let before = objects(&db).await;
        assert!(Migrator::up(&db, None).await.is_err());
        assert_eq!(objects(&db).await, before, "migration {} is half applied", done + 1);
        let refused = OpenOptions {
            migrate: false,
            durability: Durability::ThrowAway,
            ..OpenOptions::new(&url)
        };
        assert!(
            matches!(refused.open().await, Err(StoreError::Refused(_))),
            "and nothing starts on it"
        );
        db.execute_unprepared(cleared).await.expect("out of the way");
        Migrator::up(&db, None).await.expect("the next start goes on");
    }
}

async fn a_schema_that_is_not_this_programs_is_refused(backend: Backend) {
    for sql in [
        "DELETE FROM seaql_migrations WHERE version LIKE '%create_access'",
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20991231_000001_from_the_future', 1)",
    ] {
        let db = fresh(backend).await;
        execute(&db.store, sql).await.expect("a hand can do it");
        assert!(number(db.store.read(), "SELECT count(*) FROM seaql_migrations").await != 6);
        db.store.close().await;
        let again = reopened(backend, &db, false).await;
        assert!(
            matches!(&again, Err(StoreError::Refused(why)) if why.contains("schema")),
            "{again:?}"
        );
    }
}

/// Opens a copy, because the first store still holds the lock of its file.
async fn reopened(backend: Backend, db: &entity::testing::TestDb, migrate: bool) -> Result<entity::Store, StoreError> {
    let url = if backend == Backend::Sqlite {
        let copy = db.folder().join("copy.db");
        let file = db.url.trim_start_matches("sqlite:");
        std::fs::copy(file, &copy).expect("copied");
        format!("sqlite:{}", copy.display())
    } else {
        db.url.clone()
    };
    OpenOptions {
        migrate,
        durability: Durability::ThrowAway,
        ..OpenOptions::new(url)
    }
    .open()
    .await
}

both!(
    the_schema_goes_up_down_and_up_again_to_the_same,
    a_migration_that_fails_leaves_the_schema_as_it_was,
    a_schema_that_is_not_this_programs_is_refused,
);
