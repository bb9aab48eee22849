//! Deciding who fetches and delivers: what the decision needs to know, the decision, and what could not be placed.

use crate::inbox::append_act;
use crate::repo::intake::act;
use crate::store::Store;
use crate::table::{assignment, desk, dossier, item_custody, postal_item, unplaced};
use crate::{Scope, ServerKeys, StoreError, clock};
use domain::ids::{AssignmentId, DossierId, ServicePointId, StaffId};
use domain::item::{Addressee, ItemKind};
use domain::item_code::ItemCode;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use std::collections::BTreeMap;

/// What has to be fetched or delivered.
#[derive(Debug, Clone)]
pub struct Task {
    /// The label.
    pub item_code: ItemCode,
    /// What it carries.
    pub kind: ItemKind,
    /// Whose it is.
    pub dossier: DossierId,
    /// Address as written.
    pub address: String,
    /// Commune, when the address was understood at intake.
    pub commune_code: Option<String>,
    /// Latitude and longitude, when known.
    pub place: Option<(f64, f64)>,
    /// Whether the item can still be carried: not cancelled, not delivered.
    pub is_open: bool,
}

/// The task of one leg of an item, read fresh: a pickup is where the sender is, a delivery where the addressee is.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn task(db: &impl ConnectionTrait, item_code: &ItemCode, leg: &str) -> Result<Option<Task>, StoreError> {
    let Some(item) = postal_item::Entity::find()
        .filter(postal_item::Column::ItemCode.eq(item_code.as_str()))
        .one(db)
        .await?
    else {
        return Ok(None);
    };
    let Some(owner) = dossier::Entity::find_by_id(item.dossier_id).one(db).await? else {
        return Err(StoreError::corrupt("postal_item", &item.item_code, "has no dossier"));
    };
    let kind: ItemKind = item
        .kind
        .parse()
        .map_err(|error| StoreError::corrupt("postal_item", &item.item_code, error))?;
    let to_desk = leg == "deliver" && kind.addressee() == Addressee::Agency;
    let desk = if to_desk { desk_of(db, &owner).await? } else { None };
    let state = item_custody::Entity::find_by_id(item.item_id)
        .one(db)
        .await?
        .map(|row| row.state);
    Ok(Some(Task {
        kind,
        item_code: *item_code,
        dossier: DossierId(owner.id),
        address: desk.as_ref().map_or(owner.applicant_address, |desk| desk.name.clone()),
        commune_code: desk
            .as_ref()
            .map(|desk| desk.commune_code.clone())
            .or(owner.commune_code),
        place: desk.map(|desk| (desk.lat, desk.lon)).or(owner.lat.zip(owner.lon)),
        is_open: !matches!(state.as_deref(), Some("C8" | "C11" | "C13")),
    }))
}

/// Where a dossier is received: its own desk, else the first of its agency's.
async fn desk_of(db: &impl ConnectionTrait, owner: &dossier::Model) -> Result<Option<desk::Model>, StoreError> {
    let query = match owner.desk_id {
        Some(id) => desk::Entity::find_by_id(id),
        None => desk::Entity::find()
            .filter(desk::Column::AgencyId.eq(owner.agency_id))
            .order_by_asc(desk::Column::Code),
    };
    Ok(query.one(db).await?)
}

/// How many open items each courier has been given.
///
/// # Errors
/// When the database fails.
pub async fn loads(db: &impl ConnectionTrait) -> Result<BTreeMap<StaffId, u32>, StoreError> {
    let finished = Query::select()
        .column(item_custody::Column::ItemId)
        .from(item_custody::Entity)
        .and_where(Expr::col(item_custody::Column::State).is_in(["C8", "C11", "C13"]))
        .to_owned();
    let rows: Vec<(uuid::Uuid, i64)> = assignment::Entity::find()
        .select_only()
        .column(assignment::Column::StaffId)
        .column_as(assignment::Column::Id.count(), "load")
        .filter(assignment::Column::ItemId.not_in_subquery(finished))
        .group_by(assignment::Column::StaffId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(staff, load)| (StaffId(staff), u32::try_from(load).unwrap_or(u32::MAX)))
        .collect())
}

/// A decision of the assignment job.
#[derive(Debug, Clone)]
pub struct Decision {
    /// What.
    pub task: Task,
    /// `pickup` or `deliver`.
    pub leg: String,
    /// Who.
    pub courier: StaffId,
    /// From which post office.
    pub service_point: ServicePointId,
    /// Why this one, in words.
    pub why: String,
    /// The commune the address turned out to be in.
    pub commune_code: Option<String>,
    /// Where that is.
    pub place: Option<(f64, f64)>,
}

/// Writes a decision: the row that counts as load, the act in the log, and the address as now understood.
///
/// # Errors
/// When the database fails.
pub async fn decide(
    tx: &DatabaseTransaction,
    store: &Store,
    keys: &ServerKeys,
    decision: &Decision,
) -> Result<AssignmentId, StoreError> {
    let now = store.now_ms();
    let id = AssignmentId(clock::new_id());
    let item_id = custody::ids::ItemId::of(decision.task.item_code.as_str()).0.to_vec();
    assignment::ActiveModel {
        id: Set(id.0),
        item_id: Set(item_id.clone()),
        dossier_id: Set(decision.task.dossier.0),
        leg: Set(decision.leg.clone()),
        staff_id: Set(decision.courier.0),
        service_point_id: Set(decision.service_point.0),
        why: Set(decision.why.clone()),
        decided_at: Set(now),
    }
    .insert(tx)
    .await?;
    if let Some((lat, lon)) = decision.place {
        dossier::Entity::update_many()
            .col_expr(dossier::Column::Lat, Expr::value(lat))
            .col_expr(dossier::Column::Lon, Expr::value(lon))
            .col_expr(dossier::Column::CommuneCode, Expr::value(decision.commune_code.clone()))
            .filter(dossier::Column::Id.eq(decision.task.dossier.0))
            .exec(tx)
            .await?;
    }
    resolve_unplaced(tx, &item_id, &decision.leg, "assigned").await?;
    let data = json!({
        "assignment": id.to_string(), "item_code": decision.task.item_code.as_str(), "leg": decision.leg,
        "staff": decision.courier.to_string(), "service_point": decision.service_point.to_string(),
    });
    append_act(
        tx,
        store,
        keys,
        &act("item.assigned", decision.task.dossier, "server", now, &data),
    )
    .await?;
    Ok(id)
}

/// What is true of a leg and a courier at the moment of writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Somebody has been told to take this leg already.
    pub is_decided: bool,
    /// Open items the courier has been given.
    pub load: u32,
}

/// Holds an item and a courier until the transaction ends, so that neither another decision on the leg nor another load of
/// the courier can come in between, and says how they stand.
///
/// # Errors
/// When the database fails.
pub async fn hold(
    tx: &DatabaseTransaction,
    item_code: &ItemCode,
    leg: &str,
    courier: StaffId,
) -> Result<Held, StoreError> {
    use crate::table::courier as courier_table;
    let item_id = custody::ids::ItemId::of(item_code.as_str()).0.to_vec();
    // Updates that change nothing take the row locks on PostgreSQL, always in this order; SQLite has one writer anyway.
    postal_item::Entity::update_many()
        .col_expr(postal_item::Column::ItemCode, Expr::col(postal_item::Column::ItemCode))
        .filter(postal_item::Column::ItemId.eq(item_id))
        .exec(tx)
        .await?;
    courier_table::Entity::update_many()
        .col_expr(
            courier_table::Column::Capacity,
            Expr::col(courier_table::Column::Capacity),
        )
        .filter(courier_table::Column::StaffId.eq(courier.0))
        .exec(tx)
        .await?;
    let finished = Query::select()
        .column(item_custody::Column::ItemId)
        .from(item_custody::Entity)
        .and_where(Expr::col(item_custody::Column::State).is_in(["C8", "C11", "C13"]))
        .and_where(
            Expr::col((item_custody::Entity, item_custody::Column::ItemId))
                .equals((assignment::Entity, assignment::Column::ItemId)),
        )
        .to_owned();
    let load = assignment::Entity::find()
        .filter(assignment::Column::StaffId.eq(courier.0))
        .filter(Expr::exists(finished).not())
        .count(tx)
        .await?;
    Ok(Held {
        is_decided: latest(tx, item_code, leg).await?.is_some(),
        load: u32::try_from(load).unwrap_or(u32::MAX),
    })
}

/// Takes a leg off the dispatcher's list because nobody has to take it any more.
///
/// # Errors
/// When the database fails.
pub async fn close_unplaced(
    tx: &DatabaseTransaction,
    item_code: &ItemCode,
    leg: &str,
    resolution: &str,
) -> Result<(), StoreError> {
    resolve_unplaced(tx, &custody::ids::ItemId::of(item_code.as_str()).0, leg, resolution).await
}

/// Puts an item on the dispatcher's list with the reason; a repeat updates the reason.
///
/// # Errors
/// When the database fails.
pub async fn put_unplaced(
    tx: &DatabaseTransaction,
    item_code: &ItemCode,
    leg: &str,
    reason: &str,
    detail: &str,
    now_ms: i64,
) -> Result<(), StoreError> {
    let row = unplaced::ActiveModel {
        id: Set(clock::new_id()),
        item_id: Set(custody::ids::ItemId::of(item_code.as_str()).0.to_vec()),
        leg: Set(leg.to_owned()),
        reason: Set(reason.to_owned()),
        detail: Set(detail.to_owned()),
        since: Set(now_ms),
        resolution: Set(None),
    };
    unplaced::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([unplaced::Column::ItemId, unplaced::Column::Leg])
                .update_columns([
                    unplaced::Column::Reason,
                    unplaced::Column::Detail,
                    unplaced::Column::Resolution,
                ])
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

async fn resolve_unplaced(
    tx: &DatabaseTransaction,
    item_id: &[u8],
    leg: &str,
    resolution: &str,
) -> Result<(), StoreError> {
    unplaced::Entity::update_many()
        .col_expr(unplaced::Column::Resolution, Expr::value(resolution))
        .filter(unplaced::Column::ItemId.eq(item_id.to_vec()))
        .filter(unplaced::Column::Leg.eq(leg))
        .exec(tx)
        .await?;
    Ok(())
}

/// The latest decision on one leg of an item.
///
/// # Errors
/// When the database fails.
pub async fn latest(
    db: &impl ConnectionTrait,
    item_code: &ItemCode,
    leg: &str,
) -> Result<Option<assignment::Model>, StoreError> {
    Ok(assignment::Entity::find()
        .filter(assignment::Column::ItemId.eq(custody::ids::ItemId::of(item_code.as_str()).0.to_vec()))
        .filter(assignment::Column::Leg.eq(leg))
        .order_by_desc(assignment::Column::DecidedAt)
        .one(db)
        .await?)
}

/// One stop of a courier, as their phone shows it.
#[derive(Debug, Clone)]
pub struct Stop {
    /// The decision.
    pub assignment: assignment::Model,
    /// The item.
    pub item: postal_item::Model,
    /// Whose it is; seen through the courier's scope.
    pub dossier: dossier::Model,
    /// Amount to collect, đồng.
    pub cod_amount: i64,
}

/// A stop by its assignment, if these eyes may see it.
///
/// # Errors
/// When the database fails.
pub async fn stop(db: &impl ConnectionTrait, scope: &Scope, id: AssignmentId) -> Result<Option<Stop>, StoreError> {
    use crate::table::postal_order;
    let Some(decision) = assignment::Entity::find_by_id(id.0).one(db).await? else {
        return Ok(None);
    };
    let Some(owner) = scope
        .dossiers()
        .filter(dossier::Column::Id.eq(decision.dossier_id))
        .one(db)
        .await?
    else {
        return Ok(None);
    };
    let Some(item) = postal_item::Entity::find_by_id(decision.item_id.clone())
        .one(db)
        .await?
    else {
        return Err(StoreError::corrupt("assignment", id, "has no item"));
    };
    let order = match item.order_id {
        Some(order) => postal_order::Entity::find_by_id(order).one(db).await?,
        None => None,
    };
    Ok(Some(Stop {
        assignment: decision,
        item,
        dossier: owner,
        cod_amount: order.map_or(0, |order| order.cod_amount),
    }))
}
