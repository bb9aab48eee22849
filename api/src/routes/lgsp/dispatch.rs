//! `/lgsp/v1/vnpost` and `/lgsp/v1/vnpost/{operation}`: one address, five operations, five ways to say which.

use super::fields::Fields;
use super::operation::Operation;
use super::reply::Reply;
use super::{cancel, document, order, price, tracking};
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

/// Orders, cancels, tracks or asks a price; the operation is in `service-code`, `serviceName` or `service`.
#[utoipa::path(post, path = "/lgsp/v1/vnpost", tag = "lgsp", security(("lgsp" = [])),
    params(("service" = Option<String>, Query, description = "OrderPost, Document, OrderCancel, OrderTracking or Price"),
        ("serviceName" = Option<String>, Query, description = "The same, as software with serviceType says it"),
        ("service-code" = Option<String>, Header, description = "vnpost_post_order and so on")),
    request_body(content = serde_json::Value, description = "As of the operation's own address"),
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

/// `OrderPost`, `Document`, `OrderCancel`, `OrderTracking` and `Price` by their own address. `Document` names who sends the
/// papers and who receives the result; `Price` answers at `content.price`, in đồng.
#[utoipa::path(post, path = "/lgsp/v1/vnpost/{operation}", tag = "lgsp", security(("lgsp" = [])),
    params(("operation" = String, Path, description = "OrderPost, Document, OrderCancel, OrderTracking or Price")),
    request_body(content = serde_json::Value, description = "The order, document or question; field names in any case",
        examples(
            ("OrderPost" = (value = json!({
                "CustomerCode": "AG30520", "OrderNumber": "H01.30520-261126-0001", "CODAmount": 0,
                "SenderProvince": 88, "SenderAddress": "12 Tôn Đức Thắng, phường Tịnh Biên, tỉnh An Giang",
                "SenderName": "Nguyễn Thị Mẫu", "SenderTel": "0912345678",
                "ReceiverProvince": 88, "ReceiverAddress": "phường Tịnh Biên, tỉnh An Giang",
                "ReceiverName": "Ủy ban nhân dân phường Tịnh Biên", "ReceiverTel": "02963876543",
            }))),
            ("Document" = (value = json!({
                "CustomerCode": "AG30520", "OrderNumber": "H01.30520-261126-0002",
                "Procedure": { "Code": "1.000001", "Title": "Cấp bản sao trích lục hộ tịch" },
                "IsSendDocument": true,
                "DocumentSender": {
                    "Name": "Nguyễn Thị Mẫu", "Phone": "0912345678", "ProvinceCode": 88,
                    "Address": "12 Tôn Đức Thắng, phường Tịnh Biên, tỉnh An Giang",
                },
                "IsReceiveResult": true,
                "ResultReceiver": {
                    "Name": "Trần Văn Mẫu", "Phone": "0987654321", "ProvinceCode": 88,
                    "Address": "ấp Vĩnh Hạ, xã An Cư, tỉnh An Giang",
                },
            }))),
            ("Price" = (value = json!({
                "weight": 100, "mainSrv": "HCC", "isreturn": 1,
                "sender": { "provCode": 88, "distCode": 8810 }, "receiver": { "provCode": 88, "distCode": 8820 },
            }))),
        )),
    responses((status = 200, body = Reply, examples(
        ("OrderPost" = (value = json!({
            "Status": 100, "Message": "Tiếp nhận đơn hàng thành công", "ItemCode": "EE000000019VN",
            "RequestId": "019abf2e-6c1e-7000-8000-000000000001",
        }))),
        ("Price" = (value = json!({
            "Status": 100, "Message": "Giá cước đã tính", "content": { "price": 30000, "tariff": "TOI-DA-2021" },
        }))),
    )), OneStop))]
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
pub(in crate::routes) enum Refusal {
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
    let body = Fields::of_json(&call.body.0)?.with_letters()?;
    let both = body.clone().or(query);
    match operation.corrected(&both) {
        Operation::Order => order::run(app, right, &body).await.map_err(Refusal::of_a_write),
        Operation::Document => document::run(app, right, &body).await.map_err(Refusal::of_a_write),
        Operation::Price => price::run(app, right, &both).await,
        Operation::Cancel => cancel::run(app, right, &both).await.map_err(Refusal::of_a_write),
        Operation::Tracking => tracking::run(app, right, &both).await,
    }
}
