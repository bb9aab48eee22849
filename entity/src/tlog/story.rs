//! Which facts of the log are about a dossier, for whoever sees it.

use crate::inbox::Lane;
use crate::table::{dossier_act, inbox, item_custody, item_event};
use crate::{Scope, StoreError};
use custody::ids::EventId;
use domain::ids::DossierId;
use sea_orm::sea_query::{Condition, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// A fact about a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: EventId,
    /// The signed bytes.
    pub raw: Vec<u8>,
    /// Its number, once it has one.
    pub log_index: Option<i64>,
    /// When the server had it, milliseconds UTC.
    pub received_ms: i64,
}

impl TryFrom<inbox::Model> for Line {
    type Error = StoreError;

    fn try_from(row: inbox::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: EventId::try_from(row.event_id.as_slice())
                .map_err(|error| StoreError::corrupt("inbox", "event_id", error))?,
            raw: row.raw,
            log_index: row.log_index,
            received_ms: row.received_at,
        })
    }
}

/// Facts about a dossier these eyes see, in the order of the log: what devices signed about its items, and what the server was told.
/// Of more than `limit`, the first.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn of_dossier(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: DossierId,
    limit: u64,
) -> Result<Vec<Line>, StoreError> {
    let items = Query::select()
        .column(item_custody::Column::ItemId)
        .from(item_custody::Entity)
        .and_where(item_custody::Column::DossierId.eq(id.0))
        .and_where(item_custody::Column::DossierId.in_subquery(scope.dossier_ids()))
        .to_owned();
    let signed = Query::select()
        .column(item_event::Column::EventId)
        .from(item_event::Entity)
        .and_where(item_event::Column::ItemId.in_subquery(items))
        .to_owned();
    let told = Query::select()
        .column(dossier_act::Column::EventId)
        .from(dossier_act::Entity)
        .and_where(dossier_act::Column::DossierId.eq(id.0))
        .and_where(dossier_act::Column::DossierId.in_subquery(scope.dossier_ids()))
        .to_owned();
    let of_it = Condition::any()
        .add(inbox::Column::EventId.in_subquery(signed))
        .add(inbox::Column::EventId.in_subquery(told));
    let rows = inbox::Entity::find()
        .filter(of_it)
        .filter(inbox::Column::Lane.is_in([Lane::Custody as i64, Lane::Act as i64]))
        .order_by_asc(inbox::Column::LogIndex)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().map(Line::try_from).collect()
}

/// Signed facts by id, in no order; what is not here is left out. Who asks has been told of each of them.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn lines(db: &impl ConnectionTrait, ids: Vec<Vec<u8>>) -> Result<Vec<Line>, StoreError> {
    let rows = inbox::Entity::find()
        .filter(inbox::Column::EventId.is_in(ids))
        .filter(inbox::Column::Lane.is_in([Lane::Custody as i64, Lane::Act as i64]))
        .all(db)
        .await?;
    rows.into_iter().map(Line::try_from).collect()
}
