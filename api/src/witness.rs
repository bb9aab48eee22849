//! A witness: signs the heads of logs it was told of, as long as each goes on from the one before (C2SP tlog-witness).
//!
//! It is a program of its own for an organisation of its own; it knows the logs' keys and nothing else of Trao Tay. What it signed is
//! on disk before it answers, and while one head is looked at nobody else is let in.

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use custody::log::witness::{Refused, Shown};
use custody::log::{NoteKey, Policy};
use entity::clock::Clock;
use entity::tlog::Seen;
use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;

/// The largest request: 63 hashes and a note.
const LARGEST: usize = 64 * 1024;

/// A witness.
#[derive(Debug)]
pub struct Witness {
    /// What it signs with.
    pub key: NoteKey,
    /// The logs it knows.
    pub logs: Policy,
    /// The file of what it saw last of each.
    pub seen: PathBuf,
    /// The time it vouches for.
    pub clock: Arc<dyn Clock>,
}

/// Serves until `stop` ends.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    witness: Witness,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    axum::serve(listener, router(witness))
        .with_graceful_shutdown(stop)
        .await
}

/// The two things a witness answers.
pub fn router(witness: Witness) -> Router {
    let vkey = format!("{}\n", witness.key.verifier());
    Router::new()
        .route("/add-checkpoint", post(add))
        .route("/vkey", get(|| async move { vkey }))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(Arc::new(witness))
}

async fn add(State(witness): State<Arc<Witness>>, body: String) -> Response {
    let done = tokio::task::spawn_blocking(move || witness.cosign(&body)).await;
    match done {
        Ok(Ok(line)) => line.into_response(),
        Ok(Err(Failed::Refused(refused))) => refusal(refused),
        Ok(Err(Failed::Disk)) | Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn refusal(refused: Refused) -> Response {
    let status = match refused {
        Refused::Malformed => StatusCode::BAD_REQUEST,
        Refused::UnknownLog => StatusCode::NOT_FOUND,
        Refused::NotSigned => StatusCode::FORBIDDEN,
        Refused::NotConsistent => StatusCode::UNPROCESSABLE_ENTITY,
        Refused::Conflict(size) => {
            let known = [(CONTENT_TYPE, "text/x.tlog.size")];
            return (StatusCode::CONFLICT, known, format!("{size}\n")).into_response();
        }
    };
    (status, format!("{refused}\n")).into_response()
}

enum Failed {
    Refused(Refused),
    Disk,
}

impl Witness {
    fn cosign(&self, body: &str) -> Result<String, Failed> {
        let shown = Shown::parse(body).map_err(Failed::Refused)?;
        let disk = |error: entity::StoreError| {
            tracing::error!(error = &error as &dyn std::error::Error, "what was seen cannot be kept");
            Failed::Disk
        };
        let mut seen = Seen::take(&self.seen).map_err(disk)?;
        let last = seen.last(shown.origin());
        let opened = shown.judge(&self.logs, last).map_err(Failed::Refused)?;
        let head = opened.checkpoint;
        seen.put(&head.origin, (head.size, head.root)).map_err(disk)?;
        let now_s = u64::try_from(self.clock.now_ms() / 1000).unwrap_or_default();
        Ok(self.key.line(&head.text(), now_s))
    }
}
