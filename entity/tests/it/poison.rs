//! Whatever comes in is kept, shown with its reason, and stops nobody.

use crate::support::{fresh, lead, number, put};
use crate::world::{CARRIER, COURIER, DESK, World, code, item, line};
use custody::envelope::{Signer, SoftSigner, seal};
use custody::event::Event;
use custody::ids::EventId;
use custody::kind::Kind;
use domain::hat::Hat;
use domain::item::ItemKind;
use entity::inbox::Fact;
use entity::repo::finding;
use entity::testing::Backend;
use serde_json::json;

/// A world with one item that its courier has taken in.
fn taken_in() -> (World, EventId) {
    let mut world = World::new();
    world.enrol_all();
    world.dossier_act("dossier.ordered", &json!({}));
    world.item_created(&code(1), ItemKind::DossierToAgency);
    let head = world.one_party(COURIER, Kind::TakeIn, &code(1), EventId::ZERO);
    (world, head)
}

/// The next event of the carrier, who has done nothing yet.
fn note(world: &mut World) -> Event {
    let handover = world.handover();
    Event {
        items: vec![line(&code(1), EventId::ZERO)],
        ..world.draft(CARRIER, Kind::Note, handover)
    }
}

/// Each way bytes and signatures can be unfit, and the reason shown for it.
fn unsound(world: &mut World) -> Vec<(Fact, &'static str)> {
    let sound = note(world);
    let mut spoilt = world.seal(
        CARRIER,
        &Event {
            seq: 40,
            ..sound.clone()
        },
    );
    *spoilt.raw.last_mut().expect("a signature") ^= 1;
    let key = SoftSigner::from_bytes(&[77; 32]).expect("a key");
    let device = key.public_key().device_id();
    let stranger = seal(&Event { device, ..sound }, &key).expect("a soft key signs");
    vec![
        (Fact::from_bytes(vec![0xd2, 0x84, 0x40]), "not_an_envelope"),
        (Fact::from_bytes(vec![0; 70_000]), "not_an_envelope"),
        (spoilt, "bad_signature"),
        (Fact::from_bytes(stranger.bytes), "unknown_device"),
    ]
}

/// Each way a genuine event can be unfit, and the reason shown for it.
fn unfit(world: &mut World) -> Vec<(Fact, &'static str)> {
    let sound = |seq| Event { seq, ..note(world) };
    let mut events: Vec<(Event, &'static str)> = [30, 31, 32, 33]
        .into_iter()
        .map(sound)
        .zip(["not_interpreted", "missing_keys", "hat_not_held", "hat_not_held"])
        .collect();
    events[0].0.kind = Kind::from_code(99);
    events[1].0.mono = None;
    events[2].0.acting_as = Some(Hat::PostAgent.code());
    events[3].0.acting_as = Some(9);
    for seq in [0, i64::MAX.unsigned_abs(), 1 << 63, u64::MAX - 1, u64::MAX] {
        events.push((Event { seq, ..note(world) }, "impossible_sequence"));
    }
    events
        .into_iter()
        .map(|(event, reason)| (world.seal(CARRIER, &event), reason))
        .collect()
}

fn poison(world: &mut World) -> Vec<(Fact, &'static str)> {
    [unsound(world), unfit(world)].concat()
}

async fn every_poison_is_kept_and_shown_and_holds_nobody_up(backend: Backend) {
    let db = fresh(backend).await;
    let (mut world, head) = taken_in();
    let poison = poison(&mut world);
    let before = world.facts.len();
    world.hand_over(COURIER, CARRIER, &code(1), head);
    world.prepare(&db.store).await;
    let mut leader = lead(&db.store, &world.keys).await;
    put(&db.store, &world.facts[..before]).await;
    put(
        &db.store,
        &poison.iter().map(|(fact, _)| fact.clone()).collect::<Vec<_>>(),
    )
    .await;
    put(&db.store, &world.facts[before..]).await;
    let folded = leader.drain().await.expect("no poison stops the projector");
    assert_eq!(folded.applied, (world.facts.len() + poison.len()) as u64);

    let shown = finding::quarantined(db.store.read(), 100).await.expect("readable");
    for (fact, reason) in &poison {
        let row = shown.iter().find(|row| row.event_id == fact.id.0).expect(reason);
        assert_eq!(row.reason, *reason);
        let kept = format!("SELECT count(*) FROM inbox WHERE log_index = {}", row.log_index);
        assert_eq!(number(db.store.read(), &kept).await, 1);
    }
    assert_eq!(shown.len(), poison.len(), "nothing else was set aside");
    let item = item(&db.store, &code(1)).await;
    assert_eq!(
        (item.state.as_str(), item.holder),
        ("C5", Some(world.people[CARRIER].party.to_string()))
    );
}

/// A stranger can make up any number under another's name; it must neither hide a gap nor open one.
async fn a_forged_number_changes_nothing_of_what_a_device_is_asked_for(backend: Backend) {
    let db = fresh(backend).await;
    let (mut world, _) = taken_in();
    let sound = note(&mut world);
    let third = world.seal(
        CARRIER,
        &Event {
            seq: 3,
            prev: EventId([3; 32]),
            ..sound.clone()
        },
    );
    let mut forged: Vec<Fact> = [2, 50]
        .map(|seq| world.seal(CARRIER, &Event { seq, ..sound.clone() }))
        .into();
    for fact in &mut forged {
        *fact.raw.last_mut().expect("a signature") ^= 1;
    }
    world.facts.push(third);
    world.facts.extend(forged);
    let mut leader = world.told_in_order(&db.store).await;
    leader.drain().await.expect("folded");
    let id = world.people[CARRIER].device();
    let device = entity::repo::device::by_id(db.store.read(), id)
        .await
        .expect("readable")
        .expect("enrolled");
    let missing = entity::repo::device::missing(db.store.read(), &device, 10)
        .await
        .expect("readable");
    assert_eq!((device.contiguous, device.seq_max, missing), (0, 3, vec![(1, 2)]));
}

async fn an_event_about_an_item_nobody_has_made_waits_for_it_and_is_then_applied(backend: Backend) {
    let db = fresh(backend).await;
    let mut world = World::new();
    world.enrol_all();
    world.prepare(&db.store).await;
    let mut leader = lead(&db.store, &world.keys).await;
    let take_in = world.one_party(COURIER, Kind::TakeIn, &code(1), EventId::ZERO);
    put(&db.store, &world.facts).await;
    leader.drain().await.expect("folded");
    let waiting = finding::parked_since(db.store.read(), i64::MAX)
        .await
        .expect("readable");
    assert_eq!(waiting.len(), 1);
    assert_eq!(
        (waiting[0].event_id.as_slice(), waiting[0].reason.as_str()),
        (&take_in.0[..], "unknown_item")
    );

    world.item_created(&code(1), ItemKind::DossierToAgency);
    put(&db.store, &world.facts).await;
    leader.drain().await.expect("folded");
    assert_eq!(item(&db.store, &code(1)).await.state, "C2");
    assert!(
        finding::parked_since(db.store.read(), i64::MAX)
            .await
            .expect("readable")
            .is_empty()
    );
}

async fn an_acceptance_whose_offer_has_not_come_is_shown_as_waiting(backend: Backend) {
    let db = fresh(backend).await;
    let (mut world, head) = taken_in();
    let offered = world.draft_offer(COURIER, CARRIER, vec![line(&code(1), head)]);
    let offer = world.sign(COURIER, &offered);
    let offer_fact = world.facts.pop().expect("the offer");
    let accept = world.accept(CARRIER, offer, &offered);
    world.release(COURIER, accept, &offered);
    let mut leader = world.told_in_order(&db.store).await;
    let waiting = finding::parked_since(db.store.read(), i64::MAX)
        .await
        .expect("readable");
    let reasons: Vec<(&[u8], &str)> = waiting
        .iter()
        .map(|row| (&row.event_id[..], row.reason.as_str()))
        .collect();
    assert!(reasons.contains(&(&accept.0[..], "waiting_for_offer")), "{reasons:?}");
    assert_eq!(
        item(&db.store, &code(1)).await.holder,
        Some(world.people[COURIER].party.to_string())
    );

    put(&db.store, &[offer_fact]).await;
    leader.drain().await.expect("folded");
    let item = item(&db.store, &code(1)).await;
    assert_eq!(
        (item.holder, item.provisional),
        (Some(world.people[CARRIER].party.to_string()), false)
    );
    assert!(
        finding::parked_since(db.store.read(), i64::MAX)
            .await
            .expect("readable")
            .is_empty()
    );
}

async fn what_a_revoked_device_sends_late_is_kept_apart(backend: Backend) {
    let db = fresh(backend).await;
    let (mut world, head) = taken_in();
    let device = world.people[COURIER].device().0;
    world.act("device.revoked", device, &json!({}));
    let late = world.one_party(COURIER, Kind::Hold, &code(1), head);
    drop(world.told_in_order(&db.store).await);
    let shown = finding::quarantined(db.store.read(), 10).await.expect("readable");
    assert_eq!(shown.len(), 1);
    assert_eq!(
        (&shown[0].event_id[..], shown[0].reason.as_str()),
        (&late.0[..], "late_from_revoked")
    );
    assert_eq!(item(&db.store, &code(1)).await.state, "C2", "what came before stands");
}

async fn acts_that_make_no_sense_or_are_not_ours_are_shown(backend: Backend) {
    let db = fresh(backend).await;
    let (mut world, _) = taken_in();
    let other = World::new();
    let ours = std::mem::replace(&mut world.keys, other.keys);
    let foreign = world.dossier_act("dossier.cancelled", &json!({}));
    world.keys = ours;
    let unknown = world.dossier_act("dossier.eaten_by_a_cow", &json!({}));
    let poor = world.dossier_act("dossier.received", &json!({ "code": 7 }));
    let strange = world.act("weather.changed", [0; 16], &json!([]));
    let no_item = world.dossier_act(
        "item.created",
        &json!({ "item_code": "EE1", "kind": "DOSSIER_TO_AGENCY" }),
    );
    drop(world.told_in_order(&db.store).await);
    let shown = finding::quarantined(db.store.read(), 10).await.expect("readable");
    let reason = |id: EventId| {
        shown
            .iter()
            .find(|row| row.event_id == id.0)
            .map(|row| row.reason.as_str())
    };
    assert_eq!(reason(foreign), Some("bad_server_signature"));
    for id in [unknown, poor, strange, no_item] {
        assert_eq!(reason(id), Some("act_not_interpreted"));
    }
    assert_eq!(shown.len(), 5);
    assert_eq!(
        crate::world::picture(&db.store).await.dossiers[0].0,
        "D2",
        "the true facts stand"
    );
    assert_ne!(world.people[DESK].seq, 1);
}

both!(
    every_poison_is_kept_and_shown_and_holds_nobody_up,
    a_forged_number_changes_nothing_of_what_a_device_is_asked_for,
    an_event_about_an_item_nobody_has_made_waits_for_it_and_is_then_applied,
    an_acceptance_whose_offer_has_not_come_is_shown_as_waiting,
    what_a_revoked_device_sends_late_is_kept_apart,
    acts_that_make_no_sense_or_are_not_ours_are_shown,
);
