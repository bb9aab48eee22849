//! `POST /lgsp/token`
//!
//! Client credentials as they are really sent: Basic with a form, both in the body, `grant_type` in the query, or Basic with
//! nothing at all. The last two are only for clients whose profile says so (`tokenMode`: `query`, `basic_empty`, `any`).

use crate::App;
use crate::auth::{Public, password};
use crate::extract::RawBody;
use crate::form;
use crate::openapi::OneStop;
use crate::problem::Problem;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use entity::repo::lgsp::{self, Client};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// A token.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TokenView {
    /// Send it as `Authorization: Bearer …`. Only its hash is kept.
    access_token: String,
    /// As the gateways our clients know say it.
    scope: &'static str,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds until it ends.
    expires_in: u64,
}

/// What was sent, wherever it was.
struct Asked {
    key: String,
    secret: String,
    /// How it was sent, as profiles name it.
    way: &'static str,
}

/// Gives a one-stop system its token.
#[utoipa::path(post, path = "/lgsp/token", tag = "lgsp",
    request_body(content = String, content_type = "application/x-www-form-urlencoded",
        description = "grant_type=client_credentials, and client_id and client_secret unless they are in a Basic header"),
    responses((status = 200, body = TokenView), OneStop))]
pub(crate) async fn handler(
    State(app): State<App>,
    _: Public,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    RawBody(body): RawBody,
) -> Result<Response, Problem> {
    let asked = match read(&headers, query.as_deref().unwrap_or_default(), &body) {
        Ok(asked) => asked,
        Err(error) => return Ok(refused(error)),
    };
    let client = lgsp::by_key(app.store.open(), &asked.key).await?;
    let stored = client.as_ref().map(|client| client.secret_hash.clone());
    let is_right = password::check(&app, stored, asked.secret).await?;
    match client.filter(|_| is_right) {
        Some(client) if allows(&client, asked.way) => Ok(Json(issue(&app, &client).await?).into_response()),
        Some(_) => Ok(refused("unauthorized_client")),
        None => Ok(refused("invalid_client")),
    }
}

/// The answers of RFC 6749 §5.2, which every client library knows.
fn refused(error: &'static str) -> Response {
    let status = if error == "invalid_client" {
        StatusCode::UNAUTHORIZED
    } else {
        StatusCode::BAD_REQUEST
    };
    (status, Json(json!({ "error": error }))).into_response()
}

fn read(headers: &HeaderMap, query: &str, body: &[u8]) -> Result<Asked, &'static str> {
    let in_body = form::pairs(body).map_err(|_| "invalid_request")?;
    let in_query = form::pairs(query.as_bytes()).map_err(|_| "invalid_request")?;
    let find = |pairs: &[(String, String)], name: &str| {
        pairs
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.clone())
    };
    let in_header = headers
        .get("grant_type")
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let grant = find(&in_body, "grant_type")
        .or(find(&in_query, "grant_type"))
        .or(in_header);
    if grant.as_deref().is_some_and(|grant| grant != "client_credentials") {
        return Err("unsupported_grant_type");
    }
    if let Some((key, secret)) = basic(headers) {
        let way = match (find(&in_body, "grant_type").is_some(), grant.is_some()) {
            (true, _) => "basic_form",
            (false, true) => "query",
            (false, false) => "basic_empty",
        };
        return Ok(Asked { key, secret, way });
    }
    match (find(&in_body, "client_id"), find(&in_body, "client_secret")) {
        (Some(key), Some(secret)) => Ok(Asked {
            key,
            secret,
            way: "body",
        }),
        _ => Err("invalid_client"),
    }
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (key, secret) = decoded.split_once(':')?;
    scheme
        .eq_ignore_ascii_case("basic")
        .then(|| (key.to_owned(), secret.to_owned()))
}

/// The two standard ways are open to everybody, the other two to those who need them.
fn allows(client: &Client, way: &str) -> bool {
    let mode = client.profile["tokenMode"].as_str().unwrap_or("any");
    matches!(way, "basic_form" | "body") || mode == "any" || mode == way
}

async fn issue(app: &App, client: &Client) -> Result<TokenView, Problem> {
    let token = URL_SAFE_NO_PAD.encode(entity::clock::random::<32>());
    let (now, life) = (app.store.now_ms(), app.config.lgsp_token_life);
    let expires_at = now.saturating_add(i64::try_from(life.as_millis()).unwrap_or(i64::MAX));
    let (id, kept) = (client.id, token.clone());
    app.store
        .write(move |tx| {
            Box::pin(async move {
                lgsp::keep_token(tx, id, &kept, expires_at, now)
                    .await
                    .map_err(Problem::from)
            })
        })
        .await?;
    Ok(TokenView {
        access_token: token,
        scope: "am_application_scope default",
        token_type: "Bearer",
        expires_in: life.as_secs(),
    })
}
