//! `POST /api/v1/devices/{device_id}/revoke`

use super::answers_for;
use crate::App;
use crate::auth::StaffRight;
use crate::extract::Path;
use crate::openapi::StaffWrite;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use custody::ids::DeviceId;
use entity::repo::{device, staff};

/// Revokes a device. What it recorded may still be deposited; it gets no data any more.
#[utoipa::path(post, path = "/api/v1/devices/{device_id}/revoke", tag = "device", security(("staff" = [])),
    params(("device_id" = String, Path, description = "The device, in hex")),
    responses((status = 204, description = "revoked, now or before"), StaffWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Path(device_id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id: DeviceId = device_id.parse().map_err(|_| Kind::NotFound)?;
    let device = device::by_id(app.store.open(), id).await?.ok_or(Kind::NotFound)?;
    let person = staff::by_id(app.store.open(), device.staff)
        .await?
        .ok_or(Kind::NotFound)?;
    if !answers_for(&app, &right, &person).await? {
        return Err(Kind::NotFound.into());
    }
    if device.revoked_index.is_none() {
        let (store, keys, by) = (app.store.clone(), app.keys.clone(), right.person.id);
        app.store
            .write(move |tx| {
                Box::pin(async move { device::revoke(tx, &store, &keys, id, by).await.map_err(Problem::from) })
            })
            .await?;
        app.store.deposited().notify_one();
    }
    Ok(StatusCode::NO_CONTENT)
}
