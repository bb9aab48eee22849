//! Fills in the blanks of a pattern: hours, dates, reasons.

use domain::authorisation::{Authorisation, Scope};
use domain::dossier::DossierFact as F;
use domain::ids::{AgencyId, StaffId};
use domain::party::Party;
use time::{Date, Duration};
use uuid::Uuid;

use super::{Dice, History};
use crate::days::{after, day_of};

pub(super) fn fill(pattern: F, history: &History, dice: &mut Dice) -> F {
    let at_ms = history.now_ms();
    let today = day_of(at_ms);
    let reason = || "vì sao".to_owned();
    match pattern {
        F::Ordered { .. } => F::Ordered { at_ms },
        F::Assisted { .. } => F::Assisted {
            at_ms,
            staff: StaffId(Uuid::from_u128(1)),
        },
        F::Represented { .. } => F::Represented {
            at_ms,
            authorisation: Authorisation {
                scope: Scope::ALL[dice.below(3)],
                granted_on: today,
                ends_on: None,
            },
        },
        F::IntakeOpened { .. } => F::IntakeOpened { at_ms },
        F::IntakeIncomplete { .. } => F::IntakeIncomplete {
            at_ms,
            guidance: reason(),
        },
        F::Lodged { .. } => F::Lodged { at_ms },
        F::Received { .. } => F::Received {
            at_ms,
            code: "H01.23-260505-0001".to_owned(),
            due_on: Some(after(today, working_days(dice))),
        },
        F::NotAccepted { .. } => F::NotAccepted {
            at_ms,
            reason: reason(),
        },
        F::StepGiven { .. } => F::StepGiven {
            at_ms,
            agency: AgencyId([Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3)][dice.below(3)]),
            due_on: Some(after(today, 2)),
        },
        F::Processing { .. } => F::Processing { at_ms },
        F::StepTaken { agency, .. } => F::StepTaken { at_ms, agency },
        F::StepDone { agency, .. } => F::StepDone { at_ms, agency },
        F::SupplementRequested { .. } => F::SupplementRequested {
            at_ms,
            reason: reason(),
            fault: [None, Some(Party::Applicant), Some(Party::Agency), Some(Party::Post)][dice.below(4)],
        },
        F::CarriageCharged { kind, fault_party, .. } => F::CarriageCharged {
            at_ms,
            kind,
            fault_party,
        },
        F::Supplemented { .. } => F::Supplemented {
            at_ms,
            due_on: Some(after(today, working_days(dice))),
        },
        F::PaymentRequested { .. } => F::PaymentRequested { at_ms },
        F::Paid { .. } => F::Paid { at_ms },
        F::Redated { .. } => F::Redated {
            at_ms,
            due_on: after(later(history, today), 3),
            reason: reason(),
        },
        F::DueMoved { .. } => F::DueMoved {
            at_ms,
            due_on: after(later(history, today), 1),
            notice: "TB-01".to_owned(),
        },
        F::WithdrawalRequested { .. } => F::WithdrawalRequested { at_ms },
        F::Stopped { .. } => F::Stopped {
            at_ms,
            reason: reason(),
        },
        F::Resolved { outcome, .. } => F::Resolved { at_ms, outcome },
        F::ResultReady { .. } => F::ResultReady { at_ms },
        F::SurrenderListed { .. } => F::SurrenderListed {
            at_ms,
            paper: format!("giấy tờ cũ {}", history.dossier.surrender.len() + 1),
        },
        F::ResultFoundWrong { .. } => F::ResultFoundWrong {
            at_ms,
            reason: reason(),
        },
        F::ResultCorrected { .. } => F::ResultCorrected { at_ms },
        F::SurrenderExcepted { paper, .. } => F::SurrenderExcepted {
            at_ms,
            paper,
            code: "MAT-01".to_owned(),
        },
        F::Returned { proof, .. } => F::Returned { at_ms, proof },
        F::ReturnConfirmed { .. } => F::ReturnConfirmed { at_ms },
        F::Cancelled { .. } => F::Cancelled {
            at_ms,
            reason: reason(),
        },
        told_by_an_envelope => unreachable!("{told_by_an_envelope} is never chosen"),
    }
}

fn working_days(dice: &mut Dice) -> u16 {
    u16::try_from(dice.below(15)).expect("below 15") + 1
}

/// The later of the promised date and today.
fn later(history: &History, today: Date) -> Date {
    let promised = history.dossier.times.due_current.unwrap_or(today);
    promised.max(today) + Duration::DAY
}
