//! What a one-stop client is answered.

use crate::problem::{Problem, ToldOtherwise};
use axum::Json;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::status::vnpost::{ORDER_COLLECTED, ORDER_DIFFERS};
use entity::repo::lgsp::Client;
use serde::Serialize;
use utoipa::ToSchema;

/// The answer to an order or a cancellation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Reply {
    /// 100 accepted, 102 other content under this number, 110 cancelled, 111 already collected, 400, 403, 404; 500 not stored,
    /// send the same again later.
    #[serde(rename = "Status")]
    pub(in crate::routes) status: u16,
    /// In Vietnamese, for people.
    #[serde(rename = "Message")]
    pub(in crate::routes) message: String,
    /// The label.
    #[serde(rename = "ItemCode", skip_serializing_if = "Option::is_none")]
    pub(super) item_code: Option<String>,
    /// Our number of the order.
    #[serde(rename = "RequestId", skip_serializing_if = "Option::is_none")]
    pub(super) request_id: Option<String>,
    /// What was asked for: the price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content: Option<Box<PriceView>>,
}

/// A price, where software reads it: at `content.price`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PriceView {
    /// What is payable, đồng.
    pub(super) price: i64,
    /// The part of carrying the dossier, before reductions and tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) send: Option<i64>,
    /// The part of carrying the result, before reductions and tax.
    #[serde(rename = "return", skip_serializing_if = "Option::is_none")]
    pub(super) back: Option<i64>,
    /// From where to where, as the tariff tells it apart, in Vietnamese.
    pub(super) relation: &'static str,
    /// Which tariff.
    pub(super) tariff: String,
}

impl Reply {
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            item_code: None,
            request_id: None,
            content: None,
        }
    }

    /// Something in the request cannot be read or is missing.
    pub(super) fn unreadable(message: impl Into<String>) -> Self {
        Self::new(400, message)
    }

    /// Nothing could be stored, and the same may be sent again later. `why` is logged and not shown; clients that read only
    /// the status get its status, never a good one.
    pub(super) fn not_stored(why: Problem, client: &Client) -> Response {
        let face = why.kind().face();
        let reply = Self::new(
            500,
            "Hệ thống chưa lưu được, xin gửi lại sau (not stored, send the same again later)",
        );
        let mut response = reply.to(client);
        if reads_status(client) {
            *response.status_mut() = face.status;
        }
        if let Some(seconds) = face.retry_after_s {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(ToldOtherwise::from(why));
        response
    }

    /// As the client's profile wants it: refusals with HTTP 200, or with an error status for clients that read only that.
    pub(super) fn to(self, client: &Client) -> Response {
        let status = match self.status {
            _ if !reads_status(client) => StatusCode::OK,
            ORDER_DIFFERS | ORDER_COLLECTED => StatusCode::CONFLICT,
            400 => StatusCode::BAD_REQUEST,
            403 => StatusCode::FORBIDDEN,
            404 => StatusCode::NOT_FOUND,
            _ => StatusCode::OK,
        };
        (status, Json(self)).into_response()
    }
}

/// Whether this client's software looks at the HTTP status and at nothing else.
fn reads_status(client: &Client) -> bool {
    client.profile["errorMode"].as_str() == Some("http")
}
