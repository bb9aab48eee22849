//! `POST /api/v1/dossiers/{id}/receipts`

use crate::App;
use crate::auth::PostAgentRight;
use crate::auth::staff::actor;
use crate::extract::{Asked, Json, Path};
use crate::openapi::MatterWrite;
use crate::problem::Problem;
use crate::told::{ToldView, answered};
use axum::extract::State;
use axum::http::StatusCode;
use domain::ids::DossierId;
use entity::repo::money;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// For which payment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "of": "6f1c0d2b8a4e5f60718293a4b5c6d7e8f9010203040506070809101112131415" }))]
pub(crate) struct ReceiptRequest {
    /// The payment: its `event_id`.
    of: String,
}

/// Issues the next receipt of the office for a State fee that has none that stands: a courier brought the money, or the receipt
/// was spoiled and voided.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/receipts", tag = "money", request_body = ReceiptRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn issue(
    State(app): State<App>,
    right: PostAgentRight,
    Path(id): Path<Uuid>,
    Asked { request, repeat }: Asked<ReceiptRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let actor = actor(&right.person);
    let once = repeat.once(&actor);
    let of = request.of.trim().to_lowercase();
    answered(money::issue_receipt(&app.store, &app.keys, right.scope, DossierId(id), of, actor, once).await?)
}
