//! Receipts of facts, for whoever may have them: that is asked before.
//!
//! Many cost the database as many questions as one: a page of a dossier with fifty facts asks what a page with one does.

use super::read::{FEW, broken, covering, load};
use super::shard::{self, Shard};
use super::story::{Line, lines};
use crate::table::{device, log_checkpoint, log_leaf};
use crate::{ServerKeys, StoreError};
use custody::act::{parse_act, server_key_id};
use custody::envelope::Envelope;
use custody::ids::{DeviceId, EventId};
use custody::log::Receipt;
use custody::log::receipt::Logged;
use custody::log::tiles::{Question, Tiles, wanted};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::{BTreeSet, HashMap};

/// The receipt of a fact; provisional while no signed head covers it. None for what is not here, or is no signed fact of a key we
/// know.
///
/// # Errors
/// When the database fails.
pub async fn of_event(
    db: &impl ConnectionTrait,
    keys: &ServerKeys,
    id: EventId,
) -> Result<Option<Receipt>, StoreError> {
    let line = lines(db, vec![id.0.to_vec()]).await?;
    Ok(receipts(db, keys, &line).await?.pop().flatten())
}

/// The receipts of these facts, in their order, as [`of_event`] gives each.
///
/// # Errors
/// When the database fails.
pub async fn receipts(
    db: &impl ConnectionTrait,
    keys: &ServerKeys,
    lines: &[Line],
) -> Result<Vec<Option<Receipt>>, StoreError> {
    let signers = signers(db, keys, lines).await?;
    let mut proofs = proofs(db, lines).await?;
    let made = lines.iter().zip(signers).map(|(line, signer)| {
        Some(Receipt {
            signed: line.raw.clone(),
            signer: signer?,
            logged: line.log_index.and_then(|log_index| proofs.remove(&log_index)),
        })
    });
    Ok(made.collect())
}

/// The public keys under which facts stand.
async fn signers(
    db: &impl ConnectionTrait,
    keys: &ServerKeys,
    lines: &[Line],
) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
    let devices: Vec<Option<DeviceId>> = lines
        .iter()
        .map(|line| Envelope::parse(&line.raw).ok().map(|envelope| envelope.kid()))
        .collect();
    let asked: BTreeSet<DeviceId> = devices.iter().flatten().copied().collect();
    let known: HashMap<Vec<u8>, Vec<u8>> = if asked.is_empty() {
        HashMap::new()
    } else {
        let ids = asked.iter().map(|id| id.0.to_vec());
        let rows = device::Entity::find()
            .filter(device::Column::DeviceId.is_in(ids))
            .all(db)
            .await?;
        rows.into_iter().map(|row| (row.device_id, row.public_key)).collect()
    };
    let ours = keys.act_keys();
    let found = lines.iter().zip(devices).map(|(line, device)| {
        if let Some(device) = device {
            return known.get(device.0.as_slice()).cloned();
        }
        let act = parse_act(&line.raw).ok()?;
        let key = ours.iter().find(|key| server_key_id(key) == act.kid)?;
        Some(key.as_bytes().to_vec())
    });
    Ok(found.collect())
}

/// A leaf in its shard.
struct Home {
    leaf: log_leaf::Model,
    shard: String,
    index: u64,
}

/// What the log gives to each fact it holds, by log index.
async fn proofs(db: &impl ConnectionTrait, lines: &[Line]) -> Result<HashMap<i64, Logged>, StoreError> {
    let homes = homes(db, lines).await?;
    let asked: Vec<(&str, u64)> = homes.iter().map(|home| (home.shard.as_str(), home.index + 1)).collect();
    let heads = covering(db, &asked).await?;
    let mut questions: HashMap<&str, Vec<Question>> = HashMap::new();
    let mut chosen = Vec::new();
    for home in &homes {
        let Some(head) = best(&heads, home) else { continue };
        let size = u64::try_from(head.size).map_err(|error| home.broken(error))?;
        questions
            .entry(&home.shard)
            .or_default()
            .push(Question::Inclusion(home.index, size));
        chosen.push((home, head, size));
    }
    let mut tiles: HashMap<&str, Tiles> = HashMap::new();
    for (shard, questions) in questions {
        tiles.insert(shard, load(db, shard, questions.into_iter().flat_map(wanted)).await?);
    }
    let mut proofs = HashMap::new();
    for (home, head, size) in chosen {
        let hashes = tiles[home.shard.as_str()].inclusion(home.index, size);
        let logged = Logged {
            salt: home
                .leaf
                .salt
                .as_slice()
                .try_into()
                .map_err(|error| home.broken(error))?,
            index: home.index,
            hashes: hashes.map_err(broken(&home.shard))?,
            note: head.note.clone(),
        };
        proofs.insert(home.leaf.log_index, logged);
    }
    Ok(proofs)
}

impl Home {
    fn broken(&self, why: impl std::fmt::Display) -> StoreError {
        StoreError::corrupt("log_leaf", self.leaf.log_index, why)
    }
}

async fn homes(db: &impl ConnectionTrait, lines: &[Line]) -> Result<Vec<Home>, StoreError> {
    let asked: Vec<i64> = lines.iter().filter_map(|line| line.log_index).collect();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let leaves = log_leaf::Entity::find()
        .filter(log_leaf::Column::LogIndex.is_in(asked))
        .all(db)
        .await?;
    let shards: Vec<Shard> = shard::all(db).await?;
    let mut homes = Vec::new();
    for leaf in leaves {
        let Some(shard) = shards.iter().rev().find(|shard| shard.first_index <= leaf.log_index) else {
            continue;
        };
        let index = u64::try_from(leaf.log_index - shard.first_index)
            .map_err(|error| StoreError::corrupt("log_leaf", leaf.log_index, error))?;
        homes.push(Home {
            leaf,
            shard: shard.name.clone(),
            index,
        });
    }
    Ok(homes)
}

/// The first signed head that covers the leaf; of a few, the one most witnesses signed.
fn best<'a>(heads: &'a [log_checkpoint::Model], home: &Home) -> Option<&'a log_checkpoint::Model> {
    let covering = heads
        .iter()
        .filter(|head| head.shard == home.shard && u64::try_from(head.size).is_ok_and(|size| size > home.index))
        .take(FEW);
    // The earliest of the best: its proof is the shortest to read and never changes again.
    let signatures =
        |head: &log_checkpoint::Model| head.note.lines().filter(|line| line.starts_with('\u{2014}')).count();
    covering.reduce(|best, head| {
        if signatures(head) > signatures(best) {
            head
        } else {
            best
        }
    })
}
