//! `GET` and `POST /api/v1/receipts/series`

use crate::App;
use crate::auth::staff::actor;
use crate::auth::{StaffRight, SupervisorRight};
use crate::extract::{Asked, Json};
use crate::openapi::{MatterWrite, StaffRead};
use crate::problem::Problem;
use crate::told::{ToldView, answered};
use axum::extract::State;
use axum::http::StatusCode;
use entity::repo::receipt;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A run of receipt numbers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "series": "AA/26P", "first": 1, "last": 500 }))]
pub(crate) struct SeriesRequest {
    /// The series printed on the book.
    series: String,
    /// The first number.
    first: u32,
    /// The last number.
    last: u32,
}

/// A run of the office, and how far it has come.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SeriesView {
    /// The series printed on the book.
    series: String,
    /// The first number.
    first: u32,
    /// The last number.
    last: u32,
    /// The highest number that was given; numbers are given one after the other.
    #[serde(skip_serializing_if = "Option::is_none")]
    given: Option<u32>,
    /// What devices were lent of it to give without a network, oldest first.
    lent: Vec<LentView>,
}

/// Numbers a device was lent, both ends included.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LentView {
    /// The device, in hex.
    device_id: String,
    /// The first number.
    first: u32,
    /// The last number.
    last: u32,
}

/// The runs of the office, in the order they are used.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeriesListView {
    /// Each of them.
    series: Vec<SeriesView>,
}

/// The receipt numbers of the caller's office.
#[utoipa::path(get, path = "/api/v1/receipts/series", tag = "money", security(("staff" = [])),
    responses((status = 200, body = SeriesListView), StaffRead))]
pub(crate) async fn list(State(app): State<App>, right: StaffRight) -> Result<Json<SeriesListView>, Problem> {
    let runs = receipt::series(&app.store.see(&right.scope).await?, &right.scope).await?;
    let series = runs.into_iter().map(|run| SeriesView {
        series: run.name,
        first: run.first,
        last: run.last,
        given: run.given,
        lent: run
            .lent
            .into_iter()
            .map(|lent| LentView {
                device_id: lent.device,
                first: lent.first,
                last: lent.last,
            })
            .collect(),
    });
    Ok(Json(SeriesListView {
        series: series.collect(),
    }))
}

/// Allots a run of receipt numbers to the supervisor's office. It is used after those the office has.
#[utoipa::path(post, path = "/api/v1/receipts/series", tag = "money", request_body = SeriesRequest, security(("staff" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn allot(
    State(app): State<App>,
    right: SupervisorRight,
    Asked { request, repeat }: Asked<SeriesRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let actor = actor(&right.person);
    let once = repeat.once(&actor);
    let run = (request.series, request.first, request.last);
    answered(receipt::allot(&app.store, &app.keys, right.scope, run, actor, once).await?)
}
