//! Who calls: the token, the person and the session behind it, and the cell of the policy that lets them.

use crate::App;
use crate::auth::{bearer, may, purpose};
use crate::policy::{Grant, Relation, Row, Subject};
use crate::problem::{Kind, Problem};
use axum::http::request::Parts;
use domain::ids::{AgencyId, OperatorId, ServicePointId};
use entity::Scope;
use entity::repo::session::{self, Session};
use entity::repo::staff::{self, Person, Role};

/// Somebody who signed in and may call this operation in the role they wear.
pub(super) struct Caller {
    pub(super) person: Person,
    pub(super) session: Session,
    pub(super) role: Role,
    pub(super) grant: Grant,
    pub(super) purpose: &'static str,
    now_ms: i64,
}

/// Finds out who calls, and asks the policy whether they may.
pub(super) async fn caller(parts: &Parts, app: &App) -> Result<Caller, Problem> {
    let (token, now) = (bearer(&parts.headers).ok_or(Kind::Unauthenticated)?, app.store.now_ms());
    let claims = app.tokens.read(token, now)?;
    let id = claims.sub.parse();
    let id = id.map_err(|error| Problem::caused(Kind::Unauthenticated, error))?;
    let db = app.store.open();
    let session = session::standing(db, claims.sid, now).await?;
    let session = session.ok_or(Kind::Unauthenticated)?;
    let person = staff::by_id(db, id).await?.ok_or(Kind::Unauthenticated)?;
    // A role that was taken away, or put off by switching to another, is gone at once.
    let role = Role::parse(&claims.role).filter(|role| person.is(*role) && session.role == role.as_str());
    let role = role.ok_or(Kind::Unauthenticated)?;
    let row = may::row(parts)?;
    let grant = row.grant(Subject::Staff(role)).ok_or(Kind::MissingRight)?;
    refuse_if_limited(row, claims.limited)?;
    if grant.needs_step_up && !is_proved(app, &session, now) {
        return Err(Kind::StepUpNeeded.into());
    }
    Ok(Caller {
        grant: grant.clone(),
        person,
        session,
        role,
        purpose: purpose::read(&parts.headers, role)?,
        now_ms: now,
    })
}

fn refuse_if_limited(row: &Row, is_limited: bool) -> Result<(), Problem> {
    if is_limited && !row.is_limited {
        return Err(Kind::SecondFactorMissing.into());
    }
    Ok(())
}

/// Whether the person proved who they are a short while ago.
pub(super) fn is_proved(app: &App, session: &Session, now_ms: i64) -> bool {
    let window = i64::try_from(app.config.step_up_life.as_millis()).unwrap_or(i64::MAX);
    session.proved_at.is_some_and(|at| now_ms.saturating_sub(at) <= window)
}

impl Caller {
    /// Whether they proved who they are a short while ago.
    pub(super) fn is_proved(&self, app: &App) -> bool {
        is_proved(app, &self.session, self.now_ms)
    }

    /// The post office of a caller in a role of one.
    pub(super) fn office(&self) -> Result<ServicePointId, Problem> {
        self.person.service_point.ok_or_else(|| Kind::MissingRight.into())
    }

    /// The agency of a caller in a role of one.
    pub(super) fn agency(&self) -> Result<AgencyId, Problem> {
        self.person.agency.ok_or_else(|| Kind::MissingRight.into())
    }

    /// Refuses a caller whose role the handler was not written for, even if the policy names it.
    pub(super) fn wears(&self, roles: &[Role]) -> Result<(), Problem> {
        if roles.contains(&self.role) {
            Ok(())
        } else {
            Err(Kind::MissingRight.into())
        }
    }

    /// The operator whose installation or books a caller looks after.
    pub(super) fn operator(&self) -> Result<OperatorId, Problem> {
        self.person.operator.ok_or_else(|| Kind::MissingRight.into())
    }

    /// The dossiers the cell lets them see.
    pub(super) fn scope(&self) -> Result<Scope, Problem> {
        let mut scope = Scope::nothing();
        for relation in &self.grant.relations {
            scope = match relation {
                Relation::Cust | Relation::Route => Scope::courier(self.person.id, self.now_ms),
                Relation::Office => Scope::service_point(self.office()?, self.now_ms),
                Relation::Past => Scope::service_point_ever(self.office()?),
                Relation::Agency => Scope::agency(self.agency()?),
                Relation::Tenant => Scope::operator(self.operator()?),
                Relation::Own | Relation::Client | Relation::None | Relation::Glass => scope,
            };
        }
        if self.grant.relations.contains(&Relation::Glass) {
            scope = scope.or_open_to(self.person.id, self.now_ms);
        }
        Ok(scope)
    }
}
