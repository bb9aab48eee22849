//! Axum's extractors with refusals of ours.

mod asked;
mod body;
mod json;
mod seen;

pub(crate) use asked::{Asked, Repeat};
pub(crate) use body::RawBody;
pub(crate) use json::{Json, from_value};
pub(crate) use seen::{Seen, Version};

use crate::problem::{Kind, Problem};
use axum::extract::{FromRequestParts, rejection::QueryRejection};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// A part of the path. What cannot even be read as an id does not exist.
#[derive(Debug)]
pub(crate) struct Path<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let found = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        found
            .map(|axum::extract::Path(value)| Self(value))
            .map_err(|_| Kind::NotFound.into())
    }
}

/// The query.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let found = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        found
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|error: QueryRejection| unreadable(&error))
    }
}

/// What went wrong, without what was sent: a query is as good a place for a name or a number as a body.
fn unreadable(error: &QueryRejection) -> Problem {
    let told = error.body_text();
    let named = told
        .split(": ")
        .find(|part| !part.is_empty() && part.chars().all(|sign| sign.is_ascii_lowercase() || sign == '_'));
    match named {
        Some(name) => Problem::with(Kind::InvalidQuery, format!("the parameter {name} cannot be read")),
        None => Kind::InvalidQuery.into(),
    }
}
