//! `traotay restore`: an installation from a backup, or only the check of one.

use crate::backup::no;
use crate::cli::{Failure, Place, Verdict, print};
use crate::config::Config;
use crate::doctor::{Evidence, examine};
use clap::Args;
use entity::ServerKeys;
use entity::backup::{BackupError, Loaded, Manifest, Target, inspect, load};
use entity::clock::SystemClock;
use serde_json::json;
use std::path::{Path, PathBuf};

/// From where and where to.
#[derive(Debug, Clone, Args)]
pub struct RestoreArgs {
    /// The backup
    pub file: PathBuf,
    /// The folder of the new installation; it must be empty or not there yet
    #[arg(long, required_unless_present = "check")]
    pub into: Option<PathBuf>,
    /// Read the whole file and say whether it is good; make nothing
    #[arg(long, conflicts_with = "into")]
    pub check: bool,
    /// `sqlite:<path>` or `postgres://…`, empty (DATABASE_URL, default SQLite in the folder)
    #[arg(long)]
    pub database_url: Option<String>,
    /// A configuration file (default ./traotay.toml when it is there)
    #[arg(long)]
    pub config: Option<PathBuf>,
    /// The server's keys, when they are not in the backup
    #[arg(long)]
    pub keys: Option<PathBuf>,
    /// Pass over so many labels of each run in use: as many as may have been printed since the backup was made
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..))]
    pub skip_labels: i64,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Where the keys of the new installation come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keys {
    Given,
    InBackup,
    New,
}

/// The command.
///
/// # Errors
/// When the configuration is not usable, or a file or database fails.
pub async fn run(args: RestoreArgs) -> Result<Verdict, Failure> {
    let Some(folder) = &args.into else {
        return match inspect(&args.file) {
            Err(BackupError::Refused(why)) => Ok(no(args.json, &why)),
            read => Ok(checked(&args, &read?)),
        };
    };
    let config = Config::load(&Place {
        data: Some(folder.clone()),
        database_url: args.database_url.clone(),
        config: args.config.clone(),
    })?;
    if is_occupied(folder)? {
        return Ok(no(args.json, &format!("{} is not empty", folder.display())));
    }
    let given = match &args.keys {
        Some(path) => Some(std::fs::read(path).map_err(Failure::io(path.display().to_string()))?),
        None => None,
    };
    match fill(&args, &config, given).await {
        Ok((loaded, keys, evidence)) => Ok(say(&args, &loaded, keys, &evidence)),
        Err(Failure::Backup(BackupError::Refused(why))) => Ok(no(args.json, &why)),
        Err(failure) => Err(failure),
    }
}

async fn fill(
    args: &RestoreArgs,
    config: &Config,
    given: Option<Vec<u8>>,
) -> Result<(Loaded, Keys, Evidence), Failure> {
    // Before the folder is made: a file that is no backup leaves nothing behind.
    let manifest = inspect(&args.file)?;
    if let Some(text) = &given {
        refuse_foreign(text, &manifest)?;
    }
    std::fs::create_dir_all(&config.data).map_err(Failure::io(config.data.display().to_string()))?;
    let target = Target {
        url: config.migrate_url.as_ref().unwrap_or(&config.database_url),
        skip_labels: args.skip_labels,
        has_keys: given.is_some(),
    };
    let mut loaded = load(&args.file, target, &SystemClock)
        .await
        .inspect_err(|_| clear(&config.data))?;
    let (from, text) = match (given, loaded.keys.take()) {
        (Some(text), _) => (Keys::Given, Some(text)),
        (None, Some(text)) => (Keys::InBackup, Some(text)),
        (None, None) => (Keys::New, None),
    };
    let keys = put_keys(&config.keys(), text, &loaded.manifest)?;
    // As the owner of the tables, who gives them to the role the program works as.
    let store = config.migrate_options().open().await?;
    let evidence = examine(&store, &keys, true).await;
    store.close().await;
    Ok((loaded, from, evidence?))
}

/// Keys of another installation would open nothing of this one.
fn refuse_foreign(text: &[u8], manifest: &Manifest) -> Result<(), BackupError> {
    let keys = std::str::from_utf8(text).ok().and_then(ServerKeys::parse);
    let keys = keys.ok_or_else(|| BackupError::Refused("--keys: not a file of a server's keys".to_owned()))?;
    let own = hex::encode(keys.acts.verifying_key().to_bytes());
    if manifest.act_keys.is_empty() || manifest.act_keys.contains(&own) {
        return Ok(());
    }
    Err(BackupError::Refused(
        "--keys: the keys of another installation".to_owned(),
    ))
}

/// Puts the keys where the server looks for them, with the public halves of those that are not there any more.
fn put_keys(path: &Path, text: Option<Vec<u8>>, manifest: &Manifest) -> Result<ServerKeys, Failure> {
    if let Some(text) = text {
        ServerKeys::put_back(path, &String::from_utf8_lossy(&text))?;
    }
    let keys = ServerKeys::load_or_create(path)?;
    let own = hex::encode(keys.acts.verifying_key().to_bytes());
    let lost: Vec<String> = manifest.act_keys.iter().filter(|key| **key != own).cloned().collect();
    if lost.is_empty() {
        return Ok(keys);
    }
    ServerKeys::retire(path, &lost)?;
    Ok(ServerKeys::load_or_create(path)?)
}

fn is_occupied(folder: &Path) -> Result<bool, Failure> {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_some()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Failure::io(folder.display().to_string())(error)),
    }
}

/// Takes away what was begun in a folder that was empty before, so that it can be tried again.
fn clear(folder: &Path) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let _ = std::fs::remove_file(entry.path());
    }
}

fn checked(args: &RestoreArgs, manifest: &Manifest) -> Verdict {
    if args.json {
        let answer = json!({ "ok": true, "made_at_ms": manifest.made_at_ms, "counts": manifest.counts,
            "schema": manifest.schema.last(), "program": manifest.program, "database": manifest.database });
        print(&answer.to_string());
    } else {
        print(&format!("{}: whole; {}", args.file.display(), holds(manifest)));
    }
    Verdict::Yes
}

fn holds(manifest: &Manifest) -> String {
    let counts = &manifest.counts;
    format!(
        "{} facts up to number {}, {} dossiers, {} rows",
        counts.events, counts.last_log_number, counts.dossiers, counts.rows
    )
}

fn say(args: &RestoreArgs, loaded: &Loaded, keys: Keys, evidence: &Evidence) -> Verdict {
    let sound = evidence.is_sound();
    if args.json {
        let answer = json!({
            "ok": sound, "made_at_ms": loaded.manifest.made_at_ms, "counts": loaded.manifest.counts,
            "epoch": loaded.epoch, "doctor": evidence.json(),
            "keys": match keys { Keys::Given => "given", Keys::InBackup => "in_backup", Keys::New => "new" },
        });
        print(&answer.to_string());
    } else {
        print(&format!("restored: {}", holds(&loaded.manifest)));
        print(&evidence.text());
        print(&format!(
            "The store has a new epoch, {}: phones deposit again what they still have.",
            loaded.epoch
        ));
        print(match keys {
            Keys::Given => "The server's keys are the ones you gave.",
            Keys::InBackup => "The server's keys came with the backup.",
            Keys::New => {
                "The server has new keys: everybody signs in again and sets up the second factor again, and \
                 one-stop systems ask for a token again. Links that citizens \
                 have still open; a slip printed anew for an old dossier would not. Old acts stay verifiable."
            }
        });
    }
    if sound { Verdict::Yes } else { Verdict::No }
}
