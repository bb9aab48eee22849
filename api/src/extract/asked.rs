//! A request to do something once: what is asked, the key it may be repeated under, and what that key is bound to.

use super::{Json, from_value};
use crate::App;
use crate::once::IdempotencyKey;
use crate::problem::Problem;
use axum::RequestExt;
use axum::extract::{FromRequest, Request};
use entity::repo::idempotency::Once;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A JSON body that may be sent again.
#[derive(Debug)]
pub(crate) struct Asked<T> {
    /// What is asked.
    pub(crate) request: T,
    /// How it may be repeated.
    pub(crate) repeat: Repeat,
}

/// The `Idempotency-Key` of a request. It is bound to the method, the path, the caller and the body.
#[derive(Debug)]
pub(crate) struct Repeat {
    key: IdempotencyKey,
    operation: String,
    body: Value,
}

impl<T: DeserializeOwned> FromRequest<App> for Asked<T> {
    type Rejection = Problem;

    async fn from_request(mut request: Request, app: &App) -> Result<Self, Problem> {
        let key = request.extract_parts::<IdempotencyKey>().await?;
        let operation = format!("{} {}", request.method(), request.uri().path());
        let Json(body) = Json::<Value>::from_request(request, app).await?;
        Ok(Self {
            request: from_value(body.clone())?,
            repeat: Repeat { key, operation, body },
        })
    }
}

impl Repeat {
    /// How a repeat by this caller is recognised, when the request came with a key.
    pub(crate) fn once(&self, caller: &str) -> Option<Once> {
        self.key.once(&self.operation, caller, &self.body)
    }
}
