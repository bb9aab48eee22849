//! `POST /api/v1/remittances/{id}/confirm`

use crate::App;
use crate::auth::DeskRight;
use crate::auth::staff::actor;
use crate::extract::{Asked, Json, Path};
use crate::openapi::MatterWrite;
use crate::problem::{Kind, Problem};
use crate::told::{ToldView, answered};
use axum::extract::State;
use axum::http::StatusCode;
use domain::wire::money::VND;
use entity::repo::remittance;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What the agency counted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "counted": 58000, "currency": "VND" }))]
pub(crate) struct ConfirmRemittanceRequest {
    /// Whole đồng.
    counted: i64,
    /// `VND`, the only one.
    currency: Option<String>,
}

/// The agency counts the money and takes it over. Another sum than the receipts have is refused: the office withdraws the
/// statement and makes out another one.
#[utoipa::path(post, path = "/api/v1/remittances/{id}/confirm", tag = "money", request_body = ConfirmRemittanceRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The remittance"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: DeskRight,
    Path(id): Path<Uuid>,
    Asked { request, repeat }: Asked<ConfirmRemittanceRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let actor = actor(&right.person);
    if request.currency.is_some_and(|currency| currency != VND) {
        return Err(Problem::with(Kind::InvalidRequest, "currency is VND"));
    }
    let once = repeat.once(&actor);
    let counted = request.counted;
    answered(remittance::confirm(&app.store, &app.keys, right.scope, id, counted, actor, once).await?)
}
