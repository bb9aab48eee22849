//! `GET /api/v1/changes/{id}`

use super::{ChangeView, reader};
use crate::App;
use crate::auth::StaffRight;
use crate::extract::{Json, Path};
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use entity::repo::change_request;
use uuid::Uuid;

/// One change with what was before and what comes after.
#[utoipa::path(get, path = "/api/v1/changes/{id}", tag = "admin", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The change")),
    responses((status = 200, body = ChangeView), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
) -> Result<Json<ChangeView>, Problem> {
    let row = change_request::find(app.store.open(), reader(&right)?, id).await?;
    let row = row.ok_or(Kind::NotFound)?;
    ChangeView::read(row, app.store.now_ms()).map(Json)
}
