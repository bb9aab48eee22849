//! Dossiers and the acts on them, as known at an hour.

use super::ground::Ground;
use crate::project::fact_of;
use crate::repo::due;
use crate::table::{assignment, dossier, dossier_act, inbox, postal_order};
use crate::{Scope, StoreError};
use domain::calendar::CalendarKind;
use domain::dossier::DossierFact;
use domain::ids::DossierId;
use domain::mode::Mode;
use domain::report::{Attribute, Channel, DossierHistory, Recorded, ReturnChannel};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// A dossier while its facts are gathered.
#[derive(Debug)]
pub(super) struct Owner {
    id: Uuid,
    mode: Mode,
    pub(super) procedure: Option<String>,
    pub(super) agency: Uuid,
    pub(super) desk: Option<Uuid>,
    /// Where the applicant is, if that was known.
    pub(super) commune: Option<String>,
    created_at: i64,
    /// What happened, by acts and by custody.
    pub(super) facts: Vec<Recorded<DossierFact>>,
    /// What money and feedback say of it.
    pub(super) attributes: Vec<Recorded<Attribute>>,
}

type Row = (Uuid, String, Option<String>, Uuid, Option<Uuid>, Option<String>, i64);

/// The dossiers these eyes see and the acts on them.
pub(super) async fn read(
    db: &impl ConnectionTrait,
    scope: &Scope,
    as_of_ms: i64,
) -> Result<BTreeMap<Uuid, Owner>, StoreError> {
    let rows: Vec<Row> = scope
        .dossiers()
        .select_only()
        .columns([
            dossier::Column::Id,
            dossier::Column::Mode,
            dossier::Column::ProcedureCode,
            dossier::Column::AgencyId,
            dossier::Column::DeskId,
            dossier::Column::CommuneCode,
            dossier::Column::CreatedAt,
        ])
        .filter(dossier::Column::CreatedAt.lte(as_of_ms))
        .into_tuple()
        .all(db)
        .await?;
    let located = Located::read(db, scope, as_of_ms).await?;
    let mut owners = BTreeMap::new();
    for (id, mode, procedure, agency, desk, commune, created_at) in rows {
        let mode = mode
            .parse()
            .map_err(|error| StoreError::corrupt("dossier", id, error))?;
        let owner = Owner {
            id,
            mode,
            procedure,
            agency,
            desk,
            commune: commune.filter(|_| located.knows(id)),
            created_at,
            facts: Vec::new(),
            attributes: Vec::new(),
        };
        owners.insert(id, owner);
    }
    acts(db, scope, as_of_ms, &mut owners).await?;
    Ok(owners)
}

async fn acts(
    db: &impl ConnectionTrait,
    scope: &Scope,
    as_of_ms: i64,
    owners: &mut BTreeMap<Uuid, Owner>,
) -> Result<(), StoreError> {
    let received: RelationDef = dossier_act::Entity::belongs_to(inbox::Entity)
        .from(dossier_act::Column::EventId)
        .to(inbox::Column::EventId)
        .into();
    let rows: Vec<(Uuid, String, i64, String, i64)> = dossier_act::Entity::find()
        .select_only()
        .columns([
            dossier_act::Column::DossierId,
            dossier_act::Column::Kind,
            dossier_act::Column::AtMs,
            dossier_act::Column::Data,
        ])
        .column(inbox::Column::ReceivedAt)
        .join(JoinType::InnerJoin, received)
        .filter(dossier_act::Column::DossierId.in_subquery(scope.dossier_ids()))
        .filter(inbox::Column::ReceivedAt.lte(as_of_ms))
        .order_by_asc(dossier_act::Column::LogIndex)
        .into_tuple()
        .all(db)
        .await?;
    for (dossier, kind, at_ms, data, received_ms) in rows {
        if let (Some(owner), Some(fact)) = (owners.get_mut(&dossier), fact_of(&kind, at_ms, &data)) {
            owner.facts.push(Recorded::new(received_ms, fact));
        }
    }
    Ok(())
}

/// Whose commune was known at an hour. Of an order over the bus it is found out with the first decision about a courier; at
/// a counter the applicant says it.
struct Located {
    ordered: HashSet<Uuid>,
    decided: HashSet<Uuid>,
}

impl Located {
    async fn read(db: &impl ConnectionTrait, scope: &Scope, as_of_ms: i64) -> Result<Self, StoreError> {
        let ordered: Vec<Uuid> = postal_order::Entity::find()
            .select_only()
            .column(postal_order::Column::DossierId)
            .filter(postal_order::Column::ClientId.is_not_null())
            .filter(postal_order::Column::DossierId.in_subquery(scope.dossier_ids()))
            .into_tuple()
            .all(db)
            .await?;
        let decided: Vec<Uuid> = assignment::Entity::find()
            .select_only()
            .column(assignment::Column::DossierId)
            .distinct()
            .filter(assignment::Column::DecidedAt.lte(as_of_ms))
            .filter(assignment::Column::DossierId.in_subquery(scope.dossier_ids()))
            .into_tuple()
            .all(db)
            .await?;
        Ok(Self {
            ordered: ordered.into_iter().collect(),
            decided: decided.into_iter().collect(),
        })
    }

    fn knows(&self, dossier: Uuid) -> bool {
        !self.ordered.contains(&dossier) || self.decided.contains(&dossier)
    }
}

impl Owner {
    /// When something received at an hour was recorded of this dossier: not before it was there.
    pub(super) fn recorded(&self, received_ms: i64) -> i64 {
        received_ms.max(self.created_at)
    }

    /// The history the reports read.
    pub(super) fn history(mut self, ground: &Ground) -> DossierHistory {
        let told = std::mem::take(&mut self.attributes);
        let mut attributes = Vec::new();
        let mut known = |attribute| attributes.push(Recorded::new(self.created_at, attribute));
        if let Some(code) = self.procedure.as_deref().and_then(|code| code.parse().ok()) {
            known(Attribute::Procedure(code));
        }
        if self.mode.carries_dossier() {
            known(Attribute::Channel(Channel::Post));
        }
        if self.mode.carries_result() {
            known(Attribute::ReturnChannel(ReturnChannel::Post));
        }
        attributes.extend(self.longest_due(ground));
        attributes.extend(told);
        DossierHistory {
            id: DossierId(self.id),
            mode: self.mode,
            facts: self.facts,
            attributes,
        }
    }

    /// The last day by the limit of its procedure, for a dossier that gets no date of its own: counted from its lodging, by
    /// the calendar as known when that was recorded.
    fn longest_due(&self, ground: &Ground) -> Option<Recorded<Attribute>> {
        let term = *ground.terms.get(self.procedure.as_ref()?)?;
        let lodged = self
            .facts
            .iter()
            .filter(|one| matches!(one.fact, DossierFact::Lodged { .. } | DossierFact::Received { .. }))
            .min_by_key(|one| one.fact.at_ms())?;
        let calendar = ground.book.calendar(CalendarKind::State, None, lodged.recorded_at_ms);
        let due = due::open(lodged.fact.at_ms(), term).by(&calendar).date;
        Some(Recorded::new(lodged.recorded_at_ms, Attribute::LongestDue(due)))
    }
}
