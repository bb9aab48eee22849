//! `POST /api/v1/sync/salvage`

use crate::App;
use crate::auth::StaffRight;
use crate::extract::{Json, RawBody};
use crate::openapi::StaffWrite;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use entity::recovery::is_file;
use entity::repo::salvage;
use serde::Serialize;
use utoipa::ToSchema;

/// What became of a file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SalvageView {
    /// Whether these bytes were not here before. Either way they are kept now.
    is_new: bool,
}

/// Keeps the file a phone gave up whose key store failed. It is sealed: nobody reads it here. `traotay salvage` opens it and
/// deposits what is in it; every event in it is judged by the signature it carries, like any other.
#[utoipa::path(post, path = "/api/v1/sync/salvage", tag = "sync", security(("staff" = [])),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file as the phone wrote it"),
    responses((status = 201, body = SalvageView), StaffWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    RawBody(body): RawBody,
) -> Result<(StatusCode, Json<SalvageView>), Problem> {
    if !is_file(&body) {
        return Err(Problem::with(
            Kind::InvalidRequest,
            "this is no file of a phone's salvage",
        ));
    }
    let is_new = salvage::keep(&app.store, body.to_vec(), right.person.id)
        .await
        .map_err(|error| {
            let kind = if error.is_full() {
                Kind::StorageFull
            } else {
                Kind::Unavailable
            };
            Problem::caused(kind, error)
        })?;
    Ok((StatusCode::CREATED, Json(SalvageView { is_new })))
}
