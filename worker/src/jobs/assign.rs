//! Finds a courier for one leg of an item: address → commune → service point → somebody on shift with room.
//!
//! What cannot be placed goes to the dispatcher's list with the reason and never vanishes. The choice is made from fresh
//! reads; the write holds the item and the courier and looks again, so that two choices at once neither place a leg twice
//! nor fill a courier over the brim. A delivery that failed is tried again when the next invitation counts, and not for ever.

mod surroundings;

use super::{Effect as Any, Room};
use crate::error::JobError;
use domain::calendar::{CalendarKind, due, local, local_ms};
use domain::ids::{AssignmentId, ServicePointId, StaffId};
use domain::item::DeliveryPolicy;
use domain::item_code::ItemCode;
use entity::outbox::{Claim, NewJob};
use entity::repo::assignment::{self, Decision, Task};
use entity::repo::citizen_act::NEW_ADDRESS;
use entity::repo::intake::assign_job;
use entity::repo::{Tx, calendar, rules};
use entity::table::assignment::Model as Decided;
use routing::assign::Whereabouts;
use routing::assign::{Assignment, Courier, Settings, UnplacedReason, Why, assign, next_shifts};
use serde::Deserialize;
use surroundings::{couriers, points, whereabouts};
use time::Date;

/// Reasons that pass by themselves; the sweep has these tried again.
pub(crate) const PASSING: [&str; 2] = [UnplacedReason::NobodyOnShift.as_str(), UnplacedReason::AllFull.as_str()];

/// Why a person has to decide on a delivery that was tried before.
const DELIVERIES_FAILED: &str = "deliveries_failed";

#[derive(Deserialize)]
struct Payload {
    item_code: String,
    leg: String,
    /// What brought the item to the office where it waits. Absent: wherever it waits now.
    head: Option<String>,
    #[serde(default)]
    failures: u32,
    failed_ms: Option<i64>,
    #[serde(default)]
    redirected: bool,
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
    /// Whoever was told to take it before it came here still does.
    Kept {
        /// The leg's task.
        task: Box<Task>,
        /// Which leg.
        leg: String,
        /// The decision that holds.
        decision: AssignmentId,
    },
    /// Nobody does, for this reason.
    Unplaced {
        task: Box<Task>,
        leg: String,
        reason: &'static str,
        detail: String,
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
    let told = Payload::deserialize(&claim.payload).map_err(JobError::payload)?;
    let item_code = ItemCode::parse(&told.item_code).map_err(JobError::payload)?;
    let head = told.head.as_deref().map(hex::decode).transpose();
    let head = head.map_err(JobError::payload)?;
    let (db, leg, now) = (room.store.read(), told.leg, room.store.now_ms());
    let Some(task) = assignment::task(db, &item_code, &leg).await? else {
        return Err(JobError::GiveUp(format!("there is no item {item_code}")));
    };
    if !task.is_needed {
        return Ok(Any::Assign(Effect::Closed { item_code, leg }));
    }
    // It has moved on and waits elsewhere: that is another job's.
    if head.is_some() && head != task.head {
        return Ok(Any::Nothing);
    }
    if assignment::is_decided(db, &task, &leg).await? {
        return Ok(Any::Nothing);
    }
    if told.redirected {
        return Ok(unplaced(task, leg, NEW_ADDRESS, String::new()));
    }
    if let Some(failed_ms) = told.failed_ms {
        match next_visit(room, local(failed_ms.min(now)).0, told.failures).await? {
            None => return Ok(unplaced(task, leg, DELIVERIES_FAILED, told.failures.to_string())),
            Some(day) if now < local_ms(day, 0) => {
                return Ok(Any::Later {
                    until_ms: local_ms(day, 0),
                });
            }
            Some(_) => {}
        }
    }
    choose(room, task, leg).await.map(Any::Assign)
}

/// The day from whose morning on somebody knocks again after a delivery that failed: each visit leaves an invitation, and the
/// next one counts only after the working days the law keeps between them. None when there were enough: then a person decides
/// to hold the item, send it back, or send somebody once more.
async fn next_visit(room: &Room, failed_on: Date, failures: u32) -> Result<Option<Date>, JobError> {
    let db = room.store.read();
    let rules = rules::in_force(db, failed_on).await?;
    let policy = rules.map_or_else(DeliveryPolicy::default, |rules| DeliveryPolicy::from(&rules.delivery));
    if failures >= policy.invitations {
        return Ok(None);
    }
    let book = calendar::book(db).await?;
    let post = book.calendar(CalendarKind::Post, None, room.store.now_ms());
    Ok(Some(due(failed_on, policy.days_between, &post).date))
}

fn unplaced(task: Task, leg: String, reason: &'static str, detail: String) -> Any {
    let task = Box::new(task);
    Any::Assign(Effect::Unplaced {
        task,
        leg,
        reason,
        detail,
    })
}

async fn choose(room: &Room, task: Task, leg: String) -> Result<Effect, JobError> {
    let standing = assignment::standing(room.store.read(), &task.item_code, &leg).await?;
    let stop = whereabouts(room, &task).await?;
    let points = points(&room.store, task.operator).await?;
    let couriers = couriers(&room.store, &points, standing.as_ref()).await?;
    let (_, now) = local(room.store.now_ms());
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
    let (courier, why) = match answer {
        Assignment::Unplaced { reason } => {
            let detail = match &reason {
                UnplacedReason::AddressAmbiguous { communes } => communes.join(", "),
                UnplacedReason::AddressUnknown
                | UnplacedReason::NoServicePoint
                | UnplacedReason::NobodyOnShift
                | UnplacedReason::AllFull => String::new(),
            };
            let (task, reason) = (Box::new(task), reason.as_str());
            return Ok(Effect::Unplaced {
                task,
                leg,
                reason,
                detail,
            });
        }
        Assignment::Assigned { courier, why } => (courier, why),
    };
    let office = why.neighbour.unwrap_or(why.served.id);
    if let Some(kept) = standing.filter(|row| holds(row, office, &couriers)) {
        let (task, decision) = (Box::new(task), AssignmentId(kept.id));
        return Ok(Effect::Kept { task, leg, decision });
    }
    let chosen = couriers.iter().find(|one| one.id == courier);
    Ok(Effect::Placed {
        capacity: chosen.map_or(0, |one| one.capacity),
        decision: Box::new(decision(task, leg, courier, office, &why, stop)),
    })
}

/// Whether a courier who was told of the delivery before the item came here is still the right one.
fn holds(row: &Decided, office: ServicePointId, couriers: &[Courier]) -> bool {
    row.service_point_id == office.0 && couriers.iter().any(|one| one.id.0 == row.staff_id)
}

fn decision(
    task: Task,
    leg: String,
    courier: StaffId,
    service_point: ServicePointId,
    why: &Why,
    stop: Whereabouts,
) -> Decision {
    // Told only when it was found out just now: a stop whose place was known is not the applicant's, maybe.
    let (commune_code, place) = match stop {
        Whereabouts::Known { commune, place } if task.place.is_none() => (Some(commune), Some(place)),
        Whereabouts::Known { .. } | Whereabouts::Ambiguous { .. } | Whereabouts::Unknown => (None, None),
    };
    Decision {
        task,
        leg,
        courier,
        service_point,
        why: why.to_string(),
        commune_code,
        place: place.map(|place| (place.lat(), place.lon())),
    }
}

/// Writes the choice, if it still stands.
pub(crate) async fn write(effect: Effect, tx: &Tx, room: &Room, now_ms: i64) -> Result<(), JobError> {
    match effect {
        Effect::Placed { decision, capacity } => {
            let held = assignment::hold(tx, &decision.task, &decision.leg, decision.courier).await?;
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
        Effect::Kept { task, leg, decision } => {
            let standing = assignment::standing(tx, &task.item_code, &leg).await?;
            if standing.is_none_or(|row| row.id != decision.0) {
                return Err(JobError::Retry("the decision that held has ended meanwhile".to_owned()));
            }
            assignment::keep(tx, decision, &task, &leg).await?;
        }
        Effect::Unplaced {
            task,
            leg,
            reason,
            detail,
        } => {
            if assignment::is_decided(tx, &task, &leg).await? {
                return Ok(());
            }
            let item_code = task.item_code;
            tracing::warn!(%item_code, leg, reason, "an item could not be placed");
            assignment::put_unplaced(tx, &item_code, &leg, reason, &detail, now_ms).await?;
        }
        Effect::Closed { item_code, leg } => assignment::close_unplaced(tx, &item_code, &leg, "closed").await?,
    }
    Ok(())
}
