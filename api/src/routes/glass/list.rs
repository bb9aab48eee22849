//! `GET /api/v1/break-glass`

use super::side;
use crate::App;
use crate::auth::StaffRight;
use crate::extract::{Json, Query};
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use crate::routes::papers::{page_size, place, written};
use axum::extract::State;
use entity::repo::glass::{self, Asked, Glass, GlassState};
use entity::repo::staff::Role;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct GlassQuery {
    /// The `next` of the page before; the first page when absent or empty.
    #[param(pattern = "^([A-Za-z0-9_-]{32})?$")]
    cursor: Option<String>,
    /// Rows on the page.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u64>,
}

/// A request to see a dossier.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GlassView {
    /// Its id.
    id: Uuid,
    /// The dossier.
    dossier_id: Uuid,
    /// `asked`, `open`, `ended`, `refused` or `lapsed`.
    state: &'static str,
    /// Who asked.
    asked_by: Uuid,
    /// In which role.
    role: String,
    /// Why.
    reason: String,
    /// When, milliseconds UTC.
    asked_at_ms: i64,
    /// When it lapses undecided, milliseconds UTC.
    lapses_at_ms: i64,
    /// Who decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_by: Option<Uuid>,
    /// When, milliseconds UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_at_ms: Option<i64>,
    /// Until when the dossier is or was seen, milliseconds UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    until_ms: Option<i64>,
}

impl GlassView {
    fn of(row: Glass, now_ms: i64) -> Self {
        Self {
            state: GlassState::of(&row, now_ms).as_str(),
            id: row.id,
            dossier_id: row.dossier_id,
            asked_by: row.staff_id,
            role: row.role,
            reason: row.reason,
            asked_at_ms: row.asked_at,
            lapses_at_ms: row.lapses_at,
            decided_by: row.decided_by,
            decided_at_ms: row.decided_at,
            until_ms: row.until_ms,
        }
    }
}

/// Whose requests the caller reads.
fn asked(right: &StaffRight) -> Result<Asked, Problem> {
    if right.role != Role::Auditor {
        return side(right).map(Asked::Among);
    }
    let operator = right.person.operator.ok_or(Kind::MissingRight)?;
    Ok(Asked::AuditedBy(operator))
}

/// A page of requests, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GlassesView {
    /// The requests.
    requests: Vec<GlassView>,
    /// The cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Who among the caller's kind asked to see which dossier that was none of theirs, why, and who agreed. Auditors read
/// what was asked about their operator's dossiers, whoever asked.
#[utoipa::path(get, path = "/api/v1/break-glass", tag = "dossier", params(GlassQuery), security(("staff" = [])),
    responses((status = 200, body = GlassesView), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Query(query): Query<GlassQuery>,
) -> Result<Json<GlassesView>, Problem> {
    let last: Option<[u8; 24]> = place(query.cursor.as_deref())?;
    let last = last.and_then(|bytes| {
        let (at, id) = bytes.split_first_chunk::<8>()?;
        Some((i64::from_be_bytes(*at), Uuid::from_slice(id).ok()?))
    });
    let limit = page_size(&app, query.limit)?;
    let rows = glass::list(&app.store.see(&right.scope).await?, asked(&right)?, last, limit).await?;
    let is_full = u64::try_from(rows.len()).is_ok_and(|count| count >= limit);
    let next = rows
        .last()
        .filter(|_| is_full)
        .map(|last| written(&[&last.asked_at.to_be_bytes()[..], last.id.as_bytes()].concat()));
    let now = app.store.now_ms();
    Ok(Json(GlassesView {
        requests: rows.into_iter().map(|row| GlassView::of(row, now)).collect(),
        next,
    }))
}
