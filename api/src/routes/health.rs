//! Whether the process lives, whether it can work, and what it measured.

use crate::App;
use crate::auth::Public;
use crate::openapi::Always;
use crate::problem::Problem;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use entity::outbox;
use entity::repo::{finding, setting};

/// The process lives. Says nothing of the database, or a balancer would restart a healthy process when that is away.
#[utoipa::path(get, path = "/healthz", tag = "operation", responses((status = 200, body = String, content_type = "text/plain")))]
pub(crate) async fn alive(_: Public) -> &'static str {
    "ok"
}

/// The database answers, so requests may come.
#[utoipa::path(get, path = "/readyz", tag = "operation",
    responses((status = 200, body = String, content_type = "text/plain"), Always))]
pub(crate) async fn ready(State(app): State<App>, _: Public) -> Result<&'static str, Problem> {
    setting::get(app.store.open(), "epoch").await?;
    outbox::open_count(app.store.open()).await?;
    Ok("ready")
}

/// Measurements in the Prometheus text format.
#[utoipa::path(get, path = "/metrics", tag = "operation",
    responses((status = 200, body = String, content_type = "text/plain")))]
pub(crate) async fn metrics(State(app): State<App>, _: Public) -> ([(HeaderName, &'static str); 1], String) {
    let db = app.store.open();
    // A scrape must work while the database does not; then these two keep their last value.
    let (open, unreadable) = (
        outbox::open_count(db).await.ok(),
        finding::unreadable_count(db).await.ok(),
    );
    app.metrics.record(|| {
        for (name, value) in [("jobs_open", open), ("unreadable_deposits", unreadable)] {
            if let Some(value) = value.and_then(|value| u32::try_from(value).ok()) {
                metrics::gauge!(name).set(value);
            }
        }
    });
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics.render())
}
