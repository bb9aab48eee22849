//! Enrolling and revoking devices.

use crate::phone::{Phone, b64};
use crate::world::{World, staff_id};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use custody::credential::Credential;
use custody::ids::EventId;
use custody::kind::Kind;
use domain::hat::Hat;
use ed25519_dalek::VerifyingKey;
use entity::repo::finding;
use serde_json::{Value, json};

async fn code(world: &World, login: &str) -> String {
    let boss = world.sign_in("boss").await;
    let made = world
        .post("/api/v1/devices/codes", &boss, &json!({ "staff_id": staff_id(login) }))
        .await
        .ok();
    made["code"].as_str().expect("a code").to_owned()
}

#[tokio::test]
async fn a_code_enrols_one_device_once() {
    let world = World::new().await;
    let phone = Phone::new(1, Hat::Carrier);
    let request = phone.enrolment(&code(&world, "courier").await);
    let enrolled = world.post("/api/v1/devices/enrol", "", &request).await.ok();
    assert_eq!(enrolled["device_id"], phone.id());
    assert_eq!(
        enrolled["hats"],
        json!([{ "hat": "carrier", "holder": format!("staff:{}", staff_id("courier")) }])
    );
    assert_eq!(enrolled["office_name"], "Bưu cục Tịnh Biên");
    let again = world.post("/api/v1/devices/enrol", "", &request).await;
    assert_eq!(again.refusal(), (422, "code-invalid".to_owned()));
}

#[tokio::test]
async fn a_wrong_signature_does_not_use_the_code_up() {
    let world = World::new().await;
    let (phone, other) = (Phone::new(1, Hat::Carrier), Phone::new(2, Hat::Carrier));
    let code = code(&world, "courier").await;
    let mut stolen = phone.enrolment(&code);
    stolen["public_key"] = other.enrolment(&code)["public_key"].clone();
    assert_eq!(
        world.post("/api/v1/devices/enrol", "", &stolen).await.problem(),
        "code-invalid"
    );
    let mut short = phone.enrolment(&code);
    short["proof"] = json!(b64([1, 2, 3]));
    assert_eq!(
        world.post("/api/v1/devices/enrol", "", &short).await.problem(),
        "code-invalid"
    );
    world
        .post("/api/v1/devices/enrol", "", &phone.enrolment(&code))
        .await
        .ok();
}

#[tokio::test]
async fn a_code_is_good_for_fifteen_minutes() {
    let world = World::new().await;
    let request = Phone::new(1, Hat::Carrier).enrolment(&code(&world, "courier").await);
    world.clock.advance(15 * 60 * 1000);
    assert_eq!(
        world.post("/api/v1/devices/enrol", "", &request).await.problem(),
        "code-invalid"
    );
}

#[tokio::test]
async fn a_key_belongs_to_one_person() {
    let world = World::new().await;
    let phone = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let taken = world
        .post(
            "/api/v1/devices/enrol",
            "",
            &phone.enrolment(&code(&world, "agent").await),
        )
        .await;
    assert_eq!(taken.refusal(), (409, "device-taken".to_owned()));
}

#[tokio::test]
async fn a_supervisor_makes_codes_for_the_own_office_and_the_desk_it_runs() {
    let world = World::new().await;
    code(&world, "desk").await;
    let boss = world.sign_in("boss").await;
    for stranger in ["far", "other", "nobody"] {
        let refused = world
            .post(
                "/api/v1/devices/codes",
                &boss,
                &json!({ "staff_id": staff_id(stranger) }),
            )
            .await;
        assert_eq!(refused.refusal(), (404, "not-found".to_owned()), "{stranger}");
    }
    let agent = world.sign_in("agent").await;
    let refused = world
        .post(
            "/api/v1/devices/codes",
            &agent,
            &json!({ "staff_id": staff_id("courier") }),
        )
        .await;
    assert_eq!(refused.problem(), "missing-right");
}

#[tokio::test]
async fn a_revoked_device_still_deposits_and_gets_nothing() {
    let world = World::new().await;
    let (_, label, _) = world.intake("S1").await;
    let mut phone = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let boss = world.sign_in("boss").await;
    let path = format!("/api/v1/devices/{}/revoke", phone.id());
    for _ in 0..2 {
        assert_eq!(world.post(&path, &boss, &json!({})).await.status, 204);
        world.fold().await;
    }
    let (_, bytes) = phone.act(Kind::TakeIn, &label, EventId::ZERO);
    let stored = phone.deposit(&world, bytes).await.ok();
    assert_eq!(stored["results"][0]["result"], "stored");
    assert_eq!(phone.hello(&world).await.status, 200);
    for target in ["/api/v1/sync/changes", "/api/v1/sync/gaps"] {
        let refused = phone.read(&world, target).await;
        assert_eq!(refused.refusal(), (403, "device-revoked".to_owned()));
    }
    let again = world
        .post(
            "/api/v1/devices/enrol",
            "",
            &phone.enrolment(&code(&world, "courier").await),
        )
        .await;
    assert_eq!(again.problem(), "device-taken");
}

#[tokio::test]
async fn phones_are_told_who_was_revoked_once_and_from_the_beginning_after_a_restore() {
    let world = World::new().await;
    let mut courier = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let lost = Phone::enrolled(&world, 2, Hat::PostAgent, staff_id("agent")).await;
    let greeting = |after: u64, epoch: u64| {
        json!({ "protocol": { "min": 1, "max": 1 }, "app_build": "test", "seq_head": 0,
        "epoch": epoch, "revoked_after": after })
    };
    let before = courier.greet(&world, &greeting(0, 0)).await.ok();
    assert_eq!(
        (&before["revoked"], &before["revoked_through"]),
        (&serde_json::Value::Null, &json!(0))
    );

    let boss = world.sign_in("boss").await;
    let path = format!("/api/v1/devices/{}/revoke", lost.id());
    assert_eq!(world.post(&path, &boss, &json!({})).await.status, 204);
    world.fold().await;
    let epoch = before["epoch"].as_u64().expect("a number");
    let told = courier.greet(&world, &greeting(0, epoch)).await.ok();
    assert_eq!(told["revoked"], json!([lost.id()]));
    let through = told["revoked_through"].as_u64().expect("a number");
    assert!(through > 0);
    let again = courier.greet(&world, &greeting(through, epoch)).await.ok();
    assert_eq!(
        (&again["revoked"], &again["revoked_through"]),
        (&serde_json::Value::Null, &json!(through))
    );
    let restored = courier.greet(&world, &greeting(through, epoch - 1)).await.ok();
    assert_eq!(restored["revoked"], json!([lost.id()]));
}

#[tokio::test]
async fn of_a_cloned_phone_both_stories_are_kept_and_the_device_is_locked_from_the_fork_on() {
    let world = World::new().await;
    let (_, label, _) = world.intake("S1").await;
    let mut phone = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let (first, a) = phone.act(Kind::TakeIn, &label, EventId::ZERO);
    let mut clone = phone.cloned();
    let (_, ours) = phone.act(Kind::Note, &label, first);
    let (_, theirs) = clone.act(Kind::AttemptFailed, &label, first);
    let (_, after) = phone.act(Kind::Note, &label, first);
    assert!(phone.hello(&world).await.ok()["credential_until_ms"].is_number());
    for envelope in [a, ours, theirs, after] {
        let stored = phone.deposit(&world, envelope).await.ok();
        assert_eq!(stored["results"][0]["result"], "stored");
        world.fold().await;
    }
    let locked = phone.read(&world, "/api/v1/sync/changes").await;
    assert_eq!(locked.refusal(), (403, "device-revoked".to_owned()));
    assert!(
        phone.hello(&world).await.ok()["credential_until_ms"].is_null(),
        "it is not renewed"
    );
    let shown = finding::quarantined(world.app.store.read(), 10)
        .await
        .expect("readable");
    let reasons: Vec<&str> = shown.iter().map(|row| row.reason.as_str()).collect();
    assert_eq!(
        reasons, ["device_forked"; 3],
        "the fork and what follows it, both stories"
    );
}

/// Who another phone would see, from what a phone was answered.
fn vouched(answer: &Value) -> Option<Credential> {
    let decode = |text: &Value| URL_SAFE_NO_PAD.decode(text.as_str()?).ok();
    let issuers = answer["issuers"].as_array().expect("keys").iter().map(|key| {
        let bytes: [u8; 32] = decode(key).expect("base64url").try_into().expect("32 bytes");
        VerifyingKey::from_bytes(&bytes).expect("a key")
    });
    Credential::open(&decode(&answer["credential"])?, &issuers.collect::<Vec<_>>()).ok()
}

#[tokio::test]
async fn a_phone_gets_a_signed_credential_that_others_can_check_and_anew_at_each_greeting() {
    let world = World::new().await;
    let mut phone = Phone::new(1, Hat::Carrier);
    let request = phone.enrolment(&code(&world, "courier").await);
    let enrolled = world.post("/api/v1/devices/enrol", "", &request).await.ok();
    world.fold().await;
    let shown = vouched(&enrolled).expect("signed by the server");
    assert_eq!(shown.key.device_id().to_string(), phone.id());
    assert_eq!(
        (json!(shown.name), json!(shown.office)),
        (enrolled["name"].clone(), enrolled["office_name"].clone())
    );
    assert_eq!(
        shown.party(Hat::Carrier).map(|party| party.to_string()),
        Some(format!("staff:{}", staff_id("courier")))
    );
    assert_eq!(
        (json!(shown.until_ms), shown.in_browser),
        (enrolled["credential_until_ms"].clone(), false)
    );
    world.clock.advance(3_600_000);
    let greeted = phone.hello(&world).await.ok();
    let renewed = vouched(&greeted).expect("signed by the server");
    assert_eq!(renewed.until_ms, shown.until_ms + 3_600_000);
    assert_eq!(json!(renewed.until_ms), greeted["credential_until_ms"]);
}

#[tokio::test]
async fn who_no_longer_works_here_is_no_longer_vouched_for() {
    let world = World::new().await;
    let mut phone = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    assert!(vouched(&phone.hello(&world).await.ok()).is_some());
    world.dismiss("courier").await;
    let answer = phone.hello(&world).await.ok();
    assert!(
        answer["credential"].is_null() && answer["credential_until_ms"].is_null(),
        "{answer}"
    );
}
