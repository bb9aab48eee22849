//! `GET /verify`, its script and what keeps it for the road: a receipt is checked on the device of whoever holds it.
//!
//! The page brings the keys to believe with it. After that nothing is asked of anybody, and a worker keeps the page so that it opens
//! without network. What stands after `#` in a link never reaches a server.

use super::plain::LanguageQuery;
use super::{STYLE, rendered};
use crate::App;
use crate::auth::Public;
use crate::extract::Query;
use crate::openapi::Always;
use crate::problem::Problem;
use crate::routes::log;
use crate::words::{language, pick};
use askama::Template;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use custody::log::Reason;
use domain::dossier::words::{self, Language};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const SCRIPT: &str = include_str!("../../../templates/verify.js");
const OFFLINE: &str = include_str!("../../../templates/verify_offline.js");

/// The page.
#[derive(Template)]
#[template(path = "verify.html")]
struct Verify {
    /// What the script says, as JSON that closes no element.
    words: String,
    policy: String,
    /// The server's own keys. Those of devices are many, and the log vouches for them.
    signers: String,
    style: &'static str,
    language: Language,
}

impl Verify {
    fn say(&self, vietnamese: &'static str, english: &'static str) -> &'static str {
        pick(self.language, vietnamese, english)
    }
}

/// Checks a receipt in the browser; works without network once it was opened.
#[utoipa::path(get, path = "/verify", tag = "citizen", params(LanguageQuery),
    responses((status = 200, body = String, content_type = "text/html"), Always))]
pub(crate) async fn page(
    State(app): State<App>,
    _: Public,
    Query(query): Query<LanguageQuery>,
) -> Result<Response, Problem> {
    let language = language(query.lang.as_deref());
    let page = Verify {
        words: said(language).to_string().replace('<', "\\u003c"),
        policy: log::policy_text(&app).await?.unwrap_or_default(),
        signers: log::server_keys(&app),
        style: STYLE,
        language,
    };
    let style = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; script-src 'self'; worker-src 'self'; connect-src 'self'; \
         form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    );
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_str(&policy).expect("base64 is visible ASCII"),
        ),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    Ok((headers, rendered(&page)).into_response())
}

/// The script of that page.
#[utoipa::path(get, path = "/verify.js", tag = "citizen",
    responses((status = 200, body = String, content_type = "text/javascript"), Always))]
pub(crate) async fn script(_: Public) -> Response {
    javascript(SCRIPT)
}

/// What keeps that page for when there is no network.
#[utoipa::path(get, path = "/verify-offline.js", tag = "citizen",
    responses((status = 200, body = String, content_type = "text/javascript"), Always))]
pub(crate) async fn offline(_: Public) -> Response {
    javascript(OFFLINE)
}

fn javascript(text: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, text).into_response()
}

/// What the script says.
fn said(language: Language) -> Value {
    let say = |vietnamese: &'static str, english: &'static str| pick(language, vietnamese, english);
    let mut reasons: serde_json::Map<String, Value> = Reason::ALL
        .iter()
        .map(|(reason, name)| ((*name).to_owned(), reason.words(language).into()))
        .collect();
    let old = say(
        "Trình duyệt này cũ, không kiểm tra được chữ ký của sổ. Hãy cập nhật trình duyệt rồi thử lại.",
        "This browser is too old to check the log's signature. Update it and try again.",
    );
    reasons.insert("old_browser".to_owned(), old.into());
    let kinds: serde_json::Map<String, Value> = super::proofs::KINDS
        .iter()
        .map(|(name, vietnamese, english)| ((*name).to_owned(), say(vietnamese, english)))
        .chain(words::facts(language).map(|(name, what)| (format!("dossier.{name}"), what)))
        .map(|(name, what)| (name, what.into()))
        .collect();
    json!({
        "green": say("Biên nhận đúng", "The receipt is right"),
        "amber": say("Đã ký, chưa vào sổ", "Signed, not yet in the log"),
        "red": say("Biên nhận không chứng minh được gì", "The receipt proves nothing"),
        "unchecked": say("Chưa kiểm tra được", "It could not be checked"),
        "clock": say("Theo đồng hồ của máy ký:", "By the clock of the device that signed:"),
        "device": say(
            "Một thiết bị đã ký. Khi chưa vào sổ, trang này không biết thiết bị đó của ai: đừng chỉ dựa vào biên nhận này.",
            "A device signed it. Until it is in the log this page cannot say whose: do not rely on it alone.",
        ),
        "place": say("Số thứ tự trong sổ:", "Place in the log:"),
        "witnesses": say("Bên làm chứng đã ký:", "Witnesses that signed:"),
        "none": say("chưa có", "none"),
        "act": say("Việc đã ghi nhận:", "What was told:"),
        "id": say("Mã việc:", "Event:"),
        "kept": {
            "waiting": say("Đang lưu trang để dùng khi không có mạng…", "Keeping this page for when there is no network…"),
            "kept": say("Trang này đã được lưu, dùng được khi không có mạng.", "This page is kept and works without network."),
            "insecure": say(
                "Không lưu được trang: kết nối không được mã hóa (https). Chỉ dùng được khi có mạng.",
                "This page cannot be kept: the connection is not encrypted (https). It needs a network.",
            ),
            "unsupported": say(
                "Không lưu được trang: trình duyệt này, hoặc chế độ riêng tư của nó, không lưu trang. Chỉ dùng được khi có mạng.",
                "This page cannot be kept: this browser, or its private mode, keeps no pages. It needs a network.",
            ),
            "refused": say(
                "Không lưu được trang: trình duyệt từ chối, máy hết chỗ hoặc mạng bị ngắt. Mở lại trang khi có mạng.",
                "This page cannot be kept: the browser refused, there is no room, or the network broke off. Open it again with a network.",
            ),
            "lost": say(
                "Trình duyệt đã bỏ bản lưu của trang này. Mở lại trang khi có mạng.",
                "The browser threw away what was kept of this page. Open it again with a network.",
            ),
        },
        "reasons": reasons,
        "kinds": kinds,
    })
}
