//! What a batch remembers of items: their rows, the trusted events that speak of them, and who held them.

use crate::StoreError;
use crate::project::Cx;
use crate::project::event::OK;
use crate::table::{custody_event, holding, inbox, item_custody, item_event};
use custody::envelope::Envelope;
use custody::event::Event;
use custody::ids::EventId;
use domain::ids::DossierId;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The trusted events that speak of an item, by id, each with the hour it was received.
pub(in crate::project) type Story = Arc<Vec<(EventId, Event, i64)>>;

/// Ids asked for in one question, well under every database's limit of parameters.
pub(super) const ASKED: usize = 500;

#[derive(Default)]
pub(super) struct Items {
    /// A row, or that there is none.
    rows: BTreeMap<Vec<u8>, Option<item_custody::Model>>,
    stories: BTreeMap<Vec<u8>, Story>,
    holdings: BTreeMap<Vec<u8>, Vec<holding::Model>>,
    of_dossier: BTreeMap<DossierId, BTreeSet<Vec<u8>>>,
}

impl Cx<'_> {
    /// The row of an item.
    pub(in crate::project) async fn item(&mut self, id: &[u8]) -> Result<Option<item_custody::Model>, StoreError> {
        self.learn_items(&BTreeSet::from([id.to_vec()])).await?;
        Ok(self.memory.items.rows.get(id).cloned().flatten())
    }

    /// The dossiers of those of these items that exist; [`Cx::learn_items`] comes first.
    pub(in crate::project) fn dossiers_of(&self, ids: &BTreeSet<Vec<u8>>) -> BTreeSet<DossierId> {
        let rows = ids.iter().filter_map(|id| self.memory.items.rows.get(id)?.as_ref());
        rows.map(|row| DossierId(row.dossier_id)).collect()
    }

    /// Remembers a row as it was just written.
    pub(in crate::project) fn set_item(&mut self, row: item_custody::Model) {
        let items = &mut self.memory.items;
        if let Some(known) = items.of_dossier.get_mut(&DossierId(row.dossier_id)) {
            known.insert(row.item_id.clone());
        }
        items.rows.insert(row.item_id.clone(), Some(row));
    }

    /// Asks for the rows of these items.
    pub(in crate::project) async fn learn_items(&mut self, ids: &BTreeSet<Vec<u8>>) -> Result<(), StoreError> {
        let unknown = missing(ids, &self.memory.items.rows);
        for asked in unknown.chunks(ASKED) {
            let rows = item_custody::Entity::find()
                .filter(item_custody::Column::ItemId.is_in(asked.iter().cloned()))
                .all(self.tx)
                .await?;
            let known = &mut self.memory.items.rows;
            known.extend(asked.iter().map(|id| (id.clone(), None)));
            known.extend(rows.into_iter().map(|row| (row.item_id.clone(), Some(row))));
        }
        Ok(())
    }

    /// The rows of a dossier's items, by id.
    pub(in crate::project) async fn items_of(&mut self, id: DossierId) -> Result<Vec<item_custody::Model>, StoreError> {
        self.learn_items_of(&BTreeSet::from([id])).await?;
        let items = &self.memory.items;
        let ids = items.of_dossier.get(&id).into_iter().flatten();
        Ok(ids.filter_map(|id| items.rows.get(id).cloned().flatten()).collect())
    }

    /// The ids of the items of these dossiers, as far as they are known.
    pub(in crate::project) fn item_ids_of(&self, dossiers: &BTreeSet<DossierId>) -> BTreeSet<Vec<u8>> {
        let known = dossiers.iter().filter_map(|id| self.memory.items.of_dossier.get(id));
        known.flatten().cloned().collect()
    }

    /// Asks for the items of these dossiers.
    pub(in crate::project) async fn learn_items_of(
        &mut self,
        dossiers: &BTreeSet<DossierId>,
    ) -> Result<(), StoreError> {
        let unknown: Vec<DossierId> = dossiers
            .iter()
            .filter(|id| !self.memory.items.of_dossier.contains_key(*id))
            .copied()
            .collect();
        for asked in unknown.chunks(ASKED) {
            let rows = item_custody::Entity::find()
                .filter(item_custody::Column::DossierId.is_in(asked.iter().map(|id| id.0)))
                .all(self.tx)
                .await?;
            let items = &mut self.memory.items;
            items.of_dossier.extend(asked.iter().map(|id| (*id, BTreeSet::new())));
            for row in rows {
                self.set_item(row);
            }
        }
        Ok(())
    }

    /// Every trusted event that speaks of the item.
    pub(in crate::project) async fn story(&mut self, item: &[u8]) -> Result<Story, StoreError> {
        self.learn_stories(&BTreeSet::from([item.to_vec()])).await?;
        Ok(self.memory.items.stories.get(item).cloned().unwrap_or_default())
    }

    /// Adds a trusted event to what is told of these items.
    pub(in crate::project) fn story_grows<'i>(
        &mut self,
        items: impl Iterator<Item = &'i Vec<u8>>,
        id: EventId,
        event: &Event,
    ) {
        let received_at = self.received_at;
        for item in items {
            let Some(story) = self.memory.items.stories.get_mut(item) else {
                continue;
            };
            let story = Arc::make_mut(story);
            if let Err(place) = story.binary_search_by(|(known, _, _)| known.cmp(&id)) {
                story.insert(place, (id, event.clone(), received_at));
            }
        }
    }

    /// Forgets what is told of items: other events speak of them now, or some are trusted no more or again.
    pub(in crate::project) fn forget_stories(&mut self) {
        self.memory.items.stories.clear();
    }

    /// Asks for what is told of these items.
    pub(in crate::project) async fn learn_stories(&mut self, ids: &BTreeSet<Vec<u8>>) -> Result<(), StoreError> {
        let unknown = missing(ids, &self.memory.items.stories);
        for asked in unknown.chunks(ASKED) {
            let mut told: BTreeMap<Vec<u8>, Vec<_>> = asked.iter().map(|id| (id.clone(), Vec::new())).collect();
            for row in self.tx.query_all(&speaking_of(asked)).await? {
                // Looked at here: as a condition it tempts a planner, where few events are trusted yet, to read them all
                // instead of these items'.
                if row.try_get::<String>("", "verdict")? != OK {
                    continue;
                }
                let (item, raw): (Vec<u8>, Vec<u8>) = (row.try_get("", "item_id")?, row.try_get("", "raw")?);
                let envelope =
                    Envelope::parse(&raw).map_err(|error| StoreError::corrupt("inbox", hex::encode(&item), error))?;
                let (id, event) = (envelope.id(), self.believed(envelope.into_event()));
                let one = (id, event, row.try_get("", "received_at")?);
                told.entry(item).or_default().push(one);
            }
            let stories = told.into_iter().map(|(item, mut story)| {
                story.sort_by_key(|(id, _, _)| *id);
                (item, Arc::new(story))
            });
            self.memory.items.stories.extend(stories);
        }
        Ok(())
    }

    /// Who is written down to have held an item, in turn.
    pub(in crate::project) async fn holdings(&mut self, item: &[u8]) -> Result<Vec<holding::Model>, StoreError> {
        self.learn_holdings(&BTreeSet::from([item.to_vec()])).await?;
        Ok(self.memory.items.holdings.get(item).cloned().unwrap_or_default())
    }

    /// Remembers who held an item, as it was just written.
    pub(in crate::project) fn set_holdings(&mut self, item: &[u8], rows: Vec<holding::Model>) {
        self.memory.items.holdings.insert(item.to_vec(), rows);
    }

    /// Asks who held these items.
    pub(in crate::project) async fn learn_holdings(&mut self, ids: &BTreeSet<Vec<u8>>) -> Result<(), StoreError> {
        let unknown = missing(ids, &self.memory.items.holdings);
        for asked in unknown.chunks(ASKED) {
            let rows = holding::Entity::find()
                .filter(holding::Column::ItemId.is_in(asked.iter().cloned()))
                .order_by_asc(holding::Column::Nth)
                .all(self.tx)
                .await?;
            let known = &mut self.memory.items.holdings;
            known.extend(asked.iter().map(|id| (id.clone(), Vec::new())));
            for row in rows {
                known.entry(row.item_id.clone()).or_default().push(row);
            }
        }
        Ok(())
    }
}

/// Those of these ids that nothing is known about.
fn missing<V>(ids: &BTreeSet<Vec<u8>>, known: &BTreeMap<Vec<u8>, V>) -> Vec<Vec<u8>> {
    ids.iter().filter(|id| !known.contains_key(*id)).cloned().collect()
}

/// The events linked to any of these items, with their bytes, their hour and what is thought of them.
fn speaking_of(items: &[Vec<u8>]) -> sea_orm::sea_query::SelectStatement {
    Query::select()
        .column((item_event::Entity, item_event::Column::ItemId))
        .columns([
            (inbox::Entity, inbox::Column::Raw),
            (inbox::Entity, inbox::Column::ReceivedAt),
        ])
        .column((custody_event::Entity, custody_event::Column::Verdict))
        .from(item_event::Entity)
        .inner_join(
            custody_event::Entity,
            Expr::col((custody_event::Entity, custody_event::Column::EventId))
                .equals((item_event::Entity, item_event::Column::EventId)),
        )
        .inner_join(
            inbox::Entity,
            Expr::col((inbox::Entity, inbox::Column::EventId))
                .equals((item_event::Entity, item_event::Column::EventId)),
        )
        .and_where(Expr::col((item_event::Entity, item_event::Column::ItemId)).is_in(items.iter().cloned()))
        .to_owned()
}
