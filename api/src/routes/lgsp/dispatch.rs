//! `/lgsp/v1/vnpost` and `/lgsp/v1/vnpost/{operation}`: one address, three operations, five ways to say which.

use super::fields::Fields;
use super::operation::Operation;
use super::reply::Reply;
use super::{cancel, order, tracking};
use crate::App;
use crate::auth::ClientRight;
use crate::extract::{Path, RawBody};
use crate::openapi::OneStop;
use crate::problem::{Kind, Problem};
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

/// One call, before its operation is known.
struct Call {
    suffix: Option<String>,
    headers: HeaderMap,
    query: Option<String>,
    body: RawBody,
}

/// Cancels or tracks; the operation is in `service-code`, `serviceName` or `service`.
#[utoipa::path(get, path = "/lgsp/v1/vnpost", tag = "lgsp", security(("lgsp" = [])),
    params(("service" = Option<String>, Query, description = "OrderCancel or OrderTracking"),
        ("service-code" = Option<String>, Header, description = "vnpost_cancel_order or vnpost_order_tracking")),
    responses((status = 200, body = Reply), OneStop))]
pub(crate) async fn get(
    State(app): State<App>,
    right: ClientRight,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    body: RawBody,
) -> Result<Response, Problem> {
    run(
        &app,
        &right,
        Call {
            suffix: None,
            headers,
            query,
            body,
        },
    )
    .await
}

/// Orders, cancels or tracks; the operation is in `service-code`, `serviceName` or `service`.
#[utoipa::path(post, path = "/lgsp/v1/vnpost", tag = "lgsp", security(("lgsp" = [])),
    params(("service" = Option<String>, Query, description = "OrderPost, OrderCancel or OrderTracking"),
        ("service-code" = Option<String>, Header, description = "vnpost_post_order and so on")),
    request_body(content = serde_json::Value, description = "The order; field names in any case"),
    responses((status = 200, body = Reply), OneStop))]
pub(crate) async fn post(
    State(app): State<App>,
    right: ClientRight,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    body: RawBody,
) -> Result<Response, Problem> {
    run(
        &app,
        &right,
        Call {
            suffix: None,
            headers,
            query,
            body,
        },
    )
    .await
}

/// `OrderCancel` and `OrderTracking` by their own address.
#[utoipa::path(get, path = "/lgsp/v1/vnpost/{operation}", tag = "lgsp", security(("lgsp" = [])),
    params(("operation" = String, Path, description = "OrderCancel or OrderTracking"),
        ("pagesize" = Option<u64>, Query, description = "1 to 200; 50 when absent"),
        ("lastId" = Option<String>, Query, description = "The last `_id.$oid` seen; 24 zeros at first")),
    responses((status = 200, body = Reply), OneStop))]
pub(crate) async fn get_named(
    State(app): State<App>,
    right: ClientRight,
    Path(operation): Path<String>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    body: RawBody,
) -> Result<Response, Problem> {
    run(
        &app,
        &right,
        Call {
            suffix: Some(operation),
            headers,
            query,
            body,
        },
    )
    .await
}

/// `OrderPost`, `OrderCancel` and `OrderTracking` by their own address.
#[utoipa::path(post, path = "/lgsp/v1/vnpost/{operation}", tag = "lgsp", security(("lgsp" = [])),
    params(("operation" = String, Path, description = "OrderPost, OrderCancel or OrderTracking")),
    request_body(content = serde_json::Value, description = "The order; field names in any case"),
    responses((status = 200, body = Reply), OneStop))]
pub(crate) async fn post_named(
    State(app): State<App>,
    right: ClientRight,
    Path(operation): Path<String>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    body: RawBody,
) -> Result<Response, Problem> {
    run(
        &app,
        &right,
        Call {
            suffix: Some(operation),
            headers,
            query,
            body,
        },
    )
    .await
}

async fn run(app: &App, right: &ClientRight, call: Call) -> Result<Response, Problem> {
    match understood(app, right, call).await {
        Ok(response) => Ok(response),
        Err(Refusal::Business(reply)) => Ok(reply.to(&right.client)),
        Err(Refusal::NotStored(problem)) => Ok(Reply::not_stored(problem, &right.client)),
        Err(Refusal::Problem(problem)) => Err(problem),
    }
}

/// Ways to be refused: by the order interface's own words, because nothing can be stored now, or before either.
pub(super) enum Refusal {
    Business(Reply),
    NotStored(Problem),
    Problem(Problem),
}

impl Refusal {
    /// The same refusal of a call that writes: whoever may send it again is told so in words the client's software knows.
    fn of_a_write(self) -> Self {
        match self {
            Self::Problem(problem) if matches!(problem.kind(), Kind::StorageFull | Kind::Unavailable) => {
                Self::NotStored(problem)
            }
            Self::Business(_) | Self::NotStored(_) | Self::Problem(_) => self,
        }
    }
}

impl From<Reply> for Refusal {
    fn from(reply: Reply) -> Self {
        Self::Business(reply)
    }
}

impl<T: Into<Problem>> From<T> for Refusal {
    fn from(problem: T) -> Self {
        Self::Problem(problem.into())
    }
}

async fn understood(app: &App, right: &ClientRight, call: Call) -> Result<Response, Refusal> {
    let query = Fields::of_pairs(call.query.unwrap_or_default().as_bytes())?;
    let operation = Operation::find(call.suffix.as_deref(), &call.headers, &query).ok_or(Kind::NotFound)?;
    let body = Fields::of_json(&call.body.0)?;
    let both = body.clone().or(query);
    match operation.corrected(&both) {
        Operation::Order => order::run(app, right, &body).await.map_err(Refusal::of_a_write),
        Operation::Cancel => cancel::run(app, right, &both).await.map_err(Refusal::of_a_write),
        Operation::Tracking => tracking::run(app, right, &both).await,
    }
}
