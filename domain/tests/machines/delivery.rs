//! The door: who may receive, what must be there, when an item may go back.

use domain::authorisation::{Authorisation, Scope};
use domain::item::{
    AttemptReason, Damage, DeliveryGap, DeliveryPolicy, HandingOver, IncidentRecord, Invitations, ItemBreach, ItemKind,
    ItemRule, ItemState, ItemStep, MoveKind, Receiver, ReturnTooEarly, SurrenderPaper, breaches, check_return,
};
use time::Date;
use time::macros::{date, time};

use crate::days::{after, at};

const RESULT: ItemKind = ItemKind::ResultToApplicant;

fn handing(receiver: Receiver) -> HandingOver<'static> {
    HandingOver {
        kind: RESULT,
        receiver,
        id_checked: true,
        surrender: &[],
        is_paid: true,
        is_counted: true,
        is_signed: true,
        today: date!(2026 - 05 - 07),
    }
}

fn gaps(handing: HandingOver<'_>) -> Vec<DeliveryGap> {
    handing.check(&DeliveryPolicy::default()).err().unwrap_or_default()
}

fn failed(day: Date, reason: AttemptReason) -> ItemStep {
    ItemStep {
        at_ms: at(day, time!(09:00)),
        kind: MoveKind::AttemptFailed,
        reason: Some(reason),
        state: ItemState::AttemptFailed,
    }
}

fn step(day: Date, kind: MoveKind, state: ItemState) -> ItemStep {
    ItemStep {
        at_ms: at(day, time!(09:00)),
        kind,
        reason: None,
        state,
    }
}

#[test]
fn the_worked_days_of_two_invitations() {
    let policy = DeliveryPolicy::default();
    let first = Invitations::plan([date!(2026 - 04 - 24)], &policy, &after);
    assert_eq!(first.next_not_before, Some(date!(2026 - 04 - 29)));
    let both = Invitations::plan([date!(2026 - 04 - 24), date!(2026 - 04 - 29)], &policy, &after);
    assert_eq!(both.return_not_before, Some(date!(2026 - 05 - 05)));
}

#[test]
fn an_invitation_before_its_day_does_not_count() {
    let days = [date!(2026 - 04 - 24), date!(2026 - 04 - 28)];
    let early = Invitations::plan(days, &DeliveryPolicy::default(), &after);
    assert_eq!(early.left_on, [date!(2026 - 04 - 24)]);
    assert_eq!(early.return_not_before, None);
}

#[test]
fn a_new_address_is_invited_anew() {
    let steps = [
        failed(date!(2026 - 05 - 04), AttemptReason::NotHome),
        failed(date!(2026 - 05 - 06), AttemptReason::NotHome),
        step(date!(2026 - 05 - 07), MoveKind::Redirect, ItemState::Redirected),
    ];
    let plan = Invitations::of(&steps, &DeliveryPolicy::default(), &after);
    assert_eq!(plan.left_on, Vec::<Date>::new());
    assert_eq!(plan.return_not_before, None);
}

#[test]
fn the_addressee_needs_an_identity_paper_and_signs_what_was_counted() {
    assert_eq!(gaps(handing(Receiver::Addressee)), []);
    let bare = HandingOver {
        id_checked: false,
        is_counted: false,
        is_signed: false,
        ..handing(Receiver::Addressee)
    };
    assert_eq!(
        gaps(bare),
        [DeliveryGap::Identity, DeliveryGap::NotCounted, DeliveryGap::NotSigned]
    );
}

#[test]
fn an_agent_needs_an_authorisation_that_still_holds_and_covers_receiving() {
    let paper = |scope, ends_on| Authorisation {
        scope,
        granted_on: date!(2025 - 05 - 06),
        ends_on,
    };
    let agent = |paper| gaps(handing(Receiver::Agent(paper)));
    assert_eq!(
        agent(paper(Scope::Receive, None)),
        [DeliveryGap::Authorisation],
        "one year and a day"
    );
    assert_eq!(agent(paper(Scope::Receive, Some(date!(2026 - 12 - 31)))), []);
    assert_eq!(
        agent(paper(Scope::Lodge, Some(date!(2026 - 12 - 31)))),
        [DeliveryGap::Authorisation]
    );
}

#[test]
fn a_third_party_never_receives_and_the_household_only_where_a_policy_says_so() {
    assert_eq!(gaps(handing(Receiver::ThirdParty)), [DeliveryGap::Authorisation]);
    assert_eq!(gaps(handing(Receiver::Household)), [DeliveryGap::Authorisation]);
    let generous = DeliveryPolicy {
        household_may_receive: true,
        ..DeliveryPolicy::default()
    };
    assert_eq!(handing(Receiver::Household).check(&generous), Ok(()));
    assert!(handing(Receiver::ThirdParty).check(&generous).is_err());
}

#[test]
fn the_old_paper_comes_before_the_new_one_unless_the_agency_lets_it_go() {
    let mut papers = [SurrenderPaper::listed("sổ hộ khẩu")];
    let open = HandingOver {
        surrender: &papers,
        ..handing(Receiver::Addressee)
    };
    assert_eq!(gaps(open), [DeliveryGap::Surrender]);
    assert_eq!(
        DeliveryGap::Surrender.attempt_reason(),
        Some(AttemptReason::SurrenderMissing)
    );
    papers[0].excepted = Some((1, "MAT-01".to_owned()));
    let excepted = HandingOver {
        surrender: &papers,
        ..handing(Receiver::Addressee)
    };
    assert_eq!(gaps(excepted), []);
}

#[test]
fn an_unpaid_fee_is_a_failed_attempt() {
    let unpaid = HandingOver {
        is_paid: false,
        ..handing(Receiver::Addressee)
    };
    assert_eq!(gaps(unpaid), [DeliveryGap::Payment]);
    assert_eq!(DeliveryGap::Payment.attempt_reason(), Some(AttemptReason::FeeUnpaid));
    assert!(!AttemptReason::FeeUnpaid.is_undeliverable_by_law(9));
}

#[test]
fn an_empty_house_goes_back_only_after_both_invitations() {
    let policy = DeliveryPolicy::default();
    let once = [failed(date!(2026 - 04 - 24), AttemptReason::NotHome)];
    let next = Some(date!(2026 - 04 - 29));
    assert_eq!(
        check_return(RESULT, &once, date!(2026 - 06 - 01), &policy, &after),
        Err(ReturnTooEarly::InvitationMissing { next_not_before: next })
    );
    let twice = [once[0], failed(date!(2026 - 04 - 29), AttemptReason::NotHome)];
    let on = |day| check_return(RESULT, &twice, day, &policy, &after);
    let not_before = date!(2026 - 05 - 05);
    assert_eq!(
        on(date!(2026 - 05 - 04)),
        Err(ReturnTooEarly::InvitationRuns { not_before })
    );
    assert_eq!(on(not_before), Ok(()));
}

#[test]
fn a_wrong_address_and_a_refusal_go_back_at_once() {
    let policy = DeliveryPolicy::default();
    let day = date!(2026 - 05 - 06);
    for reason in AttemptReason::ALL {
        let back = check_return(RESULT, &[failed(day, reason)], day, &policy, &after);
        assert_eq!(back.is_ok(), reason.is_undeliverable_by_law(0), "{reason}");
    }
    let refused = [step(day, MoveKind::Refused, ItemState::Refused)];
    assert_eq!(check_return(RESULT, &refused, day, &policy, &after), Ok(()));
}

#[test]
fn a_return_that_came_too_early_is_kept_and_named() {
    let day = date!(2026 - 05 - 06);
    let steps = [
        failed(day, AttemptReason::NotHome),
        step(date!(2026 - 05 - 07), MoveKind::Return, ItemState::Returning),
    ];
    let found = breaches(RESULT, &steps, &[], &DeliveryPolicy::default(), &after);
    let expected = ItemBreach {
        rule: ItemRule::InviteBeforeReturn,
        at_ms: steps[1].at_ms,
    };
    assert_eq!(found, [expected]);
}

#[test]
fn a_refusal_without_a_reason_and_damage_without_minutes_are_named() {
    let day = date!(2026 - 05 - 06);
    let steps = [step(day, MoveKind::Refused, ItemState::Refused)];
    let damage = IncidentRecord::Damaged(Damage {
        at_ms: 1,
        inventory: Vec::new(),
        minutes: String::new(),
        new_seal: "VN-0002".to_owned(),
    });
    let rules: Vec<ItemRule> = breaches(RESULT, &steps, &[damage], &DeliveryPolicy::default(), &after)
        .into_iter()
        .map(|breach| breach.rule)
        .collect();
    assert_eq!(rules, [ItemRule::RecordDamage, ItemRule::ReasonOfRefusal]);
}
