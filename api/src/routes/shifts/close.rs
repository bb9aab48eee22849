//! `POST /api/v1/shifts/{id}/close`

use super::view::CountView;
use crate::App;
use crate::auth::StaffRight;
use crate::auth::staff::actor;
use crate::extract::{Asked, Json, Path};
use crate::openapi::MatterWrite;
use crate::problem::{Kind, Problem};
use crate::told::{ToldView, answered};
use axum::extract::State;
use axum::http::StatusCode;
use entity::repo::shift;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Longest explanation.
const LONGEST: usize = 500;

/// What was counted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "counted": { "postage": 52000, "state_fee": 7000, "currency": "VND" }, "explanation": "trả lại nhầm 1.000 ₫" }))]
pub(crate) struct CloseRequest {
    /// The sums, by ledger.
    counted: CountView,
    /// Why they differ from the books; nothing personal.
    explanation: Option<String>,
}

/// The keeper counts the drawer line by line and signs first. A difference must be explained. Counting again replaces the count
/// until somebody countersigns.
#[utoipa::path(post, path = "/api/v1/shifts/{id}/close", tag = "money", request_body = CloseRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The shift"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { request, repeat }: Asked<CloseRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let actor = actor(&right.person);
    if request
        .explanation
        .as_ref()
        .is_some_and(|text| text.chars().count() > LONGEST)
    {
        return Err(Problem::with(
            Kind::InvalidRequest,
            "explanation has at most 500 characters",
        ));
    }
    let once = repeat.once(&actor);
    let count = (request.counted.into(), request.explanation);
    answered(shift::close(&app.store, &app.keys, right.scope, id, count, actor, once).await?)
}
