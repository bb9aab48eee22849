//! `GET /log/tile/…` and `/log/{shard}/tile/…`

use super::{FOR_EVER, shard, with};
use crate::App;
use crate::auth::Public;
use crate::extract::Path;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use axum::response::Response;
use custody::log::tiles::{Part, read_path};
use entity::tlog::{self, Shard};

/// A tile of the shard that is being written.
pub(super) async fn current(State(app): State<App>, _: Public, Path(path): Path<String>) -> Result<Response, Problem> {
    tile(&app, shard(&app, None).await?, &path).await
}

/// A tile of a shard.
pub(super) async fn of_shard(
    State(app): State<App>,
    _: Public,
    Path((name, path)): Path<(String, String)>,
) -> Result<Response, Problem> {
    tile(&app, shard(&app, Some(&name)).await?, &path).await
}

async fn tile(app: &App, shard: Shard, path: &str) -> Result<Response, Problem> {
    let asked = read_path(path).ok_or(Kind::NotFound)?;
    let db = app.store.open();
    let found = match asked.part {
        Part::Level(level) => tlog::tile(db, &shard.name, (level, asked.place), asked.width).await?,
        Part::Entries => tlog::entries(db, &shard, asked.place, asked.width).await?,
    };
    Ok(with(
        ("application/octet-stream", FOR_EVER),
        found.ok_or(Kind::NotFound)?,
    ))
}
