//! `GET /api/v1/imports/{sha256}`

use super::report::{ReportView, read_hash};
use crate::App;
use crate::auth::DeskRight;
use crate::extract::{Json, Path};
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use entity::repo::order_file;

/// What was found in a file the agency sent.
#[utoipa::path(get, path = "/api/v1/imports/{sha256}", tag = "import", security(("staff" = [])),
    params(("sha256" = String, Path, description = "The file's hash, in hex")),
    responses((status = 200, body = ReportView), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: DeskRight,
    Path(sha256): Path<String>,
) -> Result<Json<ReportView>, Problem> {
    let file = order_file::find(&app.store.see(&right.scope).await?, &right.scope, &read_hash(&sha256)?).await?;
    Ok(Json(ReportView::of(&file.ok_or(Kind::NotFound)?)?))
}
