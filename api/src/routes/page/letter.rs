//! `GET` and `POST /t/{capability}/letter`: a citizen complains of the post, or tells the agency what they think.

use super::plain::LanguageQuery;
use super::show::{opened_by, unknown};
use super::{STYLE, html, rendered};
use crate::App;
use crate::auth::Public;
use crate::extract::{Path, Query, RawBody};
use crate::form;
use crate::once::IdempotencyKey;
use crate::openapi::Always;
use crate::problem::Problem;
use crate::routes::complaints;
use crate::told::Words;
use crate::words::{day, language, pick};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::complaint::Grievance;
use domain::dossier::words::Language;
use domain::feedback::Rating;
use domain::ids::DossierId;
use entity::Scope;
use entity::repo::complaint::NewComplaint;
use entity::repo::matter::Answer;
use entity::repo::{complaint, feedback};
use serde_json::json;

/// Who acts: the holder of the dossier's secret. Nobody is named.
const CITIZEN: &str = "citizen";

/// The page with the form.
#[derive(Template)]
#[template(path = "letter.html")]
struct Letter {
    /// What was just done, or why not.
    note: Option<String>,
    /// What was written before, and what became of it.
    letters: Vec<(String, String)>,
    /// What a complaint can be about: value and words.
    grievances: Vec<(&'static str, &'static str)>,
    /// Makes a form that is sent twice one letter.
    key: String,
    style: &'static str,
    language: Language,
}

impl Letter {
    fn say(&self, vietnamese: &'static str, english: &'static str) -> &'static str {
        pick(self.language, vietnamese, english)
    }
}

/// The form for a complaint about the post or for feedback on the agency, and what became of those before.
#[utoipa::path(get, path = "/t/{capability}/letter", tag = "citizen",
    params(("capability" = String, Path, description = "26 Crockford symbols"), LanguageQuery),
    responses((status = 200, body = String, content_type = "text/html"),
        (status = 404, body = String, content_type = "text/html", description = "unknown or expired, with one answer"), Always))]
pub(crate) async fn form(
    State(app): State<App>,
    _: Public,
    Path(typed): Path<String>,
    Query(query): Query<LanguageQuery>,
) -> Result<Response, Problem> {
    let language = language(query.lang.as_deref());
    let Some((_, id)) = opened_by(&app, &typed).await? else {
        return Ok(unknown(language));
    };
    Ok(html(StatusCode::OK, page(&app, id, None, language).await?))
}

/// Takes the letter. A complaint is answered within the law's term, and the page says by when.
#[utoipa::path(post, path = "/t/{capability}/letter", tag = "citizen",
    params(("capability" = String, Path, description = "26 Crockford symbols"), LanguageQuery),
    request_body(content = String, content_type = "application/x-www-form-urlencoded",
        description = "to=post&about=late&text=… or to=agency&rating=4&text=…, and key=… as the form gave it"),
    responses((status = 200, body = String, content_type = "text/html"),
        (status = 404, body = String, content_type = "text/html", description = "unknown or expired, with one answer"), Always))]
pub(crate) async fn send(
    State(app): State<App>,
    _: Public,
    Path(typed): Path<String>,
    Query(query): Query<LanguageQuery>,
    RawBody(body): RawBody,
) -> Result<Response, Problem> {
    let language = language(query.lang.as_deref());
    let Some((_, id)) = opened_by(&app, &typed).await? else {
        return Ok(unknown(language));
    };
    let pairs = form::pairs(&body).unwrap_or_default();
    let field = |name: &str| {
        pairs
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    };
    let note = if field("to") == Some("post") {
        complain(&app, id, &field, language).await?
    } else {
        tell(&app, id, &field, language).await?
    };
    Ok(html(StatusCode::OK, page(&app, id, Some(note), language).await?))
}

/// The key of a form, so that pressing twice files once.
fn once<'a>(field: &impl Fn(&str) -> Option<&'a str>, id: DossierId) -> Option<entity::repo::idempotency::Once> {
    let key = field("key")
        .filter(|key| (1..=128).contains(&key.len()))
        .map(str::to_owned);
    let body = ["to", "about", "rating", "text"].map(|name| (name.to_owned(), json!(field(name))));
    let body = serde_json::Value::Object(body.into_iter().collect());
    IdempotencyKey(key).once(&format!("POST /t/{id}/letter"), CITIZEN, &body)
}

async fn complain<'a>(
    app: &App,
    id: DossierId,
    field: &impl Fn(&str) -> Option<&'a str>,
    language: Language,
) -> Result<String, Problem> {
    let about = field("about").and_then(Grievance::parse).unwrap_or(Grievance::Other);
    let text = complaints::text("text", field("text"))?;
    if text.is_empty() {
        let why = pick(
            language,
            "Hãy viết nội dung khiếu nại.",
            "Please write what you complain of.",
        );
        return Ok(why.to_owned());
    }
    let (answer_by, between_provinces) = match complaints::term(app, id).await {
        Ok(term) => term,
        Err(_too_late) => {
            let why = pick(
                language,
                "Đã hết thời hạn khiếu nại (6 tháng sau thời gian toàn trình).",
                "The time for complaints is over (6 months after the total time).",
            );
            return Ok(why.to_owned());
        }
    };
    let new = NewComplaint {
        about,
        text,
        item: None,
        between_provinces,
        answer_by,
    };
    let (scope, once) = (Scope::dossier(id), once(field, id));
    let answer = complaint::file(&app.store, &app.keys, scope, id, new, CITIZEN.to_owned(), once).await?;
    Ok(match answer {
        Answer::Done(_) => {
            let by = day(answer_by);
            match language {
                Language::Vietnamese => format!("Bưu điện đã nhận khiếu nại và trả lời chậm nhất ngày {by}."),
                Language::English => format!("The post has your complaint and answers by {by} at the latest."),
            }
        }
        Answer::Refused(why) => why.words_in(language).to_owned(),
        Answer::Unknown | Answer::KeyReused => changed(language),
    })
}

async fn tell<'a>(
    app: &App,
    id: DossierId,
    field: &impl Fn(&str) -> Option<&'a str>,
    language: Language,
) -> Result<String, Problem> {
    let rating = field("rating").and_then(|mark| mark.parse().ok()).and_then(Rating::new);
    let text = complaints::text("text", field("text"))?;
    let (scope, once) = (Scope::dossier(id), once(field, id));
    let answer = feedback::give(
        &app.store,
        &app.keys,
        scope,
        id,
        (rating, text),
        CITIZEN.to_owned(),
        once,
    )
    .await?;
    Ok(match answer {
        Answer::Done(_) => pick(
            language,
            "Cơ quan đã nhận phản ánh. Cảm ơn bạn.",
            "The agency has your feedback. Thank you.",
        )
        .to_owned(),
        Answer::Refused(why) => why.words_in(language).to_owned(),
        Answer::Unknown | Answer::KeyReused => changed(language),
    })
}

fn changed(language: Language) -> String {
    let why = pick(
        language,
        "Biểu mẫu này đã gửi với nội dung khác. Hãy mở lại trang.",
        "This form was sent with other content. Open the page again.",
    );
    why.to_owned()
}

async fn page(app: &App, id: DossierId, note: Option<String>, language: Language) -> Result<String, Problem> {
    let scope = Scope::dossier(id);
    let db = &app.store.see(&scope).await?;
    let mut letters = Vec::new();
    for filed in complaint::list(db, &scope).await? {
        let about = filed.complaint.about.words(language);
        let became = match filed.complaint.ended {
            Some((_, outcome)) => format!("{}. {}", outcome.words(language), filed.answer),
            None => format!(
                "{} {}",
                pick(language, "trả lời chậm nhất ngày", "answered by"),
                day(filed.complaint.answer_by)
            ),
        };
        letters.push((format!("{}: {about}", pick(language, "Khiếu nại", "Complaint")), became));
    }
    for given in feedback::list(db, &scope).await? {
        let mark = given
            .rating
            .map_or_else(String::new, |rating| format!(" {}/5", rating.mark()));
        let stage = given.stages.last().map_or("", |(stage, _)| stage.words(language));
        letters.push((
            format!("{}{mark}", pick(language, "Phản ánh, đánh giá", "Feedback")),
            format!("{stage} {}", given.answer).trim().to_owned(),
        ));
    }
    let page = Letter {
        note,
        letters,
        grievances: Grievance::ALL.map(|one| (one.as_str(), one.words(language))).into(),
        key: hex::encode(entity::clock::random::<16>()),
        style: STYLE,
        language,
    };
    Ok(rendered(&page))
}
