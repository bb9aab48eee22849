//! Seeing a dossier that is none of one's own: with a reason, a second person, for half an hour, and never unseen.

use crate::world::{World, agency_id, intake_body};
use entity::repo::reference::id_of;
use entity::testing::Backend;
use serde_json::{Value, json};

crate::both!(
    a_dossier_of_another_office_opens_for_half_an_hour_when_a_second_person_agrees,
    nobody_agrees_with_themselves_and_another_operators_dossiers_stay_away,
    a_manager_sees_what_went_to_another_agency,
    every_look_through_it_is_told_to_the_owner_and_the_applicant,
);

const MINUTE: i64 = 60_000;
const WHY: &str = "Bưu cục An Cư đóng cửa, người dân cần giấy tờ gấp";

/// A dossier of the other office and the other agency.
async fn elsewhere(world: &World) -> (String, String, String) {
    let mut body = intake_body("glass");
    body["agency_id"] = json!(agency_id("B"));
    body["desk_id"] = json!(id_of("desk", "B1"));
    let agent = world.sign_in("agent-p2").await;
    let made = world.post("/api/v1/intakes", &agent, &body).await.ok();
    world.fold().await;
    let text = |key: &str| made[key].as_str().expect("a text").to_owned();
    let page = text("tracking_url").rsplit('/').next().expect("a part").to_owned();
    (text("dossier_id"), text("item_code"), page)
}

async fn ask(world: &World, token: &str, what: &str) -> String {
    let asked = json!({ "dossier": what, "reason": WHY });
    let made = world.post("/api/v1/break-glass", token, &asked).await.ok();
    made["id"].as_str().expect("an id").to_owned()
}

async fn step(world: &World, token: &str, id: &str, step: &str) -> (u16, Value) {
    let path = format!("/api/v1/break-glass/{id}/{step}");
    let answer = world.post(&path, token, &json!({})).await;
    (answer.status.as_u16(), answer.json())
}

async fn a_dossier_of_another_office_opens_for_half_an_hour_when_a_second_person_agrees(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (dossier, label, _) = elsewhere(&world).await;
    let (boss, other) = (world.sign_in("boss").await, world.sign_in("boss-p2").await);
    let path = format!("/api/v1/dossiers/{dossier}");
    assert_eq!(world.get(&path, &boss).await.status, 404);
    let id = ask(&world, &boss, &label).await;
    assert_eq!(world.get(&path, &boss).await.status, 404, "asking alone opens nothing");
    assert_eq!(step(&world, &other, &id, "approve").await.0, 201);
    let seen = world.get(&path, &boss).await.ok();
    assert_eq!(seen["dossier"]["applicant_name"], "Chau Sóc Kha");
    assert_eq!(world.get(&format!("/api/v1/items/{label}"), &boss).await.status, 200);
    let list = world.get("/api/v1/dossiers", &boss).await.ok();
    assert!(!list.to_string().contains(&dossier), "it is in no list of theirs");
    let deputy = world.sign_in("deputy").await;
    assert_eq!(world.get(&path, &deputy).await.status, 404, "it is open to one person");
    world.clock.advance(31 * MINUTE);
    let boss = world.sign_in("boss").await;
    assert_eq!(world.get(&path, &boss).await.status, 404, "and for half an hour");
    let listed = world.get("/api/v1/break-glass", &boss).await.ok();
    assert_eq!(listed["requests"][0]["state"], "ended");
    assert_eq!(listed["requests"][0]["reason"], WHY);
}

async fn nobody_agrees_with_themselves_and_another_operators_dossiers_stay_away(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (dossier, label, _) = elsewhere(&world).await;
    let boss = world.sign_in("boss").await;
    let id = ask(&world, &boss, &dossier).await;
    let (status, why) = step(&world, &boss, &id, "approve").await;
    assert_eq!((status, why["type"].as_str()), (409, Some("/problems/not-now")));
    let stranger = world.sign_in("boss-q1").await;
    assert_eq!(step(&world, &stranger, &id, "approve").await.0, 404);
    let asked = json!({ "dossier": label, "reason": WHY });
    let far = world.post("/api/v1/break-glass", &stranger, &asked).await;
    let never = json!({ "dossier": "EE999999995VN", "reason": WHY });
    let nothing = world.post("/api/v1/break-glass", &stranger, &never).await;
    assert_eq!((far.status.as_u16(), nothing.status.as_u16()), (404, 404));
    let again = world.post("/api/v1/break-glass", &boss, &asked).await;
    assert_eq!(again.status, 409, "it waits already");
    let short = json!({ "dossier": label, "reason": "gấp" });
    assert_eq!(world.post("/api/v1/break-glass", &boss, &short).await.status, 422);
    world.clock.advance(31 * MINUTE);
    let other = world.sign_in("boss-p2").await;
    let (status, why) = step(&world, &other, &id, "approve").await;
    assert_eq!(status, 409, "{why}");
    let refused = ask(&world, &world.sign_in("boss").await, &label).await;
    assert_eq!(step(&world, &other, &refused, "reject").await.0, 201);
    assert_eq!(step(&world, &other, &refused, "approve").await.0, 409, "no stays no");
    world.clock.advance(6 * MINUTE);
    let late = world.sign_in("boss").await;
    world.clock.advance(6 * MINUTE);
    assert_eq!(
        world.post("/api/v1/break-glass", &late, &asked).await.refusal(),
        (403, "step-up-needed".to_owned()),
        "who proved themselves long ago proves it again"
    );
}

async fn a_manager_sees_what_went_to_another_agency(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (dossier, label, _) = elsewhere(&world).await;
    let (manager, second) = (world.sign_in("manager").await, world.sign_in("manager-2").await);
    let path = format!("/api/v1/dossiers/{dossier}");
    let id = ask(&world, &manager, &label).await;
    let boss = world.sign_in("boss-p2").await;
    assert_eq!(
        step(&world, &boss, &id, "approve").await.0,
        404,
        "the post does not agree for an agency"
    );
    assert_eq!(step(&world, &second, &id, "approve").await.0, 201);
    assert_eq!(world.get(&path, &manager).await.status, 200);
    let audited = async |login: &str| {
        let auditor = world.sign_in(login).await;
        world.get("/api/v1/break-glass", &auditor).await.ok()["requests"][0]["id"].clone()
    };
    assert_eq!(
        audited("auditor").await,
        json!(id),
        "an auditor reads what agencies asked, too"
    );
    let act = json!({ "act": "processing" });
    let told = world.post(&format!("{path}/acts"), &manager, &act).await;
    assert_eq!(told.status, 403, "it is for reading");
    assert_eq!(step(&world, &manager, &id, "end").await.0, 201);
    assert_eq!(world.get(&path, &manager).await.status, 404, "they have seen enough");
}

async fn every_look_through_it_is_told_to_the_owner_and_the_applicant(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (dossier, label, page) = elsewhere(&world).await;
    let boss = world.sign_in("boss").await;
    let id = ask(&world, &boss, &label).await;
    let other = world.sign_in("boss-p2").await;
    assert_eq!(step(&world, &other, &id, "approve").await.0, 201);
    world.get(&format!("/api/v1/dossiers/{dossier}"), &boss).await.ok();
    for _ in 0..2 {
        world.get(&format!("/api/v1/items/{label}"), &boss).await.ok();
    }
    let owner = world.sign_in("other").await;
    let notices = world
        .get(&format!("/api/v1/notifications?dossier={dossier}"), &owner)
        .await
        .ok();
    let told = |template: &str| {
        let all = notices["notifications"].as_array().expect("a list");
        all.iter().filter(|one| one["template"] == template).count()
    };
    assert_eq!(
        (told("glass.opened"), told("glass.read")),
        (1, 3),
        "each look, also the same again"
    );
    let looks = world
        .get("/api/v1/accesses", &world.sign_in("auditor").await)
        .await
        .ok();
    let through = looks["accesses"].as_array().expect("a list").iter();
    assert_eq!(through.filter(|look| look["purpose"] == "emergency").count(), 3);
    let theirs = world.get(&format!("/t/{page}?view=accesses"), "").await;
    assert!(theirs.text().contains("xem khẩn cấp"), "{}", theirs.text());
    let found = world
        .get("/api/v1/dispatch/findings", &world.sign_in("ops").await)
        .await
        .ok();
    assert!(found.to_string().contains("glass_opened"), "{found}");
    world.fold().await;
    let log = world.get("/api/v1/dispatch/quarantine", &other).await.ok();
    assert!(
        !log.to_string().contains("act_not_interpreted"),
        "the log knows these acts: {log}"
    );
}
