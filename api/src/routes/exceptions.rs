//! `GET /api/v1/exceptions` (sự cố)

use crate::App;
use crate::auth::StaffRight;
use crate::auth::purpose::AccessPurpose;
use crate::extract::{Json, Query};
use crate::openapi::StaffRead;
use crate::problem::Problem;
use crate::routes::items::ItemView;
use crate::routes::papers::{page_size, place, written};
use axum::extract::State;
use entity::repo::exception::{self, Told, Trouble};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExceptionsQuery {
    /// The `next` of the page before; the first page when absent or empty.
    #[param(pattern = "^([A-Za-z0-9_-]{32})?$")]
    cursor: Option<String>,
    /// Rows on the page.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u64>,
}

/// What somebody signed that is wrong with an item.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IncidentView {
    /// `X1` damaged, `X2` another seal, `X3` missing, `X4` lost.
    incident: &'static str,
    /// The event in the log, in hex.
    event_id: String,
    /// When it came, milliseconds UTC.
    received_ms: i64,
}

impl From<Told> for IncidentView {
    fn from(told: Told) -> Self {
        Self {
            incident: told.incident.code(),
            event_id: told.event,
            received_ms: told.received_ms,
        }
    }
}

/// An item something is wrong with.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExceptionView {
    /// Why it is here, the gravest first: `disputed`, `incident`, `refused`, `returning`, `attempt_failed`, `held`, `waiting`.
    why: Vec<&'static str>,
    /// The item and who has it.
    item: ItemView,
    /// The code of its dossier.
    #[serde(skip_serializing_if = "Option::is_none")]
    dossier_code: Option<String>,
    /// What was signed that is wrong with it, oldest first.
    incidents: Vec<IncidentView>,
}

impl From<Trouble> for ExceptionView {
    fn from(trouble: Trouble) -> Self {
        let Trouble {
            item,
            dossier_code,
            told,
        } = trouble;
        let all = [
            (item.disputed, "disputed"),
            (!told.is_empty(), "incident"),
            (item.state == "C9", "refused"),
            (item.state == "C10", "returning"),
            (item.state == "C6", "attempt_failed"),
            (item.state == "C7", "held"),
            (item.parked > 0, "waiting"),
        ];
        Self {
            why: all
                .into_iter()
                .filter_map(|(is_so, why)| is_so.then_some(why))
                .collect(),
            item: item.into(),
            dossier_code,
            incidents: told.into_iter().map(IncidentView::from).collect(),
        }
    }
}

/// A page of exceptions, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExceptionsView {
    /// The items.
    exceptions: Vec<ExceptionView>,
    /// The cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Items of the caller's office, agency or round that something is wrong with: damaged or missing by what somebody signed, in dispute,
/// refused, going back, not delivered, kept for collection, or waiting for an event that has not come.
#[utoipa::path(get, path = "/api/v1/exceptions", tag = "item", params(ExceptionsQuery, AccessPurpose), security(("staff" = [])),
    responses((status = 200, body = ExceptionsView), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Query(query): Query<ExceptionsQuery>,
) -> Result<Json<ExceptionsView>, Problem> {
    let last: Option<[u8; 24]> = place(query.cursor.as_deref())?;
    let last = last.and_then(|bytes| {
        let (at, id) = bytes.split_first_chunk::<8>()?;
        Some((i64::from_be_bytes(*at), id.try_into().ok()?))
    });
    let limit = page_size(&app, query.limit)?;
    let rows = exception::list(&app.store.see(&right.scope).await?, &right.scope, last, limit).await?;
    right.looked(&app, "exceptions", None, rows.len()).await?;
    let is_full = u64::try_from(rows.len()).is_ok_and(|count| count >= limit);
    let next = rows
        .last()
        .filter(|_| is_full)
        .map(|last| written(&[&last.item.since_ms.to_be_bytes()[..], &last.item.item_id].concat()));
    Ok(Json(ExceptionsView {
        exceptions: rows.into_iter().map(ExceptionView::from).collect(),
        next,
    }))
}
