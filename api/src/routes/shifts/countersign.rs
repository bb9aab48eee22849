//! `POST /api/v1/shifts/{id}/countersign`

use super::view::CountView;
use crate::App;
use crate::auth::StaffRight;
use crate::auth::staff::actor;
use crate::extract::{Asked, Json, Path};
use crate::openapi::MatterWrite;
use crate::problem::Problem;
use crate::told::{ToldView, answered};
use axum::extract::State;
use axum::http::StatusCode;
use entity::repo::shift;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What the second person counted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "counted": { "postage": 52000, "state_fee": 7000, "currency": "VND" } }))]
pub(crate) struct CountersignRequest {
    /// The sums, by ledger.
    counted: CountView,
}

/// Another person of the office counts the same and signs second: the money goes from the drawer to the office.
#[utoipa::path(post, path = "/api/v1/shifts/{id}/countersign", tag = "money", request_body = CountersignRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The shift"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { request, repeat }: Asked<CountersignRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let actor = actor(&right.person);
    let once = repeat.once(&actor);
    let (checker, counted) = (right.person.id, request.counted.into());
    answered(shift::countersign(&app.store, &app.keys, right.scope, id, counted, checker, once).await?)
}
