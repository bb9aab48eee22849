//! The inbox: every fact once, verbatim and for ever, whoever brings it and however often.

use crate::support::{Chance, drain, execute, fresh, lead, number, put};
use crate::world::World;
use entity::inbox::{Fact, Lane, Outcome, deposit, keep_unreadable};
use entity::repo::finding;
use entity::table::inbox;
use entity::testing::Backend;
use sea_orm::EntityTrait;

fn facts(count: u8) -> Vec<Fact> {
    (0..count).map(|n| Fact::from_bytes(vec![n; 20])).collect()
}

async fn a_fact_brought_again_is_a_duplicate_and_stays_as_it_was(backend: Backend) {
    let db = fresh(backend).await;
    let world = World::whole_life();
    let first = deposit(&db.store, "device:a".to_owned(), world.facts.clone())
        .await
        .expect("stored");
    assert!(first.iter().all(|outcome| *outcome == Outcome::Stored));
    let again = deposit(&db.store, "device:b".to_owned(), world.facts.clone())
        .await
        .expect("stored");
    assert!(again.iter().all(|outcome| *outcome == Outcome::Duplicate));
    let rows = inbox::Entity::find().all(db.store.read()).await.expect("readable");
    assert_eq!(rows.len(), world.facts.len());
    for fact in &world.facts {
        let row = rows
            .iter()
            .find(|row| row.event_id == fact.id.0)
            .expect("each fact is there");
        assert_eq!((&row.raw, row.source.as_str()), (&fact.raw, "device:a"));
    }
}

async fn a_fact_twice_in_one_batch_is_stored_once_and_answered_twice(backend: Backend) {
    let db = fresh(backend).await;
    let [a, b] = <[Fact; 2]>::try_from(facts(2)).expect("two facts");
    let batch = vec![a.clone(), b, a];
    let outcomes = deposit(&db.store, "test".to_owned(), batch).await.expect("stored");
    assert_eq!(outcomes, [Outcome::Stored, Outcome::Stored, Outcome::Duplicate]);
    assert_eq!(number(db.store.read(), "SELECT count(*) FROM inbox").await, 2);
    assert_eq!(
        deposit(&db.store, "test".to_owned(), Vec::new())
            .await
            .expect("nothing to store"),
        []
    );
}

/// Both sides of a hand-over bring the same events at the same moment, each in its own order.
async fn eight_bring_the_same_facts_at_once_and_each_is_stored_exactly_once(backend: Backend) {
    let db = fresh(backend).await;
    for round in 0..20_u8 {
        let batch: Vec<Fact> = (0..40_u8).map(|n| Fact::from_bytes(vec![round, n, 1, 2, 3])).collect();
        let mut bringing = tokio::task::JoinSet::new();
        for who in 0..8 {
            let (store, mut batch) = (db.store.clone(), batch.clone());
            Chance::new(u64::from(round) * 8 + who).shuffle(&mut batch);
            bringing.spawn(async move { deposit(&store, format!("device:{who}"), batch).await });
        }
        let mut stored = 0;
        while let Some(ended) = bringing.join_next().await {
            let outcomes = ended.expect("no panic").expect("no deposit is refused");
            stored += outcomes.iter().filter(|outcome| **outcome == Outcome::Stored).count();
        }
        assert_eq!(
            stored,
            batch.len(),
            "each fact is new for exactly one of them, round {round}"
        );
    }
    assert_eq!(number(db.store.read(), "SELECT count(*) FROM inbox").await, 800);
}

async fn a_stored_fact_cannot_be_changed_removed_or_numbered_twice(backend: Backend) {
    let db = fresh(backend).await;
    let world = World::new();
    put(&db.store, &facts(3)).await;
    for sql in [
        "DELETE FROM inbox",
        "UPDATE inbox SET raw = event_id",
        "UPDATE inbox SET event_id = raw",
        "UPDATE inbox SET source = 'x'",
        "UPDATE inbox SET lane = 1",
        "UPDATE inbox SET received_at = 1",
        "UPDATE inbox SET log_index = 1, source = 'x' WHERE lane = 3",
    ] {
        assert!(execute(&db.store, sql).await.is_err(), "{sql}");
    }
    let mut leader = lead(&db.store, &world.keys).await;
    drain(&db.store, &mut leader).await;
    for sql in [
        "UPDATE inbox SET log_index = log_index + 10",
        "UPDATE inbox SET log_index = NULL",
        "DELETE FROM inbox",
    ] {
        assert!(execute(&db.store, sql).await.is_err(), "{sql}");
    }
    assert_eq!(
        number(
            db.store.read(),
            "SELECT count(*) FROM inbox WHERE log_index <= 3 AND source = 'test'"
        )
        .await,
        3
    );
}

async fn bytes_that_are_no_envelope_are_kept_verbatim_and_shown_in_quarantine(backend: Backend) {
    let db = fresh(backend).await;
    let world = World::new();
    let fact = Fact::from_bytes(b"not an envelope".to_vec());
    assert_eq!(fact.lane, Lane::Foreign);
    put(&db.store, std::slice::from_ref(&fact)).await;
    let mut leader = lead(&db.store, &world.keys).await;
    drain(&db.store, &mut leader).await;
    let row = inbox::Entity::find_by_id(fact.id.0.to_vec())
        .one(db.store.read())
        .await
        .expect("readable");
    assert_eq!(row.expect("kept").raw, b"not an envelope");
    let shown = finding::quarantined(db.store.read(), 10).await.expect("readable");
    assert_eq!(shown.len(), 1);
    assert_eq!(
        (shown[0].reason.as_str(), shown[0].source.as_str()),
        ("not_an_envelope", "test")
    );
}

/// The id does not cover the signature: without this, whoever brings an event first with a spoilt signature would keep the
/// true one out, and the phone would be told that its event is safe.
async fn an_event_whose_signature_was_spoilt_on_the_way_is_repaired_by_the_true_one(backend: Backend) {
    let db = fresh(backend).await;
    let mut world = World::new();
    world.enrol_all();
    let item = crate::world::code(1);
    world.item_created(&item, domain::item::ItemKind::DossierToAgency);
    world.one_party(
        crate::world::COURIER,
        custody::kind::Kind::TakeIn,
        &item,
        custody::ids::EventId::ZERO,
    );
    world.prepare(&db.store).await;
    let mut leader = lead(&db.store, &world.keys).await;

    let mut spoilt = world.facts.clone();
    let last = spoilt.last_mut().expect("the take-in");
    *last.raw.last_mut().expect("a signature") ^= 1;
    put(&db.store, &spoilt).await;
    drain(&db.store, &mut leader).await;
    assert_eq!(crate::world::item(&db.store, &item).await.state, "C0");

    let outcomes = deposit(&db.store, "device".to_owned(), world.facts.clone())
        .await
        .expect("stored");
    assert_eq!(outcomes.last(), Some(&Outcome::Duplicate));
    drain(&db.store, &mut leader).await;
    assert_eq!(crate::world::item(&db.store, &item).await.state, "C2");
    assert!(
        finding::quarantined(db.store.read(), 10)
            .await
            .expect("readable")
            .is_empty()
    );
}

async fn a_body_that_cannot_even_be_framed_is_kept(backend: Backend) {
    let db = fresh(backend).await;
    keep_unreadable(
        &db.store,
        "device:a".to_owned(),
        "truncated".to_owned(),
        vec![0xff, 0, 1],
    )
    .await
    .expect("kept");
    assert_eq!(finding::unreadable_count(db.store.read()).await.expect("readable"), 1);
    let bytes = entity::table::unreadable_deposit::Entity::find()
        .one(db.store.read())
        .await
        .expect("readable");
    assert_eq!(bytes.expect("kept").raw, [0xff, 0, 1]);
}

both!(
    a_fact_brought_again_is_a_duplicate_and_stays_as_it_was,
    a_fact_twice_in_one_batch_is_stored_once_and_answered_twice,
    eight_bring_the_same_facts_at_once_and_each_is_stored_exactly_once,
    a_stored_fact_cannot_be_changed_removed_or_numbered_twice,
    bytes_that_are_no_envelope_are_kept_verbatim_and_shown_in_quarantine,
    an_event_whose_signature_was_spoilt_on_the_way_is_repaired_by_the_true_one,
    a_body_that_cannot_even_be_framed_is_kept,
);
