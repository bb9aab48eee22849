//! `If-Match`: do it only if nothing was told since the version somebody looked at (RFC 9110 §13.1.1).
//!
//! The tag of what has a version begins with it; the rest says which bytes were shown, which depends on who looked. So the tag of any
//! look at a version stands for it.

use crate::problem::{Kind, Problem};
use axum::extract::FromRequestParts;
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;

/// The version a thing had when it was shown; put into an answer's extensions for its tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Version(pub(crate) i64);

impl Version {
    /// The tag of some bytes that show this version.
    pub(crate) fn tag(version: Option<Self>, digest: &str) -> String {
        let digest = &digest[..32];
        version.map_or_else(
            || format!("\"{digest}\""),
            |Self(number)| format!("\"{number}.{digest}\""),
        )
    }
}

/// The version a caller has seen, when they say so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen(pub(crate) Option<i64>);

impl<S: Send + Sync> FromRequestParts<S> for Seen {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let Some(told) = parts.headers.get(IF_MATCH) else {
            return Ok(Self(None));
        };
        let told = told.to_str().unwrap_or_default().trim();
        if told == "*" {
            return Ok(Self(None));
        }
        // A tag that was never ours is of no version there is; a weak one never matches.
        let version = told
            .strip_prefix('"')
            .and_then(|rest| rest.split_once('.'))
            .and_then(|(number, _)| number.parse().ok());
        version
            .map(|number| Self(Some(number)))
            .ok_or_else(|| Kind::Changed.into())
    }
}
