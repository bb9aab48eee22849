//! `POST /api/v1/sync/hello`

use super::{ranges, schema, seq};
use crate::App;
use crate::auth::device::HelloRight;
use crate::extract::Json;
use crate::openapi::DeviceWrite;
use crate::problem::Problem;
use crate::routes::devices::credential;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::wire::v1::{Beacon, HelloRequest, HelloView, Limits};
use entity::recovery::RecoveryKey;
use entity::repo::{device, setting, staff};

/// The only version of the protocol so far. A device of any version may deposit for ever.
const PROTOCOL: u32 = 1;
/// Missing ranges told at once; the next greeting tells the rest.
const MOST_RANGES: usize = 100;
/// Revoked devices told at once; the next greeting tells the rest.
const MOST_REVOKED: u64 = 1000;

/// Opens a sync. Has no side effects.
#[utoipa::path(post, path = "/api/v1/sync/hello", tag = "sync", request_body = schema::HelloRequest, security(("device" = [])),
    responses((status = 200, body = schema::HelloView), DeviceWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: HelloRight,
    Json(request): Json<HelloRequest>,
) -> Result<Json<HelloView>, Problem> {
    let device = right.device;
    let epoch = setting::epoch(&app.store).await?;
    let mut want = ranges(device::missing(app.store.open(), &device, MOST_RANGES).await?);
    // What comes after the last number we have folded is either unsent or on its way through the sequencer; only a device
    // that knew another epoch must send it again.
    let tail = seq(device.seq_max).saturating_add(1);
    if request.epoch != epoch && request.seq_head >= tail {
        want.push((tail, request.seq_head));
    }
    // A store that was restored counts on from an earlier place: its list is told from the beginning.
    let known = if request.epoch == epoch {
        request.revoked_after
    } else {
        0
    };
    let (revoked, revoked_through) = device::revoked_after(app.store.open(), known, MOST_REVOKED).await?;
    let now = app.store.now_ms();
    let is_trusted = device.revoked_index.is_none() && device.fork_at.is_none() && device.broken_at.is_none();
    // Who no longer works here is no longer vouched for.
    let person = staff::by_id(app.store.open(), device.staff)
        .await?
        .filter(|_| is_trusted);
    let credential = person.map(|person| credential::of(&app, &person, (device.key, device.in_browser)));
    let tag = app.keys.beacon_tag(device.id, now);
    Ok(Json(HelloView {
        protocol: PROTOCOL,
        epoch,
        beacon: Beacon {
            server_ms: now,
            tag: URL_SAFE_NO_PAD.encode(tag),
        },
        nonce: crate::auth::nonce_now(&app),
        want,
        limits: Limits::default(),
        revoked: revoked.iter().map(ToString::to_string).collect(),
        revoked_through: Some(revoked_through),
        recovery_key: Some(RecoveryKey::of(&app.keys).public()),
        credential_until_ms: credential.as_ref().map(|credential| credential.until_ms),
        credential: credential.map(|credential| credential::signed(&app, &credential)),
        issuers: credential::issuers(&app),
    }))
}
