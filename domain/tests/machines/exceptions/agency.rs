//! While the agency works.

use super::{DUE, LATER, asked, completed, day, decided, fold, reason, redated, rules, with, worked_on};
use crate::days::{after, at};
use domain::dossier::{Carriage, Dossier, DossierFact as F, DossierState as S, FormKind, Policy, Rule, WhyNot};
use domain::item::ItemKind;
use domain::mode::Mode;
use domain::party::Party;
use time::Date;
use time::macros::{date, time};

#[test]
fn a_supplement_within_three_working_days_is_lawful_and_a_later_one_is_kept_and_named() {
    // received on Tuesday 05/05: the third working day is Friday 08/05
    let in_time = with([asked(date!(2026 - 05 - 08))]);
    assert_eq!(rules(&in_time, date!(2026 - 05 - 08)), []);
    let late = with([asked(date!(2026 - 05 - 11))]);
    assert_eq!(late.state, S::Supplement);
    let found = late.breaches(&Policy::default(), date!(2026 - 05 - 11), &after);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].rule, found[0].limit),
        (Rule::SupplementInTime, Some(date!(2026 - 05 - 08)))
    );
    assert_eq!(found[0].source(), "Nghị định 61/2018/NĐ-CP, điều 19");
}

#[test]
fn a_second_supplement_makes_a_dossier_late_whatever_its_dates_say() {
    let once = vec![asked(date!(2026 - 05 - 06)), completed(date!(2026 - 05 - 07))];
    let policy = Policy::default();
    assert!(!with(once.clone()).is_late_by_supplements(&policy));
    let twice = with(once.into_iter().chain([asked(date!(2026 - 05 - 08))]));
    assert!(twice.is_late_by_supplements(&policy));
    assert_eq!(rules(&twice, date!(2026 - 05 - 08)), [Rule::OneSupplement]);
}

#[test]
fn an_early_supplement_counts_as_one_of_the_two() {
    let dossier = fold(
        Mode::Both,
        [
            F::TakenIn { at_ms: 1, slip: None },
            F::Lodged { at_ms: 2 },
            F::SupplementRequested {
                at_ms: 3,
                reason: reason(),
                fault: None,
            },
            F::Supplemented { at_ms: 4, due_on: None },
            F::SupplementRequested {
                at_ms: 5,
                reason: reason(),
                fault: None,
            },
        ],
    );
    assert_eq!(dossier.state, S::Supplement);
    assert!(dossier.is_late_by_supplements(&Policy::default()));
}

#[test]
fn whose_fault_a_repeated_carriage_is_decides_who_pays() {
    let carriage = |fault| {
        with([F::SupplementRequested {
            at_ms: day(date!(2026 - 05 - 06)),
            reason: reason(),
            fault,
        }])
        .carriages()
    };
    let of = |paid_by| {
        vec![Carriage {
            kind: ItemKind::SupplementToAgency,
            paid_by,
        }]
    };
    assert_eq!(carriage(Some(Party::Agency)), of(Some(Party::Agency)));
    assert_eq!(carriage(None), of(None), "not settled yet");
    let settled = with([
        asked(date!(2026 - 05 - 06)),
        F::CarriageCharged {
            at_ms: day(date!(2026 - 05 - 06)) + 1,
            kind: ItemKind::SupplementToAgency,
            fault_party: Party::Post,
        },
    ]);
    assert_eq!(settled.carriages(), of(Some(Party::Post)));
}

#[test]
fn a_rejected_dossier_sends_its_originals_back_by_post() {
    let facts = vec![
        F::TakenIn { at_ms: 1, slip: None },
        F::Lodged { at_ms: 2 },
        F::NotAccepted {
            at_ms: 3,
            reason: reason(),
        },
    ];
    let rejected = fold(Mode::Send, facts.clone());
    assert_eq!((rejected.state, rejected.dvcqg()), (S::NotAccepted, Some(3)));
    assert_eq!(rejected.carriages()[0].kind, ItemKind::OriginalsToApplicant);
    assert_eq!(rejected.must_act(), Some(Party::Post));
    assert_eq!(FormKind::of(&facts[2]), Some(FormKind::RejectionNotice));
    let back = fold(Mode::Send, facts.into_iter().chain([F::PapersReturned { at_ms: 4 }]));
    assert_eq!((back.carriages(), back.must_act()), (Vec::new(), None));
    assert_eq!(back.times.papers_returned_at_ms, Some(4));
}

#[test]
fn a_withdrawal_in_post_ends_the_order_and_the_dossier_comes_back() {
    let dossier = fold(
        Mode::Both,
        [
            F::TakenIn { at_ms: 1, slip: None },
            F::Cancelled {
                at_ms: 2,
                reason: reason(),
            },
            F::DossierBack { at_ms: 3 },
        ],
    );
    assert_eq!((dossier.state, dossier.dvcqg()), (S::Stopped, None));
    assert!(dossier.waiting.is_empty());
    assert_eq!(dossier.times.papers_returned_at_ms, Some(3));
}

#[test]
fn a_withdrawal_after_lodging_is_stopped_by_the_agency_and_originals_go_back() {
    let asked = F::WithdrawalRequested {
        at_ms: day(date!(2026 - 05 - 06)),
    };
    let requested = with([asked.clone()]);
    assert_eq!((requested.state, requested.dvcqg()), (S::WithdrawRequested, Some(7)));
    let stop = F::Stopped {
        at_ms: day(date!(2026 - 05 - 07)),
        reason: reason(),
    };
    assert_eq!(FormKind::of(&stop), Some(FormKind::StopNotice));
    let stopped = with([asked, stop]);
    assert_eq!((stopped.state, stopped.dvcqg()), (S::Stopped, Some(8)));
    assert!(stopped.owes_originals());
}

#[test]
fn a_withdrawal_after_the_decision_is_refused_with_its_reason() {
    let decided = with([decided(date!(2026 - 05 - 06))]);
    let asked = F::WithdrawalRequested {
        at_ms: day(date!(2026 - 05 - 07)),
    };
    assert_eq!(decided.apply(&asked).expect_err("too late").why, WhyNot::Decided);
}

#[test]
fn a_payment_is_waited_for_and_its_hours_are_kept() {
    let dossier = with([
        F::PaymentRequested {
            at_ms: day(date!(2026 - 05 - 06)),
        },
        F::Paid {
            at_ms: day(date!(2026 - 05 - 07)),
        },
    ]);
    assert_eq!(dossier.state, S::Processing);
    assert_eq!(dossier.times.payments[0].done_at_ms, Some(day(date!(2026 - 05 - 07))));
    let stops = Policy {
        payment_stops_clock: true,
        ..Policy::default()
    };
    let until = day(date!(2026 - 05 - 08));
    let ran = |policy| dossier.times.clock(policy).expect("lodged").ran_ms(until);
    assert_eq!(ran(&Policy::default()) - ran(&stops), 86_400_000);
}

#[test]
fn the_apology_is_out_a_day_before_or_is_named() {
    let in_time = with([redated(date!(2026 - 05 - 14), LATER)]);
    assert_eq!(rules(&in_time, date!(2026 - 05 - 14)), []);
    assert_eq!(
        (in_time.times.due_original, in_time.times.due_current),
        (Some(DUE), Some(LATER))
    );
    let late = with([redated(date!(2026 - 05 - 15), LATER)]);
    assert_eq!(late.times.due_current, Some(LATER), "kept all the same");
    assert_eq!(rules(&late, date!(2026 - 05 - 15)), [Rule::ApologyInTime]);
}

#[test]
fn a_second_extension_waits_with_its_reason_and_moves_nothing() {
    let second = redated(date!(2026 - 05 - 20), date!(2026 - 06 - 01));
    let dossier = with([redated(date!(2026 - 05 - 12), LATER), second.clone()]);
    assert_eq!(dossier.times.due_current, Some(LATER));
    assert_eq!(dossier.waiting, [second]);
    let refusals = dossier.refusals(&Policy::default());
    assert_eq!(refusals[0].why, WhyNot::NoMoreExtensions);
    assert_eq!(rules(&dossier, date!(2026 - 05 - 20)), [Rule::OneExtension]);
    let two = Policy {
        max_extensions: 2,
        ..Policy::default()
    };
    let facts = worked_on().into_iter().chain([
        redated(date!(2026 - 05 - 12), LATER),
        redated(date!(2026 - 05 - 20), date!(2026 - 06 - 01)),
    ]);
    let allowed = Dossier::fold_under(&two, dossier.id, Mode::Both, facts);
    assert_eq!(allowed.times.due_current, Some(date!(2026 - 06 - 01)));
}

#[test]
fn a_calendar_notice_moves_the_date_and_uses_up_no_extension() {
    let notice = F::DueMoved {
        at_ms: day(date!(2026 - 05 - 08)),
        due_on: date!(2026 - 05 - 18),
        notice: "9441/TB-BNV".to_owned(),
    };
    let dossier = with([notice, redated(date!(2026 - 05 - 12), LATER)]);
    let promised: Vec<Date> = dossier.times.promises.iter().map(|promise| promise.due_on).collect();
    assert_eq!(promised, [DUE, date!(2026 - 05 - 18), LATER]);
    assert_eq!(dossier.times.promises[1].cause.notice(), Some("9441/TB-BNV"));
    assert_eq!(dossier.times.extension_count, 1);
}

#[test]
fn an_undecided_dossier_is_late_the_day_after_its_date_and_a_decided_one_stays_on_time() {
    let open = with([]);
    assert_eq!(rules(&open, DUE), []);
    assert_eq!(rules(&open, date!(2026 - 05 - 16)), [Rule::DecideInTime]);
    let on_time = with([decided(DUE)]);
    assert_eq!(rules(&on_time, LATER), []);
    let late = with([decided(date!(2026 - 05 - 18))]);
    assert_eq!(rules(&late, LATER), [Rule::DecideInTime]);
}

#[test]
fn what_comes_after_three_in_the_afternoon_is_forwarded_the_next_morning() {
    let received = |time| {
        fold(
            Mode::Both,
            [
                F::TakenIn { at_ms: 1, slip: None },
                F::Lodged { at_ms: 2 },
                F::Received {
                    at_ms: at(date!(2026 - 04 - 29), time),
                    code: "H01.23-260429-0001".to_owned(),
                    due_on: None,
                },
                F::Processing {
                    at_ms: at(date!(2026 - 05 - 04), time!(08:00)),
                },
            ],
        )
    };
    let today = date!(2026 - 05 - 04);
    assert_eq!(rules(&received(time!(14:59)), today), [Rule::ForwardAtOnce]);
    assert_eq!(rules(&received(time!(15:01)), today), [], "30/04 to 03/05 are off");
}
