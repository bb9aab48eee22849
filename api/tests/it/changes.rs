//! Who works here is changed by two people, and by nobody alone.

use crate::world::{Answer, PASSWORD, World, staff_id};
use entity::testing::Backend;
use serde_json::{Value, json};

async fn propose(world: &World, token: &str, kind: &str, subject: &str, body: Value) -> Answer {
    let asked = json!({ "kind": kind, "subject": subject, "reason": "theo quyết định", "body": body });
    world.post("/api/v1/changes", token, &asked).await
}

async fn proposed(world: &World, token: &str, kind: &str, subject: &str, body: Value) -> String {
    let made = propose(world, token, kind, subject, body).await.ok();
    made["id"].as_str().expect("an id").to_owned()
}

async fn step(world: &World, token: &str, id: &str, verb: &str) -> Answer {
    let body = if verb == "reject" {
        json!({ "reason": "chưa đủ căn cứ" })
    } else {
        json!({})
    };
    world.post(&format!("/api/v1/changes/{id}/{verb}"), token, &body).await
}

async fn user(world: &World, token: &str, login: &str) -> Value {
    world
        .get(&format!("/api/v1/users/{}", staff_id(login)), token)
        .await
        .ok()
}

async fn nothing_changes_until_somebody_else_approves(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (ops, second) = (world.sign_in("ops").await, world.sign_in("ops-2").await);
    let roles = json!({ "roles": ["post_agent", "post_supervisor"] });
    let id = proposed(&world, &ops, "user.roles", "agent", roles).await;
    assert_eq!(user(&world, &ops, "agent").await["roles"], json!(["post_agent"]));
    let own = step(&world, &ops, &id, "approve").await;
    assert_eq!(own.refusal(), (409, "not-now".to_owned()), "one's own is not approved");
    assert_eq!(step(&world, &ops, &id, "reject").await.status, 409);
    assert_eq!(
        step(&world, &second, &id, "withdraw").await.status,
        409,
        "another's is not withdrawn"
    );
    assert_eq!(user(&world, &ops, "agent").await["roles"], json!(["post_agent"]));

    let made = step(&world, &second, &id, "approve").await.ok();
    assert_eq!(made["change"]["state"], "approved");
    assert_eq!(made["change"]["before"]["roles"], json!(["post_agent"]));
    assert_eq!(made["change"]["decided_by"], json!(staff_id("ops-2")));
    let now = user(&world, &ops, "agent").await;
    assert_eq!(now["roles"], json!(["post_agent", "post_supervisor"]));
    let auditor = world.sign_in("auditor").await;
    let kept = world.get("/api/v1/changes?state=approved", &auditor).await.ok();
    assert_eq!(kept["changes"][0]["id"], json!(id), "the auditor reads it");
    assert_eq!(
        step(&world, &ops, &id, "withdraw").await.status,
        409,
        "what is made is made"
    );
}

async fn an_approval_sent_twice_makes_one_password(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (ops, second) = (world.sign_in("ops").await, world.sign_in("ops-2").await);
    let body = json!({ "name": "Lê Thị Mới", "roles": ["courier"], "service_point": "P1" });
    let id = proposed(&world, &ops, "user.add", "moi.lt", body).await;
    let first = step(&world, &second, &id, "approve").await.ok();
    let password = first["password"].as_str().expect("shown once").to_owned();
    let again = step(&world, &second, &id, "approve").await.ok();
    assert_eq!(again["change"], first["change"]);
    assert!(again.get("password").is_none(), "a repeat tells no secret");
    let proposer = world.get(&format!("/api/v1/changes/{id}"), &ops).await;
    assert!(!proposer.text().contains(&password), "the proposer never reads it");
    let login = json!({ "login": "moi.lt", "password": password });
    world.post("/api/v1/session", "", &login).await.ok();
    let area = json!({ "areas": [], "shift_from_min": 450, "shift_to_min": 1050, "capacity": 40 });
    let round = proposed(&world, &ops, "courier.round", "moi.lt", area.clone()).await;
    let made = step(&world, &second, &round, "approve").await.ok();
    assert_eq!(
        (&made["change"]["before"], &made["change"]["after"]),
        (&Value::Null, &area)
    );
}

async fn a_proposal_about_what_was_changed_since_is_refused(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (ops, second) = (world.sign_in("ops").await, world.sign_in("ops-2").await);
    let version = user(&world, &ops, "agent").await["version"].clone();
    let move_it = proposed(&world, &ops, "user.place", "agent", json!({ "service_point": "P2" })).await;
    let roles = json!({ "roles": ["courier"] });
    let role_it = proposed(&world, &ops, "user.roles", "agent", roles.clone()).await;
    step(&world, &second, &role_it, "approve").await.ok();
    assert_eq!(
        step(&world, &second, &move_it, "approve").await.refusal(),
        (409, "not-now".to_owned())
    );
    assert_eq!(user(&world, &ops, "agent").await["service_point"], "P1");
    let asked = json!({ "kind": "user.dismiss", "subject": "agent", "reason": "x", "version": version });
    assert_eq!(
        world.post("/api/v1/changes", &ops, &asked).await.status,
        409,
        "looked at long ago"
    );
    assert_eq!(
        propose(&world, &ops, "user.roles", "agent", roles).await.status,
        409,
        "so already"
    );
}

async fn whoever_is_dismissed_is_out_at_once(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (ops, second) = (world.sign_in("ops").await, world.sign_in("ops-2").await);
    let agent = world.sign_in("agent").await;
    let id = proposed(&world, &ops, "user.dismiss", "agent", json!({})).await;
    world.get("/api/v1/dossiers", &agent).await.ok();
    step(&world, &second, &id, "approve").await.ok();
    assert_eq!(world.get("/api/v1/dossiers", &agent).await.status, 401);
    let login = json!({ "login": "agent", "password": PASSWORD });
    assert_eq!(world.post("/api/v1/session", "", &login).await.status, 401);
}

async fn another_operator_sees_none_of_it(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (ops, stranger) = (world.sign_in("ops").await, world.sign_in("ops-q").await);
    let id = proposed(&world, &ops, "user.dismiss", "agent", json!({})).await;
    let never = "01890000-0000-7000-8000-000000000000";
    for verb in ["approve", "reject", "withdraw"] {
        let (real, none) = (
            step(&world, &stranger, &id, verb).await,
            step(&world, &stranger, never, verb).await,
        );
        let plain = |answer: &Answer| {
            let mut body = answer.json();
            body["request_id"] = Value::Null;
            (answer.status, body)
        };
        assert_eq!(plain(&real), plain(&none), "{verb}");
        assert_eq!(real.status, 404, "{verb}");
    }
    let listed = world.get("/api/v1/changes", &stranger).await.ok();
    assert_eq!(listed["changes"], json!([]));
    assert_eq!(
        propose(&world, &stranger, "user.dismiss", "agent", json!({}))
            .await
            .status,
        404
    );
    let theirs = json!({ "name": "Người lạ", "roles": ["courier"], "service_point": "P1" });
    let refused = propose(&world, &stranger, "user.add", "la.n", theirs).await;
    assert_eq!(refused.json()["errors"][0]["pointer"], "#/body/service_point");
    let people = world.get("/api/v1/users", &stranger).await;
    assert!(people.text().contains("courier-q1") && !people.text().contains("\"agent\""));
}

macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test] async fn $name() { super::$name(entity::testing::Backend::Sqlite).await; })*
        }
        mod on_postgres {
            $(#[tokio::test] async fn $name() { super::$name(entity::testing::Backend::Postgres).await; })*
        }
    };
}

on_both!(
    nothing_changes_until_somebody_else_approves,
    an_approval_sent_twice_makes_one_password,
    a_proposal_about_what_was_changed_since_is_refused,
    whoever_is_dismissed_is_out_at_once,
    another_operator_sees_none_of_it,
);

#[tokio::test]
async fn a_proposal_says_by_field_what_is_wrong_with_it() {
    let world = World::new().await;
    let ops = world.sign_in("ops").await;
    let wrong = |answer: Answer| {
        assert_eq!(answer.refusal(), (422, "invalid-request".to_owned()));
        answer.json()["errors"][0]["pointer"]
            .as_str()
            .expect("a place")
            .to_owned()
    };
    let both = json!({ "roles": ["ops_admin", "key_admin"] });
    assert_eq!(
        wrong(propose(&world, &ops, "user.roles", "keys", both).await),
        "#/body/roles"
    );
    let watching = json!({ "roles": ["auditor", "post_agent"] });
    assert_eq!(
        wrong(propose(&world, &ops, "user.roles", "agent", watching).await),
        "#/body/roles"
    );
    assert_eq!(
        wrong(propose(&world, &ops, "user.roles", "agent", json!({})).await),
        "#/body/roles"
    );
    let nowhere = json!({ "areas": ["99999"], "shift_from_min": 450, "shift_to_min": 1050, "capacity": 40 });
    assert_eq!(
        wrong(propose(&world, &ops, "courier.round", "courier", nowhere).await),
        "#/body/areas"
    );
    let place = json!({ "service_point": "nowhere" });
    assert_eq!(
        wrong(propose(&world, &ops, "user.place", "agent", place).await),
        "#/body/service_point"
    );
    assert_eq!(
        wrong(propose(&world, &ops, "user.fire", "agent", json!({})).await),
        "#/kind"
    );
}

#[tokio::test]
async fn a_proposal_lapses_and_an_approval_asks_for_a_fresh_proof() {
    let world = World::new().await;
    let ops = world.sign_in("ops").await;
    let id = proposed(&world, &ops, "user.dismiss", "agent", json!({})).await;
    let second = world.sign_in("ops-2").await;
    world.clock.advance(301_000);
    let refused = step(&world, &second, &id, "approve").await;
    assert_eq!(refused.refusal(), (403, "step-up-needed".to_owned()));
    world.clock.advance(72 * 3_600_000);
    let second = world.sign_in("ops-2").await;
    assert_eq!(step(&world, &second, &id, "approve").await.status, 409);
    let lapsed = world.get("/api/v1/changes?state=lapsed", &second).await.ok();
    assert_eq!(lapsed["changes"][0]["id"], json!(id));
}

#[tokio::test]
async fn an_office_and_an_agency_read_their_own_people_without_logins() {
    let world = World::new().await;
    let (boss, manager) = (world.sign_in("boss").await, world.sign_in("manager").await);
    let office = world.get("/api/v1/users?q=nguoi%20courier", &boss).await.ok();
    assert_eq!(
        office["users"][0]["id"],
        json!(staff_id("courier")),
        "found without accents"
    );
    assert!(office["users"][0].get("login").is_none());
    let agency = world.get("/api/v1/users", &manager).await.ok();
    let ids: Vec<&Value> = agency["users"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["id"])
        .collect();
    assert!(ids.contains(&&json!(staff_id("desk"))) && !ids.contains(&&json!(staff_id("courier"))));
}
