//! `GET /api/v1/accesses`

use crate::App;
use crate::auth::StaffRight;
use crate::extract::{Json, Query};
use crate::openapi::StaffRead;
use crate::policy::Relation;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::repo::access::{self, Access, Readers};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AccessQuery {
    /// The `next` of the page before; the first page when absent or empty.
    #[param(pattern = "^([A-Za-z0-9_-]{32})?$")]
    cursor: Option<String>,
}

/// One look.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "at_ms": 1_776_992_400_000_i64, "staff_id": "6d1f7c6e-3b0f-8c43-9a52-7f2b1f0f4c11", "role": "desk_agent",
    "dossier_id": "01a219cc-6941-7747-8151-f0f53b678039", "what": "dossier", "purpose": "handling", "dossiers": 1
}))]
pub(crate) struct AccessView {
    /// When, milliseconds UTC.
    at_ms: i64,
    /// Who.
    staff_id: Uuid,
    /// In which role.
    role: String,
    /// Into which dossier; absent for a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    dossier_id: Option<Uuid>,
    /// At what: `dossier`, `list` or `notices`; `item`, `order`, `orders`, `handover`, `handovers`, `manifest`, `money`, or a chapter:
    /// `supplements`, `results`, `surrendered_papers`.
    what: String,
    /// For what purpose: `handling`, `complaint`, `inspection` or `support`.
    purpose: String,
    /// How many dossiers were shown.
    dossiers: i64,
}

/// A page of looks, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccessesView {
    /// The looks.
    accesses: Vec<AccessView>,
    /// The cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl From<Access> for AccessView {
    fn from(row: Access) -> Self {
        Self {
            at_ms: row.at_ms,
            staff_id: row.staff_id,
            role: row.role,
            dossier_id: row.dossier_id,
            what: row.what,
            purpose: row.purpose,
            dossiers: row.rows,
        }
    }
}

/// Who looked into dossiers: the caller's own looks, or those of their office, agency or operator. Asking for it is no look.
#[utoipa::path(get, path = "/api/v1/accesses", tag = "audit", params(AccessQuery), security(("staff" = [])),
    responses((status = 200, body = AccessesView), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Query(query): Query<AccessQuery>,
) -> Result<Json<AccessesView>, Problem> {
    let before = query.cursor.as_deref().filter(|cursor| !cursor.is_empty());
    let before = before.map(read_cursor).transpose()?;
    let limit = app.config.list_page;
    let rows = access::list(app.store.open(), readers(&right)?, before, limit).await?;
    let is_full = u64::try_from(rows.len()).is_ok_and(|count| count >= limit);
    let next = rows.last().filter(|_| is_full).map(write_cursor);
    Ok(Json(AccessesView {
        accesses: rows.into_iter().map(AccessView::from).collect(),
        next,
    }))
}

fn readers(right: &StaffRight) -> Result<Readers, Problem> {
    let person = &right.person;
    let found = if right.stands(Relation::Tenant) {
        person.operator.map(Readers::Operator)
    } else if right.stands(Relation::Office) {
        person.service_point.map(Readers::ServicePoint)
    } else if right.stands(Relation::Agency) {
        person.agency.map(Readers::Agency)
    } else {
        Some(Readers::Person(person.id))
    };
    found.ok_or_else(|| Kind::MissingRight.into())
}

fn write_cursor(last: &Access) -> String {
    URL_SAFE_NO_PAD.encode([&last.at_ms.to_be_bytes()[..], last.id.as_bytes()].concat())
}

fn read_cursor(cursor: &str) -> Result<(i64, Uuid), Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    let parts = bytes.as_deref().and_then(|bytes| bytes.split_first_chunk::<8>());
    let place = parts.and_then(|(at, id)| Some((i64::from_be_bytes(*at), Uuid::from_slice(id).ok()?)));
    place.ok_or_else(|| Problem::with(Kind::InvalidQuery, "cursor is not one of ours"))
}
