//! What a one-stop client is answered.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::status::vnpost::{ORDER_COLLECTED, ORDER_DIFFERS};
use entity::repo::lgsp::Client;
use serde::Serialize;
use utoipa::ToSchema;

/// The answer to an order or a cancellation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Reply {
    /// 100 accepted, 102 other content under this number, 110 cancelled, 111 already collected, 400, 403, 404.
    #[serde(rename = "Status")]
    pub(super) status: u16,
    /// In Vietnamese, for people.
    #[serde(rename = "Message")]
    pub(super) message: String,
    /// The label.
    #[serde(rename = "ItemCode", skip_serializing_if = "Option::is_none")]
    pub(super) item_code: Option<String>,
    /// Our number of the order.
    #[serde(rename = "RequestId", skip_serializing_if = "Option::is_none")]
    pub(super) request_id: Option<String>,
}

impl Reply {
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            item_code: None,
            request_id: None,
        }
    }

    /// Something in the request cannot be read or is missing.
    pub(super) fn unreadable(message: impl Into<String>) -> Self {
        Self::new(400, message)
    }

    /// As the client's profile wants it: refusals with HTTP 200, or with an error status for clients that read only that.
    pub(super) fn to(self, client: &Client) -> Response {
        let by_status = client.profile["errorMode"].as_str() == Some("http");
        let status = match self.status {
            _ if !by_status => StatusCode::OK,
            ORDER_DIFFERS | ORDER_COLLECTED => StatusCode::CONFLICT,
            400 => StatusCode::BAD_REQUEST,
            403 => StatusCode::FORBIDDEN,
            404 => StatusCode::NOT_FOUND,
            _ => StatusCode::OK,
        };
        (status, Json(self)).into_response()
    }
}
