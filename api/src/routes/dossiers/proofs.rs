//! `GET /api/v1/dossiers/{id}/proofs` and one of them: receipts anybody can check without asking us.

use crate::App;
use crate::auth::StaffRight;
use crate::extract::{Json, Path};
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use custody::act::parse_act;
use custody::envelope::Envelope;
use custody::ids::EventId;
use custody::log::Receipt;
use domain::ids::DossierId;
use entity::Scope;
use entity::repo::dossier;
use entity::tlog::{self, Line};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Facts of one dossier told at most; an honest one has some fifty.
pub(in crate::routes) const MOST: u64 = 500;

/// The act whose receipt is printed on the slip.
pub(in crate::routes) const ORDERED: &str = "dossier.ordered";

/// A fact of the log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProofView {
    /// The fact, in hex.
    event_id: String,
    /// What it is: `take_in`, `dossier.received`.
    kind: String,
    /// Its number among all facts; absent for a moment after it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    log_index: Option<i64>,
    /// When the server had it, milliseconds UTC.
    received_ms: i64,
}

/// The facts of a dossier.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProofsView {
    /// In the order of the log.
    proofs: Vec<ProofView>,
}

/// What was signed about a dossier and its items, each of which has a receipt.
#[utoipa::path(get, path = "/api/v1/dossiers/{id}/proofs", tag = "dossier", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier")),
    responses((status = 200, body = ProofsView), StaffRead))]
pub(crate) async fn list(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
) -> Result<Json<ProofsView>, Problem> {
    let (db, id) = (&app.store.see(&right.scope).await?, DossierId(id));
    dossier::find(db, &right.scope, id).await?.ok_or(Kind::NotFound)?;
    let lines = tlog::of_dossier(db, &right.scope, id, MOST).await?;
    let proofs = lines.into_iter().map(|line| ProofView {
        event_id: line.id.to_string(),
        kind: kind(&line),
        log_index: line.log_index,
        received_ms: line.received_ms,
    });
    Ok(Json(ProofsView {
        proofs: proofs.collect(),
    }))
}

/// The receipt of one fact as a C2SP tlog-proof. Whoever has it can check it with the log's keys alone; it names no person. Until the
/// fact is in the log, within a minute or two, there is none.
#[utoipa::path(get, path = "/api/v1/dossiers/{id}/proofs/{event}", tag = "dossier", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"), ("event" = String, Path, description = "The fact, in hex")),
    responses((status = 200, body = String, content_type = "text/plain"), StaffRead))]
pub(crate) async fn show(
    State(app): State<App>,
    right: StaffRight,
    Path((id, event)): Path<(Uuid, String)>,
) -> Result<Response, Problem> {
    let event = event.parse().map_err(|_| Kind::NotFound)?;
    let receipt = find(&app, &right.scope, DossierId(id), event).await?;
    let text = receipt.and_then(|receipt| receipt.to_text()).ok_or(Kind::NotFound)?;
    Ok(file(event, text))
}

/// The receipt of a fact about a dossier these eyes see.
pub(in crate::routes) async fn find(
    app: &App,
    scope: &Scope,
    id: DossierId,
    event: EventId,
) -> Result<Option<Receipt>, Problem> {
    let lines = tlog::of_dossier(&app.store.see(scope).await?, scope, id, MOST).await?;
    if !lines.iter().any(|line| line.id == event) {
        return Ok(None);
    }
    Ok(tlog::of_event(app.store.open(), &app.keys, event).await?)
}

/// A receipt as a file to keep.
pub(in crate::routes) fn file(event: EventId, text: String) -> Response {
    let name = format!("attachment; filename=\"{}.tlog-proof\"", &event.to_string()[..12]);
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (
            CONTENT_DISPOSITION,
            HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment")),
        ),
    ];
    (headers, text).into_response()
}

/// What a fact is, by its stable name.
pub(in crate::routes) fn kind(line: &Line) -> String {
    if let Ok(envelope) = Envelope::parse(&line.raw) {
        return envelope.event().kind.name().into_owned();
    }
    parse_act(&line.raw).map_or_else(|_| "unknown".to_owned(), |act| act.act.kind)
}
