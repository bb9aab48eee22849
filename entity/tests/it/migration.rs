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
#[expect(clippy::too_many_lines, reason = "one obstacle for each migration")]
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
        (
            "CREATE TABLE ix_dossier_created_at_id (x int)",
            "DROP TABLE ix_dossier_created_at_id",
        ),
        ("CREATE TABLE calendar_notice (x int)", "DROP TABLE calendar_notice"),
        (
            "ALTER TABLE procedure ADD COLUMN body int",
            "ALTER TABLE procedure DROP COLUMN body",
        ),
        ("CREATE TABLE uq_inbox_numbered (x int)", "DROP TABLE uq_inbox_numbered"),
        (
            "ALTER TABLE inbox RENAME COLUMN place TO elsewhere",
            "ALTER TABLE inbox RENAME COLUMN elsewhere TO place",
        ),
        (
            "ALTER TABLE dossier ADD COLUMN channel int",
            "ALTER TABLE dossier DROP COLUMN channel",
        ),
        (
            "CREATE TABLE ix_serial_block_holder_id (x int)",
            "DROP TABLE ix_serial_block_holder_id",
        ),
        ("CREATE TABLE second_factor (x int)", "DROP TABLE second_factor"),
        (
            "ALTER TABLE dossier ADD COLUMN counter_id int",
            "ALTER TABLE dossier DROP COLUMN counter_id",
        ),
        ("CREATE TABLE access_log (x int)", "DROP TABLE access_log"),
        ("CREATE TABLE result_receiver (x int)", "DROP TABLE result_receiver"),
        (
            "CREATE TABLE ix_dossier_state_log_index_dossier_id (x int)",
            "DROP TABLE ix_dossier_state_log_index_dossier_id",
        ),
        (
            "CREATE TABLE ix_matter_act_place_kind (x int)",
            "DROP TABLE ix_matter_act_place_kind",
        ),
        ("CREATE TABLE blob (x int)", "DROP TABLE blob"),
        ("CREATE TABLE search_word (x int)", "DROP TABLE search_word"),
        ("CREATE TABLE change_request (x int)", "DROP TABLE change_request"),
        (
            "CREATE TABLE ix_broken_glass_asked_at_id (x int)",
            "DROP TABLE ix_broken_glass_asked_at_id",
        ),
        (
            "CREATE TABLE ix_citizen_code_made_at (x int)",
            "DROP TABLE ix_citizen_code_made_at",
        ),
        (
            "CREATE TABLE uq_scan_dossier_id_sha256 (x int)",
            "DROP TABLE uq_scan_dossier_id_sha256",
        ),
        (
            "CREATE TABLE ix_client_assertion_expires_at (x int)",
            "DROP TABLE ix_client_assertion_expires_at",
        ),
        (
            "ALTER TABLE postal_item ADD COLUMN weight_g int",
            "ALTER TABLE postal_item DROP COLUMN weight_g",
        ),
        (
            "CREATE TABLE uq_log_leaf_event_id (x int)",
            "DROP TABLE uq_log_leaf_event_id",
        ),
        (
            "CREATE TABLE ix_item_custody_bag (x int)",
            "DROP TABLE ix_item_custody_bag",
        ),
        ("CREATE TABLE uq_salvage_sha256 (x int)", "DROP TABLE uq_salvage_sha256"),
        (
            "ALTER TABLE device ADD COLUMN key_class int",
            "ALTER TABLE device DROP COLUMN key_class",
        ),
        (
            "CREATE TABLE ix_ruling_request_asked_at_id (x int)",
            "DROP TABLE ix_ruling_request_asked_at_id",
        ),
        (
            "ALTER TABLE custody_event ADD COLUMN time_is_ours int",
            "ALTER TABLE custody_event DROP COLUMN time_is_ours",
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

/// Of the decisions of a program that let none of them end, the latest of each leg stands, while somebody has to carry.
async fn decisions_that_were_made_before_they_could_end_are_brought_in_order(backend: Backend) {
    let folder = tempfile::tempdir().expect("a folder");
    let (db, _) = connect(backend, folder.path()).await;
    Migrator::up(&db, Some(6)).await.expect("up to the one before");
    let (bytes, uuid) = match db.get_database_backend() {
        DbBackend::Sqlite => (
            (|n: u8| format!("x'{n:02x}'")) as fn(u8) -> String,
            (|n: u8| format!("x'{n:032x}'")) as fn(u8) -> String,
        ),
        _ => (
            (|n: u8| format!("'\\x{n:02x}'")) as fn(u8) -> String,
            (|n: u8| format!("'{n:032x}'")) as fn(u8) -> String,
        ),
    };
    // Number, item, leg, when: item 1 was given to three, two of them in one moment; item 2 is delivered.
    for (id, item, leg, at) in [
        (1, 1, "pickup", 5),
        (2, 1, "deliver", 5),
        (3, 1, "deliver", 7),
        (4, 1, "deliver", 7),
        (5, 2, "deliver", 9),
    ] {
        let row = format!(
            "INSERT INTO assignment (id, item_id, dossier_id, leg, staff_id, service_point_id, why, decided_at) \
             VALUES ({}, {}, {nobody}, '{leg}', {nobody}, {nobody}, '', {at})",
            uuid(id),
            bytes(item),
            nobody = uuid(0),
        );
        db.execute_unprepared(&row).await.expect("a row of before");
    }
    let (no, body) = match db.get_database_backend() {
        DbBackend::Sqlite => ("0", "x''"),
        _ => ("FALSE", "''"),
    };
    let delivered = format!(
        "INSERT INTO item_custody (item_id, item_code, kind, dossier_id, state, since_ms, provisional, disputed, parked, \
         attempts, told, body, log_index) VALUES ({}, 'x', 'x', {}, 'C8', 1, {no}, {no}, 0, 0, 0, {body}, 1)",
        bytes(2),
        uuid(0),
    );
    db.execute_unprepared(&delivered).await.expect("a row of before");

    Migrator::up(&db, None).await.expect("up");
    let stand = "SELECT decided_at FROM assignment WHERE ended_at IS NULL ORDER BY id";
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), stand))
        .await
        .expect("readable");
    let stand: Vec<i64> = rows
        .iter()
        .map(|row| row.try_get_by_index(0).expect("a time"))
        .collect();
    assert_eq!(stand, [5, 7], "the pickup, and the latest of the deliveries");
    let again = "UPDATE assignment SET ended_at = NULL WHERE leg = 'deliver'";
    assert!(
        db.execute_unprepared(again).await.is_err(),
        "two never stand for one leg"
    );
}

async fn a_schema_that_is_not_this_programs_is_refused(backend: Backend) {
    for sql in [
        "DELETE FROM seaql_migrations WHERE version LIKE '%create_access'",
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20991231_000001_from_the_future', 1)",
    ] {
        let db = fresh(backend).await;
        execute(&db.store, sql).await.expect("a hand can do it");
        let known = i64::try_from(Migrator::migrations().len()).expect("few");
        assert_ne!(
            number(db.store.read(), "SELECT count(*) FROM seaql_migrations").await,
            known
        );
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
    decisions_that_were_made_before_they_could_end_are_brought_in_order,
    a_schema_that_is_not_this_programs_is_refused,
);
