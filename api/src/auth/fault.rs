//! A refused token in the words of the gateway we stand in for, for clients whose profile says `authErrors`: `wso2`.
//!
//! Only a client that is known can be answered so: whose secret is wrong, whose token has ended or came by a way its profile
//! does not open. Nobody's token is answered as every other call of nobody.

use crate::problem::{Kind, Problem, ToldOtherwise};
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use entity::repo::lgsp::Client;
use serde_json::json;

/// The gateway's faults of authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// 900901.
    InvalidCredentials,
    /// 900903.
    TokenExpired,
}

impl Fault {
    const fn words(self) -> (u32, &'static str, &'static str) {
        match self {
            Self::InvalidCredentials => (
                900_901,
                "Invalid Credentials",
                "Invalid Credentials. Make sure you have provided the correct security credentials",
            ),
            Self::TokenExpired => (
                900_903,
                "Access Token Expired",
                "Access Token Expired. Renew the access token and try again",
            ),
        }
    }
}

/// The fault as this client reads it; nothing when it knows no faults.
pub(crate) fn answer(client: &Client, fault: Fault) -> Option<Response> {
    (client.profile["authErrors"].as_str() == Some("wso2")).then(|| {
        let (code, message, description) = fault.words();
        let body = json!({ "fault": { "code": code, "message": message, "description": description } });
        let mut response = (StatusCode::UNAUTHORIZED, Json(body)).into_response();
        let why = Problem::from(Kind::Unauthenticated);
        response.extensions_mut().insert(ToldOtherwise::from(why));
        response
    })
}
