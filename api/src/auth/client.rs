//! What a one-stop system may do: order, cancel and follow its own orders.

use super::{bearer, may};
use crate::App;
use crate::policy::Subject;
use crate::problem::{Kind, Problem};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use entity::Scope;
use entity::repo::lgsp::{self, Client};
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;

/// Tokens remembered at once; a province has some hundred clients, each with a token an hour.
const REMEMBERED: usize = 1000;

/// A one-stop system with a valid token.
#[derive(Debug, Clone)]
pub struct ClientRight {
    /// Which one.
    pub client: Arc<Client>,
    /// Through whose eyes it looks.
    pub scope: Scope,
}

/// Rights of tokens that were looked up, by the token's hash. A right is asked for again when the token has ended or when
/// reference data, and with them perhaps the client, have changed.
#[derive(Clone)]
pub(crate) struct ClientRights(Arc<Cache<[u8; 32], Remembered>>);

#[derive(Clone)]
struct Remembered {
    right: ClientRight,
    expires_at_ms: i64,
    reference: u64,
}

impl Default for ClientRights {
    fn default() -> Self {
        Self(Arc::new(Cache::new(REMEMBERED)))
    }
}

impl fmt::Debug for ClientRights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientRights").finish_non_exhaustive()
    }
}

impl ClientRights {
    async fn of(&self, app: &App, token: &str) -> Result<Option<ClientRight>, Problem> {
        let (hash, now): ([u8; 32], _) = (Sha256::digest(token.as_bytes()).into(), app.store.now_ms());
        let reference = app.store.tide().map(|tide| tide.reference);
        if let (Some(reference), Some(known)) = (reference, self.0.get(&hash))
            && known.reference == reference
            && now < known.expires_at_ms
        {
            return Ok(Some(known.right));
        }
        let Some((client, expires_at_ms)) = lgsp::by_token(app.store.open(), hash, now).await? else {
            return Ok(None);
        };
        let right = ClientRight {
            scope: Scope::client(client.id),
            client: Arc::new(client),
        };
        if let Some(reference) = reference {
            let right = right.clone();
            self.0.insert(
                hash,
                Remembered {
                    right,
                    expires_at_ms,
                    reference,
                },
            );
        }
        Ok(Some(right))
    }
}

impl FromRequestParts<App> for ClientRight {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let row = may::row(parts)?;
        row.grant(Subject::Client).ok_or(Kind::MissingRight)?;
        // One family of clients sends the bare token in a header of its own.
        let bare = || parts.headers.get("access_token").and_then(|value| value.to_str().ok());
        let token = bearer(&parts.headers).or_else(bare).ok_or(Kind::Unauthenticated)?;
        let right = app.client_rights.of(app, token).await?;
        right.ok_or_else(|| Kind::Unauthenticated.into())
    }
}
