//! Whoever owns the database edits, removes and slips in: each is found, and the first bad entry named.

use crate::support::{execute_as_owner, fresh, number};
use crate::tlog::{logged, notes, signer};
use crate::world::World;
use entity::testing::{Backend, TestDb};
use entity::tlog::{self, Damage};
use sea_orm::DbBackend;

both!(
    an_edited_fact_is_named_also_when_its_leaf_was_edited_with_it,
    a_removed_and_a_slipped_in_fact_are_named,
    an_edited_tile_and_an_edited_head_are_named,
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
