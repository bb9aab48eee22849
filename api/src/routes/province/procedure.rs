//! `GET /province/procedures/{code}`: what to put into the envelope.

use super::Page;
use crate::App;
use crate::auth::Public;
use crate::extract::{Path, Query};
use crate::openapi::Always;
use crate::problem::Problem;
use crate::routes::page::plain::LanguageQuery;
use crate::routes::page::{STYLE, html, rendered};
use crate::words::{day, language, local_date, pick};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::catalogue::{
    Catalogue, Channel, ChannelTerms, Component, FindError, LimitUnit, Procedure, ProcedureCase, Required,
};
use domain::dossier::words::Language;
use domain::procedure_code::ProcedureCode;
use time::Date;

/// The page.
#[derive(Template)]
#[template(path = "procedure.html")]
struct Shown {
    name: String,
    code: String,
    sector: String,
    level: &'static str,
    authorisation: &'static str,
    online: &'static str,
    result: &'static str,
    since: Option<String>,
    may_send: bool,
    may_return: bool,
    cases: Vec<Case>,
    /// One list when every case has the same, else one for each.
    papers: Vec<Papers>,
    calculator: Option<String>,
    source: String,
    style: &'static str,
    language: Language,
}

/// A case with its terms.
struct Case {
    name: String,
    terms: Vec<Terms>,
}

/// What a channel takes and costs.
struct Terms {
    channel: &'static str,
    limit: String,
    fee: String,
}

/// What goes into the envelope.
#[derive(PartialEq, Eq)]
struct Papers {
    /// The case it is the list of, where lists differ.
    case: Option<String>,
    sets: u32,
    list: Vec<Paper>,
    surrender: Vec<(String, Option<String>)>,
}

/// One paper.
#[derive(PartialEq, Eq)]
struct Paper {
    name: String,
    count: u32,
    copy: &'static str,
    is_if_any: bool,
}

/// Nothing in force under a code.
#[derive(Template)]
#[template(path = "no_procedure.html")]
struct Nothing {
    replaced_by: Option<String>,
    is_known: bool,
    style: &'static str,
    language: Language,
}

impl Page for Shown {
    fn language(&self) -> Language {
        self.language
    }
}

impl Page for Nothing {
    fn language(&self) -> Language {
        self.language
    }
}

/// What a procedure asks for today: papers, time limits, fees, and whether the post may carry it.
#[utoipa::path(get, path = "/province/procedures/{code}", tag = "province",
    params(("code" = String, Path, description = "code of the national base, `1.004082`"), LanguageQuery),
    responses((status = 200, body = String, content_type = "text/html"),
        (status = 404, body = String, content_type = "text/html", description = "none in force, with the code that took its place"), Always))]
pub(crate) async fn handler(
    State(app): State<App>,
    _: Public,
    Path(typed): Path<String>,
    Query(query): Query<LanguageQuery>,
) -> Result<Response, Problem> {
    let province = app.provinces.get(&app.store).await?;
    let language = language(query.lang.as_deref());
    let today = local_date(app.store.now_ms());
    Ok(match found(&province.catalogue, &typed, today) {
        Ok(procedure) => html(StatusCode::OK, rendered(&shown(procedure, language))),
        Err(error) => {
            let page = Nothing {
                is_known: matches!(error, Some(FindError::NotInForce(_))),
                replaced_by: match error {
                    Some(FindError::Replaced { by, .. }) => Some(by.national().to_owned()),
                    _ => None,
                },
                style: STYLE,
                language,
            };
            html(StatusCode::NOT_FOUND, rendered(&page))
        }
    })
}

/// The version in force; `None` for a text that is no code at all.
fn found<'a>(catalogue: &'a Catalogue, typed: &str, day: Date) -> Result<&'a Procedure, Option<FindError>> {
    let code = ProcedureCode::parse(typed).map_err(|_| None)?;
    catalogue.in_force(&code, day).map_err(Some)
}

fn shown(procedure: &Procedure, language: Language) -> Shown {
    let cases = procedure.cases.iter().map(|case| Case {
        name: case.name.clone(),
        terms: case
            .channels
            .iter()
            .map(|(channel, one)| terms(*channel, one, language))
            .collect(),
    });
    let from = procedure.validity.from();
    Shown {
        cases: cases.collect(),
        papers: lists(procedure, language),
        name: procedure.name.clone(),
        code: procedure.code.national().to_owned(),
        sector: procedure.sector.clone(),
        level: pick(language, procedure.level.vietnamese(), procedure.level.english()),
        authorisation: pick(
            language,
            procedure.authorisation.vietnamese(),
            procedure.authorisation.english(),
        ),
        online: pick(language, procedure.online.vietnamese(), procedure.online.english()),
        result: pick(language, procedure.result.vietnamese(), procedure.result.english()),
        since: (from != Date::MIN).then(|| day(from)),
        may_send: procedure.bcci_submit,
        may_return: procedure.bcci_return,
        calculator: calculator(procedure, language),
        source: procedure.source.clone(),
        style: STYLE,
        language,
    }
}

fn lists(procedure: &Procedure, language: Language) -> Vec<Papers> {
    let mut all: Vec<Papers> = procedure.cases.iter().map(|case| papers(case, language)).collect();
    if all.windows(2).all(|pair| pair[0] == pair[1]) {
        all.truncate(1);
    } else {
        for (list, case) in all.iter_mut().zip(&procedure.cases) {
            list.case = Some(case.name.clone());
        }
    }
    all
}

fn terms(channel: Channel, terms: &ChannelTerms, language: Language) -> Terms {
    Terms {
        channel: pick(language, channel.vietnamese(), channel.english()),
        limit: pick(language, terms.limit.vietnamese(), terms.limit.english()),
        // A narrow column must not part the sum from its unit.
        fee: pick(language, terms.fee.vietnamese(), terms.fee.english()).replace(" ₫", "\u{a0}₫"),
    }
}

fn papers(case: &ProcedureCase, language: Language) -> Papers {
    let paper = |component: &Component| Paper {
        name: component.name.clone(),
        count: component.quantity,
        copy: pick(language, component.copy.vietnamese(), component.copy.english()),
        is_if_any: component.required == Required::IfAny,
    };
    Papers {
        case: None,
        sets: case.sets,
        list: case.components.iter().map(paper).collect(),
        surrender: case
            .surrender
            .iter()
            .map(|item| (item.name.clone(), item.if_lost.clone()))
            .collect(),
    }
}

/// The calculator with the limit of the ordinary case filled in, for the post where it may carry the dossier. It counts days,
/// so a limit in hours has none.
fn calculator(procedure: &Procedure, language: Language) -> Option<String> {
    let channels = &procedure.cases.first()?.channels;
    let terms = channels.get(&Channel::Post).or(channels.get(&Channel::InPerson))?;
    let unit = match terms.limit.unit() {
        LimitUnit::WorkingDays => "working",
        LimitUnit::CalendarDays => "calendar",
        LimitUnit::Hours => return None,
    };
    let days = terms.limit.amount();
    let english = pick(language, "", "&lang=en");
    Some(format!("/due?days={days}&unit={unit}{english}"))
}
