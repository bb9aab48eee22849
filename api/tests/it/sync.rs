//! What a phone says and hears.

use crate::phone::Phone;
use crate::world::{World, staff_id};
use axum::body::Body;
use axum::http::Request;
use custody::ids::EventId;
use custody::kind::Kind;
use domain::hat::Hat;
use serde_json::{Value, json};

const EVENTS: &str = "/api/v1/sync/events";

async fn courier(world: &World) -> Phone {
    Phone::enrolled(world, 1, Hat::Carrier, staff_id("courier")).await
}

#[tokio::test]
async fn each_event_is_answered_in_order_and_the_second_time_as_a_duplicate() {
    let world = World::new().await;
    let (_, label, _) = world.intake("S1").await;
    let mut phone = courier(&world).await;
    let (first, a) = phone.act(Kind::TakeIn, &label, EventId::ZERO);
    let (second, b) = phone.act(Kind::Note, &label, first);
    let answer = phone
        .deposit(&world, [a.clone(), b.clone(), a.clone()].concat())
        .await
        .ok();
    let line = |id: EventId, result: &str| json!({ "event_id": id.to_string(), "result": result });
    assert_eq!(
        answer["results"],
        json!([line(first, "stored"), line(second, "stored"), line(first, "duplicate")])
    );
    let again = phone.deposit(&world, [b, a].concat()).await.ok();
    assert_eq!(
        again["results"],
        json!([line(second, "duplicate"), line(first, "duplicate")])
    );
    assert_eq!(phone.deposit(&world, Vec::new()).await.ok(), json!({ "results": [] }));
}

#[tokio::test]
async fn bytes_that_are_no_envelope_are_kept_too() {
    let world = World::new().await;
    let mut phone = courier(&world).await;
    let answer = phone.deposit(&world, vec![0x01, 0x43, 1, 2, 3]).await.ok();
    assert_eq!(answer["results"].as_array().map(Vec::len), Some(2));
    world.fold().await;
    // Nobody can be named for it, so it is shown to whoever runs the installation.
    let ops = world.sign_in("ops").await;
    let quarantine = world.get("/api/v1/dispatch/quarantine", &ops).await.ok();
    assert_eq!(quarantine["events"][0]["reason"], "not_an_envelope");
    let boss = world.sign_in("boss").await;
    let theirs = world.get("/api/v1/dispatch/quarantine", &boss).await.ok();
    assert_eq!(theirs["events"], json!([]));
}

#[tokio::test]
async fn an_unreadable_frame_is_kept_whole_and_not_acknowledged() {
    let world = World::new().await;
    let mut phone = courier(&world).await;
    let refused = phone.deposit(&world, vec![0x43, 1]).await;
    assert_eq!(refused.refusal(), (400, "unreadable-frame".to_owned()));
    let ops = world.sign_in("ops").await;
    assert_eq!(
        world.get("/api/v1/dispatch/findings", &ops).await.ok()["unreadable_deposits"],
        1
    );
}

#[tokio::test]
async fn a_batch_has_at_most_two_hundred_events() {
    let world = World::new().await;
    let mut phone = courier(&world).await;
    let refused = phone.deposit(&world, vec![0x01; 201]).await;
    assert_eq!(refused.refusal(), (413, "too-many-events".to_owned()));
    assert_eq!(
        phone.deposit(&world, vec![0x01; 200]).await.ok()["results"]
            .as_array()
            .map(Vec::len),
        Some(200)
    );
}

#[tokio::test]
async fn a_deposit_says_that_it_is_a_cbor_sequence() {
    let world = World::new().await;
    let mut phone = courier(&world).await;
    let refused = phone.call(&world, "POST", EVENTS, "application/json", vec![0x01]).await;
    assert_eq!(refused.refusal(), (415, "unsupported-media-type".to_owned()));
}

#[tokio::test]
async fn a_closed_store_claims_nothing() {
    let world = World::new().await;
    let mut phone = courier(&world).await;
    world.app.store.close().await;
    let refused = phone.deposit(&world, vec![0x01]).await;
    assert_eq!(refused.refusal(), (503, "unavailable".to_owned()));
    assert_eq!(refused.header("retry-after"), "2");
}

#[tokio::test]
async fn a_proof_without_a_fresh_nonce_gets_one_to_use() {
    let world = World::new().await;
    let mut phone = courier(&world).await;
    for stale in ["", "AAAA"] {
        stale.clone_into(&mut phone.nonce);
        let refused = phone.deposit(&world, vec![0x01]).await;
        assert_eq!(refused.refusal(), (401, "use-nonce".to_owned()));
        assert_eq!(phone.deposit(&world, vec![0x01]).await.status, 200);
    }
    world.clock.advance(20 * 60 * 1000);
    assert_eq!(phone.deposit(&world, vec![0x01]).await.problem(), "use-nonce");
}

#[tokio::test]
async fn a_proof_of_another_key_path_or_method_is_refused() {
    let world = World::new().await;
    let phone = courier(&world).await;
    let stranger = Phone::new(9, Hat::Carrier);
    let proofs = [
        phone.proof(&stranger.signer, "POST", EVENTS, &phone.nonce),
        phone.proof(&phone.signer, "POST", "/api/v1/sync/hello", &phone.nonce),
        phone.proof(&phone.signer, "GET", EVENTS, &phone.nonce),
        "no.jwt.at-all".to_owned(),
    ];
    for proof in proofs {
        let request = Request::post(EVENTS)
            .header("dpop", proof)
            .header("content-type", "application/cbor-seq");
        let refused = world
            .send(request.body(Body::from(vec![0x01])).expect("a request"))
            .await;
        assert_eq!(refused.refusal(), (401, "bad-proof".to_owned()));
    }
    let unknown = stranger.proof(&stranger.signer, "POST", EVENTS, &phone.nonce);
    let request = Request::post(EVENTS)
        .header("dpop", unknown)
        .header("content-type", "application/cbor-seq");
    let refused = world
        .send(request.body(Body::from(vec![0x01])).expect("a request"))
        .await;
    assert_eq!(refused.problem(), "unknown-device");
}

#[tokio::test]
async fn a_gap_in_the_chain_is_told_by_hello_and_gaps() {
    let world = World::new().await;
    let (_, label, _) = world.intake("S1").await;
    let mut phone = courier(&world).await;
    let (first, a) = phone.act(Kind::TakeIn, &label, EventId::ZERO);
    let (second, _lost) = phone.act(Kind::Note, &label, first);
    let (_, c) = phone.act(Kind::Note, &label, second);
    phone.deposit(&world, [a, c].concat()).await.ok();
    world.fold().await;
    let gaps = phone.read(&world, "/api/v1/sync/gaps").await.ok();
    assert_eq!((&gaps["contiguous"], &gaps["missing"]), (&json!(1), &json!([[2, 2]])));
    assert_eq!(phone.hello(&world).await.ok()["want"], json!([[2, 2]]));
}

#[tokio::test]
async fn a_courier_hears_of_a_new_stop_with_all_it_takes_and_of_what_moved() {
    let world = World::new().await;
    let (_, label, _) = world.intake("S1").await;
    let mut phone = courier(&world).await;
    let boss = world.sign_in("boss").await;
    let assign = json!({ "item_code": label, "leg": "pickup", "staff_id": staff_id("courier") });
    world.post("/api/v1/dispatch/assign", &boss, &assign).await.ok();
    world.fold().await;
    let page = phone.read(&world, "/api/v1/sync/changes?cursor=").await.ok();
    let stop = &page["changes"][0];
    assert_eq!((&stop["type"], &stop["leg"]), (&json!("assignment"), &json!("pickup")));
    assert_eq!(
        (&stop["name"], &stop["phone"]),
        (&json!("Chau Sóc Kha"), &json!("+84912345678"))
    );
    assert_eq!(stop["agency_name"], "UBND phường Tịnh Biên");
    let (_, taken) = phone.act(Kind::TakeIn, &label, EventId::ZERO);
    phone.deposit(&world, taken).await.ok();
    world.fold().await;
    let next = page["next"].as_str().expect("a cursor");
    let page = phone
        .read(&world, &format!("/api/v1/sync/changes?cursor={next}"))
        .await
        .ok();
    let moved = page["changes"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|change| change["type"] == "item");
    assert_eq!(
        moved.expect("the item moved")["holder"],
        format!("staff:{}", staff_id("courier"))
    );
    assert_eq!(page["more"], false);
}

#[tokio::test]
async fn a_word_on_an_item_names_what_it_was_made_from_and_not_what_still_waits() {
    let world = World::new().await;
    let (_, label, _) = world.intake("H-1").await;
    let mut phone = courier(&world).await;
    let (taken, bytes) = phone.act(Kind::TakeIn, &label, EventId::ZERO);
    phone.deposit(&world, bytes).await.ok();
    world.fold().await;
    // It goes on from a step nobody has brought.
    let (waiting, bytes) = phone.act(Kind::AttemptFailed, &label, EventId([9; 32]));
    phone.deposit(&world, bytes).await.ok();
    world.fold().await;
    let page = phone.read(&world, "/api/v1/sync/changes").await.ok();
    let words = page["changes"].as_array().expect("a list").iter();
    let words: Vec<&Value> = words.filter(|change| change["type"] == "item").collect();
    assert_eq!(words.len(), 2, "{page}");
    for word in words {
        assert_eq!(word["heard"], json!([taken.to_string()[..8]]), "{waiting} waits");
        assert_eq!(word["head"], taken.to_string());
    }
}

#[tokio::test]
async fn a_cursor_of_another_phone_starts_the_feed_anew() {
    let world = World::new().await;
    let mut phone = courier(&world).await;
    let cursor = phone.read(&world, "/api/v1/sync/changes").await.ok()["next"]
        .as_str()
        .expect("a cursor")
        .to_owned();
    let mut other = Phone::enrolled(&world, 2, Hat::Carrier, staff_id("courier")).await;
    for bad in [cursor.as_str(), "AAAA", "!"] {
        let refused = other.read(&world, &format!("/api/v1/sync/changes?cursor={bad}")).await;
        assert_eq!(refused.refusal(), (410, "resync".to_owned()));
    }
    assert_eq!(
        phone
            .read(&world, &format!("/api/v1/sync/changes?cursor={cursor}"))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_cursor_of_before_a_restore_starts_the_feed_anew() {
    let world = World::new().await;
    let mut phone = courier(&world).await;
    let next = phone.read(&world, "/api/v1/sync/changes").await.ok()["next"].clone();
    let path = format!("/api/v1/sync/changes?cursor={}", next.as_str().expect("a cursor"));
    assert_eq!(phone.read(&world, &path).await.status, 200);
    let restored = world
        .app
        .store
        .write(|tx| Box::pin(async move { entity::repo::setting::put(tx, "epoch", "1999999999999").await }));
    restored
        .await
        .unwrap_or_else(|error: entity::StoreError| panic!("{error}"));
    assert_eq!(phone.read(&world, &path).await.refusal(), (410, "resync".to_owned()));
}
