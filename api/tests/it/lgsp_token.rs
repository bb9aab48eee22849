//! How one-stop clients ask for their token.

use crate::world::{Answer, World};
use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

struct Form<'a> {
    basic: Option<&'a str>,
    query: &'a str,
    header: bool,
    body: &'a str,
}

const NOTHING: Form<'_> = Form {
    basic: None,
    query: "",
    header: false,
    body: "",
};

async fn ask(world: &World, form: Form<'_>) -> Answer {
    let mut request = Request::post(format!("/lgsp/token{}", form.query));
    if let Some(pair) = form.basic {
        request = request.header("authorization", format!("Basic {}", STANDARD.encode(pair)));
    }
    if form.header {
        // A client that misspells the header sends no content type at all.
        request = request
            .header("grant_type", "client_credentials")
            .header("contenttype", "text/plain");
    }
    world
        .send(request.body(Body::from(form.body.to_owned())).expect("a request"))
        .await
}

#[tokio::test]
async fn a_token_is_given_in_every_form_clients_use() {
    let world = World::new().await;
    let grant = "grant_type=client_credentials";
    let in_body = format!("{grant}&client_id=key-a&client_secret=secret");
    for form in [
        Form {
            basic: Some("key-a:secret"),
            body: grant,
            ..NOTHING
        },
        Form {
            body: &in_body,
            ..NOTHING
        },
        Form {
            basic: Some("key-a:secret"),
            query: "?grant_type=client_credentials",
            ..NOTHING
        },
        Form {
            basic: Some("key-a:secret"),
            header: true,
            query: "?grant_type=client_credentials",
            ..NOTHING
        },
        Form {
            basic: Some("key-a:secret"),
            ..NOTHING
        },
    ] {
        let given = ask(&world, form).await.ok();
        assert_eq!(
            (&given["token_type"], &given["expires_in"]),
            (&"Bearer".into(), &3600.into())
        );
        let token = given["access_token"].as_str().expect("a token");
        assert_eq!(world.get("/lgsp/v1/vnpost/OrderTracking", token).await.status, 200);
    }
}

#[tokio::test]
async fn a_profile_may_close_the_unusual_forms() {
    let world = World::new().await;
    let refused = ask(
        &world,
        Form {
            basic: Some("key-b:secret"),
            ..NOTHING
        },
    )
    .await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["error"]),
        (400, &"unauthorized_client".into())
    );
    ask(
        &world,
        Form {
            basic: Some("key-b:secret"),
            body: "grant_type=client_credentials",
            ..NOTHING
        },
    )
    .await
    .ok();
}

#[tokio::test]
async fn wrong_secrets_unknown_clients_and_other_grants_are_refused() {
    let world = World::new().await;
    for basic in ["key-a:wrong", "nobody:secret"] {
        let refused = ask(
            &world,
            Form {
                basic: Some(basic),
                ..NOTHING
            },
        )
        .await;
        assert_eq!(
            (refused.status.as_u16(), &refused.json()["error"]),
            (401, &"invalid_client".into())
        );
    }
    assert_eq!(ask(&world, NOTHING).await.status, 401);
    let refused = ask(
        &world,
        Form {
            basic: Some("key-a:secret"),
            body: "grant_type=password",
            ..NOTHING
        },
    )
    .await;
    assert_eq!(refused.json()["error"], "unsupported_grant_type");
}

#[tokio::test]
async fn a_token_ends_after_an_hour_and_may_come_in_a_header_of_its_own() {
    let world = World::new().await;
    let token = world.client_token("key-a").await;
    let request = Request::get("/lgsp/v1/vnpost/OrderTracking").header("access_token", &token);
    assert_eq!(
        world.send(request.body(Body::empty()).expect("a request")).await.status,
        200
    );
    world.clock.advance(3_600_000);
    assert_eq!(
        world.get("/lgsp/v1/vnpost/OrderTracking", &token).await.problem(),
        "unauthenticated"
    );
}
