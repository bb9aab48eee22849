//! Which courier takes a stop, or why nobody does.

use std::collections::BTreeSet;
use std::fmt;

use domain::ids::{ServicePointId, StaffId};

use crate::place::Place;
use crate::shift::Shift;
use crate::territory::{self, Served, ServedBy, ServicePoint};

/// Where a stop is, as far as anybody knows.
#[derive(Debug, Clone, PartialEq)]
pub enum Whereabouts {
    /// In this commune, at this place (its centre, when no better is known).
    Known {
        /// The commune's code.
        commune: String,
        /// The place.
        place: Place,
    },
    /// The address could be in several communes.
    Ambiguous {
        /// Their codes.
        communes: Vec<String>,
    },
    /// The address names no commune.
    Unknown,
}

/// A courier as far as assigning cares.
#[derive(Debug, Clone, PartialEq)]
pub struct Courier {
    /// Who.
    pub id: StaffId,
    /// The service point they work for.
    pub service_point: ServicePointId,
    /// The codes of the communes they know.
    pub areas: Vec<String>,
    /// When they work.
    pub shift: Shift,
    /// How many stops they have today.
    pub load: u32,
    /// How many stops a day they can have.
    pub capacity: u32,
    /// Where they are, where known; their service point otherwise.
    pub at: Option<Place>,
}

/// What the operator decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// How far outside every territory a service point serves.
    pub max_distance_m: u32,
    /// How far away another service point may be to help out.
    pub neighbour_distance_m: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_distance_m: 25_000,
            neighbour_distance_m: 15_000,
        }
    }
}

/// Why this courier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Why {
    /// The service point that serves the stop.
    pub served: Served,
    /// The service point whose courier helps out, when it is another one.
    pub neighbour: Option<ServicePointId>,
    /// Whether the courier knows the commune.
    pub knows_area: bool,
    /// How many stops they had before this one.
    pub load: u32,
    /// How far they are from the stop.
    pub distance_m: u32,
    /// Among how many they were chosen.
    pub candidates: usize,
}

impl fmt::Display for Why {
    /// In Vietnamese, for the office's screen.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.served.by {
            ServedBy::Territory => "trong địa bàn bưu cục",
            ServedBy::Nearest => "bưu cục gần nhất",
        })?;
        if self.neighbour.is_some() {
            f.write_str("; bưu cục lân cận hỗ trợ")?;
        }
        f.write_str(if self.knows_area {
            "; đúng tuyến"
        } else {
            "; khác tuyến"
        })?;
        write!(
            f,
            "; đang có {} điểm; cách {},{} km; chọn trong {} bưu tá",
            self.load,
            self.distance_m / 1000,
            self.distance_m % 1000 / 100,
            self.candidates
        )
    }
}

/// Why nobody takes a stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnplacedReason {
    /// The address names no commune of the province.
    AddressUnknown,
    /// The address could be in several communes.
    AddressAmbiguous {
        /// Their codes.
        communes: Vec<String>,
    },
    /// No service point is near enough.
    NoServicePoint,
    /// No courier works at this hour.
    NobodyOnShift,
    /// Every courier who works has all they can take.
    AllFull,
}

impl UnplacedReason {
    /// The stable name.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::AddressUnknown => "address_unknown",
            Self::AddressAmbiguous { .. } => "address_ambiguous",
            Self::NoServicePoint => "no_service_point",
            Self::NobodyOnShift => "nobody_on_shift",
            Self::AllFull => "all_full",
        }
    }

    /// Whether asking again later may give another answer; otherwise a person must act.
    pub const fn may_pass(&self) -> bool {
        match self {
            Self::NobodyOnShift | Self::AllFull => true,
            Self::AddressUnknown | Self::AddressAmbiguous { .. } | Self::NoServicePoint => false,
        }
    }
}

impl fmt::Display for UnplacedReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The answer: always one of the two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assignment {
    /// This courier takes the stop.
    Assigned {
        /// Who.
        courier: StaffId,
        /// Why.
        why: Why,
    },
    /// Nobody does.
    Unplaced {
        /// Why.
        reason: UnplacedReason,
    },
}

/// The minutes at which these couriers begin work, the next one first: who is asked when nobody is on shift now. A stop that
/// comes in at night belongs to the morning, not on a dispatcher's list.
pub fn next_shifts(couriers: &[Courier], minute: u16) -> Vec<u16> {
    let waits: BTreeSet<u16> = couriers.iter().map(|courier| courier.shift.begins_in(minute)).collect();
    waits.into_iter().map(|wait| (minute + wait) % (24 * 60)).collect()
}

/// Chooses the courier for a stop at a minute of the local day.
///
/// The couriers of the service point that serves the stop come first, those of its
/// neighbours only when none of them can. Among those on shift with room, one who knows
/// the commune goes before one who does not, then the one with the fewest stops, then
/// the nearest, then the smallest id. The order of the arguments' lists does not matter.
pub fn assign(
    stop: &Whereabouts,
    minute: u16,
    points: &[ServicePoint],
    couriers: &[Courier],
    settings: Settings,
) -> Assignment {
    let (commune, place) = match stop {
        Whereabouts::Known { commune, place } => (commune.as_str(), *place),
        Whereabouts::Ambiguous { communes } => {
            return unplaced(UnplacedReason::AddressAmbiguous {
                communes: communes.clone(),
            });
        }
        Whereabouts::Unknown => return unplaced(UnplacedReason::AddressUnknown),
    };
    let Some(served) = territory::serving(place, points, settings.max_distance_m) else {
        return unplaced(UnplacedReason::NoServicePoint);
    };

    let around = territory::neighbours(place, points, served.id, settings.neighbour_distance_m);
    let offices = std::iter::once((served.id, served.distance_m)).chain(around);
    let mut is_anybody_on_shift = false;
    for (office, office_distance_m) in offices {
        let on_shift: Vec<&Courier> = couriers
            .iter()
            .filter(|one| one.service_point == office && one.shift.covers(minute))
            .collect();
        is_anybody_on_shift |= !on_shift.is_empty();
        let with_room: Vec<&Courier> = on_shift.into_iter().filter(|one| one.load < one.capacity).collect();
        let rank = |one: &Courier| {
            let knows_area = one.areas.iter().any(|area| area == commune);
            let distance_m = one.at.map_or(office_distance_m, |at| at.distance_m(place));
            (!knows_area, one.load, distance_m, one.id)
        };
        if let Some((is_stranger, load, distance_m, courier)) = with_room.iter().map(|one| rank(one)).min() {
            let why = Why {
                served,
                neighbour: (office != served.id).then_some(office),
                knows_area: !is_stranger,
                load,
                distance_m,
                candidates: with_room.len(),
            };
            return Assignment::Assigned { courier, why };
        }
    }
    unplaced(if is_anybody_on_shift {
        UnplacedReason::AllFull
    } else {
        UnplacedReason::NobodyOnShift
    })
}

const fn unplaced(reason: UnplacedReason) -> Assignment {
    Assignment::Unplaced { reason }
}
