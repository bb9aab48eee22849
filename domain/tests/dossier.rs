//! Laws of the dossier's state machine, for any sequence of facts.

use domain::dossier::words::{self, Language};
use domain::dossier::{Dossier, DossierFact, DossierState, Outcome, ReturnProof, WhyNot};
use domain::ids::{AgencyId, DossierId, StaffId};
use domain::item::ItemKind;
use domain::mode::Mode;
use domain::party::Party;
use domain::wire::fact::{ReadFactError, read};
use proptest::prelude::*;
use time::Date;
use time::macros::date;
use uuid::Uuid;

const DUE: Date = date!(2026 - 05 - 05);

fn id() -> DossierId {
    DossierId(Uuid::from_u128(45))
}

/// Every sort of fact, at an hour.
#[expect(clippy::too_many_lines, reason = "one row for each sort of fact")]
fn every_fact(at_ms: i64) -> Vec<DossierFact> {
    use DossierFact as F;
    let reason = || "vì sao".to_owned();
    let agency = AgencyId(Uuid::from_u128(7));
    vec![
        F::Ordered { at_ms },
        F::IntakeOpened { at_ms },
        F::IntakeIncomplete {
            at_ms,
            guidance: reason(),
        },
        F::TakenIn { at_ms, slip: None },
        F::AtHandover { at_ms },
        F::HandoverRefused {
            at_ms,
            reason: reason(),
        },
        F::Lodged { at_ms },
        F::Received {
            at_ms,
            code: "H01.23-260428-0001".to_owned(),
            due_on: Some(DUE),
        },
        F::NotAccepted {
            at_ms,
            reason: reason(),
        },
        F::Processing { at_ms },
        F::SupplementRequested {
            at_ms,
            reason: reason(),
            fault: None,
        },
        F::Supplemented { at_ms, due_on: None },
        F::PaymentRequested { at_ms },
        F::Paid { at_ms },
        F::Redated {
            at_ms,
            due_on: DUE,
            reason: String::new(),
        },
        F::WithdrawalRequested { at_ms },
        F::Stopped {
            at_ms,
            reason: reason(),
        },
        F::Resolved {
            at_ms,
            outcome: Outcome::Granted,
        },
        F::ResultInPost { at_ms },
        F::ResultBack { at_ms },
        F::Returned {
            at_ms,
            proof: ReturnProof::Post,
        },
        F::Returned {
            at_ms,
            proof: ReturnProof::Desk,
        },
        F::ReturnConfirmed { at_ms },
        F::Cancelled {
            at_ms,
            reason: reason(),
        },
        F::Assisted {
            at_ms,
            staff: StaffId(Uuid::from_u128(1)),
        },
        F::AppointmentTold { at_ms },
        F::StepGiven {
            at_ms,
            agency,
            due_on: None,
        },
        F::StepTaken { at_ms, agency },
        F::StepDone { at_ms, agency },
        F::CarriageCharged {
            at_ms,
            kind: ItemKind::SupplementToAgency,
            fault_party: Party::Agency,
        },
        F::DueMoved {
            at_ms,
            due_on: DUE,
            notice: "TB-01".to_owned(),
        },
        F::ResultReady { at_ms },
        F::SurrenderListed {
            at_ms,
            paper: "sổ cũ".to_owned(),
        },
        F::Surrendered {
            at_ms,
            paper: "sổ cũ".to_owned(),
        },
        F::SurrenderExcepted {
            at_ms,
            paper: "sổ cũ".to_owned(),
            code: "MAT-01".to_owned(),
        },
        F::SurrenderDelivered { at_ms },
        F::ResultFoundWrong {
            at_ms,
            reason: reason(),
        },
        F::ResultCorrected { at_ms },
        F::ItemLost {
            at_ms,
            kind: ItemKind::DossierToAgency,
        },
        F::ItemLost {
            at_ms,
            kind: ItemKind::ResultToApplicant,
        },
        F::DossierBack { at_ms },
        F::PapersReturned { at_ms },
    ]
}

/// The moves of the law's life of a dossier, written a second time, with the shortcuts
/// that are ours on a line of their own.
fn is_lawful_step(from: DossierState, to: DossierState) -> bool {
    let of_the_reference = [
        "D0>D1", "D1>D2", "D1>D0", "D2>D3", "D3>D4", "D3>D2", "D4>D5", "D4>D8", "D7>D8", "D8>D4", "D8>D7", "D4>D6",
        "D5>D7", "D7>D12", "D7>D9", "D9>D7", "D5>D10", "D7>D10", "D8>D10", "D9>D10", "D10>D11", "D12>D13", "D13>D14",
        "D13>D15", "D15>D13", "D15>D14", "D12>D14",
    ];
    let ours = [
        // no check was recorded; signed without counting apart; decided at once
        "D0>D2", "D2>D4", "D5>D12",
        // cancelled before the agency had it; stopped without a recorded request
        "D0>D11", "D1>D11", "D2>D11", "D5>D11", "D7>D11", "D8>D11", "D9>D11",
        // M2: the post hears of a dossier that is already at the agency
        "D0>D4", "D0>D5", "D0>D12", "D0>D13",
        // lost or undelivered on the road: the papers, or the result, are made again
        "D2>D0", "D3>D0", "D13>D12",
    ];
    let step = format!("{from}>{to}");
    from == to || of_the_reference.contains(&step.as_str()) || ours.contains(&step.as_str())
}

fn any_mode() -> impl Strategy<Value = Mode> {
    prop::sample::select(Mode::ALL.to_vec())
}

fn any_facts(at_most: usize) -> impl Strategy<Value = Vec<DossierFact>> {
    let kinds = every_fact(0).len();
    prop::collection::vec((0..kinds, 0..50_i64), 0..at_most).prop_map(|picks| {
        picks
            .into_iter()
            .map(|(kind, at)| every_fact(at).swap_remove(kind))
            .collect()
    })
}

/// A valid history: at each step one of the facts that fit, an hour later each time.
fn a_life(mode: Mode, choices: &[usize]) -> (Dossier, Vec<DossierFact>) {
    let mut dossier = Dossier::new(id(), mode);
    let mut history = Vec::new();
    for (at, choice) in (0..).zip(choices) {
        let fitting: Vec<(Dossier, DossierFact)> = every_fact(at)
            .into_iter()
            .filter_map(|fact| dossier.clone().apply(&fact).ok().map(|next| (next, fact)))
            .collect();
        let Some((next, fact)) = fitting.get(choice % fitting.len().max(1)).cloned() else {
            break;
        };
        dossier = next;
        history.push(fact);
    }
    (dossier, history)
}

#[test]
fn every_fact_has_one_name_in_each_language_and_every_name_is_of_a_fact() {
    for language in [Language::Vietnamese, Language::English] {
        for fact in every_fact(0) {
            assert!(words::fact(fact.kind(), language).is_some(), "{}", fact.kind());
        }
        assert_eq!(words::fact("of_tomorrow", language), None);
    }
    for (kind, _) in words::facts(Language::Vietnamese) {
        let read = read(kind, 0, "{}");
        assert_ne!(read, Err(ReadFactError::UnknownKind), "{kind}");
    }
}

proptest! {
    #[test]
    fn any_facts_in_any_order_only_take_lawful_steps(mode in any_mode(), facts in any_facts(60)) {
        let mut dossier = Dossier::new(id(), mode);
        for fact in facts {
            let from = dossier.state;
            if let Ok(next) = dossier.clone().apply(&fact) {
                prop_assert!(is_lawful_step(from, next.state), "{} by {fact} to {}", from, next.state);
                prop_assert!(!from.is_terminal() || next.state == from);
                dossier = next;
            }
        }
    }

    #[test]
    fn a_valid_history_in_any_order_ends_the_same(
        mode in any_mode(),
        choices in prop::collection::vec(0..42_usize, 0..30),
        seed in any::<u64>(),
    ) {
        let (lived, mut history) = a_life(mode, &choices);
        let mut state = seed;
        for at in (1..history.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let other = usize::try_from(state >> 33).expect("31 bits fit") % (at + 1);
            history.swap(at, other);
        }
        let doubled = history.iter().chain(&history).cloned();
        prop_assert_eq!(Dossier::fold(id(), mode, doubled), lived);
    }

    #[test]
    fn a_fold_depends_on_the_set_of_facts_alone(mode in any_mode(), facts in any_facts(25)) {
        let backwards: Vec<DossierFact> = facts.iter().rev().cloned().collect();
        prop_assert_eq!(Dossier::fold(id(), mode, facts), Dossier::fold(id(), mode, backwards));
    }

    #[test]
    fn no_fact_is_lost_between_applied_and_waiting(mode in any_mode(), facts in any_facts(25)) {
        let distinct: std::collections::BTreeSet<DossierFact> = facts.iter().cloned().collect();
        let dossier = Dossier::fold(id(), mode, facts);
        let applied = usize::try_from(dossier.version).expect("a short history");
        prop_assert_eq!(applied + dossier.waiting.len(), distinct.len());
    }

    #[test]
    fn only_the_agencys_confirmation_reports_ten(mode in any_mode(), facts in any_facts(40)) {
        let dossier = Dossier::fold(id(), mode, facts);
        prop_assert_eq!(dossier.dvcqg() == Some(10), dossier.times.return_confirmed_at_ms.is_some());
    }

    #[test]
    fn times_once_written_stay(mode in any_mode(), facts in any_facts(60)) {
        let mut dossier = Dossier::new(id(), mode);
        for fact in facts {
            let Ok(next) = dossier.clone().apply(&fact) else { continue };
            let (old, new) = (&dossier.times, &next.times);
            for (before, after) in [
                (old.ordered_at_ms, new.ordered_at_ms),
                (old.accepted_by_post_at_ms, new.accepted_by_post_at_ms),
                (old.handed_over_at_ms, new.handed_over_at_ms),
                (old.lodged_at_ms, new.lodged_at_ms),
                (old.resolved_at_ms, new.resolved_at_ms),
                (old.returned_at_ms, new.returned_at_ms),
                (old.closed_at_ms, new.closed_at_ms),
                (old.received_at_ms, new.received_at_ms),
                (old.appointment_told_at_ms, new.appointment_told_at_ms),
                (old.processing_at_ms, new.processing_at_ms),
                (old.result_ready_at_ms, new.result_ready_at_ms),
                (old.result_in_post_at_ms, new.result_in_post_at_ms),
                (old.return_confirmed_at_ms, new.return_confirmed_at_ms),
                (old.papers_returned_at_ms, new.papers_returned_at_ms),
                (old.surrender_delivered_at_ms, new.surrender_delivered_at_ms),
                (old.cancelled_at_ms, new.cancelled_at_ms),
            ] {
                prop_assert!(before.is_none() || before == after);
            }
            prop_assert!(old.due_original.is_none() || old.due_original == new.due_original);
            prop_assert!(old.promises.iter().all(|promise| new.promises.contains(promise)));
            for (before, after) in old.supplements.iter().zip(&new.supplements) {
                prop_assert_eq!(before.requested_at_ms, after.requested_at_ms);
                prop_assert!(before.completed_at_ms.is_none() || before.completed_at_ms == after.completed_at_ms);
            }
            dossier = next;
        }
    }
}

#[test]
fn every_state_has_a_lawful_exit_unless_it_is_terminal() {
    for mode in Mode::ALL {
        for state in DossierState::ALL {
            let mut dossier = Dossier::new(id(), mode);
            dossier.state = state;
            let leaves = every_fact(0)
                .iter()
                .any(|fact| dossier.clone().apply(fact).is_ok_and(|next| next.state != state));
            assert_eq!(leaves, !state.is_terminal(), "{state} in {mode}");
        }
    }
}

#[test]
fn the_sample_dossier_of_the_reference_goes_all_the_way() {
    use DossierFact as F;
    let facts = [
        F::Ordered { at_ms: 1 },
        F::TakenIn { at_ms: 2, slip: None },
        F::AtHandover { at_ms: 3 },
        F::Lodged { at_ms: 4 },
        F::Received {
            at_ms: 5,
            code: "H01.23-260428-0001".to_owned(),
            due_on: Some(DUE),
        },
        F::Processing { at_ms: 6 },
        F::Resolved {
            at_ms: 7,
            outcome: Outcome::Granted,
        },
        F::ResultInPost { at_ms: 8 },
        F::Returned {
            at_ms: 9,
            proof: ReturnProof::Post,
        },
    ];
    let dossier = Dossier::fold(id(), Mode::Both, facts.clone());
    assert_eq!(dossier.state, DossierState::Returned);
    assert_eq!(dossier.dvcqg(), Some(9));
    assert_eq!(dossier.times.accepted_by_post_at_ms, Some(2));
    assert_eq!(dossier.times.legal_lodging_at_ms(), Some(4));
    assert_eq!(dossier.times.due_original, Some(DUE));

    let confirmed = dossier
        .apply(&F::ReturnConfirmed { at_ms: 10 })
        .expect("the agency confirms");
    assert_eq!(confirmed.dvcqg(), Some(10));
    assert_eq!(confirmed.times.closed_at_ms, Some(9));
}

#[test]
fn an_agency_that_is_ahead_of_a_courier_offline_is_heard_later() {
    use DossierFact as F;
    let received = F::Received {
        at_ms: 3,
        code: "H01.23-260428-0001".to_owned(),
        due_on: None,
    };
    let before = Dossier::fold(
        id(),
        Mode::Both,
        [F::TakenIn { at_ms: 2, slip: None }, received.clone()],
    );
    assert_eq!(before.state, DossierState::InPost);
    assert_eq!(before.waiting, std::slice::from_ref(&received));

    // the courier's clock had no server hour, so the minutes carry a later time
    let after = Dossier::fold(
        id(),
        Mode::Both,
        [F::TakenIn { at_ms: 2, slip: None }, received, F::Lodged { at_ms: 9 }],
    );
    assert_eq!(after.state, DossierState::Received);
    assert!(after.waiting.is_empty());
}

#[test]
fn an_early_supplement_moves_the_legal_lodging_to_its_completion() {
    use DossierFact as F;
    let reason = "thiếu giấy khai sinh".to_owned();
    let dossier = Dossier::fold(
        id(),
        Mode::Send,
        [
            F::TakenIn { at_ms: 1, slip: None },
            F::Lodged { at_ms: 2 },
            F::SupplementRequested {
                at_ms: 3,
                reason,
                fault: None,
            },
            F::Supplemented { at_ms: 8, due_on: None },
        ],
    );
    assert_eq!(dossier.state, DossierState::Lodged);
    assert_eq!(dossier.times.lodged_at_ms, Some(2));
    assert_eq!(dossier.times.legal_lodging_at_ms(), Some(8));
    assert_eq!(dossier.times.clock_started_at_ms(), Some(8));
    assert_eq!(dossier.times.supplement_wait_ms(), 5);
}

#[test]
fn a_dossier_cancelled_on_the_road_was_never_the_agencys() {
    use DossierFact as F;
    let reason = "người dân đổi ý".to_owned();
    let facts = [F::TakenIn { at_ms: 1, slip: None }, F::Cancelled { at_ms: 2, reason }];
    let dossier = Dossier::fold(id(), Mode::Send, facts);
    assert_eq!(dossier.state, DossierState::Stopped);
    assert_eq!(dossier.dvcqg(), None);
}

#[test]
fn a_due_date_can_be_moved_once_only() {
    let redated = |at_ms| DossierFact::Redated {
        at_ms,
        due_on: DUE,
        reason: "chờ ý kiến".to_owned(),
    };
    let mut dossier = Dossier::new(id(), Mode::Both);
    dossier.state = DossierState::Processing;
    let moved = dossier.apply(&redated(1)).expect("the first time");
    assert!(moved.is_overdue(date!(2026 - 05 - 06)));
    assert!(!moved.is_overdue(DUE));
    let refused = moved.apply(&redated(2)).expect_err("the second time");
    assert_eq!(refused.why, WhyNot::NoMoreExtensions);
    assert_eq!(refused.reason(Language::Vietnamese), "chỉ được gia hạn một lần");
}
