//! `GET /log/checkpoint`, `/log/{shard}/checkpoint` and `/log/shards`

use super::{shard, text};
use crate::App;
use crate::auth::Public;
use crate::extract::Path;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use axum::response::Response;
use entity::tlog::{self, Shard};
use std::fmt::Write as _;

/// The newest signed head of the shard that is being written. Right after a year or a restore it has none yet; then the last one's.
pub(super) async fn current(State(app): State<App>, _: Public) -> Result<Response, Problem> {
    let shards = tlog::shards(app.store.open()).await?;
    for shard in shards.into_iter().rev() {
        if let Ok(head) = head(&app, shard).await {
            return Ok(head);
        }
    }
    Err(Kind::NotFound.into())
}

/// The newest signed head of a shard.
pub(super) async fn of_shard(State(app): State<App>, _: Public, Path(name): Path<String>) -> Result<Response, Problem> {
    head(&app, shard(&app, Some(&name)).await?).await
}

async fn head(app: &App, shard: Shard) -> Result<Response, Problem> {
    let head = tlog::checkpoint(app.store.open(), &shard.name).await?;
    Ok(text(head.ok_or(Kind::NotFound)?.note))
}

/// Every shard, the oldest first, one a line: its name, its size, and when it was opened and closed in milliseconds UTC.
pub(super) async fn shards(State(app): State<App>, _: Public) -> Result<Response, Problem> {
    let mut lines = String::new();
    for shard in tlog::shards(app.store.open()).await? {
        let closed = shard.closed_at.map_or_else(|| "-".to_owned(), |at| at.to_string());
        let _ = writeln!(lines, "{} {} {} {closed}", shard.name, shard.size, shard.opened_at);
    }
    Ok(text(lines))
}
