//! `traotay backup`: the whole store in one file, also while a server runs.

use crate::cli::{Failure, Place, Verdict, print};
use crate::config::Config;
use clap::Args;
use entity::ServerKeys;
use entity::backup::{BackupError, Made, dump};
use entity::clock::SystemClock;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::path::{Path, PathBuf};

/// What to write and where.
#[derive(Debug, Clone, Args)]
pub struct BackupArgs {
    /// Where the installation is.
    #[command(flatten)]
    pub place: Place,
    /// The file to write; it must not be there yet
    #[arg(long)]
    pub to: PathBuf,
    /// Put the server's keys in as well: whoever has the file can then sign as this server
    #[arg(long)]
    pub with_keys: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What is remembered of the last backup, beside the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastBackup {
    /// Where it was written to.
    pub file: String,
    /// The moment it holds, in milliseconds UTC.
    pub made_at_ms: i64,
    /// How large it is.
    pub bytes: u64,
}

impl LastBackup {
    fn path(data: &Path) -> PathBuf {
        data.join("last-backup.json")
    }

    /// The last backup that was made of the installation in this folder.
    pub fn of(data: &Path) -> Option<Self> {
        let text = std::fs::read(Self::path(data)).ok()?;
        serde_json::from_slice(&text).ok()
    }
}

/// The command.
///
/// # Errors
/// When the configuration is not usable, the store cannot be read or the file not be written.
pub async fn run(args: BackupArgs) -> Result<Verdict, Failure> {
    let config = Config::load(&args.place)?;
    let keys = ServerKeys::load(&config.keys())?;
    if keys.is_none() && args.with_keys {
        let why = format!(
            "{} is not there, so --with-keys has nothing to put in",
            config.keys().display()
        );
        return Err(Failure::Refused(why));
    }
    let key_file = args.with_keys.then(|| config.keys());
    let made = dump(
        config.migrate_url.as_ref().unwrap_or(&config.database_url),
        &args.to,
        keys.as_ref(),
        key_file.as_deref(),
        &SystemClock,
    )
    .await;
    let made = match made {
        Err(BackupError::Refused(why)) => return Ok(no(args.json, &why)),
        made => made?,
    };
    remember(&config.data, &args.to, &made);
    say(&args, &made);
    Ok(Verdict::Yes)
}

/// Prints why there is no good answer.
pub(crate) fn no(as_json: bool, why: &str) -> Verdict {
    if as_json {
        print(&json!({ "ok": false, "why": why }).to_string());
    } else {
        print(why);
    }
    Verdict::No
}

/// `doctor` looks here. A backup is as good when it cannot be written down.
fn remember(data: &Path, file: &Path, made: &Made) {
    let last = LastBackup {
        file: std::path::absolute(file)
            .unwrap_or_else(|_| file.to_owned())
            .display()
            .to_string(),
        made_at_ms: made.manifest.made_at_ms,
        bytes: made.bytes,
    };
    let written = serde_json::to_vec(&last)
        .map_err(std::io::Error::other)
        .and_then(|text| std::fs::write(LastBackup::path(data), text));
    if let Err(error) = written {
        tracing::warn!(error = %error, "the backup is good, but cannot be remembered beside the data");
    }
}

fn say(args: &BackupArgs, made: &Made) {
    let manifest = &made.manifest;
    if args.json {
        let answer = json!({
            "ok": true, "file": args.to, "bytes": made.bytes, "made_at_ms": manifest.made_at_ms,
            "schema": manifest.schema.last(), "counts": manifest.counts, "with_keys": args.with_keys,
        });
        print(&answer.to_string());
        return;
    }
    print(&format!(
        "{}: {} bytes, {} facts up to number {}, {} dossiers, {} rows; written, synced and read again",
        args.to.display(),
        made.bytes,
        manifest.counts.events,
        manifest.counts.last_log_number,
        manifest.counts.dossiers,
        manifest.counts.rows,
    ));
    if args.with_keys {
        print("It holds the server's keys: whoever has it can sign as this server.");
    } else {
        print("The server's keys are not in it; keep a copy of server.keys elsewhere.");
    }
}
