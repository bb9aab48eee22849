//! Whoever owns the database edits, removes and slips in: each is found, and the first bad entry named.

use crate::support::{execute_as_owner, fresh, lead, number, put};
use crate::tlog::{logged, notes, signer};
use crate::world::{COUNTER, COURIER, World};
use custody::event::{Checkpoint, Event, LogId};
use custody::kind::Kind;
use entity::inbox::Fact;
use entity::repo::setting;
use entity::testing::{Backend, TestDb};
use entity::tlog::{self, Damage};
use sea_orm::DbBackend;

both!(
    an_edited_fact_is_named_also_when_its_leaf_was_edited_with_it,
    a_removed_and_a_slipped_in_fact_are_named,
    an_edited_tile_and_an_edited_head_are_named,
    a_phone_that_was_shown_another_history_is_named_with_its_event,
    what_a_restore_took_away_is_nobodys_lie,
);

/// A log of some four hundred facts with two signed heads, and the inbox without what guards it.
async fn unguarded(backend: Backend) -> (TestDb, World, i64) {
    let (db, mut world) = logged(backend).await;
    tlog::sign(&db.store, &world.keys, &signer(&db)).await.expect("signed");
    let first_head = number(db.store.read(), "SELECT max(size) FROM log_checkpoint").await;
    notes(&db, &mut world, 300).await;
    tlog::sign(&db.store, &world.keys, &signer(&db)).await.expect("signed");
    let guards: &[&str] = match backend {
        Backend::Sqlite => &["DROP TRIGGER inbox_is_immutable", "DROP TRIGGER inbox_is_kept"],
        Backend::Postgres => &["DROP TRIGGER inbox_guard ON inbox"],
    };
    for guard in guards {
        execute_as_owner(&db, guard).await.expect("an owner can do it");
    }
    (db, world, first_head)
}

async fn damage(db: &TestDb, world: &World) -> Vec<Damage> {
    tlog::check(&db.store, &world.keys, Some(&signer(db)))
        .await
        .expect("read")
        .damage
}

fn bytes(db: &TestDb, hex: &str) -> String {
    match db.store.backend() {
        DbBackend::Postgres => format!("'\\x{hex}'::bytea"),
        _ => format!("x'{hex}'"),
    }
}

async fn an_edited_fact_is_named_also_when_its_leaf_was_edited_with_it(backend: Backend) {
    let (db, world, first_head) = unguarded(backend).await;
    assert_eq!(damage(&db, &world).await, []);
    let other = bytes(&db, "d28443a10126a0");
    for log_index in [1, 100, 256, 257, 300] {
        let kept = format!("CREATE TABLE kept AS SELECT raw FROM inbox WHERE log_index = {log_index}");
        execute_as_owner(&db, &kept).await.expect("kept");
        let edit = format!("UPDATE inbox SET raw = {other} WHERE log_index = {log_index}");
        execute_as_owner(&db, &edit).await.expect("edited");
        assert_eq!(damage(&db, &world).await, [Damage::Fact { log_index }]);
        let back = format!("UPDATE inbox SET raw = (SELECT raw FROM kept) WHERE log_index = {log_index}");
        execute_as_owner(&db, &back).await.expect("put back");
        execute_as_owner(&db, "DROP TABLE kept").await.expect("dropped");
    }
    assert_eq!(damage(&db, &world).await, []);
    // With the salt the owner has, a leaf can be made that says the other thing. The signed head does not.
    let salt = "00".repeat(32);
    let forged = custody::log::leaf::commit(
        &custody::log::leaf::Salt([0; 32]),
        &hex::decode("d28443a10126a0").expect("hex"),
    );
    let hash = hex::encode(custody::log::leaf::hash(&forged));
    let (salt, hash) = (bytes(&db, &salt), bytes(&db, &hash));
    execute_as_owner(&db, &format!("UPDATE inbox SET raw = {other} WHERE log_index = 100"))
        .await
        .expect("edited");
    let edit = format!("UPDATE log_leaf SET salt = {salt}, hash = {hash} WHERE log_index = 100");
    execute_as_owner(&db, &edit).await.expect("edited");
    let found = damage(&db, &world).await;
    let [Damage::Head { from, until, .. }] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(*from, first_head + 1);
    assert!((*from..=*until).contains(&100));
}

async fn a_removed_and_a_slipped_in_fact_are_named(backend: Backend) {
    let (db, world, _) = unguarded(backend).await;
    execute_as_owner(&db, "CREATE TABLE kept AS SELECT * FROM inbox WHERE log_index = 120")
        .await
        .expect("kept");
    execute_as_owner(&db, "DELETE FROM inbox WHERE log_index = 120")
        .await
        .expect("removed");
    assert_eq!(damage(&db, &world).await, [Damage::Fact { log_index: 120 }]);
    execute_as_owner(&db, "INSERT INTO inbox SELECT * FROM kept")
        .await
        .expect("put back");
    assert_eq!(damage(&db, &world).await, []);
    // One more takes the place of another, and all behind it move up.
    let id = bytes(&db, &"ee".repeat(32));
    let moved = "UPDATE inbox SET log_index = -log_index WHERE log_index >= 50";
    execute_as_owner(&db, moved).await.expect("moved");
    let moved = "UPDATE inbox SET log_index = 1 - log_index WHERE log_index < 0";
    execute_as_owner(&db, moved).await.expect("moved");
    let slipped = format!(
        "INSERT INTO inbox (event_id, lane, raw, received_at, place, source, log_index) \
         SELECT {id}, lane, raw, received_at, place, source, 50 FROM inbox WHERE log_index = 49"
    );
    execute_as_owner(&db, &slipped).await.expect("slipped in");
    assert_eq!(damage(&db, &world).await, [Damage::Fact { log_index: 50 }]);
}

async fn an_edited_tile_and_an_edited_head_are_named(backend: Backend) {
    let (db, world, first_head) = unguarded(backend).await;
    let shard = tlog::find(db.store.read(), None)
        .await
        .expect("read")
        .expect("one")
        .name;
    let place = format!("{shard}/0/0");
    execute_as_owner(
        &db,
        &format!("CREATE TABLE kept AS SELECT data FROM log_tile WHERE place = '{place}'"),
    )
    .await
    .expect("kept");
    let zeros = bytes(&db, &"00".repeat(8192));
    let edit = format!("UPDATE log_tile SET data = {zeros} WHERE place = '{place}'");
    execute_as_owner(&db, &edit).await.expect("edited");
    assert_eq!(damage(&db, &world).await, [Damage::Tile { place: place.clone() }]);
    let back = format!("UPDATE log_tile SET data = (SELECT data FROM kept) WHERE place = '{place}'");
    execute_as_owner(&db, &back).await.expect("put back");

    let root = bytes(&db, &"00".repeat(32));
    let edit = format!("UPDATE log_checkpoint SET root = {root} WHERE size = {first_head}");
    execute_as_owner(&db, &edit).await.expect("edited");
    let found = damage(&db, &world).await;
    assert!(
        matches!(found.as_slice(), [Damage::Head { from: 1, until, .. }] if *until == first_head),
        "{found:?}"
    );
}

#[tokio::test]
async fn an_empty_installation_has_a_whole_log() {
    let db = fresh(Backend::Sqlite).await;
    let world = World::whole_life();
    let found = tlog::check(&db.store, &world.keys, Some(&signer(&db)))
        .await
        .expect("read");
    assert_eq!((found.facts, found.damage), (0, vec![]));
}

/// An event of the courier that says which head its phone checked.
async fn says_it_saw(db: &TestDb, world: &mut World, who: usize, head: Checkpoint) -> i64 {
    let handover = world.handover();
    let draft = world.draft(who, Kind::Note, handover);
    let event = Event {
        seen_checkpoint: Some(head),
        ..draft
    };
    world.sign(who, &event);
    let fact = world.facts.last().expect("just signed");
    put(&db.store, std::slice::from_ref(fact)).await;
    lead(&db.store, &world.keys).await.drain().await.expect("logged");
    number(db.store.read(), "SELECT max(log_index) FROM inbox").await
}

/// The newest head, as a phone that checked it names it.
async fn newest(db: &TestDb) -> (String, Checkpoint) {
    let shard = tlog::find(db.store.read(), None).await.expect("read").expect("one");
    let head = tlog::checkpoint(db.store.read(), &shard.name).await.expect("read");
    let head = head.expect("signed");
    let seen = Checkpoint {
        size: head.size.unsigned_abs(),
        root: head.root.try_into().expect("32 bytes"),
        log: Some(LogId::of(&signer(db).origin(&shard.name))),
    };
    (shard.name, seen)
}

async fn a_phone_that_was_shown_another_history_is_named_with_its_event(backend: Backend) {
    let (db, mut world, _) = unguarded(backend).await;
    let (shard, seen) = newest(&db).await;
    says_it_saw(&db, &mut world, COURIER, seen).await;
    says_it_saw(&db, &mut world, COUNTER, seen).await;
    let found = tlog::check(&db.store, &world.keys, Some(&signer(&db)))
        .await
        .expect("read");
    assert_eq!(
        (found.seen, found.lost, found.damage),
        (1, 0, vec![]),
        "it was signed here"
    );

    let size = seen.size;
    let other = Checkpoint { root: [7; 32], ..seen };
    let log_index = says_it_saw(&db, &mut world, COURIER, other).await;
    let named = |log_index, shard, size| Damage::Seen { log_index, shard, size };
    let first = named(log_index, Some(shard), size);
    assert_eq!(damage(&db, &world).await, std::slice::from_ref(&first));
    says_it_saw(&db, &mut world, COUNTER, other).await;
    assert_eq!(
        damage(&db, &world).await,
        std::slice::from_ref(&first),
        "once, by the first that says so"
    );
    // A log of another name under the same key would hide a second history as well.
    let elsewhere = Checkpoint {
        log: Some(LogId::of("post.example/log/1999")),
        ..seen
    };
    let log_index = says_it_saw(&db, &mut world, COURIER, elsewhere).await;
    let second = named(log_index, None, size);
    assert_eq!(damage(&db, &world).await, [first.clone(), second.clone()]);
    // Whoever has no key of ours has no say.
    let mut stranger = World::whole_life();
    let claimed = Checkpoint { root: [9; 32], ..seen };
    let handover = stranger.handover();
    let draft = stranger.draft(COURIER, Kind::Note, handover);
    let forged = Event {
        seq: draft.seq + 7,
        seen_checkpoint: Some(claimed),
        ..draft
    };
    let mut bytes = stranger.seal(COURIER, &forged).raw;
    *bytes.last_mut().expect("a signature") ^= 1;
    put(&db.store, &[Fact::from_bytes(bytes)]).await;
    lead(&db.store, &world.keys).await.drain().await.expect("logged");
    assert_eq!(damage(&db, &world).await, [first, second]);
}

async fn what_a_restore_took_away_is_nobodys_lie(backend: Backend) {
    let (db, mut world) = logged(backend).await;
    tlog::sign(&db.store, &world.keys, &signer(&db)).await.expect("signed");
    let (shard, seen) = newest(&db).await;
    db.store
        .write(|tx| Box::pin(async move { setting::put(tx, "restored_at", "1800000000000").await }))
        .await
        .expect("written");
    // The first fact after a restore begins another shard; a phone comes with a head from the hours that are gone.
    let gone = Checkpoint {
        size: seen.size + 40,
        root: [3; 32],
        ..seen
    };
    says_it_saw(&db, &mut world, COURIER, gone).await;
    let found = tlog::check(&db.store, &world.keys, Some(&signer(&db)))
        .await
        .expect("read");
    assert_eq!((found.seen, found.lost, found.damage), (1, 1, vec![]));
    // What the backup still has is compared as ever.
    let log_index = says_it_saw(&db, &mut world, COUNTER, Checkpoint { root: [3; 32], ..seen }).await;
    let named = Damage::Seen {
        log_index,
        shard: Some(shard),
        size: seen.size,
    };
    assert_eq!(damage(&db, &world).await, [named]);
}
