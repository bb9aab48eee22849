//! Who asks for an agency: its one-stop system, or somebody at its desk.

use super::{ClientRight, DeskRight, bearer};
use crate::App;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use entity::Scope;

/// For an agency: its system sees what it ordered, its staff what is addressed to the agency.
#[derive(Debug, Clone)]
pub struct AgencyRight {
    /// Through whose eyes they look.
    pub scope: Scope,
}

impl FromRequestParts<App> for AgencyRight {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        // A staff token is a JWT, three parts with points between them; a system's token has none.
        let is_staff = bearer(&parts.headers).is_some_and(|token| token.contains('.'));
        let scope = if is_staff {
            let right = DeskRight::from_request_parts(parts, app).await;
            right.map_err(IntoResponse::into_response)?.scope
        } else {
            ClientRight::from_request_parts(parts, app).await?.scope
        };
        Ok(Self { scope })
    }
}
