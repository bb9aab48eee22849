//! Never a silent choice between two stories.

use crate::support::{fresh, lead, put};
use crate::world::{CARRIER, COUNTER, COURIER, World, code, item, line};
use custody::event::Event;
use custody::ids::EventId;
use custody::kind::Kind;
use domain::item::ItemKind;
use entity::repo::finding;
use entity::testing::Backend;

fn taken_in() -> (World, EventId) {
    let mut world = World::new();
    world.enrol_all();
    world.item_created(&code(1), ItemKind::DossierToAgency);
    let head = world.one_party(COURIER, Kind::TakeIn, &code(1), EventId::ZERO);
    (world, head)
}

async fn two_who_both_took_it_over_are_an_open_dispute_and_the_giver_stays_the_holder(backend: Backend) {
    let db = fresh(backend).await;
    let (mut world, head) = taken_in();
    world.hand_over(COURIER, COUNTER, &code(1), head);
    world.hand_over(COURIER, CARRIER, &code(1), head);
    drop(world.told_in_order(&db.store).await);
    let row = item(&db.store, &code(1)).await;
    assert_eq!(
        (row.disputed, row.holder),
        (true, Some(world.people[COURIER].party.to_string()))
    );
}

async fn who_does_not_hold_an_item_cannot_move_it(backend: Backend) {
    let db = fresh(backend).await;
    let (mut world, head) = taken_in();
    world.one_party(CARRIER, Kind::Hold, &code(1), head);
    drop(world.told_in_order(&db.store).await);
    let row = item(&db.store, &code(1)).await;
    assert_eq!((row.disputed, row.state.as_str()), (true, "C2"));
    assert_eq!(row.holder, Some(world.people[COURIER].party.to_string()));
}

async fn an_acceptance_without_release_is_provisional_until_the_giver_confirms(backend: Backend) {
    let db = fresh(backend).await;
    let (mut world, head) = taken_in();
    let offered = world.draft_offer(COURIER, COUNTER, vec![line(&code(1), head)]);
    let offer = world.sign(COURIER, &offered);
    let accept = world.accept(COUNTER, offer, &offered);
    let mut leader = world.told_in_order(&db.store).await;
    let row = item(&db.store, &code(1)).await;
    assert_eq!(
        (row.provisional, row.holder),
        (true, Some(world.people[COUNTER].party.to_string()))
    );
    world.release(COURIER, accept, &offered);
    put(&db.store, &world.facts).await;
    leader.drain().await.expect("folded");
    assert!(!item(&db.store, &code(1)).await.provisional);
}

async fn one_offer_for_two_items_moves_both_and_a_missing_history_of_one_is_shown(backend: Backend) {
    let db = fresh(backend).await;
    let (mut world, head) = taken_in();
    world.item_created(&code(2), ItemKind::DossierToAgency);
    let unknown = EventId([5; 32]);
    let items = vec![line(&code(1), head), line(&code(2), unknown)];
    let offered = world.draft_offer(COURIER, COUNTER, items);
    let offer = world.sign(COURIER, &offered);
    let accept = world.accept(COUNTER, offer, &offered);
    world.release(COURIER, accept, &offered);
    world.prepare(&db.store).await;
    let mut leader = lead(&db.store, &world.keys).await;
    put(&db.store, &world.facts).await;
    leader.drain().await.expect("folded");
    assert_eq!(
        item(&db.store, &code(1)).await.holder,
        Some(world.people[COUNTER].party.to_string())
    );
    assert_eq!(item(&db.store, &code(2)).await.parked, 1);
    let waiting = finding::parked_since(db.store.read(), i64::MAX)
        .await
        .expect("readable");
    assert_eq!(waiting.len(), 1, "applied to one item, still waiting for the other");
    assert_eq!(
        (&waiting[0].event_id[..], waiting[0].reason.as_str()),
        (&accept.0[..], "waiting_for_parent")
    );
}

/// It waited for an event that never came; now its device is known to be a copy. It needs a person, not another event.
async fn an_event_that_waits_and_is_then_distrusted_waits_no_more(backend: Backend) {
    let db = fresh(backend).await;
    let (mut world, _) = taken_in();
    let handover = world.handover();
    let draft = world.draft(COURIER, Kind::Hold, handover);
    let [one, other] = [6, 7].map(|n| Event {
        items: vec![line(&code(1), EventId([n; 32]))],
        ..draft.clone()
    });
    world.sign(COURIER, &one);
    let mut leader = world.told_in_order(&db.store).await;
    assert_eq!(
        finding::parked_since(db.store.read(), i64::MAX)
            .await
            .expect("readable")
            .len(),
        1
    );
    put(&db.store, &[world.seal(COURIER, &other)]).await;
    leader.drain().await.expect("folded");
    assert!(
        finding::parked_since(db.store.read(), i64::MAX)
            .await
            .expect("readable")
            .is_empty()
    );
    let shown = finding::quarantined(db.store.read(), 10).await.expect("readable");
    assert_eq!(
        shown.iter().map(|row| row.reason.as_str()).collect::<Vec<_>>(),
        ["device_forked", "device_forked"]
    );
}

both!(
    an_event_that_waits_and_is_then_distrusted_waits_no_more,
    two_who_both_took_it_over_are_an_open_dispute_and_the_giver_stays_the_holder,
    who_does_not_hold_an_item_cannot_move_it,
    an_acceptance_without_release_is_provisional_until_the_giver_confirms,
    one_offer_for_two_items_moves_both_and_a_missing_history_of_one_is_shown,
);
