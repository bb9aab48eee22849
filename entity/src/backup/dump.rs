//! Making a backup.

use super::archive::{KEYS, Writer, inspect, part_name};
use super::manifest::{Column, Counts, FORMAT, Manifest, Table};
use super::{BackupError, row, schema};
use crate::ServerKeys;
use crate::clock::Clock;
use crate::store::snapshot;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, QueryResult, Statement};
use std::path::Path;

/// Rows asked for at a time.
const PAGE: i64 = 500;

/// A part is closed when it has grown to this.
const PART_BYTES: usize = 4 * 1024 * 1024;

/// A backup that was made and read again.
#[derive(Debug)]
pub struct Made {
    /// What it holds.
    pub manifest: Manifest,
    /// How large the file is.
    pub bytes: u64,
}

/// Writes a backup of the store at `url` to `to`, while others work with the store, and reads it again to its end.
///
/// `keys` are the server's keys, of which the public halves are kept; the file of them goes in whole when it is given.
///
/// # Errors
/// [`BackupError::Refused`] when the file is there already or a newer program works on the store; nothing is left behind then.
pub async fn dump(
    url: &str,
    to: &Path,
    keys: Option<&ServerKeys>,
    key_file: Option<&Path>,
    clock: &dyn Clock,
) -> Result<Made, BackupError> {
    let (db, tx) = snapshot(url).await?;
    let now_ms = clock.now_ms();
    let changes = texts(
        &tx,
        &format!("SELECT version FROM {} ORDER BY version", schema::CHANGES),
    )
    .await?;
    let mut tables = schema::tables(schema::steps(&changes)?).await?;
    let mut writer = Writer::create(to, now_ms)?;
    for table in &mut tables {
        table.rows = rows(&tx, table, &mut writer).await?;
    }
    if let Some(path) = key_file {
        let text = std::fs::read(path).map_err(BackupError::file(path))?;
        writer.add(KEYS, &text)?;
    }
    let manifest = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at_ms: now_ms,
        database: match tx.get_database_backend() {
            DbBackend::Postgres => "postgres".to_owned(),
            _ => "sqlite".to_owned(),
        },
        schema: changes,
        act_keys: keys.map_or_else(Vec::new, public_halves),
        counts: Counts {
            last_log_number: number(&tx, "SELECT last_index FROM sequencer").await?,
            events: number(&tx, "SELECT COUNT(*) FROM inbox").await?,
            dossiers: number(&tx, "SELECT COUNT(*) FROM dossier").await?,
            rows: tables.iter().map(|table| table.rows).sum(),
        },
        tables,
        members: Vec::new(),
    };
    let (manifest, bytes) = writer.finish(manifest)?;
    tx.rollback().await?;
    db.close().await?;
    let read = inspect(to)?;
    if read != manifest {
        return Err(BackupError::refused("what was written reads back as something else"));
    }
    Ok(Made { manifest, bytes })
}

/// Writes every row of a table; says how many.
async fn rows(tx: &DatabaseTransaction, table: &Table, writer: &mut Writer) -> Result<u64, BackupError> {
    let mut pages = Pages::of(tx, table).await?;
    let (mut count, mut part, mut parts) = (0, Vec::new(), 0);
    loop {
        let page = pages.next(tx).await?;
        for one in &page {
            row::write(&mut part, table, one, 1)?;
            count += 1;
        }
        if part.len() >= PART_BYTES || (page.is_empty() && !part.is_empty()) {
            parts += 1;
            writer.add(&part_name(&table.name, parts), &part)?;
            part.clear();
        }
        if page.is_empty() {
            pages.close(tx).await?;
            return Ok(count);
        }
    }
}

/// A table read page by page. The first column of each row is its place in the table and not of it.
enum Pages {
    /// SQLite goes on after the last row it gave.
    After { query: String, last: i64 },
    /// PostgreSQL remembers where it is, under a name for each table: the same FETCH would be taken to give the same columns.
    Cursor(String),
}

impl Pages {
    async fn of(tx: &DatabaseTransaction, table: &Table) -> Result<Self, BackupError> {
        let columns = table.columns.iter().map(quoted).collect::<Vec<_>>().join(", ");
        let name = &table.name;
        if tx.get_database_backend() == DbBackend::Postgres {
            let cursor = format!("\"backup of {name}\"");
            let declare = format!("DECLARE {cursor} NO SCROLL CURSOR FOR SELECT 0::bigint, {columns} FROM \"{name}\"");
            tx.execute_unprepared(&declare).await?;
            return Ok(Self::Cursor(cursor));
        }
        let query = format!("SELECT rowid, {columns} FROM \"{name}\" WHERE rowid > $1 ORDER BY rowid LIMIT {PAGE}");
        Ok(Self::After { query, last: i64::MIN })
    }

    async fn next(&mut self, tx: &DatabaseTransaction) -> Result<Vec<QueryResult>, BackupError> {
        match self {
            Self::Cursor(cursor) => {
                let fetch = Statement::from_string(DbBackend::Postgres, format!("FETCH {PAGE} FROM {cursor}"));
                Ok(tx.query_all_raw(fetch).await?)
            }
            Self::After { query, last } => {
                let ask = Statement::from_sql_and_values(DbBackend::Sqlite, query.as_str(), [(*last).into()]);
                let page = tx.query_all_raw(ask).await?;
                if let Some(row) = page.last() {
                    *last = row.try_get_by_index(0)?;
                }
                Ok(page)
            }
        }
    }

    async fn close(self, tx: &DatabaseTransaction) -> Result<(), BackupError> {
        if let Self::Cursor(cursor) = self {
            tx.execute_unprepared(&format!("CLOSE {cursor}")).await?;
        }
        Ok(())
    }
}

/// The public halves of the keys acts were signed with, in hex.
fn public_halves(keys: &ServerKeys) -> Vec<String> {
    let keys = keys.act_keys();
    keys.iter().map(|key| hex::encode(key.to_bytes())).collect()
}

fn quoted(column: &Column) -> String {
    format!("\"{}\"", column.name)
}

async fn number(tx: &DatabaseTransaction, sql: &str) -> Result<i64, BackupError> {
    let row = tx
        .query_one_raw(Statement::from_string(tx.get_database_backend(), sql))
        .await?;
    row.ok_or_else(|| BackupError::refused("the store is empty"))?
        .try_get_by_index(0)
        .map_err(BackupError::from)
}

async fn texts(tx: &DatabaseTransaction, sql: &str) -> Result<Vec<String>, BackupError> {
    let rows = tx
        .query_all_raw(Statement::from_string(tx.get_database_backend(), sql))
        .await?;
    let texts = rows.iter().map(|row| row.try_get_by_index(0));
    Ok(texts.collect::<Result<_, _>>()?)
}
