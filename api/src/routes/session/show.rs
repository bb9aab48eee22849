//! `GET /api/v1/session`

use crate::App;
use crate::auth::SessionRight;
use crate::extract::Json;
use crate::openapi::StaffRead;
use crate::problem::Problem;
use axum::extract::State;
use entity::repo::second_factor;
use serde::Serialize;
use utoipa::ToSchema;

/// Who asks, and as what.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "staff_id": "6d1f7c6e-3b0f-8c43-9a52-7f2b1f0f4c11", "name": "Võ Quốc An", "office_name": "Bưu cục Tịnh Biên",
    "role": "post_agent", "roles": ["post_agent"], "ends_at_ms": 1_776_999_600_000_i64, "has_second_factor": true,
    "proved_until_ms": 1_776_992_700_000_i64
}))]
pub(crate) struct WhoView {
    /// Who.
    staff_id: String,
    /// Their name.
    name: String,
    /// Their office.
    office_name: String,
    /// The hat they wear now.
    role: &'static str,
    /// The hats they may put on with a refresh.
    roles: Vec<&'static str>,
    /// When the session ends whatever happens, milliseconds UTC.
    ends_at_ms: i64,
    /// Whether a second factor is set up.
    has_second_factor: bool,
    /// Until when what needs a fresh proof may be done, milliseconds UTC.
    proved_until_ms: Option<i64>,
}

/// Says who is signed in, and as what.
#[utoipa::path(get, path = "/api/v1/session", tag = "staff", security(("staff" = [])),
    responses((status = 200, body = WhoView), StaffRead))]
pub(crate) async fn handler(State(app): State<App>, right: SessionRight) -> Result<Json<WhoView>, Problem> {
    let factor = second_factor::of(app.store.open(), right.person.id).await?;
    let window = i64::try_from(app.config.step_up_life.as_millis()).unwrap_or(0);
    Ok(Json(WhoView {
        staff_id: right.person.id.to_string(),
        roles: right.person.roles.iter().map(|role| role.as_str()).collect(),
        name: right.person.name,
        office_name: right.person.office_name,
        role: right.role.as_str(),
        ends_at_ms: right.session.expires_at,
        has_second_factor: factor.is_some_and(|factor| factor.confirmed_at.is_some()),
        proved_until_ms: right.session.proved_at.map(|at| at + window),
    }))
}
