//! `POST /api/v1/compensations/{id}/decide`, `…/approve`, `…/reject` and `…/pay`

use crate::App;
use crate::auth::StaffRight;
use crate::auth::staff::actor;
use crate::extract::{Asked, Json, Path, Repeat};
use crate::openapi::MatterWrite;
use crate::problem::{Kind, Problem};
use crate::told::{NothingMore, ToldView, answered};
use axum::extract::State;
use axum::http::StatusCode;
use domain::money::{Dong, Tender};
use entity::repo::compensation::{self, ClaimStep};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Takes a claim one step further.
async fn go_on(
    app: &App,
    right: StaffRight,
    id: Uuid,
    step: ClaimStep,
    repeat: Repeat,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let once = repeat.once(&actor(&right.person));
    answered(compensation::go_on(&app.store, &app.keys, right.scope, id, step, right.person.id, once).await?)
}

/// The record of liability. Sender and recipient come from the acceptance document.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "record_number": "01/BB-TB", "accepted_place": "Bưu cục Tịnh Biên", "reason": "mất trên đường vận chuyển", "amount": 112_000 }))]
pub(crate) struct DecideRequest {
    /// Its number.
    record_number: String,
    /// Where the post accepted the item.
    accepted_place: String,
    /// Why it went wrong; nothing personal.
    reason: String,
    /// What is to be paid, in whole đồng; not below the law's floor.
    amount: i64,
}

/// Decides a claim: the first signature. It is to be paid within 30 days.
#[utoipa::path(post, path = "/api/v1/compensations/{id}/decide", tag = "compensation", request_body = DecideRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The claim"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn decide(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { request, repeat }: Asked<DecideRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    if [&request.record_number, &request.accepted_place, &request.reason]
        .iter()
        .any(|text| text.trim().is_empty() || text.chars().count() > 500)
    {
        let why = "record_number, accepted_place and reason have 1 to 500 characters";
        return Err(Problem::with(Kind::InvalidRequest, why));
    }
    let step = ClaimStep::Decide {
        record_number: request.record_number.trim().to_owned(),
        accepted_place: request.accepted_place.trim().to_owned(),
        reason: request.reason.trim().to_owned(),
        amount: Dong::new(request.amount),
    };
    go_on(&app, right, id, step, repeat).await
}

/// Approves a claim: the second signature, by another supervisor.
#[utoipa::path(post, path = "/api/v1/compensations/{id}/approve", tag = "compensation", request_body = NothingMore, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The claim"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn approve(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { repeat, .. }: Asked<NothingMore>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    go_on(&app, right, id, ClaimStep::Approve, repeat).await
}

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "người nhận đã nhận, không có ý kiến" }))]
pub(crate) struct RejectRequest {
    /// The reason; nothing personal.
    reason: String,
}

/// Turns a claim down.
#[utoipa::path(post, path = "/api/v1/compensations/{id}/reject", tag = "compensation", request_body = RejectRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The claim"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn reject(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { request, repeat }: Asked<RejectRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let reason: String = request.reason.trim().chars().take(500).collect();
    if reason.is_empty() {
        return Err(Problem::with(
            Kind::InvalidRequest,
            "a claim is turned down with a reason",
        ));
    }
    go_on(&app, right, id, ClaimStep::Reject { reason }, repeat).await
}

/// How it was paid.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "tender": "qr" }))]
pub(crate) struct PayRequest {
    /// `cash` or `qr`.
    tender: String,
}

/// Records that what was decided and approved was paid.
#[utoipa::path(post, path = "/api/v1/compensations/{id}/pay", tag = "compensation", request_body = PayRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The claim"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn pay(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { request, repeat }: Asked<PayRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let tender = Tender::parse(&request.tender).filter(|tender| !tender.is_online());
    let tender = tender.ok_or_else(|| Problem::with(Kind::InvalidRequest, "tender is cash or qr"))?;
    go_on(&app, right, id, ClaimStep::Pay { tender }, repeat).await
}
