//! `GET /api/v1/couriers` and `/devices`.

use crate::App;
use crate::auth::StaffRight;
use crate::extract::Json;
use crate::openapi::StaffRead;
use crate::problem::Problem;
use crate::routes::users::of;
use axum::extract::State;
use entity::repo::directory::{self, CourierEntry, DeviceEntry};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A courier.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CourierView {
    /// Who.
    id: Uuid,
    /// Name for display.
    name: String,
    /// Code of their post office.
    office: String,
    /// Codes of the communes they know.
    areas: Vec<String>,
    /// Start of the shift, minutes of the local day.
    shift_from_min: i64,
    /// End of the shift, minutes of the local day.
    shift_to_min: i64,
    /// Items they carry in a day.
    capacity: i64,
    /// Pickups and deliveries they have to do now.
    stops: u32,
    /// Whether they work here still.
    active: bool,
}

impl From<CourierEntry> for CourierView {
    fn from(entry: CourierEntry) -> Self {
        let CourierEntry {
            round,
            name,
            office,
            stops,
            is_active,
        } = entry;
        Self {
            id: round.staff.0,
            name,
            office,
            areas: round.areas,
            shift_from_min: round.shift_from_min,
            shift_to_min: round.shift_to_min,
            capacity: round.capacity,
            stops,
            active: is_active,
        }
    }
}

/// Couriers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CouriersView {
    /// Each of them, by name.
    couriers: Vec<CourierView>,
}

/// The couriers of the caller's office or operator: communes, hours, load, and how much they have to do now.
#[utoipa::path(get, path = "/api/v1/couriers", tag = "reference", security(("staff" = [])),
    responses((status = 200, body = CouriersView), StaffRead))]
pub(crate) async fn couriers(State(app): State<App>, right: StaffRight) -> Result<Json<CouriersView>, Problem> {
    let found = directory::couriers(app.store.open(), of(&right)?).await?;
    Ok(Json(CouriersView {
        couriers: found.into_iter().map(CourierView::from).collect(),
    }))
}

/// A device that signs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeviceView {
    /// Its id, in hex.
    id: String,
    /// Whose it is.
    staff_id: Uuid,
    /// Their name.
    staff_name: String,
    /// The parties it signs for, for example `staff:<uuid>`.
    signs_for: Vec<String>,
    /// Where in the log it was enrolled.
    enrolled_index: i64,
    /// Where in the log it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_index: Option<i64>,
    /// Every event up to this number has come.
    contiguous: i64,
    /// The highest number that has come: between the two some are missing.
    seq_max: i64,
    /// The first number that came twice, with different content: a copied phone, or worse.
    #[serde(skip_serializing_if = "Option::is_none")]
    fork_at: Option<i64>,
    /// The first number whose event does not name the one before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    broken_at: Option<i64>,
}

impl From<DeviceEntry> for DeviceView {
    fn from(entry: DeviceEntry) -> Self {
        let DeviceEntry { device, name } = entry;
        Self {
            id: device.id.to_string(),
            staff_id: device.staff.0,
            staff_name: name,
            signs_for: device.hats.iter().map(|(_, holder)| holder.to_string()).collect(),
            enrolled_index: device.enrolled_index,
            revoked_index: device.revoked_index,
            contiguous: device.contiguous,
            seq_max: device.seq_max,
            fork_at: device.fork_at,
            broken_at: device.broken_at,
        }
    }
}

/// Devices.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DevicesView {
    /// Each of them, in the order they were enrolled.
    devices: Vec<DeviceView>,
}

/// The devices of the caller's office, agency or operator, revoked ones among them, and how complete what they signed has come.
#[utoipa::path(get, path = "/api/v1/devices", tag = "reference", security(("staff" = [])),
    responses((status = 200, body = DevicesView), StaffRead))]
pub(crate) async fn devices(State(app): State<App>, right: StaffRight) -> Result<Json<DevicesView>, Problem> {
    let found = directory::devices(app.store.open(), of(&right)?).await?;
    Ok(Json(DevicesView {
        devices: found.into_iter().map(DeviceView::from).collect(),
    }))
}
