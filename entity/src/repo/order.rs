//! Postal orders as an office or agency sees them: what the post was asked to carry.

use crate::table::{item_custody, postal_order};
use crate::{Scope, StoreError};
use sea_orm::sea_query::{Condition, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use std::collections::HashMap;
use uuid::Uuid;

/// Which orders.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// `send`, `return` or `both`.
    pub direction: Option<String>,
    /// Only with an item in this state, `C0` to `C13`.
    pub state: Option<String>,
    /// Its number, as the client gave it.
    pub number: Option<String>,
    /// Placed from this moment on, milliseconds UTC.
    pub from_ms: Option<i64>,
    /// Placed before this moment, milliseconds UTC.
    pub until_ms: Option<i64>,
    /// Only after this one in the list: when it was placed, and its id.
    pub last: Option<(i64, Uuid)>,
}

/// An order with its item.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The order.
    pub order: postal_order::Model,
    /// Its item, once folded.
    pub item: Option<item_custody::Model>,
}

fn seen(scope: &Scope) -> Select<postal_order::Entity> {
    postal_order::Entity::find().filter(postal_order::Column::DossierId.in_subquery(scope.dossier_ids()))
}

/// A page of orders about dossiers these eyes see, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    wanted: Wanted,
    limit: u64,
) -> Result<Vec<Placed>, StoreError> {
    let mut query = seen(scope);
    if let Some(direction) = wanted.direction {
        query = query.filter(postal_order::Column::Direction.eq(direction));
    }
    if let Some(number) = wanted.number {
        query = query.filter(postal_order::Column::OrderNumber.eq(number));
    }
    if let Some(state) = wanted.state {
        let items = Query::select()
            .column(item_custody::Column::ItemId)
            .from(item_custody::Entity)
            .and_where(item_custody::Column::State.eq(state))
            .to_owned();
        query = query.filter(postal_order::Column::ItemId.in_subquery(items));
    }
    if let Some(from) = wanted.from_ms {
        query = query.filter(postal_order::Column::CreatedAt.gte(from));
    }
    if let Some(until) = wanted.until_ms {
        query = query.filter(postal_order::Column::CreatedAt.lt(until));
    }
    if let Some((at, id)) = wanted.last {
        query = query.filter(postal_order::Column::CreatedAt.lte(at)).filter(
            Condition::any()
                .add(postal_order::Column::CreatedAt.lt(at))
                .add(postal_order::Column::Id.lt(id)),
        );
    }
    let rows = query
        .order_by_desc(postal_order::Column::CreatedAt)
        .order_by_desc(postal_order::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    with_items(db, scope, rows).await
}

/// An order by its id, if these eyes see its dossier.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl ConnectionTrait, scope: &Scope, id: Uuid) -> Result<Option<Placed>, StoreError> {
    let rows = seen(scope).filter(postal_order::Column::Id.eq(id)).all(db).await?;
    Ok(with_items(db, scope, rows).await?.pop())
}

async fn with_items(
    db: &impl ConnectionTrait,
    scope: &Scope,
    rows: Vec<postal_order::Model>,
) -> Result<Vec<Placed>, StoreError> {
    let ids: Vec<Vec<u8>> = rows.iter().filter_map(|row| row.item_id.clone()).collect();
    let items = scope
        .items()
        .filter(item_custody::Column::ItemId.is_in(ids))
        .all(db)
        .await?;
    let mut items: HashMap<Vec<u8>, item_custody::Model> =
        items.into_iter().map(|item| (item.item_id.clone(), item)).collect();
    Ok(rows
        .into_iter()
        .map(|order| Placed {
            item: order.item_id.as_ref().and_then(|id| items.remove(id)),
            order,
        })
        .collect())
}
