//! What a device is lent to give without a network, how long its word is good for, and shifts that devices end.

use crate::money::Counter;
use crate::phone::Phone;
use crate::world::{World, staff_id};
use custody::ids::EventId;
use custody::till::Settle;
use domain::hat::Hat;
use domain::money::{Amount, Dong, ThreeLines};
use entity::testing::Backend;
use serde_json::{Value, json};
use std::collections::BTreeSet;

crate::both!(
    a_repeated_request_for_numbers_gets_the_same_and_nobody_else_gets_them,
    numbers_come_from_the_offices_own_runs_and_end_with_them,
    a_second_signature_that_does_not_fit_is_set_aside_and_the_money_stays,
    a_signature_waits_for_the_count_it_is_under,
);

async fn borrow(phone: &mut Phone, world: &World, request: u8, labels: u32, receipts: u32) -> Value {
    let body = json!({ "request": hex::encode([request; 16]), "labels": labels, "receipts": receipts });
    let kind = "application/json";
    phone
        .call(
            world,
            "POST",
            "/api/v1/sync/numbers",
            kind,
            body.to_string().into_bytes(),
        )
        .await
        .ok()
}

fn labels(lent: &Value) -> BTreeSet<String> {
    let all = lent["labels"].as_array().expect("a list").iter();
    all.map(|label| label.as_str().expect("a label").to_owned()).collect()
}

async fn series(world: &World, boss: &str, first: u32, last: u32) {
    let boss = world.sign_in(boss).await;
    let run = json!({ "series": "AA/26P", "first": first, "last": last });
    world.post("/api/v1/receipts/series", &boss, &run).await.ok();
}

async fn a_repeated_request_for_numbers_gets_the_same_and_nobody_else_gets_them(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    series(&world, "boss", 1, 500).await;
    let mut one = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let mut two = Phone::enrolled(&world, 2, Hat::Carrier, staff_id("second")).await;
    let first = borrow(&mut one, &world, 7, 5, 5).await;
    assert_eq!(
        borrow(&mut one, &world, 7, 0, 60).await,
        first,
        "whatever it asks for the second time"
    );
    assert_eq!(labels(&first).len(), 5);
    assert_eq!(
        first["receipts"],
        json!([{ "point": "P1", "series": "AA/26P", "first": 1, "last": 5 }])
    );
    let other = borrow(&mut two, &world, 7, 5, 5).await;
    assert!(labels(&first).is_disjoint(&labels(&other)));
    assert_eq!(other["receipts"][0]["first"], 6);
    let many = borrow(&mut two, &world, 8, 4_000_000_000, 4_000_000_000).await;
    assert_eq!((labels(&many).len(), &many["receipts"][0]["last"]), (60, &json!(70)));
    let body = json!({ "request": "seven", "labels": 1, "receipts": 1 }).to_string();
    let refused = one
        .call(
            &world,
            "POST",
            "/api/v1/sync/numbers",
            "application/json",
            body.into_bytes(),
        )
        .await;
    assert_eq!(refused.refusal(), (422, "invalid-request".to_owned()));
}

async fn numbers_come_from_the_offices_own_runs_and_end_with_them(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    series(&world, "boss", 1, 3).await;
    let mut here = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let there_boss = world.sign_in("boss-p2").await;
    let mut there = Phone::enrolled_by(&world, 2, Hat::Carrier, staff_id("far"), &there_boss).await;
    assert_eq!(
        borrow(&mut there, &world, 1, 0, 9).await["receipts"],
        json!([]),
        "that office has no series"
    );
    let lent = borrow(&mut here, &world, 1, 0, 9).await;
    assert_eq!(lent["receipts"][0]["last"], 3, "less than asked for");
    assert_eq!(borrow(&mut here, &world, 2, 0, 9).await["receipts"], json!([]));
    world.fold().await;
    let boss = world.sign_in("boss").await;
    let shown = world.get("/api/v1/receipts/series", &boss).await.ok();
    let lent = json!([{ "device_id": here.id(), "first": 1, "last": 3 }]);
    assert_eq!(
        (&shown["series"][0]["lent"], &shown["series"][0]["given"]),
        (&lent, &json!(3))
    );
}

#[tokio::test]
async fn a_receipt_stands_only_under_a_number_that_was_lent_to_its_phone_and_once() {
    let at = Counter::new().await;
    let mut one = Phone::enrolled(&at.world, 1, Hat::Carrier, staff_id("courier")).await;
    let mut two = Phone::enrolled(&at.world, 2, Hat::Carrier, staff_id("second")).await;
    assert_eq!(borrow(&mut one, &at.world, 1, 0, 2).await["receipts"][0]["last"], 2);
    assert_eq!(borrow(&mut two, &at.world, 1, 0, 1).await["receipts"][0]["last"], 3);
    at.charge("state_fee", 50_000).await;
    for (by_one, series, serial, standing) in [
        (false, "AA/26P", 2, 0), // lent to the other
        (true, "AA/26P", 3, 0),
        (true, "ZZ/26P", 1, 0), // of no series
        (true, "AA/26P", 2, 1),
        (true, "AA/26P", 2, 1), // written twice
        (false, "AA/26P", 3, 2),
    ] {
        let phone = if by_one { &mut one } else { &mut two };
        let fee = phone.fee(&at.label, 5_000, (series, serial));
        phone.deposit(&at.world, fee).await.ok();
        let money = at.money().await;
        let receipts = money["receipts"].as_array().expect("a list");
        assert_eq!(receipts.len(), standing, "{series} {serial} by one: {by_one}");
    }
    let lines = at.money().await["lines"].as_array().map(Vec::len);
    assert_eq!(lines, Some(7), "what was said of the money is kept all the same");
}

#[tokio::test]
async fn a_key_in_a_browser_is_good_for_a_day_and_one_in_a_phone_for_three() {
    let world = World::new().await;
    let boss = world.sign_in("boss").await;
    for (seed, in_browser, hours) in [(1, None, 72), (2, Some(false), 72), (3, Some(true), 24)] {
        let mut phone = Phone::new(seed, Hat::Carrier);
        let person = json!({ "staff_id": staff_id("courier") });
        let code = world.post("/api/v1/devices/codes", &boss, &person).await.ok();
        let mut request = phone.enrolment(code["code"].as_str().expect("a code"));
        if let Some(in_browser) = in_browser {
            request["in_browser"] = json!(in_browser);
        }
        let enrolled = world.post("/api/v1/devices/enrol", "", &request).await.ok();
        world.fold().await;
        let greeted = phone.hello(&world).await.ok();
        let now = world.app.store.now_ms();
        for told in [&enrolled, &greeted] {
            let left = told["credential_until_ms"].as_i64().expect("a time") - now;
            let life = hours * 3_600_000;
            assert!((life - 60_000..=life).contains(&left), "{in_browser:?}: {left}");
        }
    }
}

fn sums(postage: i64) -> ThreeLines {
    ThreeLines {
        postage: Amount::new(Dong::new(postage)).expect("not negative"),
        ..ThreeLines::ZERO
    }
}

fn count(postage: i64) -> Settle {
    Settle::Count {
        books: sums(postage),
        counted: sums(postage),
        explanation: None,
    }
}

fn sign(of: EventId, postage: i64) -> Settle {
    Settle::Sign {
        of,
        counted: sums(postage),
    }
}

async fn bring(phone: &mut Phone, world: &World, settle: &Settle) -> EventId {
    let (id, bytes) = phone.settle(settle);
    phone.deposit(world, bytes).await.ok();
    world.fold().await;
    id
}

/// Why an event is set aside, if it is.
async fn set_aside(world: &World, event: EventId) -> Option<String> {
    let ops = world.sign_in("ops").await;
    let log = world.get("/api/v1/dispatch/quarantine", &ops).await.ok();
    let all = log["events"].as_array().expect("a list").iter();
    let mut all = all.filter(|one| one["event_id"] == event.to_string());
    all.next()
        .map(|one| one["reason"].as_str().expect("a reason").to_owned())
}

async fn state(world: &World) -> Value {
    let boss = world.sign_in("boss").await;
    let shifts = world.get("/api/v1/shifts", &boss).await.ok();
    shifts["shifts"][0]["state"].clone()
}

async fn a_second_signature_that_does_not_fit_is_set_aside_and_the_money_stays(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let mut courier = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let mut same = Phone::enrolled(&world, 2, Hat::Carrier, staff_id("courier")).await;
    let mut agent = Phone::enrolled(&world, 3, Hat::PostAgent, staff_id("agent")).await;
    let there = world.sign_in("boss-p2").await;
    let mut stranger = Phone::enrolled_by(&world, 4, Hat::PostAgent, staff_id("agent-p2"), &there).await;
    let mut second = Phone::enrolled(&world, 5, Hat::PostAgent, staff_id("agent")).await;
    let replaced = bring(&mut courier, &world, &count(900)).await;
    let counted = bring(&mut courier, &world, &count(1_000)).await;
    for (phone, of, sum, reason) in [
        (&mut second, replaced, 900, "count_replaced"),
        (&mut agent, counted, 900, "counts_differ"),
        (&mut same, counted, 1_000, "same_person"),
        (&mut stranger, counted, 1_000, "not_their_office"),
    ] {
        let signed = bring(phone, &world, &sign(of, sum)).await;
        assert_eq!(set_aside(&world, signed).await.as_deref(), Some(reason));
        assert_eq!(state(&world).await, "counted", "{reason}");
    }
    let signed = bring(&mut agent, &world, &sign(counted, 1_000)).await;
    assert_eq!(set_aside(&world, signed).await, None);
    assert_eq!(state(&world).await, "closed");
}

async fn a_signature_waits_for_the_count_it_is_under(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let mut courier = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let mut agent = Phone::enrolled(&world, 3, Hat::PostAgent, staff_id("agent")).await;
    let (counted, late) = courier.settle(&count(1_000));
    bring(&mut agent, &world, &sign(counted, 1_000)).await;
    assert_eq!(state(&world).await, Value::Null, "nobody has counted");
    courier.deposit(&world, late).await.ok();
    world.fold().await;
    assert_eq!(state(&world).await, "closed");
    let boss = world.sign_in("boss").await;
    let waiting = world.get("/api/v1/dispatch/contested", &boss).await.ok();
    assert!(!waiting.to_string().contains("waiting_for_count"), "{waiting}");
}
