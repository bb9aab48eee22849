//! `GET` and `POST /t/{capability}/acts`: what a citizen does with a dossier of theirs, proved by a one-time code to the telephone
//! on the slip. The link alone opens none of it: slips lie on tables.

mod papers;

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
use crate::words::{language, pick};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::dossier::words::Language;
use domain::ids::DossierId;
use domain::mode::Mode;
use domain::phone::Phone;
use entity::Scope;
use entity::repo::citizen_act::{self, CITIZEN, CitizenRefusal, NewAddress};
use entity::repo::citizen_code::{self, Asking, CitizenAct, Typed};
use entity::repo::matter::Answer;
use entity::repo::{dossier, reference};
use papers::Papers;
use serde_json::json;
use uuid::Uuid;

/// Longest address.
const LONGEST: usize = 300;

/// The page.
#[derive(Template)]
#[template(path = "acts.html")]
struct Acts {
    /// What was just done, or why not.
    note: Option<String>,
    /// The act a code was sent for: its name, and the end of the telephone.
    sent: Option<(&'static str, String)>,
    /// What was typed for the new address, so that a wrong code loses nothing.
    typed: [String; 3],
    /// The communes of the province: code and name.
    communes: Vec<(String, String)>,
    papers: Option<Papers>,
    /// Whether codes are sent here at all.
    sends: bool,
    carries_result: bool,
    back: String,
    style: &'static str,
    language: Language,
}

impl Acts {
    fn say(&self, vietnamese: &'static str, english: &'static str) -> &'static str {
        pick(self.language, vietnamese, english)
    }

    fn is_chosen(&self, commune: &str) -> bool {
        self.typed[1] == commune
    }

    /// Whether the form of this act now takes a code.
    fn takes_code(&self, act: &str) -> bool {
        self.sent.as_ref().is_some_and(|(sent, _)| *sent == act)
    }
}

/// What a citizen can do with the dossier, each after a one-time code: read the list of papers and scans, have the result brought
/// elsewhere, take the dossier back.
#[utoipa::path(get, path = "/t/{capability}/acts", tag = "citizen",
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
    let Some((secret, id)) = opened_by(&app, &typed).await? else {
        return Ok(unknown(language));
    };
    let page = page(&app, (&secret, id), Done::default(), language).await?;
    Ok(html(StatusCode::OK, rendered(&page)))
}

/// Sends a code, or does what the code is for. A code is six digits, for one act, ten minutes and five tries.
#[utoipa::path(post, path = "/t/{capability}/acts", tag = "citizen",
    params(("capability" = String, Path, description = "26 Crockford symbols"), LanguageQuery),
    request_body(content = String, content_type = "application/x-www-form-urlencoded",
        description = "act=papers|redirect|withdraw, and code=… once it has come; for redirect also address=…, commune=… and phone=…"),
    responses((status = 200, body = String, content_type = "text/html", description = "what was done; or, for a scan, its bytes"),
        (status = 404, body = String, content_type = "text/html", description = "unknown or expired, with one answer"), Always))]
pub(crate) async fn send(
    State(app): State<App>,
    _: Public,
    Path(typed): Path<String>,
    Query(query): Query<LanguageQuery>,
    RawBody(body): RawBody,
) -> Result<Response, Problem> {
    let language = language(query.lang.as_deref());
    let Some((secret, id)) = opened_by(&app, &typed).await? else {
        return Ok(unknown(language));
    };
    let fields = Fields(form::pairs(&body).unwrap_or_default());
    if let Some(scan) = fields.get("scan")
        && let Some(file) = papers::scan(&app, id, scan, fields.get("pass")).await?
    {
        return Ok(file);
    }
    let done = match fields.get("act").and_then(CitizenAct::parse) {
        Some(act) if app.config.sends_messages => go_on(&app, id, act, &fields, language).await?,
        _ => Done::default(),
    };
    let page = page(&app, (&secret, id), done, language).await?;
    Ok(html(StatusCode::OK, rendered(&page)))
}

/// The fields of a form.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// A text of one line within its limit.
    fn line(&self, name: &str) -> Option<&str> {
        let fits = |text: &&str| text.chars().count() <= LONGEST && !text.chars().any(char::is_control);
        self.get(name).filter(fits)
    }
}

/// What a form led to.
#[derive(Default)]
struct Done {
    note: Option<String>,
    sent: Option<(&'static str, String)>,
    typed: [String; 3],
    papers: Option<Papers>,
}

impl Done {
    fn told(note: impl Into<String>) -> Self {
        Self {
            note: Some(note.into()),
            ..Self::default()
        }
    }
}

/// Sends a code; or, when one was typed, judges it and does what it is for.
async fn go_on(
    app: &App,
    id: DossierId,
    act: CitizenAct,
    fields: &Fields,
    language: Language,
) -> Result<Done, Problem> {
    let say = |vietnamese: &str, english: &str| pick(language, vietnamese, english).to_owned();
    let to = match (act, address(fields)) {
        (CitizenAct::Redirect, None) => {
            let why = say(
                "Hãy ghi địa chỉ mới, chọn xã, phường, và ghi đúng số điện thoại nếu đổi số.",
                "Write the new address, choose the commune, and give a telephone number that can be called, if it changes.",
            );
            return Ok(Done::told(why));
        }
        (_, to) => to,
    };
    if act == CitizenAct::Redirect && !carries_result(app, id).await? {
        return Ok(refused(CitizenRefusal::NotByPost, language));
    }
    if let Some(to) = &to
        && act == CitizenAct::Redirect
        && !reference::has_commune(app.store.open(), &to.commune_code).await?
    {
        return Ok(refused(CitizenRefusal::NoCommune, language));
    }
    let typed = ["address", "commune", "phone"].map(|name| fields.get(name).unwrap_or_default().to_owned());
    let Some(code) = fields.get("code") else {
        let asking = citizen_code::ask(&app.store, &app.keys, id, act, app.config.codes_a_day).await?;
        return Ok(asked(asking, act, typed, language));
    };
    let once = match citizen_code::judge(&app.store, &app.keys, id, act, code).await? {
        Typed::Right(once) => once,
        Typed::Wrong(0) | Typed::None => {
            let why = say(
                "Mã đã hết hiệu lực. Hãy lấy mã mới.",
                "The code is not valid any more. Ask for a new one.",
            );
            return Ok(Done {
                typed,
                ..Done::told(why)
            });
        }
        Typed::Wrong(left) => {
            let note = match language {
                Language::Vietnamese => format!("Mã không đúng. Còn {left} lần nhập."),
                Language::English => format!("The code is wrong. {left} tries are left."),
            };
            return Ok(Done {
                sent: Some((act.as_str(), String::new())),
                typed,
                ..Done::told(note)
            });
        }
    };
    match (act, to) {
        (CitizenAct::Papers, _) => Ok(Done {
            papers: Some(papers::read(app, id, language).await?),
            ..Done::default()
        }),
        (CitizenAct::Withdraw, _) => withdraw(app, id, once, language).await,
        (CitizenAct::Redirect, Some(to)) => redirect(app, id, to, once, language).await,
        (CitizenAct::Redirect, None) => Ok(Done::default()),
    }
}

/// What is told of asking for a code.
fn asked(asking: Asking, act: CitizenAct, typed: [String; 3], language: Language) -> Done {
    let say = |vietnamese: &str, english: &str| pick(language, vietnamese, english).to_owned();
    match asking {
        Asking::Sent(end) => Done {
            sent: Some((act.as_str(), end.iter().copied().map(char::from).collect())),
            typed,
            ..Done::default()
        },
        Asking::NoPhone => Done::told(say(
            "Số điện thoại trên phiếu không nhận được tin nhắn. Hãy mang giấy tờ tùy thân đến bưu cục.",
            "The telephone on the slip takes no messages. Take your identity paper to the post office.",
        )),
        Asking::TooMany => Done::told(say(
            "Hôm nay đã gửi đủ số mã cho hồ sơ này. Hãy thử lại ngày mai hoặc đến bưu cục.",
            "As many codes as possible were sent for this dossier today. Try again tomorrow, or go to the post office.",
        )),
    }
}

/// The address a form names.
fn address(fields: &Fields) -> Option<NewAddress> {
    let phone = match fields.get("phone") {
        Some(text) => Some(Phone::parse(text).ok()?.as_str().to_owned()),
        None => None,
    };
    Some(NewAddress {
        address: fields.line("address")?.to_owned(),
        commune_code: fields.line("commune")?.to_owned(),
        phone,
    })
}

/// A code does its act once, however often its form comes.
fn once(code: Uuid, act: CitizenAct) -> entity::repo::idempotency::Once {
    let key = IdempotencyKey(Some(code.to_string()));
    let operation = format!("POST /t/acts/{}", act.as_str());
    key.once(&operation, CITIZEN, &json!({})).expect("a key was given")
}

fn refused(why: CitizenRefusal, language: Language) -> Done {
    Done::told(why.words(language))
}

async fn withdraw(app: &App, id: DossierId, code: Uuid, language: Language) -> Result<Done, Problem> {
    let (who, once) = (CITIZEN.to_owned(), Some(once(code, CitizenAct::Withdraw)));
    Ok(
        match citizen_act::withdraw(&app.store, &app.keys, id, who, once).await? {
            Answer::Done(_) => Done::told(pick(
                language,
                "Đã ghi nhận yêu cầu rút hồ sơ.",
                "It is recorded that you want the dossier back.",
            )),
            Answer::Refused(why) => refused(why, language),
            Answer::Unknown | Answer::KeyReused => Done::default(),
        },
    )
}

async fn redirect(app: &App, id: DossierId, to: NewAddress, code: Uuid, language: Language) -> Result<Done, Problem> {
    let (who, once) = (CITIZEN.to_owned(), Some(once(code, CitizenAct::Redirect)));
    Ok(
        match citizen_act::redirect(&app.store, &app.keys, id, to, who, once).await? {
            Answer::Done(_) => Done::told(pick(
                language,
                "Kết quả sẽ được phát đến địa chỉ mới.",
                "The result will be brought to the new address.",
            )),
            Answer::Refused(why) => refused(why, language),
            Answer::Unknown | Answer::KeyReused => Done::default(),
        },
    )
}

/// Whether the result of a dossier goes by post at all.
async fn carries_result(app: &App, id: DossierId) -> Result<bool, Problem> {
    let scope = Scope::dossier(id);
    let standing = dossier::find(&app.store.see(&scope).await?, &scope, id).await?;
    let mode = standing.and_then(|standing| standing.dossier.mode.parse::<Mode>().ok());
    Ok(mode.is_some_and(Mode::carries_result))
}

async fn page(app: &App, (secret, id): (&str, DossierId), done: Done, language: Language) -> Result<Acts, Problem> {
    let mut communes: Vec<(String, String)> = reference::communes(app.store.open())
        .await?
        .into_iter()
        .map(|row| (row.code, row.name))
        .collect();
    communes.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(Acts {
        note: done.note,
        sent: done.sent,
        typed: done.typed,
        communes,
        papers: done.papers,
        sends: app.config.sends_messages,
        carries_result: carries_result(app, id).await?,
        back: format!("/t/{secret}{}", pick(language, "", "?lang=en")),
        style: STYLE,
        language,
    })
}
