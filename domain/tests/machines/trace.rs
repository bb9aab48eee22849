//! One dossier from the counter in Tịnh Biên to the sister who collects the result.

use domain::authorisation::{Authorisation, Scope};
use domain::dossier::{
    Breach, Dossier, DossierFact as F, DossierState, ItemMoved, Outcome, Policy, ReturnProof, Slip, facts_of_item,
};
use domain::holder::HolderClass;
use domain::ids::DossierId;
use domain::item::{
    AttemptReason, DeliveryPolicy, HandingOver, Invitations, ItemKind, ItemState, ItemStep, MoveKind, Receiver,
    SurrenderPaper, check_return,
};
use domain::mode::Mode;
use time::macros::{date, time};
use uuid::Uuid;

use crate::days::{after, at};

/// The facts of the agency and of the post, in the order they happened.
fn life() -> Vec<F> {
    vec![
        F::Ordered {
            at_ms: at(date!(2026 - 04 - 24), time!(09:00)),
        },
        F::TakenIn {
            at_ms: at(date!(2026 - 04 - 24), time!(09:10)),
            slip: Some(Slip::complete(3, "VN-0001")),
        },
        F::AtHandover {
            at_ms: at(date!(2026 - 04 - 28), time!(08:05)),
        },
        F::Lodged {
            at_ms: at(date!(2026 - 04 - 28), time!(08:20)),
        },
        F::Received {
            at_ms: at(date!(2026 - 04 - 28), time!(08:30)),
            code: "H01.23-260428-0001".to_owned(),
            due_on: Some(after(date!(2026 - 04 - 28), 3)),
        },
        F::Processing {
            at_ms: at(date!(2026 - 04 - 28), time!(09:00)),
        },
        F::SurrenderListed {
            at_ms: at(date!(2026 - 04 - 28), time!(09:00)),
            paper: "bản chính giấy khai sinh cũ".to_owned(),
        },
        F::Resolved {
            at_ms: at(date!(2026 - 05 - 04), time!(15:40)),
            outcome: Outcome::Granted,
        },
        F::ResultReady {
            at_ms: at(date!(2026 - 05 - 04), time!(15:40)),
        },
        F::ResultInPost {
            at_ms: at(date!(2026 - 05 - 05), time!(08:00)),
        },
        F::Surrendered {
            at_ms: at(date!(2026 - 05 - 07), time!(10:00)),
            paper: "bản chính giấy khai sinh cũ".to_owned(),
        },
        F::Returned {
            at_ms: at(date!(2026 - 05 - 07), time!(10:00)),
            proof: ReturnProof::Post,
        },
    ]
}

fn lived() -> Dossier {
    Dossier::fold(DossierId(Uuid::from_u128(45)), Mode::Both, life())
}

#[test]
fn the_clock_starts_with_the_minutes_and_not_at_the_counter() {
    let dossier = lived();
    let lodged = at(date!(2026 - 04 - 28), time!(08:20));
    assert_eq!(
        dossier.times.accepted_by_post_at_ms,
        Some(at(date!(2026 - 04 - 24), time!(09:10)))
    );
    assert_eq!(dossier.times.handed_over_at_ms, Some(lodged));
    assert_eq!(dossier.times.legal_lodging_at_ms(), Some(lodged));
    let start = dossier.times.clock_start_day(&Policy::default(), &after);
    assert_eq!(start, Some(date!(2026 - 04 - 28)));
    assert_eq!(dossier.times.due_original, Some(date!(2026 - 05 - 05)));
    assert_eq!(
        after(date!(2026 - 04 - 24), 3),
        date!(2026 - 05 - 04),
        "what the counter would give"
    );
}

#[test]
fn it_ends_returned_on_time_without_a_breach_and_the_post_does_not_say_ten() {
    let dossier = lived();
    assert_eq!(dossier.state, DossierState::Returned);
    assert_eq!(dossier.dvcqg(), Some(9));
    assert!(dossier.waiting.is_empty());
    let breaches = dossier.breaches(&Policy::default(), date!(2026 - 06 - 01), &after);
    assert_eq!(breaches, Vec::<Breach>::new());
    assert_eq!(
        dossier.times.result_ready_at_ms,
        Some(at(date!(2026 - 05 - 04), time!(15:40)))
    );
    assert_eq!(
        dossier.times.closed_at_ms,
        Some(at(date!(2026 - 05 - 07), time!(10:00)))
    );
}

#[test]
fn the_results_envelope_says_what_the_dossier_hears() {
    let step = |at_ms, before, after, from, to| ItemMoved {
        at_ms,
        before,
        after,
        from,
        to,
    };
    let (agency, staff, office) = (HolderClass::Agency, HolderClass::Staff, HolderClass::ServicePoint);
    let steps = [
        step(1, ItemState::Created, ItemState::Accepted, Some(agency), Some(staff)),
        step(
            2,
            ItemState::Accepted,
            ItemState::AttemptFailed,
            Some(staff),
            Some(staff),
        ),
        step(
            3,
            ItemState::AttemptFailed,
            ItemState::AtDeliveryOffice,
            Some(staff),
            Some(office),
        ),
        step(
            4,
            ItemState::AtDeliveryOffice,
            ItemState::HeldForPickup,
            Some(office),
            Some(office),
        ),
        step(
            5,
            ItemState::HeldForPickup,
            ItemState::Delivered,
            Some(office),
            Some(HolderClass::Citizen),
        ),
    ];
    let facts = facts_of_item(ItemKind::ResultToApplicant, steps);
    let proof = ReturnProof::Post;
    assert_eq!(facts, [F::ResultInPost { at_ms: 1 }, F::Returned { at_ms: 5, proof }]);
}

/// The result's envelope until the evening of the first attempt.
fn first_attempt() -> Vec<ItemStep> {
    let step = |date, time, kind, state| ItemStep {
        at_ms: at(date, time),
        kind,
        reason: None,
        state,
    };
    let by = HolderClass::Staff;
    vec![
        step(
            date!(2026 - 05 - 05),
            time!(08:00),
            MoveKind::Accept { by },
            ItemState::Accepted,
        ),
        ItemStep {
            reason: Some(AttemptReason::NotHome),
            ..step(
                date!(2026 - 05 - 06),
                time!(09:30),
                MoveKind::AttemptFailed,
                ItemState::AttemptFailed,
            )
        },
        // the same day it is kept at the office: that is no second invitation
        step(
            date!(2026 - 05 - 06),
            time!(16:00),
            MoveKind::Hold,
            ItemState::HeldForPickup,
        ),
    ]
}

#[test]
fn the_second_invitation_and_the_return_have_their_days() {
    let policy = DeliveryPolicy::default();
    let mut steps = first_attempt();
    let first = Invitations::of(&steps, &policy, &after);
    assert_eq!(first.left_on, [date!(2026 - 05 - 06)]);
    assert_eq!(first.next_not_before, Some(date!(2026 - 05 - 08)));
    assert_eq!(first.return_not_before, None);

    steps.push(ItemStep {
        at_ms: at(date!(2026 - 05 - 08), time!(08:00)),
        kind: MoveKind::Hold,
        reason: None,
        state: ItemState::HeldForPickup,
    });
    let second = Invitations::of(&steps, &policy, &after);
    assert_eq!(second.next_not_before, None);
    assert_eq!(second.return_not_before, Some(date!(2026 - 05 - 12)));
    let back_on = |day| check_return(ItemKind::ResultToApplicant, &steps, day, &policy, &after);
    assert!(back_on(date!(2026 - 05 - 11)).is_err());
    assert!(back_on(date!(2026 - 05 - 12)).is_ok());
}

#[test]
fn the_authorised_sister_collects_with_her_own_paper_and_the_old_certificate() {
    let authorisation = Authorisation {
        scope: Scope::Receive,
        granted_on: date!(2026 - 05 - 06),
        ends_on: None,
    };
    let old = SurrenderPaper {
        taken_at_ms: Some(at(date!(2026 - 05 - 07), time!(10:00))),
        ..SurrenderPaper::listed("bản chính giấy khai sinh cũ")
    };
    let handing = HandingOver {
        kind: ItemKind::ResultToApplicant,
        receiver: Receiver::Agent(authorisation),
        id_checked: true,
        surrender: &[old],
        is_paid: true,
        is_counted: true,
        is_signed: true,
        today: date!(2026 - 05 - 07),
    };
    assert_eq!(handing.check(&DeliveryPolicy::default()), Ok(()));
}
