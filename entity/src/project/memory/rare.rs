//! What is rarely the case: that an event waits or needs a person, that an item has to do with a bag, that an event was there
//! before the one it speaks of. A batch asks once about all it folds, and where nothing is the case nobody asks again.
//!
//! The answers err on one side only: where one says "perhaps", the table itself is asked.

use super::items::ASKED;
use crate::StoreError;
use crate::project::{Cx, unfit};
use crate::table::{custody_event, item_event, parked, quarantine};
use custody::kind::Kind;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::BTreeSet;

/// Events of one list that are kept in mind: some 50 kB. A list that is longer is asked each time.
const FEW: u64 = 1000;

#[derive(Default)]
pub(super) struct Rare {
    parked: Option<Listed>,
    for_a_person: Option<Listed>,
    /// Items that no packing names.
    never_packed: BTreeSet<Vec<u8>>,
    /// Events that no other event speaks of.
    not_followed: BTreeSet<Vec<u8>>,
}

/// Events on a list, while it is short.
enum Listed {
    These(BTreeSet<Vec<u8>>),
    TooMany,
}

impl Listed {
    fn of(ids: Vec<Vec<u8>>) -> Self {
        if u64::try_from(ids.len()).is_ok_and(|count| count < FEW) {
            Self::These(ids.into_iter().collect())
        } else {
            Self::TooMany
        }
    }

    fn has_perhaps(&self, id: &[u8]) -> bool {
        match self {
            Self::These(ids) => ids.contains(id),
            Self::TooMany => true,
        }
    }

    fn add(list: &mut Option<Self>, id: &[u8]) {
        if let Some(Self::These(ids)) = list {
            ids.insert(id.to_vec());
        }
    }
}

impl Cx<'_> {
    /// Those of these events that are perhaps on the waiting list.
    pub(in crate::project) async fn perhaps_parked(&mut self, events: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, StoreError> {
        if self.memory.rare.parked.is_none() {
            let ids = parked::Entity::find()
                .select_only()
                .column(parked::Column::EventId)
                .limit(FEW)
                .into_tuple()
                .all(self.tx)
                .await?;
            self.memory.rare.parked = Some(Listed::of(ids));
        }
        Ok(among(self.memory.rare.parked.as_ref(), events))
    }

    /// Remembers that an event was put on the waiting list.
    pub(in crate::project) fn is_parked(&mut self, event: &[u8]) {
        Listed::add(&mut self.memory.rare.parked, event);
    }

    /// Those of these events that are perhaps in quarantine for what the fold of an item said of them.
    pub(in crate::project) async fn perhaps_for_a_person(
        &mut self,
        events: &[Vec<u8>],
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        if self.memory.rare.for_a_person.is_none() {
            let ids = quarantine::Entity::find()
                .select_only()
                .column(quarantine::Column::EventId)
                .filter(unfit::is_for_a_person())
                .limit(FEW)
                .into_tuple()
                .all(self.tx)
                .await?;
            self.memory.rare.for_a_person = Some(Listed::of(ids));
        }
        Ok(among(self.memory.rare.for_a_person.as_ref(), events))
    }

    /// Remembers that an event was put in quarantine.
    pub(in crate::project) fn is_quarantined(&mut self, event: &[u8]) {
        Listed::add(&mut self.memory.rare.for_a_person, event);
    }

    /// Those of these items that a packing perhaps names.
    pub(in crate::project) async fn perhaps_packed(
        &mut self,
        items: &BTreeSet<Vec<u8>>,
    ) -> Result<BTreeSet<Vec<u8>>, StoreError> {
        self.learn_packed(items).await?;
        Ok(items.difference(&self.memory.rare.never_packed).cloned().collect())
    }

    /// Asks which of these items a packing names.
    pub(in crate::project) async fn learn_packed(&mut self, items: &BTreeSet<Vec<u8>>) -> Result<(), StoreError> {
        let unknown: Vec<Vec<u8>> = items.difference(&self.memory.rare.never_packed).cloned().collect();
        for asked in unknown.chunks(ASKED) {
            let named = Query::select()
                .column((item_event::Entity, item_event::Column::ItemId))
                .from(item_event::Entity)
                .inner_join(
                    custody_event::Entity,
                    Expr::col((custody_event::Entity, custody_event::Column::EventId))
                        .equals((item_event::Entity, item_event::Column::EventId)),
                )
                .and_where(Expr::col((item_event::Entity, item_event::Column::ItemId)).is_in(asked.iter().cloned()))
                .and_where(custody_event::Column::Kind.eq(packing()))
                .to_owned();
            let mut never: BTreeSet<Vec<u8>> = asked.iter().cloned().collect();
            for row in self.tx.query_all(&named).await? {
                never.remove(&row.try_get::<Vec<u8>>("", "item_id")?);
            }
            self.memory.rare.never_packed.extend(never);
        }
        Ok(())
    }

    /// Forgets which items no packing names: there are new links.
    pub(in crate::project) fn something_is_packed(&mut self) {
        self.memory.rare.never_packed.clear();
    }

    /// Whether an event perhaps came before this one that speaks of it.
    pub(in crate::project) fn is_perhaps_followed(&self, event: &[u8]) -> bool {
        !self.memory.rare.not_followed.contains(event)
    }

    /// Remembers that an event speaks of this one.
    pub(in crate::project) fn is_followed(&mut self, event: &[u8]) {
        self.memory.rare.not_followed.remove(event);
    }

    /// Asks of which of these events others speak.
    pub(in crate::project) async fn learn_followed(&mut self, events: &[Vec<u8>]) -> Result<(), StoreError> {
        for asked in events.chunks(ASKED) {
            let followed: Vec<Vec<u8>> = custody_event::Entity::find()
                .select_only()
                .column(custody_event::Column::About)
                .filter(custody_event::Column::About.is_in(asked.iter().cloned()))
                .into_tuple()
                .all(self.tx)
                .await?;
            let not_followed = &mut self.memory.rare.not_followed;
            not_followed.extend(asked.iter().cloned());
            for event in followed {
                not_followed.remove(&event);
            }
        }
        Ok(())
    }
}

fn among(listed: Option<&Listed>, events: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let perhaps = |event: &&Vec<u8>| listed.is_none_or(|listed| listed.has_perhaps(event));
    events.iter().filter(perhaps).cloned().collect()
}

/// The kind of a packing, as a column holds it.
pub(in crate::project) fn packing() -> i64 {
    i64::try_from(Kind::Aggregate.code()).unwrap_or(i64::MAX)
}
