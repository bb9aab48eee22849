//! `POST /api/v1/devices/codes`

use super::answers_for;
use crate::App;
use crate::auth::StaffRight;
use crate::extract::Json;
use crate::openapi::StaffWrite;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use domain::ids::StaffId;
use entity::repo::{device, staff};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// For whom.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CodeRequest {
    /// A member of staff of the caller's office or agency.
    staff_id: Uuid,
}

/// A one-time code.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CodeView {
    /// Show it as a QR code; it is not kept and cannot be shown again.
    code: String,
    /// Until when it can be used.
    expires_at_ms: i64,
}

/// Makes a one-time code with which one device can enrol for a person.
#[utoipa::path(post, path = "/api/v1/devices/codes", tag = "device", request_body = CodeRequest, security(("staff" = [])),
    responses((status = 201, body = CodeView), StaffWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Json(request): Json<CodeRequest>,
) -> Result<(StatusCode, Json<CodeView>), Problem> {
    let id = StaffId(request.staff_id);
    let person = staff::by_id(app.store.open(), id).await?.ok_or(Kind::NotFound)?;
    if !answers_for(&app, &right, &person).await? {
        return Err(Kind::NotFound.into());
    }
    let now = app.store.now_ms();
    let code = app
        .store
        .write(move |tx| Box::pin(async move { device::new_code(tx, id, now).await.map_err(Problem::from) }))
        .await?;
    Ok((
        StatusCode::CREATED,
        Json(CodeView {
            code,
            expires_at_ms: now + device::CODE_LIFE_MS,
        }),
    ))
}
