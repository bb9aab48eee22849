//! `GET /t/{capability}/proofs` and one of them: what a citizen keeps to show what happened to their dossier.

use super::plain::LanguageQuery;
use super::show::{opened_by, unknown};
use super::{STYLE, html, rendered};
use crate::App;
use crate::auth::Public;
use crate::extract::{Path, Query};
use crate::openapi::Always;
use crate::problem::Problem;
use crate::routes::dossiers::proofs::{MOST, ORDERED, file, find, kind};
use crate::words::{hour, language, pick};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::dossier::words::{self, Language};
use entity::Scope;
use entity::tlog::{self, Line};

/// What events are called. What is no event of a device is an act that was told to the server.
pub(super) const KINDS: [(&str, &str, &str); 16] = [
    ("take_in", "Bưu điện nhận giấy tờ", "The post took the papers"),
    ("offer", "Bên giao đề nghị giao", "Offered to somebody"),
    ("accept", "Bên nhận đã nhận", "Taken over"),
    ("release", "Bên giao xác nhận đã giao", "The giver confirmed"),
    ("revoke_offer", "Bên giao rút lại đề nghị", "The offer was taken back"),
    ("deliver", "Đã phát tới người nhận", "Delivered"),
    ("attempt_failed", "Phát chưa thành công", "Not delivered this time"),
    ("hold", "Giữ lại chờ đến nhận", "Kept for collection"),
    ("refused", "Người nhận từ chối", "Refused"),
    ("return", "Chuyển hoàn", "Goes back"),
    ("redirect", "Đổi nơi nhận", "Brought elsewhere"),
    ("withdraw", "Rút lại", "Taken back by the sender"),
    ("exception", "Ghi nhận bất thường", "Something was wrong"),
    ("cash", "Thu tiền", "Money was taken"),
    ("observe", "Quét thấy bưu gửi", "Seen"),
    ("note", "Ghi chú", "A remark"),
];

/// The page.
#[derive(Template)]
#[template(path = "proofs.html")]
struct Proofs {
    lines: Vec<Shown>,
    secret: String,
    style: &'static str,
    language: Language,
}

struct Shown {
    what: &'static str,
    when: String,
    /// Where the file is, and the page that checks it, once it is in the log.
    links: Option<(String, String)>,
}

impl Proofs {
    fn say(&self, vietnamese: &'static str, english: &'static str) -> &'static str {
        pick(self.language, vietnamese, english)
    }
}

/// What a fact is called here; none for what is not told. Of what the server was told it is the order only, whose receipt is printed on the
/// slip and turns green here.
fn told(kind: &str, language: Language) -> Option<&'static str> {
    if kind == ORDERED {
        return words::fact(kind.strip_prefix("dossier.")?, language);
    }
    let (_, vietnamese, english) = KINDS.iter().find(|(known, ..)| *known == kind)?;
    Some(pick(language, *vietnamese, *english))
}

/// The receipts of a dossier: each hand it passed through, signed and in the public log.
#[utoipa::path(get, path = "/t/{capability}/proofs", tag = "citizen",
    params(("capability" = String, Path, description = "26 Crockford symbols"), LanguageQuery),
    responses((status = 200, body = String, content_type = "text/html"),
        (status = 404, body = String, content_type = "text/html", description = "unknown or expired, with one answer"), Always))]
pub(crate) async fn list(
    State(app): State<App>,
    _: Public,
    Path(typed): Path<String>,
    Query(query): Query<LanguageQuery>,
) -> Result<Response, Problem> {
    let language = language(query.lang.as_deref());
    let Some((secret, id)) = opened_by(&app, &typed).await? else {
        return Ok(unknown(language));
    };
    let scope = Scope::dossier(id);
    let facts = tlog::of_dossier(&app.store.see(&scope).await?, &scope, id, MOST).await?;
    let (facts, names): (Vec<Line>, Vec<&'static str>) = facts
        .into_iter()
        .filter_map(|line| {
            let what = told(&kind(&line), language)?;
            Some((line, what))
        })
        .unzip();
    let receipts = tlog::receipts(app.store.open(), &app.keys, &facts).await?;
    let mut lines = Vec::new();
    for ((line, what), receipt) in facts.into_iter().zip(names).zip(receipts) {
        let in_log = receipt.filter(|receipt| receipt.logged.is_some());
        lines.push(Shown {
            what,
            when: hour(line.received_ms),
            links: in_log.map(|receipt| {
                let lang = pick(language, "", "?lang=en");
                (
                    format!("/t/{secret}/proofs/{}", line.id),
                    format!("/verify{lang}#{}", receipt.to_code()),
                )
            }),
        });
    }
    let page = Proofs {
        lines,
        secret,
        style: STYLE,
        language,
    };
    Ok(html(StatusCode::OK, rendered(&page)))
}

/// One receipt as a file: a C2SP tlog-proof.
#[utoipa::path(get, path = "/t/{capability}/proofs/{event}", tag = "citizen",
    params(("capability" = String, Path, description = "26 Crockford symbols"),
        ("event" = String, Path, description = "The event, in hex"), LanguageQuery),
    responses((status = 200, body = String, content_type = "text/plain"),
        (status = 404, body = String, content_type = "text/html", description = "unknown or expired, with one answer"), Always))]
pub(crate) async fn show(
    State(app): State<App>,
    _: Public,
    Path((typed, event)): Path<(String, String)>,
    Query(query): Query<LanguageQuery>,
) -> Result<Response, Problem> {
    let language = language(query.lang.as_deref());
    let (Some((_, id)), Ok(event)) = (opened_by(&app, &typed).await?, event.parse()) else {
        return Ok(unknown(language));
    };
    let receipt = find(&app, &Scope::dossier(id), id, event).await?;
    let text = receipt.and_then(|receipt| receipt.to_text());
    Ok(text.map_or_else(|| unknown(language), |text| file(event, text)))
}
