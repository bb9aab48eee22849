//! The power is cut while the schema is brought up to date, at each call that would change the disk. What is left is the
//! schema as it was after one of the migrations, never part of one; the next start goes on from there.

use e2e::{Disk, is_torture, program};
use entity::StoreError;
use entity::clock::random;
use entity::store::{Durability, OpenOptions};
use migrations::Migrator;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use sea_orm_migration::MigratorTrait;
use std::path::Path;
use std::process::Command;

/// Points that are tried when not all are: so many, from the first to the last.
const SOME: u64 = 40;

#[test]
fn a_migration_cut_at_any_call_leaves_all_of_it_or_nothing_on_sqlite() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let schemas = runtime.block_on(schemas());
    let calls = calls();
    assert!(calls > 100, "a whole migration is more than {calls} calls");
    let step = if is_torture() { 1 } else { (calls / SOME).max(1) };
    let mut left = vec![0; schemas.len()];
    // Not the same points in every run.
    let first = 1 + u64::from_le_bytes(random()) % step;
    let mut call = first;
    while call <= calls {
        let folder = tempfile::tempdir().expect("a folder");
        let (disk, seed) = (Disk::under(folder.path()), u64::from_le_bytes(random()));
        let mut command = migrate(folder.path());
        disk.carry_until(&mut command, call);
        let ended = command.output().expect("the program runs").status;
        assert!(ended.code().is_none(), "call {call}: it was killed, and not {ended}");
        disk.cut(seed);
        let moment = format!("cut at call {call} of {calls}, pages by seed {seed}");
        let done = runtime.block_on(done(folder.path(), &schemas, &moment));
        left[done] += 1;
        let again = migrate(folder.path()).output().expect("the program runs");
        assert!(
            again.status.success(),
            "{moment}: {}",
            String::from_utf8_lossy(&again.stderr)
        );
        let whole = runtime.block_on(self::done(folder.path(), &schemas, &moment));
        assert_eq!(whole + 1, schemas.len(), "{moment}: the next run goes on");
        call += step;
    }
    let seen = left.iter().filter(|count| **count > 0).count();
    assert!(seen >= 3, "the cuts fell between few migrations: {left:?}");
}

/// How many calls of a whole run change the disk.
fn calls() -> u64 {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = Disk::under(folder.path());
    let mut command = migrate(folder.path());
    disk.carry_until(&mut command, u64::from(u32::MAX));
    let ended = command.output().expect("the program runs");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    disk.calls().expect("it counted")
}

fn database(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("traotay.db").display())
}

fn migrate(folder: &Path) -> Command {
    let mut command = Command::new(program());
    command
        .args(["migrate", "--data"])
        .arg(folder)
        .args(["--database-url", &database(folder)]);
    command
}

/// The schema before the first migration and after each.
async fn schemas() -> Vec<Vec<String>> {
    let folder = tempfile::tempdir().expect("a folder");
    let db = open(folder.path()).await;
    let mut schemas = vec![Vec::new()];
    for _ in Migrator::migrations() {
        Migrator::up(&db, Some(1)).await.expect("up");
        schemas.push(objects(&db).await);
    }
    schemas
}

async fn open(folder: &Path) -> DatabaseConnection {
    Database::connect(format!("{}?mode=rwc", database(folder)))
        .await
        .expect("opens")
}

/// Every object but the list of migrations, which is made before the first of them.
async fn objects(db: &DatabaseConnection) -> Vec<String> {
    let sql = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master \
               WHERE tbl_name <> 'seaql_migrations' ORDER BY 1";
    texts(db, sql).await
}

async fn texts(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await;
    let rows = rows.expect("readable");
    rows.iter()
        .map(|row| row.try_get_by_index(0).expect("a text"))
        .collect()
}

/// How many migrations are there, each of them whole.
async fn done(folder: &Path, schemas: &[Vec<String>], moment: &str) -> usize {
    let db = open(folder).await;
    assert_eq!(texts(&db, "PRAGMA integrity_check").await, ["ok"], "{moment}");
    let found = objects(&db).await;
    let done = schemas.iter().position(|schema| *schema == found);
    let done = done.unwrap_or_else(|| panic!("{moment}: part of a migration is there: {found:?}"));
    let listed = if texts(&db, "SELECT name FROM sqlite_master WHERE name = 'seaql_migrations'")
        .await
        .is_empty()
    {
        Vec::new()
    } else {
        texts(&db, "SELECT version FROM seaql_migrations").await
    };
    assert_eq!(listed.len(), done, "{moment}: the list says otherwise");
    db.close().await.expect("closed");
    let as_it_is = OpenOptions {
        migrate: false,
        durability: Durability::ThrowAway,
        ..OpenOptions::new(database(folder))
    };
    match as_it_is.open().await {
        Ok(store) => {
            assert_eq!(done + 1, schemas.len(), "{moment}: the program starts on half a schema");
            store.close().await;
        }
        Err(StoreError::Refused(why)) => assert!(done + 1 < schemas.len(), "{moment}: {why}"),
        Err(error) => panic!("{moment}: {error:?}"),
    }
    done
}
