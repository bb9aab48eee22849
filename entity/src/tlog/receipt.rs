//! Receipts of facts, for whoever may have them: that is asked before.

use super::read::{broken, heads, tiles_for};
use super::shard;
use crate::inbox::Lane;
use crate::table::{device, inbox, log_leaf};
use crate::{ServerKeys, StoreError};
use custody::act::{parse_act, server_key_id};
use custody::envelope::Envelope;
use custody::ids::EventId;
use custody::log::Receipt;
use custody::log::receipt::Logged;
use custody::log::tiles::Question;
use sea_orm::{ConnectionTrait, EntityTrait};

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
    let Some(row) = inbox::Entity::find_by_id(id.0.to_vec()).one(db).await? else {
        return Ok(None);
    };
    let Some(signer) = signer(db, keys, &row).await? else {
        return Ok(None);
    };
    let leaf = match row.log_index {
        Some(log_index) => log_leaf::Entity::find_by_id(log_index).one(db).await?,
        None => None,
    };
    let logged = match leaf {
        Some(leaf) => logged(db, leaf).await?,
        None => None,
    };
    Ok(Some(Receipt {
        signed: row.raw,
        signer,
        logged,
    }))
}

/// The public key under which a fact stands.
async fn signer(
    db: &impl ConnectionTrait,
    keys: &ServerKeys,
    row: &inbox::Model,
) -> Result<Option<Vec<u8>>, StoreError> {
    if row.lane == Lane::Custody as i64 {
        let Ok(envelope) = Envelope::parse(&row.raw) else {
            return Ok(None);
        };
        let known = device::Entity::find_by_id(envelope.kid().0.to_vec()).one(db).await?;
        return Ok(known.map(|known| known.public_key));
    }
    let act = parse_act(&row.raw).ok().filter(|_| row.lane == Lane::Act as i64);
    Ok(act.and_then(|act| {
        let all = keys.act_keys();
        let key = all.iter().find(|key| server_key_id(key) == act.kid)?;
        Some(key.as_bytes().to_vec())
    }))
}

/// The proof under the first signed head that covers the leaf; of those, under the one most witnesses signed.
async fn logged(db: &impl ConnectionTrait, leaf: log_leaf::Model) -> Result<Option<Logged>, StoreError> {
    let shards = shard::all(db).await?;
    let home = shards
        .into_iter()
        .rev()
        .find(|shard| shard.first_index <= leaf.log_index);
    let Some(shard) = home else { return Ok(None) };
    let bad = |why: &str| StoreError::corrupt("log_leaf", leaf.log_index, why);
    let index = u64::try_from(leaf.log_index - shard.first_index).map_err(|_| bad("log_index"))?;
    let covering = heads(db, &shard.name, index + 1).await?;
    // The earliest of the best: its proof is the shortest to read and never changes again.
    let best = covering
        .into_iter()
        .rev()
        .max_by_key(|head| head.note.lines().filter(|line| line.starts_with('\u{2014}')).count());
    let Some(head) = best else { return Ok(None) };
    let size = u64::try_from(head.size).map_err(|_| bad("a head of no size"))?;
    let tiles = tiles_for(db, &shard.name, Question::Inclusion(index, size)).await?;
    Ok(Some(Logged {
        salt: leaf.salt.as_slice().try_into().map_err(|_| bad("salt"))?,
        index,
        hashes: tiles.inclusion(index, size).map_err(broken(&shard.name))?,
        note: head.note,
    }))
}
