//! Which row of the policy a request falls under.

use crate::policy::{Policy, Row};
use crate::problem::{Kind, Problem};
use axum::extract::MatchedPath;
use axum::http::request::Parts;

/// The row of the operation a request is for.
///
/// # Errors
/// [`Kind::Internal`] when there is none: an operation nobody thought about is refused to everybody.
pub(super) fn row(parts: &Parts) -> Result<&'static Row, Problem> {
    let template = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    Policy::get().row(&parts.method, template).ok_or_else(|| {
        let why = format!("no row of the policy for {} {template}", parts.method);
        Problem::caused(Kind::Internal, why)
    })
}
