//! `GET /province/calendar`

use super::{Page, hours};
use crate::App;
use crate::auth::Public;
use crate::extract::Query;
use crate::form::query;
use crate::openapi::Always;
use crate::problem::Problem;
use crate::routes::page::{STYLE, html, rendered};
use crate::words::{day, language, local_date, pick};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::calendar::{CalendarBook, CalendarKind, DayNote};
use domain::dossier::words::Language;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use time::Date;
use utoipa::IntoParams;

/// Which year.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct YearQuery {
    /// A year the calendar knows; this year otherwise.
    year: Option<String>,
    /// `en` for English; Vietnamese otherwise.
    lang: Option<String>,
}

/// The page.
#[derive(Template)]
#[template(path = "province_calendar.html")]
struct Shown {
    year: i32,
    /// The other years that are known, with their addresses.
    years: Vec<(i32, String)>,
    off: Vec<Row>,
    worked: Vec<Row>,
    /// Days on which the post does otherwise.
    post: Vec<Row>,
    notices: Vec<Told>,
    translated: String,
    style: &'static str,
    language: Language,
}

impl Page for Shown {
    fn language(&self) -> Language {
        self.language
    }
}

/// A day, or several in a row for one reason.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    days: String,
    why: String,
    source: String,
    awaits_notice: bool,
}

/// An official notice.
struct Told {
    number: String,
    published: String,
    binds: &'static str,
}

type Days = BTreeMap<Date, Arc<DayNote>>;

/// The days off and the swapped days of a year, and the official notices they follow from.
#[utoipa::path(get, path = "/province/calendar", tag = "province", params(YearQuery),
    responses((status = 200, body = String, content_type = "text/html"), Always))]
pub(crate) async fn handler(
    State(app): State<App>,
    _: Public,
    Query(asked): Query<YearQuery>,
) -> Result<Response, Problem> {
    let now = app.store.now_ms();
    let language = language(asked.lang.as_deref());
    let book = app.calendars.book(&app.store).await?;
    let state = book.calendar(CalendarKind::State, None, now);
    let post = book.calendar(CalendarKind::Post, None, now);
    let today = local_date(now).year();
    let (first, last) = state.years.unwrap_or((today, today));
    let year = asked.year.as_deref().and_then(|text| text.parse().ok());
    let year = year.filter(|year| (first..=last).contains(year)).unwrap_or(today);
    let link = |year: i32, language: Language| {
        let number = year.to_string();
        let english = pick(language, None, Some(("lang", "en")));
        let pairs: Vec<(&str, &str)> = std::iter::once(("year", &*number)).chain(english).collect();
        format!("/province/calendar{}", query(&pairs))
    };
    let of = |days: &Days, wanted: &dyn Fn(&Date) -> bool| {
        let of_year = days.iter().filter(|(date, _)| date.year() == year && wanted(date));
        rows(of_year.map(|(date, note)| (*date, &**note)), language)
    };
    let mut otherwise = of(&post.days_off, &|date| !state.days_off.contains_key(date));
    otherwise.extend(of(&post.days_worked, &|date| !state.days_worked.contains_key(date)));
    let page = Shown {
        years: (first..=last)
            .filter(|other| *other != year)
            .map(|other| (other, link(other, language)))
            .collect(),
        off: of(&state.days_off, &|_| true),
        worked: of(&state.days_worked, &|_| true),
        post: otherwise,
        notices: notices(&book, now, language),
        translated: link(year, pick(language, Language::English, Language::Vietnamese)),
        year,
        style: STYLE,
        language,
    };
    Ok(html(StatusCode::OK, rendered(&page)))
}

/// Days in order; days in a row for one reason are one line.
fn rows<'a>(days: impl Iterator<Item = (Date, &'a DayNote)>, language: Language) -> Vec<Row> {
    let mut runs: Vec<(Date, Date, &DayNote)> = Vec::new();
    for (date, note) in days {
        match runs.last_mut() {
            Some((_, last, known)) if last.next_day() == Some(date) && *known == note => *last = date,
            _ => runs.push((date, date, note)),
        }
    }
    let named = |date: Date| {
        let weekday = hours::weekday(date.weekday().number_from_monday(), language);
        format!("{weekday} {}", day(date))
    };
    let row = |(first, last, note): (Date, Date, &DayNote)| Row {
        days: if first == last {
            named(first)
        } else {
            format!("{} – {}", named(first), named(last))
        },
        why: pick(language, &note.why, &note.why_en).clone(),
        source: note.source.clone(),
        awaits_notice: note.awaits_notice,
    };
    runs.into_iter().map(row).collect()
}

/// Every notice known now, the latest first.
fn notices(book: &CalendarBook, now_ms: i64, language: Language) -> Vec<Told> {
    let known = |kind| &book.versions(kind).known_at(now_ms).notices;
    let (state, post) = (known(CalendarKind::State), known(CalendarKind::Post));
    let mut all: Vec<(Date, &str, bool, bool)> = Vec::new();
    for notice in state {
        let also = post.iter().any(|other| other.number() == notice.number());
        all.push((notice.published(), notice.number(), true, also));
    }
    for notice in post {
        if state.iter().all(|other| other.number() != notice.number()) {
            all.push((notice.published(), notice.number(), false, true));
        }
    }
    all.sort_by(|one, other| other.cmp(one));
    let told = |(published, number, of_state, of_post): (Date, &str, bool, bool)| Told {
        number: number.to_owned(),
        published: day(published),
        binds: match (of_state, of_post) {
            (true, true) => pick(language, "cơ quan và bưu điện", "agencies and the post"),
            (false, true) => pick(language, "bưu điện", "the post"),
            (true | false, false) => pick(language, "cơ quan nhà nước", "state agencies"),
        },
    };
    all.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::rows;
    use domain::calendar::DayNote;
    use domain::dossier::words::Language;
    use time::macros::date;

    #[test]
    fn days_in_a_row_for_one_reason_are_one_line() {
        let tet = DayNote::new("Tết Nguyên đán", "Lunar New Year", "Thông báo 9441/TB-BNV");
        let king = DayNote::new("Giỗ Tổ", "Kings", "điều 112");
        let days = [
            (date!(2026 - 02 - 16), &*tet),
            (date!(2026 - 02 - 17), &*tet),
            (date!(2026 - 02 - 18), &*king),
            (date!(2026 - 02 - 20), &*king),
        ];
        let shown = rows(days.into_iter(), Language::Vietnamese);
        let lines: Vec<&str> = shown.iter().map(|row| row.days.as_str()).collect();
        assert_eq!(
            lines,
            [
                "thứ Hai 16/02/2026 – thứ Ba 17/02/2026",
                "thứ Tư 18/02/2026",
                "thứ Sáu 20/02/2026"
            ]
        );
    }
}
