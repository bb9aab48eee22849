//! `GET /api/v1/feedback`

use crate::App;
use crate::auth::StaffRight;
use crate::extract::Json;
use crate::openapi::StaffRead;
use crate::problem::Problem;
use axum::extract::State;
use domain::feedback::Rating;
use entity::repo::feedback::{self, Given};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// One stage feedback reached.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StageView {
    /// `received`, `asked`, `refused`, `answered` or `published`.
    stage: &'static str,
    /// When, in milliseconds UTC.
    at_ms: i64,
}

/// Feedback.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FeedbackView {
    /// Its name.
    id: Uuid,
    /// The dossier.
    dossier_id: Uuid,
    /// From 1 to 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    rating: Option<u8>,
    /// The stages it reached; none of a mark alone.
    stages: Vec<StageView>,
    /// What the citizen wrote.
    text: String,
    /// What they were answered last.
    answer: String,
}

impl From<Given> for FeedbackView {
    fn from(given: Given) -> Self {
        let stages = given.stages.into_iter().map(|(stage, at_ms)| StageView {
            stage: stage.as_str(),
            at_ms,
        });
        Self {
            id: given.id,
            dossier_id: given.dossier.0,
            rating: given.rating.map(Rating::mark),
            stages: stages.collect(),
            text: given.text,
            answer: given.answer,
        }
    }
}

/// Feedback, the oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FeedbackListView {
    /// Each piece of it.
    feedback: Vec<FeedbackView>,
}

/// The feedback on dossiers the caller sees.
#[utoipa::path(get, path = "/api/v1/feedback", tag = "feedback", security(("staff" = [])),
    responses((status = 200, body = FeedbackListView), StaffRead))]
pub(crate) async fn handler(State(app): State<App>, right: StaffRight) -> Result<Json<FeedbackListView>, Problem> {
    let given = feedback::list(&app.store.see(&right.scope).await?, &right.scope).await?;
    Ok(Json(FeedbackListView {
        feedback: given.into_iter().map(FeedbackView::from).collect(),
    }))
}
