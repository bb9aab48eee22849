//! Files from phones whose key store failed: kept as they came, opened by whoever has the recovery key, never thrown away.

use crate::inbox::{Fact, Outcome, deposit};
use crate::recovery::RecoveryKey;
use crate::store::Store;
use crate::table::salvage;
use crate::{StoreError, clock};
use domain::ids::StaffId;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, TryInsertResult};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What one file held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    /// The file.
    pub id: Uuid,
    /// Envelopes in it.
    pub events: usize,
    /// Of them, those the server did not have.
    pub stored: usize,
    /// Lines that are not for this key or were changed.
    pub unopened: usize,
}

/// Keeps a file. The same bytes again change nothing; false then.
///
/// # Errors
/// When the database fails.
pub async fn keep(store: &Store, content: Vec<u8>, by: StaffId) -> Result<bool, StoreError> {
    let row = salvage::ActiveModel {
        id: Set(clock::new_id()),
        sha256: Set(Sha256::digest(&content).to_vec()),
        content: Set(content),
        staff_id: Set(by.0),
        received_at: Set(store.now_ms()),
        opened_at: Set(None),
        events: Set(None),
        unopened: Set(None),
    };
    store
        .write(move |tx| {
            Box::pin(async move {
                let kept = salvage::Entity::insert(row)
                    .on_conflict_do_nothing_on([salvage::Column::Sha256])
                    .exec(tx)
                    .await?;
                Ok(matches!(kept, TryInsertResult::Inserted(_)))
            })
        })
        .await
}

/// Files nobody has opened yet, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn waiting(db: &impl ConnectionTrait) -> Result<Vec<salvage::Model>, StoreError> {
    Ok(salvage::Entity::find()
        .filter(salvage::Column::OpenedAt.is_null())
        .order_by_asc(salvage::Column::ReceivedAt)
        .order_by_asc(salvage::Column::Id)
        .all(db)
        .await?)
}

/// Deposits what is in a file, like a phone would, and notes what it held. The deposit comes first: cut in between, the file
/// is opened again and its events are there already. A file in which no line opens stays waiting, for the key it is for.
///
/// # Errors
/// When the database fails; the file waits as before.
pub async fn open(store: &Store, key: &RecoveryKey, file: &salvage::Model) -> Result<Opened, StoreError> {
    let (envelopes, unopened) = key.open_file(&String::from_utf8_lossy(&file.content));
    let events = envelopes.len();
    let facts = envelopes.into_iter().map(Fact::from_bytes).collect();
    let outcomes = deposit(store, format!("salvage:{}", file.id), facts).await?;
    let stored = outcomes.iter().filter(|outcome| **outcome == Outcome::Stored).count();
    if events > 0 {
        let row = salvage::ActiveModel {
            id: Set(file.id),
            opened_at: Set(Some(store.now_ms())),
            events: Set(i64::try_from(events).ok()),
            unopened: Set(i64::try_from(unopened).ok()),
            ..Default::default()
        };
        store
            .write(move |tx| {
                Box::pin(async move {
                    salvage::Entity::update(row)
                        .exec(tx)
                        .await
                        .map(drop)
                        .map_err(StoreError::from)
                })
            })
            .await?;
    }
    Ok(Opened {
        id: file.id,
        events,
        stored,
        unopened,
    })
}
