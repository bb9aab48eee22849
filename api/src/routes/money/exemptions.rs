//! `GET` and `POST /api/v1/dossiers/{id}/exemptions`

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
use domain::money::{Doing, LedgerKind};
use domain::tariff::ExemptionClass;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What is not asked for, and the decision or proof that spares it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "ledger": "postage", "amount": 13000, "currency": "VND", "class": "poor_household",
    "decision": { "number": "HN-0123", "date": "2026-01-05" } }))]
pub(crate) struct ExemptionRequest {
    /// `postage`, `state_fee` or `other`.
    ledger: String,
    /// Whole đồng, above zero.
    amount: i64,
    /// `VND`, the only one.
    currency: Option<String>,
    /// The class of people, for example `poor_household`; with postage.
    class: Option<String>,
    /// The decision, or the proof of the class.
    decision: PaperView,
}

/// What is not asked for of a dossier.
#[utoipa::path(get, path = "/api/v1/dossiers/{id}/exemptions", tag = "money", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"), AccessPurpose),
    responses((status = 200, body = LinesView), StaffRead))]
pub(crate) async fn list(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
) -> Result<Json<LinesView>, Problem> {
    lines(&app, &right, id, "exempted").await
}

/// Spares a sum that is due, wholly or in part. Postage is spared by the post for a class of people, with the proof; a State fee
/// or another obligation by a decision of the agency.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/exemptions", tag = "money", request_body = ExemptionRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn add(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { request, repeat }: Asked<ExemptionRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let seat = Seat::of(&right)?;
    let (ledger, mut record) = sum(&request.ledger, request.amount, request.currency.as_deref())?;
    if ledger == LedgerKind::Postage {
        seat.counter()?;
    }
    if let Some(class) = &request.class {
        let known = ExemptionClass::parse(class).filter(|_| ledger == LedgerKind::Postage);
        let known = known.ok_or_else(|| refuse("class is one of the classes whose postage is spared"))?;
        record.class = Some(known.as_str().to_owned());
    }
    record.paper = paper(&app, &right, DossierId(id), Some(&request.decision)).await?;
    enter(&app, right, id, (Doing::Exempted, record), &repeat).await
}
