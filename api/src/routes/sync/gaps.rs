//! `GET /api/v1/sync/gaps`

use super::{ranges, schema, seq};
use crate::App;
use crate::auth::DeviceRight;
use crate::extract::Json;
use crate::openapi::DeviceRead;
use crate::problem::Problem;
use axum::extract::State;
use domain::wire::v1::GapsView;
use entity::repo::device;

/// Missing ranges told at once.
const MOST_RANGES: usize = 1000;

/// Says what the server lacks of this device's chain.
#[utoipa::path(get, path = "/api/v1/sync/gaps", tag = "sync", security(("device" = [])),
    responses((status = 200, body = schema::GapsView), DeviceRead))]
pub(crate) async fn handler(State(app): State<App>, right: DeviceRight) -> Result<Json<GapsView>, Problem> {
    let device = right.device;
    let missing = device::missing(app.store.open(), &device, MOST_RANGES).await?;
    Ok(Json(GapsView {
        device_id: device.id.to_string(),
        contiguous: seq(device.contiguous),
        missing: ranges(missing),
        fork_at: device.fork_at.map(seq),
    }))
}
