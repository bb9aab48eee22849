//! `GET /api/v1/complaints`

use crate::App;
use crate::auth::StaffRight;
use crate::extract::{Json, Query};
use crate::openapi::StaffRead;
use crate::problem::Problem;
use axum::extract::State;
use domain::calendar::{local, write_date};
use domain::dossier::words::Language;
use entity::repo::complaint::{self, Filed};
use serde::{Deserialize, Serialize};
use time::Date;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ComplaintsQuery {
    /// Only those whose last day has passed without an answer.
    #[serde(default)]
    overdue: bool,
}

/// A complaint.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ComplaintView {
    /// Its name.
    id: Uuid,
    /// The dossier.
    dossier_id: Uuid,
    /// What it is about.
    about: &'static str,
    /// The same in Vietnamese.
    about_vi: &'static str,
    /// When it was filed, in milliseconds UTC.
    filed_at_ms: i64,
    /// The last day for the answer.
    answer_by: String,
    /// Whether that day has passed without an answer.
    is_overdue: bool,
    /// When somebody took it up, in milliseconds UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    registered_at_ms: Option<i64>,
    /// When it ended, in milliseconds UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at_ms: Option<i64>,
    /// `upheld`, `partly_upheld`, `dismissed` or `withdrawn`.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    /// What the citizen wrote.
    text: String,
    /// What they were answered.
    answer: String,
}

fn view(filed: Filed, today: Date) -> ComplaintView {
    let complaint = filed.complaint;
    ComplaintView {
        id: filed.id,
        dossier_id: filed.dossier.0,
        about: complaint.about.as_str(),
        about_vi: complaint.about.words(Language::Vietnamese),
        filed_at_ms: complaint.filed_at_ms,
        answer_by: write_date(complaint.answer_by),
        is_overdue: complaint.is_overdue(today),
        registered_at_ms: complaint.registered_at_ms,
        ended_at_ms: complaint.ended.map(|(at_ms, _)| at_ms),
        outcome: complaint.ended.map(|(_, outcome)| outcome.as_str()),
        text: filed.text,
        answer: filed.answer,
    }
}

/// Complaints, the oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComplaintsView {
    /// Each of them.
    complaints: Vec<ComplaintView>,
}

/// The complaints about dossiers the caller sees, with the last day for each answer.
#[utoipa::path(get, path = "/api/v1/complaints", tag = "complaint", params(ComplaintsQuery), security(("staff" = [])),
    responses((status = 200, body = ComplaintsView), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Query(query): Query<ComplaintsQuery>,
) -> Result<Json<ComplaintsView>, Problem> {
    let today = local(app.store.now_ms()).0;
    let filed = complaint::list(&app.store.see(&right.scope).await?, &right.scope).await?;
    let all = filed.into_iter().map(|filed| view(filed, today));
    Ok(Json(ComplaintsView {
        complaints: all.filter(|one| one.is_overdue || !query.overdue).collect(),
    }))
}
