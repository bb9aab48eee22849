//! What people ruled on events that were not applied, and what nobody could place.

use crate::lanes::{HOUR, Stage};
use crate::support::RECEIVED_MS;
use crate::world::{CARRIER, COUNTER, COURIER, START_MS, code, item, line};
use custody::event::{About, Event, Tally};
use custody::ids::EventId;
use custody::kind::Kind;
use entity::Scope;
use entity::repo::contested::Lane;
use entity::testing::Backend;
use sea_orm::EntityTrait;
use serde_json::json;

both!(
    a_ruling_trusts_an_event_of_a_forked_phone_for_good,
    rulings_survive_a_rebuild_byte_for_byte,
    what_nobody_could_place_is_shown_with_its_bytes_and_leaves_when_ruled,
);

async fn a_ruling_trusts_an_event_of_a_forked_phone_for_good(backend: Backend) {
    let (mut stage, head) = Stage::set(backend).await;
    let handover = stage.world.handover();
    let draft = stage.world.draft(COURIER, Kind::Hold, handover);
    let one = Event {
        items: vec![line(&code(1), head)],
        ..draft.clone()
    };
    let other = Event {
        items: vec![line(&code(2), EventId([4; 32]))],
        ..draft
    };
    let other = stage.world.seal(COURIER, &other);
    let on_hold = stage.world.sign(COURIER, &one);
    stage.world.facts.push(other);
    stage.sync().await;
    assert_eq!(item(&stage.db.store, &code(1)).await.state, "C2");
    assert_eq!(stage.quarantined().await.len(), 2);
    stage.rule(&json!({ "outcome": "apply", "event": on_hold.to_string() }));
    stage.sync().await;
    assert_eq!(item(&stage.db.store, &code(1)).await.head, Some(on_hold.0.to_vec()));
    stage.folds_the_same_at_once().await;
    assert_eq!(
        stage.contested().await.len(),
        1,
        "the other event of that number still waits for a ruling"
    );

    // Another copy of the phone comes to light, further back: what was ruled stays ruled.
    let handover = stage.world.handover();
    let earlier = stage.world.draft(COURIER, Kind::Note, handover);
    let earlier = Event {
        seq: 1,
        prev: EventId::ZERO,
        items: vec![line(&code(1), EventId([5; 32]))],
        ..earlier
    };
    let earlier = stage.world.seal(COURIER, &earlier);
    stage.world.facts.push(earlier);
    stage.sync().await;
    let row = item(&stage.db.store, &code(1)).await;
    let trusted = entity::repo::life::custody_of(stage.db.store.read(), &Scope::everything(), i64::MAX).await;
    assert!(trusted.is_ok());
    assert_eq!(
        row.parked, 1,
        "its parent is distrusted now, so it waits; nobody took the ruling back"
    );
    stage.folds_the_same_at_once().await;
}

async fn rulings_survive_a_rebuild_byte_for_byte(backend: Backend) {
    let (mut stage, head) = Stage::set(backend).await;
    let one = stage.world.hand_over(COURIER, COUNTER, &code(1), head);
    let other = stage.world.hand_over(COURIER, CARRIER, &code(1), head);
    stage.sync().await;
    assert!(item(&stage.db.store, &code(1)).await.disputed);
    let cases = stage.contested().await;
    let custody = cases[0].custody.as_ref().expect("an item's case has its fold");
    let looked_at: Vec<String> = custody
        .to_be_heard()
        .expect("in dispute")
        .iter()
        .map(ToString::to_string)
        .collect();
    let ruled = json!({
        "outcome": "stands", "item": custody.item.to_string(), "at": head.to_string(), "heard": looked_at,
        "stands": other.to_string(),
    });
    stage.rule(&ruled);
    stage.sync().await;
    let row = item(&stage.db.store, &code(1)).await;
    assert_eq!((row.disputed, row.holder), (false, Some(stage.party(CARRIER))));
    // A third story, told later, opens it again and changes no holder.
    let third = stage.world.hand_over(COURIER, COUNTER, &code(1), head);
    stage.sync().await;
    let row = item(&stage.db.store, &code(1)).await;
    assert_eq!((row.disputed, row.holder), (true, Some(stage.party(CARRIER))));
    let branches: Vec<Vec<u8>> = stage.contested().await[0]
        .branches
        .iter()
        .map(|told| told.event.clone())
        .collect();
    for story in [one, other, third] {
        assert!(branches.contains(&story.0.to_vec()), "{story} is still shown");
    }
    stage.folds_the_same_at_once().await;
}

async fn what_nobody_could_place_is_shown_with_its_bytes_and_leaves_when_ruled(backend: Backend) {
    let (mut stage, head) = Stage::set(backend).await;
    let offered = stage.world.draft_offer(COURIER, COUNTER, vec![line(&code(1), head)]);
    let offer = stage.world.sign(COURIER, &offered);
    stage.keep_back();
    let handover = offered.handover_id.expect("every event has one");
    let draft = stage.world.draft(COUNTER, Kind::Accept, handover);
    let accept = Event {
        about: Some(About::Event(offer)),
        manifest_hash: offered.manifest_hash,
        tally: Some(Tally::Exceptions(Vec::new())),
        ..draft
    };
    let accept = stage.world.sign(COUNTER, &accept);
    stage.sync().await;
    assert!(stage.contested().await.is_empty(), "the offer may come any minute");
    stage.clock.advance(24 * HOUR);
    let cases = stage.contested().await;
    assert_eq!(
        (cases.len(), cases[0].lane, cases[0].reason.as_str()),
        (1, Lane::Parked, "waiting_for_offer")
    );
    let raw = &stage
        .world
        .facts
        .iter()
        .find(|fact| fact.id == accept)
        .expect("signed")
        .raw;
    assert_eq!((&cases[0].branches[0].raw, cases[0].since_ms), (raw, RECEIVED_MS));
    assert!(
        cases[0].branches[0]
            .bracket
            .is_some_and(|bracket| bracket.latest_ms >= START_MS)
    );
    let id = accept.to_string();
    stage.rule(&json!({ "outcome": "reject", "event": id, "sets_aside": id }));
    stage.sync().await;
    assert!(stage.contested().await.is_empty());
    assert_eq!(stage.waiting().await, 0);
    let kept = entity::table::inbox::Entity::find_by_id(accept.0.to_vec())
        .one(stage.db.store.read())
        .await;
    assert!(kept.expect("readable").is_some(), "and nothing is gone");
}
