//! `POST /api/v1/devices/enrol`

use super::credential;
use crate::App;
use crate::auth::Public;
use crate::extract::Json;
use crate::openapi::Enrolment;
use crate::problem::{Kind, Problem};
use crate::routes::sync::schema;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use custody::envelope::PublicKey;
use custody::ids::DeviceId;
use domain::wire::v1::{EnrolRequest, EnrolView, HatView};
use entity::recovery::RecoveryKey;
use entity::repo::staff::Person;
use entity::repo::{device, setting, staff};
use std::time::Duration;

/// How often the projection is looked at while an enrolment waits for it.
const LOOK: Duration = Duration::from_millis(20);

/// Enrols a device: a one-time code and a signature by its key.
#[utoipa::path(post, path = "/api/v1/devices/enrol", tag = "device", request_body = schema::EnrolRequest,
    responses((status = 200, body = schema::EnrolView), Enrolment))]
pub(crate) async fn handler(
    State(app): State<App>,
    _: Public,
    Json(request): Json<EnrolRequest>,
) -> Result<Json<EnrolView>, Problem> {
    let key = proven_key(&request)?;
    let in_browser = request.in_browser == Some(true);
    let epoch = setting::epoch(&app.store).await?;
    let person = enrol(&app, request.code, (key, in_browser)).await?;
    wait_until_known(&app, key.device_id()).await?;
    let credential = credential::of(&app, &person, (key, in_browser));
    let office = person.service_point.map(|point| point.to_string());
    let hats = person.hats().into_iter().map(|(hat, holder)| HatView {
        hat: hat.to_string(),
        holder: holder.to_string(),
    });
    Ok(Json(EnrolView {
        device_id: key.device_id().to_string(),
        staff_id: person.id.to_string(),
        hats: hats.collect(),
        office_id: office
            .or(person.agency.map(|agency| agency.to_string()))
            .unwrap_or_default(),
        office_name: person.office_name,
        name: person.name,
        epoch,
        recovery_key: Some(RecoveryKey::of(&app.keys).public()),
        credential_until_ms: credential.until_ms,
        credential: Some(credential::signed(&app, &credential)),
        issuers: credential::issuers(&app),
    }))
}

/// The key, once it has signed the code.
fn proven_key(request: &EnrolRequest) -> Result<PublicKey, Problem> {
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
    let key = decode(&request.public_key)
        .and_then(|bytes| bytes.try_into().ok())
        .map(PublicKey);
    let proof: Option<[u8; 64]> = decode(&request.proof).and_then(|bytes| bytes.try_into().ok());
    let (Some(key), Some(proof)) = (key, proof) else {
        return Err(Kind::CodeInvalid.into());
    };
    let signed = [b"traotay/enrol/v1", request.code.as_bytes(), &key.0].concat();
    if key.is_valid() && key.verifies(&signed, &proof) {
        Ok(key)
    } else {
        Err(Kind::CodeInvalid.into())
    }
}

/// Uses the code up and records the enrolment, both or neither.
async fn enrol(app: &App, code: String, (key, in_browser): (PublicKey, bool)) -> Result<Person, Problem> {
    let (store, keys) = (app.store.clone(), app.keys.clone());
    let person = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let staff = device::use_code(tx, &code, store.now_ms())
                    .await?
                    .ok_or(Kind::CodeInvalid)?;
                let person = staff::by_id(tx, staff).await?.ok_or(Kind::CodeInvalid)?;
                let known = device::by_id(tx, key.device_id()).await?;
                if known.is_some_and(|known| known.revoked_index.is_some() || known.staff != staff) {
                    return Err(Kind::DeviceTaken.into());
                }
                device::enrol(tx, &store, &keys, &person, (key, in_browser)).await?;
                Ok::<_, Problem>(person)
            })
        })
        .await?;
    app.store.deposited().notify_one();
    Ok(person)
}

/// The projector makes the device a moment after the act. Waiting for it here spares the phone a refused first sync; if it
/// takes too long the enrolment stands all the same.
async fn wait_until_known(app: &App, id: DeviceId) -> Result<(), Problem> {
    let known = async {
        loop {
            if device::by_id(app.store.open(), id).await?.is_some() {
                return Ok::<_, Problem>(());
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::time::timeout(app.config.enrol_wait, known)
        .await
        .unwrap_or(Ok(()))
}
