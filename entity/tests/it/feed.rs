//! What others hear: every step once, in order, without gaps, and only whom it concerns.

use crate::support::{Chance, fresh, lead, put};
use crate::world::{AGENCY, CARRIER, CLIENT, COUNTER, COURIER, OFFICE, World, code, item};
use custody::ids::EventId;
use custody::kind::Kind;
use domain::holder::Holder;
use domain::ids::ClientId;
use domain::item::ItemKind;
use domain::wire::v1::ItemChange;
use entity::Scope;
use entity::repo::{changes, tracking};
use entity::testing::Backend;
use serde_json::json;
use uuid::Uuid;

fn codes(page: &tracking::Page, item: u32) -> Vec<(i64, String)> {
    let of = code(item);
    page.rows
        .iter()
        .filter(|row| row.item_code == of.as_str())
        .map(|row| (row.status_code, row.status_message.clone()))
        .collect()
}

async fn the_client_hears_every_step_of_both_items_once_whatever_the_order(backend: Backend) {
    let mut told = Vec::new();
    for seed in 0..12 {
        let db = fresh(backend).await;
        let world = World::whole_life();
        // The numbers of acts in one life are fixed; only the order differs.
        world.prepare(&db.store).await;
        let mut leader = lead(&db.store, &world.keys).await;
        let mut chance = Chance::new(seed);
        let batches = if seed == 0 {
            vec![world.facts.clone()]
        } else {
            world.scrambled(&mut chance)
        };
        for batch in batches {
            put(&db.store, &batch).await;
            leader.drain().await.expect("folded");
        }
        let page = tracking::page(db.store.read(), &Scope::client(CLIENT), 0, 100)
            .await
            .expect("readable");
        let numbers: Vec<i64> = page.rows.iter().map(|row| row.seq).collect();
        assert_eq!(
            numbers,
            (1..=i64::try_from(numbers.len()).expect("few")).collect::<Vec<_>>()
        );
        assert_eq!(page.total, page.rows.len() as u64);
        assert!(
            page.rows
                .iter()
                .all(|row| row.order_number == "N-1" && row.customer_code == "AG01")
        );
        let now = (codes(&page, 1), codes(&page, 2));
        if told.is_empty() {
            let steps = |rows: &[(i64, String)]| rows.iter().map(|row| row.0).collect::<Vec<_>>();
            assert_eq!(steps(&now.0), [20, 70, 70, 70, 100]);
            assert_eq!(steps(&now.1), [20, 70, 91, 100]);
            told.push(now);
        } else {
            assert_eq!(now, told[0], "seed {seed}");
        }
    }
}

async fn pages_of_the_feed_join_up_and_strangers_see_none_of_it(backend: Backend) {
    let db = fresh(backend).await;
    let world = World::whole_life();
    drop(world.told_in_order(&db.store).await);
    let (mut last, mut read) = (0, 0);
    loop {
        let page = tracking::page(db.store.read(), &Scope::client(CLIENT), last, 2)
            .await
            .expect("readable");
        assert_eq!(page.total, 9 - read);
        let Some(row) = page.rows.last() else { break };
        assert_eq!(page.rows[0].seq, last + 1);
        last = row.seq;
        read += page.rows.len() as u64;
    }
    assert_eq!(read, 9);
    for scope in [
        Scope::client(ClientId(Uuid::from_u128(1))),
        Scope::agency(AGENCY),
        Scope::everything(),
    ] {
        assert_eq!(
            tracking::page(db.store.read(), &scope, 0, 10)
                .await
                .expect("readable")
                .total,
            0
        );
    }
}

async fn a_word_on_a_long_journey_names_the_newest_steps_it_was_made_from(backend: Backend) {
    let db = fresh(backend).await;
    let mut world = World::new();
    world.enrol_all();
    world.item_created(&code(1), ItemKind::DossierToAgency);
    let mut way = vec![world.one_party(COURIER, Kind::TakeIn, &code(1), EventId::ZERO)];
    for n in 0..40 {
        let (from, to) = if n % 2 == 0 {
            (COURIER, COUNTER)
        } else {
            (COUNTER, COURIER)
        };
        way.push(world.hand_over(from, to, &code(1), way[n]));
    }
    drop(world.told_in_order(&db.store).await);
    let courier = [world.people[COURIER].party];
    let rows = changes::after(db.store.read(), &courier, 0, 1000)
        .await
        .expect("readable");
    let told: ItemChange = serde_json::from_str(&rows.last().expect("heard").body).expect("a word");
    assert_eq!(told.head, way.last().map(ToString::to_string));
    assert_eq!(told.heard.len(), 64);
    assert!(way.iter().all(|step| told.has_heard(&step.to_string()) == Some(true)));
    assert_eq!(told.has_heard(&"0".repeat(64)), Some(false), "what nobody placed");
}

async fn old_and_new_holder_hear_of_a_change_and_nobody_else(backend: Backend) {
    let db = fresh(backend).await;
    let mut world = World::new();
    world.enrol_all();
    world.item_created(&code(1), ItemKind::DossierToAgency);
    let head = world.one_party(COURIER, Kind::TakeIn, &code(1), EventId::ZERO);
    let mut leader = world.told_in_order(&db.store).await;
    let (courier, office) = (world.people[COURIER].party, Holder::ServicePoint(OFFICE));
    let told_to = async |who: Holder, after: i64| {
        let rows = changes::after(db.store.read(), &[who], after, 100)
            .await
            .expect("readable");
        rows.into_iter()
            .map(|row| (row.seq, serde_json::from_str(&row.body).expect("JSON")))
            .collect::<Vec<(i64, serde_json::Value)>>()
    };
    assert_eq!(told_to(courier, 0).await.len(), 1);
    let accept = world.hand_over(COURIER, COUNTER, &code(1), head);
    put(&db.store, &world.facts).await;
    leader.drain().await.expect("folded");

    let (to_courier, to_office) = (told_to(courier, 1).await, told_to(office, 0).await);
    let last = &to_office.last().expect("the office heard").1;
    assert_eq!(
        (&last["type"], &last["item_code"]),
        (&json!("item"), &json!(code(1).as_str()))
    );
    assert_eq!(
        (&last["holder"], &last["head"]),
        (&json!(office.to_string()), &json!(accept.to_string()))
    );
    assert_eq!(to_courier[0].1["holder"], json!(office.to_string()));
    assert!(told_to(world.people[CARRIER].party, 0).await.is_empty());
    assert_eq!(
        told_to(office, to_office[0].0).await,
        to_office[1..],
        "a cursor goes on where it was"
    );
    assert_eq!(item(&db.store, &code(1)).await.holder, Some(office.to_string()));
}

both!(
    the_client_hears_every_step_of_both_items_once_whatever_the_order,
    pages_of_the_feed_join_up_and_strangers_see_none_of_it,
    old_and_new_holder_hear_of_a_change_and_nobody_else,
    a_word_on_a_long_journey_names_the_newest_steps_it_was_made_from,
);
