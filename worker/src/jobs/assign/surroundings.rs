//! What a choice is made among: where the stop is, who works, and from which service points.

use crate::error::JobError;
use crate::jobs::Room;
use domain::ids::{OperatorId, StaffId};
use domain::place::Place as Commune;
use entity::repo::assignment::{self, Task};
use entity::repo::{reference, staff};
use entity::table::assignment::Model as Decided;
use entity::table::service_point;
use entity::{Store, StoreError};
use routing::assign::{Courier, Whereabouts};
use routing::place::Place;
use routing::shift::Shift;
use routing::territory::ServicePoint;

/// Where the applicant is: what the intake understood goes before what the address says.
pub(super) async fn whereabouts(room: &Room, task: &Task) -> Result<Whereabouts, JobError> {
    let known = task.place.and_then(|(lat, lon)| Place::new(lat, lon).ok());
    if let Some(code) = &task.commune_code {
        let place = match known {
            Some(place) => Some(place),
            None => centre(room, code).await?,
        };
        if let Some(place) = place {
            return Ok(Whereabouts::Known {
                commune: code.clone(),
                place,
            });
        }
    }
    Ok(match (room.places.locate(&room.store, &task.address).await?.0, known) {
        (Commune::Located(found), Some(place)) => Whereabouts::Known {
            commune: found.commune,
            place,
        },
        (Commune::Located(found), None) => match centre(room, &found.commune).await? {
            Some(place) => Whereabouts::Known {
                commune: found.commune,
                place,
            },
            None => Whereabouts::Unknown,
        },
        // The place is enough to find the service point; that nobody knows the commune's name only costs the preference.
        (Commune::Ambiguous(_) | Commune::Unknown, Some(place)) => Whereabouts::Known {
            commune: String::new(),
            place,
        },
        (Commune::Ambiguous(communes), None) => Whereabouts::Ambiguous { communes },
        (Commune::Unknown, None) => Whereabouts::Unknown,
    })
}

async fn centre(room: &Room, code: &str) -> Result<Option<Place>, JobError> {
    let centre = room.places.centre(&room.store, code).await?;
    Ok(centre.and_then(|(lat, lon)| Place::new(lat, lon).ok()))
}

/// Those who work at these service points, with what else they carry: the stop that is being decided is no load of whoever has it so far.
pub(super) async fn couriers(
    store: &Store,
    points: &[ServicePoint],
    standing: Option<&Decided>,
) -> Result<Vec<Courier>, JobError> {
    let mut loads = assignment::loads(store.read()).await?;
    if let Some(load) = standing.and_then(|row| loads.get_mut(&StaffId(row.staff_id))) {
        *load = load.saturating_sub(1);
    }
    let mut rows = staff::couriers(store.read()).await?;
    rows.retain(|row| points.iter().any(|point| point.id == row.service_point));
    let mut couriers = Vec::with_capacity(rows.len());
    for row in rows {
        let minute = |minute: i64| u16::try_from(minute).unwrap_or(u16::MAX);
        let shift = Shift::new(minute(row.shift_from_min), minute(row.shift_to_min))
            .map_err(|error| StoreError::corrupt("courier", row.staff, error))?;
        couriers.push(Courier {
            id: row.staff,
            service_point: row.service_point,
            areas: row.areas,
            shift,
            load: loads.get(&row.staff).copied().unwrap_or(0),
            capacity: u32::try_from(row.capacity).unwrap_or(0),
            at: None,
        });
    }
    Ok(couriers)
}

/// Every service point of an operator: whose business it is nobody else is told to do.
pub(super) async fn points(store: &Store, operator: OperatorId) -> Result<Vec<ServicePoint>, JobError> {
    reference::service_points(store.read())
        .await?
        .into_iter()
        .filter(|row| row.operator_id == operator.0)
        .map(|row| Ok(point(&row)?))
        .collect()
}

fn point(row: &service_point::Model) -> Result<ServicePoint, StoreError> {
    ServicePoint::read(row.id.into(), (row.lat, row.lon), row.territory.as_deref())
        .map_err(|error| StoreError::corrupt("service_point", &row.code, error))
}
