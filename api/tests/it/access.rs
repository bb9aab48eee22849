//! Whoever looks is written down before they see anything, and the applicant can read it.

use crate::world::{PASSWORD, World, staff_id};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

async fn looks(world: &World, login: &str) -> Vec<Value> {
    let token = world.sign_in(login).await;
    let told = world.get("/api/v1/accesses", &token).await.ok();
    told["accesses"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn a_look_is_written_down_once_and_shown_to_the_reader_the_manager_and_the_auditor() {
    let world = World::new().await;
    let (id, _, _) = world.intake("S1").await;
    let desk = world.sign_in("desk").await;
    for _ in 0..3 {
        world.get(&format!("/api/v1/dossiers/{id}"), &desk).await.ok();
    }
    let own = looks(&world, "desk").await;
    assert_eq!(own.len(), 1, "three times within five minutes is one look");
    assert_eq!(
        (
            &own[0]["staff_id"],
            &own[0]["dossier_id"],
            &own[0]["what"],
            &own[0]["purpose"]
        ),
        (
            &json!(staff_id("desk")),
            &json!(id),
            &json!("dossier"),
            &json!("handling")
        )
    );
    world.clock.advance(301_000);
    world.get(&format!("/api/v1/dossiers/{id}"), &desk).await.ok();
    assert_eq!(looks(&world, "manager").await.len(), 2, "of everybody at the agency");
    assert_eq!(
        looks(&world, "receiver").await,
        Vec::<Value>::new(),
        "a colleague's looks are not theirs"
    );
    assert_eq!(looks(&world, "boss").await, Vec::<Value>::new(), "nor the post's");
    let agent = world.sign_in("agent").await;
    world.get(&format!("/api/v1/dossiers/{id}"), &agent).await.ok();
    assert_eq!(looks(&world, "boss").await.len(), 1);
    assert_eq!(
        looks(&world, "auditor").await.len(),
        1,
        "the operator's people, not the State's"
    );
    assert_eq!(looks(&world, "boss-q1").await, Vec::<Value>::new());
}

#[tokio::test]
async fn what_was_not_shown_is_no_look_and_a_list_is_one() {
    let world = World::new().await;
    let (id, _, _) = world.intake("S1").await;
    let other = world.sign_in("other").await;
    assert_eq!(world.get(&format!("/api/v1/dossiers/{id}"), &other).await.status, 404);
    assert_eq!(looks(&world, "other").await, Vec::<Value>::new());
    let desk = world.sign_in("desk").await;
    world.get("/api/v1/dossiers", &desk).await.ok();
    let own = looks(&world, "desk").await;
    assert_eq!((&own[0]["what"], &own[0]["dossiers"]), (&json!("list"), &json!(1)));
    assert!(own[0].get("dossier_id").is_none());
}

#[tokio::test]
async fn a_purpose_can_be_named_and_a_made_up_one_is_refused() {
    let world = World::new().await;
    let (id, _, _) = world.intake("S1").await;
    let desk = world.sign_in("desk").await;
    let with = |purpose: &str| {
        Request::get(format!("/api/v1/dossiers/{id}"))
            .header("authorization", format!("Bearer {desk}"))
            .header("access-purpose", purpose)
            .body(Body::empty())
            .expect("a request")
    };
    assert_eq!(world.send(with("complaint")).await.status, 200);
    assert_eq!(looks(&world, "desk").await[0]["purpose"], "complaint");
    assert_eq!(world.send(with("curiosity")).await.problem(), "invalid-query");
}

#[tokio::test]
async fn the_applicant_reads_who_opened_the_dossier_without_any_name() {
    let world = World::new().await;
    let (id, _, page) = world.intake("S1").await;
    let nobody = world.get(&format!("{page}?view=accesses"), "").await;
    assert_eq!(nobody.status, 200);
    assert!(nobody.text().contains("Chưa có ai mở hồ sơ này"));
    for login in ["desk", "agent"] {
        let token = world.sign_in(login).await;
        world.get(&format!("/api/v1/dossiers/{id}"), &token).await.ok();
    }
    let shown = world.get(&format!("{page}?view=accesses"), "").await;
    let text = shown.text();
    assert!(
        text.contains("Cán bộ một cửa, <span lang=\"vi\">UBND phường Tịnh Biên</span> – xử lý hồ sơ"),
        "{text}"
    );
    assert!(
        text.contains("Giao dịch viên bưu cục, <span lang=\"vi\">Bưu cục Tịnh Biên</span>"),
        "{text}"
    );
    assert!(text.contains("08:00, 24/04/2026"), "{text}");
    for private in ["Người desk", "Người agent", "Chau Sóc Kha"] {
        assert!(!text.contains(private), "{private}");
    }
    let english = world.get(&format!("{page}?view=accesses&lang=en"), "").await;
    assert!(english.text().contains("An official at the one-stop desk"));
    let wrong = world.get(&format!("/t/{}?view=accesses", "0".repeat(26)), "").await;
    let unknown = world.get(&format!("/t/{}", "0".repeat(26)), "").await;
    assert_eq!((wrong.status, wrong.body), (unknown.status, unknown.body));
}

/// A supervisor runs an office and need not read what is in the envelopes; who just proved themselves may.
#[tokio::test]
async fn a_supervisor_sees_papers_only_shortly_after_a_proof() {
    let world = World::new().await;
    let (id, _, _) = world.intake("papers-1").await;
    let boss = world.sign_in("boss").await;
    let path = format!("/api/v1/dossiers/{id}");
    let seen = world.get(&path, &boss).await.ok();
    assert_eq!(seen["dossier"]["procedure_code"], "1.000001");
    world.clock.advance(6 * 60_000);
    let later = world.get(&path, &boss).await.ok();
    assert!(
        later["dossier"].get("procedure_code").is_none() && later.get("life").is_none(),
        "{later}"
    );
    assert_eq!(
        later["dossier"]["applicant_name"], "Chau Sóc Kha",
        "names are theirs to see"
    );
    let proof = json!({ "password": PASSWORD });
    world.post("/api/v1/session/step-up", &boss, &proof).await;
    let again = world.get(&path, &boss).await.ok();
    assert_eq!(again["dossier"]["procedure_code"], "1.000001");
}
