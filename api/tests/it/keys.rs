//! Devices in the hands of who keeps the keys: two of them, and nobody who runs anything else.

use crate::phone::Phone;
use crate::world::{Answer, World, staff_id};
use domain::hat::Hat;
use entity::testing::Backend;
use serde_json::{Value, json};

crate::both!(
    a_device_is_revoked_by_two_who_keep_the_keys,
    a_device_is_enrolled_with_a_code_two_of_them_agreed_on,
    keys_and_people_have_different_administrators,
);

async fn propose(world: &World, login: &str, kind: &str, subject: &str) -> Answer {
    let asked = json!({ "kind": kind, "subject": subject, "reason": "máy bị mất" });
    world.post("/api/v1/changes", &world.sign_in(login).await, &asked).await
}

async fn approve(world: &World, login: &str, made: &Value) -> Answer {
    let path = format!("/api/v1/changes/{}/approve", made["id"].as_str().expect("an id"));
    world.post(&path, &world.sign_in(login).await, &json!({})).await
}

async fn a_device_is_revoked_by_two_who_keep_the_keys(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let mut phone = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    world.fold().await;
    let made = propose(&world, "keys", "device.revoke", &phone.id()).await.ok();
    assert_eq!(made["before"]["is_trusted"], true);
    assert_eq!(made["after"]["is_trusted"], false);
    let own = approve(&world, "keys", &made).await;
    assert_eq!(own.refusal(), (409, "not-now".to_owned()), "one alone revokes nothing");
    phone.read(&world, "/api/v1/sync/changes").await.ok();

    approve(&world, "keys-2", &made).await.ok();
    world.fold().await;
    assert_eq!(
        phone.read(&world, "/api/v1/sync/changes").await.refusal(),
        (403, "device-revoked".to_owned())
    );
    let again = propose(&world, "keys-2", "device.revoke", &phone.id()).await;
    assert_eq!(again.refusal(), (409, "not-now".to_owned()), "it is revoked already");
}

async fn a_device_is_enrolled_with_a_code_two_of_them_agreed_on(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let made = propose(&world, "keys", "device.enrol", "boss").await.ok();
    let agreed = approve(&world, "keys-2", &made).await.ok();
    let code = agreed["code"].as_str().expect("a code");
    assert!(!agreed["change"].to_string().contains(code), "it is kept nowhere");
    let phone = Phone::new(7, Hat::PostAgent);
    let enrolled = world
        .post("/api/v1/devices/enrol", "", &phone.enrolment(code))
        .await
        .ok();
    assert_eq!(enrolled["device_id"], phone.id());
    let repeated = approve(&world, "keys-2", &made).await.ok();
    assert_eq!(repeated["code"], Value::Null, "it is shown once");
}

async fn keys_and_people_have_different_administrators(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let phone = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    world.fold().await;
    let by_ops = propose(&world, "ops", "device.revoke", &phone.id()).await;
    assert_eq!(by_ops.refusal(), (403, "missing-right".to_owned()));
    let by_keys = propose(&world, "keys", "user.dismiss", "courier").await;
    assert_eq!(by_keys.refusal(), (403, "missing-right".to_owned()));
    let stranger = propose(&world, "keys-q", "device.revoke", &phone.id()).await;
    assert_eq!(stranger.refusal(), (404, "not-found".to_owned()), "another operator's");

    let made = propose(&world, "keys", "device.revoke", &phone.id()).await.ok();
    for other in ["ops-2", "keys-q"] {
        assert_eq!(approve(&world, other, &made).await.status, 404, "{other}");
    }
    let of_people = propose(&world, "ops", "user.dismiss", "agent").await.ok();
    assert_eq!(approve(&world, "keys", &of_people).await.status, 404);
    let listed = async |login: &str| {
        let page = world.get("/api/v1/changes", &world.sign_in(login).await).await.ok();
        let kinds = page["changes"].as_array().expect("a list").iter();
        kinds
            .map(|one| one["kind"].as_str().expect("a kind").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(listed("keys").await, ["device.revoke"]);
    assert_eq!(listed("ops").await, ["user.dismiss"]);
    assert_eq!(listed("auditor").await.len(), 2, "auditors see both");
}
