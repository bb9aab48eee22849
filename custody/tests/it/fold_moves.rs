//! The fold's rules for one-party acts, for scans and for devices nobody knows, each as a sentence.

use custody::event::{Event, Place, exception_code};
use custody::fold::{DisputeReason, Known, ParkReason, fold_item};
use custody::ids::{DeviceId, EventId};
use custody::kind::Kind;
use domain::hat::Hat;
use domain::holder::Holder;
use domain::item::{AttemptReason, Incident, ItemKind, ItemState};

use crate::world::{
    COUNTER, COUNTER_PARTY, COURIER, COURIER_PARTY, DESK, DESK_PARTY, Ending, NOON_MS, SECOND_COURIER, SECOND_PARTY,
    World, item, line, party, taken_in,
};

#[test]
fn failed_attempts_are_counted_with_their_reason() {
    let (mut world, mut head) = taken_in();
    for _ in 0..2 {
        head = world.sign(COURIER, Kind::AttemptFailed, |event| Event {
            items: vec![line(head)],
            reason: Some(AttemptReason::Closed.code()),
            ..event
        });
    }
    let custody = world.fold();
    assert_eq!((custody.attempts, custody.state), (2, ItemState::AttemptFailed));
    assert_eq!(custody.holder, Some(party(COURIER_PARTY)));
    assert_eq!(
        custody.applied.last().expect("applied").reason,
        Some(AttemptReason::Closed.code())
    );
}

#[test]
fn attempts_to_fetch_end_with_the_taking_in() {
    let mut world = World::new();
    let failed = world.act(COURIER, Kind::AttemptFailed, EventId::ZERO);
    let custody = world.fold();
    assert_eq!(
        (custody.attempts, custody.state, custody.holder),
        (1, ItemState::PickupAssigned, None)
    );
    world.act(SECOND_COURIER, Kind::TakeIn, failed);
    let custody = world.fold();
    assert_eq!((custody.attempts, custody.holder), (0, Some(party(SECOND_PARTY))));
}

#[test]
fn delivery_gives_the_item_to_the_citizen_and_ends_it() {
    let (mut world, head) = taken_in();
    let delivered = world.act(COURIER, Kind::Deliver, head);
    let custody = world.fold_as(ItemKind::ResultToApplicant);
    assert_eq!(
        (custody.state, custody.holder),
        (ItemState::Delivered, Some(Holder::Citizen))
    );
    assert_eq!(custody.head, Some(delivered));
    assert_eq!(
        custody.applied[0].from, None,
        "who handed a result to the post is not known"
    );

    world.act(COURIER, Kind::AttemptFailed, delivered);
    let again = world.fold_as(ItemKind::ResultToApplicant);
    assert_eq!(again.holder, Some(Holder::Citizen));
    assert_eq!(again.disputed.expect("no longer his").reason, DisputeReason::NotHolder);
}

#[test]
fn a_dossier_for_the_agency_cannot_be_delivered_to_the_citizen() {
    let (mut world, head) = taken_in();
    world.act(COURIER, Kind::Deliver, head);
    let custody = world.fold();
    assert_eq!(
        (custody.state, custody.holder),
        (ItemState::Accepted, Some(party(COURIER_PARTY)))
    );
    assert_eq!(
        custody.disputed.expect("no such move").reason,
        DisputeReason::IllegalMove
    );
}

#[test]
fn a_returned_item_goes_back_to_its_sender() {
    let (mut world, head) = taken_in();
    let refused = world.act(COURIER, Kind::Refused, head);
    assert_eq!(world.fold_as(ItemKind::ResultToApplicant).state, ItemState::Refused);
    let returning = world.act(COURIER, Kind::Return, refused);
    let custody = world.fold_as(ItemKind::ResultToApplicant);
    assert_eq!(
        (custody.state, custody.holder),
        (ItemState::Returning, Some(party(COURIER_PARTY)))
    );
    world.hand_over(COURIER, DESK, returning, Ending::Released);
    let custody = world.fold_as(ItemKind::ResultToApplicant);
    assert_eq!(
        (custody.state, custody.holder),
        (ItemState::Returned, Some(party(DESK_PARTY)))
    );
}

#[test]
fn holding_redirecting_and_withdrawing_keep_the_holder() {
    let (mut world, mut head) = taken_in();
    for (kind, state) in [
        (Kind::Hold, ItemState::HeldForPickup),
        (Kind::Redirect, ItemState::Redirected),
        (Kind::Withdraw, ItemState::Withdrawn),
    ] {
        head = world.act(COURIER, kind, head);
        let custody = world.fold();
        assert_eq!(
            (custody.state, custody.holder, custody.head),
            (state, Some(party(COURIER_PARTY)), Some(head))
        );
    }
}

#[test]
fn remarks_scans_money_and_kinds_of_tomorrow_do_not_move_the_head() {
    let (mut world, head) = taken_in();
    let before = world.fold();
    let kinds = [
        Kind::Note,
        Kind::Observe,
        Kind::Cash,
        Kind::Correction,
        Kind::Key,
        Kind::from_code(99),
    ];
    for kind in kinds {
        world.act(COURIER, kind, head);
    }
    assert_eq!(world.fold(), before);
}

#[test]
fn a_scan_by_somebody_else_is_a_sighting() {
    let (mut world, head) = taken_in();
    let seen = world.sign(COUNTER, Kind::Observe, |event| Event {
        items: vec![line(head)],
        place: Some(Place::Text("880000".into())),
        ..event
    });
    world.act(COURIER, Kind::Observe, head);
    let custody = world.fold();
    assert_eq!(custody.holder, Some(party(COURIER_PARTY)));
    assert_eq!(custody.sightings.len(), 1);
    assert_eq!(
        (custody.sightings[0].id, custody.sightings[0].by),
        (seen, party(COUNTER_PARTY))
    );
}

#[test]
fn a_scan_by_the_holder_of_that_time_is_no_sighting() {
    let (mut world, head) = taken_in();
    world.act(COURIER, Kind::Observe, head);
    world.hand_over(COURIER, COUNTER, head, Ending::Released);
    assert!(world.fold().sightings.is_empty());
}

#[test]
fn damage_is_laid_over_the_state() {
    let (mut world, head) = taken_in();
    let damaged = world.sign(COURIER, Kind::Exception, |event| Event {
        items: vec![line(head)],
        reason: Some(exception_code::DAMAGED),
        ..event
    });
    let custody = world.fold();
    assert_eq!(custody.state, ItemState::Accepted);
    assert_eq!(custody.incidents, [(damaged, Incident::Damaged)]);
}

#[test]
fn a_device_that_is_not_enrolled_moves_nothing_and_starts_no_dispute() {
    let (mut world, head) = taken_in();
    let refused = world.act(SECOND_COURIER, Kind::Refused, head);
    let hold = world.act(COURIER, Kind::Hold, head);
    let mut parties = world.parties();
    parties.remove(&world.people[SECOND_COURIER].device());
    let speaks_for = |device: &DeviceId, _: Hat| parties.get(device).copied();
    let custody = fold_item(item(), ItemKind::DossierToAgency, &world.known(), &speaks_for);
    assert_eq!((custody.head, custody.disputed), (Some(hold), None));
    assert_eq!(custody.parked, [(refused, ParkReason::UnknownSigner)]);
}

#[test]
fn a_hat_the_device_does_not_have_or_nobody_knows_moves_nothing() {
    let (mut world, head) = taken_in();
    let hold = world.act(COURIER, Kind::Hold, head);
    let unknown_hat = world.sign(COURIER, Kind::Return, |event| Event {
        items: vec![line(hold)],
        acting_as: Some(9),
        ..event
    });
    assert_eq!(world.fold().parked, [(unknown_hat, ParkReason::UnknownSigner)]);

    let carriers_only = |_: &DeviceId, hat: Hat| (hat == Hat::PostAgent).then(|| party(COUNTER_PARTY));
    let custody = fold_item(item(), ItemKind::DossierToAgency, &world.known(), &carriers_only);
    assert_eq!(custody.holder, None);
    assert_eq!(custody.parked.len(), 3);
}

#[test]
fn the_desk_does_not_do_the_posts_work() {
    let mut world = World::new();
    world.act(DESK, Kind::TakeIn, EventId::ZERO);
    assert_eq!(
        world.fold().disputed.expect("not its act").reason,
        DisputeReason::IllegalMove
    );
}

#[test]
fn an_event_received_twice_counts_from_its_first_receipt() {
    let (world, head) = taken_in();
    let event = world.event(head).clone();
    let late = i64::try_from(NOON_MS).expect("a date") - 5;
    let twice = [
        Known {
            id: head,
            event: &event,
            received_ms: i64::MAX,
        },
        Known {
            id: head,
            event: &event,
            received_ms: late,
        },
    ];
    let parties = world.parties();
    let speaks_for = |device: &DeviceId, _: Hat| parties.get(device).copied();
    let custody = fold_item(item(), ItemKind::DossierToAgency, &twice, &speaks_for);
    assert_eq!(custody.since_ms, Some(late));
}

#[test]
fn equal_custody_has_equal_bytes_and_another_one_other_bytes() {
    let (mut world, head) = taken_in();
    let before = world.fold().to_bytes();
    assert_eq!(world.fold().to_bytes(), before);
    world.act(COURIER, Kind::Hold, head);
    assert_ne!(world.fold().to_bytes(), before);
}
