//! Numbers lent to a device, to be given without a network: labels of its office's runs, and receipt numbers of its office's series.
//!
//! A label may stay unused for ever. A receipt number may not go unaccounted for: what was lent to whom is in the log, and the
//! office sees it beside its series.

use super::idempotency::{self, Once, Recall};
use super::matter::{self, NewAct, tell};
use super::receipt::{self, LENT};
use super::{serial, shift};
use crate::repo::device::Device;
use crate::store::Store;
use crate::table::{service_point, staff};
use crate::{ServerKeys, StoreError};
use domain::holder::Holder;
use domain::ids::ServicePointId;
use domain::wire::v1::{MOST_LABELS, MOST_RECEIPTS, NumbersView, ReceiptRun};
use sea_orm::{DatabaseTransaction, EntityTrait};
use serde_json::json;
use sha2::{Digest, Sha256};

/// What a device asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The device's own name for this request.
    pub request: [u8; 16],
    /// How many labels.
    pub labels: u32,
    /// How many receipt numbers.
    pub receipts: u32,
}

/// Lends numbers, once for each request: a repeat gets the same ones, however many it asks for now.
///
/// # Errors
/// When the database fails.
pub async fn lend(store: &Store, keys: &ServerKeys, device: Device, wanted: Wanted) -> Result<NumbersView, StoreError> {
    let attempt = || {
        let (inner, keys, device) = (store.clone(), keys.clone(), device.clone());
        store.write(move |tx| Box::pin(async move { lend_in(tx, &inner, &keys, &device, wanted).await }))
    };
    let lent = match attempt().await {
        // The same request twice at once: the other one won, so now its answer can be found.
        Err(error) if error.is_duplicate() => attempt().await?,
        other => other?,
    };
    store.deposited().notify_one();
    Ok(lent)
}

async fn lend_in(
    tx: &DatabaseTransaction,
    store: &Store,
    keys: &ServerKeys,
    device: &Device,
    wanted: Wanted,
) -> Result<NumbersView, StoreError> {
    let name = [b"traotay/numbers/v1".as_slice(), &device.id.0, &wanted.request].concat();
    let once = Once {
        key: Sha256::digest(&name).into(),
        digest: Sha256::digest(wanted.request).into(),
    };
    if let Recall::Same(answer) = idempotency::recall(tx, &once).await? {
        return serde_json::from_value(answer).map_err(|error| StoreError::corrupt("idempotency_key", "answer", error));
    }
    let person = staff::Entity::find_by_id(device.staff.0).one(tx).await?;
    let office = person.and_then(|person| person.service_point_id).map(ServicePointId);
    let lent = match office {
        None => NumbersView::default(),
        Some(office) => NumbersView {
            labels: labels(tx, office, wanted.labels.min(MOST_LABELS)).await?,
            receipts: receipts(tx, (store, keys), office, device, wanted.receipts.min(MOST_RECEIPTS)).await?,
        },
    };
    let answer = serde_json::to_value(&lent).map_err(|error| StoreError::corrupt("numbers", "answer", error))?;
    idempotency::remember(tx, &once, &answer, store.now_ms()).await?;
    Ok(lent)
}

async fn labels(tx: &DatabaseTransaction, office: ServicePointId, count: u32) -> Result<Vec<String>, StoreError> {
    let mut labels = Vec::new();
    for _ in 0..count {
        match serial::draw(tx, Some(office)).await {
            Ok(label) => labels.push(label.to_string()),
            Err(StoreError::NoSerials) => break,
            Err(other) => return Err(other),
        }
    }
    Ok(labels)
}

async fn receipts(
    tx: &DatabaseTransaction,
    (store, keys): (&Store, &ServerKeys),
    office: ServicePointId,
    device: &Device,
    count: u32,
) -> Result<Vec<ReceiptRun>, StoreError> {
    let place = Holder::ServicePoint(office);
    shift::lock(tx, place).await?;
    let Some(point) = service_point::Entity::find_by_id(office.0).one(tx).await? else {
        return Ok(Vec::new());
    };
    let waiting = matter::waiting(tx).await?;
    let runs = receipt::series_in(tx, office, &waiting).await?;
    let next = |run: &receipt::Series| run.given.map_or(run.first, |given| given.saturating_add(1));
    let Some(run) = runs.iter().find(|run| count > 0 && next(run) <= run.last) else {
        return Ok(Vec::new());
    };
    let first = next(run);
    let last = run.last.min(first.saturating_add(count - 1));
    let act = NewAct {
        kind: LENT,
        subject: office.0,
        actor: &format!("device:{}", device.id),
        data: json!({ "series": run.name, "first": first, "last": last,
            "device": device.id.to_string(), "place": place.to_string() }),
    };
    tell(tx, store, keys, act).await?;
    Ok(vec![ReceiptRun {
        point: point.code,
        series: run.name.clone(),
        first,
        last,
    }])
}
