//! What members of staff may do, one type per kind of handler.
//!
//! Whether a role may call an operation at all is a row of the policy ([`crate::policy`]), which every type here asks; the type
//! says what the handler gets of the caller: a counter, a desk, or only a pair of eyes. A role the policy lets in and the handler
//! was not written for is refused.

mod caller;

use crate::App;
use crate::auth::purpose;
use crate::policy::{Redaction, Relation};
use crate::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use caller::caller;
use domain::holder::Holder;
use domain::ids::{AgencyId, DossierId, ServicePointId};
use entity::Scope;
use entity::repo::access::{self, Looking};
use entity::repo::glass;
use entity::repo::session::{self, Session};
use entity::repo::staff::{self, Person, Role};
use uuid::Uuid;

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
        caller.wears(&[Role::PostAgent])?;
        Ok(Self {
            office: caller.office()?,
            scope: caller.scope()?,
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
        caller.wears(&[Role::PostSupervisor])?;
        Ok(Self {
            office: caller.office()?,
            scope: caller.scope()?,
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
        caller.wears(&[Role::DeskAgent, Role::AgencyReceiver, Role::AgencyManager])?;
        Ok(Self {
            agency: caller.agency()?,
            scope: caller.scope()?,
            person: caller.person,
        })
    }
}

/// Anybody who works here and whom the policy lets in, in the role they wear.
#[derive(Debug, Clone)]
pub struct StaffRight {
    /// Who.
    pub person: Person,
    /// As what.
    pub role: Role,
    /// Through whose eyes they look.
    pub scope: Scope,
    /// Whether names and papers are left out for them.
    is_redacted: bool,
    relations: Vec<Relation>,
    purpose: &'static str,
    session: Uuid,
}

impl StaffRight {
    /// Whether they still work here, in this session and this role. For whoever shows something long after the request.
    pub(crate) async fn still_stands(&self, app: &App) -> Result<bool, Problem> {
        let db = app.store.open();
        let session = session::standing(db, self.session, app.store.now_ms()).await?;
        let person = staff::by_id(db, self.person.id).await?;
        Ok(session.is_some_and(|session| session.role == self.role.as_str())
            && person.is_some_and(|one| one.is(self.role)))
    }

    /// Whether they may know what is in the envelope. A courier may not: postal secrecy.
    pub(crate) fn sees_papers(&self) -> bool {
        !self.is_redacted
    }

    /// In which relations the policy lets them call this operation.
    pub(crate) fn stands(&self, relation: Relation) -> bool {
        self.relations.contains(&relation)
    }

    /// Writes down that they looked, before they get to see it. The same look within [`ApiConfig::look_again`] is one look, except at
    /// what is open to them only because somebody else agreed: each of those is told.
    ///
    /// # Errors
    /// When it cannot be written: then nothing is shown.
    ///
    /// [`ApiConfig::look_again`]: crate::ApiConfig::look_again
    pub(crate) async fn looked(
        &self,
        app: &App,
        what: &'static str,
        dossier: Option<DossierId>,
        rows: usize,
    ) -> Result<(), Problem> {
        let now = app.store.now_ms();
        let through = self.through_glass(app, dossier, now).await?;
        let purpose = if through.is_some() {
            purpose::EMERGENCY
        } else {
            self.purpose
        };
        let key = (self.person.id, self.role, dossier, what, purpose);
        let again = i64::try_from(app.config.look_again.as_millis()).unwrap_or(0);
        if dossier.is_some()
            && through.is_none()
            && app
                .looks
                .get(&key)
                .is_some_and(|at: i64| now.saturating_sub(at) < again)
        {
            return Ok(());
        }
        let look = Looking {
            staff: self.person.id,
            role: self.role.as_str(),
            service_point: self.person.service_point,
            agency: self.person.agency,
            operator: self.person.operator,
            dossier,
            what,
            purpose,
            rows: i64::try_from(rows).unwrap_or(i64::MAX),
        };
        app.store
            .write(move |tx| {
                Box::pin(async move {
                    access::record(tx, look, now).await?;
                    if let Some(dossier) = through {
                        glass::tell_owner(tx, dossier, now).await?;
                    }
                    Ok::<_, Problem>(())
                })
            })
            .await?;
        app.looks.insert(key, now);
        Ok(())
    }

    /// The dossier, when they see it only because somebody else agreed.
    async fn through_glass(
        &self,
        app: &App,
        dossier: Option<DossierId>,
        now_ms: i64,
    ) -> Result<Option<DossierId>, Problem> {
        let Some(dossier) = dossier.filter(|_| self.stands(Relation::Glass)) else {
            return Ok(None);
        };
        let is_open = glass::is_open(app.store.open(), self.person.id, dossier, now_ms).await?;
        Ok(is_open.then_some(dossier))
    }

    /// Whether they may know whose it is. Whoever carries it or serves it must; whoever runs or audits the installation need not.
    pub(crate) fn sees_names(&self) -> bool {
        !matches!(self.role, Role::OpsAdmin | Role::KeyAdmin | Role::Auditor)
    }
}

impl FromRequestParts<App> for StaffRight {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = caller(parts, app).await?;
        Ok(Self {
            role: caller.role,
            scope: caller.scope()?,
            is_redacted: match caller.grant.redaction {
                Redaction::Nothing => false,
                Redaction::PapersUnproved => !caller.is_proved(app),
                Redaction::NamesAndPapers => true,
            },
            relations: caller.grant.relations,
            purpose: caller.purpose,
            session: caller.session.id,
            person: caller.person,
        })
    }
}

/// May ask for reports of what they see.
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
        Ok(Self {
            scope: caller.scope()?,
            person: caller.person,
        })
    }
}

/// Somebody about their own session.
#[derive(Debug, Clone)]
pub struct SessionRight {
    /// Who.
    pub person: Person,
    /// As what.
    pub role: Role,
    /// The session.
    pub session: Session,
}

impl SessionRight {
    /// Whether they proved who they are a short while ago.
    pub(crate) fn is_proved(&self, app: &App) -> bool {
        caller::is_proved(app, &self.session, app.store.now_ms())
    }
}

impl FromRequestParts<App> for SessionRight {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = caller(parts, app).await?;
        Ok(Self {
            person: caller.person,
            role: caller.role,
            session: caller.session,
        })
    }
}
