//! Every interleaving of a hand-over, explored: a giver, two receivers of whom one is a dishonest onlooker with an enrolled
//! phone, three items of which one may be excepted and two may be sealed into a bag, offers taken back, phones lost and
//! phones that deposit only part of what they have.
//!
//! What a phone refuses is what [`custody::handover`] refuses, what the server believes is what [`custody::fold`] believes:
//! the model adds people, papers and places. A rule can be left out ([`Flaw`]); then a property has to break.

mod rules;
mod state;
mod step;

use stateright::{Checker, HasDiscoveries, Model, Property};

use crate::world::is_torture;
use rules::{Rules, Who};
use state::{State, Step, has_both_signatures};

/// A rule of the protocol that is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// The offer does not name its receiver: whoever sees it may answer it.
    ReceiverNotNamed,
    /// A receiver takes an offer that answers another HELLO than its own.
    NonceUnchecked,
    /// The papers are given before the giver's phone is green.
    PapersBeforeGreen,
    /// That an offer was taken back counts for nothing once it is accepted.
    RevokedOfferAccepted,
}

/// What is explored.
pub(crate) struct Handovers {
    rules: Rules,
    flaw: Option<Flaw>,
    /// How many phones may be lost.
    losses: u32,
    /// Whether phones deposit event by event; otherwise each deposits all it has at once.
    piecemeal: bool,
}

impl Handovers {
    fn new(flaw: Option<Flaw>, losses: u32, piecemeal: bool) -> Self {
        Self {
            rules: Rules::new(flaw),
            flaw,
            losses,
            piecemeal,
        }
    }

    fn has(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }
}

impl Model for Handovers {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        vec![State::default()]
    }

    fn actions(&self, state: &State, steps: &mut Vec<Step>) {
        self.possible(state, steps);
    }

    fn next_state(&self, last: &State, step: Step) -> Option<State> {
        Some(step::after(last, step))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(
                "who is named without doubt has the papers",
                |model: &Self, state: &State| model.is_true(state),
            ),
            Property::always(
                "nobody signs for papers of somebody who is not there",
                |_, state: &State| !state.signed_for_absent,
            ),
            Property::always(
                "papers that moved have two signatures on a living phone or the server",
                |_: &Self, state: &State| has_both_signatures(state),
            ),
            Property::always("an onlooker is never named holder", |model: &Self, state: &State| {
                !model.names_onlooker(state)
            }),
            Property::sometimes(
                "a bag is handed over, opened and known to the server",
                |model: &Self, state: &State| model.is_opened(state),
            ),
            Property::sometimes(
                "an excepted item stays with the giver while the rest goes",
                |model: &Self, state: &State| model.is_excepted(state),
            ),
            Property::sometimes(
                "an accepted offer that was taken back is in dispute",
                |model: &Self, state: &State| model.is_disputed(state),
            ),
            Property::sometimes(
                "after a cancelled offer the items go to somebody else",
                |model: &Self, state: &State| model.holder(state.server, 0) == Some(Who::Onlooker),
            ),
        ]
    }
}

/// Explores the model with this many losses to its end and gives how many states there are. No promise may break, and what is
/// to be possible has to happen.
fn explore(losses: u32) -> usize {
    let checker = Handovers::new(None, losses, true)
        .checker()
        .threads(2)
        .spawn_bfs()
        .join();
    checker.assert_properties();
    checker.unique_state_count()
}

#[test]
fn no_order_of_steps_of_two_phones_breaks_a_promise() {
    let states = explore(0);
    assert!(states > 50_000, "{states} states");
}

#[test]
fn a_million_states_with_lost_phones_break_no_promise() {
    let losses = if is_torture() { 2 } else { 1 };
    let states = explore(losses);
    print(states, losses);
    assert!(states >= 1_000_000, "{states} states");
}

#[expect(clippy::print_stdout, reason = "the number is asked for")]
fn print(states: usize, losses: u32) {
    println!("{states} unique states with up to {losses} lost phones, 0 violations");
}

#[test]
fn every_rule_that_is_left_out_breaks_a_promise() {
    for (flaw, broken) in [
        (Flaw::ReceiverNotNamed, "an onlooker is never named holder"),
        (
            Flaw::NonceUnchecked,
            "nobody signs for papers of somebody who is not there",
        ),
        (
            Flaw::PapersBeforeGreen,
            "papers that moved have two signatures on a living phone or the server",
        ),
        (Flaw::RevokedOfferAccepted, "who is named without doubt has the papers"),
    ] {
        let checker = Handovers::new(Some(flaw), 0, false)
            .checker()
            .finish_when(HasDiscoveries::AnyFailures)
            .spawn_bfs()
            .join();
        let found = checker.discoveries();
        assert!(
            found.contains_key(broken),
            "{flaw:?} was not noticed: {:?}",
            found.keys()
        );
    }
    let sound = Handovers::new(None, 0, false).checker().spawn_bfs().join();
    sound.assert_properties();
}
