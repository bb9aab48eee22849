//! `GET /t/` and `POST /t/`: a code alone opens nothing, and what it answers never tells whether the code exists.

use super::plain::{LanguageQuery, Plain};
use super::{STYLE, capability, html};
use crate::auth::Public;
use crate::extract::{Query, RawBody};
use crate::form;
use crate::openapi::Always;
use crate::problem::Problem;
use crate::words::{language, pick};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

/// Asks for a code.
#[utoipa::path(get, path = "/t/", tag = "citizen", params(LanguageQuery),
    responses((status = 200, body = String, content_type = "text/html")))]
pub(crate) async fn form(_: Public, Query(query): Query<LanguageQuery>) -> Result<Response, Problem> {
    let language = language(query.lang.as_deref());
    let page = Plain {
        title: pick(language, "Tra cứu hồ sơ", "Look up a dossier"),
        texts: vec![pick(
            language,
            "Cách nhanh nhất: quét mã QR trên phiếu gửi hoặc mở đường dẫn trong tin nhắn của bưu điện.",
            "Quickest: scan the QR code on your slip, or open the link in the post's message.",
        )],
        asks: true,
        links: Vec::new(),
        style: STYLE,
        language,
    };
    Ok(html(StatusCode::OK, page.text()))
}

/// Answers a code: a tracking code leads to its page, any other code always gets the same answer.
#[utoipa::path(post, path = "/t/", tag = "citizen", params(LanguageQuery),
    request_body(content = String, content_type = "application/x-www-form-urlencoded", description = "code=…"),
    responses((status = 200, body = String, content_type = "text/html"), (status = 303, description = "to the page"), Always))]
pub(crate) async fn answer(
    _: Public,
    Query(query): Query<LanguageQuery>,
    RawBody(body): RawBody,
) -> Result<Response, Problem> {
    let language = language(query.lang.as_deref());
    let typed = form::pairs(&body)
        .unwrap_or_default()
        .into_iter()
        .find(|(name, _)| name == "code");
    if let Some(secret) = typed.and_then(|(_, typed)| capability(&typed)) {
        let english = pick(language, "", "?lang=en");
        return Ok(Redirect::to(&format!("/t/{secret}{english}")).into_response());
    }
    let page = Plain {
        title: pick(language, "Cần đường dẫn riêng của bạn", "You need your own link"),
        texts: vec![
            pick(
                language,
                "Chỉ với mã hồ sơ hoặc mã bưu gửi thì không xem được, để người khác không đọc được hồ sơ của bạn.",
                "A dossier code or item number alone opens nothing, so that nobody else can read about you.",
            ),
            pick(
                language,
                "Hãy quét mã QR trên phiếu gửi. Nếu mất phiếu, mang giấy tờ tùy thân đến bưu cục bất kỳ; bưu cục gửi lại \
                 đường dẫn đến số điện thoại ghi trên phiếu.",
                "Scan the QR code on your slip. If it is lost, take your identity paper to any post office; it will send the \
                 link again to the telephone number on the slip.",
            ),
        ],
        asks: true,
        links: Vec::new(),
        style: STYLE,
        language,
    };
    Ok(html(StatusCode::OK, page.text()))
}
