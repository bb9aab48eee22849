//! Only a server time that this server told the device dates an event. Whoever makes one up has their event dated by its receipt.

use crate::support::{RECEIVED_MS, drain, fresh, lead, number};
use crate::world::{COUNTER, COURIER, START_MS, World, code, line};
use custody::event::{Beacon, Event};
use custody::ids::EventId;
use custody::kind::Kind;
use domain::item::ItemKind;
use entity::project::Projector;
use entity::rebuild::rebuild;
use entity::table::item_custody;
use entity::testing::{Backend, TestDb};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

both!(
    a_server_time_nobody_told_the_device_dates_nothing,
    another_devices_server_time_is_as_good_as_none,
);

/// An item taken in by the courier, with this beacon in the event; milliseconds since when the courier has it.
async fn since(db: &TestDb, beacon: impl FnOnce(&World, Beacon) -> Beacon) -> i64 {
    let mut world = World::new();
    world.enrol_all();
    world.item_created(&code(1), ItemKind::DossierToAgency);
    let handover = world.handover();
    let draft = world.draft(COURIER, Kind::TakeIn, handover);
    let told = draft.beacon.expect("the server was heard");
    let event = Event {
        items: vec![line(&code(1), EventId::ZERO)],
        beacon: Some(beacon(&world, told)),
        ..draft
    };
    world.sign(COURIER, &event);
    world.prepare(&db.store).await;
    crate::support::put(&db.store, &world.facts).await;
    let mut leader = lead(&db.store, &world.keys).await;
    drain(&db.store, &mut leader).await;
    drop(leader);
    let compared = rebuild(&db.store, &Projector::new(&world.keys)).await.expect("rebuilt");
    assert!(compared.iter().all(entity::rebuild::Compared::is_same), "{compared:?}");
    let row = item_custody::Entity::find()
        .filter(item_custody::Column::ItemCode.eq(code(1).as_str()))
        .one(db.store.read())
        .await;
    let row = row.expect("readable").expect("made");
    assert!(
        row.holder.is_some_and(|holder| holder.starts_with("staff:")),
        "the courier has it all the same"
    );
    row.since_ms
}

async fn a_server_time_nobody_told_the_device_dates_nothing(backend: Backend) {
    let genuine = since(&fresh(backend).await, |_, told| told).await;
    assert!((START_MS..RECEIVED_MS).contains(&genuine), "{genuine}");
    let earlier = |_: &World, told: Beacon| Beacon {
        server_ms: told.server_ms - 36_000_000,
        ..told
    };
    let db = fresh(backend).await;
    assert_eq!(since(&db, earlier).await, RECEIVED_MS, "ten hours were not won");
    let marked = number(
        db.store.read(),
        "SELECT count(*) FROM custody_event WHERE NOT time_is_ours",
    )
    .await;
    assert_eq!(marked, 1);
}

async fn another_devices_server_time_is_as_good_as_none(backend: Backend) {
    let borrowed = |world: &World, told: Beacon| Beacon {
        tag: world.keys.beacon_tag(world.people[COUNTER].device(), START_MS),
        ..told
    };
    assert_eq!(since(&fresh(backend).await, borrowed).await, RECEIVED_MS);
}
