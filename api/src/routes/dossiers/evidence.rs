//! `GET /api/v1/dossiers/{id}/evidence` and one piece of it: what was photographed and drawn on the way.

use crate::App;
use crate::auth::StaffRight;
use crate::extract::{Json, Path};
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use crate::routes::dossiers::scans::file;
use crate::routes::papers::TimeView;
use crate::routes::sync::blobs::read_hash;
use axum::extract::State;
use axum::response::Response;
use custody::kind::Kind as EventKind;
use domain::ids::DossierId;
use entity::repo::bracket;
use entity::repo::dossier;
use entity::repo::evidence::{self, Named};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A piece of evidence.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EvidenceView {
    /// SHA-256 of the bytes, in hex, as the signed event has it.
    sha256: String,
    /// The event that names it, in hex.
    event_id: String,
    /// What kind of event, for example `deliver`.
    event: String,
    /// When that event was signed, as far as that is proved.
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<TimeView>,
    /// The label of the item.
    item_code: String,
    /// What the bytes are; absent while they have not come.
    #[serde(skip_serializing_if = "Option::is_none")]
    media: Option<String>,
    /// How many bytes; absent while they have not come.
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<i64>,
    /// When they came, in milliseconds UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    stored_at_ms: Option<i64>,
}

impl EvidenceView {
    fn new(named: Named, time: Option<TimeView>) -> Self {
        let code = u64::try_from(named.kind).unwrap_or(0);
        Self {
            time,
            sha256: hex::encode(named.sha256),
            event_id: hex::encode(named.event_id),
            event: EventKind::from_code(code).name().into_owned(),
            item_code: named.item_code,
            media: named.blob.as_ref().map(|blob| blob.media.clone()),
            size: named.blob.as_ref().map(|blob| blob.size),
            stored_at_ms: named.blob.map(|blob| blob.stored_at),
        }
    }
}

/// The evidence of a dossier.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EvidencesView {
    /// Each piece, in the order of the log.
    evidence: Vec<EvidenceView>,
}

/// What the events on a dossier's items name as evidence, and what of it has come.
#[utoipa::path(get, path = "/api/v1/dossiers/{id}/evidence", tag = "dossier", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier")),
    responses((status = 200, body = EvidencesView), StaffRead))]
pub(crate) async fn list(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
) -> Result<Json<EvidencesView>, Problem> {
    let (db, id) = (&app.store.see(&right.scope).await?, DossierId(id));
    dossier::find(db, &right.scope, id).await?.ok_or(Kind::NotFound)?;
    let named = evidence::of_dossier(db, &right.scope, id).await?;
    let events = named.iter().map(|one| one.event_id.clone()).collect();
    let times = bracket::of(app.store.open(), &app.keys, &events).await?;
    let view = |one: Named| {
        let time = times.get(&one.event_id).copied().map(TimeView::from);
        EvidenceView::new(one, time)
    };
    Ok(Json(EvidencesView {
        evidence: named.into_iter().map(view).collect(),
    }))
}

/// The bytes of one piece of evidence, as they were brought. They may show a face, a door, a signature: the look is written down.
#[utoipa::path(get, path = "/api/v1/dossiers/{id}/evidence/{sha256}", tag = "dossier", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"),
        ("sha256" = String, Path, description = "The SHA-256 of the bytes, in lower-case hex")),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>,
        description = "The bytes, under their own media type when it is an image's or a PDF's"), StaffRead))]
pub(crate) async fn show(
    State(app): State<App>,
    right: StaffRight,
    Path((id, sha256)): Path<(Uuid, String)>,
) -> Result<Response, Problem> {
    let (db, id, sha256) = (&app.store.see(&right.scope).await?, DossierId(id), read_hash(&sha256)?);
    let named = evidence::of_dossier(db, &right.scope, id).await?;
    let blob = named
        .into_iter()
        .find(|one| one.sha256 == sha256)
        .and_then(|one| one.blob);
    let blob = blob.ok_or(Kind::NotFound)?;
    right.looked(&app, "evidence", Some(id), 1).await?;
    file(&app, &sha256, &blob.media).await
}
