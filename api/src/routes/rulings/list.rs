//! `GET /api/v1/rulings`

use crate::App;
use crate::auth::StaffRight;
use crate::extract::{Json, Query};
use crate::openapi::StaffRead;
use crate::problem::Problem;
use crate::routes::glass::side;
use crate::routes::papers::{page_size, place, written};
use axum::extract::State;
use entity::repo::ruling::{self, Request};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RulingsQuery {
    /// The `next` of the page before; the first page when absent or empty.
    #[param(pattern = "^([A-Za-z0-9_-]{32})?$")]
    cursor: Option<String>,
    /// Rows on the page.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u64>,
}

/// A ruling that was proposed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RulingView {
    /// Its id.
    id: Uuid,
    /// What it is about: the item in dispute or the event, in hex.
    case_id: String,
    /// `proposed`, `approved`, `rejected`, `withdrawn` or `lapsed`.
    state: &'static str,
    /// `stands`, `found`, `apply`, `attach` or `reject`.
    outcome: String,
    /// The branch that stands, in hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    branch: Option<String>,
    /// With whom it was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<String>,
    /// Who proposed it.
    proposed_by: Uuid,
    /// In which role.
    role: String,
    /// Why.
    reason: String,
    /// When, milliseconds UTC.
    proposed_at_ms: i64,
    /// When it lapses undecided, milliseconds UTC.
    lapses_at_ms: i64,
    /// Who decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_by: Option<Uuid>,
    /// When, milliseconds UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_at_ms: Option<i64>,
}

impl RulingView {
    pub(super) fn of(row: Request, now_ms: i64) -> Self {
        let data: serde_json::Value = serde_json::from_str(&row.data).unwrap_or_default();
        let text = |name: &str| data[name].as_str().map(str::to_owned);
        Self {
            state: ruling::state_of(&row, now_ms),
            id: row.id,
            case_id: hex::encode(&row.case_id),
            branch: text("stands"),
            found: text("found"),
            outcome: row.outcome,
            proposed_by: row.staff_id,
            role: row.role,
            reason: row.reason,
            proposed_at_ms: row.asked_at,
            lapses_at_ms: row.lapses_at,
            decided_by: row.decided_by,
            decided_at_ms: row.decided_at,
        }
    }
}

/// A page of rulings, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RulingsView {
    /// The rulings.
    rulings: Vec<RulingView>,
    /// The cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// What was proposed among those who may approve with the caller: the supervisors of the operator, the managers of the agency.
#[utoipa::path(get, path = "/api/v1/rulings", tag = "dispatch", params(RulingsQuery), security(("staff" = [])),
    responses((status = 200, body = RulingsView), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Query(query): Query<RulingsQuery>,
) -> Result<Json<RulingsView>, Problem> {
    let last: Option<[u8; 24]> = place(query.cursor.as_deref())?;
    let last = last.and_then(|bytes| {
        let (at, id) = bytes.split_first_chunk::<8>()?;
        Some((i64::from_be_bytes(*at), Uuid::from_slice(id).ok()?))
    });
    let limit = page_size(&app, query.limit)?;
    let rows = ruling::list(app.store.open(), side(&right)?, last, limit).await?;
    let is_full = u64::try_from(rows.len()).is_ok_and(|count| count >= limit);
    let next = rows
        .last()
        .filter(|_| is_full)
        .map(|last| written(&[&last.asked_at.to_be_bytes()[..], last.id.as_bytes()].concat()));
    let now = app.store.now_ms();
    Ok(Json(RulingsView {
        rulings: rows.into_iter().map(|row| RulingView::of(row, now)).collect(),
        next,
    }))
}
