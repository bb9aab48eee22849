//! Filling an empty database from a backup.

use super::archive::{KEYS, inspect, read, table_of};
use super::manifest::{Manifest, Table};
use super::{BackupError, row, schema};
use crate::clock::Clock;
use crate::repo::setting;
use crate::store::blank;
use migrations::Migrator;
use sea_orm::sea_query::{Alias, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement, Value};
use sea_orm_migration::MigratorTrait;
use std::path::Path;
use std::sync::mpsc;

/// Values in one statement: below what either database takes.
const MOST_VALUES: usize = 15_000;

/// Where a backup goes.
#[derive(Debug)]
pub struct Target<'a> {
    /// The empty database.
    pub url: &'a str,
    /// Labels of each run in use that are passed over: as many as may have been printed since the backup was made.
    pub skip_labels: i64,
    /// The server's keys come from elsewhere. When they do not and are not in the backup either, they are lost.
    pub has_keys: bool,
}

/// What was filled.
#[derive(Debug)]
pub struct Loaded {
    /// What the backup held.
    pub manifest: Manifest,
    /// The file of the server's keys, when it was in it.
    pub keys: Option<Vec<u8>>,
    /// The store's new epoch: phones that see it deposit again.
    pub epoch: u64,
}

/// Checks the whole file, then fills the database in one transaction: all of it is there afterwards, or nothing.
///
/// The schema is made as it was, the rows are put in, and what the schema has gone through since follows.
///
/// # Errors
/// [`BackupError::Refused`] when the file is not a good backup, a newer program made it, or the database is not empty.
pub async fn load(path: &Path, target: Target<'_>, clock: &dyn Clock) -> Result<Loaded, BackupError> {
    let manifest = inspect(path)?;
    let steps = schema::steps(&manifest.schema)?;
    let wanted = schema::tables(steps).await?;
    if !is_same(&wanted, &manifest.tables) {
        return Err(BackupError::refused("its tables are not those of its schema"));
    }
    let (db, tx, _lock) = blank(target.url).await?;
    refuse_full(&tx, &wanted).await?;
    Migrator::up(&tx, Some(steps)).await?;
    for table in &manifest.tables {
        // What the changes themselves put in is in the backup as it was then.
        tx.execute_unprepared(&format!("DELETE FROM \"{}\"", table.name))
            .await?;
    }
    let keys = fill(&tx, path, &manifest).await?;
    Migrator::up(&tx, None).await?;
    let before: u64 = setting::get(&tx, "epoch")
        .await?
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    let now = clock.now_ms();
    let epoch = u64::try_from(now).unwrap_or(0).max(before + 1);
    setting::put(&tx, "epoch", &epoch.to_string()).await?;
    setting::put(&tx, "restored_at", &now.to_string()).await?;
    if target.skip_labels > 0 {
        skip_labels(&tx, target.skip_labels).await?;
    }
    if !target.has_keys && keys.is_none() {
        forget_what_lost_keys_made(&tx).await?;
    }
    tx.commit().await?;
    db.close().await?;
    Ok(Loaded { manifest, keys, epoch })
}

fn is_same(wanted: &[Table], told: &[Table]) -> bool {
    let shape = |table: &Table| (table.name.clone(), table.columns.clone());
    wanted.iter().map(shape).eq(told.iter().map(shape))
}

/// Nothing of ours may be there: what somebody needs would be mixed with what somebody else needs.
async fn refuse_full(tx: &DatabaseTransaction, tables: &[Table]) -> Result<(), BackupError> {
    let sql = match tx.get_database_backend() {
        DbBackend::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()",
        _ => "SELECT name FROM sqlite_schema WHERE type = 'table'",
    };
    let rows = tx
        .query_all_raw(Statement::from_string(tx.get_database_backend(), sql))
        .await?;
    for row in rows {
        let name: String = row.try_get_by_index(0)?;
        if name == schema::CHANGES || tables.iter().any(|table| table.name == name) {
            return Err(BackupError::Refused(format!(
                "the database is not empty: it has a table {name}"
            )));
        }
    }
    Ok(())
}

/// Reads the file in a thread of its own and puts the rows in as they come. Returns the keys, when they came too.
async fn fill(tx: &DatabaseTransaction, path: &Path, manifest: &Manifest) -> Result<Option<Vec<u8>>, BackupError> {
    let (belt, parts) = mpsc::sync_channel::<(String, Vec<u8>)>(2);
    let source = path.to_owned();
    let reading = std::thread::spawn(move || {
        read(&source, |name, bytes| {
            let taken = belt.send((name.to_owned(), bytes));
            taken.map_err(|_| BackupError::refused("nobody takes the rows any more"))
        })
    });
    let mut keys = None;
    let mut filled = Ok(());
    while let Ok((name, bytes)) = parts.recv() {
        if name == KEYS {
            keys = Some(bytes);
        } else if let Some(table) = table_of(&name) {
            filled = match manifest.tables.iter().find(|known| known.name == table) {
                Some(table) => put(tx, table, &bytes).await,
                None => Err(BackupError::refused("the file changed while it was read")),
            };
            if filled.is_err() {
                break;
            }
        }
    }
    drop(parts);
    let read = reading
        .join()
        .map_err(|_| BackupError::refused("reading the file failed"))?;
    filled.and(read)?;
    for table in &manifest.tables {
        let sql = format!("SELECT COUNT(*) FROM \"{}\"", table.name);
        let row = tx
            .query_one_raw(Statement::from_string(tx.get_database_backend(), sql))
            .await?;
        let rows: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?;
        if rows.and_then(|rows| u64::try_from(rows).ok()) != Some(table.rows) {
            return Err(BackupError::refused("the file changed while it was read"));
        }
    }
    Ok(keys)
}

async fn put(tx: &DatabaseTransaction, table: &Table, mut part: &[u8]) -> Result<(), BackupError> {
    let most = (MOST_VALUES / table.columns.len().max(1)).clamp(1, 1000);
    while !part.is_empty() {
        let mut rows = Vec::new();
        while !part.is_empty() && rows.len() < most {
            rows.push(row::read(&mut part, table)?);
        }
        insert(tx, table, rows).await?;
    }
    Ok(())
}

async fn insert(tx: &DatabaseTransaction, table: &Table, rows: Vec<Vec<Value>>) -> Result<(), BackupError> {
    let mut insert = Query::insert();
    insert
        .into_table(Alias::new(&table.name))
        .columns(table.columns.iter().map(|column| Alias::new(&column.name)));
    for row in rows {
        insert
            .values(row.into_iter().map(Into::into))
            .map_err(BackupError::refused)?;
    }
    tx.execute(&insert).await?;
    Ok(())
}

/// Sessions and second factors are secrets made of the server's keys. With new keys nobody's authenticator would give the right
/// code for ever after, so people set it up again.
async fn forget_what_lost_keys_made(tx: &DatabaseTransaction) -> Result<(), BackupError> {
    for table in ["second_factor", "staff_session"] {
        tx.execute_unprepared(&format!("DELETE FROM {table}")).await?;
    }
    Ok(())
}

/// A label that was drawn and printed after the backup was made is on an envelope somewhere; it must not be drawn again.
async fn skip_labels(tx: &DatabaseTransaction, count: i64) -> Result<(), BackupError> {
    let sql = "UPDATE serial_block SET next = CASE WHEN next + $1 > last + 1 THEN last + 1 ELSE next + $1 END \
               WHERE next > first AND next <= last";
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        sql,
        [count.into()],
    ))
    .await?;
    Ok(())
}
