//! The dispatcher's lists and decisions.

use crate::phone::Phone;
use crate::world::{World, staff_id};
use domain::hat::Hat;
use domain::item_code::ItemCode;
use entity::StoreError;
use entity::outbox::{self, Claimed, NewJob};
use entity::repo::assignment;
use serde_json::json;

#[tokio::test]
async fn what_nobody_could_place_is_listed_until_a_courier_is_chosen() {
    let world = World::new().await;
    let (_, label, _) = world.intake("S1").await;
    let code = ItemCode::parse(&label).expect("a label");
    let store = world.app.store.clone();
    let listed = store.write(move |tx| {
        Box::pin(async move { assignment::put_unplaced(tx, &code, "pickup", "no_commune", "unknown address", 1).await })
    });
    listed
        .await
        .unwrap_or_else(|error: StoreError| panic!("listed: {error:?}"));
    let boss = world.sign_in("boss").await;
    let list = world.get("/api/v1/dispatch/unplaced", &boss).await.ok();
    assert_eq!(
        (&list["unplaced"][0]["item_code"], &list["unplaced"][0]["reason"]),
        (&json!(label), &json!("no_commune"))
    );
    let assign = json!({ "item_code": label, "leg": "pickup", "staff_id": staff_id("courier") });
    let first = world.post("/api/v1/dispatch/assign", &boss, &assign).await;
    assert_eq!(first.status, 201);
    let again = world.post("/api/v1/dispatch/assign", &boss, &assign).await;
    assert_eq!(again.json(), first.json(), "the same decision again changes nothing");
    assert_eq!(
        world.get("/api/v1/dispatch/unplaced", &boss).await.ok()["unplaced"],
        json!([])
    );
}

#[tokio::test]
async fn a_dispatcher_chooses_among_the_own_couriers_and_known_items() {
    let world = World::new().await;
    let (_, label, _) = world.intake("S1").await;
    let boss = world.sign_in("boss").await;
    for stranger in ["far", "agent"] {
        let body = json!({ "item_code": label, "leg": "pickup", "staff_id": staff_id(stranger) });
        assert_eq!(
            world.post("/api/v1/dispatch/assign", &boss, &body).await.problem(),
            "invalid-request"
        );
    }
    let unknown = json!({ "item_code": "RR473124829VN", "leg": "pickup", "staff_id": staff_id("courier") });
    assert_eq!(
        world.post("/api/v1/dispatch/assign", &boss, &unknown).await.problem(),
        "not-found"
    );
    let agent = world.sign_in("agent").await;
    assert_eq!(
        world.post("/api/v1/dispatch/assign", &agent, &unknown).await.problem(),
        "missing-right"
    );
}

#[tokio::test]
async fn a_reassigned_stop_is_taken_back_from_the_first_courier() {
    let world = World::new().await;
    let (_, label, _) = world.intake("S1").await;
    let mut phone = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let boss = world.sign_in("boss").await;
    for courier in ["courier", "second"] {
        let assign = json!({ "item_code": label, "leg": "pickup", "staff_id": staff_id(courier) });
        world.post("/api/v1/dispatch/assign", &boss, &assign).await.ok();
        world.clock.advance(1_000);
    }
    world.fold().await;
    let page = phone.read(&world, "/api/v1/sync/changes").await.ok();
    assert_eq!(
        page["changes"],
        json!([{ "type": "withdrawn", "item_code": label, "reason": "reassigned" }])
    );
}

#[tokio::test]
async fn a_reassigned_stop_is_taken_back_also_from_a_phone_that_has_it() {
    let world = World::new().await;
    let (_, label, _) = world.intake("S1").await;
    let mut phone = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let boss = world.sign_in("boss").await;
    let (mut cursor, mut heard) = (String::new(), Vec::new());
    for courier in ["courier", "second", "second", "courier"] {
        let assign = json!({ "item_code": label, "leg": "pickup", "staff_id": staff_id(courier) });
        world.post("/api/v1/dispatch/assign", &boss, &assign).await.ok();
        world.fold().await;
        let page = phone
            .read(&world, &format!("/api/v1/sync/changes?cursor={cursor}"))
            .await
            .ok();
        page["next"].as_str().expect("a cursor").clone_into(&mut cursor);
        let changes = page["changes"].as_array().expect("a list");
        heard.extend(changes.iter().map(|change| change["type"].clone()));
    }
    assert_eq!(heard, [json!("assignment"), json!("withdrawn"), json!("assignment")]);
    let loads = assignment::loads(world.app.store.read()).await.expect("counted");
    assert_eq!(loads.into_values().collect::<Vec<_>>(), [1], "one item, one load");
}

#[tokio::test]
async fn a_job_that_was_given_up_is_shown_and_can_be_revived() {
    let world = World::new().await;
    let store = &world.app.store;
    let job = NewJob {
        kind: "assign",
        payload: json!({ "item_code": "x" }),
        dedup_key: "k".to_owned(),
    };
    let pushed = store.write(move |tx| Box::pin(async move { outbox::push(tx, 0, job).await }));
    pushed
        .await
        .unwrap_or_else(|error: StoreError| panic!("pushed: {error:?}"));
    let (id, _) = outbox::due(store, 1).await.expect("a list").remove(0);
    let Claimed::Run(claim) = outbox::claim(store, id).await.expect("a claim") else {
        panic!("claimed")
    };
    outbox::failed(store, &claim, "it never works".to_owned(), None)
        .await
        .expect("given up");
    // It is about nothing anybody knows, so it is for whoever runs the installation.
    let theirs = world
        .get("/api/v1/dispatch/dead-jobs", &world.sign_in("boss").await)
        .await;
    assert_eq!(theirs.ok()["jobs"], json!([]));
    let ops = world.sign_in("ops").await;
    let dead = world.get("/api/v1/dispatch/dead-jobs", &ops).await.ok();
    assert_eq!(
        (&dead["jobs"][0]["id"], &dead["jobs"][0]["last_error"]),
        (&json!(id), &json!("it never works"))
    );
    let path = format!("/api/v1/dispatch/dead-jobs/{id}/revive");
    assert_eq!(world.post(&path, &ops, &json!({})).await.status, 204);
    assert_eq!(
        world.get("/api/v1/dispatch/dead-jobs", &ops).await.ok()["jobs"],
        json!([])
    );
    assert_eq!(world.post(&path, &ops, &json!({})).await.problem(), "not-found");
}
