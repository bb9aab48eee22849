//! `GET /api/v1/dispatch/dead-jobs`, `POST /api/v1/dispatch/dead-jobs/{id}/revive`

use crate::App;
use crate::auth::StaffRight;
use crate::extract::{Json, Path};
use crate::openapi::{StaffRead, StaffWrite};
use crate::problem::{Kind, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use entity::outbox;
use entity::repo::dead_job;
use entity::repo::staff::Role;
use entity::table::outbox::Model as Job;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A job that was given up.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeadJobView {
    /// Its id.
    id: Uuid,
    /// Which job.
    kind: String,
    /// What it was about; ids only.
    payload: serde_json::Value,
    /// How often it was tried.
    attempts: i64,
    /// What went wrong last.
    last_error: Option<String>,
    /// When it was given up, in milliseconds UTC.
    given_up_ms: Option<i64>,
}

/// Jobs that were given up.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeadJobsView {
    /// The jobs, newest first.
    jobs: Vec<DeadJobView>,
}

/// Jobs that used up their attempts and are about the caller's dossiers; for whoever runs the installation also those that are
/// about nothing in particular.
#[utoipa::path(get, path = "/api/v1/dispatch/dead-jobs", tag = "dispatch", security(("staff" = [])),
    responses((status = 200, body = DeadJobsView), StaffRead))]
pub(crate) async fn list(State(app): State<App>, right: StaffRight) -> Result<Json<DeadJobsView>, Problem> {
    let rows = seen(&app, &right).await?;
    let jobs = rows.into_iter().map(|row| DeadJobView {
        id: row.id,
        kind: row.kind,
        payload: serde_json::from_str(&row.payload).unwrap_or_default(),
        attempts: row.attempt,
        last_error: row.last_error,
        given_up_ms: row.finished_at,
    });
    Ok(Json(DeadJobsView { jobs: jobs.collect() }))
}

/// Lets a job that was given up run again from its first attempt.
#[utoipa::path(post, path = "/api/v1/dispatch/dead-jobs/{id}/revive", tag = "dispatch", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The job")),
    responses((status = 204, description = "It will run again"), StaffWrite))]
pub(crate) async fn revive(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    seen(&app, &right)
        .await?
        .iter()
        .any(|job| job.id == id)
        .then_some(())
        .ok_or(Kind::NotFound)?;
    let now = app.store.now_ms();
    let revived = app
        .store
        .write(move |tx| Box::pin(async move { outbox::revive(tx, id, now).await.map_err(Problem::from) }))
        .await?;
    if !revived {
        return Err(Kind::NotFound.into());
    }
    app.store.jobs().notify_one();
    Ok(StatusCode::NO_CONTENT)
}

async fn seen(app: &App, right: &StaffRight) -> Result<Vec<Job>, Problem> {
    let most = usize::try_from(app.config.list_page).unwrap_or(usize::MAX);
    let with_strays = right.role == Role::OpsAdmin;
    Ok(dead_job::list(&app.store.see(&right.scope).await?, &right.scope, with_strays, most).await?)
}
