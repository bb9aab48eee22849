//! `POST /lgsp/token`
//!
//! Client credentials as they are really sent: Basic with a form, both in the body, `grant_type` in the query or in a header
//! over an empty body, Basic with nothing at all, or one value that is key and secret together after `Bearer`. All but the
//! first two are only for clients whose profile says so (`tokenMode`). Whoever can signs an assertion instead of showing a secret
//! ([`crate::auth::assertion`]).

use crate::App;
use crate::auth::client::{read_fixed, shows_certificate, token_mode};
use crate::auth::fault::{self, Fault};
use crate::auth::{Public, assertion, bearer, password};
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
use domain::wire::province::SIGNED;
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
    proof: Proof,
    /// How it was sent, as profiles name it; a client may say a thing twice.
    ways: Vec<&'static str>,
}

/// How a client proves who it is.
enum Proof {
    Secret(String),
    Assertion(String),
}

/// Gives a one-stop system its token.
#[utoipa::path(post, path = "/lgsp/token", tag = "lgsp",
    request_body(content = String, content_type = "application/x-www-form-urlencoded",
        description = "grant_type=client_credentials, and client_id and client_secret unless they are in a Basic header; or client_assertion with client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
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
    let is_right = match (&asked.proof, &client) {
        (Proof::Secret(secret), client) => {
            let stored = client.as_ref().map(|client| client.secret_hash.clone());
            password::check(&app, stored, secret.clone()).await?
        }
        (Proof::Assertion(assertion), Some(client)) => assertion::proves(&app, client, &asked.key, assertion).await?,
        (Proof::Assertion(_), None) => false,
    };
    let Some(client) = client else {
        return Ok(refused("invalid_client"));
    };
    let told = |error| fault::answer(&client, Fault::InvalidCredentials).unwrap_or_else(|| refused(error));
    if !is_right || !shows_certificate(&app, &client, &headers) {
        return Ok(told("invalid_client"));
    }
    if !asked.ways.iter().any(|way| allows(&client, way)) {
        return Ok(told("unauthorized_client"));
    }
    Ok(Json(issue(&app, &client).await?).into_response())
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
        .or(in_header.clone());
    if grant.as_deref().is_some_and(|grant| grant != "client_credentials") {
        return Err("unsupported_grant_type");
    }
    if let Some(assertion) = find(&in_body, "client_assertion") {
        let is_typed = find(&in_body, "client_assertion_type").is_some_and(|told| told == assertion::TYPE);
        let key = assertion::claimed(&assertion).filter(|_| is_typed);
        return Ok(Asked {
            key: key.ok_or("invalid_client")?,
            proof: Proof::Assertion(assertion),
            ways: vec![SIGNED],
        });
    }
    if let Some((key, secret)) = basic(headers) {
        let ways = [
            (find(&in_body, "grant_type").is_some(), "basic_form"),
            (find(&in_query, "grant_type").is_some(), "query"),
            (in_header.is_some(), "header"),
            (grant.is_none(), "basic_empty"),
        ];
        let ways = ways.into_iter().filter(|(is_so, _)| *is_so).map(|(_, way)| way);
        return Ok(Asked {
            key,
            proof: Proof::Secret(secret),
            ways: ways.collect(),
        });
    }
    if let Some((key, secret)) = bearer(headers).and_then(read_fixed) {
        return Ok(Asked {
            key,
            proof: Proof::Secret(secret),
            ways: vec!["key_token"],
        });
    }
    match (find(&in_body, "client_id"), find(&in_body, "client_secret")) {
        (Some(key), Some(secret)) => Ok(Asked {
            key,
            proof: Proof::Secret(secret),
            ways: vec!["body"],
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

/// The two standard ways are open to everybody, the others to those who need them.
fn allows(client: &Client, way: &str) -> bool {
    let mode = token_mode(client);
    if mode == SIGNED || way == SIGNED {
        // Whoever signs shows no secret any more, however it got one.
        return mode == way;
    }
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
