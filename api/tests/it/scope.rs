//! What you may not see does not exist.

use crate::world::{Answer, World};
use axum::body::Body;
use axum::http::Request;
use serde_json::json;

async fn with_id(world: &World, method: &str, path: &str, token: &str) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", format!("Bearer {token}"))
        .header("x-request-id", "the-same-request");
    world
        .send(
            request
                .body(Body::from(json!({ "act": "processing" }).to_string()))
                .expect("a request"),
        )
        .await
}

#[tokio::test]
async fn another_agencys_dossier_is_not_found_with_the_bytes_of_one_that_never_was() {
    let world = World::new().await;
    let (id, label, _) = world.intake("S1").await;
    let never = "01890000-0000-7000-8000-000000000000";
    for stranger in ["other", "agent-p2", "courier"] {
        let token = world.sign_in(stranger).await;
        for (method, theirs, none) in [
            (
                "GET",
                format!("/api/v1/dossiers/{id}"),
                format!("/api/v1/dossiers/{never}"),
            ),
            (
                "GET",
                format!("/api/v1/items/{label}"),
                "/api/v1/items/RR473124829VN".to_owned(),
            ),
            (
                "GET",
                format!("/api/v1/notifications?dossier={id}"),
                format!("/api/v1/notifications?dossier={never}"),
            ),
            (
                "GET",
                format!("/api/v1/dossiers/{id}"),
                "/api/v1/dossiers/not-an-id".to_owned(),
            ),
        ] {
            if stranger == "courier" && theirs.contains("notifications") {
                // Not a courier's to ask for, whoever's it is.
                assert_eq!(
                    with_id(&world, method, &theirs, &token).await.problem(),
                    "missing-right"
                );
                continue;
            }
            let (seen, unseen) = (
                with_id(&world, method, &theirs, &token).await,
                with_id(&world, method, &none, &token).await,
            );
            assert_eq!(seen.refusal(), (404, "not-found".to_owned()), "{stranger} {theirs}");
            assert_eq!(seen.body, unseen.body, "{stranger} {theirs}");
        }
        let list = world.get("/api/v1/dossiers", &token).await.ok();
        assert_eq!(list["dossiers"], json!([]));
    }
    let token = world.sign_in("other").await;
    let acts = |id: &str| format!("/api/v1/dossiers/{id}/acts");
    let (seen, unseen) = (
        with_id(&world, "POST", &acts(&id), &token).await,
        with_id(&world, "POST", &acts(never), &token).await,
    );
    assert_eq!(seen.status, 404);
    assert_eq!(seen.body, unseen.body);
}

#[tokio::test]
async fn the_agency_itself_sees_its_dossier_and_items() {
    let world = World::new().await;
    let (id, label, _) = world.intake("S1").await;
    let desk = world.sign_in("desk").await;
    assert_eq!(
        world.get(&format!("/api/v1/items/{label}"), &desk).await.ok()["state"],
        "C0"
    );
    assert_eq!(world.get("/api/v1/dossiers", &desk).await.ok()["dossiers"][0]["id"], id);
    assert_eq!(
        world
            .get(&format!("/api/v1/notifications?dossier={id}"), &desk)
            .await
            .ok(),
        json!({ "notifications": [] })
    );
    assert_eq!(
        world
            .get(&format!("/api/v1/items/{}", label.to_lowercase()), &desk)
            .await
            .status,
        200
    );
}
