//! Short ways to write histories down.

use domain::calendar::Calendar;
use domain::dossier::{DossierFact, Outcome};
use domain::ids::DossierId;
use domain::mode::Mode;
use domain::report::{Attribute, DossierHistory, Recorded, ReportPeriod};
use time::Date;
use time::macros::date;
use uuid::Uuid;

/// An hour of a day at +07:00, in milliseconds UTC.
pub(crate) fn at(day: Date, hour: u8) -> i64 {
    let local = day
        .with_hms(hour, 0, 0)
        .expect("an hour")
        .assume_offset(time::macros::offset!(+7));
    local.unix_timestamp() * 1_000
}

pub(crate) fn may() -> ReportPeriod {
    ReportPeriod::custom(date!(2026 - 05 - 01), date!(2026 - 05 - 31)).expect("a month")
}

/// Long after everything.
pub(crate) fn later() -> i64 {
    at(date!(2027 - 01 - 01), 0)
}

pub(crate) fn weekdays() -> Calendar {
    Calendar {
        years: Some((2024, 2027)),
        ..Calendar::default()
    }
}

/// Facts recorded as they happen.
pub(crate) fn dossier(number: u128, facts: Vec<DossierFact>) -> DossierHistory {
    DossierHistory {
        id: DossierId(Uuid::from_u128(number)),
        mode: Mode::Both,
        facts: facts
            .into_iter()
            .map(|fact| Recorded::new(fact.at_ms(), fact))
            .collect(),
        attributes: Vec::new(),
    }
}

pub(crate) fn with(mut history: DossierHistory, attributes: &[Attribute]) -> DossierHistory {
    history.attributes = attributes.iter().map(|fact| Recorded::new(0, fact.clone())).collect();
    history
}

/// Carried, lodged and received on a day, with a due date.
pub(crate) fn received(on: Date, due_on: Option<Date>) -> Vec<DossierFact> {
    vec![
        DossierFact::TakenIn {
            at_ms: at(on, 7),
            slip: None,
        },
        DossierFact::Lodged { at_ms: at(on, 8) },
        DossierFact::Received {
            at_ms: at(on, 9),
            code: "H01.23-260428-0001".to_owned(),
            due_on,
        },
    ]
}

pub(crate) fn processing(on: Date) -> DossierFact {
    DossierFact::Processing { at_ms: at(on, 10) }
}

pub(crate) fn resolved(on: Date, hour: u8) -> DossierFact {
    DossierFact::Resolved {
        at_ms: at(on, hour),
        outcome: Outcome::Granted,
    }
}

pub(crate) fn asked(on: Date) -> DossierFact {
    DossierFact::SupplementRequested {
        at_ms: at(on, 11),
        reason: "thiếu bản sao".to_owned(),
        fault: None,
    }
}

pub(crate) fn supplemented(on: Date) -> DossierFact {
    DossierFact::Supplemented {
        at_ms: at(on, 11),
        due_on: None,
    }
}

pub(crate) fn stopped(on: Date) -> DossierFact {
    DossierFact::Stopped {
        at_ms: at(on, 15),
        reason: "người nộp rút".to_owned(),
    }
}
