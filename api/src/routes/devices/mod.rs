//! How a device becomes known, and stops being trusted.

pub(super) mod codes;
pub(super) mod enrol;
pub(super) mod revoke;

use crate::App;
use crate::auth::SupervisorRight;
use crate::problem::Problem;
use entity::repo::reference;
use entity::repo::staff::Person;

/// Whether a supervisor answers for this person's devices: staff of their own office, and of a desk their office runs.
async fn answers_for(app: &App, right: &SupervisorRight, person: &Person) -> Result<bool, Problem> {
    if person.service_point == Some(right.office) {
        return Ok(true);
    }
    let Some(agency) = person.agency else { return Ok(false) };
    let desks = reference::desks(app.store.open(), agency).await?;
    Ok(desks.iter().any(|desk| desk.service_point_id == Some(right.office.0)))
}
