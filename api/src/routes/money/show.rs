//! `GET /api/v1/dossiers/{id}/money`

use super::view::{LineView, MoneyView, view};
use crate::App;
use crate::auth::StaffRight;
use crate::auth::purpose::AccessPurpose;
use crate::extract::{Json, Path};
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use domain::ids::DossierId;
use entity::repo::money;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The lines of one sort.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinesView {
    /// In log order.
    lines: Vec<LineView>,
}

/// What is due, paid, given back and held for a dossier: postage, State fee and other obligations side by side and never
/// mixed, each line in plain words.
#[utoipa::path(get, path = "/api/v1/dossiers/{id}/money", tag = "money", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"), AccessPurpose),
    responses((status = 200, body = MoneyView), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
) -> Result<Json<MoneyView>, Problem> {
    let money = money::of(&app.store.see(&right.scope).await?, &right.scope, DossierId(id)).await?;
    let money = money.ok_or(Kind::NotFound)?;
    right.looked(&app, "money", Some(DossierId(id)), 1).await?;
    Ok(Json(view(money, right.sees_papers())))
}

/// The lines of one sort of a dossier.
pub(super) async fn lines(app: &App, right: &StaffRight, id: Uuid, what: &str) -> Result<Json<LinesView>, Problem> {
    let money = money::of(&app.store.see(&right.scope).await?, &right.scope, DossierId(id)).await?;
    let money = money.ok_or(Kind::NotFound)?;
    right.looked(app, "money", Some(DossierId(id)), 1).await?;
    let mut view = view(money, right.sees_papers());
    view.lines.retain(|line| line.is(what));
    Ok(Json(LinesView { lines: view.lines }))
}
