//! Tells a caller who asks too often when to come back.
//!
//! Counted are those who come over the network: by their token, or by their address when they show none. What this very machine
//! asks by itself (a demo, a backup, a test) is not; a trusted proxy on it names for whom it asks ([`super::client`]). A deposit of
//! signed events is never refused here: it may be the only copy of what happened.

use super::Client;
use crate::App;
use crate::problem::{Kind, Problem};
use crate::rates::{Caller, Left};
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// A policy by its name, whom it counts, and how many requests a minute they have.
type Rule = (&'static str, Caller, u32);

/// Lets a request pass, or answers 429.
pub(crate) async fn rate(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("", MatchedPath::as_str);
    let client = request.extensions().get::<Client>().copied();
    let address = client.map(|client| client.address.to_canonical());
    let Some(address) = address.filter(|address| !address.is_loopback()) else {
        return next.run(request).await;
    };
    let (Some(rules), now) = (rules(&app, route, address, request.headers()), app.store.now_ms()) else {
        return next.run(request).await;
    };
    let refused: Rule = ("refused", Caller::refused(address), app.config.refusals_per_minute);
    let tried = app.rates.look(refused.1, refused.2, now);
    if !tried.allowed {
        return told(
            Problem::from(Kind::TooManyRequests).after(tried.wait_s).into_response(),
            refused,
            tried,
        );
    }
    let mut first: Option<(Rule, Left)> = None;
    for rule in rules {
        let left = app.rates.take(rule.1, rule.2, now);
        if !left.allowed {
            return told(
                Problem::from(Kind::TooManyRequests).after(left.wait_s).into_response(),
                rule,
                left,
            );
        }
        first.get_or_insert((rule, left));
    }
    let response = next.run(request).await;
    if response.status() == StatusCode::UNAUTHORIZED {
        app.rates.take(refused.1, refused.2, now);
    }
    match first {
        Some((rule, left)) => told(response, rule, left),
        None => response,
    }
}

/// Under which rules a request falls; nothing for what is never limited.
fn rules(app: &App, route: &str, address: IpAddr, headers: &HeaderMap) -> Option<Vec<Rule>> {
    let config = &app.config;
    if matches!(route, "/healthz" | "/readyz" | "/metrics" | "/api/v1/sync/events") {
        return None;
    }
    if route.starts_with("/t/") {
        return Some(vec![
            ("lookup", Caller::lookup(address), config.lookups_per_minute),
            ("lookups", Caller::AllLookups, config.all_lookups_per_minute),
        ]);
    }
    if route.starts_with("/api/v1/sync/") {
        return Some(vec![("sync", Caller::sync(address), config.syncs_per_minute)]);
    }
    let one_stop = route.starts_with("/lgsp/");
    let per_minute = if one_stop {
        config.one_stop_per_minute
    } else {
        config.requests_per_minute
    };
    let token = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
    Some(vec![match token {
        Some(token) if one_stop => ("one-stop", Caller::token(token), per_minute),
        Some(token) => ("staff", Caller::token(token), per_minute),
        None => ("address", Caller::address(address), per_minute),
    }])
}

/// Writes what is left into the answer (draft-ietf-httpapi-ratelimit-headers).
fn told(mut response: Response, (name, _, per_minute): Rule, left: Left) -> Response {
    let policy = format!("\"{name}\";q={per_minute};w=60");
    let state = format!("\"{name}\";r={};t={}", left.remaining, left.reset_s);
    for (header, value) in [(RATE_LIMIT_POLICY, policy), (RATE_LIMIT, state)] {
        let value = HeaderValue::from_str(&value).expect("names and numbers are visible ASCII");
        response.headers_mut().insert(header, value);
    }
    response
}
