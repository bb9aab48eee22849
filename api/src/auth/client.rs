//! What a one-stop system may do: order, cancel and follow its own orders.
//!
//! A token is issued by `POST /lgsp/token` and ends within the hour; or it is fixed, for software that can be given nothing
//! but one value: then it is its key and secret together ([`fixed`]), and only where and only for whom the profile says so.

use super::fault::{self, Fault};
use super::{bearer, may, password};
use crate::App;
use crate::form;
use crate::policy::Subject;
use crate::problem::{Kind, Problem};
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
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
    is_fixed: bool,
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

/// What is known of a token.
enum Known {
    /// Whose it is.
    Valid { right: ClientRight, is_fixed: bool },
    /// Whose it was, or says to be, and why it is none.
    Refused(Client, Fault),
    /// Nothing.
    Nobody,
}

impl ClientRights {
    async fn of(&self, app: &App, token: &str) -> Result<Known, Problem> {
        let (hash, now): ([u8; 32], _) = (Sha256::digest(token.as_bytes()).into(), app.store.now_ms());
        let reference = app.store.tide().map(|tide| tide.reference);
        if let (Some(reference), Some(known)) = (reference, self.0.get(&hash))
            && known.reference == reference
            && now < known.expires_at_ms
        {
            let Remembered { right, is_fixed, .. } = known;
            return Ok(Known::Valid { right, is_fixed });
        }
        let (client, expires_at_ms, is_fixed) = match lgsp::by_token(app.store.open(), hash).await? {
            Some((client, ended_at)) if ended_at <= now => {
                return Ok(Known::Refused(client, Fault::TokenExpired));
            }
            Some((client, expires_at)) => (client, expires_at, false),
            None => match by_fixed_token(app, token).await? {
                Some(Err(client)) => return Ok(Known::Refused(client, Fault::InvalidCredentials)),
                Some(Ok(client)) => {
                    let life = i64::try_from(app.config.lgsp_token_life.as_millis()).unwrap_or(i64::MAX);
                    (client, now.saturating_add(life), true)
                }
                None => return Ok(Known::Nobody),
            },
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
                    is_fixed,
                    expires_at_ms,
                    reference,
                },
            );
        }
        Ok(Known::Valid { right, is_fixed })
    }
}

/// A token that is never asked for: the client's key and secret, as one value without signs that need escaping.
pub fn fixed(key: &str, secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{key}:{secret}"))
}

/// Key and secret of a fixed token; nothing when it is none.
pub(crate) fn read_fixed(token: &str) -> Option<(String, String)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let (key, secret) = text.split_once(':')?;
    Some((key.to_owned(), secret.to_owned()))
}

/// How a client's profile says that it proves who it is.
pub(crate) fn token_mode(client: &Client) -> &str {
    client.profile["tokenMode"].as_str().unwrap_or("any")
}

/// The client of a fixed token; on the other side when its secret is wrong.
async fn by_fixed_token(app: &App, token: &str) -> Result<Option<Result<Client, Client>>, Problem> {
    let Some((key, secret)) = read_fixed(token) else {
        return Ok(None);
    };
    let client = lgsp::by_key(app.store.open(), &key).await?;
    let Some(client) = client.filter(|client| token_mode(client).starts_with("static_")) else {
        return Ok(None);
    };
    let is_right = password::check(app, Some(client.secret_hash.clone()), secret).await?;
    Ok(Some(if is_right { Ok(client) } else { Err(client) }))
}

/// Where a caller showed its token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// After `Bearer`.
    Bearer,
    /// Bare, in a header of its own.
    Header,
    /// In the address: `?token=`. No log holds a query.
    Url,
}

fn shown(parts: &Parts) -> Option<(Place, String)> {
    if let Some(token) = bearer(&parts.headers) {
        return Some((Place::Bearer, token.to_owned()));
    }
    let bare = parts.headers.get("access_token").and_then(|value| value.to_str().ok());
    if let Some(token) = bare {
        return Some((Place::Header, token.trim().to_owned()));
    }
    let pairs = form::pairs(parts.uri.query()?.as_bytes()).ok()?;
    let token = pairs.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("token"));
    token.map(|(_, token)| (Place::Url, token))
}

/// Whether a client may show a token there: an issued one in a header, a fixed one only where its profile says.
fn may_show(client: &Client, place: Place, is_fixed: bool) -> bool {
    match (token_mode(client), place) {
        ("static_url", Place::Url) | ("static_header", Place::Header) | ("static_bearer", Place::Bearer) => true,
        (_, Place::Bearer | Place::Header) => !is_fixed,
        (_, Place::Url) => false,
    }
}

/// Whether the certificate that the profile asks for was shown to the proxy in front of us. Without a header that says so,
/// which only an operator with such a proxy names, it never was.
pub(crate) fn shows_certificate(app: &App, client: &Client, headers: &HeaderMap) -> bool {
    let Some(wanted) = client.profile["mtls"].as_str() else {
        return true;
    };
    let header = app.config.client_certificate_header.as_deref();
    let shown = header.and_then(|name| headers.get(name)?.to_str().ok());
    let plain = |text: &str| text.replace(':', "").to_ascii_lowercase();
    shown.is_some_and(|shown| plain(shown) == plain(wanted))
}

impl FromRequestParts<App> for ClientRight {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let row = may::row(parts).map_err(IntoResponse::into_response)?;
        let refused = |kind: Kind| Problem::from(kind).into_response();
        row.grant(Subject::Client).ok_or_else(|| refused(Kind::MissingRight))?;
        let unknown = || refused(Kind::Unauthenticated);
        let (place, token) = shown(parts).ok_or_else(unknown)?;
        let known = app.client_rights.of(app, &token).await;
        match known.map_err(IntoResponse::into_response)? {
            Known::Valid { right, is_fixed } => {
                let client = &right.client;
                if may_show(client, place, is_fixed) && shows_certificate(app, client, &parts.headers) {
                    Ok(right)
                } else {
                    Err(fault::answer(client, Fault::InvalidCredentials).unwrap_or_else(unknown))
                }
            }
            Known::Refused(client, why) => Err(fault::answer(&client, why).unwrap_or_else(unknown)),
            Known::Nobody => Err(unknown()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{fixed, read_fixed};

    #[test]
    fn a_fixed_token_reads_back_and_an_issued_one_is_none() {
        let token = fixed("lgsp-td", "a:b/c+d?");
        assert!(
            token
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        );
        assert_eq!(read_fixed(&token), Some(("lgsp-td".to_owned(), "a:b/c+d?".to_owned())));
        assert_eq!(read_fixed("no token"), None);
        assert_eq!(read_fixed("bm8"), None);
    }
}
