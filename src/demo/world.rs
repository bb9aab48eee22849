//! Where every envelope really is: what no server and no phone decides, only hands.

use super::dice::Dice;
use domain::item::ItemKind;
use domain::mode::Mode;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Where an envelope is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// At the sender's home.
    Home,
    /// With the party of this number.
    With(usize),
    /// With the citizen it was meant for.
    Citizen,
    /// Called off before anybody came for it.
    CalledOff,
}

/// How far the desk is with a dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Nothing done yet.
    Untouched,
    /// It has a code and a due date.
    Received,
    /// Waits for papers.
    Supplement,
    /// At work.
    Processing,
    /// The desk has nothing more to do.
    Done,
}

/// What fate has in store for an envelope; drawn once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    /// How often nobody is at home when it is fetched.
    pub(super) pickup_failures: u8,
    /// Whether the courier drops it at the post office instead of going to the desk.
    pub(super) via_counter: bool,
    /// How often nobody is at home when it is delivered.
    pub(super) delivery_failures: u8,
    /// What the addressee does in the end.
    pub(super) end: End,
    /// What the agency does with the dossier.
    pub(super) ruling: Ruling,
    /// A second courier takes the label for theirs: two stories about one envelope.
    pub(super) contested: bool,
    /// The client calls it off when it is still at home.
    pub(super) called_off: bool,
}

/// What the addressee of a result does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Takes it.
    Takes,
    /// Refuses it.
    Refuses,
    /// Is never there.
    Absent,
}

/// What an agency does with a dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ruling {
    /// Grants it.
    Grants,
    /// Asks for more papers first.
    AsksForMore,
    /// Does not accept it.
    Rejects,
}

impl Plan {
    /// Draws the fate of the `number`th envelope.
    pub(super) fn draw(seed: u64, number: u64) -> Self {
        let mut dice = Dice::of(seed, "fate", number);
        let failures = |dice: &mut Dice| match dice.below(100) {
            0..80 => 0,
            80..95 => 1,
            _ => 2,
        };
        Self {
            pickup_failures: failures(&mut dice),
            via_counter: dice.percent(60),
            delivery_failures: failures(&mut dice),
            end: match dice.below(100) {
                0..91 => End::Takes,
                91..96 => End::Refuses,
                _ => End::Absent,
            },
            ruling: match dice.below(100) {
                0..91 => Ruling::Grants,
                91..96 => Ruling::AsksForMore,
                _ => Ruling::Rejects,
            },
            contested: number % 25 == 3,
            called_off: number % 13 == 5,
        }
    }
}

/// An envelope.
#[derive(Debug, Clone)]
pub(super) struct Paper {
    /// Its label.
    pub(super) code: String,
    /// What it carries.
    pub(super) kind: ItemKind,
    /// What the post does for its dossier.
    pub(super) mode: Mode,
    /// Where it is.
    pub(super) place: Place,
    /// Whether a custody event has put it into somebody's hands.
    pub(super) in_custody: bool,
    /// Two couriers told different stories about it.
    pub(super) contested: bool,
    /// The desk it goes to or comes from.
    pub(super) desk: usize,
    /// What will happen to it.
    pub(super) plan: Plan,
    /// What the desk has done.
    pub(super) stage: Stage,
    /// The number it was born with.
    pub(super) number: u64,
    /// The dossier's id on the server, once somebody asked.
    pub(super) dossier: Option<String>,
    /// Somebody is doing something with it right now.
    claimed: bool,
}

impl Paper {
    /// A new envelope.
    pub(super) fn new(
        code: String,
        kind: ItemKind,
        mode: Mode,
        place: Place,
        desk: usize,
        plan: Plan,
        number: u64,
    ) -> Self {
        let (in_custody, contested, claimed) = (false, false, false);
        Self {
            code,
            kind,
            mode,
            place,
            in_custody,
            contested,
            desk,
            plan,
            stage: Stage::Untouched,
            number,
            dossier: None,
            claimed,
        }
    }
}

/// All envelopes.
#[derive(Debug, Default)]
pub(super) struct World(Mutex<BTreeMap<String, Paper>>);

impl World {
    /// A new envelope is there. The same label again changes nothing.
    pub(super) fn add(&self, paper: Paper) {
        self.lock().entry(paper.code.clone()).or_insert(paper);
    }

    /// Takes an envelope up if nobody else has and it is as `fits` wants it.
    pub(super) fn claim(&self, code: &str, fits: impl FnOnce(&Paper) -> bool) -> Option<Paper> {
        let mut papers = self.lock();
        let paper = papers
            .get_mut(code)
            .filter(|paper| !paper.claimed && !paper.contested && fits(paper))?;
        paper.claimed = true;
        Some(paper.clone())
    }

    /// Puts an envelope down as it now is.
    pub(super) fn put(&self, paper: Paper) {
        self.lock().insert(
            paper.code.clone(),
            Paper {
                claimed: false,
                ..paper
            },
        );
    }

    /// Labels of what is as `fits` wants it, now.
    pub(super) fn labels(&self, fits: impl Fn(&Paper) -> bool) -> Vec<String> {
        self.lock()
            .values()
            .filter(|paper| fits(paper))
            .map(|paper| paper.code.clone())
            .collect()
    }

    /// Everything, to be judged.
    pub(super) fn all(&self) -> Vec<Paper> {
        self.lock().values().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Paper>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
