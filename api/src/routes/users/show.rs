//! `GET /api/v1/users/{id}`

use super::{UserView, of};
use crate::App;
use crate::auth::StaffRight;
use crate::extract::{Json, Path};
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use domain::ids::StaffId;
use entity::repo::directory;
use uuid::Uuid;

/// One of the people of the caller's operator, with the version a proposal to change them names.
#[utoipa::path(get, path = "/api/v1/users/{id}", tag = "admin", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The person")),
    responses((status = 200, body = UserView), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
) -> Result<Json<UserView>, Problem> {
    let found = directory::find(app.store.open(), of(&right)?, StaffId(id)).await?;
    let found = found.ok_or(Kind::NotFound)?;
    Ok(Json(UserView::of(found, right.sees_papers())))
}
