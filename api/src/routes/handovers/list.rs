//! `GET /api/v1/handovers`

use super::view::{HandoverView, signers, times};
use crate::App;
use crate::auth::StaffRight;
use crate::auth::purpose::AccessPurpose;
use crate::extract::{Json, Query};
use crate::openapi::StaffRead;
use crate::problem::Problem;
use crate::routes::papers::{Days, Names, page_size, place, written};
use axum::extract::State;
use domain::ids::ServicePointId;
use entity::repo::handover::{self, Wanted};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which minutes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct HandoversQuery {
    /// Only those with this post office, or somebody of it, on either side.
    office: Option<Uuid>,
    /// From this day on, as the server received them: `2026-04-24`.
    #[param(format = Date)]
    from: Option<String>,
    /// Up to this day, itself included.
    #[param(format = Date)]
    to: Option<String>,
    /// The `next` of the page before; the first page when absent or empty.
    #[param(pattern = "^([A-Za-z0-9_-]{10}[AEIMQUYcgkosw048])?$")]
    cursor: Option<String>,
    /// Rows on the page.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u64>,
}

/// A page of minutes, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HandoversView {
    /// The minutes.
    handovers: Vec<HandoverView>,
    /// The cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Hand-overs of what the caller sees, as both phones signed them: who gave what to whom, and what was not taken.
#[utoipa::path(get, path = "/api/v1/handovers", tag = "item", params(HandoversQuery, AccessPurpose), security(("staff" = [])),
    responses((status = 200, body = HandoversView), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Query(query): Query<HandoversQuery>,
) -> Result<Json<HandoversView>, Problem> {
    let days = Days::read(query.from.as_deref(), query.to.as_deref())?;
    let wanted = Wanted {
        office: query.office.map(ServicePointId),
        from_ms: days.from_ms,
        until_ms: days.until_ms,
        before: place(query.cursor.as_deref())?.map(i64::from_be_bytes),
    };
    let limit = page_size(&app, query.limit)?;
    let (rows, next) = handover::list(&app.store.see(&right.scope).await?, &right.scope, wanted, limit).await?;
    let shown = rows.iter().map(|row| row.lines.len()).sum();
    right.looked(&app, "handovers", None, shown).await?;
    let names = Names::of(&app, signers(&rows)).await?;
    let (times, now) = (times(&app, &rows).await?, app.store.now_ms());
    let view = |row| HandoverView::new(row, &names, &times, &right, now);
    Ok(Json(HandoversView {
        handovers: rows.iter().map(view).collect(),
        next: next.map(|next| written(&next.to_be_bytes())),
    }))
}
