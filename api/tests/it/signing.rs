//! One-stop systems that sign instead of showing a secret: let in and given their key by two people, believed once per assertion.

use crate::world::{Answer, START_MS, World};
use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::testing::Backend;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rcgen::KeyPair;
use serde_json::{Value, json};

crate::both!(
    a_system_is_let_in_by_two_people_and_signs_from_then_on,
    an_assertion_is_taken_once_and_by_this_server_alone,
    a_system_that_is_closed_is_out_at_once,
    what_an_office_serves_and_what_carriage_costs_is_changed_by_two_people,
);

const OURS: &str = "http://127.0.0.1:8080/lgsp/token";

/// A key pair: what signs, and its public half as a JWK.
fn key_pair() -> (EncodingKey, Value) {
    let pair = KeyPair::generate().expect("a key pair");
    let point = pair.public_key_raw();
    let part = |range: std::ops::Range<usize>| URL_SAFE_NO_PAD.encode(&point[range]);
    let jwk = json!({ "kty": "EC", "crv": "P-256", "x": part(1..33), "y": part(33..65) });
    let pem = pair.serialize_pem();
    (EncodingKey::from_ec_pem(pem.as_bytes()).expect("a key"), jwk)
}

fn claims(client: &str, jti: &str) -> Value {
    let now = START_MS / 1000;
    json!({ "iss": client, "sub": client, "aud": OURS, "iat": now, "exp": now + 120, "jti": jti })
}

fn signed(key: &EncodingKey, claims: &Value) -> String {
    jsonwebtoken::encode(&Header::new(Algorithm::ES256), claims, key).expect("signed")
}

async fn token(world: &World, assertion: &str) -> Answer {
    let body = format!(
        "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer\
         &client_assertion={assertion}"
    );
    world
        .send(Request::post("/lgsp/token").body(Body::from(body)).expect("a request"))
        .await
}

async fn changed(world: &World, kind: &str, subject: &str, body: Value) -> Value {
    let (ops, second) = (world.sign_in("ops").await, world.sign_in("ops-2").await);
    let asked = json!({ "kind": kind, "subject": subject, "reason": "theo công văn", "body": body });
    let made = world.post("/api/v1/changes", &ops, &asked).await.ok();
    let path = format!("/api/v1/changes/{}/approve", made["id"].as_str().expect("an id"));
    world.post(&path, &second, &json!({})).await.ok()
}

async fn refused(world: &World, kind: &str, subject: &str, body: Value) -> (u16, Value) {
    let ops = world.sign_in("ops").await;
    let asked = json!({ "kind": kind, "subject": subject, "reason": "theo công văn", "body": body });
    let answer = world.post("/api/v1/changes", &ops, &asked).await;
    (answer.status.as_u16(), answer.json()["errors"][0]["pointer"].clone())
}

async fn by_secret(world: &World, key: &str, secret: &str) -> u16 {
    let body = format!("grant_type=client_credentials&client_id={key}&client_secret={secret}");
    let request = Request::post("/lgsp/token").body(Body::from(body)).expect("a request");
    world.send(request).await.status.as_u16()
}

async fn a_system_is_let_in_by_two_people_and_signs_from_then_on(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let let_in = json!({ "name": "Một cửa xã mới", "agency": "B" });
    let made = changed(&world, "client.add", "AGNEW", let_in).await;
    let secret = made["password"].as_str().expect("shown once").to_owned();
    assert!(!made["change"].to_string().contains(&secret), "it is kept nowhere");
    let twin = json!({ "name": "Một cửa khác", "agency": "B" });
    assert_eq!(
        refused(&world, "client.add", "agnew", twin).await,
        (422, json!("#/subject")),
        "one key for two systems"
    );
    assert_eq!(by_secret(&world, "lgsp-agnew", &secret).await, 200);
    let (key, jwk) = key_pair();
    let early = token(&world, &signed(&key, &claims("lgsp-agnew", "a-long-name-0"))).await;
    assert_eq!(early.status, 401, "nobody entered its key");
    changed(&world, "client.key", "AGNEW", json!({ "public_key": jwk })).await;
    assert_eq!(
        by_secret(&world, "lgsp-agnew", &secret).await,
        401,
        "who signs shows no secret any more"
    );
    let given = token(&world, &signed(&key, &claims("lgsp-agnew", "a-long-name-1")))
        .await
        .ok();
    let bearer = given["access_token"].as_str().expect("a token");
    assert_eq!(world.get("/lgsp/v1/vnpost/OrderTracking", bearer).await.status, 200);
    let listed = world.get("/api/v1/clients", &world.sign_in("auditor").await).await.ok();
    let all = listed["clients"].as_array().expect("a list");
    let one = all.iter().find(|one| one["customer_code"] == "AGNEW").expect("listed");
    assert_eq!(
        (&one["token_mode"], &one["has_secret"]),
        (&json!("private_key_jwt"), &json!(false))
    );
    let stranger = world.get("/api/v1/clients", &world.sign_in("ops-q").await).await.ok();
    assert!(
        !stranger.to_string().contains("AGNEW"),
        "another operator's are none of theirs"
    );
}

async fn an_assertion_is_taken_once_and_by_this_server_alone(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (key, jwk) = key_pair();
    changed(&world, "client.key", "AG01", json!({ "public_key": jwk })).await;
    let good = claims("key-a", "a-long-name-2");
    let first = signed(&key, &good);
    assert_eq!(token(&world, &first).await.status, 200);
    assert_eq!(token(&world, &first).await.status, 401, "once");
    let with = |name: &str, value: Value| {
        let mut claims = claims("key-a", "a-long-name-3");
        claims[name] = value;
        signed(&key, &claims)
    };
    let now = START_MS / 1000;
    for (what, assertion) in [
        ("another server's", with("aud", json!("https://another.example/token"))),
        ("two servers'", with("aud", json!([OURS, "https://another.example"]))),
        ("another client's", with("sub", json!("key-b"))),
        ("issued by another", with("iss", json!("key-b"))),
        ("over", with("exp", json!(now))),
        ("too long", with("exp", json!(now + 3600))),
        ("of tomorrow", with("iat", json!(now + 86_400))),
        ("without a name", with("jti", json!(""))),
    ] {
        assert_eq!(token(&world, &assertion).await.status, 401, "{what}");
    }
    let other = EncodingKey::from_secret(b"not this key, but long enough for HS256");
    let forged = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &good, &other).expect("signed");
    assert_eq!(token(&world, &forged).await.status, 401, "another algorithm");
    let (head, rest) = first.split_once('.').expect("three parts");
    let none = format!(
        "{}.{}.",
        URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#),
        rest.split('.').next().expect("a part")
    );
    assert_eq!(token(&world, &none).await.status, 401, "no algorithm, {head}");
    assert_eq!(token(&world, "x").await.status, 401);
    assert_eq!(
        token(&world, &with("aud", json!("http://127.0.0.1:8080"))).await.status,
        200,
        "the server itself"
    );
}

async fn a_system_that_is_closed_is_out_at_once(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let bearer = world.client_token("key-a").await;
    assert_eq!(world.get("/lgsp/v1/vnpost/OrderTracking", &bearer).await.status, 200);
    changed(&world, "client.close", "AG01", json!({})).await;
    assert_ne!(world.get("/lgsp/v1/vnpost/OrderTracking", &bearer).await.status, 200);
    assert_eq!(by_secret(&world, "key-a", "secret").await, 401);
    changed(&world, "client.reopen", "AG01", json!({})).await;
    assert_eq!(by_secret(&world, "key-a", "secret").await, 200);
    assert_eq!(
        refused(&world, "client.reopen", "AG01", json!({})).await.0,
        409,
        "so already"
    );
    assert_eq!(refused(&world, "client.close", "nobody", json!({})).await.0, 404);
    let private = json!({ "public_key": { "kty": "EC", "crv": "P-256", "x": "x", "y": "y", "d": "secret" } });
    assert_eq!(
        refused(&world, "client.key", "AG01", private).await,
        (422, json!("#/body/public_key"))
    );
}

async fn what_an_office_serves_and_what_carriage_costs_is_changed_by_two_people(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let ring = json!([[104.9, 10.5], [105.1, 10.5], [105.1, 10.7], [104.9, 10.5]]);
    let area = json!({ "type": "Polygon", "coordinates": [ring] });
    changed(&world, "office.territory", "P1", json!({ "territory": area })).await;
    let boss = world.sign_in("boss").await;
    let seen = world.get("/api/v1/territories", &boss).await.ok();
    assert_eq!(seen["territories"][0]["territory"], area);
    let open = json!({ "territory": { "type": "Polygon", "coordinates": "nowhere" } });
    assert_eq!(refused(&world, "office.territory", "P1", open).await.0, 422);
    assert_eq!(
        refused(&world, "office.territory", "Q1", json!({ "territory": area }))
            .await
            .0,
        404
    );
    let tariff: Value = serde_json::from_str(include_str!("../../../data/an-giang/tariff.json")).expect("JSON");
    changed(&world, "config.tariff", "tariff.json", json!({ "records": tariff })).await;
    let seen = world.get("/api/v1/tariffs", &boss).await.ok();
    assert!(seen["records"].is_object());
    let rules: Value = serde_json::from_str(include_str!("../../../data/an-giang/rules.json")).expect("JSON");
    changed(&world, "config.rules", "rules.json", json!({ "records": rules })).await;
    assert!(world.get("/api/v1/rules", &boss).await.ok()["records"].is_array());
    let wrong = json!({ "records": [{ "valid_from": "never" }] });
    assert_eq!(
        refused(&world, "config.rules", "rules.json", wrong).await,
        (422, json!("#/body/records"))
    );
    let (ops, asked) = (
        world.sign_in("ops-q").await,
        json!({ "kind": "config.rules", "subject": "rules.json", "reason": "x", "body": { "records": rules } }),
    );
    assert_eq!(
        world.post("/api/v1/changes", &ops, &asked).await.status,
        404,
        "rules are whoever's runs the installation"
    );
}
