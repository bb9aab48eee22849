//! Its states: every fact fits when it happens and in any other order, and nothing waits in the end.

use domain::dossier::{Dossier, DossierFact, Policy};
use domain::item::{DeliveryPolicy, breaches};

use crate::days::after;
use crate::machines::history::{Dice, History};
use crate::seen::Seen;

pub(crate) fn check(history: &History, dice: &mut Dice, seen: &mut Seen) {
    seen.histories += 1;
    assert!(history.is_over(), "it comes to its end");
    let lived = &history.dossier;
    let mut dossier = Dossier::new(lived.id, lived.mode);
    for fact in &history.facts {
        let promised = dossier.times.promises.clone();
        let was_terminal = dossier.state.is_terminal();
        dossier = dossier.apply(fact).expect("every fact fits when it happens");
        assert!(dossier.times.promises.starts_with(&promised), "a promise was changed");
        assert!(!was_terminal || dossier.state.is_terminal(), "what ended goes on");
    }
    assert_eq!(&dossier, lived);
    assert_eq!(lived.waiting, [], "a fact is left waiting");
    assert_eq!(lived.refusals(&Policy::default()), []);
    let folded = Dossier::fold(lived.id, lived.mode, shuffled(&history.facts, dice));
    assert_eq!(&folded, lived, "another order tells another story");
    for envelope in &history.envelopes {
        let found = breaches(envelope.kind, &envelope.steps, &[], &DeliveryPolicy::default(), &after);
        assert_eq!(found, []);
        assert!(
            envelope.is_called_off || envelope.standing.is_terminal(),
            "an envelope is left on the road"
        );
    }
}

/// The facts in another order, some of them twice.
fn shuffled(facts: &[DossierFact], dice: &mut Dice) -> Vec<DossierFact> {
    let again = facts.iter().filter(|_| dice.below(3) == 0);
    let mut facts: Vec<DossierFact> = facts.iter().chain(again).cloned().collect();
    for at in (1..facts.len()).rev() {
        facts.swap(at, dice.below(at + 1));
    }
    facts
}
