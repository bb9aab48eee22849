//! `GET /t/{capability}`

use super::accesses;
use super::plain::{LanguageQuery, Plain};
use super::story::{Past, Step, past, steps};
use super::{STYLE, capability, html, rendered};
use crate::App;
use crate::answers::{Answer, Asked};
use crate::auth::Public;
use crate::extract::{Path, Query};
use crate::openapi::Always;
use crate::problem::{Kind, Problem};
use crate::routes::dossiers::due::{self, Explained};
use crate::words::{day, hour, language, pick};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::calendar::read_date;
use domain::dossier::words::{self, Language};
use domain::dossier::{Dossier, DossierState};
use domain::holder::Holder;
use domain::ids::{AgencyId, DossierId};
use domain::item::{Addressee, ItemKind};
use domain::wire::limit::LimitRecord;
use entity::Scope;
use entity::repo::dossier::{self, Standing};
use entity::repo::{item, reference, staff};
use entity::table::item_custody;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A page can be read this long after its dossier was closed.
const KEPT_MS: i64 = 90 * 24 * 3600 * 1000;
/// What happened last is shown at once, the rest on demand.
const AT_ONCE: usize = 3;
/// Skipped days shown at most; longer limits are not explained day by day on a page this small.
const MOST_SKIPPED: usize = 60;

/// The page.
#[derive(Template)]
#[template(path = "citizen.html")]
struct Citizen {
    stage: &'static str,
    due: Option<DueOn>,
    contested: bool,
    provisional: bool,
    attempts: i64,
    holder: String,
    since: Option<String>,
    next: &'static str,
    reason: Option<String>,
    told: Vec<String>,
    steps: Vec<Step>,
    recent: Vec<Past>,
    earlier: Vec<Past>,
    code: Option<String>,
    labels: Vec<String>,
    /// Where the receipts are.
    proofs: String,
    /// Where to do what needs a code.
    acts: String,
    /// Where to complain or give feedback.
    letter: String,
    style: &'static str,
    language: Language,
}

/// When it is due, and which days do not count.
struct DueOn {
    day: String,
    provisional: bool,
    /// The limit in words, and where it is from.
    limit: Option<(String, String)>,
    skipped: Vec<Skipped>,
}

struct Skipped {
    day: String,
    why: String,
}

impl Citizen {
    fn say(&self, vietnamese: &'static str, english: &'static str) -> &'static str {
        pick(self.language, vietnamese, english)
    }
}

/// A citizen's look at their own dossier. Whoever has the link can read it; it names no person.
#[utoipa::path(get, path = "/t/{capability}", tag = "citizen",
    params(("capability" = String, Path, description = "26 Crockford symbols"), LanguageQuery),
    responses((status = 200, body = String, content_type = "text/html"),
        (status = 404, body = String, content_type = "text/html", description = "unknown or expired, with one answer"), Always))]
pub(crate) async fn handler(
    State(app): State<App>,
    _: Public,
    Path(typed): Path<String>,
    Query(query): Query<LanguageQuery>,
) -> Result<Response, Problem> {
    let language = language(query.lang.as_deref());
    let Some(secret) = capability(&typed) else {
        return Ok(unknown(language));
    };
    if query.view.as_deref() == Some("accesses") {
        let page = accesses::page(&app, &secret, language).await?;
        return Ok(page.map_or_else(|| unknown(language), |page| html(StatusCode::OK, page)));
    }
    let asked = Asked::Page {
        secret: Sha256::digest(secret.as_bytes()).into(),
        is_english: language == Language::English,
    };
    let page = app.answers.of(&app.store, asked, made(&app, &secret, language)).await?;
    Ok(page.map_or_else(|| unknown(language), |page| html(StatusCode::OK, page)))
}

/// The page of this secret, unless there is none or it has been closed for too long.
async fn made(app: &App, secret: &str, language: Language) -> Result<Option<Answer>, Problem> {
    let Some(id) = dossier::by_capability(&app.store, secret).await? else {
        return Ok(None);
    };
    let scope = Scope::dossier(id);
    let Some(standing) = dossier::find(&app.store.see(&scope).await?, &scope, id).await? else {
        return Ok(None);
    };
    let body = body(&standing);
    let ends_at_ms = ends_at_ms(&body);
    if ends_at_ms < app.store.now_ms() {
        return Ok(None);
    }
    let letter = format!("/t/{secret}/letter{}", pick(language, "", "?lang=en"));
    let page = page(app, id, (&standing, &body), letter, language).await?;
    Ok(Some(Answer {
        body: rendered(&page).into(),
        ends_at_ms,
    }))
}

/// When a page stops being shown.
fn ends_at_ms(body: &Value) -> i64 {
    body["closed_at_ms"]
        .as_i64()
        .map_or(i64::MAX, |closed| closed.saturating_add(KEPT_MS))
}

/// The dossier a secret opens, unless there is none or it has been closed for too long.
pub(super) async fn opened(app: &App, secret: &str) -> Result<Option<DossierId>, Problem> {
    let Some(id) = dossier::by_capability(&app.store, secret).await? else {
        return Ok(None);
    };
    let scope = Scope::dossier(id);
    let standing = dossier::find(&app.store.see(&scope).await?, &scope, id).await?;
    let is_open = |standing: &Standing| ends_at_ms(&body(standing)) >= app.store.now_ms();
    Ok(standing.filter(is_open).map(|_| id))
}

/// The same of a secret as typed, with the secret as it is written.
pub(super) async fn opened_by(app: &App, typed: &str) -> Result<Option<(String, DossierId)>, Problem> {
    let Some(secret) = capability(typed) else {
        return Ok(None);
    };
    Ok(opened(app, &secret).await?.map(|id| (secret, id)))
}

fn body(standing: &Standing) -> Value {
    standing
        .state
        .as_ref()
        .and_then(|state| serde_json::from_str(&state.body).ok())
        .unwrap_or_default()
}

/// One answer for a secret that never was and one that is no more.
pub(super) fn unknown(language: Language) -> Response {
    let page = Plain {
        title: pick(language, "Không tìm thấy", "Not found"),
        texts: vec![pick(
            language,
            "Đường dẫn này không đúng hoặc đã hết hạn. Hãy kiểm tra lại đường dẫn trên phiếu gửi.",
            "This link is wrong or has expired. Check the link on your slip.",
        )],
        asks: true,
        links: Vec::new(),
        style: STYLE,
        language,
    };
    html(StatusCode::NOT_FOUND, page.text())
}

async fn page(
    app: &App,
    id: DossierId,
    (standing, body): (&Standing, &Value),
    letter: String,
    language: Language,
) -> Result<Citizen, Problem> {
    let scope = Scope::dossier(id);
    let db = &app.store.see(&scope).await?;
    let items = item::as_of(db, item::of_dossier(db, &scope, id).await?, app.store.now_ms()).await?;
    let current = items.iter().rev().find(|item| !is_over(item)).or(items.last());
    let folded = folded(id, standing, body)?;
    let is_cancelled = folded.times.cancelled_at_ms.is_some() && folded.state == DossierState::Draft;
    let mut recent = past(body, language);
    let earlier = recent.split_off(recent.len().min(AT_ONCE));
    Ok(Citizen {
        stage: if is_cancelled {
            pick(
                language,
                "Đã hủy yêu cầu với bưu điện",
                "The order to the post was cancelled",
            )
        } else {
            words::stage(folded.state, language)
        },
        next: if is_cancelled {
            pick(language, "Bạn không cần làm gì", "You need not do anything")
        } else {
            folded.next_step(language)
        },
        due: due_on(app, standing, language).await?,
        contested: items.iter().any(|item| item.disputed),
        provisional: items.iter().any(|item| item.provisional),
        attempts: current.map_or(0, |item| item.attempts),
        holder: holder(app, standing, current, language).await?,
        since: current
            .filter(|item| item.holder.is_some())
            .map(|item| hour(item.since_ms)),
        reason: body["reason"]
            .as_str()
            .filter(|reason| !reason.is_empty())
            .map(str::to_owned),
        told: told(body, language),
        steps: steps(folded.state, language),
        recent,
        earlier,
        code: folded.code,
        labels: items.into_iter().map(|item| item.item_code).collect(),
        proofs: letter.replacen("/letter", "/proofs", 1),
        acts: letter.replacen("/letter", "/acts", 1),
        letter,
        style: STYLE,
        language,
    })
}

/// What is out of the ordinary: dates that moved and why, who pays for what, what was lost.
fn told(body: &Value, language: Language) -> Vec<String> {
    let texts = body["told"][language.code()].as_array().into_iter().flatten();
    texts.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Delivered, back or cancelled.
fn is_over(item: &item_custody::Model) -> bool {
    matches!(item.state.as_str(), "C8" | "C11" | "C13")
}

/// As much of the dossier as its words need.
fn folded(id: DossierId, standing: &Standing, body: &Value) -> Result<Dossier, Problem> {
    let unreadable = |what: &str| Problem::caused(Kind::Internal, format!("{what} of dossier {id}"));
    let mode = standing.dossier.mode.parse().map_err(|_| unreadable("mode"))?;
    let mut dossier = Dossier::new(id, mode);
    dossier.times.cancelled_at_ms = body["cancelled_at_ms"].as_i64();
    if let Some(state) = &standing.state {
        dossier.state = state.state.parse().map_err(|_| unreadable("state"))?;
        dossier.code.clone_from(&state.code);
    }
    Ok(dossier)
}

/// Who has it, in words: offices by name, people never. What the post has not taken over yet is still with its sender.
async fn holder(
    app: &App,
    standing: &Standing,
    item: Option<&item_custody::Model>,
    language: Language,
) -> Result<String, Problem> {
    let told = item.and_then(|item| item.holder.as_deref()?.parse::<Holder>().ok());
    let sender = item
        .and_then(|item| item.kind.parse::<ItemKind>().ok())
        .map(ItemKind::sender);
    let holder = told.or(sender.map(|sender| match sender {
        Addressee::Citizen => Holder::Citizen,
        Addressee::Agency => Holder::Agency(AgencyId(standing.dossier.agency_id)),
    }));
    let db = app.store.open();
    let place = match holder {
        Some(Holder::Staff(id)) => staff::by_id(db, id).await?.map(|person| person.office_name),
        Some(Holder::ServicePoint(id)) => reference::service_point(db, id).await?.map(|point| point.name),
        Some(Holder::Agency(id)) => reference::agency(db, id).await?.map(|agency| agency.name),
        Some(Holder::Citizen | Holder::Bag(_)) | None => None,
    };
    Ok(words::holder(
        holder.as_ref(),
        place.as_deref().filter(|name| !name.is_empty()),
        language,
    ))
}

/// The due date, and the days it skipped when it is the one the calendar gives.
async fn due_on(app: &App, standing: &Standing, language: Language) -> Result<Option<DueOn>, Problem> {
    let due_on = standing.state.as_ref().and_then(|state| state.due_on.clone());
    let Some((text, date)) = due_on.and_then(|text| read_date(&text).map(|date| (text, date))) else {
        return Ok(None);
    };
    let counted = due::of(app, standing).await?.filter(|due| due.due_on() == text);
    let provisional = counted.as_ref().is_some_and(Explained::is_provisional);
    let skipped = counted.iter().flat_map(Explained::skipped).take(MOST_SKIPPED);
    let skipped = skipped.map(|(date, why)| Skipped { day: day(date), why });
    Ok(Some(DueOn {
        day: day(date),
        provisional,
        skipped: skipped.collect(),
        limit: counted.and_then(|counted| limit(counted.limit, language)),
    }))
}

/// «5 ngày làm việc (bưu chính công ích)», and where that is from. The case is not named: whoever stands beside reads along.
fn limit(record: LimitRecord, language: Language) -> Option<(String, String)> {
    let limit = record.limit().ok()?;
    let channel = record
        .channel()
        .map(|channel| pick(language, channel.vietnamese(), channel.english()));
    let words = pick(language, limit.vietnamese(), limit.english());
    let words = channel.map_or(words.clone(), |channel| format!("{words} ({channel})"));
    Some((words, record.source))
}
