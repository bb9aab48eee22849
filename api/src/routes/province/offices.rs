//! `GET /province/offices`

use super::listing::{Asked, Fit, Listing};
use super::{Page, hours};
use crate::App;
use crate::auth::Public;
use crate::extract::Query;
use crate::openapi::Always;
use crate::problem::Problem;
use crate::province::{DeskEntry, PointEntry, Province};
use crate::routes::page::{STYLE, html, rendered};
use crate::words::pick;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::dossier::words::Language;
use domain::place::Sought;

/// Offices on one leaf.
const LEAF: usize = 12;

/// The page.
#[derive(Template)]
#[template(path = "offices.html")]
struct Offices {
    list: Listing<Row>,
    style: &'static str,
    language: Language,
}

impl Page for Offices {
    fn language(&self) -> Language {
        self.language
    }
}

/// One office.
struct Row {
    name: String,
    kind: &'static str,
    address: String,
    hours: Vec<String>,
    /// A desk in a post office, from either side.
    together: Option<(&'static str, String)>,
}

/// An office of either sort.
#[derive(Clone, Copy)]
enum Office<'a> {
    Point(usize, &'a PointEntry),
    Desk(&'a DeskEntry),
}

/// Service points of the post and one-stop desks: where they are, when they are open, which desk sits in a post office.
#[utoipa::path(get, path = "/province/offices", tag = "province", params(Asked),
    responses((status = 200, body = String, content_type = "text/html"), Always))]
pub(crate) async fn handler(
    State(app): State<App>,
    _: Public,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let province = app.provinces.get(&app.store).await?;
    let language = asked.language();
    let points = province
        .points
        .iter()
        .enumerate()
        .map(|(at, point)| Office::Point(at, point));
    let all = points.chain(province.desks.iter().map(Office::Desk));
    let found = asked.found(all, |office, sought| fit(&province, *office, sought));
    let label = pick(
        language,
        "Tên bưu cục, quầy hoặc xã, phường",
        "Name of an office or a commune",
    );
    let page = Offices {
        list: asked.leaf(("/province/offices", label), LEAF, found, |office| {
            row(&province, office, language)
        }),
        style: STYLE,
        language,
    };
    Ok(html(StatusCode::OK, rendered(&page)))
}

fn fit(province: &Province, office: Office<'_>, sought: &Sought) -> Option<Fit> {
    let (name, commune_code) = match office {
        Office::Point(_, point) => (&point.name, &point.commune_code),
        Office::Desk(desk) => (&desk.name, &desk.commune_code),
    };
    if sought.is_all_of(commune_code) {
        return Some(Fit::Whole);
    }
    if sought.is_in(name) {
        return Some(Fit::Name);
    }
    let commune = province.commune(commune_code)?;
    let is_about = sought.is_in(&commune.commune.full_name())
        || commune.commune.old_regions.iter().any(|region| sought.is_in(region))
        || commune.made_of.iter().any(|former| sought.is_in(&former.name));
    is_about.then_some(Fit::About)
}

fn row(province: &Province, office: Office<'_>, language: Language) -> Row {
    match office {
        Office::Point(at, point) => {
            let desk = province.desks.iter().find(|desk| desk.run_by == Some(at));
            Row {
                name: point.name.clone(),
                kind: pick(language, "Điểm phục vụ bưu chính", "Post office"),
                address: place(province, &point.commune_code, point.postcode.as_deref(), language),
                hours: hours::lines(&point.hours, language),
                together: desk.map(|desk| {
                    let words = pick(
                        language,
                        "Nhân viên bưu cục trực quầy của",
                        "Its staff also run the desk of",
                    );
                    (words, desk.agency.clone())
                }),
            }
        }
        Office::Desk(desk) => Row {
            name: desk.name.clone(),
            kind: pick(language, "Bộ phận một cửa", "One-stop desk"),
            address: match (&desk.address, desk.is_inside) {
                (Some(address), false) => address.clone(),
                // The agency's address is not where the desk is.
                (Some(_), true) | (None, _) => place(province, &desk.commune_code, None, language),
            },
            hours: hours::lines(&desk.hours, language),
            together: province.point(desk.run_by).map(|point| {
                let words = if desk.is_inside {
                    pick(
                        language,
                        "Đặt ngay tại bưu cục, do nhân viên ở đó trực:",
                        "Sits in the post office, whose staff run it:",
                    )
                } else {
                    pick(language, "Do nhân viên bưu điện trực:", "Run by the staff of")
                };
                (words, point.name.clone())
            }),
        },
    }
}

/// «phường Tịnh Biên, An Giang, mã bưu chính 90706».
fn place(province: &Province, commune_code: &str, postcode: Option<&str>, language: Language) -> String {
    let mut parts = vec![province.commune_name(commune_code)];
    parts.extend(province.name.clone());
    parts.extend(postcode.map(|code| format!("{} {code}", pick(language, "mã bưu chính", "postcode"))));
    parts.join(", ")
}
