//! What a batch remembers of dossiers: the row and the order, which never change, the acts, and where each stands.

use super::items::ASKED;
use crate::StoreError;
use crate::project::Cx;
use crate::table::{dossier, dossier_act, dossier_state, postal_order};
use domain::ids::DossierId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub(super) struct Dossiers(BTreeMap<DossierId, Remembered>);

/// All of one dossier.
#[derive(Default)]
struct Remembered {
    owner: Option<dossier::Model>,
    order: Option<postal_order::Model>,
    acts: Vec<dossier_act::Model>,
    state: Option<dossier_state::Model>,
}

impl Cx<'_> {
    /// The row of a dossier; it never changes.
    pub(in crate::project) async fn owner(&mut self, id: DossierId) -> Result<Option<dossier::Model>, StoreError> {
        Ok(self.dossier(id).await?.owner.clone())
    }

    /// The first order about a dossier; it never changes.
    pub(in crate::project) async fn order(&mut self, id: DossierId) -> Result<Option<postal_order::Model>, StoreError> {
        Ok(self.dossier(id).await?.order.clone())
    }

    /// The desk's acts on a dossier, in the order of the log.
    pub(in crate::project) async fn acts(&mut self, id: DossierId) -> Result<&[dossier_act::Model], StoreError> {
        Ok(&self.dossier(id).await?.acts)
    }

    /// Remembers an act that was just written.
    pub(in crate::project) fn add_act(&mut self, act: dossier_act::Model) {
        // Nothing is remembered of a dossier nobody has asked for: the act is read with the others when somebody does.
        if let Some(known) = self.memory.dossiers.0.get_mut(&DossierId(act.dossier_id)) {
            known.acts.push(act);
        }
    }

    /// Where a dossier stands.
    pub(in crate::project) async fn state(
        &mut self,
        id: DossierId,
    ) -> Result<Option<dossier_state::Model>, StoreError> {
        Ok(self.dossier(id).await?.state.clone())
    }

    /// Remembers where a dossier stands, as it was just written.
    pub(in crate::project) fn set_state(&mut self, state: dossier_state::Model) {
        if let Some(known) = self.memory.dossiers.0.get_mut(&DossierId(state.dossier_id)) {
            known.state = Some(state);
        }
    }

    async fn dossier(&mut self, id: DossierId) -> Result<&Remembered, StoreError> {
        self.learn_dossiers(&BTreeSet::from([id])).await?;
        Ok(self.memory.dossiers.0.entry(id).or_default())
    }

    /// Asks for these dossiers.
    pub(in crate::project) async fn learn_dossiers(&mut self, ids: &BTreeSet<DossierId>) -> Result<(), StoreError> {
        let unknown: Vec<DossierId> = ids
            .iter()
            .filter(|id| !self.memory.dossiers.0.contains_key(*id))
            .copied()
            .collect();
        for asked in unknown.chunks(ASKED) {
            let asked = || asked.iter().map(|id| id.0);
            let owners = dossier::Entity::find()
                .filter(dossier::Column::Id.is_in(asked()))
                .all(self.tx)
                .await?;
            let orders = postal_order::Entity::find()
                .filter(postal_order::Column::DossierId.is_in(asked()))
                .order_by_asc(postal_order::Column::CreatedAt)
                .all(self.tx)
                .await?;
            let acts = dossier_act::Entity::find()
                .filter(dossier_act::Column::DossierId.is_in(asked()))
                .order_by_asc(dossier_act::Column::LogIndex)
                .all(self.tx)
                .await?;
            let states = dossier_state::Entity::find()
                .filter(dossier_state::Column::DossierId.is_in(asked()))
                .all(self.tx)
                .await?;
            let known = &mut self.memory.dossiers.0;
            known.extend(asked().map(|id| (DossierId(id), Remembered::default())));
            for row in owners {
                let known = known.entry(DossierId(row.id)).or_default();
                known.owner = Some(row);
            }
            for row in orders {
                let known = known.entry(DossierId(row.dossier_id)).or_default();
                known.order.get_or_insert(row);
            }
            for row in acts {
                known.entry(DossierId(row.dossier_id)).or_default().acts.push(row);
            }
            for row in states {
                let known = known.entry(DossierId(row.dossier_id)).or_default();
                known.state = Some(row);
            }
        }
        Ok(())
    }
}
