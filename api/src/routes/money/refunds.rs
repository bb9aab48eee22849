//! `GET` and `POST /api/v1/dossiers/{id}/refunds`

use super::show::{LinesView, lines};
use super::sum::{Seat, enter, paper, refuse, sum};
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
use domain::money::{Doing, Tender};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What is given back, of which payment, and by whose decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "ledger": "state_fee", "amount": 8000, "currency": "VND", "tender": "cash",
    "of": "6f1c0d2b8a4e5f60718293a4b5c6d7e8f9010203040506070809101112131415",
    "decision": { "number": "15/QĐ-UBND", "date": "2026-05-06" } }))]
pub(crate) struct RefundRequest {
    /// `postage`, `state_fee` or `other`.
    ledger: String,
    /// Whole đồng, above zero.
    amount: i64,
    /// `VND`, the only one.
    currency: Option<String>,
    /// The payment that is given back: its `event_id`.
    of: String,
    /// `cash` or `qr`, as it was paid.
    tender: String,
    /// The decision.
    decision: PaperView,
}

/// What was given back of a dossier.
#[utoipa::path(get, path = "/api/v1/dossiers/{id}/refunds", tag = "money", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"), AccessPurpose),
    responses((status = 200, body = LinesView), StaffRead))]
pub(crate) async fn list(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
) -> Result<Json<LinesView>, Problem> {
    lines(&app, &right, id, "refunded").await
}

/// Gives back what the post still holds, the way it was paid: postage by the post's own record, all else by a decision of the
/// agency. A State fee goes back whole, and its receipt becomes void; what stands in a statement for the agency does not go back here.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/refunds", tag = "money", request_body = RefundRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn add(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { request, repeat }: Asked<RefundRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let seat = Seat::of(&right)?;
    let (_, mut record) = sum(&request.ledger, request.amount, request.currency.as_deref())?;
    seat.counter()?;
    let tender = Tender::parse(&request.tender).filter(|tender| !tender.is_online());
    let tender = tender.ok_or_else(|| refuse("tender is cash or qr"))?;
    record.tender = Some(tender.as_str().to_owned());
    record.taken_by = Some(seat.till().to_string());
    record.of = Some(request.of.trim().to_lowercase());
    record.paper = paper(&app, &right, DossierId(id), Some(&request.decision)).await?;
    enter(&app, right, id, (Doing::Refunded(tender), record), &repeat).await
}
