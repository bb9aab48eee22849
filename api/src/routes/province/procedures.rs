//! `GET /province/procedures`

use super::Page;
use super::listing::{Asked, Fit, Listing};
use crate::App;
use crate::auth::Public;
use crate::extract::Query;
use crate::openapi::Always;
use crate::problem::Problem;
use crate::routes::page::{STYLE, html, rendered};
use crate::words::{local_date, pick};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::catalogue::Procedure;
use domain::dossier::words::Language;
use domain::place::{Sought, fold_vietnamese};

/// Procedures on one leaf.
const LEAF: usize = 20;

/// The page.
#[derive(Template)]
#[template(path = "procedures.html")]
struct Procedures {
    list: Listing<Row>,
    style: &'static str,
    language: Language,
}

impl Page for Procedures {
    fn language(&self) -> Language {
        self.language
    }
}

/// One procedure.
struct Row {
    name: String,
    path: String,
    code: String,
    sector: String,
    post: &'static str,
}

/// The procedures in force today, found by name, sector or code.
#[utoipa::path(get, path = "/province/procedures", tag = "province", params(Asked),
    responses((status = 200, body = String, content_type = "text/html"), Always))]
pub(crate) async fn handler(
    State(app): State<App>,
    _: Public,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let province = app.provinces.get(&app.store).await?;
    let today = local_date(app.store.now_ms());
    let language = asked.language();
    let mut all: Vec<&Procedure> = province
        .catalogue
        .procedures()
        .filter(|procedure| procedure.validity.holds_on(today))
        .collect();
    all.sort_by_cached_key(|procedure| (fold_vietnamese(&procedure.sector), fold_vietnamese(&procedure.name)));
    let found = asked.found(all.into_iter(), |procedure, sought| fit(procedure, sought));
    let label = pick(language, "Tên thủ tục, lĩnh vực hoặc mã", "Name, sector or code");
    let page = Procedures {
        list: asked.leaf(("/province/procedures", label), LEAF, found, |procedure| {
            row(procedure, language)
        }),
        style: STYLE,
        language,
    };
    Ok(html(StatusCode::OK, rendered(&page)))
}

fn fit(procedure: &Procedure, sought: &Sought) -> Option<Fit> {
    if sought.is_in(procedure.code.as_str()) {
        return Some(Fit::Whole);
    }
    if sought.is_in(&procedure.name) {
        return Some(Fit::Name);
    }
    let is_about =
        sought.is_in(&procedure.sector) || procedure.old_codes.iter().any(|code| sought.is_in(code.as_str()));
    is_about.then_some(Fit::About)
}

fn row(procedure: &Procedure, language: Language) -> Row {
    Row {
        name: procedure.name.clone(),
        path: format!("/province/procedures/{}", procedure.code.national()),
        code: procedure.code.national().to_owned(),
        sector: procedure.sector.clone(),
        post: match (procedure.bcci_submit, procedure.bcci_return) {
            (true, true) => pick(language, "gửi và nhận qua bưu điện", "sent and returned by post"),
            (true, false) => pick(language, "gửi qua bưu điện", "sent by post"),
            (false, true) => pick(language, "nhận kết quả qua bưu điện", "result returned by post"),
            (false, false) => pick(language, "không qua bưu điện", "not by post"),
        },
    }
}
