//! `GET /due`: the public calculator, a form that works without script.

use super::due::{DueParams, answer};
use crate::App;
use crate::auth::Public;
use crate::extract::Query;
use crate::openapi::Always;
use crate::problem::Problem;
use crate::routes::page::{STYLE, html, rendered};
use crate::words::{day, language, local_date, pick};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::calendar::{read_date, write_date};
use domain::dossier::words::Language;
use domain::wire::due::{DueQuery, DueQueryRecord, DueRecord};
use serde::Deserialize;
use utoipa::IntoParams;

/// The form's fields; nothing at first.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Typed {
    /// The day of lodging.
    from: Option<String>,
    /// The limit in days.
    days: Option<String>,
    /// `working` or `calendar`.
    unit: Option<String>,
    /// `state` or `post`.
    calendar: Option<String>,
    /// `en` for English; Vietnamese otherwise.
    lang: Option<String>,
}

/// The page.
#[derive(Template)]
#[template(path = "due.html")]
struct Calculator {
    from: String,
    days: String,
    calendar_days: bool,
    post: bool,
    mistake: Option<String>,
    found: Option<Found>,
    style: &'static str,
    language: Language,
}

struct Found {
    day: String,
    provisional: bool,
    steps: Vec<Step>,
}

struct Step {
    day: String,
    counted: bool,
    why: String,
}

impl Calculator {
    fn say(&self, vietnamese: &'static str, english: &'static str) -> &'static str {
        pick(self.language, vietnamese, english)
    }
}

/// Computes a due date for anybody and explains every day.
#[utoipa::path(get, path = "/due", tag = "citizen", params(Typed),
    responses((status = 200, body = String, content_type = "text/html"), Always))]
pub(crate) async fn handler(
    State(app): State<App>,
    _: Public,
    Query(typed): Query<Typed>,
) -> Result<Response, Problem> {
    let language = language(typed.lang.as_deref());
    let mut page = Calculator {
        from: typed
            .from
            .clone()
            .unwrap_or_else(|| write_date(local_date(app.store.now_ms()))),
        days: typed.days.clone().unwrap_or_else(|| "3".to_owned()),
        calendar_days: typed.unit.as_deref() == Some("calendar"),
        post: typed.calendar.as_deref() == Some("post"),
        mistake: None,
        found: None,
        style: STYLE,
        language,
    };
    if typed.from.is_some() {
        match DueQuery::try_from(&typed.into_record()) {
            Ok(query) => page.found = Some(found(answer(&app, &query, None).await?, language)),
            Err(error) => {
                page.mistake = Some(match language {
                    Language::Vietnamese => error.vietnamese().to_owned(),
                    Language::English => error.to_string(),
                });
            }
        }
    }
    Ok(html(StatusCode::OK, rendered(&page)))
}

impl Typed {
    fn into_record(self) -> DueQueryRecord {
        DueParams {
            from: self.from.unwrap_or_default().trim().to_owned(),
            days: Some(self.days.unwrap_or_default().trim().to_owned()),
            unit: self.unit,
            calendar: self.calendar,
            ..DueParams::default()
        }
        .into_record()
    }
}

fn found(record: DueRecord, language: Language) -> Found {
    let shown = |date: &str| read_date(date).map_or_else(|| date.to_owned(), day);
    let steps = record.steps.into_iter().map(|step| Step {
        day: shown(&step.date),
        counted: step.counted,
        why: pick(language, step.why, step.why_en),
    });
    Found {
        steps: steps.collect(),
        day: shown(&record.due),
        provisional: record.provisional,
    }
}
