//! What printed papers and lists of things carried have in common: days, pages, names of parties, the sheet itself.

mod names;
mod query;
mod time;

pub(super) use names::Names;
pub(super) use query::{Days, page_size, place, written};
pub(super) use time::TimeView;

use super::page;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use axum::response::Response;
use serde::Deserialize;
use std::sync::LazyLock;
use utoipa::ToSchema;

/// The style of every printed paper: A4, readable at A5, black on white.
pub(super) const STYLE: &str = include_str!("../../../templates/paper.css");

static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| page::policy(STYLE));

/// How a paper is answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PaperFormat {
    /// For programs.
    #[default]
    Json,
    /// A sheet to print, in Vietnamese.
    Html,
}

/// A sheet to print.
pub(super) fn sheet(template: &impl askama::Template) -> Response {
    let mut answer = page::html(StatusCode::OK, page::rendered(template));
    answer.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY.clone());
    answer
}
