//! `GET /api/v1/shifts`

use super::view::ShiftView;
use crate::App;
use crate::auth::StaffRight;
use crate::extract::Json;
use crate::openapi::StaffRead;
use crate::problem::Problem;
use axum::extract::State;
use entity::repo::shift;
use serde::Serialize;
use utoipa::ToSchema;

/// Shifts, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShiftsView {
    /// Each of them.
    shifts: Vec<ShiftView>,
}

/// The latest shifts of the office's drawer and its couriers' bags; a courier sees their own.
#[utoipa::path(get, path = "/api/v1/shifts", tag = "money", security(("staff" = [])),
    responses((status = 200, body = ShiftsView), StaffRead))]
pub(crate) async fn handler(State(app): State<App>, right: StaffRight) -> Result<Json<ShiftsView>, Problem> {
    let shifts = shift::list(&app.store.see(&right.scope).await?, &right.scope).await?;
    Ok(Json(ShiftsView {
        shifts: shifts.into_iter().map(ShiftView::from).collect(),
    }))
}
