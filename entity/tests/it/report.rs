//! A report of an hour is made of what was known then, whenever it is asked for and whatever was learnt since.

use crate::support::{Chance, RECEIVED_MS, lead, put};
use crate::world::{AGENCY, COUNTER, COURIER, START_MS, World, code};
use custody::event::Event;
use custody::ids::{EventId, ItemId};
use custody::kind::Kind;
use domain::dossier::DossierFact;
use domain::ids::AgencyId;
use domain::item::ItemKind;
use domain::item_code::ItemCode;
use domain::report::Histories;
use domain::report::post::ItemFact;
use entity::clock::FixedClock;
use entity::repo::report::histories;
use entity::table::postal_item;
use entity::testing::{Backend, TestDb};
use entity::{Scope, Store, StoreError};
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use std::sync::Arc;
use uuid::Uuid;

async fn make_item(store: &Store, world: &World, code: &ItemCode, kind: ItemKind) {
    let row = postal_item::Model {
        weight_g: None,
        item_id: ItemId::of(code.as_str()).0.to_vec(),
        item_code: code.as_str().to_owned(),
        kind: kind.as_str().to_owned(),
        dossier_id: world.dossier.0,
        order_id: None,
        created_at: START_MS,
    };
    store
        .write(move |tx| {
            Box::pin(async move {
                row.into_active_model().insert(tx).await?;
                Ok::<_, StoreError>(())
            })
        })
        .await
        .expect("the row is new");
}

/// A store with a clock of its own, in which the dossier and its items are made and nothing has happened yet.
async fn prepared(backend: Backend, world: &World) -> (TestDb, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::at(RECEIVED_MS));
    let db = TestDb::open_with(backend, Arc::<FixedClock>::clone(&clock)).await;
    world.prepare(&db.store).await;
    make_item(&db.store, world, &code(1), ItemKind::DossierToAgency).await;
    make_item(&db.store, world, &code(2), ItemKind::ResultToApplicant).await;
    (db, clock)
}

async fn known(store: &Store, as_of_ms: i64) -> Histories {
    histories(store.read(), &Scope::everything(), as_of_ms)
        .await
        .expect("the store is readable")
}

/// Another event under a number the device has used.
fn the_same_number_again(world: &mut World, who: usize) {
    let handover = world.handover();
    let draft = world.draft(who, Kind::Note, handover);
    let forged = Event {
        seq: 2,
        prev: world.people[who].prev,
        ..draft
    };
    let fact = world.seal(who, &forged);
    world.facts.push(fact);
}

fn is_lodged(histories: &Histories) -> bool {
    let mut facts = histories.dossiers.iter().flat_map(|dossier| &dossier.facts);
    facts.any(|one| matches!(one.fact, DossierFact::Lodged { .. }))
}

async fn what_was_known_at_an_hour_comes_out_the_same_for_any_order_of_arrival(backend: Backend) {
    let seeds = if backend == Backend::Sqlite { 12 } else { 3 };
    for seed in 0..seeds {
        let mut world = World::whole_life();
        // Two stories about one envelope, and a device with two about itself.
        world.one_party(COUNTER, Kind::TakeIn, &code(1), EventId::ZERO);
        the_same_number_again(&mut world, COURIER);
        let mut facts = world.facts.clone();
        Chance::new(seed).shuffle(&mut facts);
        let (db, clock) = prepared(backend, &world).await;
        let mut leader = lead(&db.store, &world.keys).await;
        let mut then = Vec::new();
        for fact in &facts {
            clock.advance(1000);
            put(&db.store, std::slice::from_ref(fact)).await;
            leader.drain().await.expect("folded");
            let now_ms = db.store.now_ms();
            then.push((now_ms, known(&db.store, now_ms).await));
        }
        let changes = then.windows(2).filter(|pair| pair[0].1 != pair[1].1).count();
        assert!(changes >= 5, "seed {seed}: only {changes} facts told anything");
        for (at_ms, known_then) in &then {
            assert_eq!(
                known(&db.store, *at_ms).await,
                *known_then,
                "seed {seed}, as of {at_ms}"
            );
        }
    }
}

async fn a_dispute_or_a_forged_chain_that_comes_up_later_changes_no_report_of_before(backend: Backend) {
    for is_forged in [false, true] {
        let mut world = World::whole_life();
        let (db, clock) = prepared(backend, &world).await;
        let mut leader = lead(&db.store, &world.keys).await;
        put(&db.store, &world.facts).await;
        leader.drain().await.expect("folded");
        let before_ms = db.store.now_ms();
        let before = known(&db.store, before_ms).await;
        assert!(is_lodged(&before));
        if is_forged {
            the_same_number_again(&mut world, COURIER);
        } else {
            world.one_party(COUNTER, Kind::TakeIn, &code(1), EventId::ZERO);
        }
        clock.advance(1000);
        put(&db.store, &world.facts).await;
        leader.drain().await.expect("folded");
        assert_eq!(known(&db.store, before_ms).await, before);
        let after = known(&db.store, db.store.now_ms()).await;
        assert!(!is_lodged(&after), "what is in doubt now is told as a fact by nobody");
    }
}

async fn each_step_of_an_envelope_is_told_with_the_hour_it_was_received(backend: Backend) {
    let world = World::whole_life();
    let (db, _) = prepared(backend, &world).await;
    let mut leader = lead(&db.store, &world.keys).await;
    put(&db.store, &world.facts).await;
    leader.drain().await.expect("folded");
    let all = known(&db.store, RECEIVED_MS).await;
    let recorded: Vec<i64> = all
        .items
        .iter()
        .flat_map(|item| &item.facts)
        .map(|one| one.recorded_at_ms)
        .collect();
    assert_eq!(recorded, vec![RECEIVED_MS; recorded.len()]);
    let result = all.items.iter().find(|item| item.code == code(2).as_str());
    let sorts: Vec<&str> = result
        .expect("the result")
        .facts
        .iter()
        .map(|one| match one.fact {
            ItemFact::Accepted { .. } => "accepted",
            ItemFact::AttemptFailed { .. } => "attempt failed",
            ItemFact::Delivered { .. } => "delivered",
            _ => "something else",
        })
        .collect();
    assert_eq!(sorts, ["accepted", "attempt failed", "delivered"]);
    assert_eq!(known(&db.store, RECEIVED_MS - 1).await.items[0].facts, []);
    let of = async |agency| {
        let seen = histories(db.store.read(), &Scope::agency(agency), RECEIVED_MS).await;
        seen.expect("the store is readable")
    };
    assert_eq!(of(AGENCY).await, all);
    let stranger = of(AgencyId(Uuid::from_u128(0xb))).await;
    assert!(stranger.dossiers.is_empty() && stranger.items.is_empty());
}

both!(
    what_was_known_at_an_hour_comes_out_the_same_for_any_order_of_arrival,
    a_dispute_or_a_forged_chain_that_comes_up_later_changes_no_report_of_before,
    each_step_of_an_envelope_is_told_with_the_hour_it_was_received,
);
