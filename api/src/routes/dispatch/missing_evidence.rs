//! `GET /api/v1/dispatch/missing-evidence`

use crate::App;
use crate::auth::StaffRight;
use crate::extract::Json;
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use entity::repo::evidence;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A photograph or signature that an event names and that has not come.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MissingEvidenceView {
    /// SHA-256 of the bytes, in hex.
    sha256: String,
    /// The event that names it, in hex.
    event_id: String,
    /// The device that has it, in hex.
    device_id: String,
    /// Whose device.
    staff_id: Uuid,
    /// When the event came, in milliseconds UTC.
    since_ms: i64,
}

/// What is missing.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MissingEvidencesView {
    /// Each of them, the longest missing first.
    missing: Vec<MissingEvidenceView>,
}

/// What devices of the caller's operator named in events some while ago and have not brought: somebody should ask for the phone.
#[utoipa::path(get, path = "/api/v1/dispatch/missing-evidence", tag = "dispatch", security(("staff" = [])),
    responses((status = 200, body = MissingEvidencesView), StaffRead))]
pub(crate) async fn handler(State(app): State<App>, right: StaffRight) -> Result<Json<MissingEvidencesView>, Problem> {
    let operator = right.person.operator.ok_or(Kind::MissingRight)?;
    let grace = i64::try_from(app.config.evidence_grace.as_millis()).unwrap_or(i64::MAX);
    let before = app.store.now_ms().saturating_sub(grace);
    let rows = evidence::missing_of(app.store.open(), operator, before, app.config.list_page).await?;
    let missing = rows.into_iter().map(|row| MissingEvidenceView {
        sha256: hex::encode(row.sha256),
        event_id: hex::encode(row.event_id),
        device_id: hex::encode(row.device_id),
        staff_id: row.staff.0,
        since_ms: row.since_ms,
    });
    Ok(Json(MissingEvidencesView {
        missing: missing.collect(),
    }))
}
