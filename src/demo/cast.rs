//! Everybody who has a device: couriers, counters and desks, each with a real core and clocks of their own.

use super::dice::Dice;
use super::province::Province;
use crate::cli::Failure;
use crate::import::Login;
use domain::hat::Hat;
use domain::holder::Holder;
use entity::repo::reference::id_of;
use mobile_ffi::core::soft::new_secret;
use mobile_ffi::core::{Core, SoftPlatform};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// A quarter of an hour of simulated time.
const QUARTER_MS: u64 = 15 * 60 * 1000;
const DAY_MS: i64 = 24 * 3600 * 1000;

/// What somebody does here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Post {
    /// Carries; belongs to this counter.
    Courier {
        /// The counter of their office.
        counter: usize,
    },
    /// Stands at the counter of a service point.
    Counter {
        /// The service point's code.
        point: String,
    },
    /// Receives for an agency.
    Desk {
        /// The agency's code.
        agency: String,
        /// The desk's code.
        code: String,
    },
}

/// Somebody with a device.
pub(super) struct Party {
    /// Their number in the cast.
    pub(super) number: usize,
    pub(super) login: String,
    pub(super) password: String,
    pub(super) post: Post,
    pub(super) hat: Hat,
    /// Who has what this device holds.
    pub(super) holder: Holder,
    pub(super) core: Core,
    /// Held while the device is in an exchange or its clock moves.
    pub(super) turn: Mutex<()>,
    /// Of `/api/v1/session`, for those who sign in.
    pub(super) session: Mutex<Option<String>>,
    /// Rounds without a network: from, until.
    pub(super) offline: (u32, u32),
    host: Arc<SoftPlatform>,
}

impl Party {
    /// Their id on the server.
    pub(super) fn staff(&self) -> Uuid {
        id_of("staff", &self.login)
    }

    pub(super) fn is_courier(&self) -> bool {
        matches!(self.post, Post::Courier { .. })
    }

    /// Whether the device has a network in this round.
    pub(super) fn is_online(&self, round: u32) -> bool {
        !(self.offline.0..self.offline.1).contains(&round)
    }

    /// Half an hour or so goes by; clocks do what clocks do.
    pub(super) fn pass_time(&self, dice: &mut Dice, wall_ms: i64) -> Result<(), Failure> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.host.advance(QUARTER_MS + dice.below(2 * QUARTER_MS));
        match dice.below(100) {
            // Somebody set the date by hand.
            0 => self.host.set_wall(wall_ms - DAY_MS),
            1 => self.host.set_wall(wall_ms + DAY_MS),
            // The battery was empty.
            2 if self.is_courier() => self.host.reboot().map_err(|error| Failure::Refused(error.reason))?,
            _ => {}
        }
        Ok(())
    }
}

/// One place in the cast before there is a device.
struct Casting {
    login: String,
    post: Post,
    hat: Hat,
    holder: Holder,
}

/// Brings everybody together, each with an empty store below `folder`.
pub(super) fn assemble(
    province: &Province,
    logins: &[Login],
    folder: &Path,
    wall_ms: i64,
    seed: u64,
    rounds: u32,
) -> Result<Vec<Party>, Failure> {
    std::fs::create_dir_all(folder).map_err(Failure::io(folder.display().to_string()))?;
    let secret = |login: &str| logins.iter().find(|known| known.kind == "staff" && known.name == login);
    let mut cast = Vec::new();
    for (number, casting) in castings(province).into_iter().enumerate() {
        let failed = |error: String| Failure::Refused(format!("{}: {error}", casting.login));
        let key = new_secret().map_err(|error| failed(error.reason))?;
        let host = Arc::new(SoftPlatform::new(&key, wall_ms).map_err(|error| failed(error.reason))?);
        let path = folder.join(format!("{}.db", casting.login));
        let core = Core::open(path, host.clone()).map_err(|error| failed(error.to_string()))?;
        let offline = match casting.post {
            Post::Courier { .. } => offline(seed, number, rounds),
            Post::Counter { .. } | Post::Desk { .. } => (0, 0),
        };
        cast.push(Party {
            number,
            password: secret(&casting.login)
                .map(|login| login.secret.clone())
                .unwrap_or_default(),
            login: casting.login,
            post: casting.post,
            hat: casting.hat,
            holder: casting.holder,
            core,
            turn: Mutex::new(()),
            session: Mutex::new(None),
            offline,
            host,
        });
    }
    Ok(cast)
}

/// Two of three couriers spend some hours where there is no network.
fn offline(seed: u64, number: usize, rounds: u32) -> (u32, u32) {
    let mut dice = Dice::of(seed, "offline", number as u64);
    if dice.percent(33) || rounds < 8 {
        return (0, 0);
    }
    let throw = |dice: &mut Dice, end: u32| u32::try_from(dice.below(end.into())).unwrap_or(0);
    let from = 2 + throw(&mut dice, rounds / 2);
    (from, from + 4 + throw(&mut dice, 5))
}

fn castings(province: &Province) -> Vec<Casting> {
    let mut all = Vec::new();
    let mut counters: Vec<(String, usize)> = Vec::new();
    for person in &province.staff {
        let has = |role: &str| person.roles.iter().any(|held| held == role);
        let point = person.service_point_code.clone();
        if let (true, None, Some(point)) = (has("post_agent"), &person.desk_code, point) {
            if counters.iter().any(|(known, _)| *known == point) {
                continue;
            }
            let holder = Holder::ServicePoint(id_of("service_point", &point).into());
            counters.push((point.clone(), all.len()));
            all.push(Casting {
                login: person.login.clone(),
                post: Post::Counter { point },
                hat: Hat::PostAgent,
                holder,
            });
        }
    }
    for desk in &province.desks {
        let works_here = |person: &&domain::wire::province::StaffRecord| {
            person.desk_code.as_deref() == Some(desk.code.as_str())
                && person.roles.iter().any(|role| role == "desk_agent")
        };
        if let Some(person) = province.staff.iter().find(works_here) {
            all.push(Casting {
                login: person.login.clone(),
                post: Post::Desk {
                    agency: desk.agency_code.clone(),
                    code: desk.code.clone(),
                },
                hat: Hat::DeskAgent,
                holder: Holder::Agency(id_of("agency", &desk.agency_code).into()),
            });
        }
    }
    for courier in &province.couriers {
        let counter = counters.iter().find(|(point, _)| *point == courier.service_point_code);
        if let Some((_, counter)) = counter {
            all.push(Casting {
                login: courier.login.clone(),
                post: Post::Courier { counter: *counter },
                hat: Hat::Carrier,
                holder: Holder::Staff(id_of("staff", &courier.login).into()),
            });
        }
    }
    all
}
