//! The way back to the person, and what is seldom.

use super::{LATER, day, decided, fold, rules, with, worked_on};
use crate::days::at;
use domain::dossier::{
    Carriage, Dossier, DossierFact as F, DossierState as S, FormKind, Gap, Outcome, Policy, Refused, ReturnProof, Rule,
    Timeliness, WhyNot,
};
use domain::ids::{AgencyId, StaffId};
use domain::item::ItemKind;
use domain::mode::Mode;
use domain::party::Party;
use time::macros::{date, time};
use uuid::Uuid;

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
