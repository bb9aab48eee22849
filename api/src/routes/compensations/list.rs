//! `GET /api/v1/compensations`

use crate::App;
use crate::auth::StaffRight;
use crate::extract::Json;
use crate::openapi::StaffRead;
use crate::problem::Problem;
use axum::extract::State;
use domain::calendar::{local, write_date};
use domain::wire::money::VND;
use entity::repo::compensation::{self, Assessed};
use serde::Serialize;
use time::Date;
use utoipa::ToSchema;
use uuid::Uuid;

/// A claim.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClaimView {
    /// Its name.
    id: Uuid,
    /// The dossier.
    dossier_id: Uuid,
    /// The label of the item.
    item_code: String,
    /// `lost`, `damaged`, `swapped` or `late`.
    harm: &'static str,
    /// `assessed`, `decided`, `approved`, `rejected` or `paid`.
    state: &'static str,
    /// To the sender at least, in whole đồng.
    to_sender: i64,
    /// For new papers at least, in whole đồng.
    reissue_costs: i64,
    /// What was decided, in whole đồng.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<i64>,
    /// `VND`.
    currency: &'static str,
    /// The number of the record of liability.
    #[serde(skip_serializing_if = "Option::is_none")]
    record_number: Option<String>,
    /// The last day of payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pay_by: Option<String>,
    /// Whether it is approved and that day has passed.
    is_overdue: bool,
    /// When it was paid, in milliseconds UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    paid_at_ms: Option<i64>,
    /// The complaint it follows from.
    #[serde(skip_serializing_if = "Option::is_none")]
    complaint_id: Option<Uuid>,
    /// The event that told of the damage or loss, in hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    incident_event_id: Option<String>,
}

fn view(claim: Assessed, today: Date) -> ClaimView {
    let case = claim.case;
    let state = if case.paid_at_ms.is_some() {
        "paid"
    } else if case.is_rejected {
        "rejected"
    } else if case.approved_by.is_some() {
        "approved"
    } else if case.decision.is_some() {
        "decided"
    } else {
        "assessed"
    };
    ClaimView {
        id: claim.id,
        dossier_id: claim.dossier.0,
        item_code: claim.item_code,
        harm: claim.harm.as_str(),
        state,
        to_sender: claim.to_sender,
        reissue_costs: claim.reissue_costs,
        amount: case.decision.as_ref().map(|decision| decision.amount.as_i64()),
        currency: VND,
        pay_by: case.decision.as_ref().map(|decision| write_date(decision.pay_by)),
        is_overdue: case.is_overdue(today),
        record_number: case.decision.map(|decision| decision.record_number),
        paid_at_ms: case.paid_at_ms,
        complaint_id: claim.complaint,
        incident_event_id: claim.incident,
    }
}

/// Claims, the oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClaimsView {
    /// Each of them.
    compensations: Vec<ClaimView>,
}

/// The claims about dossiers the caller sees.
#[utoipa::path(get, path = "/api/v1/compensations", tag = "compensation", security(("staff" = [])),
    responses((status = 200, body = ClaimsView), StaffRead))]
pub(crate) async fn handler(State(app): State<App>, right: StaffRight) -> Result<Json<ClaimsView>, Problem> {
    let today = local(app.store.now_ms()).0;
    let claims = compensation::list(&app.store.see(&right.scope).await?, &right.scope).await?;
    Ok(Json(ClaimsView {
        compensations: claims.into_iter().map(|claim| view(claim, today)).collect(),
    }))
}
