//! `POST /api/v1/session/refresh`

use super::sign_in::role;
use super::view::SessionView;
use super::{cookie, is_from_elsewhere, life, set_cookie};
use crate::App;
use crate::auth::{Proven, Public};
use crate::extract::Json;
use crate::openapi::SignIn;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use domain::ids::StaffId;
use entity::repo::session::{self, Turned};
use entity::repo::staff;
use serde::Deserialize;
use utoipa::ToSchema;

/// How to carry a session on.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({ "role": "desk_agent" }))]
pub(crate) struct RefreshRequest {
    /// The refresh token of a device's session, sent with the device's proof. A browser sends its cookie.
    refresh_token: Option<String>,
    /// The hat to put on from now; the one worn when absent.
    role: Option<String>,
}

/// Turns the refresh token over and gives a new access token, in another role if one is asked for.
///
/// Whoever lost the answer asks again with the same token and gets the same successor: on the session's device at any time, in
/// a browser once within a minute. A token older than that ends the session, because two parties have it.
#[utoipa::path(post, path = "/api/v1/session/refresh", tag = "staff", request_body = RefreshRequest,
    responses((status = 200, body = SessionView), SignIn))]
pub(crate) async fn handler(
    State(app): State<App>,
    _: Public,
    device: Option<Proven>,
    headers: HeaderMap,
    Json(request): Json<RefreshRequest>,
) -> Result<(HeaderMap, Json<SessionView>), Problem> {
    let of_browser = || cookie(&headers).filter(|_| !is_from_elsewhere(&headers));
    let token = request.refresh_token.as_deref().or_else(of_browser);
    let token = token.and_then(|token| session::read_token(&app.keys, token));
    let token = token.ok_or(Kind::SessionEnded)?;
    let standing = session::standing(app.store.open(), token.0, app.store.now_ms()).await?;
    let standing = standing.ok_or(Kind::SessionEnded)?;
    // Somebody who no longer works here, or never had that hat, carries nothing on; and the token is not used up by asking.
    let person = staff::by_id(app.store.open(), StaffId(standing.staff_id)).await?;
    let person = person.ok_or(Kind::SessionEnded)?;
    let worn = role(&person, Some(request.role.as_deref().unwrap_or(&standing.role)));
    let worn = worn.map_err(|_| Kind::MissingRight)?;
    let (now, proven) = (app.store.now_ms(), device.as_ref().map(|device| device.id));
    let idle = i64::try_from(app.config.session_idle.as_millis()).unwrap_or(i64::MAX / 2);
    let turned = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let turned = session::turn(tx, token, proven, idle, now).await?;
                let Turned::Over(mut session) = turned else {
                    return Ok::<_, Problem>(turned);
                };
                if session.role != worn {
                    session::wear(tx, session.id, &worn).await?;
                    session.role = worn;
                }
                Ok(Turned::Over(session))
            })
        })
        .await?;
    let session = match turned {
        Turned::Over(session) => session,
        Turned::Ended => return Err(Kind::SessionEnded.into()),
        Turned::Reused => {
            tracing::warn!(session = %token.0, "a refresh token was used twice; the session was ended");
            return Err(Kind::SessionEnded.into());
        }
    };
    let mut answer = HeaderMap::new();
    if session.device_id.is_none() {
        let life = life(&app, None);
        answer.insert(SET_COOKIE, set_cookie(&session::token(&app.keys, &session), life));
    }
    Ok((answer, Json(SessionView::new(&app, person, &session).await?)))
}
