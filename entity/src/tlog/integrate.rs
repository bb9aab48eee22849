//! Gives every numbered fact its leaf, in order, and the tree its tiles.

use super::read::{load, tile_key};
use super::shard::{self, Shard};
use crate::StoreError;
use crate::clock::random;
use crate::sequencer;
use crate::store::Store;
use crate::table::{inbox, log_leaf, log_shard, log_tile};
use custody::log::leaf::{self, Salt};
use custody::log::tiles::{Place, edge};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use std::collections::BTreeSet;

/// Whether facts wait for their leaf.
pub(crate) async fn is_behind(db: &impl ConnectionTrait, last_index: i64) -> Result<bool, StoreError> {
    let shard = shard::find(db, None).await?;
    Ok(shard.map_or(1, |shard| shard.next()) <= last_index)
}

/// Adds one batch of facts to the log in one transaction, and says how many they were.
///
/// # Errors
/// [`StoreError::Fenced`] when `epoch` no longer leads, or whatever the database says. Nothing is half added.
pub(crate) async fn integrate(store: &Store, epoch: i64, limit: u64) -> Result<u64, StoreError> {
    let now_ms = store.now_ms();
    store
        .write(move |tx| {
            Box::pin(async move {
                sequencer::hold(tx, epoch).await?;
                let shard = shard::current(tx, now_ms).await?;
                add(tx, shard, limit).await
            })
        })
        .await
}

async fn add(tx: &DatabaseTransaction, shard: Shard, limit: u64) -> Result<u64, StoreError> {
    let rows: Vec<(i64, Vec<u8>, Vec<u8>)> = inbox::Entity::find()
        .select_only()
        .columns([inbox::Column::LogIndex, inbox::Column::EventId, inbox::Column::Raw])
        .filter(inbox::Column::LogIndex.gte(shard.next()))
        .order_by_asc(inbox::Column::LogIndex)
        .limit(limit)
        .into_tuple()
        .all(tx)
        .await?;
    let before = shard.leaves()?;
    let mut tiles = load(tx, &shard.name, edge(before).into_iter().map(|(place, _)| place)).await?;
    let (mut changed, mut leaves) = (BTreeSet::<Place>::new(), Vec::with_capacity(rows.len()));
    for (place, (log_index, event_id, raw)) in (before..).zip(rows) {
        if log_index != shard.first_index.saturating_add_unsigned(place) {
            return Err(StoreError::corrupt(
                "inbox",
                log_index,
                "facts are not numbered without gaps",
            ));
        }
        let salt: [u8; 32] = random();
        let hash = leaf::hash(&leaf::commit(&Salt(salt), &raw));
        changed.extend(tiles.append(place, hash));
        leaves.push(log_leaf::ActiveModel {
            log_index: Set(log_index),
            event_id: Set(event_id),
            salt: Set(salt.to_vec()),
            hash: Set(hash.to_vec()),
        });
    }
    let added = u64::try_from(leaves.len()).unwrap_or(u64::MAX);
    if added == 0 {
        return Ok(0);
    }
    log_leaf::Entity::insert_many(leaves).exec_without_returning(tx).await?;
    let written = changed.into_iter().map(|place| log_tile::ActiveModel {
        place: Set(tile_key(&shard.name, place)),
        data: Set(tiles.get(place).unwrap_or_default().to_vec()),
    });
    log_tile::Entity::insert_many(written)
        .on_conflict(
            OnConflict::column(log_tile::Column::Place)
                .update_column(log_tile::Column::Data)
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    log_shard::Entity::update_many()
        .col_expr(
            log_shard::Column::Size,
            Expr::value(shard.size.saturating_add_unsigned(added)),
        )
        .filter(log_shard::Column::Name.eq(shard.name))
        .exec(tx)
        .await?;
    Ok(added)
}
