//! `GET /api/v1/dispatch/quarantine`

use crate::App;
use crate::auth::StaffRight;
use crate::extract::Json;
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use entity::repo::finding;
use entity::repo::staff::Role;
use serde::Serialize;
use utoipa::ToSchema;

/// An event that is kept but not applied.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuarantinedView {
    /// The event, in hex.
    event_id: String,
    /// Its place in the log.
    log_index: i64,
    /// Why it is not applied.
    reason: String,
    /// Who brought it.
    source: String,
    /// Since when, in milliseconds UTC.
    since_ms: i64,
}

/// The quarantine.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuarantineView {
    /// The events, in log order.
    events: Vec<QuarantinedView>,
}

/// What is kept but not applied, and why. Nothing is ever deleted from here.
#[utoipa::path(get, path = "/api/v1/dispatch/quarantine", tag = "dispatch", security(("staff" = [])),
    responses((status = 200, body = QuarantineView), StaffRead))]
pub(crate) async fn handler(State(app): State<App>, right: StaffRight) -> Result<Json<QuarantineView>, Problem> {
    let operator = right.person.operator.ok_or(Kind::MissingRight)?;
    // What nobody can be named for is for whoever runs the installation, not for every post office.
    let with_strangers = right.role == Role::OpsAdmin;
    let rows = finding::quarantined_of(app.store.open(), operator, with_strangers, app.config.list_page).await?;
    let events = rows.into_iter().map(|row| QuarantinedView {
        event_id: hex::encode(row.event_id),
        log_index: row.log_index,
        reason: row.reason,
        source: row.source,
        since_ms: row.since,
    });
    Ok(Json(QuarantineView {
        events: events.collect(),
    }))
}
