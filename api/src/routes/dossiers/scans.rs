//! `GET` and `POST /api/v1/dossiers/{id}/scans`, and one scan: papers an agency's desk has scanned.

use crate::App;
use crate::auth::StaffRight;
use crate::auth::purpose::AccessPurpose;
use crate::extract::{Json, Path, Query, RawBody};
use crate::openapi::{StaffRead, StaffWrite};
use crate::problem::{Kind, Mistake, Problem};
use crate::routes::sync::blobs::{blobs, media, not_kept};
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use domain::ids::DossierId;
use entity::repo::dossier;
use entity::repo::scan::{self, Added, NewScan, Scan};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Longest name of a paper.
const LONGEST: usize = 300;

/// What a scan is of.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ScanQuery {
    /// The paper, named as the procedure names it: 1 to 300 characters, nothing personal.
    #[param(required = true, min_length = 1, max_length = 300)]
    paper: Option<String>,
}

/// A scan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScanView {
    /// Its id.
    id: Uuid,
    /// What it is of.
    paper: String,
    /// SHA-256 of the bytes, in hex.
    sha256: String,
    /// What the bytes are: `application/pdf` or a picture.
    media: String,
    /// How many bytes.
    size: i64,
    /// Who added it.
    added_by: Uuid,
    /// When, milliseconds UTC.
    added_at_ms: i64,
}

impl From<Scan> for ScanView {
    fn from(row: Scan) -> Self {
        Self {
            id: row.id,
            paper: row.paper,
            sha256: hex::encode(row.sha256),
            media: row.media,
            size: row.size,
            added_by: row.staff_id,
            added_at_ms: row.created_at,
        }
    }
}

/// The scans of a dossier.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScansView {
    /// Each of them, in the order they were added.
    scans: Vec<ScanView>,
}

/// The scans in a dossier. Nobody of the post sees them.
#[utoipa::path(get, path = "/api/v1/dossiers/{id}/scans", tag = "dossier", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"), AccessPurpose),
    responses((status = 200, body = ScansView), StaffRead))]
pub(crate) async fn list(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
) -> Result<Json<ScansView>, Problem> {
    let (db, id) = (&app.store.see(&right.scope).await?, DossierId(id));
    dossier::find(db, &right.scope, id).await?.ok_or(Kind::NotFound)?;
    let scans = scan::list(db, &right.scope, id).await?;
    right.looked(&app, "scans", Some(id), 1).await?;
    Ok(Json(ScansView {
        scans: scans.into_iter().map(ScanView::from).collect(),
    }))
}

/// Adds a scan: a PDF, JPEG, PNG, WebP or HEIF of at most 8 MiB, told from its bytes. The same bytes again are the same scan.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/scans", tag = "dossier", security(("staff" = [])),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The bytes"),
    params(("id" = Uuid, Path, description = "The dossier"), ScanQuery),
    responses((status = 201, body = ScanView), StaffWrite))]
pub(crate) async fn add(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Query(query): Query<ScanQuery>,
    RawBody(body): RawBody,
) -> Result<(StatusCode, Json<ScanView>), Problem> {
    let id = DossierId(id);
    let seen = dossier::find(&app.store.see(&right.scope).await?, &right.scope, id).await?;
    seen.ok_or(Kind::NotFound)?;
    let paper = query.paper.unwrap_or_default().trim().to_owned();
    if paper.is_empty() || paper.chars().count() > LONGEST || paper.chars().any(char::is_control) {
        let mistake = Mistake::invalid(
            "?paper",
            "Tên giấy tờ có 1 đến 300 ký tự.",
            "paper has 1 to 300 characters",
        );
        return Err(Problem::field(Kind::InvalidRequest, mistake));
    }
    let media = media(&body);
    if media == "application/octet-stream" {
        let why = "Chỉ nhận PDF, JPEG, PNG, WebP hoặc HEIF.";
        let mistake = Mistake::invalid("#", why, "only PDF, JPEG, PNG, WebP and HEIF are taken");
        return Err(Problem::field(Kind::InvalidRequest, mistake));
    }
    let new = NewScan {
        paper,
        sha256: Sha256::digest(&body).into(),
        media,
        size: i64::try_from(body.len()).unwrap_or(i64::MAX),
        by: right.person.id,
    };
    keep(&app, &new, body).await?;
    match scan::add(&app.store, right.scope.clone(), id, new).await? {
        Added::Scan(row) => Ok((StatusCode::CREATED, Json(row.into()))),
        Added::Unknown => Err(Kind::NotFound.into()),
        Added::TooMany => Err(Problem::with(Kind::NotNow, "this dossier has 200 scans already")),
    }
}

/// Keeps the bytes, before anything says that they are there.
async fn keep(app: &App, new: &NewScan, body: axum::body::Bytes) -> Result<(), Problem> {
    let (store, bringer) = (blobs(app)?, scan::bringer_of(new.by));
    store.append(&bringer, &new.sha256, 0, body).await.map_err(not_kept)?;
    let whole = store.join(&bringer, &new.sha256).await.map_err(not_kept)?;
    whole.ok_or_else(|| Problem::caused(Kind::Unavailable, "bytes that were just kept are not there"))?;
    store.drop_parts(&bringer, &new.sha256).await.map_err(not_kept)
}

/// The bytes of one scan; the look is written down.
#[utoipa::path(get, path = "/api/v1/dossiers/{id}/scans/{scan}", tag = "dossier", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"), ("scan" = Uuid, Path, description = "The scan"), AccessPurpose),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>,
        description = "The bytes, under their own media type"), StaffRead))]
pub(crate) async fn show(
    State(app): State<App>,
    right: StaffRight,
    Path((id, one)): Path<(Uuid, Uuid)>,
) -> Result<Response, Problem> {
    let (db, id) = (&app.store.see(&right.scope).await?, DossierId(id));
    let found = scan::find(db, &right.scope, id, one).await?;
    let found = found.ok_or(Kind::NotFound)?;
    right.looked(&app, "scan", Some(id), 1).await?;
    file(&app, &found.sha256, &found.media).await
}

/// Kept bytes as a file to save: a browser runs nothing of it.
pub(crate) async fn file(app: &App, sha256: &[u8], media: &str) -> Result<Response, Problem> {
    let missing = || Problem::caused(Kind::Unavailable, "a blob that was kept is not there");
    let sha256: [u8; 32] = sha256.try_into().map_err(|_| missing())?;
    let bytes = blobs(app)?.read(&sha256).await.map_err(not_kept)?;
    let bytes = bytes.ok_or_else(missing)?;
    let media = HeaderValue::from_str(media).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let headers = HeaderMap::from_iter([
        (CONTENT_TYPE, media),
        (CONTENT_DISPOSITION, HeaderValue::from_static("attachment")),
        (
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; sandbox"),
        ),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ]);
    Ok((headers, bytes).into_response())
}
