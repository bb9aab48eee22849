//! Devices: a one-time code makes one, an act in the log says so, and what it sent before is judged again.

use crate::support::{RECEIVED_MS, fresh, lead, put};
use crate::world::{COURIER, World, code, item};
use custody::envelope::Signer;
use custody::ids::EventId;
use custody::kind::Kind;
use domain::hat::Hat;
use domain::item::ItemKind;
use entity::Store;
use entity::inbox::{Outcome, deposit};
use entity::repo::staff::{Person, Role};
use entity::repo::{device, finding};
use entity::testing::Backend;

fn courier(world: &World) -> Person {
    Person {
        id: world.people[COURIER].staff,
        login: "c1".to_owned(),
        name: "Néang Sóc".to_owned(),
        operator: None,
        roles: vec![Role::Courier],
        password_hash: None,
        service_point: None,
        agency: None,
        office_name: String::new(),
    }
}

async fn enrol(store: &Store, world: &World) {
    let (inner, keys, person) = (store.clone(), world.keys.clone(), courier(world));
    let key = world.people[COURIER].signer.public_key();
    store
        .write(move |tx| {
            Box::pin(async move { device::enrol(tx, &inner, &keys, &person, (key, false)).await.map(drop) })
        })
        .await
        .expect("enrolled");
}

/// A courier whose phone was enrolled, as far as the server knows, only after a morning's work.
async fn what_a_device_sent_before_it_was_enrolled_is_judged_again_and_applied(backend: Backend) {
    let db = fresh(backend).await;
    let mut world = World::new();
    world.item_created(&code(1), ItemKind::DossierToAgency);
    let head = world.one_party(COURIER, Kind::TakeIn, &code(1), EventId::ZERO);
    world.one_party(COURIER, Kind::Hold, &code(1), head);
    let mut leader = world.told_in_order(&db.store).await;
    let shown = finding::quarantined(db.store.read(), 10).await.expect("readable");
    assert_eq!(
        shown.iter().map(|row| row.reason.as_str()).collect::<Vec<_>>(),
        ["unknown_device", "unknown_device"]
    );

    enrol(&db.store, &world).await;
    leader.drain().await.expect("folded");
    let row = item(&db.store, &code(1)).await;
    assert_eq!(
        (row.state.as_str(), row.holder),
        ("C7", Some(world.people[COURIER].party.to_string()))
    );
    assert!(
        finding::quarantined(db.store.read(), 10)
            .await
            .expect("readable")
            .is_empty()
    );
    let known = device::by_id(db.store.read(), world.people[COURIER].device())
        .await
        .expect("readable");
    let known = known.expect("enrolled");
    assert_eq!((known.contiguous, known.staff), (2, world.people[COURIER].staff));
    assert_eq!(known.holder(Hat::Carrier), Some(world.people[COURIER].party));
    assert_eq!(known.holder(Hat::PostAgent), None);
}

/// A spoilt copy comes first, the true one next, and only then anybody knows the key.
async fn a_spoilt_copy_shuts_out_no_event_of_a_device_that_is_enrolled_later(backend: Backend) {
    for together in [true, false] {
        let db = fresh(backend).await;
        let mut world = World::new();
        world.item_created(&code(1), ItemKind::DossierToAgency);
        world.one_party(COURIER, Kind::TakeIn, &code(1), EventId::ZERO);
        world.prepare(&db.store).await;
        let mut leader = lead(&db.store, &world.keys).await;
        let true_one = world.facts[1].clone();
        let mut spoilt = true_one.clone();
        *spoilt.raw.last_mut().expect("a signature") ^= 1;
        put(&db.store, &world.facts[..1]).await;
        if together {
            let outcomes = deposit(&db.store, "test".to_owned(), vec![spoilt, true_one])
                .await
                .expect("stored");
            assert_eq!(outcomes, [Outcome::Stored, Outcome::Duplicate]);
        } else {
            put(&db.store, &[spoilt]).await;
            leader.drain().await.expect("folded");
            put(&db.store, &[true_one]).await;
        }
        leader.drain().await.expect("folded");
        enrol(&db.store, &world).await;
        leader.drain().await.expect("folded");
        assert_eq!(item(&db.store, &code(1)).await.state, "C2", "together: {together}");
        assert!(
            finding::quarantined(db.store.read(), 10)
                .await
                .expect("readable")
                .is_empty()
        );
    }
}

async fn a_code_enrols_once_and_not_when_it_is_too_old(backend: Backend) {
    let db = fresh(backend).await;
    let staff = World::new().people[COURIER].staff;
    let make = || {
        db.store
            .write(move |tx| Box::pin(async move { device::new_code(tx, staff, RECEIVED_MS).await }))
    };
    let take = |code: String, now: i64| {
        db.store
            .write(move |tx| Box::pin(async move { device::use_code(tx, &code, now).await }))
    };
    let code = make().await.expect("made");
    assert_eq!(take("00".repeat(16), RECEIVED_MS).await.expect("answers"), None);
    let mut using = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (store, code) = (db.store.clone(), code.clone());
        using.spawn(async move {
            store
                .write(move |tx| Box::pin(async move { device::use_code(tx, &code, RECEIVED_MS).await }))
                .await
        });
    }
    let answers: Vec<_> = using
        .join_all()
        .await
        .into_iter()
        .filter_map(|answer| answer.expect("answers"))
        .collect();
    assert_eq!(answers, [staff], "of eight one gets in");
    let old = make().await.expect("made");
    assert_eq!(
        take(old.clone(), RECEIVED_MS + device::CODE_LIFE_MS)
            .await
            .expect("answers"),
        None
    );
    assert_eq!(
        take(old, RECEIVED_MS + device::CODE_LIFE_MS - 1)
            .await
            .expect("answers"),
        Some(staff)
    );
}

both!(
    what_a_device_sent_before_it_was_enrolled_is_judged_again_and_applied,
    a_spoilt_copy_shuts_out_no_event_of_a_device_that_is_enrolled_later,
    a_code_enrols_once_and_not_when_it_is_too_old,
);
