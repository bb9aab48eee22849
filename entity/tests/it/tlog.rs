//! The public log: a leaf for each fact, heads that follow from each other, receipts that stand alone.

use crate::support::{RECEIVED_MS, execute_as_owner, fresh, lead, number, put};
use crate::world::{COURIER, World};
use custody::ids::EventId;
use custody::kind::Kind;
use custody::log::note::open;
use custody::log::tiles::check_consistency;
use custody::log::{Policy, Receipt, Verdict, leaf};
use entity::clock::FixedClock;
use entity::table::inbox;
use entity::testing::{Backend, TestDb};
use entity::tlog::{self, Line, LogSigner, SignError};
use sea_orm::EntityTrait;
use std::sync::Arc;

both!(
    every_fact_is_a_leaf_and_the_published_tiles_give_the_signed_root,
    each_head_goes_on_from_the_one_before_and_none_is_signed_twice,
    a_receipt_stands_alone_and_is_provisional_until_a_head_covers_it,
    a_database_that_was_turned_back_is_not_signed,
    a_year_and_a_restore_begin_a_shard_of_their_own,
);

pub(crate) fn signer(db: &TestDb) -> LogSigner {
    LogSigner {
        base: "post.example/log".to_owned(),
        state: db.folder().join("log.signed"),
    }
}

pub(crate) fn policy(world: &World, db: &TestDb) -> Policy {
    Policy::of_log(signer(db).base_key(&world.keys).expect("a name"))
}

/// A whole life in the log.
pub(crate) async fn logged(backend: Backend) -> (TestDb, World) {
    let db = fresh(backend).await;
    let world = World::whole_life();
    world.prepare(&db.store).await;
    put(&db.store, &world.facts).await;
    lead(&db.store, &world.keys).await.drain().await.expect("logged");
    (db, world)
}

/// Notes, so many, that a courier makes.
pub(crate) async fn notes(db: &TestDb, world: &mut World, count: usize) -> Vec<EventId> {
    let mut ids = Vec::new();
    for _ in 0..count {
        let handover = world.handover();
        let draft = world.draft(COURIER, Kind::Note, handover);
        let note = world.seal(COURIER, &draft);
        put(&db.store, std::slice::from_ref(&note)).await;
        ids.push(note.id);
    }
    lead(&db.store, &world.keys).await.drain().await.expect("logged");
    ids
}

async fn every_fact_is_a_leaf_and_the_published_tiles_give_the_signed_root(backend: Backend) {
    let (db, mut world) = logged(backend).await;
    notes(&db, &mut world, 300).await;
    let facts = number(db.store.read(), "SELECT count(*) FROM inbox").await;
    assert_eq!(number(db.store.read(), "SELECT count(*) FROM log_leaf").await, facts);
    let heads = tlog::sign(&db.store, &world.keys, &signer(&db)).await.expect("signed");
    let opened = open(heads[0].note.as_bytes(), &policy(&world, &db)).expect("signed by the log");
    assert_eq!(opened.checkpoint.size, facts.unsigned_abs());
    let shard = tlog::find(db.store.read(), None).await.expect("read").expect("one");
    assert_eq!(opened.checkpoint.origin, format!("post.example/log/{}", shard.name));

    // As a stranger would: entries make leaves, leaves make tiles, tiles make the root.
    let mut tree = custody::log::tiles::Tiles::default();
    let mut next = 0;
    for (bundle, width) in [(0, 256), (1, opened.checkpoint.size - 256)] {
        let bytes = tlog::entries(db.store.read(), &shard, bundle, width)
            .await
            .expect("read")
            .expect("there");
        for entry in bytes.chunks(2 + leaf::LENGTH) {
            assert_eq!(entry[..2], [0, 33]);
            tree.append(next, leaf::hash(&entry[2..]));
            next += 1;
        }
    }
    assert_eq!(tree.root(next).expect("a root"), opened.checkpoint.root);
    for (place, width) in [((0, 0), 256), ((0, 1), opened.checkpoint.size - 256), ((1, 0), 1)] {
        let tile = tlog::tile(db.store.read(), &shard.name, place, width)
            .await
            .expect("read");
        assert_eq!(tile.as_deref(), tree.get(place), "{place:?}");
    }
    let beyond = tlog::tile(db.store.read(), &shard.name, (1, 0), 2).await.expect("read");
    assert_eq!(beyond, None, "no hash that is not there");
    let beyond = tlog::entries(db.store.read(), &shard, 1, 256).await.expect("read");
    assert_eq!(beyond, None, "no leaf that is not there");
}

async fn each_head_goes_on_from_the_one_before_and_none_is_signed_twice(backend: Backend) {
    let (db, mut world) = logged(backend).await;
    let (signer, policy) = (signer(&db), policy(&world, &db));
    let mut last: Option<(u64, [u8; 32])> = None;
    for round in 0..4 {
        let heads = tlog::sign(&db.store, &world.keys, &signer).await.expect("signed");
        let head = open(heads[0].note.as_bytes(), &policy).expect("signed").checkpoint;
        if let Some(before) = last {
            let proof = tlog::proof_between(db.store.read(), &heads[0].shard, before.0, head.size).await;
            check_consistency(&proof.expect("a proof"), before, (head.size, head.root)).expect("goes on");
            assert_eq!(heads[0].before, before.0);
        }
        last = Some((head.size, head.root));
        assert_eq!(
            tlog::sign(&db.store, &world.keys, &signer).await.expect("signed"),
            [],
            "nothing new"
        );
        notes(&db, &mut world, 1 + round * 130).await;
    }
    assert_eq!(number(db.store.read(), "SELECT count(*) FROM log_checkpoint").await, 4);
    let found = tlog::check(&db.store, &world.keys, Some(&signer)).await.expect("read");
    assert_eq!((found.damage, found.heads), (vec![], 4));
}

async fn a_receipt_stands_alone_and_is_provisional_until_a_head_covers_it(backend: Backend) {
    let (db, mut world) = logged(backend).await;
    let policy = policy(&world, &db);
    let receipt = async |id: EventId| {
        let receipt = tlog::of_event(db.store.read(), &world.keys, id).await.expect("read");
        receipt.expect("a receipt")
    };
    let ids: Vec<EventId> = world.facts.iter().map(|fact| fact.id).collect();
    for id in &ids {
        assert!(
            matches!(receipt(*id).await.check(&policy), Verdict::Amber { .. }),
            "{id}"
        );
    }
    tlog::sign(&db.store, &world.keys, &signer(&db)).await.expect("signed");
    let mut kept = Vec::new();
    for id in &ids {
        let receipt = receipt(*id).await;
        let Verdict::Green { id: proved, .. } = receipt.check(&policy) else {
            panic!("{:?}", receipt.check(&policy));
        };
        assert_eq!(proved, *id);
        kept.push(receipt.to_text().expect("a text"));
    }
    // Given out once, good for ever, whatever comes after.
    notes(&db, &mut world, 40).await;
    tlog::sign(&db.store, &world.keys, &signer(&db)).await.expect("signed");
    for text in kept {
        let receipt = Receipt::parse(&text).expect("a receipt");
        assert!(matches!(receipt.check(&policy), Verdict::Green { .. }));
    }
    let nothing = tlog::of_event(db.store.read(), &world.keys, EventId([7; 32]))
        .await
        .expect("read");
    assert_eq!(nothing, None);
}

async fn a_database_that_was_turned_back_is_not_signed(backend: Backend) {
    let (db, mut world) = logged(backend).await;
    let signer = signer(&db);
    notes(&db, &mut world, 5).await;
    tlog::sign(&db.store, &world.keys, &signer).await.expect("signed");
    // Who owns the database makes the log shorter and its last head unsigned.
    for sql in [
        "DELETE FROM log_checkpoint",
        "DELETE FROM log_leaf WHERE log_index > (SELECT max(log_index) - 3 FROM log_leaf)",
        "UPDATE log_shard SET size = size - 3",
    ] {
        execute_as_owner(&db, sql).await.expect("an owner can do it");
    }
    let refused = tlog::sign(&db.store, &world.keys, &signer).await;
    assert!(matches!(refused, Err(SignError::Fork { .. })), "{refused:?}");
    assert_eq!(number(db.store.read(), "SELECT count(*) FROM log_checkpoint").await, 0);
    let found = tlog::check(&db.store, &world.keys, Some(&signer)).await.expect("read");
    assert!(!found.damage.is_empty());
}

async fn a_year_and_a_restore_begin_a_shard_of_their_own(backend: Backend) {
    let clock = Arc::new(FixedClock::at(RECEIVED_MS));
    let db = TestDb::open_with(backend, clock.clone()).await;
    let mut world = World::whole_life();
    world.prepare(&db.store).await;
    put(&db.store, &world.facts).await;
    let first = world.facts[0].id;
    notes(&db, &mut world, 1).await;
    tlog::sign(&db.store, &world.keys, &signer(&db)).await.expect("signed");
    clock.advance(366 * 24 * 3_600_000);
    notes(&db, &mut world, 2).await;
    db.store
        .write(|tx| Box::pin(async move { entity::repo::setting::put(tx, "restored_at", "1800000000000").await }))
        .await
        .expect("a restore is told");
    let last = notes(&db, &mut world, 3).await;
    let heads = tlog::sign(&db.store, &world.keys, &signer(&db)).await.expect("signed");
    let sizes: Vec<u64> = heads.iter().map(|head| head.size).collect();
    assert_eq!(sizes, [2, 3], "the year's end and what came back");
    let shards = tlog::shards(db.store.read()).await.expect("read");
    let names: Vec<&str> = shards.iter().map(|shard| shard.name.as_str()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(names[2].ends_with("-1800000000000"), "{names:?}");
    assert!(shards[0].closed_at.is_some() && shards[2].closed_at.is_none());
    let mut alone = Vec::new();
    for id in [first, last[2]] {
        let receipt = tlog::of_event(db.store.read(), &world.keys, id)
            .await
            .expect("read")
            .expect("one");
        assert!(
            matches!(receipt.check(&policy(&world, &db)), Verdict::Green { .. }),
            "one key for every shard"
        );
        alone.push(Some(receipt));
    }
    let lines: Vec<Line> = inbox::Entity::find()
        .all(db.store.read())
        .await
        .expect("read")
        .into_iter()
        .map(|row| Line::try_from(row).expect("a line"))
        .collect();
    let all = tlog::receipts(db.store.read(), &world.keys, &lines)
        .await
        .expect("read");
    let at = |id: EventId| lines.iter().position(|line| line.id == id).expect("it is there");
    let together = vec![all[at(first)].clone(), all[at(last[2])].clone()];
    assert_eq!(together, alone, "asked for together they are the same");
    let found = tlog::check(&db.store, &world.keys, Some(&signer(&db)))
        .await
        .expect("read");
    assert_eq!((found.damage, found.heads), (vec![], 3));
}
