//! `POST /api/v1/shifts`

use super::view::till;
use crate::App;
use crate::auth::StaffRight;
use crate::auth::staff::actor;
use crate::extract::{Asked, Json};
use crate::openapi::MatterWrite;
use crate::problem::{Kind, Problem};
use crate::told::{ToldView, answered};
use axum::extract::State;
use axum::http::StatusCode;
use entity::repo::shift;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Which till.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(crate) struct OpenRequest {
    /// A courier of the office, for their bag; otherwise the office's drawer.
    courier: Option<Uuid>,
}

/// Opens a shift: from now on cash may be taken into this till. The shift before must be closed with two signatures.
#[utoipa::path(post, path = "/api/v1/shifts", tag = "money", request_body = OpenRequest, security(("staff" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Asked { request, repeat }: Asked<OpenRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let actor = actor(&right.person);
    let till = till(request.courier, &right).ok_or(Kind::MissingRight)?;
    let once = repeat.once(&actor);
    answered(shift::open(&app.store, &app.keys, right.scope, till, actor, once).await?)
}
