//! Which tables and columns there are after so many changes of the schema.
//!
//! They are read from an empty database in memory that went through the same changes. So a table that somebody else keeps beside
//! ours is left alone, and a role that may not see one of ours is told so instead of leaving it out.

use super::BackupError;
use super::manifest::{Column, ColumnKind, Table};
use migrations::Migrator;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, SqlxSqliteConnector, Statement};
use sea_orm_migration::MigratorTrait;
use sqlx::sqlite::SqlitePoolOptions;

/// The table in which the changes themselves are listed.
pub(super) const CHANGES: &str = "seaql_migrations";

/// Every change this program knows, in order.
pub(super) fn known() -> Vec<String> {
    Migrator::migrations().iter().map(|one| one.name().to_owned()).collect()
}

/// How many of the changes this program knows these are.
///
/// # Errors
/// [`BackupError::Refused`] when they are not the first so many: a newer or another program made them.
pub(super) fn steps(applied: &[String]) -> Result<u32, BackupError> {
    let known = known();
    if applied.is_empty() {
        return Err(BackupError::refused("it holds no schema"));
    }
    if known.get(..applied.len()) == Some(applied) {
        return u32::try_from(applied.len()).map_err(BackupError::refused);
    }
    Err(BackupError::Refused(format!(
        "its schema is at {}, this program knows {} and what came before; use the program that made it, or a newer one",
        applied.last().map_or("nothing", String::as_str),
        known.last().map_or("nothing", String::as_str),
    )))
}

/// The tables after the first so many changes, by name, each without rows.
///
/// # Errors
/// When the database in memory fails, or a column is of a type nobody taught us.
pub(super) async fn tables(steps: u32) -> Result<Vec<Table>, BackupError> {
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect("sqlite::memory:")
        .await
        .map_err(|error| crate::StoreError::Refused(error.to_string()))?;
    let db = SqlxSqliteConnector::from_sqlx_sqlite_pool(pool);
    Migrator::up(&db, Some(steps)).await?;
    let listed = db
        .query_all_raw(Statement::from_string(
            DbBackend::Sqlite,
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name",
        ))
        .await?;
    let mut tables = Vec::new();
    for row in listed {
        let name: String = row.try_get_by_index(0)?;
        if name != CHANGES {
            let columns = columns(&db, &name).await?;
            tables.push(Table { name, columns, rows: 0 });
        }
    }
    db.close().await?;
    Ok(tables)
}

async fn columns(db: &DatabaseConnection, table: &str) -> Result<Vec<Column>, BackupError> {
    let listed = db
        .query_all_raw(Statement::from_sql_and_values(
            DbBackend::Sqlite,
            "SELECT name, type FROM pragma_table_info($1) ORDER BY cid",
            [table.into()],
        ))
        .await?;
    let mut columns = Vec::new();
    for row in listed {
        let (name, declared): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let kind = kind(&declared).ok_or_else(|| {
            BackupError::Refused(format!(
                "column {table}.{name} is of type {declared}, which no backup keeps"
            ))
        })?;
        columns.push(Column { name, kind });
    }
    Ok(columns)
}

/// The column shapes of `migrations::column`, as SQLite writes them.
fn kind(declared: &str) -> Option<ColumnKind> {
    match declared.to_ascii_lowercase().as_str() {
        "integer" | "bigint" => Some(ColumnKind::Int),
        "double" | "real" => Some(ColumnKind::Real),
        "text" => Some(ColumnKind::Text),
        "blob" => Some(ColumnKind::Bytes),
        "uuid_text" => Some(ColumnKind::Id),
        "boolean" => Some(ColumnKind::Flag),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{known, steps, tables};

    #[tokio::test]
    async fn every_column_of_every_schema_there_was_can_be_kept() {
        for after in 1..=known().len() {
            let after = u32::try_from(after).expect("few");
            assert!(!tables(after).await.expect("readable").is_empty());
        }
        let now = tables(u32::try_from(known().len()).expect("few"))
            .await
            .expect("readable");
        assert!(
            now.iter()
                .any(|table| table.name == "inbox" && table.columns.len() == 7)
        );
    }

    #[test]
    fn a_schema_of_the_future_or_of_somebody_else_is_refused() {
        let mut future = known();
        future.push("m20991231_000001_from_the_future".to_owned());
        assert!(steps(&future).is_err());
        let known = known();
        assert!(steps(&known[1..]).is_err());
        assert!(steps(&[]).is_err());
        assert_eq!(steps(&known[..3]).expect("of before"), 3);
    }
}
