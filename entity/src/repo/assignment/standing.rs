//! Which decisions stand, and what ends them. At most one stands for each leg of an item; only those that stand are load.

use super::{Task, list};
use crate::StoreError;
use crate::table::{assignment, courier, postal_item};
use custody::ids::ItemId;
use domain::ids::{AssignmentId, StaffId};
use domain::item_code::ItemCode;
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use std::collections::BTreeMap;
use uuid::Uuid;

fn of_leg(item_code: &ItemCode, leg: &str) -> Select<assignment::Entity> {
    assignment::Entity::find()
        .filter(assignment::Column::ItemId.eq(ItemId::of(item_code.as_str()).0.to_vec()))
        .filter(assignment::Column::Leg.eq(leg))
}

/// The latest decision on one leg of an item, whether it stands or not.
///
/// # Errors
/// When the database fails.
pub async fn latest(
    db: &impl ConnectionTrait,
    item_code: &ItemCode,
    leg: &str,
) -> Result<Option<assignment::Model>, StoreError> {
    Ok(of_leg(item_code, leg)
        .order_by_desc(assignment::Column::DecidedAt)
        .order_by_desc(assignment::Column::Id)
        .one(db)
        .await?)
}

/// The decision on one leg of an item that stands.
///
/// # Errors
/// When the database fails.
pub async fn standing(
    db: &impl ConnectionTrait,
    item_code: &ItemCode,
    leg: &str,
) -> Result<Option<assignment::Model>, StoreError> {
    Ok(of_leg(item_code, leg)
        .filter(assignment::Column::EndedAt.is_null())
        .one(db)
        .await?)
}

/// Whether somebody was told to take this leg from where the item lies now, whatever became of it.
///
/// # Errors
/// When the database fails.
pub async fn is_decided(db: &impl ConnectionTrait, task: &Task, leg: &str) -> Result<bool, StoreError> {
    let head = match &task.head {
        Some(head) => assignment::Column::Head.eq(head.clone()),
        None => assignment::Column::Head.is_null(),
    };
    Ok(of_leg(&task.item_code, leg).filter(head).one(db).await?.is_some())
}

/// How many standing decisions each courier carries.
///
/// # Errors
/// When the database fails.
pub async fn loads(db: &impl ConnectionTrait) -> Result<BTreeMap<StaffId, u32>, StoreError> {
    let rows: Vec<(Uuid, i64)> = assignment::Entity::find()
        .select_only()
        .column(assignment::Column::StaffId)
        .column_as(assignment::Column::Id.count(), "load")
        .filter(assignment::Column::EndedAt.is_null())
        .group_by(assignment::Column::StaffId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(staff, load)| (StaffId(staff), u32::try_from(load).unwrap_or(u32::MAX)))
        .collect())
}

/// What is true of a leg and a courier at the moment of writing.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// Somebody was told to take this leg from where the item lies.
    pub is_decided: bool,
    /// The decision on this leg that stands.
    pub standing: Option<assignment::Model>,
    /// What else the courier carries.
    pub load: u32,
}

/// Holds an item and a courier until the transaction ends, so that neither another decision on the leg nor another load of
/// the courier can come in between, and says how they stand.
///
/// # Errors
/// When the database fails.
pub async fn hold(tx: &DatabaseTransaction, task: &Task, leg: &str, who: StaffId) -> Result<Held, StoreError> {
    hold_item(tx, &task.item_code).await?;
    // Always after the item, so that two decisions cannot wait for each other.
    courier::Entity::update_many()
        .col_expr(courier::Column::Capacity, Expr::col(courier::Column::Capacity))
        .filter(courier::Column::StaffId.eq(who.0))
        .exec(tx)
        .await?;
    let standing = standing(tx, &task.item_code, leg).await?;
    let load = assignment::Entity::find()
        .filter(assignment::Column::StaffId.eq(who.0))
        .filter(assignment::Column::EndedAt.is_null())
        .count(tx)
        .await?;
    let own = standing.as_ref().is_some_and(|row| row.staff_id == who.0);
    Ok(Held {
        is_decided: is_decided(tx, task, leg).await?,
        load: u32::try_from(load).unwrap_or(u32::MAX).saturating_sub(u32::from(own)),
        standing,
    })
}

/// Holds an item until the transaction ends: decisions on it are made one after the other.
pub(super) async fn hold_item(tx: &DatabaseTransaction, item_code: &ItemCode) -> Result<(), StoreError> {
    // An update that changes nothing takes the row lock on PostgreSQL; SQLite has one writer anyway.
    postal_item::Entity::update_many()
        .col_expr(postal_item::Column::ItemCode, Expr::col(postal_item::Column::ItemCode))
        .filter(postal_item::Column::ItemId.eq(ItemId::of(item_code.as_str()).0.to_vec()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Says that a standing decision holds for where the item lies now: it was foreseen.
///
/// # Errors
/// When the database fails.
pub async fn keep(tx: &DatabaseTransaction, id: AssignmentId, task: &Task, leg: &str) -> Result<(), StoreError> {
    assignment::Entity::update_many()
        .col_expr(assignment::Column::Head, Expr::value(task.head.clone()))
        .filter(assignment::Column::Id.eq(id.0))
        .exec(tx)
        .await?;
    list::close_unplaced(tx, &task.item_code, leg, "assigned").await
}

async fn end(tx: &DatabaseTransaction, which: Condition, now_ms: i64) -> Result<(), StoreError> {
    assignment::Entity::update_many()
        .col_expr(assignment::Column::EndedAt, Expr::value(now_ms))
        .filter(assignment::Column::EndedAt.is_null())
        .filter(which)
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends the decision on a leg that stands.
pub(super) async fn end_of_leg(
    tx: &DatabaseTransaction,
    item_id: &[u8],
    leg: &str,
    now_ms: i64,
) -> Result<(), StoreError> {
    let which = Condition::all()
        .add(assignment::Column::ItemId.eq(item_id.to_vec()))
        .add(assignment::Column::Leg.eq(leg));
    end(tx, which, now_ms).await
}

/// Ends what was decided about an item that nobody has to carry any more, and takes it off the dispatcher's list.
pub(crate) async fn end_of_item(tx: &DatabaseTransaction, item_id: &[u8], now_ms: i64) -> Result<(), StoreError> {
    end(tx, assignment::Column::ItemId.eq(item_id.to_vec()).into(), now_ms).await?;
    list::resolve(tx, item_id, None, "closed").await
}

/// Ends the delivery that was decided, because the item is not to be delivered there or not now.
pub(crate) async fn delivery_is_off(tx: &DatabaseTransaction, item_id: &[u8], now_ms: i64) -> Result<(), StoreError> {
    end_of_leg(tx, item_id, super::DELIVER, now_ms).await
}

/// Ends the delivery of a courier who brought the item to an office instead: whoever goes next is decided anew.
pub(crate) async fn brought_in(
    tx: &DatabaseTransaction,
    item_id: &[u8],
    who: StaffId,
    now_ms: i64,
) -> Result<(), StoreError> {
    let which = Condition::all()
        .add(assignment::Column::ItemId.eq(item_id.to_vec()))
        .add(assignment::Column::Leg.eq(super::DELIVER))
        .add(assignment::Column::StaffId.eq(who.0));
    end(tx, which, now_ms).await
}
