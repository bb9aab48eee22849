//! `GET /api/v1/dispatch/unplaced`

use crate::App;
use crate::auth::SupervisorRight;
use crate::extract::Json;
use crate::openapi::StaffRead;
use crate::problem::Problem;
use axum::extract::State;
use entity::repo::{finding, item};
use serde::Serialize;
use utoipa::ToSchema;

/// An item without a courier.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnplacedView {
    /// The number on the label.
    item_code: String,
    /// `pickup` or `deliver`.
    leg: String,
    /// Why it could not be placed, as a word.
    reason: String,
    /// Why, in words.
    detail: String,
    /// Since when, in milliseconds UTC.
    since_ms: i64,
}

/// The dispatcher's list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnplacedListView {
    /// What waits, oldest first.
    unplaced: Vec<UnplacedView>,
}

/// What could not be placed and waits for a person.
#[utoipa::path(get, path = "/api/v1/dispatch/unplaced", tag = "dispatch", security(("staff" = [])),
    responses((status = 200, body = UnplacedListView), StaffRead))]
pub(crate) async fn handler(State(app): State<App>, right: SupervisorRight) -> Result<Json<UnplacedListView>, Problem> {
    let db = &app.store.see(&right.scope).await?;
    let rows = finding::unplaced_in(db, &right.scope, app.config.list_page).await?;
    let mut codes = item::codes(db, rows.iter().map(|row| row.item_id.clone()).collect()).await?;
    let unplaced = rows.into_iter().map(|row| UnplacedView {
        item_code: codes.remove(&row.item_id).unwrap_or_default(),
        leg: row.leg,
        reason: row.reason,
        detail: row.detail,
        since_ms: row.since,
    });
    Ok(Json(UnplacedListView {
        unplaced: unplaced.collect(),
    }))
}
