//! `traotay witness`: signs what it sees of logs, for an organisation that is not the post.

use crate::cli::{Failure, Verdict, print};
use api::witness::{Witness, serve};
use clap::Args;
use custody::log::{Algorithm, NoteKey, Policy};
use ed25519_dalek::SigningKey;
use entity::clock::SystemClock;
use std::fmt::Write as _;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;

/// How to witness.
#[derive(Debug, Args)]
pub struct WitnessArgs {
    /// Folder for the key, made on first start, and for what was seen
    #[arg(long)]
    data: PathBuf,
    /// The name it signs under, as archive.example/witness
    #[arg(long)]
    name: String,
    /// A log's verifier key, the first line of its /log/vkey; once for each log
    #[arg(long = "log", required = true)]
    logs: Vec<String>,
    /// Where to listen; 127.0.0.1:8090 when absent
    #[arg(long)]
    bind: Option<SocketAddr>,
}

/// Serves until the process is told to stop.
///
/// # Errors
/// When the folder, the key or the address cannot be used.
pub async fn run(args: WitnessArgs) -> Result<Verdict, Failure> {
    let mut policy = String::new();
    for log in &args.logs {
        let _ = writeln!(policy, "log {log}");
    }
    let logs = Policy::parse(&policy).map_err(|_| Failure::Refused("--log: not a log's verifier key".to_owned()))?;
    std::fs::create_dir_all(&args.data).map_err(Failure::io(args.data.display().to_string()))?;
    let key = key(&args.data.join("witness.key"))?;
    let key = NoteKey::new(&args.name, Algorithm::Cosignature, key)
        .map_err(|error| Failure::Refused(format!("--name: {error}")))?;
    let bind = args.bind.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8090)));
    let listener = TcpListener::bind(bind)
        .await
        .map_err(Failure::io(format!("listening on {bind}")))?;
    let bound = listener.local_addr().map_err(Failure::io("listening"))?;
    print(&format!(
        "traotay witness listens on http://{bound}\n{}",
        key.verifier()
    ));
    let witness = Witness {
        key,
        logs,
        seen: args.data.join("seen"),
        clock: Arc::new(SystemClock),
    };
    let stop = crate::serve::signal(tokio_util::sync::CancellationToken::new());
    serve(witness, listener, stop).await.map_err(Failure::io("serving"))?;
    Ok(Verdict::Yes)
}

/// The key in this file, made when it is not there. Nobody but its owner may read it.
fn key(path: &Path) -> Result<SigningKey, Failure> {
    let named = || path.display().to_string();
    if !path.exists() {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(Failure::io(named()))?;
        let seed: [u8; 32] = entity::clock::random();
        let written = file
            .write_all(hex::encode(seed).as_bytes())
            .and_then(|()| file.sync_all());
        written.map_err(Failure::io(named()))?;
    }
    let text = std::fs::read_to_string(path).map_err(Failure::io(named()))?;
    let seed = hex::decode(text.trim()).ok().and_then(|seed| seed.try_into().ok());
    let seed: [u8; 32] = seed.ok_or_else(|| Failure::Refused(format!("{} is not a witness's key", named())))?;
    Ok(SigningKey::from_bytes(&seed))
}
