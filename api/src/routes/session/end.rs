//! `DELETE /api/v1/session`

use super::set_cookie;
use crate::App;
use crate::auth::SessionRight;
use crate::openapi::StaffRead;
use crate::problem::Problem;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use entity::repo::session;
use std::time::Duration;

/// Signs out: the access token and the refresh token of this session stop at once.
#[utoipa::path(delete, path = "/api/v1/session", tag = "staff", security(("staff" = [])),
    responses((status = 204), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: SessionRight,
) -> Result<(StatusCode, [(HeaderName, HeaderValue); 1]), Problem> {
    let (id, now) = (right.session.id, app.store.now_ms());
    app.store
        .write(move |tx| Box::pin(async move { session::end(tx, id, "left", now).await.map_err(Problem::from) }))
        .await?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, set_cookie("", Duration::ZERO))]))
}
