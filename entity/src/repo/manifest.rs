//! What lies with a party to go out, and what came in, on a day: read from who held what from when until when.

use super::carried::{self, Carried};
use crate::table::{holding, item_custody, postal_item};
use crate::{Scope, StoreError};
use domain::holder::Holder;
use domain::item::{Addressee, ItemKind, ItemState};
use sea_orm::sea_query::{Condition, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// What came in.
    Inbound,
    /// What lies there to go out, or went out.
    Outbound,
}

/// An item on a list.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The item as it stands today.
    pub item: item_custody::Model,
    /// Whose it is.
    pub carried: Carried,
    /// What it weighed at the counter, grams.
    pub weight_g: Option<i64>,
    /// From whom it came or to whom it went; nobody known while it lies there or when a citizen gave it.
    pub other: Option<String>,
    /// Since when the party has it, milliseconds UTC.
    pub since_ms: i64,
    /// When it went on, milliseconds UTC.
    pub until_ms: Option<i64>,
}

/// Where an item's way has ended: it goes out no more.
const ENDED: [ItemState; 3] = [ItemState::Delivered, ItemState::Returned, ItemState::Withdrawn];

/// The items of a party's list between two moments (milliseconds UTC, the second not included), those that came first first; of
/// more than `limit`, the first.
///
/// # Errors
/// When the database fails.
pub async fn of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    (holder, way): (Holder, Way),
    (from_ms, until_ms): (i64, i64),
    limit: u64,
) -> Result<Vec<Entry>, StoreError> {
    let mut mine = holding::Entity::find()
        .filter(holding::Column::DossierId.in_subquery(scope.dossier_ids()))
        .filter(holding::Column::Holder.eq(holder.to_string()))
        .filter(holding::Column::SinceMs.lt(until_ms));
    mine = match way {
        Way::Inbound => mine.filter(holding::Column::SinceMs.gte(from_ms)),
        Way::Outbound => {
            let ended = Query::select()
                .column(item_custody::Column::ItemId)
                .from(item_custody::Entity)
                .and_where(item_custody::Column::State.is_in(ENDED.map(ItemState::code)))
                .to_owned();
            let lies = Condition::all()
                .add(holding::Column::UntilMs.is_null())
                .add(holding::Column::ItemId.not_in_subquery(ended));
            mine.filter(Condition::any().add(lies).add(holding::Column::UntilMs.gte(from_ms)))
        }
    };
    let rows = mine
        .order_by_asc(holding::Column::SinceMs)
        .order_by_asc(holding::Column::ItemId)
        .limit(limit)
        .all(db)
        .await?;
    let given = match (holder, way) {
        (Holder::Agency(_), Way::Outbound) => given(db, scope, (from_ms, until_ms), limit).await?,
        _ => Vec::new(),
    };
    let ids: BTreeSet<Vec<u8>> = rows.iter().map(|row| row.item_id.clone()).collect();
    let beside: BTreeMap<(Vec<u8>, i64), String> = holding::Entity::find()
        .filter(
            holding::Column::ItemId.is_in(
                ids.clone()
                    .into_iter()
                    .chain(given.iter().map(|row| row.item_id.clone())),
            ),
        )
        .filter(holding::Column::DossierId.in_subquery(scope.dossier_ids()))
        .all(db)
        .await?
        .into_iter()
        .map(|row| ((row.item_id, row.nth), row.holder))
        .collect();
    let items = scope
        .items()
        .filter(item_custody::Column::ItemId.is_in(ids))
        .all(db)
        .await?;
    let weights = weights(db, scope, items.iter().chain(&given)).await?;
    let owners = items.iter().chain(&given).map(|item| item.dossier_id).collect();
    let carried = carried::carried(db, scope, owners).await?;
    let held = rows.into_iter().filter_map(|row| {
        let item = items.iter().find(|item| item.item_id == row.item_id)?.clone();
        let nth = match way {
            Way::Inbound => row.nth - 1,
            Way::Outbound => row.nth + 1,
        };
        Some(Entry {
            carried: carried.get(&item.dossier_id)?.clone(),
            weight_g: weights.get(&item.item_id).copied(),
            other: beside.get(&(row.item_id, nth)).cloned(),
            since_ms: row.since_ms,
            until_ms: row.until_ms,
            item,
        })
    });
    let given = given.iter().filter_map(|item| {
        let to = beside.get(&(item.item_id.clone(), 0)).cloned();
        Some(Entry {
            carried: carried.get(&item.dossier_id)?.clone(),
            weight_g: weights.get(&item.item_id).copied(),
            until_ms: to.is_some().then_some(item.since_ms),
            other: to,
            since_ms: item.since_ms,
            item: item.clone(),
        })
    });
    Ok(held.chain(given).collect())
}

/// What those items weighed that were weighed.
async fn weights(
    db: &impl ConnectionTrait,
    scope: &Scope,
    items: impl Iterator<Item = &item_custody::Model>,
) -> Result<BTreeMap<Vec<u8>, i64>, StoreError> {
    let rows: Vec<(Vec<u8>, i64)> = postal_item::Entity::find()
        .select_only()
        .columns([postal_item::Column::ItemId, postal_item::Column::WeightG])
        .filter(postal_item::Column::ItemId.is_in(items.map(|item| item.item_id.clone())))
        .filter(postal_item::Column::DossierId.in_subquery(scope.dossier_ids()))
        .filter(postal_item::Column::WeightG.is_not_null())
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// What waits at the agency for the post, or was fetched there: the agency made it, so nobody gave it to the agency.
async fn given(
    db: &impl ConnectionTrait,
    scope: &Scope,
    (from_ms, until_ms): (i64, i64),
    limit: u64,
) -> Result<Vec<item_custody::Model>, StoreError> {
    let fetched = Query::select()
        .column(holding::Column::ItemId)
        .from(holding::Entity)
        .and_where(holding::Column::Nth.eq(0))
        .and_where(holding::Column::SinceMs.gte(from_ms))
        .and_where(holding::Column::SinceMs.lt(until_ms))
        .to_owned();
    let waits = Condition::all()
        .add(item_custody::Column::State.is_in([ItemState::Created.code(), ItemState::PickupAssigned.code()]))
        .add(item_custody::Column::SinceMs.lt(until_ms));
    let kinds = ItemKind::ALL
        .into_iter()
        .filter(|kind| kind.sender() == Addressee::Agency);
    Ok(scope
        .items()
        .filter(item_custody::Column::Kind.is_in(kinds.map(ItemKind::as_str)))
        .filter(
            Condition::any()
                .add(waits)
                .add(item_custody::Column::ItemId.in_subquery(fetched)),
        )
        .order_by_asc(item_custody::Column::SinceMs)
        .limit(limit)
        .all(db)
        .await?)
}
