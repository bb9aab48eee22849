//! `GET` and `POST /api/v1/dossiers/{id}/charges`

use super::show::{LinesView, lines};
use super::sum::{Seat, enter, paper, refuse, short, sum};
use super::view::PaperView;
use crate::App;
use crate::auth::StaffRight;
use crate::auth::purpose::AccessPurpose;
use crate::extract::{Asked, Json, Path};
use crate::openapi::{MatterWrite, StaffRead};
use crate::problem::Problem;
use crate::told::ToldView;
use axum::extract::State;
use axum::http::StatusCode;
use domain::ids::DossierId;
use domain::money::{Doing, LedgerKind};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What becomes due, and why. Postage names its tariff, a State fee its schedule or the instruction of the agency, another obligation always
/// the instruction.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "ledger": "state_fee", "amount": 8000, "currency": "VND", "tariff": "NQ 10/2020/NQ-HĐND" }))]
pub(crate) struct ChargeRequest {
    /// `postage`, `state_fee` or `other`.
    ledger: String,
    /// Whole đồng, above zero.
    amount: i64,
    /// `VND`, the only one.
    currency: Option<String>,
    /// The tariff or fee schedule it is from.
    tariff: Option<String>,
    /// The agency's instruction.
    instruction: Option<PaperView>,
}

/// What became due for a dossier.
#[utoipa::path(get, path = "/api/v1/dossiers/{id}/charges", tag = "money", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"), AccessPurpose),
    responses((status = 200, body = LinesView), StaffRead))]
pub(crate) async fn list(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
) -> Result<Json<LinesView>, Problem> {
    lines(&app, &right, id, "charged").await
}

/// Makes a sum due. Postage is the post's to charge; a State fee comes from a schedule or an instruction of the agency; another
/// obligation only with the instruction, and only where the rules in force let the post take it.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/charges", tag = "money", request_body = ChargeRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn add(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { request, repeat }: Asked<ChargeRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let seat = Seat::of(&right)?;
    let (ledger, mut record) = sum(&request.ledger, request.amount, request.currency.as_deref())?;
    if ledger == LedgerKind::Postage {
        seat.counter()?;
    }
    record.tariff = short("tariff", request.tariff.as_ref())?;
    record.paper = paper(&app, &right, DossierId(id), request.instruction.as_ref()).await?;
    match ledger {
        LedgerKind::Postage if record.tariff.is_none() => return Err(refuse("postage names its tariff")),
        LedgerKind::StateFee if record.tariff.is_none() && record.paper.is_none() => {
            return Err(refuse("a State fee names its tariff or the agency's instruction"));
        }
        LedgerKind::Other if record.paper.is_none() => {
            return Err(refuse("another obligation names the agency's instruction"));
        }
        LedgerKind::Postage | LedgerKind::StateFee | LedgerKind::Other => {}
    }
    enter(&app, right, id, (Doing::Charged, record), &repeat).await
}
