//! `/log/…`: the public log, as C2SP's tlog-tiles has it. Anybody may read it; it says nothing of anyone.
//!
//! Each shard is a log of its own under `/log/{shard}/`; directly under `/log/` stands the one that is being written. These are no
//! operations of our API and not in its document: C2SP says what they are.

mod checkpoint;
mod keys;
mod tile;

use crate::App;
use crate::problem::{Kind, Problem};
use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use entity::tlog::{self, Shard};

pub(super) use keys::{policy_text, server_keys};

/// What changes with every head.
const FRESH: &str = "public, max-age=5";
/// What never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The routes.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/log/checkpoint", get(checkpoint::current))
        .route("/log/shards", get(checkpoint::shards))
        .route("/log/vkey", get(keys::verifiers))
        .route("/log/policy", get(keys::policy))
        .route("/log/keys", get(keys::signers))
        .route("/log/tile/{*path}", get(tile::current))
        .route("/log/{shard}/checkpoint", get(checkpoint::of_shard))
        .route("/log/{shard}/tile/{*path}", get(tile::of_shard))
}

async fn shard(app: &App, name: Option<&str>) -> Result<Shard, Problem> {
    tlog::find(app.store.open(), name)
        .await?
        .ok_or_else(|| Kind::NotFound.into())
}

fn text(body: String) -> Response {
    with(("text/plain; charset=utf-8", FRESH), body)
}

fn with((kind, caching): (&'static str, &'static str), body: impl IntoResponse) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CACHE_CONTROL, HeaderValue::from_static(caching)),
    ];
    (headers, body).into_response()
}
