//! However the facts of one dossier's life arrive, people see the same picture.

use crate::support::{Chance, RECEIVED_MS, drain, fresh, lead, put};
use crate::world::{COURIER, Picture, World, code, line, picture};
use custody::event::Event;
use custody::ids::EventId;
use custody::kind::Kind;
use entity::clock::FixedClock;
use entity::store::OpenOptions;
use entity::testing::Backend;
use entity::{Store, repo::finding};
use std::path::Path;
use std::sync::Arc;

async fn told_in_order(world: &World, backend: Backend) -> (Picture, usize) {
    let db = fresh(backend).await;
    drop(world.told_in_order(&db.store).await);
    (
        picture(&db.store).await,
        finding::quarantined(db.store.read(), 100)
            .await
            .expect("readable")
            .len(),
    )
}

/// Tells it scrambled, folding between some of the batches.
async fn tell_scrambled(world: &World, store: &Store, seed: u64) {
    let mut chance = Chance::new(seed);
    world.prepare(store).await;
    let mut leader = lead(store, &world.keys).await;
    for batch in world.scrambled(&mut chance) {
        put(store, &batch).await;
        if chance.below(2) == 0 {
            drain(store, &mut leader).await;
        }
    }
    drain(store, &mut leader).await;
}

async fn open(file: &Path) -> Store {
    let mut options = OpenOptions::new(format!("sqlite:{}", file.display()));
    options.clock = Arc::new(FixedClock::at(RECEIVED_MS));
    options.open().await.expect("the copy opens")
}

async fn holds_on_sqlite(world: &World, seeds: std::ops::Range<u64>) {
    let (expected, set_aside) = told_in_order(world, Backend::Sqlite).await;
    let folder = tempfile::tempdir().expect("a folder");
    let template = folder.path().join("template.db");
    open(&template).await.close().await;
    for seed in seeds {
        let file = folder.path().join(format!("{seed}.db"));
        std::fs::copy(&template, &file).expect("copied");
        let store = open(&file).await;
        tell_scrambled(world, &store, seed).await;
        assert_eq!(picture(&store).await, expected, "seed {seed}");
        assert_eq!(
            finding::quarantined(store.read(), 100).await.expect("readable").len(),
            set_aside,
            "seed {seed}"
        );
        let waiting = finding::parked_since(store.read(), i64::MAX).await.expect("readable");
        assert!(waiting.is_empty(), "seed {seed} leaves {waiting:?} waiting");
        store.close().await;
    }
}

async fn holds_on_postgres(world: &World, seeds: std::ops::Range<u64>) {
    let (expected, _) = told_in_order(world, Backend::Postgres).await;
    for seed in seeds {
        let db = fresh(Backend::Postgres).await;
        tell_scrambled(world, &db.store, seed).await;
        assert_eq!(picture(&db.store).await, expected, "seed {seed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_life_in_order_ends_with_the_confirmed_return() {
    let (picture, set_aside) = told_in_order(&World::whole_life(), Backend::Sqlite).await;
    assert_eq!(set_aside, 0);
    let states: Vec<&str> = picture.items.iter().map(|(_, state, ..)| state.as_str()).collect();
    assert_eq!(states, ["C8", "C8"]);
    let (state, code, due_on, waiting, body) = &picture.dossiers[0];
    assert_eq!(
        (state.as_str(), code.as_deref(), due_on.as_deref()),
        ("D14", Some("H01.1"), Some("2026-12-01"))
    );
    assert_eq!((*waiting, body.contains("\"dvcqg\":10")), (0, true), "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_life_in_any_order_gives_the_same_picture_on_sqlite() {
    holds_on_sqlite(&World::whole_life(), 0..140).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_life_in_any_order_gives_the_same_picture_on_postgres() {
    holds_on_postgres(&World::whole_life(), 0..10).await;
}

/// A life in which the courier's phone was copied: two events carry one number, and what follows is not trusted.
fn with_a_copied_phone() -> World {
    let mut world = World::whole_life();
    let handover = world.handover();
    let twin = Event {
        seq: 2,
        items: vec![line(&code(1), EventId::ZERO)],
        ..world.draft(COURIER, Kind::Note, handover)
    };
    let twin = world.seal(COURIER, &twin);
    world.facts.push(twin);
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_phone_in_any_order_gives_the_same_picture_on_sqlite() {
    let world = with_a_copied_phone();
    let (expected, set_aside) = told_in_order(&world, Backend::Sqlite).await;
    assert!(set_aside >= 3, "the offer, its twin and the release are set aside");
    let folder = tempfile::tempdir().expect("a folder");
    let template = folder.path().join("template.db");
    open(&template).await.close().await;
    for seed in 1000..1060 {
        let file = folder.path().join(format!("{seed}.db"));
        std::fs::copy(&template, &file).expect("copied");
        let store = open(&file).await;
        tell_scrambled(&world, &store, seed).await;
        assert_eq!(picture(&store).await, expected, "seed {seed}");
        assert_eq!(
            finding::quarantined(store.read(), 100).await.expect("readable").len(),
            set_aside,
            "seed {seed}"
        );
        store.close().await;
    }
}
