//! What two people rule on a dispute, and what an author takes back: the story goes on, nothing is lost, and what comes later opens
//! the question again.

use std::collections::BTreeSet;

use custody::event::{About, Event, Mono};
use custody::fold::ruling::{On, Outcome, Ruling, Settled};
use custody::fold::{DisputeReason, ItemCustody, ParkReason, fold_ruled};
use custody::ids::{DeviceId, EventId};
use custody::kind::Kind;
use domain::hat::Hat;
use domain::item::{ItemKind, ItemState};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::world::{
    COUNTER, COUNTER_PARTY, COURIER, COURIER_PARTY, DESK, Ending, SECOND_COURIER, SECOND_PARTY, World, item, line,
    party, taken_in,
};

const RULED_MS: i64 = 1_790_000_900_000;

fn fold(world: &World, rulings: &[Ruling]) -> ItemCustody {
    let parties = world.parties();
    let holder = |device: &DeviceId, _: Hat| parties.get(device).copied();
    fold_ruled(item(), ItemKind::DossierToAgency, &world.known(), rulings, &holder)
}

/// What two people rule on the dispute as it stands, having looked at everything.
fn rule(custody: &ItemCustody, number: u8, outcome: Outcome) -> Ruling {
    let dispute = custody.disputed.as_ref().expect("something to rule on");
    Ruling {
        id: EventId([number; 32]),
        at_ms: RULED_MS,
        place: i64::from(number),
        on: On::Dispute {
            item: item(),
            at: dispute.at,
            heard: custody.to_be_heard().expect("it is in dispute"),
            outcome,
        },
    }
}

/// Two receivers who both took it over; the two acceptances.
fn two_stories() -> (World, EventId, EventId) {
    let (mut world, head) = taken_in();
    let one = world.hand_over(COURIER, COUNTER, head, Ending::Released);
    let other = world.hand_over(COURIER, SECOND_COURIER, head, Ending::NotReleased);
    (world, one, other)
}

#[test]
fn after_a_ruling_there_is_one_holder_again_and_the_other_story_stays_beside_it() {
    let (world, one, other) = two_stories();
    let before = fold(&world, &[]);
    let ruling = rule(&before, 1, Outcome::Stands(other));
    let after = fold(&world, std::slice::from_ref(&ruling));
    assert_eq!(
        (after.disputed, after.holder, after.head),
        (None, Some(party(SECOND_PARTY)), Some(other))
    );
    assert!(!after.provisional, "two people said so");
    let settled = Settled {
        id: ruling.id,
        stands: Some(other),
        found: None,
        set_aside: vec![one],
    };
    assert_eq!(after.settled, [settled]);
    assert!(after.parked.is_empty(), "what lost waits for nothing");
}

#[test]
fn the_story_that_stands_goes_on() {
    let (mut world, one, _) = two_stories();
    let ruling = rule(&fold(&world, &[]), 1, Outcome::Stands(one));
    let next = world.hand_over(COUNTER, DESK, one, Ending::Released);
    let after = fold(&world, &[ruling]);
    assert_eq!(
        (after.disputed, after.head, after.state),
        (None, Some(next), ItemState::Delivered)
    );
}

#[test]
fn found_with_somebody_else_it_goes_on_from_the_ruling() {
    let (mut world, one, other) = two_stories();
    let ruling = rule(&fold(&world, &[]), 1, Outcome::Found(party(4)));
    let after = fold(&world, std::slice::from_ref(&ruling));
    assert_eq!((after.holder, after.head), (Some(party(4)), Some(ruling.id)));
    let step = after.applied.last().expect("the finding");
    assert_eq!(
        (step.kind, step.at_ms, step.from),
        (Kind::Correction, ruling.at_ms, Some(party(COURIER_PARTY)))
    );
    assert_eq!(
        after.settled[0].set_aside.iter().copied().collect::<BTreeSet<_>>(),
        BTreeSet::from([one, other])
    );
    // Person 4 signs the next move, naming the ruling as the head.
    let given = world.hand_over(DESK, COUNTER, ruling.id, Ending::Released);
    let later = fold(&world, &[ruling]);
    assert_eq!(
        (later.disputed, later.holder, later.head),
        (None, Some(party(COUNTER_PARTY)), Some(given))
    );
}

#[test]
fn found_with_who_had_it_nothing_moved_and_they_go_on_from_where_they_were() {
    let (mut world, one, other) = two_stories();
    let before = fold(&world, &[]);
    let ruling = rule(&before, 1, Outcome::Found(party(COURIER_PARTY)));
    let after = fold(&world, std::slice::from_ref(&ruling));
    assert_eq!(
        (after.disputed, after.head, after.holder),
        (None, before.head, before.holder)
    );
    assert_eq!(after.settled[0].set_aside.len(), 2);
    let next = world.hand_over(COURIER, COUNTER, before.head.expect("taken in"), Ending::Released);
    assert_eq!(fold(&world, &[ruling]).head, Some(next), "not {one} and not {other}");
}

#[test]
fn a_revocation_that_stands_leaves_the_item_with_its_giver() {
    let (mut world, head) = taken_in();
    world.hand_over(COURIER, COUNTER, head, Ending::Revoked);
    let before = fold(&world, &[]);
    let revoke = world.events.last().expect("the revocation").0;
    let ruling = rule(&before, 1, Outcome::Stands(revoke));
    let after = fold(&world, std::slice::from_ref(&ruling));
    assert_eq!((after.disputed, after.holder), (None, Some(party(COURIER_PARTY))));
    let next = world.hand_over(COURIER, SECOND_COURIER, head, Ending::Released);
    assert_eq!(fold(&world, &[ruling]).head, Some(next));
}

#[test]
fn a_contradiction_that_comes_later_opens_the_question_again_and_overwrites_nothing() {
    let (mut world, one, _) = two_stories();
    let first = rule(&fold(&world, &[]), 1, Outcome::Stands(one));
    let delivered = world.hand_over(COUNTER, DESK, one, Ending::Released);
    let third = world.hand_over(COURIER, DESK, world.events[0].0, Ending::NotReleased);
    let open = fold(&world, std::slice::from_ref(&first));
    let dispute = open.disputed.clone().expect("open again");
    assert!(dispute.branches.contains(&third));
    assert_eq!(
        (open.head, open.settled.len()),
        (Some(delivered), 1),
        "the ruling still holds"
    );

    let second = rule(&open, 2, Outcome::Stands(third));
    let after = fold(&world, &[second.clone(), first.clone()]);
    assert_eq!((&after.disputed, after.head), (&None, Some(third)));
    assert!(
        after.settled[0].set_aside.contains(&delivered),
        "what had gone on from the other story stays beside it"
    );
    assert_eq!(
        after.to_bytes(),
        fold(&world, &[first, second]).to_bytes(),
        "in whatever order rulings come"
    );
}

#[test]
fn who_goes_on_from_the_story_that_lost_opens_the_question_again() {
    let (mut world, one, other) = two_stories();
    let ruling = rule(&fold(&world, &[]), 1, Outcome::Stands(one));
    let stubborn = world.act(SECOND_COURIER, Kind::Hold, other);
    let after = fold(&world, &[ruling]);
    assert!(
        after
            .disputed
            .is_some_and(|dispute| dispute.branches.contains(&stubborn))
    );
    assert_eq!(after.holder, Some(party(COUNTER_PARTY)));
}

#[test]
fn an_event_that_was_set_aside_moves_nothing_and_is_named() {
    let (mut world, head) = taken_in();
    let stranger = world.act(SECOND_COURIER, Kind::Hold, head);
    let lost = world.act(COURIER, Kind::Hold, EventId([9; 32]));
    let aside = |number: u8, event| Ruling {
        id: EventId([number; 32]),
        at_ms: RULED_MS,
        place: 1,
        on: On::SetAside(event),
    };
    let after = fold(&world, &[aside(1, stranger), aside(2, lost)]);
    assert_eq!(
        (after.disputed, after.parked, after.holder),
        (None, vec![], Some(party(COURIER_PARTY)))
    );
    assert_eq!(after.settled.len(), 2);
}

/// The author's own correction of an event, so much later on the same or another boot.
fn take_back(world: &mut World, who: usize, about: EventId, after_ms: u64, boot: Option<[u8; 16]>) -> EventId {
    let then = world.event(about).mono.expect("every event has one");
    let mono = Mono {
        boot_id: boot.unwrap_or(then.boot_id),
        ms: then.ms + after_ms,
    };
    world.sign(who, Kind::Correction, |event| Event {
        about: Some(About::Event(about)),
        mono: Some(mono),
        ..event
    })
}

const QUARTER: u64 = 15 * 60_000;

#[test]
fn an_author_takes_a_mistake_back_within_a_quarter_of_an_hour_alone() {
    let (mut world, head) = taken_in();
    let mistake = world.act(COURIER, Kind::AttemptFailed, head);
    let correction = take_back(&mut world, COURIER, mistake, QUARTER, None);
    let after = world.fold();
    assert_eq!((after.head, after.attempts, after.disputed), (Some(head), 0, None));
    assert_eq!(
        (after.settled[0].id, &after.settled[0].set_aside[..]),
        (correction, &[mistake][..])
    );
    assert!(after.parked.is_empty());
    let again = world.act(COURIER, Kind::Hold, head);
    assert_eq!(world.fold().head, Some(again), "and goes on from before it");
}

#[test]
fn later_or_over_a_restart_or_for_another_it_takes_two() {
    for (who, after_ms, boot) in [
        (COURIER, QUARTER + 1, None),
        (COURIER, 1_000, Some([77; 16])),
        (COUNTER, 1_000, None),
    ] {
        let (mut world, head) = taken_in();
        let mistake = world.act(COURIER, Kind::AttemptFailed, head);
        let correction = take_back(&mut world, who, mistake, after_ms, boot);
        let after = world.fold();
        assert_eq!(
            (after.head, &after.parked[..]),
            (Some(mistake), &[(correction, ParkReason::NeedsRuling)][..])
        );
        assert!(ParkReason::NeedsRuling.needs_a_person());
        // Two people agree with it: what it is about is set aside, and it waits no more.
        let aside = Ruling {
            id: EventId([1; 32]),
            at_ms: RULED_MS,
            place: 1,
            on: On::SetAside(mistake),
        };
        let ruled = fold(&world, &[aside]);
        assert_eq!((ruled.head, ruled.parked), (Some(head), vec![]));
    }
}

#[test]
fn what_two_people_signed_is_not_one_persons_to_take_back() {
    let (mut world, head) = taken_in();
    let accept = world.hand_over(COURIER, COUNTER, head, Ending::Released);
    let correction = take_back(&mut world, COUNTER, accept, 1_000, None);
    let after = world.fold();
    assert_eq!(
        (after.head, after.parked),
        (Some(accept), vec![(correction, ParkReason::NeedsRuling)])
    );
}

#[test]
fn a_mistake_that_somebody_went_on_from_is_a_dispute_when_it_is_taken_back() {
    let (mut world, head) = taken_in();
    let mistake = world.act(COURIER, Kind::Redirect, head);
    let accept = world.hand_over(COURIER, COUNTER, mistake, Ending::Released);
    let correction = take_back(&mut world, COURIER, mistake, 5_000, None);
    let open = world.fold();
    let dispute = open.disputed.clone().expect("two stories");
    assert_eq!(
        (dispute.reason, dispute.at, open.head),
        (DisputeReason::Corrected, head, Some(head))
    );
    assert_eq!(
        dispute.branches.iter().copied().collect::<BTreeSet<_>>(),
        BTreeSet::from([mistake, correction])
    );
    let stands = rule(&open, 1, Outcome::Stands(mistake));
    assert_eq!(fold(&world, &[stands]).head, Some(accept));
    let gone = rule(&open, 1, Outcome::Stands(correction));
    let after = fold(&world, &[gone]);
    assert_eq!((after.head, after.disputed), (Some(head), None));
    assert!(after.settled[0].set_aside.contains(&accept));
}

#[test]
fn two_mistakes_in_a_row_are_taken_back_together() {
    let (mut world, head) = taken_in();
    let one = world.act(COURIER, Kind::Hold, head);
    let two = world.act(COURIER, Kind::Redirect, one);
    take_back(&mut world, COURIER, one, 10_000, None);
    take_back(&mut world, COURIER, two, 10_000, None);
    let after = world.fold();
    assert_eq!((after.head, after.disputed, after.settled.len()), (Some(head), None, 2));
}

/// Each person's move with what they saw then, or with an older head.
fn play(steps: &[(usize, usize, u8)]) -> World {
    let (mut world, first) = taken_in();
    let mut heads = vec![first];
    for (from, to, stale) in steps {
        let at = heads.len().saturating_sub(1 + usize::from(*stale) % heads.len());
        let head = heads[at];
        let next = if from == to {
            world.act(*from, Kind::Hold, head)
        } else {
            world.hand_over(*from, *to, head, Ending::Released)
        };
        heads.push(next);
    }
    world
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Whoever rules on what they see settles it; and every move of the set is applied, in dispute, waiting or set aside.
    #[test]
    fn each_dispute_can_be_ruled_and_no_story_is_dropped(
        steps in vec((0..3_usize, 0..3_usize, 0..3_u8), 0..9),
        choices in vec(any::<prop::sample::Index>(), 12),
        found in any::<bool>(),
    ) {
        let world = play(&steps);
        let mut rulings: Vec<Ruling> = Vec::new();
        for (number, choice) in (1..).zip(&choices) {
            let custody = fold(&world, &rulings);
            let applied = custody.applied.iter().map(|applied| applied.id);
            let branches = custody.disputed.iter().flat_map(|dispute| dispute.branches.clone());
            let parked = custody.parked.iter().map(|(id, _)| *id);
            let aside = custody.settled.iter().flat_map(|settled| settled.set_aside.clone());
            let placed: BTreeSet<EventId> = applied.chain(branches).chain(parked).chain(aside).collect();
            for (id, event) in &world.events {
                let moves = custody::fold::table::moves(event.kind);
                prop_assert!(!moves || placed.contains(id), "{:?} is accounted for", event.kind);
            }
            let Some(dispute) = &custody.disputed else { return Ok(()) };
            let outcome = if found {
                Outcome::Found(party(SECOND_PARTY))
            } else {
                Outcome::Stands(dispute.branches[choice.index(dispute.branches.len())])
            };
            let ruling = rule(&custody, number, outcome);
            rulings.insert(0, ruling);
            let mut back = rulings.clone();
            back.reverse();
            prop_assert_eq!(fold(&world, &rulings).to_bytes(), fold(&world, &back).to_bytes());
        }
        // A branch the state does not allow stands for nothing; then only a finding helps.
        prop_assert!(!found, "a finding always settles: {:?}", fold(&world, &rulings).disputed);
    }

    #[test]
    fn a_ruling_depends_on_the_set_of_events_alone(
        steps in vec((0..3_usize, 0..3_usize, 0..3_u8), 0..9),
        turn in any::<prop::sample::Index>(),
    ) {
        let world = play(&steps);
        let custody = fold(&world, &[]);
        prop_assume!(custody.disputed.is_some());
        let ruling = rule(&custody, 1, Outcome::Found(party(COUNTER_PARTY)));
        let parties = world.parties();
        let mut turned = world.known();
        let by = turn.index(turned.len());
        turned.rotate_left(by);
        let holder = |device: &DeviceId, _: Hat| parties.get(device).copied();
        let other = fold_ruled(item(), ItemKind::DossierToAgency, &turned, std::slice::from_ref(&ruling), &holder);
        prop_assert_eq!(other.to_bytes(), fold(&world, &[ruling]).to_bytes());
    }
}

#[test]
fn lines_of_other_items_are_nobodys_correction_here() {
    let (mut world, head) = taken_in();
    let mistake = world.act(COURIER, Kind::AttemptFailed, head);
    let other = custody::ids::ItemId::of("EE000000169VN");
    world.sign(COURIER, Kind::Correction, |event| Event {
        about: Some(About::Event(mistake)),
        items: vec![custody::event::ItemRef {
            item: other,
            ..line(head)
        }],
        ..event
    });
    assert_eq!(
        world.fold().head,
        Some(mistake),
        "it corrects what it says of the other item"
    );
}
