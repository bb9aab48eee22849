//! `POST /api/v1/feedback/{id}/ask`, `…/refuse`, `…/answer` and `…/publish`

use crate::App;
use crate::auth::StaffRight;
use crate::auth::staff::actor;
use crate::extract::{Asked, Json, Path};
use crate::openapi::MatterWrite;
use crate::problem::Problem;
use crate::routes::complaints::text;
use crate::told::{ToldView, answered};
use axum::extract::State;
use axum::http::StatusCode;
use domain::feedback::FeedbackStage;
use entity::repo::feedback;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What the citizen reads.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "text": "Cơ quan đã xử lý." }))]
pub(crate) struct StageRequest {
    /// The text; kept beside the log, which has its hash only.
    text: Option<String>,
}

/// Takes feedback to a stage, with what the citizen reads.
async fn go_on(
    app: &App,
    right: StaffRight,
    id: Uuid,
    stage: FeedbackStage,
    Asked { request, repeat }: Asked<StageRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let text = Some(text("text", request.text.as_deref())?).filter(|text| !text.is_empty());
    let actor = actor(&right.person);
    let (next, once) = ((stage, text), repeat.once(&actor));
    answered(feedback::go_on(&app.store, &app.keys, right.scope, id, next, actor, once).await?)
}

/// Asks the citizen for more.
#[utoipa::path(post, path = "/api/v1/feedback/{id}/ask", tag = "feedback", request_body = StageRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The feedback"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn ask(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    asked: Asked<StageRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    go_on(&app, right, id, FeedbackStage::Asked, asked).await
}

/// Refuses feedback that is not for this agency to answer.
#[utoipa::path(post, path = "/api/v1/feedback/{id}/refuse", tag = "feedback", request_body = StageRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The feedback"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn refuse(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    asked: Asked<StageRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    go_on(&app, right, id, FeedbackStage::Refused, asked).await
}

/// Answers feedback.
#[utoipa::path(post, path = "/api/v1/feedback/{id}/answer", tag = "feedback", request_body = StageRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The feedback"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn answer(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    asked: Asked<StageRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    go_on(&app, right, id, FeedbackStage::Answered, asked).await
}

/// Makes the answer public.
#[utoipa::path(post, path = "/api/v1/feedback/{id}/publish", tag = "feedback", request_body = StageRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The feedback"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn publish(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    asked: Asked<StageRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    go_on(&app, right, id, FeedbackStage::Published, asked).await
}
