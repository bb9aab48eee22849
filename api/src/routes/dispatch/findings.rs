//! `GET /api/v1/dispatch/findings`

use crate::App;
use crate::auth::StaffRight;
use crate::extract::Json;
use crate::openapi::StaffRead;
use crate::problem::Problem;
use axum::extract::State;
use entity::repo::finding;
use serde::Serialize;
use utoipa::ToSchema;

/// Something the sweep found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingView {
    /// What sort of thing.
    kind: String,
    /// About what.
    subject: String,
    /// In words.
    detail: String,
    /// Since when, in milliseconds UTC.
    since_ms: i64,
}

/// What the sweep found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingsView {
    /// Open findings, oldest first.
    findings: Vec<FindingView>,
    /// Deposits that could not even be cut into events. Kept whole.
    unreadable_deposits: u64,
}

/// Gaps, orphans and events that wait too long.
#[utoipa::path(get, path = "/api/v1/dispatch/findings", tag = "dispatch", security(("staff" = [])),
    responses((status = 200, body = FindingsView), StaffRead))]
pub(crate) async fn handler(State(app): State<App>, _right: StaffRight) -> Result<Json<FindingsView>, Problem> {
    let db = app.store.open();
    let rows = finding::open(db, app.config.list_page).await?;
    let findings = rows.into_iter().map(|row| FindingView {
        kind: row.kind,
        subject: row.subject,
        detail: row.detail,
        since_ms: row.since,
    });
    let unreadable_deposits = finding::unreadable_count(db).await?;
    Ok(Json(FindingsView {
        findings: findings.collect(),
        unreadable_deposits,
    }))
}
