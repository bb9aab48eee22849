//! `POST /api/v1/session`

use crate::App;
use crate::auth::{Public, password};
use crate::extract::Json;
use crate::openapi::SignIn;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use entity::repo::staff::{self, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A sign-in.
#[derive(Deserialize, ToSchema)]
pub(crate) struct SessionRequest {
    /// Login name.
    login: String,
    /// Password.
    password: String,
    /// The one role to work in now, for a person who wears two hats; all of them when absent.
    role: Option<String>,
}

/// A session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionView {
    /// Send it as `Authorization: Bearer …`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds until it ends.
    expires_in: u64,
    /// Who signed in.
    staff_id: String,
    /// Their name.
    name: String,
    /// Their office.
    office_name: String,
    /// What this session may be.
    roles: Vec<&'static str>,
}

/// Signs a member of staff in.
#[utoipa::path(post, path = "/api/v1/session", tag = "staff", request_body = SessionRequest,
    responses((status = 200, body = SessionView), SignIn))]
pub(crate) async fn handler(
    State(app): State<App>,
    _: Public,
    Json(request): Json<SessionRequest>,
) -> Result<Json<SessionView>, Problem> {
    let person = staff::by_login(app.store.read(), request.login.trim()).await?;
    let stored = person.as_ref().and_then(|person| person.password_hash.clone());
    let is_right = password::check(&app, stored, request.password).await?;
    let person = person.filter(|_| is_right).ok_or(Kind::BadCredentials)?;
    let asked = request.role.as_deref();
    let roles: Vec<&str> = person
        .roles
        .iter()
        .map(|role: &Role| role.as_str())
        .filter(|name| asked.is_none_or(|asked| asked == *name))
        .collect();
    if roles.is_empty() {
        return Err(Kind::BadCredentials.into());
    }
    let names = roles.iter().map(|role| (*role).to_owned()).collect();
    let life = app.config.access_token_life;
    Ok(Json(SessionView {
        access_token: app.tokens.issue(person.id, names, app.store.now_ms(), life),
        token_type: "Bearer",
        expires_in: life.as_secs(),
        staff_id: person.id.to_string(),
        name: person.name,
        office_name: person.office_name,
        roles,
    }))
}
