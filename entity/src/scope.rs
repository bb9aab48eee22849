//! Through whose eyes a query looks.
//!
//! Every query on personal data starts from [`Scope::dossiers`]; a row outside the scope does not exist for the caller, so
//! the answer above is "not found", never "forbidden". There is no way from a request to [`Scope::everything`]: only jobs and
//! the command line make it.

use crate::table::{assignment, dossier, item_custody, postal_order};
use domain::holder::Holder;
use domain::ids::{AgencyId, ClientId, DossierId, ServicePointId, StaffId};
use sea_orm::sea_query::{Condition, Expr, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};

/// Whose eyes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope(Eyes);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Eyes {
    Everything,
    Nothing,
    Courier(StaffId),
    ServicePoint(ServicePointId),
    Agency(AgencyId),
    Client(ClientId),
    Dossier(DossierId),
}

impl Scope {
    /// Jobs and the command line.
    pub const fn everything() -> Self {
        Self(Eyes::Everything)
    }

    /// Somebody who stands to no dossier at all.
    pub const fn nothing() -> Self {
        Self(Eyes::Nothing)
    }

    /// A courier: what they were told to carry or hold now.
    pub const fn courier(staff: StaffId) -> Self {
        Self(Eyes::Courier(staff))
    }

    /// A post office: what it was assigned or holds now.
    pub const fn service_point(id: ServicePointId) -> Self {
        Self(Eyes::ServicePoint(id))
    }

    /// A desk or agency: dossiers addressed to the agency.
    pub const fn agency(id: AgencyId) -> Self {
        Self(Eyes::Agency(id))
    }

    /// A one-stop system: what it ordered.
    pub const fn client(id: ClientId) -> Self {
        Self(Eyes::Client(id))
    }

    /// A citizen with the secret of one dossier.
    pub const fn dossier(id: DossierId) -> Self {
        Self(Eyes::Dossier(id))
    }

    /// The service point of these eyes, when they are an office's.
    pub const fn office(&self) -> Option<ServicePointId> {
        match self.0 {
            Eyes::ServicePoint(id) => Some(id),
            _ => None,
        }
    }

    /// The one-stop client of these eyes.
    pub const fn as_client(&self) -> Option<ClientId> {
        match self.0 {
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
        let id = dossier::Column::Id;
        match self.0 {
            Eyes::Everything => Condition::all(),
            Eyes::Nothing => Condition::any().add(Expr::value(false)),
            Eyes::Dossier(one) => id.eq(one.0).into(),
            Eyes::Agency(agency) => dossier::Column::AgencyId.eq(agency.0).into(),
            Eyes::Client(client) => id.in_subquery(ordered_by(client)).into(),
            Eyes::Courier(staff) => Condition::any()
                .add(id.in_subquery(assigned(assignment::Column::StaffId.eq(staff.0).into())))
                .add(id.in_subquery(held_by(Holder::Staff(staff)))),
            Eyes::ServicePoint(point) => Condition::any()
                .add(id.in_subquery(assigned(assignment::Column::ServicePointId.eq(point.0).into())))
                .add(id.in_subquery(held_by(Holder::ServicePoint(point)))),
        }
    }
}

fn assigned(to: Condition) -> SelectStatement {
    Query::select()
        .column(assignment::Column::DossierId)
        .from(assignment::Entity)
        .cond_where(to)
        .to_owned()
}

fn held_by(holder: Holder) -> SelectStatement {
    Query::select()
        .column(item_custody::Column::DossierId)
        .from(item_custody::Entity)
        .cond_where(item_custody::Column::Holder.eq(holder.to_string()))
        .to_owned()
}

fn ordered_by(client: ClientId) -> SelectStatement {
    Query::select()
        .column(postal_order::Column::DossierId)
        .from(postal_order::Entity)
        .cond_where(postal_order::Column::ClientId.eq(client.0))
        .to_owned()
}
