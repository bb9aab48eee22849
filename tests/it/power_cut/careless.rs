//! The same cuts under a writer that does not sync before it acknowledges. It loses what it acknowledged; if it did not, the
//! story beside this one would prove nothing. And the same writer, syncing, loses nothing.

use e2e::{Disk, built};
use entity::clock::random;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// Cuts within which a loss must show.
const CUTS: u32 = 20;

#[test]
fn a_writer_that_never_syncs_is_found_out_within_twenty_cuts() {
    assert!(cut_until_lost("off").is_some());
}

/// What apalis' own set-up would make of a shared pool's durability, one step better: synced at checkpoints only.
#[test]
fn a_writer_that_syncs_now_and_then_is_found_out_within_twenty_cuts() {
    assert!(cut_until_lost("normal").is_some());
}

#[test]
fn the_same_writer_loses_nothing_when_it_syncs_before_it_acknowledges() {
    assert_eq!(cut_until_lost("full"), None);
}

/// The first cut after which something acknowledged was gone.
fn cut_until_lost(synchronous: &str) -> Option<u32> {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("t.db");
    let disk = Disk::under(folder.path());
    let mut acknowledged = 0;
    (0..CUTS).find(|_| {
        let mut command = Command::new(built("examples/careless_writer"));
        command.arg(&database).arg(synchronous).stdout(Stdio::piped());
        disk.carry(&mut command);
        let mut writer = command.spawn().expect("it starts");
        let mut lines = BufReader::new(writer.stdout.take().expect("its output is ours")).lines();
        let more = 1 + usize::from(u16::from_le_bytes(random())) % 400;
        let some = lines.by_ref().take(more).map_while(Result::ok).last();
        writer.kill().expect("SIGKILL");
        writer.wait().expect("it ends");
        // What it said before it died and nobody had read yet.
        let last = lines
            .map_while(Result::ok)
            .filter(|line| line.parse::<i64>().is_ok())
            .last()
            .or(some);
        acknowledged = last.expect("it wrote something").parse().unwrap_or(acknowledged);
        disk.cut(u64::from_le_bytes(random()));
        let stored = stored(&database);
        assert!(stored.is_some() || synchronous != "full", "the database is damaged");
        stored.is_none_or(|stored| stored < acknowledged)
    })
}

/// The rows that are there, unless the file is gone or damaged.
#[tokio::main(flavor = "current_thread")]
async fn stored(database: &Path) -> Option<i64> {
    let options = SqliteConnectOptions::new()
        .filename(database)
        .disable_statement_logging();
    let mut connection = options.connect().await.ok()?;
    let rows = sqlx::query_scalar("SELECT max(n) FROM t")
        .fetch_one(&mut connection)
        .await;
    let check: Result<String, _> = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_one(&mut connection)
        .await;
    connection.close().await.ok()?;
    if check.ok()? == "ok" { rows.ok()? } else { None }
}
