//! Random lawful histories: one dossier with its envelopes, from the first order to the
//! end, made from a number.
//!
//! Every step keeps every guard; only time is without mercy, so a history can be late.
//! A history exposes its facts, the steps of each envelope and every hour, so that
//! ledgers of money and delay can be laid over it.

mod choices;
mod dice;
mod envelope;
mod fill;

use domain::dossier::{Dossier, DossierFact as F, Policy};
use domain::ids::DossierId;
use domain::item::ItemKind;
use domain::mode::Mode;
use time::Date;
use time::macros::{date, time};
use uuid::Uuid;

pub(crate) use dice::Dice;
pub(crate) use envelope::Envelope;

use crate::days::at;
use choices::Choice;

/// One life.
#[derive(Debug, Clone)]
pub(crate) struct History {
    /// Every fact in the order it happened.
    pub(crate) facts: Vec<F>,
    /// Every envelope, the oldest first.
    pub(crate) envelopes: Vec<Envelope>,
    /// The dossier as lived: each fact applied when it happened.
    pub(crate) dossier: Dossier,
    /// When it began and when it was last looked at, milliseconds UTC.
    pub(crate) span_ms: (i64, i64),
}

const FIRST_DAY: Date = date!(2026 - 03 - 02);
const MINUTE_MS: i64 = 60_000;

/// More steps than any history needs; the life is then cut off and stays open.
const MOST_STEPS: usize = 400;

impl History {
    /// The history of a number. Equal numbers make equal histories.
    pub(crate) fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let mode = Mode::ALL[dice.below(3)];
        let began = at(FIRST_DAY, time!(07:00)) + dice.long(0, 90 * 24 * 60) * MINUTE_MS;
        let mut history = Self {
            facts: Vec::new(),
            envelopes: Vec::new(),
            dossier: Dossier::new(DossierId(Uuid::from_u128(seed.into())), mode),
            span_ms: (began, began),
        };
        history.tell(F::Ordered { at_ms: began });
        for step in 0..MOST_STEPS {
            let choices = history.choices(step);
            let total: u64 = choices.iter().map(|(weight, _)| weight).sum();
            if total == 0 {
                break;
            }
            history.span_ms.1 += dice.long(1, 30 * 60) * MINUTE_MS;
            let choice = dice.weighted(choices, total);
            history.take(choice, &mut dice);
            history.call_off_unneeded();
        }
        history
    }

    /// Now, milliseconds UTC.
    pub(crate) const fn now_ms(&self) -> i64 {
        self.span_ms.1
    }

    /// Whether nothing is left to do and no envelope is on the road.
    pub(crate) fn is_over(&self) -> bool {
        self.dossier.state.is_terminal() && self.envelopes.iter().all(Envelope::is_over)
    }

    /// The envelopes of one kind.
    pub(crate) fn of_kind(&self, kind: ItemKind) -> impl Iterator<Item = &Envelope> {
        self.envelopes.iter().filter(move |envelope| envelope.kind == kind)
    }

    /// Writes a fact down; it must keep every guard.
    fn tell(&mut self, fact: F) {
        if let Err(refused) = self.dossier.check(&fact, &Policy::default()) {
            panic!("{} does not fit {}: {refused:?}", fact, self.dossier.state);
        }
        self.dossier = self.dossier.clone().apply(&fact).expect("it was checked");
        self.facts.push(fact);
    }

    fn take(&mut self, choice: Choice, dice: &mut Dice) {
        match choice {
            Choice::Act(pattern) => {
                let fact = fill::fill(pattern, self, dice);
                let is_cancelled = matches!(fact, F::Cancelled { .. });
                self.tell(fact);
                if is_cancelled {
                    self.turn_round();
                }
            }
            Choice::Open(kind) => self.envelopes.push(Envelope::new(kind)),
            Choice::Step(at, step) => self.step(at, step, dice),
        }
    }
}
