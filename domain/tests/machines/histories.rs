//! Many random lawful histories: no illegal state, one story in any order.
//!
//! `TRAOTAY_HISTORIES` sets how many; a release build does a million in minutes.

use std::collections::BTreeSet;

use domain::dossier::{Dossier, DossierFact as F, DossierState, Policy, ReturnProof, Rule};
use domain::item::{DeliveryPolicy, ItemKind, ItemState, breaches};
use proptest::prelude::*;

use crate::days::{after, day_of};
use crate::history::{Dice, History};

/// How many histories without a word from outside: some seconds in a debug build.
const USUALLY: u64 = 6_000;

#[expect(clippy::disallowed_methods, reason = "a test's own setting")]
fn how_many() -> u64 {
    std::env::var("TRAOTAY_HISTORIES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(USUALLY)
}

/// The facts in another order, some of them twice.
fn shuffled(facts: &[F], seed: u64) -> Vec<F> {
    let mut dice = Dice::new(seed);
    let mut facts = facts.to_vec();
    for at in (1..facts.len()).rev() {
        facts.swap(at, dice.below(at + 1));
    }
    let again: Vec<F> = facts.iter().filter(|_| dice.below(3) == 0).cloned().collect();
    facts.extend(again);
    facts
}

/// Everything that must hold of a lawful history.
fn judge(history: &History, seed: u64) {
    let lived = &history.dossier;
    let folded = Dossier::fold(lived.id, lived.mode, shuffled(&history.facts, !seed));
    assert_eq!(&folded, lived, "history {seed} in another order");

    let confirmed = history
        .facts
        .iter()
        .any(|fact| matches!(fact, F::ReturnConfirmed { .. }));
    assert_eq!(lived.dvcqg() == Some(10), confirmed, "history {seed}");
    let without_the_agency = history
        .facts
        .iter()
        .filter(|fact| !matches!(fact, F::ReturnConfirmed { .. }))
        .cloned();
    let postal = Dossier::fold(lived.id, lived.mode, without_the_agency);
    assert_ne!(postal.dvcqg(), Some(10), "history {seed} without the agency's word");

    if lived.state == DossierState::Returned {
        let delivered = history
            .of_kind(ItemKind::ResultToApplicant)
            .any(|envelope| envelope.standing.state == ItemState::Delivered);
        assert_eq!(lived.proof == Some(ReturnProof::Post), delivered, "history {seed}");
    }
    hours_are_in_order(lived, seed);
    nothing_but_time_is_broken(history, seed);
}

/// What comes first has the earlier hour.
fn hours_are_in_order(dossier: &Dossier, seed: u64) {
    let times = &dossier.times;
    let life = [
        times.accepted_by_post_at_ms,
        times.handed_over_at_ms,
        times.lodged_at_ms,
        times.received_at_ms,
        times.processing_at_ms,
        times.resolved_at_ms,
        times.result_in_post_at_ms,
        times.returned_at_ms,
        times.return_confirmed_at_ms,
    ];
    let hours: Vec<i64> = life.into_iter().flatten().collect();
    assert!(hours.is_sorted(), "history {seed}: {times:?}");
    assert_eq!(
        times.closed_at_ms.is_some(),
        dossier.state.is_terminal(),
        "history {seed}"
    );
    if let Some(clock) = times.clock(&Policy::default()) {
        assert!(clock.ran_ms(i64::MAX) >= 0, "history {seed}");
    }
}

/// A history that keeps every guard breaks rules of time and number only.
fn nothing_but_time_is_broken(history: &History, seed: u64) {
    let today = day_of(history.now_ms());
    for breach in history.dossier.breaches(&Policy::default(), today, &after) {
        assert!(
            !matches!(
                breach.rule,
                Rule::CompleteSlip(_) | Rule::CorrectFirst | Rule::SurrenderFirst | Rule::OneExtension
            ),
            "history {seed}: {breach:?}"
        );
    }
    for envelope in &history.envelopes {
        let found = breaches(envelope.kind, &envelope.steps, &[], &DeliveryPolicy::default(), &after);
        assert_eq!(found, [], "history {seed}: {envelope:?}");
    }
}

#[test]
fn no_history_comes_to_an_illegal_state() {
    let (mut states, mut kinds, mut items) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let (many, mut over) = (how_many(), 0_u64);
    for seed in 0..many {
        let history = History::of(seed);
        judge(&history, seed);
        over += u64::from(history.is_over());
        states.insert(history.dossier.state);
        kinds.extend(history.facts.iter().map(F::kind));
        for envelope in &history.envelopes {
            items.extend(envelope.steps.iter().map(|step| step.state));
        }
    }
    assert_eq!(over, many, "every history comes to its end");
    if many >= USUALLY {
        let ends = [DossierState::NotAccepted, DossierState::Stopped, DossierState::Returned];
        assert!(ends.iter().all(|end| states.contains(end)), "{states:?}");
        // all but a charge, which nobody settles here
        assert_eq!(kinds.len(), 40, "{kinds:?}");
        // all but the drafted slip, which no step leads to
        assert_eq!(items.len(), 13, "{items:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_number_makes_a_lawful_history(seed in any::<u64>()) {
        judge(&History::of(seed), seed);
    }

    #[test]
    fn a_fact_that_comes_to_light_later_still_finds_its_place(seed in any::<u64>(), hidden in any::<prop::sample::Index>()) {
        let history = History::of(seed);
        let mut known = history.facts.clone();
        let late = known.remove(hidden.index(known.len()));
        let (id, mode) = (history.dossier.id, history.dossier.mode);
        let before = Dossier::fold(id, mode, known.clone());
        let applied = usize::try_from(before.version).expect("a short life");
        prop_assert_eq!(applied + before.waiting.len(), known.len(), "nothing is lost");
        known.push(late);
        prop_assert_eq!(Dossier::fold(id, mode, known), history.dossier);
    }
}
