//! Tiles, entries and heads as they are published.

use super::shard::Shard;
use crate::StoreError;
use crate::table::{inbox, log_checkpoint, log_leaf, log_tile};
use custody::log::leaf::{Salt, commit};
use custody::log::tiles::Tiles;
use custody::log::tiles::{Place, Question, TreeError, WIDTH, wanted};
use sea_orm::sea_query::{Asterisk, Query, UnionType};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use std::collections::HashMap;

/// Under which key a tile lies.
pub(super) fn tile_key(shard: &str, (level, place): Place) -> String {
    format!("{shard}/{level}/{place}")
}

/// These tiles of a shard, as they are stored.
pub(super) async fn load(
    db: &impl ConnectionTrait,
    shard: &str,
    places: impl IntoIterator<Item = Place>,
) -> Result<Tiles, StoreError> {
    let keys: HashMap<String, Place> = places
        .into_iter()
        .map(|place| (tile_key(shard, place), place))
        .collect();
    let mut tiles = Tiles::default();
    if keys.is_empty() {
        return Ok(tiles);
    }
    let rows = log_tile::Entity::find()
        .filter(log_tile::Column::Place.is_in(keys.keys().cloned()))
        .all(db)
        .await?;
    for row in rows {
        if let Some(place) = keys.get(&row.place) {
            tiles.put(*place, row.data);
        }
    }
    Ok(tiles)
}

/// The tiles a question needs.
pub(super) async fn tiles_for(db: &impl ConnectionTrait, shard: &str, question: Question) -> Result<Tiles, StoreError> {
    load(db, shard, wanted(question)).await
}

pub(super) fn broken(shard: &str) -> impl Fn(TreeError) -> StoreError + use<'_> {
    move |error| StoreError::corrupt("log_tile", shard, error)
}

/// The first `width` hashes of a tile, when it has as many.
///
/// # Errors
/// When the database fails.
pub async fn tile(
    db: &impl ConnectionTrait,
    shard: &str,
    place: Place,
    width: u64,
) -> Result<Option<Vec<u8>>, StoreError> {
    let row = log_tile::Entity::find_by_id(tile_key(shard, place)).one(db).await?;
    let length = usize::try_from(width * 32).unwrap_or(usize::MAX);
    Ok(row.and_then(|row| row.data.get(..length).map(<[u8]>::to_vec)))
}

/// A bundle of leaves' data, each with its length before it (C2SP tlog-tiles), when the log has as many.
///
/// # Errors
/// When the database fails.
pub async fn entries(
    db: &impl ConnectionTrait,
    shard: &Shard,
    bundle: u64,
    width: u64,
) -> Result<Option<Vec<u8>>, StoreError> {
    let first = bundle.checked_mul(WIDTH).and_then(|first| i64::try_from(first).ok());
    let Some(first) = first.and_then(|first| shard.first_index.checked_add(first)) else {
        return Ok(None);
    };
    let until = first.saturating_add_unsigned(width);
    if until > shard.next() {
        return Ok(None);
    }
    let leaves = log_leaf::Entity::find()
        .filter(log_leaf::Column::LogIndex.gte(first))
        .filter(log_leaf::Column::LogIndex.lt(until))
        .order_by_asc(log_leaf::Column::LogIndex)
        .all(db)
        .await?;
    let raws: Vec<(i64, Vec<u8>)> = inbox::Entity::find()
        .select_only()
        .columns([inbox::Column::LogIndex, inbox::Column::Raw])
        .filter(inbox::Column::LogIndex.gte(first))
        .filter(inbox::Column::LogIndex.lt(until))
        .into_tuple()
        .all(db)
        .await?;
    let raws: HashMap<i64, Vec<u8>> = raws.into_iter().collect();
    let mut bundle = Vec::new();
    for leaf in leaves {
        let bad = || StoreError::corrupt("log_leaf", leaf.log_index, "no commitment");
        let salt = leaf.salt.as_slice().try_into().map_err(|_| bad())?;
        let data = commit(&Salt(salt), raws.get(&leaf.log_index).ok_or_else(bad)?);
        bundle.extend(u16::try_from(data.len()).unwrap_or_default().to_be_bytes());
        bundle.extend(data);
    }
    Ok(Some(bundle))
}

/// The newest signed head of a shard.
///
/// # Errors
/// When the database fails.
pub async fn checkpoint(db: &impl ConnectionTrait, shard: &str) -> Result<Option<log_checkpoint::Model>, StoreError> {
    let heads = log_checkpoint::Entity::find()
        .filter(log_checkpoint::Column::Shard.eq(shard))
        .order_by_desc(log_checkpoint::Column::Place);
    Ok(heads.one(db).await?)
}

/// Heads looked at to find the best for a leaf: near an hour of them, by when every witness that is there has signed.
pub(super) const FEW: usize = 50;

/// Leaves whose heads are asked for in one statement, well below the 500 parts `SQLite` lets a union have.
const AT_ONCE: usize = 100;

/// For each shard and size the signed heads of at least this size, the smallest first, a few of them; all in one list, by shard and size.
pub(super) async fn covering(
    db: &impl ConnectionTrait,
    asked: &[(&str, u64)],
) -> Result<Vec<log_checkpoint::Model>, StoreError> {
    let mut found: Vec<log_checkpoint::Model> = Vec::new();
    for some in asked.chunks(AT_ONCE) {
        let mut parts = some.iter().map(|(shard, at_least)| {
            let few = log_checkpoint::Entity::find()
                .filter(log_checkpoint::Column::Shard.eq(*shard))
                .filter(log_checkpoint::Column::Size.gte(i64::try_from(*at_least).unwrap_or(i64::MAX)))
                .order_by_asc(log_checkpoint::Column::Place)
                .limit(FEW as u64);
            Query::select()
                .column(Asterisk)
                .from_subquery(few.into_query(), "few")
                .to_owned()
        });
        let Some(mut all) = parts.next() else { continue };
        all.unions(parts.map(|part| (UnionType::Distinct, part)));
        let statement = db.get_database_backend().build(&all);
        found.extend(log_checkpoint::Entity::find().from_raw_sql(statement).all(db).await?);
    }
    found.sort_by(|a, b| a.place.cmp(&b.place));
    found.dedup_by(|a, b| a.place == b.place);
    Ok(found)
}

/// The proof that a head is the beginning of a later one.
///
/// # Errors
/// When the database fails or the tiles do not give it.
pub async fn proof_between(
    db: &impl ConnectionTrait,
    shard: &str,
    old: u64,
    size: u64,
) -> Result<Vec<[u8; 32]>, StoreError> {
    let tiles = tiles_for(db, shard, Question::Consistency(old, size)).await?;
    tiles.consistency(old, size).map_err(broken(shard))
}
