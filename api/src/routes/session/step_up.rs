//! `POST /api/v1/session/step-up`

use super::{use_code, view::SessionView};
use crate::App;
use crate::auth::{SessionRight, attempts, password};
use crate::extract::Json;
use crate::openapi::StaffWrite;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use entity::repo::{second_factor, session};
use serde::Deserialize;
use utoipa::ToSchema;

/// A fresh proof.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({ "totp": "123456" }))]
pub(crate) struct StepUpRequest {
    /// The code of the second factor, for whoever has one.
    totp: Option<String>,
    /// The password, for whoever has none.
    password: Option<String>,
}

/// Proves again who one is, before an act that asks for it. The proof counts for five minutes.
#[utoipa::path(post, path = "/api/v1/session/step-up", tag = "staff", request_body = StepUpRequest, security(("staff" = [])),
    responses((status = 200, body = SessionView), StaffWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: SessionRight,
    Json(request): Json<StepUpRequest>,
) -> Result<Json<SessionView>, Problem> {
    let staff = right.person.id;
    let factor = second_factor::of(app.store.open(), staff).await?;
    if factor.is_some_and(|factor| factor.confirmed_at.is_some()) {
        let code = request.totp.as_deref().ok_or(Kind::SecondFactorNeeded)?;
        use_code(&app, staff, code).await?;
    } else {
        let attempt = attempts::begin(&app, "password", right.person.login.as_bytes())?;
        let given = request.password.ok_or(Kind::BadCredentials)?;
        if !password::check(&app, right.person.password_hash.clone(), given).await? {
            return Err(Kind::BadCredentials.into());
        }
        attempt.succeeded();
    }
    let (mut session, now) = (right.session, app.store.now_ms());
    let id = session.id;
    app.store
        .write(move |tx| Box::pin(async move { session::proved(tx, id, now).await.map_err(Problem::from) }))
        .await?;
    session.proved_at = Some(now);
    Ok(Json(SessionView::new(&app, right.person, &session).await?))
}
