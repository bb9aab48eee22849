//! Who held an item from when until when: what an access by "held it yesterday" needs.

use super::Cx;
use crate::StoreError;
use crate::table::{holding, item_custody};
use custody::fold::ItemCustody;
use domain::holder::Holder;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

/// Writes the holders of an item anew, as its fold tells them now.
pub(super) async fn write(
    cx: &mut Cx<'_>,
    known: &item_custody::Model,
    custody: &ItemCustody,
) -> Result<(), StoreError> {
    let before = cx.holdings(&known.item_id).await?;
    let rows = rows(known, custody);
    cx.set_holdings(&known.item_id, rows.clone());
    // A fact that is no longer believed may have made the history shorter.
    if rows.len() < before.len() {
        let after = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        holding::Entity::delete_many()
            .filter(holding::Column::ItemId.eq(known.item_id.clone()))
            .filter(holding::Column::Nth.gte(after))
            .exec(cx.tx)
            .await?;
    }
    let written = |row: &holding::Model| before.contains(row);
    let rows: Vec<holding::Model> = rows.into_iter().filter(|row| !written(row)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let changed = [
        holding::Column::Holder,
        holding::Column::Party,
        holding::Column::SinceMs,
        holding::Column::UntilMs,
    ];
    holding::Entity::insert_many(rows.into_iter().map(IntoActiveModel::into_active_model))
        .on_conflict(
            OnConflict::columns([holding::Column::ItemId, holding::Column::Nth])
                .update_columns(changed)
                .to_owned(),
        )
        .exec_without_returning(cx.tx)
        .await?;
    Ok(())
}

fn rows(known: &item_custody::Model, custody: &ItemCustody) -> Vec<holding::Model> {
    let mut rows: Vec<holding::Model> = Vec::new();
    let mut holder: Option<Holder> = None;
    for step in &custody.applied {
        if step.to == holder {
            continue;
        }
        if let Some(last) = rows.last_mut().filter(|last| last.until_ms.is_none()) {
            last.until_ms = Some(step.at_ms);
        }
        holder = step.to;
        if let Some(now) = holder {
            rows.push(holding::Model {
                item_id: known.item_id.clone(),
                nth: i64::try_from(rows.len()).unwrap_or(i64::MAX),
                dossier_id: known.dossier_id,
                holder: now.to_string(),
                party: party(&now),
                since_ms: step.at_ms,
                until_ms: None,
            });
        }
    }
    rows
}

fn party(holder: &Holder) -> Option<Uuid> {
    match holder {
        Holder::Citizen => None,
        Holder::Staff(id) => Some(id.0),
        Holder::ServicePoint(id) => Some(id.0),
        Holder::Agency(id) => Some(id.0),
        Holder::Bag(id) => Some(*id),
    }
}
