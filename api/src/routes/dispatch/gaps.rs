//! `GET /api/v1/dispatch/gaps`: how complete each device's chain has come.

use crate::App;
use crate::auth::StaffRight;
use crate::extract::Json;
use crate::openapi::StaffRead;
use crate::problem::Problem;
use crate::routes::papers::Names;
use crate::routes::users::of;
use axum::extract::State;
use entity::repo::gap::{self, Meter};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Numbers that have not come although a later one has.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GapView {
    /// The first of them.
    from: i64,
    /// The last of them.
    to: i64,
    /// When a later event came, milliseconds UTC.
    since_ms: i64,
    /// Whether that is more than a day ago: somebody should ask for the phone.
    overdue: bool,
}

/// One device.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeterView {
    /// The device, in hex.
    device_id: String,
    /// Whose it is.
    staff_id: Uuid,
    /// Their name.
    staff_name: String,
    /// Every event up to this number has come.
    contiguous: i64,
    /// The highest number that has come.
    seq_max: i64,
    /// What is missing between the two, at most a hundred stretches.
    missing: Vec<GapView>,
    /// The first number that came twice with different content: a copied phone, or worse.
    #[serde(skip_serializing_if = "Option::is_none")]
    fork_at: Option<i64>,
    /// The first number whose event does not name the one before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    broken_at: Option<i64>,
    /// Whether it was revoked.
    revoked: bool,
}

/// Devices.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MetersView {
    /// Each of them; those with something missing or wrong first.
    devices: Vec<MeterView>,
}

/// How complete what the devices of the caller's office or agency signed has come: what is missing since when, and which of them were
/// copied or lost their own past.
#[utoipa::path(get, path = "/api/v1/dispatch/gaps", tag = "dispatch", security(("staff" = [])),
    responses((status = 200, body = MetersView), StaffRead))]
pub(crate) async fn handler(State(app): State<App>, right: StaffRight) -> Result<Json<MetersView>, Problem> {
    let now = app.store.now_ms();
    let meters = gap::meters(app.store.open(), of(&right)?).await?;
    let names = Names::of(&app, meters.iter().map(|one| one.device.staff.0).collect()).await?;
    let view = |Meter { device, missing }: Meter| MeterView {
        device_id: device.id.to_string(),
        staff_id: device.staff.0,
        staff_name: names.person(device.staff.0).to_owned(),
        contiguous: device.contiguous,
        seq_max: device.seq_max,
        missing: missing
            .into_iter()
            .map(|gap| GapView {
                overdue: gap.is_overdue(now),
                from: gap.from,
                to: gap.to,
                since_ms: gap.since_ms,
            })
            .collect(),
        fork_at: device.fork_at,
        broken_at: device.broken_at,
        revoked: device.revoked_index.is_some(),
    };
    let mut devices: Vec<MeterView> = meters.into_iter().map(view).collect();
    devices.sort_by_key(|one| one.missing.is_empty() && one.fork_at.is_none() && one.broken_at.is_none());
    Ok(Json(MetersView { devices }))
}
