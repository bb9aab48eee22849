//! The way to the agency.

use super::{fold, reason};
use crate::days::after;
use domain::dossier::{Breach, DossierFact as F, DossierState as S, Gap, Policy, Refused, Rule, Slip, SlipGap};
use domain::mode::Mode;
use domain::party::Party;
use time::macros::date;

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
