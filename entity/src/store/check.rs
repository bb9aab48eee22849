//! Start-up assertions: a store that cannot keep the promises is refused before the first request.

use super::Durability;
use crate::StoreError;
use migrations::Migrator;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use sea_orm_migration::MigratorTrait;
use sqlx::{PgConnection, SqliteConnection};

/// The first SQLite without the WAL-reset bug (<https://sqlite.org/wal.html#walresetbug>).
const SQLITE_FLOOR: (u32, u32, u32) = (3, 51, 3);

fn refuse(why: String) -> sqlx::Error {
    sqlx::Error::Configuration(why.into())
}

/// Checks one SQLite connection: version, write-ahead log, full sync, foreign keys.
pub(super) async fn sqlite(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlite_version(connection).await?;
    pragmas(connection).await
}

/// Checks the library alone.
pub(super) async fn sqlite_version(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(&mut *connection)
        .await?;
    if parse_version(&version).is_none_or(|found| found < SQLITE_FLOOR) {
        return Err(refuse(format!(
            "SQLite {version} can damage its log; 3.51.3 or newer is needed"
        )));
    }
    Ok(())
}

async fn pragmas(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(&mut *connection)
        .await?;
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous")
        .fetch_one(&mut *connection)
        .await?;
    let foreign_keys: i64 = sqlx::query_scalar("PRAGMA foreign_keys")
        .fetch_one(&mut *connection)
        .await?;
    if journal != "wal" || synchronous != 2 || foreign_keys != 1 {
        return Err(refuse(format!(
            "SQLite must run with journal_mode=wal, synchronous=FULL, foreign_keys=ON; found {journal}, {synchronous}, {foreign_keys}"
        )));
    }
    Ok(())
}

/// Checks one PostgreSQL connection: commits reach the disk before they are acknowledged.
pub(super) async fn postgres(connection: &mut PgConnection, durability: Durability) -> Result<(), sqlx::Error> {
    if durability == Durability::ThrowAway {
        return Ok(());
    }
    let fsync: String = sqlx::query_scalar("SHOW fsync").fetch_one(&mut *connection).await?;
    let commit: String = sqlx::query_scalar("SHOW synchronous_commit")
        .fetch_one(&mut *connection)
        .await?;
    if !is_flushed(&fsync, &commit) {
        return Err(refuse(format!(
            "PostgreSQL must run with fsync=on and synchronous_commit=on; found {fsync}, {commit}"
        )));
    }
    Ok(())
}

/// Whether a server with these settings has a commit on disk before it acknowledges it.
fn is_flushed(fsync: &str, synchronous_commit: &str) -> bool {
    fsync == "on" && !matches!(synchronous_commit, "off" | "local")
}

/// Checks that the schema is exactly the one this program was built for.
pub(super) async fn schema(db: &DatabaseConnection) -> Result<(), StoreError> {
    // The library's own question would first create its table, which a role that owns nothing may not.
    let applied = Statement::from_string(
        db.get_database_backend(),
        "SELECT version FROM seaql_migrations ORDER BY version",
    );
    let applied = db
        .query_all_raw(applied)
        .await
        .map_err(|error| StoreError::Refused(format!("the schema is missing; run `traotay migrate` ({error})")))?;
    let wanted: Vec<String> = Migrator::migrations().iter().map(|one| one.name().to_owned()).collect();
    let found = applied.iter().map(|row| row.try_get("", "version"));
    let found: Vec<String> = found.collect::<Result<_, _>>()?;
    if found == wanted {
        return Ok(());
    }
    Err(StoreError::Refused(format!(
        "the schema is at {:?}, this program needs {:?}; run `traotay migrate` or the matching program",
        found.last(),
        wanted.last()
    )))
}

fn parse_version(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts = text.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::{SQLITE_FLOOR, is_flushed, parse_version, sqlite};
    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
    use sqlx::{Connection, Executor, SqliteConnection};

    #[tokio::test]
    async fn a_connection_that_does_not_keep_the_promises_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let options = SqliteConnectOptions::new()
            .filename(folder.path().join("x.db"))
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let mut connection = SqliteConnection::connect_with(&options).await.expect("opens");
        sqlite(&mut connection).await.expect("a full one is accepted");
        for (spoilt, mended) in [
            ("PRAGMA synchronous = OFF", "PRAGMA synchronous = FULL"),
            ("PRAGMA synchronous = NORMAL", "PRAGMA synchronous = FULL"),
            ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"),
            ("PRAGMA journal_mode = DELETE", "PRAGMA journal_mode = WAL"),
        ] {
            connection.execute(spoilt).await.expect("set");
            assert!(sqlite(&mut connection).await.is_err(), "{spoilt}");
            connection.execute(mended).await.expect("set");
            sqlite(&mut connection).await.expect(mended);
        }
    }

    #[test]
    fn a_server_that_acknowledges_before_it_flushes_is_refused() {
        assert!(is_flushed("on", "on"));
        assert!(is_flushed("on", "remote_apply"));
        for (fsync, commit) in [("off", "on"), ("on", "off"), ("on", "local"), ("off", "off")] {
            assert!(!is_flushed(fsync, commit), "{fsync} {commit}");
        }
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(parse_version("3.51.2").is_some_and(|found| found < SQLITE_FLOOR));
        assert!(parse_version("3.9.9").is_some_and(|found| found < SQLITE_FLOOR));
        assert!(parse_version("3.51.10").is_some_and(|found| found >= SQLITE_FLOOR));
        assert_eq!(parse_version("nonsense"), None);
    }
}
