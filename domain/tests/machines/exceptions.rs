//! The exceptional paths of a dossier, each as a sentence.

mod agency;
mod intake;
mod result;

use crate::days::{after, at};
use domain::dossier::{Dossier, DossierFact as F, Outcome, Policy, Rule};
use domain::ids::DossierId;
use domain::mode::Mode;
use time::Date;
use time::macros::{date, time};
use uuid::Uuid;

const DUE: Date = date!(2026 - 05 - 15);
const LATER: Date = date!(2026 - 05 - 22);

fn day(date: Date) -> i64 {
    at(date, time!(09:00))
}

fn reason() -> String {
    "vì sao".to_owned()
}

fn fold(mode: Mode, facts: impl IntoIterator<Item = F>) -> Dossier {
    Dossier::fold(DossierId(Uuid::from_u128(45)), mode, facts)
}

/// Lodged on Tuesday 05/05/2026 and being worked on, due on Friday 15/05.
fn worked_on() -> Vec<F> {
    vec![
        F::TakenIn {
            at_ms: day(date!(2026 - 05 - 04)),
            slip: None,
        },
        F::Lodged {
            at_ms: day(date!(2026 - 05 - 05)),
        },
        F::Received {
            at_ms: day(date!(2026 - 05 - 05)) + 1,
            code: "H01.23-260505-0001".to_owned(),
            due_on: Some(DUE),
        },
        F::Processing {
            at_ms: day(date!(2026 - 05 - 05)) + 2,
        },
    ]
}

fn with(more: impl IntoIterator<Item = F>) -> Dossier {
    fold(Mode::Both, worked_on().into_iter().chain(more))
}

fn asked(date: Date) -> F {
    F::SupplementRequested {
        at_ms: day(date),
        reason: reason(),
        fault: None,
    }
}

fn completed(date: Date) -> F {
    F::Supplemented {
        at_ms: day(date),
        due_on: None,
    }
}

fn redated(date: Date, due_on: Date) -> F {
    F::Redated {
        at_ms: day(date),
        due_on,
        reason: reason(),
    }
}

fn decided(date: Date) -> F {
    F::Resolved {
        at_ms: day(date),
        outcome: Outcome::Granted,
    }
}

fn rules(dossier: &Dossier, today: Date) -> Vec<Rule> {
    let found = dossier.breaches(&Policy::default(), today, &after);
    found.iter().map(|breach| breach.rule).collect()
}
