//! `POST /api/v1/feedback/{id}/ask`, `…/refuse`, `…/answer` and `…/publish`

use crate::App;
use crate::auth::StaffRight;
use crate::auth::staff::actor;
use crate::extract::{Json, Path, from_value};
use crate::once::IdempotencyKey;
use crate::openapi::MatterWrite;
use crate::problem::Problem;
use crate::routes::complaints::text;
use crate::told::{ToldView, answered};
use axum::extract::State;
use axum::http::StatusCode;
use domain::feedback::FeedbackStage;
use entity::repo::feedback;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// What the citizen reads.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "text": "Cơ quan đã xử lý." }))]
pub(super) struct AskRequest {
    /// The text; kept beside the log, which has its hash only.
    text: Option<String>,
}

/// Asks the citizen for more.
#[utoipa::path(post, path = "/api/v1/feedback/{id}/ask", tag = "feedback", request_body = AskRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The feedback"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn ask(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    Json(body): Json<Value>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let request: AskRequest = from_value(body.clone())?;
    let text = Some(text("text", request.text.as_deref())?).filter(|text| !text.is_empty());
    let actor = actor(&right.person);
    let once = key.once(&format!("POST /api/v1/feedback/{id}/ask"), &actor, &body);
    answered(
        feedback::go_on(
            &app.store,
            &app.keys,
            right.scope,
            id,
            (FeedbackStage::Asked, text),
            actor,
            once,
        )
        .await?,
    )
}

/// What the citizen reads.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "text": "Cơ quan đã xử lý." }))]
pub(super) struct RefuseRequest {
    /// The text; kept beside the log, which has its hash only.
    text: Option<String>,
}

/// Refuses feedback that is not for this agency to answer.
#[utoipa::path(post, path = "/api/v1/feedback/{id}/refuse", tag = "feedback", request_body = RefuseRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The feedback"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn refuse(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    Json(body): Json<Value>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let request: RefuseRequest = from_value(body.clone())?;
    let text = Some(text("text", request.text.as_deref())?).filter(|text| !text.is_empty());
    let actor = actor(&right.person);
    let once = key.once(&format!("POST /api/v1/feedback/{id}/refuse"), &actor, &body);
    answered(
        feedback::go_on(
            &app.store,
            &app.keys,
            right.scope,
            id,
            (FeedbackStage::Refused, text),
            actor,
            once,
        )
        .await?,
    )
}

/// What the citizen reads.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "text": "Cơ quan đã xử lý." }))]
pub(super) struct AnswerFeedbackRequest {
    /// The text; kept beside the log, which has its hash only.
    text: Option<String>,
}

/// Answers feedback.
#[utoipa::path(post, path = "/api/v1/feedback/{id}/answer", tag = "feedback", request_body = AnswerFeedbackRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The feedback"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn answer(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    Json(body): Json<Value>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let request: AnswerFeedbackRequest = from_value(body.clone())?;
    let text = Some(text("text", request.text.as_deref())?).filter(|text| !text.is_empty());
    let actor = actor(&right.person);
    let once = key.once(&format!("POST /api/v1/feedback/{id}/answer"), &actor, &body);
    answered(
        feedback::go_on(
            &app.store,
            &app.keys,
            right.scope,
            id,
            (FeedbackStage::Answered, text),
            actor,
            once,
        )
        .await?,
    )
}

/// What the citizen reads.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "text": "Cơ quan đã xử lý." }))]
pub(super) struct PublishRequest {
    /// The text; kept beside the log, which has its hash only.
    text: Option<String>,
}

/// Makes the answer public.
#[utoipa::path(post, path = "/api/v1/feedback/{id}/publish", tag = "feedback", request_body = PublishRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The feedback"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn publish(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    Json(body): Json<Value>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let request: PublishRequest = from_value(body.clone())?;
    let text = Some(text("text", request.text.as_deref())?).filter(|text| !text.is_empty());
    let actor = actor(&right.person);
    let once = key.once(&format!("POST /api/v1/feedback/{id}/publish"), &actor, &body);
    answered(
        feedback::go_on(
            &app.store,
            &app.keys,
            right.scope,
            id,
            (FeedbackStage::Published, text),
            actor,
            once,
        )
        .await?,
    )
}
