//! What the sweep found and what nobody could place: the dispatcher's list.

use crate::table::{
    custody_event, device, finding, parked, postal_item, quarantine, staff, unplaced, unreadable_deposit,
};
use crate::{Scope, StoreError, clock};
use domain::ids::OperatorId;
use sea_orm::sea_query::{Condition, OnConflict, Query, SelectStatement};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

/// Records a finding once per kind and subject; a finding that comes back is opened again.
///
/// # Errors
/// When the database fails.
pub async fn report(
    tx: &DatabaseTransaction,
    kind: &str,
    subject: &str,
    detail: &str,
    since: i64,
) -> Result<(), StoreError> {
    let row = finding::ActiveModel {
        id: Set(clock::new_id()),
        kind: Set(kind.to_owned()),
        subject: Set(subject.to_owned()),
        detail: Set(detail.to_owned()),
        since: Set(since),
        resolved_at: Set(None),
    };
    finding::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([finding::Column::Kind, finding::Column::Subject])
                .update_columns([finding::Column::Detail, finding::Column::ResolvedAt])
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Closes every open finding of `kind` whose subject is not in `still_open`.
///
/// # Errors
/// When the database fails.
pub async fn close_others(
    tx: &DatabaseTransaction,
    kind: &str,
    still_open: &[String],
    now_ms: i64,
) -> Result<u64, StoreError> {
    let closed = finding::Entity::update_many()
        .col_expr(finding::Column::ResolvedAt, sea_orm::sea_query::Expr::value(now_ms))
        .filter(finding::Column::Kind.eq(kind))
        .filter(finding::Column::ResolvedAt.is_null())
        .filter(finding::Column::Subject.is_not_in(still_open))
        .exec(tx)
        .await?;
    Ok(closed.rows_affected)
}

/// Open findings, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn open(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<finding::Model>, StoreError> {
    Ok(finding::Entity::find()
        .filter(finding::Column::ResolvedAt.is_null())
        .order_by_asc(finding::Column::Since)
        .limit(limit)
        .all(db)
        .await?)
}

/// What waits for a dispatcher, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn unplaced(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<unplaced::Model>, StoreError> {
    Ok(unplaced::Entity::find()
        .filter(unplaced::Column::Resolution.is_null())
        .order_by_asc(unplaced::Column::Since)
        .limit(limit)
        .all(db)
        .await?)
}

/// What waits for a dispatcher among the dossiers these eyes see, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn unplaced_in(
    db: &impl ConnectionTrait,
    scope: &Scope,
    limit: u64,
) -> Result<Vec<unplaced::Model>, StoreError> {
    let items = Query::select()
        .column(postal_item::Column::ItemId)
        .from(postal_item::Entity)
        .and_where(postal_item::Column::DossierId.in_subquery(scope.dossier_ids()))
        .to_owned();
    Ok(unplaced::Entity::find()
        .filter(unplaced::Column::Resolution.is_null())
        .filter(unplaced::Column::ItemId.in_subquery(items))
        .order_by_asc(unplaced::Column::Since)
        .limit(limit)
        .all(db)
        .await?)
}

/// Events that are kept but not applied and that people of this operator signed, oldest first; with those nobody can be named
/// for, where `with_strangers`.
///
/// # Errors
/// When the database fails.
pub async fn quarantined_of(
    db: &impl ConnectionTrait,
    operator: OperatorId,
    with_strangers: bool,
    limit: u64,
) -> Result<Vec<quarantine::Model>, StoreError> {
    let events = |devices: SelectStatement| {
        Query::select()
            .column(custody_event::Column::EventId)
            .from(custody_event::Entity)
            .and_where(custody_event::Column::DeviceId.in_subquery(devices))
            .to_owned()
    };
    let devices = |staff: Option<SelectStatement>| {
        Query::select()
            .column(device::Column::DeviceId)
            .from(device::Entity)
            .and_where_option(staff.map(|staff| device::Column::StaffId.in_subquery(staff)))
            .to_owned()
    };
    // Desks of the State's are everybody's: what they signed is shown to every operator until a person has ruled on it.
    let theirs = super::staff::works_for(operator).add(
        Condition::all()
            .add(staff::Column::ServicePointId.is_null())
            .add(staff::Column::OperatorId.is_null()),
    );
    let people = Query::select()
        .column(staff::Column::Id)
        .from(staff::Entity)
        .cond_where(theirs)
        .to_owned();
    let mut seen = Condition::any().add(quarantine::Column::EventId.in_subquery(events(devices(Some(people)))));
    if with_strangers {
        seen = seen.add(quarantine::Column::EventId.not_in_subquery(events(devices(None))));
    }
    Ok(quarantine::Entity::find()
        .filter(seen)
        .filter(quarantine::Column::EventId.not_in_subquery(crate::project::ruled()))
        .order_by_asc(quarantine::Column::LogIndex)
        .limit(limit)
        .all(db)
        .await?)
}

/// Events that are kept but not applied, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn quarantined(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<quarantine::Model>, StoreError> {
    Ok(quarantine::Entity::find()
        .order_by_asc(quarantine::Column::LogIndex)
        .limit(limit)
        .all(db)
        .await?)
}

/// Events in quarantine for one of these reasons that nobody has ruled on, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn quarantined_for(
    db: &impl ConnectionTrait,
    reasons: &[&str],
    limit: u64,
) -> Result<Vec<quarantine::Model>, StoreError> {
    Ok(quarantine::Entity::find()
        .filter(quarantine::Column::Reason.is_in(reasons.iter().copied()))
        .filter(quarantine::Column::EventId.not_in_subquery(crate::project::ruled()))
        .order_by_asc(quarantine::Column::LogIndex)
        .limit(limit)
        .all(db)
        .await?)
}

/// Events that wait for another one since before `since`.
///
/// # Errors
/// When the database fails.
pub async fn parked_since(db: &impl ConnectionTrait, since: i64) -> Result<Vec<parked::Model>, StoreError> {
    Ok(parked::Entity::find()
        .filter(parked::Column::Since.lt(since))
        .order_by_asc(parked::Column::LogIndex)
        .all(db)
        .await?)
}

/// How many bodies could not even be framed.
///
/// # Errors
/// When the database fails.
pub async fn unreadable_count(db: &impl ConnectionTrait) -> Result<u64, StoreError> {
    Ok(unreadable_deposit::Entity::find().count(db).await?)
}
