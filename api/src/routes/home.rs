//! `GET /`

use super::page::{STYLE, html, plain};
use crate::auth::Public;
use crate::extract::Query;
use crate::problem::Problem;
use crate::words::{language, pick};
use axum::http::StatusCode;
use axum::response::Response;

/// Says what this is and where to go.
#[utoipa::path(get, path = "/", tag = "citizen", params(plain::LanguageQuery),
    responses((status = 200, body = String, content_type = "text/html")))]
pub(crate) async fn handler(_: Public, Query(query): Query<plain::LanguageQuery>) -> Result<Response, Problem> {
    let language = language(query.lang.as_deref());
    let page = plain::Plain {
        title: pick(language, "Hồ sơ qua bưu điện", "Dossiers by post"),
        texts: vec![pick(
            language,
            "Theo dõi hồ sơ thủ tục hành chính gửi và nhận kết quả qua dịch vụ bưu chính công ích.",
            "Follow an administrative dossier that travels by the public post.",
        )],
        asks: false,
        links: vec![
            (
                pick(language, "/t/", "/t/?lang=en"),
                pick(language, "Tra cứu hồ sơ", "Look up a dossier"),
            ),
            (
                pick(language, "/province", "/province?lang=en"),
                pick(
                    language,
                    "Xã, bưu cục, thủ tục, lịch nghỉ",
                    "Communes, offices, procedures, calendar",
                ),
            ),
            (
                "/api/openapi.json",
                pick(
                    language,
                    "Tài liệu giao diện lập trình (OpenAPI)",
                    "API document (OpenAPI)",
                ),
            ),
        ],
        style: STYLE,
        language,
    };
    Ok(html(StatusCode::OK, page.text()))
}
