//! Signing in.

use crate::world::{PASSWORD, World};
use serde_json::json;

#[tokio::test]
async fn a_right_password_gives_a_token_for_ten_minutes() {
    let world = World::new().await;
    let token = world.sign_in("desk").await;
    assert_eq!(world.get("/api/v1/dossiers", &token).await.status, 200);
    world.clock.advance(600_000);
    let late = world.get("/api/v1/dossiers", &token).await;
    assert_eq!(late.refusal(), (401, "unauthenticated".to_owned()));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_get_one_answer() {
    let world = World::new().await;
    for (login, password) in [("desk", "wrong"), ("nobody", PASSWORD)] {
        let refused = world
            .post("/api/v1/session", "", &json!({ "login": login, "password": password }))
            .await;
        assert_eq!(refused.refusal(), (401, "bad-credentials".to_owned()));
    }
}

#[tokio::test]
async fn a_person_with_two_hats_may_sign_in_under_one() {
    let world = World::new().await;
    let request = json!({ "login": "both", "password": PASSWORD, "role": "desk_agent" });
    let session = world.post("/api/v1/session", "", &request).await.ok();
    assert_eq!(session["roles"], json!(["desk_agent"]));
    let token = session["access_token"].as_str().expect("a token");
    let refused = world
        .post("/api/v1/intakes", token, &crate::world::intake_body("S1"))
        .await;
    assert_eq!(refused.refusal(), (403, "missing-right".to_owned()));
    let request = json!({ "login": "both", "password": PASSWORD, "role": "post_supervisor" });
    assert_eq!(
        world.post("/api/v1/session", "", &request).await.problem(),
        "bad-credentials"
    );
}

#[tokio::test]
async fn a_body_that_is_not_json_is_refused_with_its_place() {
    let world = World::new().await;
    for (body, place) in [
        (&b"{\"login\":\"\xff\"}"[..], "byte 10"),
        (b"{\"login\":", "column 9"),
        (b"{}", "missing field `login`"),
    ] {
        let request = axum::http::Request::post("/api/v1/session").body(axum::body::Body::from(body.to_vec()));
        let refused = world.send(request.expect("a request")).await;
        assert_eq!(refused.problem(), "invalid-json");
        assert!(
            refused.json()["detail"]
                .as_str()
                .is_some_and(|detail| detail.contains(place)),
            "{}",
            refused.text()
        );
    }
}
