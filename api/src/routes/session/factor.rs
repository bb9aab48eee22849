//! `POST /api/v1/session/second-factor` and `…/confirm`

use super::use_code;
use super::view::SessionView;
use crate::App;
use crate::auth::{SessionRight, codes};
use crate::extract::Json;
use crate::form::{escaped, query};
use crate::openapi::StaffWrite;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use entity::repo::second_factor;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A new second factor, before it counts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    "uri": "otpauth://totp/Trao%20Tay:quay.tb?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Trao%20Tay"
}))]
pub(crate) struct FactorView {
    /// The secret in base 32, to be typed into an authenticator. It is shown this once.
    secret: String,
    /// The same as a QR code says it.
    uri: String,
}

/// The first code of a new second factor.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({ "totp": "123456" }))]
pub(crate) struct ConfirmFactorRequest {
    /// Six digits.
    totp: String,
}

/// Begins to set up a second factor. It counts after its first code was confirmed; one that counts already is only replaced by
/// whoever has just proved it.
#[utoipa::path(post, path = "/api/v1/session/second-factor", tag = "staff", security(("staff" = [])),
    responses((status = 201, body = FactorView), StaffWrite))]
pub(crate) async fn begin(
    State(app): State<App>,
    right: SessionRight,
) -> Result<(StatusCode, Json<FactorView>), Problem> {
    let (staff, now) = (right.person.id, app.store.now_ms());
    let known = second_factor::of(app.store.open(), staff).await?;
    let counts = known.is_some_and(|factor| factor.confirmed_at.is_some());
    if counts && !right.is_proved(&app) {
        return Err(Kind::StepUpNeeded.into());
    }
    let factor = app
        .store
        .write(move |tx| Box::pin(async move { second_factor::begin(tx, staff, now).await.map_err(Problem::from) }))
        .await?;
    let secret = codes::typed(&second_factor::secret(&app.keys, &factor));
    let uri = format!(
        "otpauth://totp/Trao%20Tay:{}{}",
        escaped(&right.person.login),
        query(&[("secret", &secret), ("issuer", "Trao Tay")])
    );
    Ok((StatusCode::CREATED, Json(FactorView { secret, uri })))
}

/// Confirms a second factor with its first code. From now on every sign-in asks for one.
#[utoipa::path(post, path = "/api/v1/session/second-factor/confirm", tag = "staff", request_body = ConfirmFactorRequest,
    security(("staff" = [])), responses((status = 200, body = SessionView), StaffWrite))]
pub(crate) async fn confirm(
    State(app): State<App>,
    right: SessionRight,
    Json(request): Json<ConfirmFactorRequest>,
) -> Result<Json<SessionView>, Problem> {
    use_code(&app, right.person.id, &request.totp).await?;
    Ok(Json(SessionView::new(&app, right.person, &right.session).await?))
}
