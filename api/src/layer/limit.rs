//! How long a request may take, and how large its body may be.

use crate::App;
use crate::problem::{Kind, Problem};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The largest body of a route; set by the router, obeyed by the extractors.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BodyLimit(pub(crate) usize);

/// Answers 504 when a handler takes too long. A write that was begun still ends properly: it runs in a task of its own.
pub(crate) async fn in_time(State(app): State<App>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(app.config.request_timeout, next.run(request)).await {
        Ok(response) => response,
        Err(_elapsed) => Problem::from(Kind::Timeout).into_response(),
    }
}
