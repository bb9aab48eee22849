//! `POST /api/v1/complaints/{id}/register`, `…/answer` and `…/withdraw`

use super::text;
use crate::App;
use crate::auth::StaffRight;
use crate::auth::staff::actor;
use crate::extract::{Asked, Json, Path, Repeat};
use crate::openapi::MatterWrite;
use crate::problem::{Kind, Problem};
use crate::told::{NothingMore, ToldView, answered};
use axum::extract::State;
use axum::http::StatusCode;
use domain::complaint::ComplaintStep;
use domain::report::post::ComplaintOutcome;
use entity::repo::complaint;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Takes a complaint one step further, with what is written to the citizen.
async fn go_on(
    app: &App,
    right: StaffRight,
    id: Uuid,
    step: (ComplaintStep, Option<String>),
    repeat: Repeat,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let actor = actor(&right.person);
    let once = repeat.once(&actor);
    answered(complaint::go_on(&app.store, &app.keys, right.scope, id, step, actor, once).await?)
}

/// Takes a complaint up: somebody handles it.
#[utoipa::path(post, path = "/api/v1/complaints/{id}/register", tag = "complaint", request_body = NothingMore, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The complaint"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn register(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { repeat, .. }: Asked<NothingMore>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    go_on(&app, right, id, (ComplaintStep::Registered, None), repeat).await
}

/// What the citizen is answered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "outcome": "upheld", "text": "Bưu điện xin lỗi và hoàn lại giá cước." }))]
pub(crate) struct AnswerComplaintRequest {
    /// `upheld`, `partly_upheld` or `dismissed`.
    outcome: String,
    /// The answer, as the citizen reads it; kept beside the log, which has its hash only.
    text: String,
}

/// Answers a complaint, once.
#[utoipa::path(post, path = "/api/v1/complaints/{id}/answer", tag = "complaint", request_body = AnswerComplaintRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The complaint"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn answer(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { request, repeat }: Asked<AnswerComplaintRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let outcome = ComplaintOutcome::parse(&request.outcome).filter(|outcome| *outcome != ComplaintOutcome::Withdrawn);
    let refuse = |why: &str| Problem::with(Kind::InvalidRequest, why);
    let outcome = outcome.ok_or_else(|| refuse("outcome is upheld, partly_upheld or dismissed"))?;
    let text = text("text", Some(&request.text))?;
    if text.is_empty() {
        return Err(refuse("an answer has a text"));
    }
    go_on(&app, right, id, (ComplaintStep::Answered(outcome), Some(text)), repeat).await
}

/// Records that the citizen took a complaint back.
#[utoipa::path(post, path = "/api/v1/complaints/{id}/withdraw", tag = "complaint", request_body = NothingMore, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The complaint"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn withdraw(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { repeat, .. }: Asked<NothingMore>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    go_on(&app, right, id, (ComplaintStep::Withdrawn, None), repeat).await
}
