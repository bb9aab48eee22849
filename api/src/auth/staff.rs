//! What members of staff may do, one type per right.

use super::bearer;
use crate::App;
use crate::problem::{Kind, Problem};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::holder::Holder;
use domain::ids::{AgencyId, ServicePointId};
use entity::Scope;
use entity::repo::staff::{self, Person, Role};

/// Somebody who signed in, with the roles of the token they still have.
struct Caller {
    person: Person,
    roles: Vec<Role>,
}

async fn caller(parts: &Parts, app: &App) -> Result<Caller, Problem> {
    let token = bearer(&parts.headers).ok_or(Kind::Unauthenticated)?;
    let claims = app.tokens.read(token, app.store.now_ms())?;
    let id = claims
        .sub
        .parse()
        .map_err(|error| Problem::caused(Kind::Unauthenticated, error))?;
    let person = staff::by_id(app.store.read(), id).await?.ok_or(Kind::Unauthenticated)?;
    let roles = claims
        .roles
        .iter()
        .filter_map(|name| Role::parse(name))
        .filter(|role| person.is(*role))
        .collect();
    Ok(Caller { person, roles })
}

impl Caller {
    fn office(&self, role: Role) -> Result<ServicePointId, Problem> {
        let office = self.person.service_point.filter(|_| self.roles.contains(&role));
        office.ok_or_else(|| Kind::MissingRight.into())
    }

    fn agency(&self, roles: &[Role]) -> Result<AgencyId, Problem> {
        let agency = self
            .person
            .agency
            .filter(|_| roles.iter().any(|role| self.roles.contains(role)));
        agency.ok_or_else(|| Kind::MissingRight.into())
    }

    /// Through whose eyes the first role of the token looks.
    fn scope(&self) -> Option<(Role, Scope)> {
        self.scope_as(|_| true)
    }

    /// Through whose eyes the first of these roles looks.
    fn scope_as(&self, may: impl Fn(Role) -> bool) -> Option<(Role, Scope)> {
        self.roles.iter().filter(|role| may(**role)).find_map(|role| {
            let scope = match role {
                Role::PostAgent | Role::PostSupervisor => self.person.service_point.map(Scope::service_point),
                Role::DeskAgent | Role::AgencyReceiver => self.person.agency.map(Scope::agency),
                Role::Courier => Some(Scope::courier(self.person.id)),
                Role::OpsAdmin => None,
            };
            Some((*role, scope?))
        })
    }
}

/// How a person is named in the log.
pub(crate) fn actor(person: &Person) -> String {
    Holder::Staff(person.id).to_string()
}

/// At the counter of a post office.
#[derive(Debug, Clone)]
pub struct PostAgentRight {
    /// Who.
    pub person: Person,
    /// Their post office.
    pub office: ServicePointId,
    /// Through whose eyes they look.
    pub scope: Scope,
}

impl FromRequestParts<App> for PostAgentRight {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = caller(parts, app).await?;
        let office = caller.office(Role::PostAgent)?;
        Ok(Self {
            office,
            scope: Scope::service_point(office),
            person: caller.person,
        })
    }
}

/// Runs a post office: assignments, exceptions, devices.
#[derive(Debug, Clone)]
pub struct SupervisorRight {
    /// Who.
    pub person: Person,
    /// Their post office.
    pub office: ServicePointId,
    /// Through whose eyes they look.
    pub scope: Scope,
}

impl FromRequestParts<App> for SupervisorRight {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = caller(parts, app).await?;
        let office = caller.office(Role::PostSupervisor)?;
        Ok(Self {
            office,
            scope: Scope::service_point(office),
            person: caller.person,
        })
    }
}

/// At a one-stop desk or agency, for the State.
#[derive(Debug, Clone)]
pub struct DeskRight {
    /// Who.
    pub person: Person,
    /// Their agency.
    pub agency: AgencyId,
    /// Through whose eyes they look.
    pub scope: Scope,
}

impl FromRequestParts<App> for DeskRight {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = caller(parts, app).await?;
        let agency = caller.agency(&[Role::DeskAgent, Role::AgencyReceiver])?;
        Ok(Self {
            agency,
            scope: Scope::agency(agency),
            person: caller.person,
        })
    }
}

/// Anybody who works here, looking through the eyes of the first role they signed in with.
#[derive(Debug, Clone)]
pub struct StaffRight {
    /// Who.
    pub person: Person,
    /// As what.
    pub role: Role,
    /// Through whose eyes they look.
    pub scope: Scope,
}

impl StaffRight {
    /// Whether they may know what is in the envelope. A courier may not: postal secrecy.
    pub(crate) fn sees_papers(&self) -> bool {
        self.role != Role::Courier
    }
}

impl FromRequestParts<App> for StaffRight {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = caller(parts, app).await?;
        let (role, scope) = caller.scope().ok_or(Kind::MissingRight)?;
        Ok(Self {
            role,
            scope,
            person: caller.person,
        })
    }
}

/// May ask for reports: who runs a post office, and who works for an agency.
#[derive(Debug, Clone)]
pub struct ReportRight {
    /// Who.
    pub person: Person,
    /// Through whose eyes they look.
    pub scope: Scope,
}

impl FromRequestParts<App> for ReportRight {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = caller(parts, app).await?;
        let may = |role| match role {
            Role::PostSupervisor | Role::DeskAgent | Role::AgencyReceiver => true,
            Role::PostAgent | Role::Courier | Role::OpsAdmin => false,
        };
        let (_, scope) = caller.scope_as(may).ok_or(Kind::MissingRight)?;
        Ok(Self {
            scope,
            person: caller.person,
        })
    }
}
