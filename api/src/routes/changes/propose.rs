//! `POST /api/v1/changes`

use super::{ChangeView, operator, reason};
use crate::App;
use crate::auth::StaffRight;
use crate::auth::assertion;
use crate::auth::staff::actor;
use crate::extract::{Asked, Json};
use crate::openapi::ChangeWrite;
use crate::problem::{Kind, Mistake, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use entity::repo::change_request::{self, ChangeBody, ChangeKind, NewRequest};
use routing::territory::Area;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

/// What is to change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "kind": "user.roles", "subject": "an.nv", "reason": "Nhận việc trưởng bưu cục từ 1/12",
    "body": { "roles": ["post_agent", "post_supervisor"] } }))]
pub(crate) struct ChangeRequest {
    /// `user.add`, `user.roles`, `user.place`, `user.dismiss`, `user.readmit`, `user.password_reset`, `user.second_factor_reset`,
    /// `courier.round`, `office.territory`, `client.add`, `client.secret_reset`, `client.key`, `client.close`, `client.reopen`,
    /// `config.tariff` or `config.rules`, by operations administrators; `device.enrol` or `device.revoke`, by key administrators.
    kind: String,
    /// What it is about: a login; the code of an office; the customer code of a system; `tariff.json` or `rules.json`; the id of a
    /// device in hex, to revoke it.
    subject: String,
    /// Why; one line of 1 to 500 characters.
    reason: String,
    /// The `version` of the person the proposer looked at; refused when they stand otherwise now.
    version: Option<String>,
    /// What is asked. Which fields a kind needs: `user.add` `name` and `roles`, places as needed; `user.roles` `roles`;
    /// `user.place` the places, those left out are given up; `courier.round` `areas`, the shift and `capacity`; `office.territory`
    /// `territory`; `client.add` `name` and `agency`, `token_mode` as needed; `client.key` `public_key`; `config.tariff` and
    /// `config.rules` `records`; the others none.
    #[serde(default)]
    body: ChangeBodyRequest,
}

/// What is asked of a change. Places are named by their codes.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeBodyRequest {
    /// Name for display.
    name: Option<String>,
    /// Names of roles.
    roles: Option<Vec<String>>,
    /// Code of a post office.
    service_point: Option<String>,
    /// Code of a desk.
    desk: Option<String>,
    /// Code of an agency.
    agency: Option<String>,
    /// Codes of the communes a courier knows.
    areas: Option<Vec<String>>,
    /// Start of the shift, minutes of the local day.
    shift_from_min: Option<i64>,
    /// End of the shift, minutes of the local day.
    shift_to_min: Option<i64>,
    /// Items a courier carries in a day.
    capacity: Option<i64>,
    /// What an office serves: a GeoJSON Polygon or MultiPolygon.
    #[schema(value_type = Option<Object>)]
    territory: Option<Value>,
    /// How a one-stop system with a secret proves itself; `basic_form` when absent.
    token_mode: Option<String>,
    /// The public key a one-stop system signs with: a JWK of P-256, Ed25519 or RSA of 2048 bits or more.
    #[schema(value_type = Option<Object>)]
    public_key: Option<Value>,
    /// The whole of `tariff.json` or `rules.json`, as `GET /api/v1/tariffs` and `/rules` show it.
    #[schema(value_type = Option<Value>)]
    records: Option<Value>,
}

impl From<ChangeBodyRequest> for ChangeBody {
    fn from(body: ChangeBodyRequest) -> Self {
        Self {
            name: body.name,
            roles: body.roles,
            service_point: body.service_point,
            desk: body.desk,
            agency: body.agency,
            areas: body.areas,
            shift_from_min: body.shift_from_min,
            shift_to_min: body.shift_to_min,
            capacity: body.capacity,
            territory: body.territory,
            token_mode: body.token_mode,
            public_key: body.public_key,
            records: body.records,
        }
    }
}

/// Proposes a change of who works here, as what and where; of a one-stop system; of what an office serves; of tariffs or rules; or
/// of the devices that sign. It is checked at once and changes nothing: another administrator of the same kind approves it, within
/// three days.
#[utoipa::path(post, path = "/api/v1/changes", tag = "admin", request_body = ChangeRequest, security(("staff" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ChangeView), ChangeWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Asked { request, repeat }: Asked<ChangeRequest>,
) -> Result<(StatusCode, Json<ChangeView>), Problem> {
    let kind = ChangeKind::parse(&request.kind).ok_or_else(|| {
        let mistake = Mistake::invalid(
            "#/kind",
            "Không có loại thay đổi này.",
            "there is no such kind of change",
        );
        Problem::field(Kind::InvalidRequest, mistake)
    })?;
    if kind.role() != right.role {
        return Err(Kind::MissingRight.into());
    }
    let body = ChangeBody::from(request.body);
    refuse_control_characters(&request.subject, &body)?;
    refuse_what_cannot_be_used(&body)?;
    let new = NewRequest {
        kind,
        subject: request.subject,
        body,
        reason: reason(&request.reason)?,
        version: request.version,
        operator: operator(&right)?,
        by: right.person.id,
        role: right.role,
        life_ms: i64::try_from(app.config.change_life.as_millis()).unwrap_or(i64::MAX),
    };
    let once = repeat.once(&actor(&right.person));
    let row = change_request::propose(&app.store, new, once).await?;
    let view = ChangeView::read(row, app.store.now_ms())?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// A territory that routing cannot read, and a key that signatures cannot be checked with.
fn refuse_what_cannot_be_used(body: &ChangeBody) -> Result<(), Problem> {
    let mut wrong = Vec::new();
    if let Some(territory) = &body.territory
        && territory.to_string().parse::<Area>().is_err()
    {
        wrong.push(Mistake::invalid(
            "#/body/territory",
            "Vùng phục vụ không đọc được: cần Polygon hoặc MultiPolygon GeoJSON khép kín.",
            "a territory is a closed GeoJSON Polygon or MultiPolygon",
        ));
    }
    if let Some(key) = &body.public_key
        && assertion::key(key).is_none()
    {
        wrong.push(Mistake::invalid(
            "#/body/public_key",
            "Khóa công khai phải là JWK P-256, Ed25519 hoặc RSA từ 2048 bit.",
            "a public key is a JWK of P-256, Ed25519 or RSA of 2048 bits or more",
        ));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    let told = Problem::with(Kind::InvalidRequest, "a field cannot be used");
    Err(wrong.into_iter().fold(told, Problem::and))
}

/// Logins, names and codes are looked up and shown in one line; some databases do not even take every control character.
fn refuse_control_characters(subject: &str, body: &ChangeBody) -> Result<(), Problem> {
    let texts = [
        &body.name,
        &body.service_point,
        &body.desk,
        &body.agency,
        &body.token_mode,
    ];
    let lists = body.roles.iter().chain(&body.areas).flatten();
    let mut all = texts
        .into_iter()
        .flatten()
        .chain(lists)
        .map(String::as_str)
        .chain([subject]);
    if all.any(|text| text.chars().any(char::is_control)) {
        return Err(Problem::with(
            Kind::InvalidRequest,
            "no text here has control characters",
        ));
    }
    Ok(())
}
