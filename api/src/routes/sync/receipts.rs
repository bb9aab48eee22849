//! `GET /api/v1/sync/receipts`

use crate::App;
use crate::auth::DeviceRight;
use crate::extract::{Json, Query};
use crate::openapi::DeviceRead;
use crate::problem::Problem;
use axum::extract::State;
use custody::ids::EventId;
use custody::log::Receipt;
use entity::StoreError;
use entity::{repo, tlog};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};

/// Receipts told at once: about 100 kB.
const MOST: u64 = 100;

/// From where.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReceiptsQuery {
    /// Only those of events with a larger sequence number than this; from the first when absent.
    #[serde(default)]
    after: u32,
}

/// A receipt of an event of the device.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventReceiptView {
    /// The event, in hex.
    event_id: String,
    /// Its number in the device's chain.
    seq: i64,
    /// Its number in the log's shard, from 0.
    index: u64,
    /// The receipt: a C2SP tlog-proof.
    proof: String,
}

/// A page of receipts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventReceiptsView {
    /// In the order of the device's chain.
    receipts: Vec<EventReceiptView>,
    /// What to ask for as `after` next time.
    next: i64,
    /// Whether more are there already.
    more: bool,
}

/// Proofs that events of this device are in the public log. An event without one yet ends the page: its turn comes within a minute
/// or two.
#[utoipa::path(get, path = "/api/v1/sync/receipts", tag = "sync", security(("device" = [])), params(ReceiptsQuery),
    responses((status = 200, body = EventReceiptsView), DeviceRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: DeviceRight,
    Query(query): Query<ReceiptsQuery>,
) -> Result<Json<EventReceiptsView>, Problem> {
    let db = app.store.open();
    let after = i64::from(query.after);
    let events = repo::device::events_after(db, right.device.id, after, MOST).await?;
    let is_full = u64::try_from(events.len()).is_ok_and(|count| count >= MOST);
    let lines = tlog::lines(db, events.iter().map(|(_, id)| id.clone()).collect()).await?;
    let found = tlog::receipts(db, &app.keys, &lines).await?;
    let mut proofs: HashMap<EventId, Receipt> = lines
        .iter()
        .zip(found)
        .filter_map(|(line, receipt)| Some((line.id, receipt?)))
        .collect();
    let (mut receipts, mut next) = (Vec::new(), after);
    for (seq, id) in events {
        let event =
            EventId::try_from(id.as_slice()).map_err(|error| StoreError::corrupt("custody_event", seq, error))?;
        let proof = proofs.remove(&event);
        let Some((proof, index)) = proof.and_then(|receipt| Some((receipt.to_text()?, receipt.logged?.index))) else {
            return Ok(Json(EventReceiptsView {
                receipts,
                next,
                more: false,
            }));
        };
        receipts.push(EventReceiptView {
            event_id: event.to_string(),
            seq,
            index,
            proof,
        });
        next = seq;
    }
    Ok(Json(EventReceiptsView {
        receipts,
        next,
        more: is_full,
    }))
}
