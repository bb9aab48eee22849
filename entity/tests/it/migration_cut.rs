//! A migration is cut short at each of its statements: nothing of it stays, what came before it does, and the next start goes
//! on. (At each call to the disk: the stories about power cuts.)
//!
//! The fault is the database's own: SQLite may have so many pages more and not one above, and each table and index needs
//! one; on PostgreSQL a trigger on the schema itself refuses the n-th statement.

use crate::support::number;
use entity::StoreError;
use entity::store::{Durability, OpenOptions};
use entity::testing::{Backend, fresh_url};
use migrations::Migrator;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, SqlxSqliteConnector, Statement};
use sea_orm_migration::MigratorTrait;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use std::str::FromStr;

/// Counts statements that change the schema and refuses one of them. A sequence counts on when its transaction is rolled back.
const REFUSE: &str = "
    CREATE SCHEMA fault;
    CREATE SEQUENCE fault.done;
    CREATE TABLE fault.refused (nth bigint NOT NULL);
    INSERT INTO fault.refused VALUES (0);
    CREATE FUNCTION fault.refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
        IF nextval('fault.done') = (SELECT nth FROM fault.refused) THEN RAISE EXCEPTION 'cut'; END IF; END $$;
    CREATE EVENT TRIGGER cut ON ddl_command_end EXECUTE FUNCTION fault.refuse()";

/// Makes the n-th statement from now fail; none when it is 0.
async fn refuse(db: &DatabaseConnection, nth: i64) {
    let sql = format!("SELECT setval('fault.done', 1, false); UPDATE fault.refused SET nth = {nth}");
    db.execute_unprepared(&sql).await.expect("set");
}

async fn objects(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await;
    let rows = rows.expect("readable");
    rows.iter()
        .map(|row| row.try_get_by_index(0).expect("a text"))
        .collect()
}

async fn is_refused_as_it_is(url: &str) -> bool {
    let as_it_is = OpenOptions {
        migrate: false,
        durability: Durability::ThrowAway,
        ..OpenOptions::new(url)
    };
    matches!(as_it_is.open().await, Err(StoreError::Refused(_)))
}

async fn starts(url: &str) {
    let options = OpenOptions {
        durability: Durability::ThrowAway,
        ..OpenOptions::new(url)
    };
    options.open().await.expect("the next start goes on").close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_cut_at_any_statement_leaves_nothing_of_itself_on_postgres() {
    const OBJECTS: &str = "SELECT relname || relkind::text FROM pg_class WHERE relnamespace = 'public'::regnamespace \
        UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace \
        UNION ALL SELECT version FROM seaql_migrations ORDER BY 1";
    let folder = tempfile::tempdir().expect("a folder");
    let url = fresh_url(Backend::Postgres, folder.path()).await;
    let db = Database::connect(&url).await.expect("a fresh database");
    Migrator::install(&db).await.expect("the list of migrations");
    db.execute_unprepared(REFUSE).await.expect("a superuser can do it");
    let mut cuts = 0;
    for migration in Migrator::migrations() {
        let before = objects(&db, OBJECTS).await;
        for nth in 1.. {
            refuse(&db, nth).await;
            if Migrator::up(&db, Some(1)).await.is_ok() {
                assert!(nth > 2, "{} was cut {nth} times only", migration.name());
                break;
            }
            cuts += 1;
            assert_eq!(
                objects(&db, OBJECTS).await,
                before,
                "{} cut at statement {nth}",
                migration.name()
            );
            if nth == 1 {
                refuse(&db, 0).await;
                assert!(
                    is_refused_as_it_is(&url).await,
                    "the program starts before {}",
                    migration.name()
                );
            }
        }
    }
    assert!(cuts > 60, "{cuts} cuts");
    refuse(&db, 0).await;
    starts(&url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_cut_at_any_statement_leaves_nothing_of_itself_on_sqlite() {
    const OBJECTS: &str = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master \
        UNION ALL SELECT version FROM seaql_migrations ORDER BY 1";
    let folder = tempfile::tempdir().expect("a folder");
    let url = fresh_url(Backend::Sqlite, folder.path()).await;
    let db = with_pages(&url, None).await;
    Migrator::install(&db).await.expect("the list of migrations");
    db.close().await.expect("closed");
    let mut cuts = 0;
    for migration in Migrator::migrations() {
        let db = with_pages(&url, None).await;
        let before = objects(&db, OBJECTS).await;
        let pages = number(&db, "PRAGMA page_count").await;
        db.close().await.expect("closed");
        for more in 0.. {
            let db = with_pages(&url, Some(pages + more)).await;
            let done = Migrator::up(&db, Some(1)).await;
            if done.is_ok() {
                // One that only alters a table needs no page; the stories about power cuts cut it at its calls to the disk.
                db.close().await.expect("closed");
                break;
            }
            cuts += 1;
            db.close().await.expect("closed");
            let after = with_pages(&url, None).await;
            assert_eq!(
                objects(&after, OBJECTS).await,
                before,
                "{} cut at page {more}",
                migration.name()
            );
            after.close().await.expect("closed");
            if more == 0 {
                assert!(
                    is_refused_as_it_is(&url).await,
                    "the program starts before {}",
                    migration.name()
                );
            }
        }
    }
    assert!(cuts > 60, "{cuts} cuts");
    starts(&url).await;
}

/// One connection to the file that may have so many pages.
async fn with_pages(url: &str, pages: Option<i64>) -> DatabaseConnection {
    let options = SqliteConnectOptions::from_str(url)
        .expect("a file")
        .create_if_missing(true);
    let options = match pages {
        Some(pages) => options.pragma("max_page_count", pages.to_string()),
        None => options,
    };
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await;
    SqlxSqliteConnector::from_sqlx_sqlite_pool(pool.expect("it opens"))
}
