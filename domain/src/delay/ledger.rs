//! The ledger: a window of time cut into stretches, each with one keeper.
//!
//! Source: Quy ước Trao Tay, sổ thời gian từng bên

use std::collections::{BTreeMap, BTreeSet};

use super::keeper::Keeper;
use super::minutes::working_minutes;
use crate::calendar::{Calendar, CalendarKind};

const MINUTE_MS: i64 = 60_000;

/// One fact: a keeper held the matter from an instant on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The keeper.
    pub keeper: Keeper,
    /// From when, in milliseconds UTC.
    pub from_ms: i64,
    /// Until when, in milliseconds UTC; `None` until a later fact says otherwise.
    pub to_ms: Option<i64>,
}

/// What is looked at: from lodging, or from J for the postal clock, to return; in milliseconds UTC. A window that ends before
/// it begins is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The start.
    pub from_ms: i64,
    /// The end.
    pub to_ms: i64,
}

/// Both calendars a matter runs by.
#[derive(Debug, Clone, Copy)]
pub struct Calendars<'a> {
    /// Of agencies.
    pub state: &'a Calendar,
    /// Of the post.
    pub post: &'a Calendar,
}

impl<'a> Calendars<'a> {
    /// The calendar by which a keeper's time runs.
    pub const fn of(&self, keeper: &Keeper) -> &'a Calendar {
        match keeper.calendar() {
            CalendarKind::State => self.state,
            CalendarKind::Post => self.post,
        }
    }
}

/// Whole minutes, by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// In office hours of working days.
    pub working: i64,
    /// At all other times.
    pub resting: i64,
}

impl Spent {
    /// All minutes.
    pub const fn total(&self) -> i64 {
        self.working + self.resting
    }
}

/// Time in one hand without a break, in whole minutes since the epoch, UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Whose.
    pub keeper: Keeper,
    /// The first minute.
    pub from_minute: i64,
    /// The minute after the last.
    pub to_minute: i64,
    /// How long.
    pub spent: Spent,
}

/// Every minute of a window, with the keeper that held the matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelayLedger {
    from_minute: i64,
    to_minute: i64,
    stretches: Vec<Stretch>,
}

impl DelayLedger {
    /// The ledger of a window by what is known, in the order it came to be known. Where facts overlap the one that came later
    /// wins; where none speaks it is [`Keeper::Unknown`]; a fact that ends before it begins says nothing.
    pub fn new(window: Window, holdings: &[Holding], calendars: Calendars<'_>) -> Self {
        let from_minute = window.from_ms.div_euclid(MINUTE_MS);
        let to_minute = window.to_ms.div_euclid(MINUTE_MS).max(from_minute);
        let mut ledger = Self {
            from_minute,
            to_minute,
            stretches: Vec::new(),
        };
        let mut speaking = BTreeSet::new();
        let mut at = from_minute;
        for (minute, index, begins) in edges(holdings, from_minute, to_minute) {
            ledger.add(keeper(holdings, &speaking), at, minute);
            at = minute;
            if begins {
                speaking.insert(index);
            } else {
                speaking.remove(&index);
            }
        }
        ledger.add(keeper(holdings, &speaking), at, to_minute);
        for stretch in &mut ledger.stretches {
            let working = working_minutes(stretch.from_minute, stretch.to_minute, calendars.of(&stretch.keeper));
            stretch.spent = Spent {
                working,
                resting: stretch.to_minute - stretch.from_minute - working,
            };
        }
        ledger
    }

    /// The stretches in order, without gap or overlap.
    pub fn stretches(&self) -> &[Stretch] {
        &self.stretches
    }

    /// How many minutes the window has.
    pub const fn total_minutes(&self) -> i64 {
        self.to_minute - self.from_minute
    }

    /// What each keeper spent.
    pub fn by_keeper(&self) -> BTreeMap<&Keeper, Spent> {
        let mut sums: BTreeMap<&Keeper, Spent> = BTreeMap::new();
        for Stretch { keeper, spent, .. } in &self.stretches {
            let sum = sums.entry(keeper).or_default();
            sum.working += spent.working;
            sum.resting += spent.resting;
        }
        sums
    }

    /// Whether the parts make up the whole: true of every ledger, for those who would rather check.
    pub fn closes(&self) -> bool {
        let sum: i64 = self.by_keeper().values().map(Spent::total).sum();
        sum == self.total_minutes()
    }

    /// Adds a stretch, or lengthens the last one when it is the same keeper's.
    fn add(&mut self, keeper: &Keeper, from_minute: i64, to_minute: i64) {
        if from_minute >= to_minute {
            return;
        }
        match self.stretches.last_mut() {
            Some(last) if last.keeper == *keeper => last.to_minute = to_minute,
            Some(_) | None => self.stretches.push(Stretch {
                keeper: keeper.clone(),
                from_minute,
                to_minute,
                spent: Spent::default(),
            }),
        }
    }
}

/// Where facts begin and end inside a window, in order: the minute, which fact, and whether it begins.
fn edges(holdings: &[Holding], from_minute: i64, to_minute: i64) -> Vec<(i64, usize, bool)> {
    let mut edges = Vec::with_capacity(holdings.len() * 2);
    for (index, holding) in holdings.iter().enumerate() {
        let from = holding.from_ms.div_euclid(MINUTE_MS).max(from_minute);
        let to = holding
            .to_ms
            .map_or(to_minute, |to_ms| to_ms.div_euclid(MINUTE_MS).min(to_minute));
        if from < to {
            edges.push((from, index, true));
            edges.push((to, index, false));
        }
    }
    edges.sort_unstable();
    edges
}

/// The keeper of the fact that came last among those that speak.
fn keeper<'a>(holdings: &'a [Holding], speaking: &BTreeSet<usize>) -> &'a Keeper {
    let last = speaking.last().and_then(|index| holdings.get(*index));
    last.map_or(&Keeper::Unknown, |holding| &holding.keeper)
}
