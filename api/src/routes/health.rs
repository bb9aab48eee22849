//! Whether the process lives, whether it can work, and what it measured.

use crate::App;
use crate::auth::Public;
use crate::openapi::Always;
use crate::problem::Problem;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use entity::outbox;
use entity::repo::{health, setting};
use entity::room::Room;

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
    let now_ms = app.store.now_ms();
    // A scrape must work while the database does not; then these keep their last value.
    let figures = health::figures(app.store.open(), now_ms).await.ok();
    let room = app.config.data.as_deref().and_then(|data| Room::of(data).ok());
    app.metrics.record(|| {
        if let Some(figures) = figures {
            let due_ms = figures.job_due_since_ms.map_or(0, |since| (now_ms - since).max(0));
            for (name, value) in [
                ("jobs_open", figures.jobs_open),
                ("jobs_dead", figures.jobs_dead),
                ("jobs_due_seconds", due_ms.unsigned_abs() / 1000),
                ("facts_waiting", figures.facts_waiting),
                ("facts_unfolded", figures.facts_unfolded),
                ("facts_quarantined", figures.quarantined),
                ("unreadable_deposits", figures.unreadable_deposits),
            ] {
                gauge(name, value);
            }
        }
        if let Some(room) = room {
            gauge("disk_free_bytes", room.free);
            gauge("disk_total_bytes", room.total);
        }
        if let Some(at) = last_backup(&app) {
            gauge("last_backup_timestamp_seconds", at);
        }
    });
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics.render())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a gauge is a float; 2^53 bytes are more than any disk"
)]
fn gauge(name: &'static str, value: u64) {
    metrics::gauge!(name).set(value as f64);
}

/// When the last backup was made, in seconds since 1970; written down beside the data by whoever made it.
fn last_backup(app: &App) -> Option<u64> {
    let text = std::fs::read(app.config.data.as_ref()?.join("last-backup.json")).ok()?;
    let known: serde_json::Value = serde_json::from_slice(&text).ok()?;
    Some(known["made_at_ms"].as_u64()? / 1000)
}
