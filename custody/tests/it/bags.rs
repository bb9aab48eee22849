//! A sealed bag is one item: what lies in it goes where it goes.

use custody::event::{Event, Excepted, ItemRef, exception_code};
use custody::fold::{DisputeReason, ItemCustody, ParkReason};
use custody::ids::{EventId, ItemId};
use custody::kind::Kind;
use domain::item::{Incident, ItemKind, ItemState};

use crate::world::{
    COUNTER, COUNTER_PARTY, COURIER, COURIER_PARTY, DESK, DESK_PARTY, Ending, SECOND_COURIER, SECOND_PARTY, World,
    bag_line, item, line, party, taken_in,
};

const BAG: &str = "MB000000011VN";

fn other() -> ItemId {
    ItemId::of("EE000000169VN")
}

fn other_line(head: EventId) -> ItemRef {
    ItemRef {
        item: other(),
        ..line(head)
    }
}

/// Two items taken in by the courier and sealed into one bag.
fn packed() -> (World, EventId) {
    let (mut world, first) = taken_in();
    let second = world.sign(COURIER, Kind::TakeIn, |event| Event {
        items: vec![other_line(EventId::ZERO)],
        ..event
    });
    let head = world.pack(COURIER, BAG, vec![line(first), other_line(second)]);
    (world, head)
}

fn both(world: &World) -> [ItemCustody; 2] {
    [item(), other()].map(|item| world.fold_of(item, ItemKind::DossierToAgency))
}

fn dispute(custody: &ItemCustody) -> Option<DisputeReason> {
    custody.disputed.as_ref().map(|dispute| dispute.reason)
}

#[test]
fn packing_changes_neither_hands_nor_state_nor_the_items_own_seal() {
    let (world, head) = packed();
    for custody in both(&world) {
        let packed = custody.packed.as_ref().expect("lies in the bag");
        assert_eq!(
            (packed.label.as_str(), packed.seal.as_str(), packed.since),
            (BAG, "NP-1", head)
        );
        assert_eq!((custody.holder, custody.head), (Some(party(COURIER_PARTY)), Some(head)));
        assert_eq!(
            (custody.state, custody.seal.as_deref()),
            (ItemState::Accepted, Some("S-0001"))
        );
        assert!(custody.disputed.is_none() && custody.parked.is_empty());
    }
}

#[test]
fn one_hand_over_of_the_bag_moves_everything_in_it() {
    let (mut world, head) = packed();
    let accept = world.hand_over_line(COURIER, COUNTER, bag_line(BAG, head), Ending::Released);
    for custody in both(&world) {
        assert_eq!(
            (custody.holder, custody.head),
            (Some(party(COUNTER_PARTY)), Some(accept))
        );
        assert_eq!((custody.state, custody.provisional), (ItemState::InTransit, false));
        assert_eq!(
            custody.seal.as_deref(),
            Some("S-0001"),
            "the bag's seal is not the item's"
        );
    }
}

#[test]
fn an_acceptance_of_the_bag_without_its_release_is_provisional_for_all_of_it() {
    let (mut world, head) = packed();
    world.hand_over_line(COURIER, COUNTER, bag_line(BAG, head), Ending::NotReleased);
    assert!(both(&world).iter().all(|custody| custody.provisional));
}

#[test]
fn what_is_taken_out_goes_its_own_way_and_the_rest_goes_on_with_the_bag() {
    let (mut world, head) = packed();
    let accept = world.hand_over_line(COURIER, COUNTER, bag_line(BAG, head), Ending::Released);
    let opened = world.open(COUNTER, BAG, accept, vec![line(accept)]);
    let out = world.hand_over(COUNTER, SECOND_COURIER, opened, Ending::Released);
    let rest = world.hand_over_line(COUNTER, COURIER, bag_line(BAG, opened), Ending::Released);
    let [left, stayed] = both(&world);
    assert_eq!((left.holder, left.head), (Some(party(SECOND_PARTY)), Some(out)));
    assert_eq!((stayed.holder, stayed.head), (Some(party(COURIER_PARTY)), Some(rest)));
    assert!(left.packed.is_none() && stayed.packed.is_some());
    for custody in [left, stayed] {
        assert!(
            custody.disputed.is_none() && custody.parked.is_empty(),
            "{:?}",
            custody.parked
        );
    }
}

#[test]
fn the_desk_opens_the_bag_it_got() {
    let (mut world, head) = packed();
    let accept = world.hand_over_line(COURIER, DESK, bag_line(BAG, head), Ending::Released);
    world.open(DESK, BAG, accept, vec![line(accept), other_line(accept)]);
    for custody in both(&world) {
        assert_eq!(
            (custody.holder, custody.state),
            (Some(party(DESK_PARTY)), ItemState::Delivered)
        );
        assert!(custody.packed.is_none() && custody.disputed.is_none());
    }
}

#[test]
fn packing_what_one_does_not_hold_is_a_dispute_of_that_item_alone() {
    let (mut world, first) = taken_in();
    let second = world.sign(SECOND_COURIER, Kind::TakeIn, |event| Event {
        items: vec![other_line(EventId::ZERO)],
        ..event
    });
    let head = world.pack(COURIER, BAG, vec![line(first), other_line(second)]);
    let accept = world.hand_over_line(COURIER, COUNTER, bag_line(BAG, head), Ending::Released);
    let [mine, not_mine] = both(&world);
    assert_eq!((mine.holder, dispute(&mine)), (Some(party(COUNTER_PARTY)), None));
    assert_eq!(
        (not_mine.holder, dispute(&not_mine)),
        (Some(party(SECOND_PARTY)), Some(DisputeReason::NotHolder))
    );
    assert_eq!(not_mine.parked, [(accept, ParkReason::BehindDispute)]);
}

#[test]
fn packing_an_item_that_went_elsewhere_is_a_fork() {
    let (mut world, head) = taken_in();
    world.hand_over(COURIER, COUNTER, head, Ending::Released);
    world.pack(COURIER, BAG, vec![line(head)]);
    let custody = world.fold();
    assert_eq!(
        (custody.holder, dispute(&custody)),
        (Some(party(COURIER_PARTY)), Some(DisputeReason::Fork))
    );
}

#[test]
fn a_packing_of_an_event_nobody_knows_waits() {
    let (mut world, _) = taken_in();
    let packing = world.pack(COURIER, BAG, vec![line(EventId([9; 32]))]);
    let moved = world.hand_over_line(COURIER, COUNTER, bag_line(BAG, packing), Ending::Released);
    let custody = world.fold();
    let mut parked = [packing, moved].map(|id| (id, ParkReason::WaitingForParent));
    parked.sort();
    assert_eq!(
        (custody.holder, custody.parked),
        (Some(party(COURIER_PARTY)), parked.to_vec())
    );
}

#[test]
fn a_label_that_seals_two_bags_puts_both_in_doubt() {
    let (mut world, first) = taken_in();
    let second = world.sign(SECOND_COURIER, Kind::TakeIn, |event| Event {
        items: vec![other_line(EventId::ZERO)],
        ..event
    });
    let mut packings = [
        world.pack(COURIER, BAG, vec![line(first)]),
        world.pack(SECOND_COURIER, BAG, vec![other_line(second)]),
    ];
    packings.sort();
    for (custody, number) in both(&world).into_iter().zip([COURIER_PARTY, SECOND_PARTY]) {
        assert_eq!(
            (custody.holder, dispute(&custody)),
            (Some(party(number)), Some(DisputeReason::Fork))
        );
        assert_eq!(custody.disputed.expect("in dispute").branches, packings);
    }
}

#[test]
fn what_lies_in_a_sealed_bag_is_moved_by_nothing_that_does_not_name_the_bag() {
    for kind in [Kind::Hold, Kind::Return, Kind::AttemptFailed] {
        let (mut world, head) = packed();
        world.act(COURIER, kind, head);
        let [moved, untouched] = both(&world);
        assert_eq!(dispute(&moved), Some(DisputeReason::IllegalMove), "{kind:?}");
        assert_eq!(dispute(&untouched), None);
    }
    let (mut world, head) = packed();
    world.hand_over(COURIER, COUNTER, head, Ending::Released);
    let custody = world.fold();
    assert_eq!(
        (custody.holder, dispute(&custody)),
        (Some(party(COURIER_PARTY)), Some(DisputeReason::IllegalMove))
    );
}

#[test]
fn a_bag_is_handed_over_and_opened_and_nothing_else() {
    for kind in [Kind::Hold, Kind::Return, Kind::Withdraw, Kind::Redirect] {
        let (mut world, head) = packed();
        world.sign(COURIER, kind, |event| Event {
            items: vec![bag_line(BAG, head)],
            ..event
        });
        for custody in both(&world) {
            assert_eq!(dispute(&custody), Some(DisputeReason::IllegalMove), "{kind:?}");
        }
    }
    let (mut world, head) = packed();
    world.pack(COURIER, "MB000000025VN", vec![bag_line(BAG, head)]);
    assert!(
        both(&world)
            .iter()
            .all(|custody| dispute(custody) == Some(DisputeReason::IllegalMove))
    );
}

#[test]
fn somebody_who_does_not_hold_the_bag_neither_opens_nor_hands_it_over() {
    let (mut world, head) = packed();
    world.open(COUNTER, BAG, head, vec![line(head)]);
    assert!(
        both(&world)
            .iter()
            .all(|custody| dispute(custody) == Some(DisputeReason::NotHolder))
    );
    let (mut world, head) = packed();
    world.hand_over_line(COUNTER, SECOND_COURIER, bag_line(BAG, head), Ending::Released);
    for custody in both(&world) {
        assert_eq!(
            (custody.holder, dispute(&custody)),
            (Some(party(COURIER_PARTY)), Some(DisputeReason::NotHolder))
        );
    }
}

#[test]
fn taking_out_what_does_not_lie_in_the_bag_is_a_dispute() {
    let (mut world, head) = taken_in();
    world.open(COURIER, BAG, head, vec![line(head)]);
    assert_eq!(dispute(&world.fold()), Some(DisputeReason::IllegalMove));
}

#[test]
fn the_desk_packs_its_results_and_hands_all_of_them_to_a_courier_at_once() {
    let mut world = World::new();
    let lines = vec![line(EventId::ZERO), other_line(EventId::ZERO)];
    let packed = world.pack(DESK, BAG, lines);
    let results = |world: &World| [item(), other()].map(|item| world.fold_of(item, ItemKind::ResultToApplicant));
    for custody in results(&world) {
        assert_eq!(
            (custody.holder, custody.state),
            (Some(party(DESK_PARTY)), ItemState::Created)
        );
        assert!(custody.packed.is_some() && custody.disputed.is_none());
    }
    let offer = world.offer_lines(DESK, COURIER, vec![bag_line(BAG, packed)]);
    let accept = world.accept(COURIER, offer, Vec::new());
    for custody in results(&world) {
        assert_eq!(
            (custody.holder, custody.head),
            (Some(party(COURIER_PARTY)), Some(accept))
        );
        assert_eq!(custody.state, ItemState::Accepted);
        assert!(custody.disputed.is_none() && custody.parked.is_empty());
    }
}

#[test]
fn the_post_packs_nothing_that_it_does_not_have() {
    let mut world = World::new();
    world.pack(COURIER, BAG, vec![line(EventId::ZERO)]);
    let custody = world.fold_of(item(), ItemKind::ResultToApplicant);
    assert_eq!(
        (custody.holder, dispute(&custody)),
        (None, Some(DisputeReason::NotHolder))
    );
}

#[test]
fn the_desk_packs_nothing_that_came_to_it() {
    let (mut world, head) = taken_in();
    let head = world.hand_over(COURIER, DESK, head, Ending::Released);
    world.pack(DESK, BAG, vec![line(head)]);
    let custody = world.fold();
    assert_eq!(
        (custody.holder, dispute(&custody)),
        (Some(party(DESK_PARTY)), Some(DisputeReason::IllegalMove))
    );
}

#[test]
fn a_packing_that_names_no_bag_is_a_dispute() {
    let (mut world, head) = taken_in();
    world.act(COURIER, Kind::Aggregate, head);
    assert_eq!(dispute(&world.fold()), Some(DisputeReason::IllegalMove));
}

#[test]
fn a_bag_that_is_not_taken_stays_and_its_torn_seal_is_told_of_everything_in_it() {
    let (mut world, head) = packed();
    let offer = world.offer_lines(COURIER, COUNTER, vec![bag_line(BAG, head)]);
    let torn = Excepted {
        item: ItemId::of(BAG),
        code: exception_code::SEAL,
    };
    let accept = world.accept(COUNTER, offer, vec![torn]);
    for custody in both(&world) {
        assert_eq!((custody.holder, custody.head), (Some(party(COURIER_PARTY)), Some(head)));
        assert_eq!(custody.incidents, [(accept, Incident::SealMismatch)]);
    }
}

#[test]
fn what_is_seen_or_told_of_the_bag_is_told_of_what_lies_in_it_then() {
    let (mut world, head) = packed();
    let opened = world.open(COURIER, BAG, head, vec![line(head)]);
    world.sign(COUNTER, Kind::Observe, |event| Event {
        items: vec![bag_line(BAG, opened)],
        ..event
    });
    world.sign(COUNTER, Kind::Exception, |event| Event {
        items: vec![bag_line(BAG, opened)],
        reason: Some(exception_code::DAMAGED),
        ..event
    });
    let [left, stayed] = both(&world);
    assert!(left.sightings.is_empty() && left.incidents.is_empty());
    assert_eq!((stayed.sightings.len(), stayed.incidents.len()), (1, 1));
}

#[test]
fn what_was_taken_out_may_be_packed_again_under_another_label() {
    let (mut world, head) = packed();
    let opened = world.open(COURIER, BAG, head, vec![line(head)]);
    let again = world.pack(COURIER, "MB000000025VN", vec![line(opened)]);
    let custody = world.fold();
    assert_eq!(custody.head, Some(again));
    assert_eq!(custody.packed.expect("in the second bag").label, "MB000000025VN");
    assert!(custody.disputed.is_none());
}
