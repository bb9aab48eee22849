//! `GET /api/v1/dossiers`

use super::view::DossierView;
use crate::App;
use crate::auth::StaffRight;
use crate::extract::{Json, Query};
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::repo::dossier;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// The `next` of the page before.
    cursor: Option<String>,
    /// Rows on the page, at most 100.
    limit: Option<u64>,
}

/// A page of dossiers, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DossiersView {
    /// The dossiers.
    dossiers: Vec<DossierView>,
    /// The cursor of the next page; absent on the last.
    next: Option<String>,
}

/// Dossiers of the caller's office, agency or round.
#[utoipa::path(get, path = "/api/v1/dossiers", tag = "dossier", params(ListQuery), security(("staff" = [])),
    responses((status = 200, body = DossiersView), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Query(query): Query<ListQuery>,
) -> Result<Json<DossiersView>, Problem> {
    let before = query.cursor.as_deref().map(read_cursor).transpose()?;
    let limit = query
        .limit
        .unwrap_or(app.config.list_page)
        .clamp(1, app.config.list_page);
    let rows = dossier::list(app.store.read(), &right.scope, before, limit).await?;
    let is_full = u64::try_from(rows.len()).is_ok_and(|count| count >= limit);
    let next = rows
        .last()
        .filter(|_| is_full)
        .map(|row| write_cursor(row.dossier.created_at));
    let dossiers = rows.into_iter().map(|row| DossierView::new(row, &right)).collect();
    Ok(Json(DossiersView { dossiers, next }))
}

fn write_cursor(before: i64) -> String {
    URL_SAFE_NO_PAD.encode(before.to_be_bytes())
}

fn read_cursor(cursor: &str) -> Result<i64, Problem> {
    let bytes = URL_SAFE_NO_PAD
        .decode(cursor)
        .ok()
        .and_then(|bytes| bytes.try_into().ok());
    bytes
        .map(i64::from_be_bytes)
        .ok_or_else(|| Problem::with(Kind::InvalidQuery, "cursor is not one of ours"))
}
