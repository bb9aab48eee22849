//! Reads every fact again and checks that its bytes still hash to its identifier, and that the numbering has no holes.
//!
//! A flipped bit in what was signed changes the hash; a flipped bit in the signature of an envelope we can verify makes it a
//! wrong one. Both are found here, before anything is proved with the row. What nobody can find is a flipped bit in a
//! signature that proves nothing anyway: of a device nobody knows, or of an event that came forged first and is in quarantine
//! for it or vouched for by a genuine copy.

use crate::inbox::{Fact, Lane};
use crate::project::NOT_GENUINE;
use crate::repo::device;
use crate::store::Store;
use crate::table::{custody_event, inbox, quarantine};
use crate::{ServerKeys, StoreError};
use custody::act::{parse_act, verify_act};
use custody::envelope::{Envelope, PublicKey, VerifyError};
use custody::ids::{DeviceId, EventId};
use ed25519_dalek::VerifyingKey;
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{HashMap, HashSet};

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
pub async fn check(store: &Store, keys: &ServerKeys) -> Result<Checked, StoreError> {
    let (mut checked, mut last) = (Checked::default(), 0);
    let mut examiner = Examiner::new(store, keys);
    loop {
        let rows = inbox::Entity::find()
            .filter(inbox::Column::LogIndex.gt(last))
            .order_by_asc(inbox::Column::LogIndex)
            .limit(PAGE)
            .all(store.read())
            .await?;
        if rows.is_empty() {
            checked.damaged.extend(examiner.unexplained());
            checked.damaged.sort_unstable();
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
            if !examiner.is_whole(&row, index).await? {
                checked.damaged.push(index);
            }
        }
    }
}

/// Looks at one row after the other and remembers what only a later one can explain.
struct Examiner<'a> {
    db: &'a DatabaseConnection,
    acts: Vec<VerifyingKey>,
    devices: HashMap<DeviceId, Option<PublicKey>>,
    /// Trusted events whose own signature is wrong: a genuine copy must have come after the forged one.
    wrong: Vec<(i64, EventId)>,
    genuine_copies: HashSet<EventId>,
}

impl<'a> Examiner<'a> {
    fn new(store: &'a Store, keys: &ServerKeys) -> Self {
        Self {
            db: store.read(),
            acts: keys.act_keys(),
            devices: HashMap::new(),
            wrong: Vec::new(),
            genuine_copies: HashSet::new(),
        }
    }

    async fn is_whole(&mut self, row: &inbox::Model, index: i64) -> Result<bool, StoreError> {
        const CUSTODY: i64 = Lane::Custody as i64;
        const ACT: i64 = Lane::Act as i64;
        const COPY: i64 = Lane::Copy as i64;
        match row.lane {
            CUSTODY => self.is_whole_event(row, index).await,
            ACT => self.is_whole_act(row).await,
            COPY => self.is_whole_copy(row).await,
            _ => Ok(Fact::from_bytes(row.raw.clone()).id.0.as_slice() == row.event_id),
        }
    }

    async fn is_whole_event(&mut self, row: &inbox::Model, index: i64) -> Result<bool, StoreError> {
        let Ok(envelope) = Envelope::parse(&row.raw) else {
            return Ok(false);
        };
        if envelope.id().0.as_slice() != row.event_id {
            return Ok(false);
        }
        if self.verifies(&envelope).await?.is_none_or(|verifies| verifies) {
            return Ok(true);
        }
        let folded = custody_event::Entity::find_by_id(row.event_id.clone())
            .one(self.db)
            .await?;
        if folded.is_some_and(|event| !NOT_GENUINE.contains(&event.verdict.as_str())) {
            self.wrong.push((index, envelope.id()));
        }
        Ok(true)
    }

    async fn is_whole_act(&self, row: &inbox::Model) -> Result<bool, StoreError> {
        let Some(signed) = parse_act(&row.raw)
            .ok()
            .filter(|signed| signed.id.0.as_slice() == row.event_id)
        else {
            return Ok(false);
        };
        let verdicts: Vec<_> = self.acts.iter().map(|key| verify_act(&signed, key)).collect();
        if verdicts.iter().any(Result::is_ok) {
            return Ok(true);
        }
        match verdicts
            .into_iter()
            .find(|verdict| *verdict != Err(VerifyError::WrongKey))
        {
            // Signed before the keys were lost and made anew, and nobody kept their public halves.
            None => Ok(true),
            Some(_bad_signature) => {
                let shown = quarantine::Entity::find_by_id(row.event_id.clone())
                    .one(self.db)
                    .await?;
                Ok(shown.is_some())
            }
        }
    }

    async fn is_whole_copy(&mut self, row: &inbox::Model) -> Result<bool, StoreError> {
        if EventId::of_unreadable(&row.raw).0.as_slice() != row.event_id {
            return Ok(false);
        }
        if let Ok(envelope) = Envelope::parse(&row.raw)
            && self.verifies(&envelope).await? == Some(true)
        {
            self.genuine_copies.insert(envelope.id());
        }
        Ok(true)
    }

    /// Whether a signature is right, when its device is known.
    async fn verifies(&mut self, envelope: &Envelope) -> Result<Option<bool>, StoreError> {
        let kid = envelope.kid();
        let key = if let Some(key) = self.devices.get(&kid) {
            *key
        } else {
            let key = device::by_id(self.db, kid).await?.map(|device| device.key);
            self.devices.insert(kid, key);
            key
        };
        Ok(key.map(|key| envelope.verify(&key).is_ok()))
    }

    /// Rows whose signature is wrong although their event is trusted, and no other copy says why.
    fn unexplained(&self) -> impl Iterator<Item = i64> {
        let wrong = self.wrong.iter().filter(|(_, id)| !self.genuine_copies.contains(id));
        wrong.map(|(index, _)| *index)
    }
}
