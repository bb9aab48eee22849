//! Start-up assertions: a store that cannot keep the promises is refused before the first request.

use super::Durability;
use crate::StoreError;
use migrations::Migrator;
use sea_orm::DatabaseConnection;
use sea_orm_migration::MigratorTrait;
use sqlx::{PgConnection, SqliteConnection};

/// The first SQLite without the WAL-reset bug (<https://sqlite.org/wal.html#walresetbug>).
const SQLITE_FLOOR: (u32, u32, u32) = (3, 51, 3);

fn refuse(why: String) -> sqlx::Error {
    sqlx::Error::Configuration(why.into())
}

/// Checks one SQLite connection: version, write-ahead log, full sync, foreign keys.
pub(super) async fn sqlite(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut *connection).await?;
    if parse_version(&version).is_none_or(|found| found < SQLITE_FLOOR) {
        return Err(refuse(format!("SQLite {version} can damage its log; 3.51.3 or newer is needed")));
    }
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *connection).await?;
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&mut *connection).await?;
    let foreign_keys: i64 = sqlx::query_scalar("PRAGMA foreign_keys").fetch_one(&mut *connection).await?;
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
    let commit: String = sqlx::query_scalar("SHOW synchronous_commit").fetch_one(&mut *connection).await?;
    if fsync != "on" || matches!(commit.as_str(), "off" | "local") {
        return Err(refuse(format!(
            "PostgreSQL must run with fsync=on and synchronous_commit=on; found {fsync}, {commit}"
        )));
    }
    Ok(())
}

/// Checks that the schema is exactly the one this program was built for.
pub(super) async fn schema(db: &DatabaseConnection) -> Result<(), StoreError> {
    let applied = Migrator::get_migration_models(db).await.map_err(|error| {
        StoreError::Refused(format!("the schema is missing; run `traotay migrate` ({error})"))
    })?;
    let wanted: Vec<String> = Migrator::migrations().iter().map(|one| one.name().to_owned()).collect();
    let found: Vec<String> = applied.into_iter().map(|one| one.version).collect();
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
    use super::{SQLITE_FLOOR, parse_version};

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(parse_version("3.51.2").is_some_and(|found| found < SQLITE_FLOOR));
        assert!(parse_version("3.9.9").is_some_and(|found| found < SQLITE_FLOOR));
        assert!(parse_version("3.51.10").is_some_and(|found| found >= SQLITE_FLOOR));
        assert_eq!(parse_version("nonsense"), None);
    }
}
