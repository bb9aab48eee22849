//! `GET` and `POST /api/v1/dossiers/{id}/collections`

use super::show::{LinesView, lines};
use super::sum::{Seat, enter, refuse, sum};
use crate::App;
use crate::auth::StaffRight;
use crate::auth::purpose::AccessPurpose;
use crate::extract::{Asked, Json, Path};
use crate::openapi::{MatterWrite, StaffRead};
use crate::problem::Problem;
use crate::told::ToldView;
use axum::extract::State;
use axum::http::StatusCode;
use domain::money::{Doing, Hand, LedgerKind, Tender};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What was paid, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "ledger": "state_fee", "amount": 8000, "currency": "VND", "tender": "cash" }))]
pub(crate) struct CollectionRequest {
    /// `postage`, `state_fee` or `other`.
    ledger: String,
    /// Whole đồng, above zero.
    amount: i64,
    /// `VND`, the only one.
    currency: Option<String>,
    /// `cash` or `qr`; for an agency also `national_portal` or `own_gateway`.
    tender: String,
}

/// What was paid for a dossier: at a counter, at a desk, and to couriers as their phones recorded it.
#[utoipa::path(get, path = "/api/v1/dossiers/{id}/collections", tag = "money", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"), AccessPurpose),
    responses((status = 200, body = LinesView), StaffRead))]
pub(crate) async fn list(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
) -> Result<Json<LinesView>, Problem> {
    lines(&app, &right, id, "collected").await
}

/// Records a payment. At a counter it is cash or a QR transfer, needs an open shift when it is cash, and a State fee gets the next
/// receipt of the office; an agency records what it took itself or what was paid online, and never postage.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/collections", tag = "money", request_body = CollectionRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn add(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { request, repeat }: Asked<CollectionRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let seat = Seat::of(&right)?;
    let (ledger, mut record) = sum(&request.ledger, request.amount, request.currency.as_deref())?;
    let tender = Tender::parse(&request.tender);
    let tender = tender.ok_or_else(|| refuse("tender is cash, qr, national_portal or own_gateway"))?;
    let hand = match seat {
        Seat::Counter(_) if tender.is_online() => return Err(refuse("a counter takes cash or a QR transfer")),
        Seat::Agency(_) if ledger == LedgerKind::Postage => return Err(refuse("postage is paid to the post")),
        Seat::Counter(_) => Hand::Post,
        Seat::Agency(_) => Hand::Agency,
    };
    record.tender = Some(tender.as_str().to_owned());
    record.taken_by = Some(seat.till().to_string());
    enter(&app, right, id, (Doing::Collected(tender, hand), record), &repeat).await
}
