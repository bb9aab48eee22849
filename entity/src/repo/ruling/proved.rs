//! Late events of revoked devices that are proved to be from before: nobody has to rule on those.

use crate::project::{BRACKETED, LATE_FROM_REVOKED};
use crate::repo::bracket;
use crate::repo::matter::{self, NewAct};
use crate::store::Store;
use crate::table::{custody_event, device, inbox, quarantine};
use crate::{ServerKeys, StoreError, clock};
use custody::ids::EventId;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use std::collections::HashMap;

/// An event of a revoked device that is proved to be from before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proved {
    /// The event.
    pub event: EventId,
    /// Not before, milliseconds UTC, where that is known.
    pub earliest_ms: Option<i64>,
    /// Not after, milliseconds UTC.
    pub latest_ms: i64,
    /// When its device was revoked, milliseconds UTC.
    pub revoked_ms: i64,
}

/// Events of revoked devices in quarantine that were certainly signed before the revocation: somebody else's event that was received
/// by then names them, or a server time did that their own clock puts after them (trust §2.7).
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn proved(db: &impl ConnectionTrait, keys: &ServerKeys, limit: u64) -> Result<Vec<Proved>, StoreError> {
    let late: Vec<Vec<u8>> = quarantine::Entity::find()
        .select_only()
        .column(quarantine::Column::EventId)
        .filter(quarantine::Column::Reason.eq(LATE_FROM_REVOKED))
        .filter(quarantine::Column::EventId.not_in_subquery(crate::project::ruled()))
        .order_by_desc(quarantine::Column::LogIndex)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    let devices: Vec<(Vec<u8>, Vec<u8>)> = custody_event::Entity::find()
        .select_only()
        .columns([custody_event::Column::EventId, custody_event::Column::DeviceId])
        .filter(custody_event::Column::EventId.is_in(late.clone()))
        .into_tuple()
        .all(db)
        .await?;
    let brackets = bracket::wary_of(db, keys, &late.into_iter().collect()).await?;
    let mut revoked: HashMap<Vec<u8>, Option<i64>> = HashMap::new();
    let mut found = Vec::new();
    for (event, device) in devices {
        if !revoked.contains_key(&device) {
            revoked.insert(device.clone(), revoked_at(db, &device).await?);
        }
        let (Some(bracket), Some(revoked_ms)) = (brackets.get(&event), revoked.get(&device).copied().flatten()) else {
            continue;
        };
        if bracket.latest_ms < revoked_ms
            && let Ok(event) = EventId::try_from(event.as_slice())
        {
            found.push(Proved {
                event,
                earliest_ms: bracket.earliest_ms,
                latest_ms: bracket.latest_ms,
                revoked_ms,
            });
        }
    }
    Ok(found)
}

/// When the server revoked a device.
async fn revoked_at(db: &impl ConnectionTrait, device: &[u8]) -> Result<Option<i64>, StoreError> {
    let row = device::Entity::find_by_id(device.to_vec()).one(db).await?;
    let Some(index) = row.and_then(|row| row.revoked_index) else {
        return Ok(None);
    };
    let received: Option<i64> = inbox::Entity::find()
        .select_only()
        .column(inbox::Column::ReceivedAt)
        .filter(inbox::Column::LogIndex.eq(index))
        .into_tuple()
        .one(db)
        .await?;
    Ok(received)
}

/// Tells the log that an event is proved to be from before its device was revoked, so that it is applied; whoever reads it later sees
/// why.
///
/// # Errors
/// When the database fails.
pub async fn tell_proved(
    tx: &DatabaseTransaction,
    store: &Store,
    keys: &ServerKeys,
    proved: &Proved,
) -> Result<(), StoreError> {
    let data = json!({
        "outcome": "bracketed", "event": proved.event.to_string(), "earliest_ms": proved.earliest_ms,
        "latest_ms": proved.latest_ms, "revoked_ms": proved.revoked_ms,
    });
    let act = NewAct {
        kind: BRACKETED,
        subject: clock::new_id(),
        actor: "server",
        data,
    };
    matter::tell(tx, store, keys, act).await.map(drop)
}
