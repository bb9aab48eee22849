//! Gives each request an id, writes one line about it, counts it, and finishes its refusal.
//!
//! The line holds the route's template, never the path or the query: a path may be a citizen's secret.

use crate::App;
use crate::problem::{Problem, ToldOtherwise};
use crate::trace;
use crate::words::accepted;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Instant;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Wraps every request.
pub(crate) async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(request.headers());
    let method = method_name(request.method());
    let language = accepted(request.headers());
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or("(none)", MatchedPath::as_str);

    let traced = app
        .config
        .traces
        .then(|| trace::begin(request.headers(), method, route));
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Arc<Problem>>() {
        log_cause(&problem, &id, route);
        let (told, body) = problem.render(language, Some(&id)).into_parts();
        *response.body_mut() = body;
        response.headers_mut().remove(CONTENT_LENGTH);
        for (name, value) in &told.headers {
            response.headers_mut().insert(name.clone(), value.clone());
        }
    }
    if let Some(ToldOtherwise(problem)) = response.extensions_mut().remove() {
        log_cause(&problem, &id, route);
    }
    let took = started.elapsed();
    let status = response.status().as_u16();
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, value);
    }
    let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let trace = traced.as_ref().map(trace::Traced::id);
    tracing::info!(
        target: "access",
        { request.id = id, trace.id = trace, http.method = method, http.route = route, http.status = status, took_ms },
        "answered"
    );
    if let Some(traced) = traced {
        traced.end(&id, status);
    }
    app.metrics.request(method, route, status, took);
    response
}

/// The caller's id when it is harmless, otherwise a new one.
fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let is_harmless = |text: &&str| {
        (8..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    given.filter(is_harmless).map_or_else(next_id, str::to_owned)
}

/// An id nobody else gives: what this process drew at its start, and a number that counts on.
fn next_id() -> String {
    static PROCESS: LazyLock<String> = LazyLock::new(|| hex::encode(entity::clock::random::<8>()));
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("{}-{:08x}", *PROCESS, COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Made-up methods share one name, or anybody could fill the metrics.
fn method_name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "OTHER",
    }
}

fn log_cause(problem: &Problem, id: &str, route: &str) {
    let slug = problem.kind().face().slug;
    let cause = problem.chain().unwrap_or_default();
    if problem.kind().face().status.is_server_error() {
        tracing::error!({ request.id = id, http.route = route, problem = slug, cause }, "refused");
    } else {
        tracing::debug!({ request.id = id, http.route = route, problem = slug, cause }, "refused");
    }
}

#[cfg(test)]
mod tests {
    use super::request_id;
    use axum::http::{HeaderMap, HeaderValue};

    #[test]
    fn a_harmless_id_is_kept_and_any_other_replaced() {
        let with = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-request-id", HeaderValue::from_static(value));
            request_id(&headers)
        };
        assert_eq!(with("call-00001"), "call-00001");
        assert_ne!(with("short"), "short");
        assert_ne!(with("with space in it"), "with space in it");
    }
}
