//! The fold's rules for hand-overs and disputes, each as a sentence.

use custody::event::{About, Event, Excepted, ItemRef, exception_code};
use custody::fold::{DisputeReason, ParkReason, fold_item};
use custody::ids::{DeviceId, EventId, ItemId};
use custody::kind::Kind;
use domain::hat::Hat;
use domain::holder::Holder;
use domain::item::{Incident, ItemKind, ItemState};

use crate::world::{
    COUNTER, COUNTER_PARTY, COURIER, COURIER_PARTY, DESK, DESK_PARTY, Ending, NOON_MS, SECOND_COURIER, World, item,
    line, offer_to, party, taken_in,
};

#[test]
fn an_item_nobody_recorded_is_with_nobody_in_the_post() {
    let custody = World::new().fold();
    assert_eq!(
        (custody.state, custody.holder, custody.head),
        (ItemState::Created, None, None)
    );
}

#[test]
fn whoever_takes_an_item_in_holds_it() {
    let (world, head) = taken_in();
    let custody = world.fold();
    assert_eq!(custody.state, ItemState::Accepted);
    assert_eq!(custody.holder, Some(party(COURIER_PARTY)));
    assert_eq!(custody.head, Some(head));
    assert_eq!(custody.seal.as_deref(), Some("S-0001"));
    assert_eq!(custody.since_ms, i64::try_from(NOON_MS).ok());
    assert_eq!(custody.applied[0].from, Some(Holder::Citizen));
    assert!(!custody.provisional && custody.disputed.is_none() && custody.parked.is_empty());
}

#[test]
fn a_complete_hand_over_moves_the_item_to_the_receiver() {
    let (mut world, head) = taken_in();
    let accept = world.hand_over(COURIER, DESK, head, Ending::Released);
    let custody = world.fold();
    assert_eq!(custody.holder, Some(party(DESK_PARTY)));
    assert_eq!(custody.state, ItemState::Delivered);
    assert_eq!(custody.head, Some(accept));
    assert!(!custody.provisional);
    let last = custody.applied.last().expect("it moved");
    assert_eq!(
        (last.from, last.to),
        (Some(party(COURIER_PARTY)), Some(party(DESK_PARTY)))
    );
}

#[test]
fn an_offer_alone_moves_nothing() {
    let (mut world, head) = taken_in();
    world.hand_over(COURIER, DESK, head, Ending::NotAccepted);
    assert_eq!(world.fold().holder, Some(party(COURIER_PARTY)));
}

#[test]
fn an_acceptance_without_a_release_is_provisional_until_it_comes() {
    let (mut world, head) = taken_in();
    let accept = world.hand_over(COURIER, COUNTER, head, Ending::NotReleased);
    let custody = world.fold();
    assert_eq!(custody.holder, Some(party(COUNTER_PARTY)));
    assert!(custody.provisional);
    world.about(COURIER, Kind::Release, accept);
    assert!(!world.fold().provisional);
}

#[test]
fn only_the_giver_can_release() {
    let (mut world, head) = taken_in();
    let accept = world.hand_over(COURIER, COUNTER, head, Ending::NotReleased);
    let forged = world.about(COUNTER, Kind::Release, accept);
    let custody = world.fold();
    assert!(custody.provisional);
    assert_eq!(custody.parked, [(forged, ParkReason::NotGiver)]);
}

#[test]
fn an_acceptance_waits_for_its_offer() {
    let (mut world, head) = taken_in();
    let offer = world.offer(COURIER, DESK, head);
    let accept = world.accept(DESK, offer, vec![]);
    let kept = world.event(offer).clone();
    world.forget(offer);
    let custody = world.fold();
    assert_eq!(custody.holder, Some(party(COURIER_PARTY)));
    assert_eq!(custody.parked, [(accept, ParkReason::WaitingForOffer)]);

    world.events.push((offer, kept));
    assert_eq!(world.fold().holder, Some(party(DESK_PARTY)));
    assert!(world.fold().parked.is_empty());
}

#[test]
fn a_move_waits_for_the_event_it_continues() {
    let (mut world, head) = taken_in();
    let accept = world.hand_over(COURIER, COUNTER, head, Ending::Released);
    let hold = world.act(COUNTER, Kind::Hold, accept);
    let missing = world.event(head).clone();
    world.forget(head);
    let custody = world.fold();
    assert_eq!(custody.holder, None);
    let mut parked = [
        (accept, ParkReason::WaitingForParent),
        (hold, ParkReason::WaitingForParent),
    ];
    parked.sort();
    assert_eq!(custody.parked, parked);

    world.events.push((head, missing));
    assert_eq!(world.fold().state, ItemState::HeldForPickup);
}

#[test]
fn an_onlooker_who_accepts_anothers_offer_gets_nothing_and_is_flagged() {
    let (mut world, head) = taken_in();
    let offer = world.offer(COURIER, DESK, head);
    let stolen = world.accept(SECOND_COURIER, offer, vec![]);
    let custody = world.fold();
    assert_eq!(custody.holder, Some(party(COURIER_PARTY)));
    assert_eq!(custody.parked, [(stolen, ParkReason::WrongReceiver)]);
    assert!(custody.disputed.is_none());

    let accept = world.accept(DESK, offer, vec![]);
    let custody = world.fold();
    assert_eq!(
        custody.holder,
        Some(party(DESK_PARTY)),
        "the named receiver is not hindered"
    );
    assert_eq!(custody.head, Some(accept));
}

#[test]
fn two_accepted_offers_of_one_head_are_a_dispute_and_the_holder_stays() {
    let (mut world, head) = taken_in();
    let first = world.hand_over(COURIER, COUNTER, head, Ending::Released);
    let second = world.hand_over(COURIER, SECOND_COURIER, head, Ending::NotReleased);
    let custody = world.fold();
    assert_eq!(custody.holder, Some(party(COURIER_PARTY)));
    assert_eq!(custody.head, Some(head));
    let dispute = custody.disputed.expect("two stories");
    assert_eq!((dispute.reason, dispute.at), (DisputeReason::Fork, head));
    let mut branches = [first, second];
    branches.sort();
    assert_eq!(dispute.branches, branches);
}

#[test]
fn a_late_story_reopens_the_place_where_it_parts() {
    let (mut world, head) = taken_in();
    let accept = world.hand_over(COURIER, COUNTER, head, Ending::Released);
    let hold = world.act(COUNTER, Kind::Hold, accept);
    assert!(world.fold().disputed.is_none());
    world.act(COURIER, Kind::AttemptFailed, head);
    let custody = world.fold();
    assert_eq!(custody.holder, Some(party(COURIER_PARTY)));
    assert_eq!(custody.disputed.expect("two stories").reason, DisputeReason::Fork);
    assert_eq!(custody.parked, [(hold, ParkReason::BehindDispute)]);
}

#[test]
fn a_move_by_somebody_who_does_not_hold_the_item_is_a_dispute() {
    let (mut world, head) = taken_in();
    let delivered = world.act(SECOND_COURIER, Kind::Refused, head);
    let custody = world.fold();
    assert_eq!(custody.holder, Some(party(COURIER_PARTY)));
    let dispute = custody.disputed.expect("not his to move");
    assert_eq!(
        (dispute.reason, dispute.branches),
        (DisputeReason::NotHolder, vec![delivered])
    );
}

#[test]
fn an_item_offered_by_somebody_who_does_not_hold_it_is_in_dispute_once_accepted() {
    let (mut world, head) = taken_in();
    world.hand_over(SECOND_COURIER, DESK, head, Ending::NotAccepted);
    assert!(world.fold().disputed.is_none());
    world.hand_over(SECOND_COURIER, DESK, head, Ending::Released);
    let custody = world.fold();
    assert_eq!(custody.holder, Some(party(COURIER_PARTY)));
    assert_eq!(
        custody.disputed.expect("not his to give").reason,
        DisputeReason::NotHolder
    );
}

#[test]
fn nobody_delivers_what_the_post_never_took() {
    let mut world = World::new();
    world.act(COURIER, Kind::Deliver, EventId::ZERO);
    let custody = world.fold();
    assert_eq!(custody.holder, None);
    assert_eq!(
        custody.disputed.expect("nobody held it").reason,
        DisputeReason::NotHolder
    );
}

#[test]
fn an_accepted_offer_that_was_revoked_is_a_dispute_and_the_giver_stays() {
    let (mut world, head) = taken_in();
    let accept = world.hand_over(COURIER, DESK, head, Ending::Revoked);
    let revoke = world.events.last().expect("the last one").0;
    let custody = world.fold();
    assert_eq!(custody.holder, Some(party(COURIER_PARTY)));
    let dispute = custody.disputed.expect("taken back");
    assert_eq!(dispute.reason, DisputeReason::Revoked);
    let mut branches = [accept, revoke];
    branches.sort();
    assert_eq!(dispute.branches, branches);
}

#[test]
fn a_revoked_offer_nobody_accepted_is_no_dispute() {
    let (mut world, head) = taken_in();
    let offer = world.offer(COURIER, DESK, head);
    world.about(COURIER, Kind::RevokeOffer, offer);
    world.hand_over(COURIER, COUNTER, head, Ending::Released);
    let custody = world.fold();
    assert_eq!(custody.holder, Some(party(COUNTER_PARTY)));
    assert!(custody.disputed.is_none());
}

#[test]
fn only_the_giver_can_revoke() {
    let (mut world, head) = taken_in();
    world.hand_over(COURIER, DESK, head, Ending::Released);
    let offer = world.events[1].0;
    let forged = world.about(SECOND_COURIER, Kind::RevokeOffer, offer);
    let custody = world.fold();
    assert_eq!(custody.holder, Some(party(DESK_PARTY)));
    assert_eq!(custody.parked, [(forged, ParkReason::NotGiver)]);
}

#[test]
fn an_excepted_item_stays_with_the_giver_and_the_others_move() {
    let (mut world, head) = taken_in();
    let other = ItemId::of("RR473124829VN");
    let receiver = world.people[COUNTER].device();
    let lines = vec![
        line(head),
        ItemRef {
            item: other,
            head: EventId::ZERO,
            seal: String::new(),
        },
    ];
    let offer = world.sign(COURIER, Kind::Offer, |event| offer_to(event, receiver, lines));
    let excepted = Excepted {
        item: item(),
        code: exception_code::SEAL,
    };
    let accept = world.accept(COUNTER, offer, vec![excepted]);

    let custody = world.fold();
    assert_eq!(custody.holder, Some(party(COURIER_PARTY)));
    assert_eq!(custody.head, Some(head));
    assert_eq!(custody.incidents, [(accept, Incident::SealMismatch)]);
    assert!(custody.disputed.is_none() && custody.parked.is_empty());

    let parties = world.parties();
    let speaks_for = |device: &DeviceId, _: Hat| parties.get(device).copied();
    let other = fold_item(other, ItemKind::ResultToApplicant, &world.known(), &speaks_for);
    assert_eq!(other.holder, Some(party(COUNTER_PARTY)));
    assert_eq!(
        other.applied[0].from,
        Some(party(COURIER_PARTY)),
        "the first giver known"
    );
}

#[test]
fn an_acceptance_of_another_list_than_the_one_offered_moves_nothing() {
    let (mut world, head) = taken_in();
    let offer = world.offer(COURIER, DESK, head);
    let other_list = world.sign(DESK, Kind::Accept, |event| Event {
        about: Some(About::Event(offer)),
        manifest_hash: Some([1; 32]),
        ..event
    });
    let custody = world.fold();
    assert_eq!(custody.holder, Some(party(COURIER_PARTY)));
    assert_eq!(custody.parked, [(other_list, ParkReason::DoesNotMatchOffer)]);
}

#[test]
fn an_acceptance_under_another_hand_over_moves_nothing() {
    let (mut world, head) = taken_in();
    let offer = world.offer(COURIER, DESK, head);
    let hash = world.event(offer).manifest_hash;
    let mixed_up = world.sign(DESK, Kind::Accept, |event| Event {
        about: Some(About::Event(offer)),
        manifest_hash: hash,
        ..event
    });
    assert_eq!(world.fold().parked, [(mixed_up, ParkReason::DoesNotMatchOffer)]);
}

#[test]
fn an_offer_whose_list_is_not_the_hashed_one_moves_nothing() {
    let (mut world, head) = taken_in();
    let receiver = world.people[DESK].device();
    let offer = world.sign(COURIER, Kind::Offer, |event| Event {
        items: vec![line(head)],
        ..offer_to(event, receiver, vec![])
    });
    let accept = world.accept(DESK, offer, vec![]);
    assert_eq!(world.fold().parked, [(accept, ParkReason::DoesNotMatchOffer)]);
}
