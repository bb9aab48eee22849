//! `GET /api/v1/rulings/{id}`

use super::list::RulingView;
use crate::App;
use crate::auth::StaffRight;
use crate::extract::{Json, Path};
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use crate::routes::dispatch::contested::{ContestedView, views};
use crate::routes::glass::side;
use axum::extract::State;
use domain::ids::DossierId;
use entity::Scope;
use entity::repo::contested::{self, Case};
use entity::repo::ruling;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A ruling with the case it is about.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RulingOfCaseView {
    /// The ruling.
    ruling: RulingView,
    /// The case as it stands now; absent once it waits for nobody any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<ContestedView>,
}

/// A ruling that was proposed, and the case with both sides of the story: for whoever is to approve it, also where the case itself is
/// of another office of the same operator.
#[utoipa::path(get, path = "/api/v1/rulings/{id}", tag = "dispatch", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The ruling")),
    responses((status = 200, body = RulingOfCaseView), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
) -> Result<Json<RulingOfCaseView>, Problem> {
    let row = ruling::find(app.store.open(), side(&right)?, id)
        .await?
        .ok_or(Kind::NotFound)?;
    let now = app.store.now_ms();
    let case = Case::from_bytes(&row.case_id).filter(|_| ruling::state_of(&row, now) == "proposed");
    let mut found = None;
    if let Some(case) = case {
        // Whoever was asked to approve sees what it is about, and nothing else through it.
        let everything = Scope::everything();
        let db = &app.store.see(&everything).await?;
        found = contested::find(db, &app.keys, &everything, case, now).await?;
    }
    let case = match found {
        Some(found) => {
            let dossier = found.items.first().map(|(_, dossier)| DossierId(*dossier));
            right.looked(&app, "contested", dossier, found.items.len()).await?;
            views(&app, &right, vec![found], true).await?.pop()
        }
        None => None,
    };
    Ok(Json(RulingOfCaseView {
        ruling: RulingView::of(row, now),
        case,
    }))
}
