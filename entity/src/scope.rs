//! Through whose eyes a query looks.
//!
//! Every query on personal data starts from [`Scope::dossiers`]; a row outside the scope does not exist for the caller, so
//! the answer above is "not found", never "forbidden". There is no way from a request to [`Scope::everything`]: only jobs and
//! the command line make it.
//!
//! What a pair of eyes once had in its hands it sees a while longer, since people ask about yesterday's envelope: [`DAY_MS`] for
//! who carried it, [`WEEK_MS`] for an office.

use crate::repo::glass;
use crate::table::{assignment, dossier, holding, item_custody, postal_order, staff};
use domain::holder::Holder;
use domain::ids::{AgencyId, ClientId, DossierId, OperatorId, ServicePointId, StaffId};
use sea_orm::sea_query::{Condition, Expr, IntoColumnRef, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};

/// How long somebody sees what they had.
pub const DAY_MS: i64 = 24 * 3_600_000;

/// How long an office sees what it had.
pub const WEEK_MS: i64 = 7 * DAY_MS;

/// Whose eyes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    eyes: Eyes,
    /// Who sees besides, and when, what is open to them alone ([`crate::repo::glass`]).
    glass: Option<(StaffId, i64)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Eyes {
    Everything,
    Nothing,
    /// And since when what ended still counts.
    Courier(StaffId, i64),
    ServicePoint(ServicePointId, i64),
    Agency(AgencyId),
    Operator(OperatorId),
    Client(ClientId),
    Dossier(DossierId),
    /// SHA-256 of the secret of a citizen's page.
    Capability([u8; 32]),
}

impl Scope {
    const fn of(eyes: Eyes) -> Self {
        Self { eyes, glass: None }
    }

    /// These eyes, and besides what another one agreed to open to this person alone.
    #[must_use]
    pub const fn or_open_to(mut self, staff: StaffId, now_ms: i64) -> Self {
        self.glass = Some((staff, now_ms));
        self
    }

    /// Jobs and the command line.
    pub const fn everything() -> Self {
        Self::of(Eyes::Everything)
    }

    /// Somebody who stands to no dossier at all.
    pub const fn nothing() -> Self {
        Self::of(Eyes::Nothing)
    }

    /// A courier: what is on their round, what they hold, and what they had a day ago.
    pub const fn courier(staff: StaffId, now_ms: i64) -> Self {
        Self::of(Eyes::Courier(staff, now_ms - DAY_MS))
    }

    /// A post office: what its counter took in, what is assigned to it, what it or its people hold, and what they had a week
    /// ago.
    pub const fn service_point(id: ServicePointId, now_ms: i64) -> Self {
        Self::of(Eyes::ServicePoint(id, now_ms - WEEK_MS))
    }

    /// A post office and everything it ever had: for the figures of a report, which name nobody, and for what is settled long
    /// after the envelope has gone, such as a complaint.
    pub const fn service_point_ever(id: ServicePointId) -> Self {
        Self::of(Eyes::ServicePoint(id, i64::MIN))
    }

    /// A desk or agency: dossiers addressed to the agency.
    pub const fn agency(id: AgencyId) -> Self {
        Self::of(Eyes::Agency(id))
    }

    /// Whoever runs or audits a postal operator: what it carries.
    pub const fn operator(id: OperatorId) -> Self {
        Self::of(Eyes::Operator(id))
    }

    /// A one-stop system: what it ordered.
    pub const fn client(id: ClientId) -> Self {
        Self::of(Eyes::Client(id))
    }

    /// A citizen with the secret of one dossier.
    pub const fn dossier(id: DossierId) -> Self {
        Self::of(Eyes::Dossier(id))
    }

    /// Whoever has the secret of a citizen's page, by its hash.
    pub const fn capability(hash: [u8; 32]) -> Self {
        Self::of(Eyes::Capability(hash))
    }

    /// These eyes as the fence around the tables reads them ([`crate::fence`]): a word, an id, since when.
    pub(crate) fn eyes(&self) -> String {
        let eyes = self.word();
        match self.glass {
            // Always in the same places, whatever the eyes.
            Some((staff, now)) => {
                let missing = ":0".repeat(2_usize.saturating_sub(eyes.matches(':').count()));
                format!("{eyes}{missing}:{staff}:{now}")
            }
            None => eyes,
        }
    }

    fn word(&self) -> String {
        match self.eyes {
            Eyes::Everything => "everything".to_owned(),
            Eyes::Nothing => "nothing".to_owned(),
            Eyes::Courier(id, since) => format!("courier:{id}:{since}"),
            Eyes::ServicePoint(id, since) => format!("service_point:{id}:{since}"),
            Eyes::Agency(id) => format!("agency:{id}"),
            Eyes::Operator(id) => format!("operator:{id}"),
            Eyes::Client(id) => format!("client:{id}"),
            Eyes::Dossier(id) => format!("dossier:{id}"),
            Eyes::Capability(hash) => format!("capability:{}", hex::encode(hash)),
        }
    }

    /// The service point of these eyes, when they are an office's.
    pub const fn office(&self) -> Option<ServicePointId> {
        match self.eyes {
            Eyes::ServicePoint(id, _) => Some(id),
            _ => None,
        }
    }

    /// The agency of these eyes, when they are an agency's.
    pub const fn as_agency(&self) -> Option<AgencyId> {
        match self.eyes {
            Eyes::Agency(id) => Some(id),
            _ => None,
        }
    }

    /// The courier of these eyes.
    pub const fn as_courier(&self) -> Option<StaffId> {
        match self.eyes {
            Eyes::Courier(id, _) => Some(id),
            _ => None,
        }
    }

    /// The one-stop client of these eyes.
    pub const fn as_client(&self) -> Option<ClientId> {
        match self.eyes {
            Eyes::Client(id) => Some(id),
            _ => None,
        }
    }

    /// The dossiers these eyes see.
    pub fn dossiers(&self) -> Select<dossier::Entity> {
        dossier::Entity::find().filter(self.condition())
    }

    /// The items these eyes see, with who holds them.
    pub fn items(&self) -> Select<item_custody::Entity> {
        item_custody::Entity::find().filter(item_custody::Column::DossierId.in_subquery(self.dossier_ids()))
    }

    /// The dossiers these eyes see, to look for what belongs to them in another table.
    pub(crate) fn dossier_ids(&self) -> SelectStatement {
        Query::select()
            .column(dossier::Column::Id)
            .from(dossier::Entity)
            .cond_where(self.condition())
            .to_owned()
    }

    fn condition(&self) -> Condition {
        let open = self.glass.map(|(staff, now)| glass::open_to(staff, now));
        match open {
            Some(open) => Condition::any()
                .add(self.eyes_condition())
                .add(dossier::Column::Id.in_subquery(open)),
            None => self.eyes_condition(),
        }
    }

    fn eyes_condition(&self) -> Condition {
        let id = dossier::Column::Id;
        match self.eyes {
            Eyes::Everything => Condition::all(),
            Eyes::Nothing => Condition::any().add(Expr::value(false)),
            Eyes::Dossier(one) => id.eq(one.0).into(),
            Eyes::Capability(hash) => dossier::Column::CapabilityHash.eq(hash.to_vec()).into(),
            Eyes::Agency(agency) => dossier::Column::AgencyId.eq(agency.0).into(),
            Eyes::Operator(operator) => dossier::Column::OperatorId.eq(operator.0).into(),
            Eyes::Client(client) => id.in_subquery(ordered_by(client)).into(),
            Eyes::Courier(person, since) => Condition::any()
                .add(id.in_subquery(assigned(assignment::Column::StaffId.eq(person.0), since)))
                .add(id.in_subquery(held(
                    holding::Column::Holder.eq(Holder::Staff(person).to_string()),
                    since,
                ))),
            Eyes::ServicePoint(point, since) => Condition::any()
                .add(
                    Condition::all()
                        .add(dossier::Column::CounterId.eq(point.0))
                        .add(dossier::Column::CreatedAt.gte(since)),
                )
                .add(id.in_subquery(assigned(assignment::Column::ServicePointId.eq(point.0), since)))
                .add(id.in_subquery(held(
                    holding::Column::Holder.eq(Holder::ServicePoint(point).to_string()),
                    since,
                )))
                .add(id.in_subquery(held(holding::Column::Party.in_subquery(people_of(point)), since))),
        }
    }
}

/// Dossiers somebody was told to carry, until then or since.
fn assigned(to: Expr, since: i64) -> SelectStatement {
    Query::select()
        .column(assignment::Column::DossierId)
        .from(assignment::Entity)
        .and_where(to)
        .cond_where(not_over(assignment::Column::EndedAt, since))
        .to_owned()
}

/// Dossiers with an item that somebody has, or had until then or since.
fn held(by: Expr, since: i64) -> SelectStatement {
    Query::select()
        .column(holding::Column::DossierId)
        .from(holding::Entity)
        .and_where(by)
        .cond_where(not_over(holding::Column::UntilMs, since))
        .to_owned()
}

fn not_over<C: ColumnTrait + IntoColumnRef>(end: C, since: i64) -> Condition {
    Condition::any().add(end.is_null()).add(end.gte(since))
}

/// Who works at a post office.
fn people_of(point: ServicePointId) -> SelectStatement {
    Query::select()
        .column(staff::Column::Id)
        .from(staff::Entity)
        .and_where(staff::Column::ServicePointId.eq(point.0))
        .to_owned()
}

fn ordered_by(client: ClientId) -> SelectStatement {
    Query::select()
        .column(postal_order::Column::DossierId)
        .from(postal_order::Entity)
        .and_where(postal_order::Column::ClientId.eq(client.0))
        .to_owned()
}
