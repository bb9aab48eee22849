//! What a session looks like to whoever has it.

use super::{access, is_limited};
use crate::App;
use crate::problem::Problem;
use entity::repo::session::Session;
use entity::repo::staff::Person;
use serde::Serialize;
use utoipa::ToSchema;

/// A session.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9…", "token_type": "Bearer", "expires_in": 600,
    "staff_id": "6d1f7c6e-3b0f-8c43-9a52-7f2b1f0f4c11", "name": "Võ Quốc An", "office_name": "Bưu cục Tịnh Biên",
    "role": "post_agent", "roles": ["post_agent"]
}))]
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
    /// The hat they wear now.
    role: String,
    /// The hats they may put on.
    roles: Vec<&'static str>,
    /// Present and true while a second factor has to be set up before anything else.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    second_factor_missing: bool,
    /// Carries the session on; only for a session bound to a device. A browser gets a cookie instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refresh_token: Option<String>,
}

impl SessionView {
    pub(super) async fn new(app: &App, person: Person, session: &Session) -> Result<Self, Problem> {
        let is_limited = is_limited(app, person.id).await?;
        let refresh_token = session
            .device_id
            .is_some()
            .then(|| entity::repo::session::token(&app.keys, session));
        Ok(Self {
            access_token: access(app, session, is_limited),
            token_type: "Bearer",
            expires_in: app.config.access_token_life.as_secs(),
            staff_id: person.id.to_string(),
            name: person.name,
            office_name: person.office_name,
            role: session.role.clone(),
            roles: person.roles.iter().map(|role| role.as_str()).collect(),
            second_factor_missing: is_limited,
            refresh_token,
        })
    }
}
