//! Reads every fact again and checks that its bytes still hash to its identifier, and that the numbering has no holes.
//!
//! A flipped bit in a stored envelope changes the hash of what was signed, so it is found here before anything is proved with
//! it. What no hash covers (the signature bytes of an envelope) is covered by verifying the signature in a rebuild.

use crate::StoreError;
use crate::inbox::Fact;
use crate::store::Store;
use crate::table::inbox;
use custody::ids::EventId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Numbered facts read.
    pub facts: u64,
    /// Facts whose bytes no longer give their identifier, by log index.
    pub damaged: Vec<i64>,
    /// The first number that is missing, if any.
    pub hole_at: Option<i64>,
}

impl Checked {
    /// Nothing wrong.
    pub fn is_sound(&self) -> bool {
        self.damaged.is_empty() && self.hole_at.is_none()
    }
}

/// Rows read at a time: a few megabytes at most.
const PAGE: u64 = 500;

/// Checks the whole inbox.
///
/// # Errors
/// When the database fails.
pub async fn check(store: &Store) -> Result<Checked, StoreError> {
    let (mut checked, mut last) = (Checked::default(), 0);
    loop {
        let rows = inbox::Entity::find()
            .filter(inbox::Column::LogIndex.gt(last))
            .order_by_asc(inbox::Column::LogIndex)
            .limit(PAGE)
            .all(store.read())
            .await?;
        if rows.is_empty() {
            return Ok(checked);
        }
        for row in rows {
            let index = row
                .log_index
                .ok_or_else(|| StoreError::corrupt("inbox", "row", "has no number"))?;
            if index != last + 1 && checked.hole_at.is_none() {
                checked.hole_at = Some(last + 1);
            }
            last = index;
            checked.facts += 1;
            if !is_whole(&row) {
                checked.damaged.push(index);
            }
        }
    }
}

fn is_whole(row: &inbox::Model) -> bool {
    match row.lane {
        2 => custody::act::parse_act(&row.raw).is_ok_and(|signed| signed.id.0.as_slice() == row.event_id),
        4 => EventId::of_unreadable(&row.raw).0.as_slice() == row.event_id,
        _ => Fact::from_bytes(row.raw.clone()).id.0.as_slice() == row.event_id,
    }
}
