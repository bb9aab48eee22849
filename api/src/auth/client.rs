//! What a one-stop system may do: order, cancel and follow its own orders.

use super::bearer;
use crate::App;
use crate::problem::{Kind, Problem};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use entity::Scope;
use entity::repo::lgsp::{self, Client};

/// A one-stop system with a valid token.
#[derive(Debug, Clone)]
pub struct ClientRight {
    /// Which one.
    pub client: Client,
    /// Through whose eyes it looks.
    pub scope: Scope,
}

impl FromRequestParts<App> for ClientRight {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        // One family of clients sends the bare token in a header of its own.
        let bare = || parts.headers.get("access_token").and_then(|value| value.to_str().ok());
        let token = bearer(&parts.headers).or_else(bare).ok_or(Kind::Unauthenticated)?;
        let found = lgsp::by_token(app.store.read(), token, app.store.now_ms()).await?;
        let client = found.ok_or(Kind::Unauthenticated)?;
        Ok(Self {
            scope: Scope::client(client.id),
            client,
        })
    }
}
