//! `POST /api/v1/changes/{id}/approve`, `…/reject` and `…/withdraw`

use super::{ChangeView, reader, reason};
use crate::App;
use crate::auth::{StaffRight, password};
use crate::extract::{Json, Path};
use crate::openapi::ChangeWrite;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use entity::repo::change_request::{self, ChangeKind, Decision};
use entity::repo::device;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A change that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApprovedView {
    /// The change.
    change: ChangeView,
    /// The password or secret it made, for a kind that makes one. It is shown this once and kept nowhere; hand it over in person.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
    /// The one-time code `device.enrol` makes, good for fifteen minutes. It too is shown this once; read it to the person in the
    /// room.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

/// Makes a change somebody else proposed. It is checked again as things stand now, and made with the decision or not at all. A
/// new password is shown to who approves, once: a proposer alone can then never sign in as somebody they proposed, and nothing
/// waits anywhere to be fetched.
#[utoipa::path(post, path = "/api/v1/changes/{id}/approve", tag = "admin", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The change")),
    responses((status = 200, body = ApprovedView), ChangeWrite))]
pub(crate) async fn approve(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
) -> Result<Json<ApprovedView>, Problem> {
    let reader = reader(&right)?;
    let row = change_request::find(app.store.open(), reader, id).await?;
    let row = row.ok_or(Kind::NotFound)?;
    // Hashing takes long on purpose: only for who may have the password in the end.
    let makes_one = row.decision.is_none() && row.proposed_by != right.person.id.0;
    let kind = ChangeKind::parse(&row.kind).filter(|_| makes_one);
    let (mut password, mut code, mut kept) = (None, None, None);
    if kind.is_some_and(ChangeKind::makes_password) {
        let (made, hash) = password::make(&app).await?;
        (password, kept) = (Some(made), Some(hash));
    } else if kind == Some(ChangeKind::DeviceEnrol) {
        code = Some(device::make_code());
        kept.clone_from(&code);
    }
    let decision = Decision::Approve(kept);
    let (row, is_new) = change_request::decide(&app.store, &app.keys, reader, id, right.person.id, decision).await?;
    app.store.deposited().notify_one();
    Ok(Json(ApprovedView {
        change: ChangeView::read(row, app.store.now_ms())?,
        password: password.filter(|_| is_new),
        code: code.filter(|_| is_new),
    }))
}

/// Why not.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Chưa có quyết định bổ nhiệm" }))]
pub(crate) struct RejectChangeRequest {
    /// Why; one line of 1 to 500 characters.
    reason: String,
}

/// Turns down a change somebody else proposed.
#[utoipa::path(post, path = "/api/v1/changes/{id}/reject", tag = "admin", request_body = RejectChangeRequest,
    security(("staff" = [])), params(("id" = Uuid, Path, description = "The change")),
    responses((status = 200, body = ChangeView), ChangeWrite))]
pub(crate) async fn reject(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Json(request): Json<RejectChangeRequest>,
) -> Result<Json<ChangeView>, Problem> {
    decided(&app, &right, id, Decision::Reject(reason(&request.reason)?)).await
}

/// Takes back a change one proposed oneself.
#[utoipa::path(post, path = "/api/v1/changes/{id}/withdraw", tag = "admin", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The change")),
    responses((status = 200, body = ChangeView), ChangeWrite))]
pub(crate) async fn withdraw(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
) -> Result<Json<ChangeView>, Problem> {
    decided(&app, &right, id, Decision::Withdraw).await
}

async fn decided(app: &App, right: &StaffRight, id: Uuid, decision: Decision) -> Result<Json<ChangeView>, Problem> {
    let (row, _) = change_request::decide(&app.store, &app.keys, reader(right)?, id, right.person.id, decision).await?;
    ChangeView::read(row, app.store.now_ms()).map(Json)
}
