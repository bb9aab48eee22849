//! Finds a courier for one leg of an item: address → commune → service point → somebody on shift with room.
//!
//! What cannot be placed goes to the dispatcher's list with the reason and never vanishes. The choice is made from fresh
//! reads; the write holds the item and the courier and looks again, so that two choices at once neither place a leg twice
//! nor fill a courier over the brim.

use super::{Effect as Any, Room};
use crate::error::JobError;
use domain::item_code::ItemCode;
use domain::place::Place as Commune;
use entity::outbox::{Claim, NewJob};
use entity::repo::assignment::{self, Decision, Task};
use entity::repo::intake::assign_job;
use entity::repo::{Tx, reference, staff};
use entity::table::service_point;
use entity::{Store, StoreError};
use routing::assign::{Assignment, Courier, Settings, UnplacedReason, Whereabouts, assign, next_shifts};
use routing::place::Place;
use routing::shift::Shift;
use routing::territory::ServicePoint;
use serde::Deserialize;

/// Reasons that pass by themselves; the sweep has these tried again.
pub(crate) const PASSING: [&str; 2] = [UnplacedReason::NobodyOnShift.as_str(), UnplacedReason::AllFull.as_str()];

/// The post's clocks show UTC+7 all year.
const LOCAL_OFFSET_MS: i64 = 7 * 3600 * 1000;
const DAY_MS: i64 = 24 * 3600 * 1000;

#[derive(Deserialize)]
struct Payload {
    item_code: String,
    leg: String,
}

/// What is to be written about a leg.
#[derive(Debug)]
pub(crate) enum Effect {
    /// A courier takes it, unless they are full by now.
    Placed {
        /// Who and why.
        decision: Box<Decision>,
        /// Items they can take.
        capacity: u32,
    },
    /// Nobody does, for this reason.
    Unplaced {
        item_code: ItemCode,
        leg: String,
        reason: UnplacedReason,
    },
    /// Nobody has to any more.
    Closed { item_code: ItemCode, leg: String },
}

impl Effect {
    /// Whether it tells the log.
    pub(crate) fn is_decision(&self) -> bool {
        matches!(self, Self::Placed { .. })
    }
}

/// The job that tries a leg once more in a stretch of time.
pub(crate) fn again(item_code: &ItemCode, leg: &str, slot: i64) -> NewJob {
    let first = assign_job(item_code, leg);
    NewJob {
        dedup_key: format!("{}:again:{slot}", first.dedup_key),
        ..first
    }
}

/// Chooses.
pub(crate) async fn think(room: &Room, claim: &Claim) -> Result<Any, JobError> {
    let Payload { item_code, leg } = Payload::deserialize(&claim.payload).map_err(JobError::payload)?;
    let item_code = ItemCode::parse(&item_code).map_err(JobError::payload)?;
    let db = room.store.read();
    let Some(task) = assignment::task(db, &item_code, &leg).await? else {
        return Err(JobError::GiveUp(format!("there is no item {item_code}")));
    };
    if !task.is_open {
        return Ok(Any::Assign(Effect::Closed { item_code, leg }));
    }
    if assignment::latest(db, &item_code, &leg).await?.is_some() {
        return Ok(Any::Nothing);
    }
    let stop = whereabouts(room, &task).await?;
    let couriers = couriers(&room.store).await?;
    let points = points(&room.store).await?;
    let now = minute_of_day(room.store.now_ms());
    let choose = |minute| assign(&stop, minute, &points, &couriers, Settings::default());
    // What comes in at night is the first thing of the morning.
    let answer = std::iter::once(now)
        .chain(next_shifts(&couriers, now))
        .map(choose)
        .find(|answer| {
            !matches!(
                answer,
                Assignment::Unplaced {
                    reason: UnplacedReason::NobodyOnShift
                }
            )
        })
        .unwrap_or_else(|| choose(now));
    let effect = match answer {
        Assignment::Unplaced { reason } => Effect::Unplaced { item_code, leg, reason },
        Assignment::Assigned { courier, why } => {
            let chosen = couriers.iter().find(|one| one.id == courier);
            // Told only when it was found out just now: a stop whose place was known is not the applicant's, maybe.
            let (commune_code, place) = match stop {
                Whereabouts::Known { commune, place } if task.place.is_none() => (Some(commune), Some(place)),
                Whereabouts::Known { .. } | Whereabouts::Ambiguous { .. } | Whereabouts::Unknown => (None, None),
            };
            Effect::Placed {
                capacity: chosen.map_or(0, |one| one.capacity),
                decision: Box::new(Decision {
                    task,
                    leg,
                    courier,
                    service_point: why.neighbour.unwrap_or(why.served.id),
                    why: why.to_string(),
                    commune_code,
                    place: place.map(|place| (place.lat(), place.lon())),
                }),
            }
        }
    };
    Ok(Any::Assign(effect))
}

/// Where the applicant is: what the intake understood goes before what the address says.
async fn whereabouts(room: &Room, task: &Task) -> Result<Whereabouts, JobError> {
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

async fn couriers(store: &Store) -> Result<Vec<Courier>, JobError> {
    let loads = assignment::loads(store.read()).await?;
    let rows = staff::couriers(store.read()).await?;
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

async fn points(store: &Store) -> Result<Vec<ServicePoint>, JobError> {
    reference::service_points(store.read())
        .await?
        .into_iter()
        .map(|row| Ok(point(&row)?))
        .collect()
}

fn point(row: &service_point::Model) -> Result<ServicePoint, StoreError> {
    let bad = |why: &dyn std::fmt::Display| StoreError::corrupt("service_point", &row.code, why);
    Ok(ServicePoint {
        id: row.id.into(),
        at: Place::new(row.lat, row.lon).map_err(|error| bad(&error))?,
        territory: row
            .territory
            .as_deref()
            .map(str::parse)
            .transpose()
            .map_err(|error| bad(&error))?,
    })
}

/// The minute of the local day.
fn minute_of_day(now_ms: i64) -> u16 {
    let minute = (now_ms + LOCAL_OFFSET_MS).rem_euclid(DAY_MS) / 60_000;
    u16::try_from(minute).expect("a day has 1440 minutes")
}

/// Writes the choice, if it still stands.
pub(crate) async fn write(effect: Effect, tx: &Tx, room: &Room, now_ms: i64) -> Result<(), JobError> {
    match effect {
        Effect::Placed { decision, capacity } => {
            let held = assignment::hold(tx, &decision.task.item_code, &decision.leg, decision.courier).await?;
            if held.is_decided {
                return Ok(());
            }
            if held.load >= capacity {
                return Err(JobError::Retry(
                    "the chosen courier was filled by somebody else meanwhile".to_owned(),
                ));
            }
            assignment::decide(tx, &room.store, &room.keys, &decision).await?;
        }
        Effect::Unplaced { item_code, leg, reason } => {
            if assignment::latest(tx, &item_code, &leg).await?.is_some() {
                return Ok(());
            }
            let detail = match &reason {
                UnplacedReason::AddressAmbiguous { communes } => communes.join(", "),
                _ => String::new(),
            };
            tracing::warn!(%item_code, leg, %reason, "an item could not be placed");
            assignment::put_unplaced(tx, &item_code, &leg, reason.as_str(), &detail, now_ms).await?;
        }
        Effect::Closed { item_code, leg } => assignment::close_unplaced(tx, &item_code, &leg, "closed").await?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::minute_of_day;

    #[test]
    fn the_local_day_begins_seven_hours_before_the_universal_one() {
        assert_eq!(minute_of_day(0), 7 * 60);
        assert_eq!(minute_of_day(17 * 3_600_000), 0);
        assert_eq!(minute_of_day(17 * 3_600_000 - 1), 1439);
        assert_eq!(minute_of_day(-1), 7 * 60 - 1);
    }
}
