//! `POST /api/v1/break-glass`

use super::{reason, side};
use crate::App;
use crate::auth::StaffRight;
use crate::auth::staff::actor;
use crate::extract::{Asked, Json};
use crate::openapi::ChangeWrite;
use crate::problem::{Kind, Problem};
use crate::told::{ToldView, answered};
use axum::extract::State;
use axum::http::StatusCode;
use entity::repo::glass::{self, NewGlass};
use serde::Deserialize;
use utoipa::ToSchema;

/// Longest name of a dossier: the longest code an agency gives, and room.
const LONGEST: usize = 100;

/// Which dossier, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "dossier": "EE000000019VN", "reason": "Người dân báo mất giấy tờ, bưu cục cũ đã đóng cửa" }))]
pub(crate) struct BreakGlassRequest {
    /// The dossier: its id or code, the label of an item of it, or the number of its order.
    dossier: String,
    /// Why it must be seen, in one line of 10 to 500 characters. Kept; the log has its hash.
    reason: String,
}

/// Asks to see a dossier that is none of the caller's: of another office of the same operator, or of another agency. Somebody else
/// of the same role agrees, within half an hour; then it is seen for half an hour. Whoever owns it is told, and so is the applicant.
#[utoipa::path(post, path = "/api/v1/break-glass", tag = "dossier", request_body = BreakGlassRequest, security(("staff" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), ChangeWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Asked { request, repeat }: Asked<BreakGlassRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let name = request.dossier.trim();
    if name.is_empty() || name.chars().count() > LONGEST || name.chars().any(char::is_control) {
        return Err(Problem::with(Kind::InvalidRequest, "dossier has 1 to 100 characters"));
    }
    let new = NewGlass {
        by: right.person.id,
        side: side(&right)?,
        scope: right.scope.clone(),
        dossier: name.to_owned(),
        reason: reason(&request.reason)?,
        life_ms: app.config.glass_wait_ms(),
    };
    let once = repeat.once(&actor(&right.person));
    answered(glass::ask(&app.store, &app.keys, new, once).await?)
}
