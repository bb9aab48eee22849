//! `POST /api/v1/sync/numbers`

use super::schema;
use crate::App;
use crate::auth::DeviceRight;
use crate::extract::Json;
use crate::openapi::DeviceWrite;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use domain::wire::v1::{NumbersRequest, NumbersView};
use entity::repo::lend::{self, Wanted};

/// Lends labels and receipt numbers to a phone, to be given without a network: the next of its office's runs, at most sixty of each.
/// The office sees what was lent beside its series.
#[utoipa::path(post, path = "/api/v1/sync/numbers", tag = "sync", request_body = schema::NumbersRequest, security(("device" = [])),
    responses((status = 200, body = schema::NumbersView), DeviceWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: DeviceRight,
    Json(asked): Json<NumbersRequest>,
) -> Result<Json<NumbersView>, Problem> {
    let request = hex::decode(&asked.request).ok().and_then(|bytes| bytes.try_into().ok());
    let request: [u8; 16] =
        request.ok_or_else(|| Problem::with(Kind::InvalidRequest, "request is sixteen bytes in hex"))?;
    let wanted = Wanted {
        request,
        labels: asked.labels,
        receipts: asked.receipts,
    };
    Ok(Json(lend::lend(&app.store, &app.keys, right.device, wanted).await?))
}
