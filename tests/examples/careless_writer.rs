//! Writes rows into an SQLite file and says so after each commit: `careless_writer FILE SYNCHRONOUS`. With anything but
//! `full` it acknowledges what a power cut can take back. For the stories about power cuts, which must notice.

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Executor};
use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::str::FromStr;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let file = PathBuf::from(arguments.next().ok_or("which file?")?);
    let synchronous = arguments.next().ok_or("how synchronous?")?;
    let synchronous = SqliteSynchronous::from_str(&synchronous.to_string_lossy())?;
    let mut connection = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .disable_statement_logging()
        .connect()
        .await?;
    connection
        .execute("CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY, filler BLOB)")
        .await?;
    let mut out = std::io::stdout();
    loop {
        let n: i64 = sqlx::query_scalar("INSERT INTO t (filler) VALUES (randomblob(1500)) RETURNING n")
            .fetch_one(&mut connection)
            .await?;
        writeln!(out, "{n}")?;
        out.flush()?;
    }
}
