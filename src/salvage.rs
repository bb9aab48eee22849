//! `traotay salvage`: opens the files of phones whose key store failed, and deposits what is in them.

use crate::cli::{Failure, Place, Verdict, print};
use crate::config::Config;
use clap::Args;
use entity::ServerKeys;
use entity::Store;
use entity::recovery::{RecoveryKey, is_file};
use entity::repo::salvage::{self, Opened};
use entity::repo::staff;
use serde_json::json;
use std::path::PathBuf;

/// Which files.
#[derive(Debug, Clone, Args)]
pub struct SalvageArgs {
    /// Where the installation is.
    #[command(flatten)]
    pub place: Place,
    /// A file that came by another way than the office's page; it is kept first, in the name of --by
    #[arg(requires = "by")]
    pub file: Option<PathBuf>,
    /// Who brought the file: the name they sign in with
    #[arg(long)]
    pub by: Option<String>,
    /// The server's keys the phones knew, when they are not those of this installation
    #[arg(long)]
    pub keys: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Keeps the file if one is given, then opens every file that waits.
///
/// # Errors
/// When the file cannot be read, or the store fails.
pub async fn run(args: SalvageArgs) -> Result<Verdict, Failure> {
    let config = Config::load(&args.place)?;
    let key = match &args.keys {
        None => RecoveryKey::of(&ServerKeys::load_or_create(&config.keys())?),
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(Failure::io(path.display().to_string()))?;
            let keys = ServerKeys::parse(&text);
            RecoveryKey::of(&keys.ok_or_else(|| Failure::Refused("--keys: not a file of a server's keys".to_owned()))?)
        }
    };
    let store = config.open_options().open().await?;
    let done = open_all(&store, &key, &args).await;
    store.close().await;
    let opened = done?;
    say(&args, &opened);
    let all_opened = opened.iter().all(|file| file.unopened == 0);
    Ok(if all_opened { Verdict::Yes } else { Verdict::No })
}

async fn open_all(store: &Store, key: &RecoveryKey, args: &SalvageArgs) -> Result<Vec<Opened>, Failure> {
    if let (Some(path), Some(login)) = (&args.file, &args.by) {
        let bytes = std::fs::read(path).map_err(Failure::io(path.display().to_string()))?;
        if !is_file(&bytes) {
            return Err(Failure::Refused(format!(
                "{}: no file of a phone's salvage",
                path.display()
            )));
        }
        let by = staff::by_login(store.read(), login).await?;
        let by = by.ok_or_else(|| Failure::Refused("--by: nobody signs in with this name".to_owned()))?;
        salvage::keep(store, bytes, by.id).await?;
    }
    let mut opened = Vec::new();
    for file in salvage::waiting(store.read()).await? {
        opened.push(salvage::open(store, key, &file).await?);
    }
    Ok(opened)
}

fn say(args: &SalvageArgs, opened: &[Opened]) {
    if args.json {
        let files: Vec<_> = opened
            .iter()
            .map(|file| json!({ "id": file.id, "events": file.events, "stored": file.stored, "unopened": file.unopened }))
            .collect();
        print(&json!({ "files": files }).to_string());
        return;
    }
    if opened.is_empty() {
        print("no file waits");
    }
    for file in opened {
        print(&format!(
            "{}: {} events, {} of them new, {} lines do not open with this key",
            file.id, file.events, file.stored, file.unopened
        ));
    }
}
