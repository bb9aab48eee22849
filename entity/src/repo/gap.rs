//! The gap meter: what devices signed and have not brought, and since when that is known.

use super::device::{self, Device};
use super::directory::{self, Of};
use crate::StoreError;
use crate::project::NOT_GENUINE;
use crate::table::{custody_event, inbox};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef};

/// Stretches of missing numbers told of one device.
const MOST: usize = 100;

/// How long after a later event something may be missing before somebody should ask for the phone (trust §0.3 I8), milliseconds.
pub const OVERDUE_MS: i64 = 24 * 3_600_000;

/// Numbers of a device that have not come although a later one has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The first of them.
    pub from: i64,
    /// The last of them.
    pub to: i64,
    /// When the first later event came, milliseconds UTC.
    pub since_ms: i64,
}

impl Gap {
    /// Whether it is missing for more than a day.
    pub const fn is_overdue(&self, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.since_ms) > OVERDUE_MS
    }
}

/// A device and what is missing of it.
#[derive(Debug, Clone)]
pub struct Meter {
    /// The device.
    pub device: Device,
    /// What is missing, lowest first.
    pub missing: Vec<Gap>,
}

/// The devices of an office, an agency or an operator.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn meters(db: &impl ConnectionTrait, of: Of) -> Result<Vec<Meter>, StoreError> {
    let mut meters = Vec::new();
    for entry in directory::devices(db, of).await? {
        let missing = missing(db, &entry.device).await?;
        meters.push(Meter {
            device: entry.device,
            missing,
        });
    }
    Ok(meters)
}

/// What is missing of one device, and since when that is known.
///
/// # Errors
/// When the database fails.
pub async fn missing(db: &impl ConnectionTrait, device: &Device) -> Result<Vec<Gap>, StoreError> {
    if device.seq_max <= device.contiguous {
        return Ok(Vec::new());
    }
    let received: RelationDef = custody_event::Entity::belongs_to(inbox::Entity)
        .from(custody_event::Column::EventId)
        .to(inbox::Column::EventId)
        .into();
    let mut gaps = Vec::new();
    for (from, to) in device::missing(db, device, MOST).await? {
        let since: Option<i64> = custody_event::Entity::find()
            .select_only()
            .column(inbox::Column::ReceivedAt)
            .join(JoinType::InnerJoin, received.clone())
            .filter(custody_event::Column::DeviceId.eq(device.id.0.to_vec()))
            .filter(custody_event::Column::Verdict.is_not_in(NOT_GENUINE))
            .filter(custody_event::Column::Seq.gt(to))
            .order_by_asc(inbox::Column::ReceivedAt)
            .limit(1)
            .into_tuple()
            .one(db)
            .await?;
        gaps.extend(since.map(|since_ms| Gap { from, to, since_ms }));
    }
    Ok(gaps)
}
