//! Jobs that were given up, as those see them whose dossiers they are about.

use crate::table::{dossier, outbox, postal_item};
use crate::{Scope, StoreError, outbox as jobs};
use domain::item_code::ItemCode;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::Value;
use std::collections::HashSet;
use uuid::Uuid;

/// Jobs looked through for those of one pair of eyes. More have never been given up at once without somebody noticing.
const LOOKED_THROUGH: u64 = 1_000;

/// The jobs that were given up and are about what these eyes see, newest first; with those about no item and no dossier,
/// where `with_strays`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    with_strays: bool,
    limit: usize,
) -> Result<Vec<outbox::Model>, StoreError> {
    let all = jobs::dead(db, LOOKED_THROUGH).await?;
    let seen = Known::of(db, scope, &all).await?;
    let mut rows = all;
    rows.retain(|row| seen.holds(row) || (with_strays && is_stray(row)));
    rows.truncate(limit);
    Ok(rows)
}

/// Subjects of jobs that exist for a pair of eyes.
struct Known {
    items: HashSet<String>,
    dossiers: HashSet<Uuid>,
}

impl Known {
    async fn of(db: &impl ConnectionTrait, scope: &Scope, rows: &[outbox::Model]) -> Result<Self, StoreError> {
        let named: Vec<String> = rows.iter().filter_map(item_of).collect();
        let owned: Vec<Uuid> = rows.iter().filter_map(dossier_of).collect();
        let items: Vec<String> = postal_item::Entity::find()
            .select_only()
            .column(postal_item::Column::ItemCode)
            .filter(postal_item::Column::ItemCode.is_in(named))
            .filter(postal_item::Column::DossierId.in_subquery(scope.dossier_ids()))
            .into_tuple()
            .all(db)
            .await?;
        let dossiers: Vec<Uuid> = scope
            .dossiers()
            .select_only()
            .column(dossier::Column::Id)
            .filter(dossier::Column::Id.is_in(owned))
            .into_tuple()
            .all(db)
            .await?;
        Ok(Self {
            items: items.into_iter().collect(),
            dossiers: dossiers.into_iter().collect(),
        })
    }

    fn holds(&self, row: &outbox::Model) -> bool {
        item_of(row).is_some_and(|item| self.items.contains(&item))
            || dossier_of(row).is_some_and(|dossier| self.dossiers.contains(&dossier))
    }
}

/// Whether a job names neither an item nor a dossier.
fn is_stray(row: &outbox::Model) -> bool {
    let item = item_of(row).is_some_and(|item| ItemCode::parse(&item).is_ok());
    !item && dossier_of(row).is_none()
}

fn item_of(row: &outbox::Model) -> Option<String> {
    text_of(row, "item_code")
}

fn dossier_of(row: &outbox::Model) -> Option<Uuid> {
    text_of(row, "dossier")?.parse().ok()
}

fn text_of(row: &outbox::Model, key: &str) -> Option<String> {
    let payload: Value = serde_json::from_str(&row.payload).ok()?;
    payload[key].as_str().map(str::to_owned)
}
