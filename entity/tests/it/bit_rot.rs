//! One flipped bit in one stored fact, anywhere: the check of an installation names it.

use crate::support::{Chance, execute, execute_as_owner, fresh, lead, put};
use crate::world::{COURIER, World};
use custody::kind::Kind;
use entity::fsck::check;
use entity::inbox::Fact;
use entity::table::inbox;
use entity::testing::Backend;
use sea_orm::{EntityTrait, QueryOrder};

/// Flips that are tried on each database.
const TRIALS: usize = 400;

async fn any_flipped_bit_of_a_stored_fact_is_found_and_named(backend: Backend) {
    let db = fresh(backend).await;
    let mut world = World::whole_life();
    let handover = world.handover();
    let draft = world.draft(COURIER, Kind::Note, handover);
    let note = world.seal(COURIER, &draft);
    // Of an event that is trusted, a forged copy as well; and what is no envelope at all.
    world.facts.push(note.clone());
    world.facts.push(forged(&note));
    world.facts.push(Fact::from_bytes(vec![1, 2, 3]));
    world.prepare(&db.store).await;
    for fact in &world.facts {
        put(&db.store, std::slice::from_ref(fact)).await;
    }
    lead(&db.store, &world.keys).await.drain().await.expect("folded");
    let sound = check(&db.store, &world.keys).await.expect("readable");
    assert!(sound.is_sound(), "{sound:?}");

    // The hand of a database's owner: what guards the rows is put away.
    let guard = match backend {
        Backend::Sqlite => "DROP TRIGGER inbox_is_immutable",
        Backend::Postgres => "DROP TRIGGER inbox_guard ON inbox",
    };
    if backend == Backend::Postgres {
        let refused = execute(&db.store, guard).await;
        assert!(refused.is_err(), "the program is not the owner");
    }
    execute_as_owner(&db, guard).await.expect("an owner can do it");
    let facts = inbox::Entity::find()
        .order_by_asc(inbox::Column::LogIndex)
        .all(db.store.read())
        .await
        .expect("readable");
    assert!(
        [1, 2, 3, 4]
            .iter()
            .all(|lane| facts.iter().any(|fact| fact.lane == *lane))
    );
    let mut chance = Chance::new(20_261_126);
    for trial in 0..TRIALS {
        let fact = &facts[chance.below(facts.len())];
        let bit = chance.below(fact.raw.len() * 8);
        let mut flipped = fact.raw.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        set(&db.store, fact, &flipped).await;
        let checked = check(&db.store, &world.keys).await.expect("readable");
        assert_eq!(
            checked.damaged,
            fact.log_index.into_iter().collect::<Vec<_>>(),
            "trial {trial}: bit {bit} of lane {} is flipped",
            fact.lane
        );
        set(&db.store, fact, &fact.raw).await;
    }
    assert!(check(&db.store, &world.keys).await.expect("readable").is_sound());
}

/// The same event under a signature that is wrong.
fn forged(note: &Fact) -> Fact {
    let mut raw = note.raw.clone();
    *raw.last_mut().expect("a signature") ^= 1;
    let forged = Fact::from_bytes(raw);
    assert_eq!(forged.id, note.id);
    forged
}

/// Somebody sent an event with a broken signature before its device did: that is no damage.
async fn a_forged_copy_that_came_first_is_no_damage(backend: Backend) {
    let db = fresh(backend).await;
    let mut world = World::whole_life();
    let handover = world.handover();
    let draft = world.draft(COURIER, Kind::Note, handover);
    let note = world.seal(COURIER, &draft);
    world.prepare(&db.store).await;
    put(&db.store, &world.facts).await;
    let mut leader = lead(&db.store, &world.keys).await;
    for fact in [forged(&note), note] {
        put(&db.store, &[fact]).await;
        leader.drain().await.expect("folded");
        let checked = check(&db.store, &world.keys).await.expect("readable");
        assert!(checked.is_sound(), "{checked:?}");
    }
}

async fn set(store: &entity::Store, fact: &inbox::Model, raw: &[u8]) {
    let raw = match store.backend() {
        sea_orm::DbBackend::Postgres => format!("'\\x{}'", hex::encode(raw)),
        _ => format!("x'{}'", hex::encode(raw)),
    };
    let sql = format!(
        "UPDATE inbox SET raw = {raw} WHERE log_index = {}",
        fact.log_index.expect("it has its number")
    );
    assert_eq!(execute(store, &sql).await.expect("written"), 1);
}

both!(
    any_flipped_bit_of_a_stored_fact_is_found_and_named,
    a_forged_copy_that_came_first_is_no_damage,
);
