//! The exceptional paths of a dossier, each as a sentence.

use domain::dossier::{
    Breach, Carriage, Dossier, DossierFact as F, DossierState as S, FormKind, Gap, Outcome, Policy, Refused,
    ReturnProof, Rule, Slip, SlipGap, Timeliness, WhyNot,
};
use domain::ids::{AgencyId, DossierId, StaffId};
use domain::item::ItemKind;
use domain::mode::Mode;
use domain::party::Party;
use time::Date;
use time::macros::{date, time};
use uuid::Uuid;

use crate::days::{after, at};

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

#[test]
fn the_counter_takes_only_a_complete_sealed_and_signed_dossier() {
    let draft = fold(Mode::Send, [F::IntakeOpened { at_ms: 1 }]);
    let take = |slip| draft.check(&F::TakenIn { at_ms: 2, slip }, &Policy::default());
    assert_eq!(take(None), Err(Refused::Gaps(vec![Gap::NoSlip])));
    let missing = Slip {
        present: 2,
        ..Slip::complete(3, "VN-1")
    };
    let gap = Gap::Slip(SlipGap::Papers);
    assert_eq!(take(Some(missing.clone())), Err(Refused::Gaps(vec![gap])));
    assert_eq!(take(Some(Slip::complete(3, "VN-1"))), Ok(S::InPost));

    // it happened all the same: it is folded, and the post is told
    let slip = Some(missing);
    let taken = draft.apply(&F::TakenIn { at_ms: 2, slip }).expect("papers that moved");
    assert_eq!(taken.state, S::InPost);
    let rule = Rule::CompleteSlip(SlipGap::Papers);
    let expected = Breach {
        rule,
        at_ms: Some(2),
        limit: None,
    };
    let found = taken.breaches(&Policy::default(), date!(2026 - 05 - 04), &after);
    assert_eq!(found, [expected]);
    assert_eq!(found[0].party(), Party::Post);
}

#[test]
fn an_incomplete_dossier_gets_guidance_and_no_slip() {
    let guidance = "thiếu bản sao".to_owned();
    let dossier = fold(
        Mode::Send,
        [F::IntakeOpened { at_ms: 1 }, F::IntakeIncomplete { at_ms: 2, guidance }],
    );
    assert_eq!(dossier.state, S::Draft);
    assert_eq!(dossier.times.accepted_by_post_at_ms, None);
    assert_eq!(dossier.reason.as_deref(), Some("thiếu bản sao"));
}

#[test]
fn a_closed_agency_is_an_attempt_and_no_lodging() {
    let reason = "đóng cửa".to_owned();
    let dossier = fold(
        Mode::Send,
        [
            F::TakenIn { at_ms: 1, slip: None },
            F::AtHandover { at_ms: 2 },
            F::HandoverRefused { at_ms: 3, reason },
        ],
    );
    assert_eq!((dossier.state, dossier.times.lodged_at_ms), (S::InPost, None));
    assert_eq!(dossier.refused_handovers.len(), 1);
}

#[test]
fn an_incomplete_handover_counts_as_lodged_when_everything_is_there() {
    let facts = [
        F::TakenIn { at_ms: 1, slip: None },
        F::Lodged { at_ms: 2 },
        F::SupplementRequested {
            at_ms: 3,
            reason: reason(),
            fault: None,
        },
    ];
    let waiting = fold(Mode::Both, facts.clone());
    assert_eq!(waiting.times.legal_lodging_at_ms(), None);
    assert_eq!(waiting.times.clock(&Policy::default()), None);
    let done = fold(
        Mode::Both,
        facts.into_iter().chain([F::Supplemented { at_ms: 8, due_on: None }]),
    );
    assert_eq!(done.state, S::Lodged);
    assert_eq!(
        (done.times.lodged_at_ms, done.times.legal_lodging_at_ms()),
        (Some(2), Some(8))
    );
}

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

#[test]
fn a_result_of_the_same_day_goes_straight_back() {
    let morning = |minute: i64| at(date!(2026 - 05 - 05), time!(08:00)) + minute * 60_000;
    let dossier = fold(
        Mode::Both,
        [
            F::TakenIn {
                at_ms: morning(0),
                slip: None,
            },
            F::Lodged { at_ms: morning(20) },
            F::Received {
                at_ms: morning(25),
                code: "H01.23-260505-0002".to_owned(),
                due_on: Some(date!(2026 - 05 - 05)),
            },
            F::Resolved {
                at_ms: morning(40),
                outcome: Outcome::Granted,
            },
            F::ResultInPost { at_ms: morning(45) },
        ],
    );
    assert_eq!(dossier.state, S::ResultInPost);
    assert_eq!(rules(&dossier, date!(2026 - 05 - 06)), []);
}

#[test]
fn a_refusal_is_an_outcome_with_the_rejection_notice() {
    let refused = F::Resolved {
        at_ms: day(date!(2026 - 05 - 12)),
        outcome: Outcome::Refused,
    };
    assert_eq!(FormKind::of(&refused), Some(FormKind::RejectionNotice));
    let dossier = with([refused]);
    assert_eq!((dossier.state, dossier.dvcqg()), (S::Resolved, Some(9)));
    assert_eq!(dossier.outcome, Some(Outcome::Refused));
}

#[test]
fn a_wrong_result_is_made_anew_at_the_agencys_cost() {
    let wrong = vec![
        decided(date!(2026 - 05 - 12)),
        F::ResultInPost {
            at_ms: day(date!(2026 - 05 - 13)),
        },
        F::ResultFoundWrong {
            at_ms: day(date!(2026 - 05 - 14)),
            reason: "sai ngày sinh".to_owned(),
        },
        F::ResultBack {
            at_ms: day(date!(2026 - 05 - 14)) + 1,
        },
    ];
    let back = with(wrong.clone());
    assert_eq!((back.state, back.must_act()), (S::ResultBack, Some(Party::Agency)));
    let again = F::ResultInPost {
        at_ms: day(date!(2026 - 05 - 18)),
    };
    let gap = Refused::Gaps(vec![Gap::CorrectionOpen]);
    assert_eq!(back.check(&again, &Policy::default()), Err(gap));
    let corrected = F::ResultCorrected {
        at_ms: day(date!(2026 - 05 - 15)),
    };
    let ready = with(wrong.into_iter().chain([corrected]));
    assert_eq!(ready.check(&again, &Policy::default()), Ok(S::ResultInPost));
    let paid_by = Some(Party::Agency);
    let kind = ItemKind::ResultToApplicant;
    assert_eq!(ready.carriages(), [Carriage { kind, paid_by }]);
}

#[test]
fn a_mistake_found_after_the_return_is_the_agencys_to_mend_in_a_new_dossier() {
    let dossier = with([
        decided(date!(2026 - 05 - 12)),
        F::Returned {
            at_ms: day(date!(2026 - 05 - 13)),
            proof: ReturnProof::Desk,
        },
        F::ReturnConfirmed {
            at_ms: day(date!(2026 - 05 - 13)) + 1,
        },
        F::ResultFoundWrong {
            at_ms: day(date!(2026 - 05 - 20)),
            reason: "sai ngày sinh".to_owned(),
        },
    ]);
    assert_eq!((dossier.state, dossier.must_act()), (S::Returned, Some(Party::Agency)));
    assert_eq!(rules(&dossier, LATER), [], "nobody knew when it was handed over");
    let correct = F::ResultCorrected {
        at_ms: day(date!(2026 - 05 - 21)),
    };
    assert_eq!(dossier.apply(&correct).expect_err("closed").why, WhyNot::Closed);
}

#[test]
fn an_undelivered_result_is_sent_again_or_collected_at_the_desk() {
    let back = vec![
        decided(date!(2026 - 05 - 12)),
        F::ResultInPost {
            at_ms: day(date!(2026 - 05 - 13)),
        },
        F::ResultBack {
            at_ms: day(date!(2026 - 05 - 20)),
        },
    ];
    let resting = with(back.clone());
    assert_eq!(
        (resting.state, resting.must_act()),
        (S::ResultBack, Some(Party::Applicant))
    );
    let again = F::ResultInPost {
        at_ms: day(date!(2026 - 05 - 21)),
    };
    assert_eq!(resting.check(&again, &Policy::default()), Ok(S::ResultInPost));
    let collected = with(back.into_iter().chain([F::Returned {
        at_ms: day(date!(2026 - 05 - 21)),
        proof: ReturnProof::Desk,
    }]));
    assert_eq!((collected.state, collected.dvcqg()), (S::Returned, Some(9)));
}

#[test]
fn a_result_handed_over_before_the_old_paper_is_kept_and_named() {
    let paper = || "sổ hộ khẩu".to_owned();
    let facts = |taken| {
        [
            F::SurrenderListed {
                at_ms: day(date!(2026 - 05 - 06)),
                paper: paper(),
            },
            decided(date!(2026 - 05 - 12)),
            F::ResultInPost {
                at_ms: day(date!(2026 - 05 - 13)),
            },
            F::Returned {
                at_ms: day(date!(2026 - 05 - 14)),
                proof: ReturnProof::Post,
            },
            F::Surrendered {
                at_ms: taken,
                paper: paper(),
            },
        ]
    };
    let late = with(facts(day(date!(2026 - 05 - 15))));
    assert_eq!(late.state, S::Returned);
    assert_eq!(rules(&late, LATER), [Rule::SurrenderFirst]);
    let lawful = with(facts(day(date!(2026 - 05 - 14))));
    assert_eq!(rules(&lawful, LATER), []);
    assert_eq!(lawful.carriages()[0].kind, ItemKind::SurrenderedToAgency);
}

#[test]
fn the_agencies_of_a_chain_are_logged_with_their_own_dates() {
    let agency = AgencyId(Uuid::from_u128(7));
    let dossier = with([
        F::StepGiven {
            at_ms: day(date!(2026 - 05 - 06)),
            agency,
            due_on: Some(date!(2026 - 05 - 08)),
        },
        F::StepTaken {
            at_ms: day(date!(2026 - 05 - 06)) + 1,
            agency,
        },
        F::StepDone {
            at_ms: day(date!(2026 - 05 - 11)),
            agency,
        },
    ]);
    assert_eq!(dossier.steps[0].timeliness(), Some(Timeliness::Late));
    assert_eq!(rules(&dossier, date!(2026 - 05 - 12)), [Rule::StepInTime]);
    let again = F::StepDone {
        at_ms: day(date!(2026 - 05 - 12)),
        agency,
    };
    assert_eq!(dossier.apply(&again).expect_err("it is done").why, WhyNot::NoSuchStep);
}

#[test]
fn a_lost_dossier_starts_anew_at_the_cost_of_the_post() {
    let kind = ItemKind::DossierToAgency;
    let dossier = fold(
        Mode::Both,
        [F::TakenIn { at_ms: 1, slip: None }, F::ItemLost { at_ms: 9, kind }],
    );
    assert_eq!(dossier.state, S::Draft);
    let paid_by = Some(Party::Post);
    assert_eq!(dossier.carriages(), [Carriage { kind, paid_by }]);
    let again = dossier
        .apply(&F::TakenIn { at_ms: 20, slip: None })
        .expect("new papers");
    assert_eq!(again.times.accepted_by_post_at_ms, Some(1), "written once");
}

#[test]
fn a_lost_result_is_issued_again() {
    let kind = ItemKind::ResultToApplicant;
    let dossier = with([
        decided(date!(2026 - 05 - 12)),
        F::ResultInPost {
            at_ms: day(date!(2026 - 05 - 13)),
        },
        F::ItemLost {
            at_ms: day(date!(2026 - 06 - 01)),
            kind,
        },
    ]);
    assert_eq!(dossier.state, S::Resolved);
    let paid_by = Some(Party::Post);
    assert_eq!(dossier.carriages(), [Carriage { kind, paid_by }]);
}

#[test]
fn who_helped_is_on_record_once_each() {
    let staff = StaffId(Uuid::from_u128(3));
    let dossier = fold(
        Mode::Both,
        [F::Assisted { at_ms: 1, staff }, F::Assisted { at_ms: 2, staff }],
    );
    assert_eq!(dossier.assisted_by.into_iter().collect::<Vec<_>>(), [staff]);
}

#[test]
fn the_appointment_slip_goes_to_the_person_in_m1_and_stays_with_the_post_in_m3() {
    let slips = |mode| {
        fold(mode, worked_on())
            .carriages()
            .iter()
            .filter(|carriage| carriage.kind == ItemKind::SlipToApplicant)
            .count()
    };
    assert_eq!((slips(Mode::Send), slips(Mode::Both)), (1, 0));
}

#[test]
fn every_refusal_says_why() {
    let refuse = |dossier: &Dossier, fact: F| dossier.clone().apply(&fact).expect_err("refused").why;
    let draft = fold(Mode::Send, []);
    assert_eq!(refuse(&draft, F::Lodged { at_ms: 1 }), WhyNot::TooEarly);
    assert_eq!(refuse(&draft, F::ResultInPost { at_ms: 1 }), WhyNot::NotInThisMode);
    let worked_on = with([]);
    assert_eq!(refuse(&worked_on, F::Lodged { at_ms: 1 }), WhyNot::TooLate);
    assert_eq!(refuse(&worked_on, F::Paid { at_ms: 1 }), WhyNot::NothingAsked);
    let carried = with([
        decided(date!(2026 - 05 - 12)),
        F::ResultInPost {
            at_ms: day(date!(2026 - 05 - 13)),
        },
    ]);
    assert_eq!(refuse(&carried, F::ReturnConfirmed { at_ms: 1 }), WhyNot::WithThePost);
    let proof = ReturnProof::Post;
    let ready = with([decided(date!(2026 - 05 - 12))]);
    assert_eq!(refuse(&ready, F::Returned { at_ms: 1, proof }), WhyNot::NotWithThePost);
}
