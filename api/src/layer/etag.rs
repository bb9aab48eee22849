//! `ETag` and `If-None-Match`: what somebody has already is not sent again.

use crate::extract::Version;
use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request};
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// What is about one thing and read again and again. The tag is of the bytes, so it is right whatever they depend on.
pub(crate) const TAGGED: [&str; 7] = [
    "/api/openapi.json",
    "/api/v1/calendar/notices",
    "/api/v1/changes/{id}",
    "/api/v1/dossiers/{id}",
    "/api/v1/items/{item_code}",
    "/api/v1/reports/{report}",
    "/api/v1/users/{id}",
];
/// Those among them that hold nothing of anybody's and may lie in a cache, to be asked about each time.
const OPEN: [&str; 2] = ["/api/openapi.json", "/api/v1/calendar/notices"];

/// Gives the tag, and 304 to whoever has it.
pub(crate) async fn tag(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("", MatchedPath::as_str);
    if !TAGGED.contains(&route) || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let asked = request.headers().clone();
    let is_open = OPEN.contains(&route);
    let response = next.run(request).await;
    if response.status() != StatusCode::OK {
        return response;
    }
    let (mut head, body) = response.into_parts();
    // Made in memory by our own handlers, and never larger than they make it.
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return crate::problem::Problem::from(crate::problem::Kind::Internal).into_response();
    };
    let digest = hex::encode(Sha256::digest(&bytes));
    let tag = Version::tag(head.extensions.get::<Version>().copied(), &digest);
    head.headers
        .insert(ETAG, HeaderValue::from_str(&tag).expect("hex is visible ASCII"));
    if is_open {
        head.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
    if has(&asked, &tag) {
        head.status = StatusCode::NOT_MODIFIED;
        head.headers.remove(CONTENT_TYPE);
        head.headers.remove(CONTENT_LENGTH);
        return Response::from_parts(head, Body::empty());
    }
    Response::from_parts(head, Body::from(bytes))
}

/// Whether the caller names this tag; weakly is enough (RFC 9110 §13.1.2).
fn has(asked: &HeaderMap, tag: &str) -> bool {
    let named = asked
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut tags = named.flat_map(|value| value.split(',')).map(str::trim);
    tags.any(|named| named == "*" || named.trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use super::has;
    use axum::http::{HeaderMap, HeaderValue, header::IF_NONE_MATCH};

    #[test]
    fn a_tag_is_found_among_others_and_weakly() {
        for (asked, found) in [
            ("\"a\"", true),
            ("W/\"a\"", true),
            ("\"b\", \"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("a", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, HeaderValue::from_static(asked));
            assert_eq!(has(&headers, "\"a\""), found, "{asked}");
        }
        assert!(!has(&HeaderMap::new(), "\"a\""));
    }
}
