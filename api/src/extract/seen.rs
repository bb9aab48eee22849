//! `If-Match`: do it only if nothing was told since the version somebody looked at (RFC 9110 §13.1.1).
//!
//! The tag of what has a version begins with it; the rest says which bytes were shown, which depends on who looked. So the tag of any
//! look at a version stands for it.

use crate::problem::{Kind, Problem};
use axum::extract::FromRequestParts;
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;
use std::convert::Infallible;

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

/// What a caller says they have seen. It is judged after the request itself: what cannot be read is refused for that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// They do not say.
    Anything,
    /// This version.
    Version(i64),
    /// No version there ever was: a tag that is not ours, or a weak one, which never matches.
    Nothing,
}

impl Seen {
    /// The version that must still stand; none when any will do.
    ///
    /// # Errors
    /// [`Kind::Changed`] when no version can stand.
    pub(crate) fn version(self) -> Result<Option<i64>, Problem> {
        match self {
            Self::Anything => Ok(None),
            Self::Version(version) => Ok(Some(version)),
            Self::Nothing => Err(Kind::Changed.into()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Seen {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let Some(told) = parts.headers.get(IF_MATCH) else {
            return Ok(Self::Anything);
        };
        let told = told.to_str().unwrap_or_default().trim();
        if told == "*" {
            return Ok(Self::Anything);
        }
        let number = told.strip_prefix('"').and_then(|rest| rest.split_once('.'));
        let version = number.and_then(|(number, _)| number.parse().ok());
        Ok(version.map_or(Self::Nothing, Self::Version))
    }
}
