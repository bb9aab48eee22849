//! What the service does at its edges.

use crate::phone::Phone;
use crate::world::{World, staff_id};
use axum::body::Body;
use axum::http::Request;
use domain::hat::Hat;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const FIVE_MEGABYTES: usize = 5 * 1024 * 1024;

#[tokio::test]
async fn five_megabytes_are_too_much_for_every_door() {
    let world = World::new().await;
    let mut phone = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let deposit = phone.deposit(&world, vec![0x01; FIVE_MEGABYTES]).await;
    let agent = world.sign_in("agent").await;
    let client = world.client_token("key-a").await;
    let send = async |path: &str, token: &str| {
        let request = Request::post(path).header("authorization", format!("Bearer {token}"));
        world
            .send(request.body(Body::from(vec![b' '; FIVE_MEGABYTES])).expect("a request"))
            .await
    };
    for refused in [
        deposit,
        send("/api/v1/intakes", &agent).await,
        send("/api/v1/session", "").await,
        send("/lgsp/v1/vnpost/OrderPost", &client).await,
        send("/lgsp/token", "").await,
        send("/t/", "").await,
    ] {
        assert_eq!(refused.refusal(), (413, "body-too-large".to_owned()));
    }
}

#[tokio::test]
async fn a_full_house_turns_requests_away_but_says_that_it_lives() {
    let world = World::with(|config| (config.max_requests, config.deposit_reserve) = (0, 1)).await;
    let busy = world.get("/api/v1/dossiers", "").await;
    assert_eq!(busy.refusal(), (503, "busy".to_owned()));
    assert_eq!(busy.header("retry-after"), "2");
    assert_eq!(world.get("/healthz", "").await.text(), "ok");
    let deposit = world
        .send(
            Request::post("/api/v1/sync/events")
                .body(Body::empty())
                .expect("a request"),
        )
        .await;
    assert_eq!(deposit.problem(), "bad-proof", "signed events have places of their own");
}

#[tokio::test]
async fn readiness_follows_the_database_and_health_does_not() {
    let world = World::new().await;
    assert_eq!(world.get("/readyz", "").await.status, 200);
    world.app.store.close().await;
    assert_eq!(world.get("/readyz", "").await.problem(), "unavailable");
    assert_eq!(world.get("/healthz", "").await.status, 200);
    assert_eq!(world.get("/metrics", "").await.status, 200);
}

#[tokio::test]
async fn what_is_measured_names_routes_and_never_paths() {
    let world = World::new().await;
    let secret = "/t/0123456789ABCDEFGHJKMNPQRS";
    world.get(secret, "").await;
    let unknown = world.get("/no/such/page", "").await;
    assert_eq!(unknown.refusal(), (404, "not-found".to_owned()));
    let wrong = world.post("/healthz", "", &json!({})).await;
    assert_eq!(wrong.refusal(), (405, "method-not-allowed".to_owned()));
    let metrics = world.get("/metrics", "").await;
    assert!(
        metrics
            .text()
            .contains("http_requests_total{method=\"GET\",route=\"/t/{capability}\",status=\"404\"} 1")
    );
    assert!(metrics.text().contains("jobs_open"));
    assert!(!metrics.text().contains("0123456789ABCDEFGHJKMNPQRS"));
    assert!(!metrics.text().contains("/no/such/page"));
}

#[tokio::test]
async fn every_answer_has_a_request_id() {
    let world = World::new().await;
    let (one, other) = (world.get("/healthz", "").await, world.get("/healthz", "").await);
    let ids = [one.header("x-request-id"), other.header("x-request-id")];
    assert!(ids.iter().all(|id| (8..=64).contains(&id.len())), "{ids:?}");
    assert_ne!(ids[0], ids[1]);
    let request = Request::get("/healthz").header("x-request-id", "from-the-proxy-1");
    let answer = world.send(request.body(Body::empty()).expect("a request")).await;
    assert_eq!(answer.header("x-request-id"), "from-the-proxy-1");
}

#[tokio::test]
async fn a_server_that_is_told_to_stop_finishes_and_returns() {
    let world = World::new().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let served = tokio::spawn(api::serve(world.app.clone(), listener, async move {
        stopped.await.expect("told to stop");
    }));
    let mut connection = tokio::net::TcpStream::connect(address).await.expect("it listens");
    connection
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .await
        .expect("sent");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.expect("answered");
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    stop.send(()).expect("it is still there");
    served.await.expect("no panic").expect("no failure");
    assert!(
        tokio::net::TcpStream::connect(address).await.is_err(),
        "nobody listens any more"
    );
}
