//! Sessions of staff: signing in, carrying on, changing hats, proving again, signing out.
//!
//! An access token lives ten minutes and is kept in memory. What carries a session on is a refresh token: for a browser in a
//! `__Host-` cookie no script can read, for a phone in the body, bound to the device key that proved the sign-in. Start at
//! [`sign_in`].

pub(super) mod end;
pub(super) mod factor;
pub(super) mod refresh;
pub(super) mod show;
pub(super) mod sign_in;
pub(super) mod step_up;
mod view;

use crate::App;
use crate::auth::{Proven, attempts, codes};
use crate::problem::{Kind, Problem};
use axum::http::{HeaderMap, HeaderValue, header};
use domain::ids::StaffId;
use entity::repo::second_factor;
use entity::repo::session::Session;
use std::time::Duration;

/// The cookie of a browser's refresh token.
const COOKIE: &str = "__Host-traotay-refresh";

/// The refresh token of a browser.
fn cookie(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(header::COOKIE).iter();
    all.filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

/// The header that keeps a refresh token in a browser, or with an empty one takes it away.
fn set_cookie(token: &str, life: Duration) -> HeaderValue {
    let age = if token.is_empty() { 0 } else { life.as_secs() };
    let text = format!("{COOKIE}={token}; Path=/; Max-Age={age}; HttpOnly; Secure; SameSite=Strict");
    HeaderValue::from_str(&text).expect("hex, dots and our own words are visible ASCII")
}

/// Whether a browser sent this for another site's page. Such a request carries no cookie of ours anyway (`SameSite`); an old
/// browser may not know that.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    headers
        .get("sec-fetch-site")
        .is_some_and(|site| site == "cross-site" || site == "same-site")
}

/// How long a session lasts: a working day, or longer on a device that proves itself each time.
fn life(app: &App, device: Option<&Proven>) -> Duration {
    device.map_or(app.config.session_life, |_| app.config.device_session_life)
}

/// Checks and uses up the code of a second factor, whose owner's wrong codes are counted.
async fn use_code(app: &App, staff: StaffId, code: &str) -> Result<(), Problem> {
    let attempt = attempts::begin(app, "factor", staff.0.as_bytes())?;
    let factor = second_factor::of(app.store.open(), staff).await?;
    let factor = factor.ok_or(Kind::SecondFactorMissing)?;
    let step = codes::step_of(&app.keys, &factor, code, app.store.now_ms()).ok_or(Kind::BadCredentials)?;
    let now = app.store.now_ms();
    let is_new = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                second_factor::use_step(tx, &factor, step, now)
                    .await
                    .map_err(Problem::from)
            })
        })
        .await?;
    if !is_new {
        return Err(Kind::BadCredentials.into());
    }
    attempt.succeeded();
    Ok(())
}

/// A token for a session that stands.
fn access(app: &App, session: &Session, is_limited: bool) -> String {
    let bearer = crate::auth::token::Bearer {
        staff: StaffId(session.staff_id),
        session: session.id,
        role: &session.role,
        is_limited,
    };
    app.tokens
        .issue(bearer, app.store.now_ms(), app.config.access_token_life)
}

/// Whether somebody still has to set up a second factor before they may do anything else.
async fn is_limited(app: &App, staff: StaffId) -> Result<bool, Problem> {
    if !app.config.second_factor_required {
        return Ok(false);
    }
    let factor = second_factor::of(app.store.open(), staff).await?;
    Ok(factor.is_none_or(|factor| factor.confirmed_at.is_none()))
}
