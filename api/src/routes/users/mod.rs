//! Who works here.

pub(super) mod list;
pub(super) mod show;

use crate::auth::StaffRight;
use crate::policy::Relation;
use crate::problem::{Kind, Problem};
use entity::repo::directory::{Entry, Of};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Somebody who works here, or did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserView {
    /// Their id.
    id: Uuid,
    /// Name for display.
    name: String,
    /// What they may be.
    roles: Vec<&'static str>,
    /// Code of their post office.
    #[serde(skip_serializing_if = "Option::is_none")]
    service_point: Option<String>,
    /// Code of their desk.
    #[serde(skip_serializing_if = "Option::is_none")]
    desk: Option<String>,
    /// Code of their agency, when no desk says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    agency: Option<String>,
    /// Whether they work here still.
    active: bool,
    /// Login name; only for who runs or audits the installation, as all that follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    login: Option<String>,
    /// Whether they have a password and work here.
    #[serde(skip_serializing_if = "Option::is_none")]
    can_sign_in: Option<bool>,
    /// Whether they have a second factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    has_second_factor: Option<bool>,
    /// Names this very standing, for a proposal to change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
}

impl UserView {
    fn of(entry: Entry, is_whole: bool) -> Self {
        let version = entry.version();
        Self {
            id: entry.id.0,
            name: entry.name,
            roles: entry.roles,
            service_point: entry.service_point,
            desk: entry.desk,
            agency: entry.agency,
            active: entry.is_active,
            login: is_whole.then_some(entry.login),
            can_sign_in: is_whole.then_some(entry.is_active && entry.has_password),
            has_second_factor: is_whole.then_some(entry.has_second_factor),
            version: is_whole.then_some(version),
        }
    }
}

/// Whose people the caller may read.
pub(super) fn of(right: &StaffRight) -> Result<Of, Problem> {
    let person = &right.person;
    let found = if right.stands(Relation::Tenant) {
        person.operator.map(Of::Operator)
    } else if right.stands(Relation::Office) {
        person.service_point.map(Of::ServicePoint)
    } else {
        person.agency.map(Of::Agency)
    };
    found.ok_or_else(|| Kind::MissingRight.into())
}
