//! How one-stop clients ask for their token.

use crate::world::{Answer, World};
use api::auth::client::fixed;
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

const FEED: &str = "/lgsp/v1/vnpost/OrderTracking";

/// A call with this header and query.
async fn call(world: &World, header: Option<(&str, &str)>, query: &str) -> Answer {
    let mut request = Request::get(format!("{FEED}{query}"));
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    world.send(request.body(Body::empty()).expect("a request")).await
}

#[tokio::test]
async fn a_grant_in_a_header_and_one_value_for_key_and_secret_are_for_who_needs_them() {
    let world = World::new().await;
    let in_header = |basic| Form {
        basic: Some(basic),
        header: true,
        ..NOTHING
    };
    ask(&world, in_header("key-h:secret")).await.ok();
    let refused = ask(&world, in_header("key-b:secret")).await;
    assert_eq!(refused.json()["error"], "unauthorized_client");
    let key_token = |key: &str, secret: &str| {
        let request = Request::post("/lgsp/token").header("authorization", format!("Bearer {}", fixed(key, secret)));
        request
            .body(Body::from("grant_type=client_credentials"))
            .expect("a request")
    };
    let given = world.send(key_token("key-k", "secret")).await.ok();
    let token = given["access_token"].as_str().expect("a token");
    assert_eq!(world.get(FEED, token).await.status, 200);
    for (key, secret, status) in [
        ("key-k", "wrong", 401),
        ("key-b", "secret", 400),
        ("nobody", "secret", 401),
    ] {
        assert_eq!(
            world.send(key_token(key, secret)).await.status.as_u16(),
            status,
            "{key}"
        );
    }
    // It buys a token and is none.
    assert_eq!(world.get(FEED, &fixed("key-k", "secret")).await.status, 401);
}

#[tokio::test]
async fn a_fixed_token_opens_only_at_the_place_its_profile_names() {
    let world = World::new().await;
    for (key, place) in [("key-sb", 0), ("key-sh", 1), ("key-su", 2), ("key-a", 3)] {
        let token = fixed(key, "secret");
        let bearer = format!("Bearer {token}");
        let url = format!("?pagesize=5&token={token}");
        let answers = [
            call(&world, Some(("authorization", &bearer)), "").await,
            call(&world, Some(("access_token", &token)), "").await,
            call(&world, None, &url).await,
        ];
        let opened: Vec<bool> = answers.iter().map(|answer| answer.status == 200).collect();
        let expected: Vec<bool> = (0..3).map(|at| at == place).collect();
        assert_eq!(opened, expected, "{key}");
    }
    let wrong = fixed("key-sh", "wrong");
    assert_eq!(
        call(&world, Some(("access_token", &wrong)), "").await.problem(),
        "unauthenticated"
    );
    // An issued token belongs into a header, and into the address only for who knows no other way.
    let issued = world.client_token("key-a").await;
    let url = format!("?token={issued}");
    assert_eq!(call(&world, None, &url).await.problem(), "unauthenticated");
    let issued = world.client_token("key-su").await;
    let url = format!("?TOKEN={issued}");
    assert_eq!(call(&world, None, &url).await.status, 200);
}

#[tokio::test]
async fn a_client_of_the_gateway_reads_its_faults_and_nobody_else_does() {
    let world = World::new().await;
    let fault = |answer: Answer| {
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (401, "application/json")
        );
        answer.json()["fault"]["code"].as_u64()
    };
    let token = world.client_token("key-h").await;
    world.clock.advance(3_600_000);
    assert_eq!(fault(world.get(FEED, &token).await), Some(900_903));
    let form = Form {
        basic: Some("key-h:wrong"),
        body: "grant_type=client_credentials",
        ..NOTHING
    };
    assert_eq!(fault(ask(&world, form).await), Some(900_901));
    let wrong = format!("?token={}", fixed("key-su", "wrong"));
    assert_eq!(fault(call(&world, None, &wrong).await), Some(900_901));
    let old = world.client_token("key-a").await;
    world.clock.advance(3_600_000);
    for token in [old.as_str(), "never issued"] {
        assert_eq!(world.get(FEED, token).await.problem(), "unauthenticated");
    }
}

#[tokio::test]
async fn a_certificate_counts_only_from_the_header_the_operator_named() {
    let fingerprint = "AB:".repeat(31) + "ab";
    let with = async |world: &World, certificate: &str| {
        let request = Request::get(FEED)
            .header("authorization", format!("Bearer {}", fixed("key-m", "secret")))
            .header("x-client-certificate", certificate);
        let answer = world.send(request.body(Body::empty()).expect("a request")).await;
        answer.status.as_u16()
    };
    let off = World::new().await;
    assert_eq!(
        with(&off, &fingerprint).await,
        401,
        "no header is believed until one is named"
    );
    let on = World::with(|config| config.client_certificate_header = Some("x-client-certificate".to_owned())).await;
    assert_eq!(with(&on, &fingerprint).await, 200);
    assert_eq!(with(&on, &"cd".repeat(32)).await, 401);
    let form = Form {
        basic: Some("key-m:secret"),
        body: "grant_type=client_credentials",
        ..NOTHING
    };
    assert_eq!(ask(&on, form).await.status, 401, "nor is a token given without it");
}
