//! A handler that panics answers like any other failure.

use crate::problem::{Kind, Problem};
use axum::response::{IntoResponse, Response};
use std::any::Any;

/// The answer after a panic; what it said goes to the log.
pub(crate) fn on_panic(said: Box<dyn Any + Send + 'static>) -> Response {
    let said = said
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| said.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "something that is no text".to_owned());
    Problem::caused(Kind::Internal, format!("a handler panicked: {said}")).into_response()
}
