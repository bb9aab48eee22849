//! `POST /api/v1/remittances/{id}/withdraw`

use crate::App;
use crate::auth::SupervisorRight;
use crate::auth::staff::actor;
use crate::extract::{Asked, Json, Path};
use crate::openapi::MatterWrite;
use crate::problem::Problem;
use crate::told::{ToldView, answered};
use axum::extract::State;
use axum::http::StatusCode;
use entity::repo::remittance;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "đếm lại thiếu một biên lai" }))]
pub(crate) struct WithdrawRemittanceRequest {
    /// The reason; nothing personal.
    reason: String,
}

/// The office takes a statement back that the agency has not confirmed; its receipts are outstanding again.
#[utoipa::path(post, path = "/api/v1/remittances/{id}/withdraw", tag = "money", request_body = WithdrawRemittanceRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The remittance"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: SupervisorRight,
    Path(id): Path<Uuid>,
    Asked { request, repeat }: Asked<WithdrawRemittanceRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let actor = actor(&right.person);
    let once = repeat.once(&actor);
    let reason = request.reason.chars().take(500).collect();
    answered(remittance::withdraw(&app.store, &app.keys, right.scope, id, reason, actor, once).await?)
}
