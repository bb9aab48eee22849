//! How a device becomes known, and stops being trusted.

pub(super) mod codes;
pub(super) mod credential;
pub(super) mod enrol;
pub(super) mod revoke;

use crate::App;
use crate::auth::StaffRight;
use crate::problem::Problem;
use entity::repo::reference;
use entity::repo::staff::{Person, Role};

/// Whether somebody answers for this person's devices: a supervisor for staff of their own office and of a desk their office runs,
/// an agency's manager for the agency's people.
async fn answers_for(app: &App, right: &StaffRight, person: &Person) -> Result<bool, Problem> {
    if right.role == Role::AgencyManager {
        return Ok(person.agency.is_some() && person.agency == right.person.agency);
    }
    let Some(office) = right.person.service_point else {
        return Ok(false);
    };
    if person.service_point == Some(office) {
        return Ok(true);
    }
    let Some(agency) = person.agency else { return Ok(false) };
    let desks = reference::desks(app.store.open(), agency).await?;
    Ok(desks.iter().any(|desk| desk.service_point_id == Some(office.0)))
}
