//! `POST /api/v1/remittances`

use crate::App;
use crate::auth::PostAgentRight;
use crate::auth::staff::actor;
use crate::extract::{Asked, Json};
use crate::openapi::MatterWrite;
use crate::problem::Problem;
use crate::told::{ToldView, answered};
use axum::extract::State;
use axum::http::StatusCode;
use domain::ids::AgencyId;
use entity::repo::remittance;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Which receipts go to which agency.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "agency_id": "01890000-0000-7000-8000-000000000000", "receipts": ["TB01 AA/26P 0000001"] }))]
pub(crate) struct StatementRequest {
    /// The agency.
    agency_id: Uuid,
    /// Their numbers; all that are outstanding for the agency when left out.
    receipts: Option<Vec<String>>,
}

/// Makes out the statement that goes with the money: the sum of its receipts, each in one statement only.
#[utoipa::path(post, path = "/api/v1/remittances", tag = "money", request_body = StatementRequest, security(("staff" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: PostAgentRight,
    Asked { request, repeat }: Asked<StatementRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let actor = actor(&right.person);
    let once = repeat.once(&actor);
    let what = (AgencyId(request.agency_id), request.receipts);
    answered(remittance::state(&app.store, &app.keys, right.scope, what, actor, once).await?)
}
