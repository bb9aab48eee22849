//! `GET /api/v1/supplements`, `/results` and `/surrendered-papers`: one chapter of every dossier the caller sees, as it was told.

use super::chapter::{Chapter, RESULTS, SUPPLEMENTS, SURRENDERED};
use super::show::ActView;
use crate::App;
use crate::auth::StaffRight;
use crate::auth::purpose::AccessPurpose;
use crate::extract::{Json, Query};
use crate::openapi::StaffRead;
use crate::problem::Problem;
use crate::routes::papers::{page_size, place, written};
use axum::extract::State;
use entity::repo::dossier;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChaptersQuery {
    /// The `next` of the page before; the first page when absent or empty.
    #[param(pattern = "^([A-Za-z0-9_-]{10}[AEIMQUYcgkosw048])?$")]
    cursor: Option<String>,
    /// Rows on the page.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u64>,
}

/// An act on one of the dossiers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChapterActView {
    /// Whose it is.
    dossier_id: Uuid,
    /// The code the agency gave the dossier.
    #[serde(skip_serializing_if = "Option::is_none")]
    dossier_code: Option<String>,
    /// Where the dossier stands now, `D0` to `D15`.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    /// The act.
    act: ActView,
}

/// A page of acts, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChaptersView {
    /// The acts.
    acts: Vec<ChapterActView>,
    /// The cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// What agencies asked for afterwards and what came, of every dossier the caller sees, newest first.
#[utoipa::path(get, path = "/api/v1/supplements", tag = "dossier", params(ChaptersQuery, AccessPurpose), security(("staff" = [])),
    responses((status = 200, body = ChaptersView), StaffRead))]
pub(crate) async fn supplements(
    State(app): State<App>,
    right: StaffRight,
    Query(query): Query<ChaptersQuery>,
) -> Result<Json<ChaptersView>, Problem> {
    read(&app, &right, query, &SUPPLEMENTS).await
}

/// What agencies decided and how it reached the person, of every dossier the caller sees, newest first.
#[utoipa::path(get, path = "/api/v1/results", tag = "dossier", params(ChaptersQuery, AccessPurpose), security(("staff" = [])),
    responses((status = 200, body = ChaptersView), StaffRead))]
pub(crate) async fn results(
    State(app): State<App>,
    right: StaffRight,
    Query(query): Query<ChaptersQuery>,
) -> Result<Json<ChaptersView>, Problem> {
    read(&app, &right, query, &RESULTS).await
}

/// Which old papers are given up against results, of every dossier the caller sees, newest first.
#[utoipa::path(get, path = "/api/v1/surrendered-papers", tag = "dossier", params(ChaptersQuery, AccessPurpose),
    security(("staff" = [])), responses((status = 200, body = ChaptersView), StaffRead))]
pub(crate) async fn surrendered(
    State(app): State<App>,
    right: StaffRight,
    Query(query): Query<ChaptersQuery>,
) -> Result<Json<ChaptersView>, Problem> {
    read(&app, &right, query, &SURRENDERED).await
}

async fn read(
    app: &App,
    right: &StaffRight,
    query: ChaptersQuery,
    chapter: &Chapter,
) -> Result<Json<ChaptersView>, Problem> {
    let before: Option<[u8; 8]> = place(query.cursor.as_deref())?;
    let limit = page_size(app, query.limit)?;
    let db = &app.store.see(&right.scope).await?;
    let rows = dossier::acts_of(db, &right.scope, chapter.acts, before.map(i64::from_be_bytes), limit).await?;
    right.looked(app, chapter.name, None, rows.len()).await?;
    let is_full = u64::try_from(rows.len()).is_ok_and(|count| count >= limit);
    let next = rows
        .last()
        .filter(|_| is_full)
        .map(|last| written(&last.act.log_index.to_be_bytes()));
    let acts = rows.into_iter().map(|row| ChapterActView {
        dossier_id: row.act.dossier_id,
        dossier_code: row.code,
        state: row.state,
        act: ActView::new(row.act, right.sees_papers()),
    });
    Ok(Json(ChaptersView {
        acts: acts.collect(),
        next,
    }))
}
