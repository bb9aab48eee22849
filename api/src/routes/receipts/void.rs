//! `POST /api/v1/receipts/{series}/{number}/void`

use crate::App;
use crate::auth::PostAgentRight;
use crate::auth::staff::actor;
use crate::extract::{Asked, Json, Path};
use crate::openapi::MatterWrite;
use crate::problem::{Kind, Problem};
use crate::told::{ToldView, answered};
use axum::extract::State;
use axum::http::StatusCode;
use entity::repo::receipt;
use serde::Deserialize;
use utoipa::ToSchema;

/// Longest reason.
const LONGEST: usize = 500;

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "in hỏng" }))]
pub(crate) struct VoidRequest {
    /// The reason; nothing personal.
    reason: String,
}

/// Voids a receipt of the office that was spoiled. The number stays used and is never given again; issue another receipt for the
/// same payment where the money stays.
#[utoipa::path(post, path = "/api/v1/receipts/{series}/{number}/void", tag = "money", request_body = VoidRequest, security(("staff" = [])),
    params(("series" = String, Path, description = "The series, with `/` written as `%2F`", example = "AA%2F26P"),
        ("number" = u32, Path, description = "The number in the series"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: PostAgentRight,
    Path((series, number)): Path<(String, u32)>,
    Asked { request, repeat }: Asked<VoidRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    if request.reason.chars().count() > LONGEST {
        return Err(Problem::with(Kind::InvalidRequest, "reason has at most 500 characters"));
    }
    let actor = actor(&right.person);
    let once = repeat.once(&actor);
    let named = (series, number);
    answered(receipt::void(&app.store, &app.keys, right.scope, named, request.reason, actor, once).await?)
}
