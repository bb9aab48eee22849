//! The papers of a dossier, for whoever it belongs to: what the procedure asks for, what was asked for besides, and scans.

use crate::App;
use crate::problem::{Kind, Problem};
use crate::routes::dossiers::checklist;
use crate::routes::dossiers::scans::file;
use crate::words::{hour, pick};
use axum::response::Response;
use domain::dossier::words::Language;
use domain::ids::DossierId;
use entity::Scope;
use entity::repo::{dossier, scan};
use uuid::Uuid;

/// What is shown once a code was right.
pub(super) struct Papers {
    /// The procedure by name; none when the counter did not say which.
    pub(super) procedure: Option<String>,
    /// Papers counted at the counter.
    pub(super) count: i64,
    /// What the procedure asks for.
    pub(super) list: Vec<String>,
    /// What the agency asked for later: when and why.
    pub(super) asked: Vec<(String, String)>,
    /// Scans: id and what each is of.
    pub(super) scans: Vec<(String, String)>,
    /// Opens the scans for as long as the code would have been valid.
    pub(super) pass: String,
}

/// Reads them.
pub(super) async fn read(app: &App, id: DossierId, language: Language) -> Result<Papers, Problem> {
    let scope = Scope::dossier(id);
    let db = &app.store.see(&scope).await?;
    let standing = dossier::find(db, &scope, id).await?.ok_or(Kind::NotFound)?;
    let row = standing.dossier;
    let list = checklist::of(app, &row).await?;
    let acts = dossier::acts(db, &scope, id).await?;
    let asked = acts
        .iter()
        .filter(|act| act.kind == "dossier.supplement_requested")
        .map(|act| {
            let data: serde_json::Value = serde_json::from_str(&act.data).unwrap_or_default();
            (hour(act.at_ms), data["reason"].as_str().unwrap_or_default().to_owned())
        });
    let until = app.store.now_ms().saturating_add(app.config.papers_life_ms());
    Ok(Papers {
        procedure: list.procedure,
        count: row.paper_count,
        list: list
            .papers
            .iter()
            .map(|paper| {
                let copy = pick(language, paper.copy.vietnamese(), paper.copy.english());
                format!("{} – {} × {copy}", paper.name, paper.quantity)
            })
            .collect(),
        asked: asked.collect(),
        scans: scan::list(db, &scope, id)
            .await?
            .into_iter()
            .map(|scan| (scan.id.to_string(), scan.paper))
            .collect(),
        pass: pass(app, id, until),
    })
}

/// Proves until a moment that a code was right: the moment, and what only this server derives from it.
fn pass(app: &App, id: DossierId, until_ms: i64) -> String {
    let subject = [id.0.as_bytes(), &until_ms.to_be_bytes()[..]].concat();
    let proof = app.keys.derive("papers", &subject);
    format!("{until_ms}.{}", hex::encode(proof))
}

fn is_open(app: &App, id: DossierId, typed: &str) -> bool {
    let until = typed.split_once('.').and_then(|(until, _)| until.parse::<i64>().ok());
    until.is_some_and(|until| until > app.store.now_ms() && pass(app, id, until) == typed)
}

/// The bytes of a scan, for whoever proved it a moment ago.
pub(super) async fn scan(
    app: &App,
    id: DossierId,
    typed: &str,
    pass: Option<&str>,
) -> Result<Option<Response>, Problem> {
    let Some(one) = Uuid::parse_str(typed)
        .ok()
        .filter(|_| pass.is_some_and(|pass| is_open(app, id, pass)))
    else {
        return Ok(None);
    };
    let scope = Scope::dossier(id);
    let found = scan::find(&app.store.see(&scope).await?, &scope, id, one).await?;
    match found {
        Some(row) => file(app, &row.sha256, &row.media).await.map(Some),
        None => Ok(None),
    }
}
