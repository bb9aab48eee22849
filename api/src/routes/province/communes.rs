//! `GET /province/communes`

use super::Page;
use super::listing::{Asked, Fit, Listing};
use crate::App;
use crate::auth::Public;
use crate::extract::Query;
use crate::openapi::Always;
use crate::problem::Problem;
use crate::province::{CommuneEntry, Former, Province};
use crate::routes::page::{STYLE, html, rendered};
use crate::words::pick;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::dossier::words::Language;
use domain::place::Sought;

/// Communes on one leaf.
const LEAF: usize = 15;

/// The page.
#[derive(Template)]
#[template(path = "communes.html")]
struct Communes {
    list: Listing<Row>,
    style: &'static str,
    language: Language,
}

impl Page for Communes {
    fn language(&self) -> Language {
        self.language
    }
}

/// One commune.
struct Row {
    name: String,
    code: String,
    made_of: String,
    regions: String,
    served_by: Option<String>,
    inside: String,
}

/// The communes of today, found by their names, by the names of before July 2025 or by the former districts.
#[utoipa::path(get, path = "/province/communes", tag = "province", params(Asked),
    responses((status = 200, body = String, content_type = "text/html"), Always))]
pub(crate) async fn handler(
    State(app): State<App>,
    _: Public,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let province = app.provinces.get(&app.store).await?;
    let language = asked.language();
    let found = asked.found(province.communes.iter(), |entry, sought| fit(entry, sought));
    let label = pick(
        language,
        "Tên xã, phường hiện nay hoặc trước tháng 7/2025, hoặc mã",
        "Name of today or of before July 2025, or code",
    );
    let page = Communes {
        list: asked.leaf(("/province/communes", label), LEAF, found, |entry| {
            row(&province, entry, language)
        }),
        style: STYLE,
        language,
    };
    Ok(html(StatusCode::OK, rendered(&page)))
}

fn fit(entry: &CommuneEntry, sought: &Sought) -> Option<Fit> {
    let commune = &entry.commune;
    if sought.is_all_of(&commune.name) || sought.is_all_of(&commune.code) {
        return Some(Fit::Whole);
    }
    if sought.is_in(&commune.full_name()) {
        return Some(Fit::Name);
    }
    let old = entry.made_of.iter().any(|former| {
        let has_code = former.code.as_deref().is_some_and(|code| sought.is_all_of(code));
        has_code || sought.is_in(&former.name)
    });
    // The row and the table of successions may spell a name in two ways.
    let old = old || commune.old_names.iter().any(|former| sought.is_in(&former.name));
    let region = commune.old_regions.iter().any(|region| sought.is_in(region));
    (old || region).then_some(Fit::About)
}

fn row(province: &Province, entry: &CommuneEntry, language: Language) -> Row {
    let commune = &entry.commune;
    let inside = province
        .points
        .iter()
        .filter(|point| point.commune_code == commune.code)
        .map(|point| point.name.as_str());
    let desks = province
        .desks
        .iter()
        .filter(|desk| desk.commune_code == commune.code)
        .map(|desk| desk.name.as_str());
    Row {
        name: commune.full_name(),
        code: commune.code.clone(),
        made_of: joined(entry.made_of.iter().map(|former| told(former, language))),
        regions: joined(commune.old_regions.iter().cloned()),
        served_by: province.point(entry.served_by).map(|point| point.name.clone()),
        inside: joined(inside.chain(desks).map(str::to_owned)),
    }
}

fn told(former: &Former, language: Language) -> String {
    if former.is_part {
        format!("{} ({})", former.name, pick(language, "một phần", "part"))
    } else {
        former.name.clone()
    }
}

fn joined(names: impl Iterator<Item = String>) -> String {
    names.collect::<Vec<_>>().join(", ")
}
