//! `GET /log/vkey`, `/log/policy` and `/log/keys`: whom to believe.

use super::text;
use crate::App;
use crate::auth::Public;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use axum::response::Response;
use custody::log::VerifierKey;
use entity::repo::device;
use entity::tlog::{self, LogSigner};
use std::fmt::Write as _;
use std::path::PathBuf;

/// The log's verifier keys, one a line: first the one that stands for every shard, then each shard's under its own name.
pub(super) async fn verifiers(State(app): State<App>, _: Public) -> Result<Response, Problem> {
    let base = base(&app).await?.ok_or(Kind::NotFound)?;
    let mut lines = format!("{base}\n");
    for shard in tlog::shards(app.store.open()).await? {
        if let Some(key) = base.under(&format!("{}/{}", base.name(), shard.name)) {
            let _ = writeln!(lines, "{key}");
        }
    }
    Ok(text(lines))
}

/// The policy a receipt is checked with: the log's key, the witnesses', and how many of them are needed (C2SP tlog-policy).
pub(super) async fn policy(State(app): State<App>, _: Public) -> Result<Response, Problem> {
    Ok(text(policy_text(&app).await?.ok_or(Kind::NotFound)?))
}

/// See [`policy`]; none while nothing was signed.
pub(in crate::routes) async fn policy_text(app: &App) -> Result<Option<String>, Problem> {
    let Some(base) = base(app).await? else { return Ok(None) };
    Ok(Some(format!("log {base}\n{}", app.config.log_witnesses)))
}

/// The log's key under the part of its origin that every shard has.
async fn base(app: &App) -> Result<Option<VerifierKey>, Problem> {
    for shard in tlog::shards(app.store.open()).await?.into_iter().rev() {
        let Some(head) = tlog::checkpoint(app.store.open(), &shard.name).await? else {
            continue;
        };
        let origin = head.note.lines().next().unwrap_or_default();
        let Some(base) = origin.strip_suffix(&format!("/{}", shard.name)) else {
            continue;
        };
        let signer = LogSigner {
            base: base.to_owned(),
            state: PathBuf::new(),
        };
        return Ok(Some(signer.base_key(&app.keys)?));
    }
    Ok(None)
}

/// The keys that sign facts, one a line. `server` and the key in hex; or `device`, its id, its key, the log index of its enrolment, and
/// of its revocation if it was revoked. Whose they are is not told.
pub(super) async fn signers(State(app): State<App>, _: Public) -> Result<Response, Problem> {
    let mut lines = server_keys(&app);
    for device in device::all(app.store.open()).await? {
        let _ = write!(
            lines,
            "device {} {} {}",
            device.id,
            hex::encode(device.key.0),
            device.enrolled_index
        );
        match device.revoked_index {
            Some(index) => {
                let _ = writeln!(lines, " {index}");
            }
            None => lines.push('\n'),
        }
    }
    Ok(text(lines))
}

/// The lines of the keys the server signs with, the retired ones too.
pub(in crate::routes) fn server_keys(app: &App) -> String {
    let mut lines = String::new();
    for key in app.keys.act_keys() {
        let _ = writeln!(lines, "server {}", hex::encode(key.as_bytes()));
    }
    lines
}
