//! Pages for citizens: rendered here, without script, small, and telling nobody where they came from.

mod accesses;
pub(super) mod acts;
pub(super) mod letter;
pub(super) mod lookup;
pub(super) mod plain;
pub(super) mod proofs;
pub(super) mod show;
mod story;
pub(super) mod verify;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// The style of every page. Contrast is at least 4.5 to 1 (WCAG 2.2 AA), targets at least 44 px.
pub(super) const STYLE: &str = include_str!("../../../templates/style.css");

/// Nothing may run, load or frame; only this very style applies.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| policy(STYLE));

/// The policy of a page with this style.
pub(super) fn policy(style: &str) -> HeaderValue {
    let hash = STANDARD.encode(Sha256::digest(style.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).expect("base64 is visible ASCII")
}

/// A page with the headers every page has.
pub(super) fn html(status: StatusCode, page: impl Into<Body>) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, POLICY.clone()),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (
            HeaderName::from_static("x-robots-tag"),
            HeaderValue::from_static("noindex, nofollow"),
        ),
    ];
    (status, headers, page.into()).into_response()
}

/// A template that cannot fail on data: the only error is of writing to memory.
pub(super) fn rendered(page: &impl askama::Template) -> String {
    page.render().expect("writing to memory cannot fail")
}

/// A secret as typed: upper case, look-alikes repaired, 26 Crockford symbols.
pub(super) fn capability(typed: &str) -> Option<String> {
    let symbols = typed
        .trim()
        .chars()
        .filter(|c| !matches!(c, '-' | ' '))
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        });
    let text: String = symbols.take(27).collect();
    let is_shaped = text.len() == 26
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || (c.is_ascii_uppercase() && c != 'U'));
    is_shaped.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::capability;

    #[test]
    fn a_secret_is_read_as_people_type_it() {
        let exact = "0123456789ABCDEFGHJKMNPQRS";
        assert_eq!(capability(exact).as_deref(), Some(exact));
        assert_eq!(capability("o123-456789-abcdefghjkmnpqrs ").as_deref(), Some(exact));
        for wrong in [
            "",
            "EE000000155VN",
            "U123456789ABCDEFGHJKMNPQRS",
            "0123456789ABCDEFGHJKMNPQRST",
        ] {
            assert_eq!(capability(wrong), None, "{wrong}");
        }
    }
}
