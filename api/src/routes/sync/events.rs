//! `POST /api/v1/sync/events`

use super::{most_events, schema};
use crate::App;
use crate::auth::DepositRight;
use crate::cbor_seq;
use crate::extract::{Json, RawBody};
use crate::openapi::DeviceWrite;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use domain::wire::v1::{DepositResult, DepositView, Deposited};
use entity::StoreError;
use entity::inbox::{self, Fact, Outcome};

/// Deposits signed events. `stored` and `duplicate` both mean that the event is on disk; nothing is judged here.
#[utoipa::path(post, path = "/api/v1/sync/events", tag = "sync", security(("device" = [])),
    request_body(content = Vec<u8>, content_type = "application/cbor-seq", description = "A CBOR sequence of envelopes"),
    params(("Sync-Batch" = Option<String>, Header, description = "Only for tracing")),
    responses((status = 200, body = schema::DepositView), DeviceWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: DepositRight,
    headers: HeaderMap,
    RawBody(body): RawBody,
) -> Result<Json<DepositView>, Problem> {
    if !is_sequence(&headers) {
        return Err(Problem::with(
            Kind::UnsupportedMediaType,
            "A deposit is application/cbor-seq.",
        ));
    }
    let source = format!("device:{}", right.device.id);
    let parts = match cbor_seq::split(&body) {
        Ok(parts) => parts,
        Err(error) => {
            inbox::keep_unreadable(&app.store, source, error.to_string(), body.to_vec())
                .await
                .map_err(not_stored)?;
            return Err(Problem::with(
                Kind::UnreadableFrame,
                format!("{} ({error})", Kind::UnreadableFrame.face().detail),
            ));
        }
    };
    if parts.len() > most_events() {
        return Err(Kind::TooManyEvents.into());
    }
    let facts: Vec<Fact> = parts.into_iter().map(|part| Fact::from_bytes(part.to_vec())).collect();
    let ids: Vec<String> = facts.iter().map(|fact| fact.id.to_string()).collect();
    let outcomes = inbox::deposit(&app.store, source, facts).await.map_err(not_stored)?;
    let results = ids.into_iter().zip(outcomes).map(|(event_id, outcome)| {
        let result = match outcome {
            Outcome::Stored => DepositResult::Stored,
            Outcome::Duplicate => DepositResult::Duplicate,
        };
        Deposited {
            event_id,
            result,
            reason: None,
        }
    });
    Ok(Json(DepositView {
        results: results.collect(),
    }))
}

/// Whatever stopped the write, the phone keeps its events and tries again.
fn not_stored(error: StoreError) -> Problem {
    let kind = if error.is_full() {
        Kind::StorageFull
    } else {
        Kind::Unavailable
    };
    Problem::caused(kind, error)
}

fn is_sequence(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    kind.split(';')
        .next()
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/cbor-seq"))
}
