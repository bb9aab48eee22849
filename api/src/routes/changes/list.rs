//! `GET /api/v1/changes`

use super::{ChangeView, reader};
use crate::App;
use crate::auth::StaffRight;
use crate::extract::{Json, Query};
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use axum::extract::State as Shared;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::repo::change_request::{self, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which changes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChangesQuery {
    /// Only those that stand so: `proposed`, `approved`, `rejected`, `withdrawn` or `lapsed`.
    #[param(pattern = "^(proposed|approved|rejected|withdrawn|lapsed)$")]
    state: Option<String>,
    /// The `next` of the page before; the first page when absent or empty.
    #[param(pattern = "^([A-Za-z0-9_-]{32})?$")]
    cursor: Option<String>,
}

/// A page of changes, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangesPageView {
    /// The changes.
    changes: Vec<ChangeView>,
    /// The cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Changes that were proposed for the caller's operator, decided ones among them: who, when, what was before and what after.
/// Key administrators see those of keys, operations administrators all others, auditors both.
#[utoipa::path(get, path = "/api/v1/changes", tag = "admin", params(ChangesQuery), security(("staff" = [])),
    responses((status = 200, body = ChangesPageView), StaffRead))]
pub(crate) async fn handler(
    Shared(app): Shared<App>,
    right: StaffRight,
    Query(query): Query<ChangesQuery>,
) -> Result<Json<ChangesPageView>, Problem> {
    let state = query
        .state
        .as_deref()
        .map(|name| State::parse(name).ok_or_else(|| Problem::with(Kind::InvalidQuery, "there is no such state")));
    let before = query.cursor.as_deref().filter(|cursor| !cursor.is_empty());
    let before = before.map(read_cursor).transpose()?;
    let (limit, now) = (app.config.list_page, app.store.now_ms());
    let reader = reader(&right)?;
    let rows = change_request::list(app.store.open(), reader, state.transpose()?, before, limit, now).await?;
    let is_full = u64::try_from(rows.len()).is_ok_and(|count| count >= limit);
    let next = rows
        .last()
        .filter(|_| is_full)
        .map(|last| URL_SAFE_NO_PAD.encode([&last.proposed_at.to_be_bytes()[..], last.id.as_bytes()].concat()));
    let changes: Result<Vec<ChangeView>, Problem> = rows.into_iter().map(|row| ChangeView::read(row, now)).collect();
    Ok(Json(ChangesPageView {
        changes: changes?,
        next,
    }))
}

fn read_cursor(cursor: &str) -> Result<(i64, Uuid), Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    let parts = bytes.as_deref().and_then(|bytes| bytes.split_first_chunk::<8>());
    let place = parts.and_then(|(at, id)| Some((i64::from_be_bytes(*at), Uuid::from_slice(id).ok()?)));
    place.ok_or_else(|| Problem::with(Kind::InvalidQuery, "cursor is not one of ours"))
}
