//! `POST /api/v1/session`

use super::view::SessionView;
use super::{life, set_cookie, use_code};
use crate::App;
use crate::auth::{Proven, Public, attempts, password};
use crate::extract::Json;
use crate::openapi::SignIn;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use entity::repo::session::{self, NewSession};
use entity::repo::staff::Person;
use entity::repo::{second_factor, staff};
use serde::Deserialize;
use utoipa::ToSchema;

/// A sign-in.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({ "login": "quay.tb", "password": "một mật khẩu dài", "role": "post_agent" }))]
pub(crate) struct SessionRequest {
    /// Login name.
    login: String,
    /// Password.
    password: String,
    /// The code of the second factor, for whoever has set one up.
    totp: Option<String>,
    /// The role to work in now, for a person who wears two hats; their first when absent.
    role: Option<String>,
}

/// Signs a member of staff in. With the proof of one of their devices (header `DPoP`) the session is bound to it.
#[utoipa::path(post, path = "/api/v1/session", tag = "staff", request_body = SessionRequest,
    responses((status = 200, body = SessionView), SignIn))]
pub(crate) async fn handler(
    State(app): State<App>,
    _: Public,
    device: Option<Proven>,
    Json(request): Json<SessionRequest>,
) -> Result<(HeaderMap, Json<SessionView>), Problem> {
    let login = request.login.trim().to_owned();
    let attempt = attempts::begin(&app, "password", login.as_bytes())?;
    let person = staff::by_login(app.store.open(), &login).await?;
    let stored = person.as_ref().and_then(|person| person.password_hash.clone());
    let is_right = password::check(&app, stored, request.password).await?;
    let person = person.filter(|_| is_right).ok_or(Kind::BadCredentials)?;
    let role = role(&person, request.role.as_deref())?;
    if device.as_ref().is_some_and(|device| device.staff != person.id) {
        return Err(Kind::BadCredentials.into());
    }
    let factor = second_factor::of(app.store.open(), person.id).await?;
    if factor.is_some_and(|factor| factor.confirmed_at.is_some()) {
        let code = request.totp.as_deref().ok_or(Kind::SecondFactorNeeded)?;
        use_code(&app, person.id, code).await?;
    }
    attempt.succeeded();
    let (now, life) = (app.store.now_ms(), life(&app, device.as_ref()));
    let new = NewSession {
        staff: person.id,
        role,
        device: device.map(|device| device.id),
        expires_at: now.saturating_add(i64::try_from(life.as_millis()).unwrap_or(i64::MAX)),
    };
    let session = app
        .store
        .write(move |tx| Box::pin(async move { session::begin(tx, new, now).await.map_err(Problem::from) }))
        .await?;
    let mut headers = HeaderMap::new();
    if session.device_id.is_none() {
        headers.insert(SET_COOKIE, set_cookie(&session::token(&app.keys, &session), life));
    }
    Ok((headers, Json(SessionView::new(&app, person, &session).await?)))
}

/// The hat asked for, if it is theirs; a wrong one looks like a wrong password.
pub(super) fn role(person: &Person, asked: Option<&str>) -> Result<String, Problem> {
    let names = person.roles.iter().map(|role| role.as_str());
    let mut fitting = names.filter(|name| asked.is_none_or(|asked| asked == *name));
    Ok(fitting.next().ok_or(Kind::BadCredentials)?.to_owned())
}
