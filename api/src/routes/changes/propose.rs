//! `POST /api/v1/changes`

use super::{ChangeView, operator, reason};
use crate::App;
use crate::auth::StaffRight;
use crate::auth::staff::actor;
use crate::extract::{Asked, Json};
use crate::openapi::ChangeWrite;
use crate::problem::{Kind, Mistake, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use entity::repo::change_request::{self, ChangeBody, ChangeKind, NewRequest};
use serde::Deserialize;
use utoipa::ToSchema;

/// What is to change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "kind": "user.roles", "subject": "an.nv", "reason": "Nhận việc trưởng bưu cục từ 1/12",
    "body": { "roles": ["post_agent", "post_supervisor"] } }))]
pub(crate) struct ChangeRequest {
    /// `user.add`, `user.roles`, `user.place`, `user.dismiss`, `user.readmit`, `user.password_reset`, `user.second_factor_reset`
    /// or `courier.round`.
    kind: String,
    /// The login it is about.
    subject: String,
    /// Why; one line of 1 to 500 characters.
    reason: String,
    /// The `version` of the person the proposer looked at; refused when they stand otherwise now.
    version: Option<String>,
    /// What is asked. Which fields a kind needs: `user.add` `name` and `roles`, places as needed; `user.roles` `roles`;
    /// `user.place` the places, those left out are given up; `courier.round` `areas`, the shift and `capacity`; the others none.
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
        }
    }
}

/// Proposes a change of who works here, as what and where. It is checked at once and changes nothing: another administrator
/// approves it, within three days.
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
    let body = ChangeBody::from(request.body);
    refuse_control_characters(&request.subject, &body)?;
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

/// Logins, names and codes are looked up and shown in one line; some databases do not even take every control character.
fn refuse_control_characters(subject: &str, body: &ChangeBody) -> Result<(), Problem> {
    let texts = [&body.name, &body.service_point, &body.desk, &body.agency];
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
