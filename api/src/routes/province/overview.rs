//! `GET /province`

use super::Page;
use crate::App;
use crate::auth::Public;
use crate::extract::Query;
use crate::openapi::Always;
use crate::problem::Problem;
use crate::province::Province;
use crate::routes::page::plain::LanguageQuery;
use crate::routes::page::{STYLE, html, rendered};
use crate::words::{language, local_date};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::calendar::{Calendar, CalendarKind};
use domain::dossier::words::Language;
use domain::place::CommuneKind;
use std::sync::Arc;
use time::Date;

/// The page.
#[derive(Template)]
#[template(path = "province.html")]
struct Overview {
    province: Arc<Province>,
    kinds: Vec<(usize, &'static str)>,
    two_hats: usize,
    procedures: usize,
    by_post: usize,
    year: i32,
    days_off: usize,
    days_worked: usize,
    style: &'static str,
    language: Language,
}

impl Page for Overview {
    fn language(&self) -> Language {
        self.language
    }
}

/// What the province has: communes, offices, procedures, and the calendar of the year.
#[utoipa::path(get, path = "/province", tag = "province", params(LanguageQuery),
    responses((status = 200, body = String, content_type = "text/html"), Always))]
pub(crate) async fn handler(
    State(app): State<App>,
    _: Public,
    Query(query): Query<LanguageQuery>,
) -> Result<Response, Problem> {
    let now = app.store.now_ms();
    let today = local_date(now);
    let province = app.provinces.get(&app.store).await?;
    let book = app.calendars.book(&app.store).await?;
    let calendar = book.calendar(CalendarKind::State, None, now);
    let language = language(query.lang.as_deref());
    let (days_off, days_worked) = of_year(&calendar, today.year());
    let page = Overview {
        kinds: kinds(&province),
        two_hats: province.desks.iter().filter(|desk| desk.run_by.is_some()).count(),
        procedures: in_force(&province, today, |_| true),
        by_post: in_force(&province, today, |is_sent| is_sent),
        year: today.year(),
        days_off,
        days_worked,
        province,
        style: STYLE,
        language,
    };
    Ok(html(StatusCode::OK, rendered(&page)))
}

/// How many communes of each kind, the frequent kinds first; the words are the official ones in both languages.
fn kinds(province: &Province) -> Vec<(usize, &'static str)> {
    let all = [
        CommuneKind::Rural,
        CommuneKind::Ward,
        CommuneKind::SpecialZone,
        CommuneKind::Township,
    ];
    let of = |kind| {
        province
            .communes
            .iter()
            .filter(|entry| entry.commune.kind == kind)
            .count()
    };
    all.into_iter()
        .map(|kind| (of(kind), kind.vietnamese()))
        .filter(|(count, _)| *count > 0)
        .collect()
}

fn in_force(province: &Province, day: Date, is_counted: impl Fn(bool) -> bool) -> usize {
    let procedures = province.catalogue.procedures();
    procedures
        .filter(|procedure| procedure.validity.holds_on(day) && is_counted(procedure.bcci_submit))
        .count()
}

/// How many days a year has off, beside the weekly rest, and how many rest days it works.
fn of_year(calendar: &Calendar, year: i32) -> (usize, usize) {
    let count = |dates: &mut dyn Iterator<Item = &Date>| dates.filter(|date| date.year() == year).count();
    (
        count(&mut calendar.days_off.keys()),
        count(&mut calendar.days_worked.keys()),
    )
}
