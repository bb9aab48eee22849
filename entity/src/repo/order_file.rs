//! Files of orders from offices that have no interface, and where their orders stand.
//!
//! A file is known by its agency and the hash of its bytes: the same file again finds what was found in it the first time.

use crate::store::Store;
use crate::table::{item_custody, order_file, postal_item, postal_order, service_point};
use crate::{Scope, StoreError};
use domain::holder::Holder;
use domain::ids::AgencyId;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use uuid::Uuid;

/// A file as it was read.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// Its rows.
    pub rows: Value,
    /// What was found in it.
    pub report: Value,
    /// Who sent it, as the log names people.
    pub actor: String,
}

/// A file that is kept.
#[derive(Debug, Clone)]
pub struct KeptFile {
    /// Its rows.
    pub rows: Value,
    /// What was found in it.
    pub report: Value,
    /// When it came first, in milliseconds UTC.
    pub uploaded_at: i64,
    /// When its orders were placed first, in milliseconds UTC.
    pub committed_at: Option<i64>,
}

fn key(agency: AgencyId, sha256: &[u8; 32]) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(b"traotay/order-file/v1");
    hash.update(agency.0.as_bytes());
    hash.update(sha256);
    hash.finalize().to_vec()
}

/// The file of these bytes, if the agency of these eyes has sent it.
///
/// # Errors
/// When the database fails or the row cannot be read.
pub async fn find(db: &impl ConnectionTrait, scope: &Scope, sha256: &[u8; 32]) -> Result<Option<KeptFile>, StoreError> {
    let Some(agency) = scope.as_agency() else {
        return Ok(None);
    };
    let row = order_file::Entity::find_by_id(key(agency, sha256)).one(db).await?;
    row.as_ref().map(kept).transpose()
}

fn kept(row: &order_file::Model) -> Result<KeptFile, StoreError> {
    let read = |text: &str| {
        serde_json::from_str(text).map_err(|error| StoreError::corrupt("order_file", hex::encode(&row.sha256), error))
    };
    Ok(KeptFile {
        rows: read(&row.rows)?,
        report: read(&row.report)?,
        uploaded_at: row.uploaded_at,
        committed_at: row.committed_at,
    })
}

/// Keeps a file for the agency of these eyes, once: one that is there stays as it is. Eyes that are no desk's keep nothing.
///
/// # Errors
/// When the database fails.
pub async fn keep(store: &Store, scope: &Scope, new: NewFile) -> Result<Option<KeptFile>, StoreError> {
    let Some(agency) = scope.as_agency() else {
        return Ok(None);
    };
    let (now, sha256) = (store.now_ms(), new.sha256);
    let row = order_file::ActiveModel {
        id: Set(key(agency, &sha256)),
        agency_id: Set(agency.0),
        sha256: Set(sha256.to_vec()),
        rows: Set(new.rows.to_string()),
        report: Set(new.report.to_string()),
        actor: Set(new.actor),
        uploaded_at: Set(now),
        committed_at: Set(None),
    };
    let written = store
        .write(move |tx| Box::pin(async move { row.insert(tx).await.map(drop).map_err(StoreError::from) }))
        .await;
    match written {
        Err(error) if !error.is_duplicate() => Err(error),
        // Somebody sent the same file at the same moment.
        Ok(()) | Err(_) => find(&store.see(scope).await?, scope, &sha256).await,
    }
}

/// Says that the orders of a file were placed; the first time stays.
///
/// # Errors
/// When the database fails.
pub async fn committed(store: &Store, scope: &Scope, sha256: [u8; 32]) -> Result<(), StoreError> {
    let Some(agency) = scope.as_agency() else { return Ok(()) };
    let now = store.now_ms();
    store
        .write(move |tx| {
            Box::pin(async move {
                order_file::Entity::update_many()
                    .col_expr(order_file::Column::CommittedAt, Expr::value(now))
                    .filter(order_file::Column::Id.eq(key(agency, &sha256)))
                    .filter(order_file::Column::CommittedAt.is_null())
                    .exec(tx)
                    .await?;
                Ok::<_, StoreError>(())
            })
        })
        .await
}

/// Where an envelope of an order stands.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The customer code the order was placed under.
    pub customer_code: String,
    /// The office's number.
    pub order_number: String,
    /// The label.
    pub item_code: String,
    /// What it carries, in text form.
    pub kind: String,
    /// Its state, in text form; absent until the sequencer has reached it.
    pub state: Option<String>,
    /// Since when, in milliseconds UTC.
    pub since_ms: i64,
    /// The post's own code of the office that has it, if one has.
    pub pos_code: String,
    /// How often its delivery failed.
    pub attempts: i64,
}

/// Envelopes of orders these eyes see, the newest order first: of these numbers, or of all, `limit` orders at most.
///
/// # Errors
/// When the database fails.
pub async fn standing(
    db: &impl ConnectionTrait,
    scope: &Scope,
    numbers: Option<Vec<String>>,
    limit: u64,
) -> Result<Vec<Standing>, StoreError> {
    let mut query =
        postal_order::Entity::find().filter(postal_order::Column::DossierId.in_subquery(scope.dossier_ids()));
    if let Some(numbers) = numbers {
        query = query.filter(postal_order::Column::OrderNumber.is_in(numbers));
    }
    let orders = query
        .order_by_desc(postal_order::Column::CreatedAt)
        .order_by_asc(postal_order::Column::OrderNumber)
        .limit(limit)
        .all(db)
        .await?;
    let dossiers: Vec<Uuid> = orders.iter().map(|order| order.dossier_id).collect();
    let items = postal_item::Entity::find()
        .filter(postal_item::Column::DossierId.is_in(dossiers.clone()))
        .order_by_asc(postal_item::Column::CreatedAt)
        .all(db)
        .await?;
    let states = item_custody::Entity::find()
        .filter(item_custody::Column::DossierId.is_in(dossiers))
        .all(db)
        .await?;
    let states: HashMap<Vec<u8>, item_custody::Model> =
        states.into_iter().map(|row| (row.item_id.clone(), row)).collect();
    let offices = service_point::Entity::find().all(db).await?;
    let offices: HashMap<Uuid, String> = offices.into_iter().map(|row| (row.id, row.pos_code)).collect();
    let mut rows = Vec::new();
    for order in &orders {
        for item in items.iter().filter(|item| item.dossier_id == order.dossier_id) {
            let state = states.get(&item.item_id);
            let holder = state.and_then(|row| row.holder.as_deref()?.parse().ok());
            let pos_code = match holder {
                Some(Holder::ServicePoint(point)) => offices.get(&point.0).cloned(),
                _ => None,
            };
            rows.push(Standing {
                customer_code: order.customer_code.clone(),
                order_number: order.order_number.clone(),
                item_code: item.item_code.clone(),
                kind: item.kind.clone(),
                state: state.map(|row| row.state.clone()),
                since_ms: state.map_or(item.created_at, |row| row.since_ms),
                pos_code: pos_code.unwrap_or_default(),
                attempts: state.map_or(0, |row| row.attempts),
            });
        }
    }
    Ok(rows)
}
