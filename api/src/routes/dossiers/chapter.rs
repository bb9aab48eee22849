//! `GET /api/v1/dossiers/{id}/supplements`, `/results` and `/surrendered-papers`: chapters of a dossier's story.

use super::show::ActView;
use crate::App;
use crate::auth::StaffRight;
use crate::auth::purpose::AccessPurpose;
use crate::extract::{Json, Path};
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use crate::routes::items::ItemView;
use axum::extract::State;
use domain::ids::DossierId;
use domain::item::ItemKind;
use entity::repo::{dossier, item};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A chapter of a dossier: the acts that tell it, and the items that carry it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChapterView {
    /// The acts, in log order.
    acts: Vec<ActView>,
    /// The items.
    items: Vec<ItemView>,
}

/// What a chapter is made of.
pub(super) struct Chapter {
    /// As the log of looks names it.
    pub(super) name: &'static str,
    pub(super) acts: &'static [&'static str],
    items: &'static [ItemKind],
}

pub(super) const SUPPLEMENTS: Chapter = Chapter {
    name: "supplements",
    acts: &[
        "dossier.supplement_requested",
        "dossier.supplemented",
        "dossier.carriage_charged",
    ],
    items: &[ItemKind::SupplementToAgency],
};

pub(super) const RESULTS: Chapter = Chapter {
    name: "results",
    acts: &[
        "dossier.resolved",
        "dossier.result_ready",
        "dossier.result_found_wrong",
        "dossier.result_corrected",
        "dossier.returned",
        "dossier.return_confirmed",
    ],
    items: &[ItemKind::ResultToApplicant, ItemKind::ResultBackToAgency],
};

pub(super) const SURRENDERED: Chapter = Chapter {
    name: "surrendered_papers",
    acts: &[
        "dossier.surrender_listed",
        "dossier.surrender_excepted",
        "dossier.surrender_delivered",
    ],
    items: &[ItemKind::SurrenderedToAgency],
};

/// What the agency asked for afterwards, what came, and what carries it.
#[utoipa::path(get, path = "/api/v1/dossiers/{id}/supplements", tag = "dossier", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"), AccessPurpose),
    responses((status = 200, body = ChapterView), StaffRead))]
pub(crate) async fn supplements(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
) -> Result<Json<ChapterView>, Problem> {
    read(&app, &right, DossierId(id), &SUPPLEMENTS).await
}

/// What the agency decided, whether it was right, how it got to the person, and what carries it.
#[utoipa::path(get, path = "/api/v1/dossiers/{id}/results", tag = "dossier", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"), AccessPurpose),
    responses((status = 200, body = ChapterView), StaffRead))]
pub(crate) async fn results(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
) -> Result<Json<ChapterView>, Problem> {
    read(&app, &right, DossierId(id), &RESULTS).await
}

/// Which old papers are given up against the result, which the agency let go, and what carries them.
#[utoipa::path(get, path = "/api/v1/dossiers/{id}/surrendered-papers", tag = "dossier", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"), AccessPurpose),
    responses((status = 200, body = ChapterView), StaffRead))]
pub(crate) async fn surrendered(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
) -> Result<Json<ChapterView>, Problem> {
    read(&app, &right, DossierId(id), &SURRENDERED).await
}

async fn read(app: &App, right: &StaffRight, id: DossierId, chapter: &Chapter) -> Result<Json<ChapterView>, Problem> {
    let db = &app.store.see(&right.scope).await?;
    dossier::find(db, &right.scope, id).await?.ok_or(Kind::NotFound)?;
    let acts = dossier::acts(db, &right.scope, id).await?;
    let items = item::of_dossier(db, &right.scope, id).await?;
    right.looked(app, chapter.name, Some(id), 1).await?;
    let told = acts.into_iter().filter(|act| chapter.acts.contains(&act.kind.as_str()));
    let carried = items.into_iter().filter(|item| {
        let kind = item.kind.parse();
        kind.is_ok_and(|kind| chapter.items.contains(&kind))
    });
    Ok(Json(ChapterView {
        acts: told.map(|act| ActView::new(act, right.sees_papers())).collect(),
        items: carried.map(ItemView::from).collect(),
    }))
}
