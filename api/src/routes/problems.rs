//! `GET /problems/{slug}`: what a refusal means, for whoever opens its `type`.

use super::page::plain::{LanguageQuery, Plain};
use super::page::{STYLE, html};
use crate::auth::Public;
use crate::extract::{Path, Query};
use crate::openapi::Page;
use crate::problem::{Kind, Problem};
use crate::words::{language, pick};
use axum::http::StatusCode;
use axum::response::Response;

/// Explains a refusal: what happened and what to do, in both languages.
#[utoipa::path(get, path = "/problems/{slug}", tag = "about",
    params(("slug" = String, Path, description = "The last part of a problem's `type`"), LanguageQuery),
    responses((status = 200, body = String, content_type = "text/html"), Page))]
pub(crate) async fn handler(
    _: Public,
    Path(slug): Path<String>,
    Query(query): Query<LanguageQuery>,
) -> Result<Response, Problem> {
    let known = Kind::ALL.iter().map(|kind| kind.face()).find(|face| face.slug == slug);
    let (face, language) = (known.ok_or(Kind::NotFound)?, language(query.lang.as_deref()));
    let page = Plain {
        title: pick(language, face.title_vi, face.title),
        texts: vec![
            pick(language, face.detail_vi, face.detail),
            pick(language, face.detail, face.detail_vi),
        ],
        asks: false,
        links: vec![("/api/docs", pick(language, "Tài liệu API", "API documentation"))],
        style: STYLE,
        language,
    };
    Ok(html(StatusCode::OK, page.text()))
}
