//! Manners between programs: languages, tags, and how often one may ask.

use crate::world::{Answer, World, intake_body};
use api::ApiConfig;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A server that hears of its callers from a proxy.
async fn outside(change: impl FnOnce(&mut ApiConfig)) -> (World, SocketAddr) {
    let world = World::with(|config| {
        config.trusted_proxies = vec!["127.0.0.1".parse().expect("a network")];
        change(config);
    })
    .await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(api::serve(world.app.clone(), listener, std::future::pending()));
    (world, address)
}

/// Sends a request as if it came from an address of the network.
async fn from(server: SocketAddr, address: &str, request: &str, token: &str) -> Answer {
    let mut stream = TcpStream::connect(server).await.expect("it listens");
    let bearer = if token.is_empty() {
        String::new()
    } else {
        format!("authorization: Bearer {token}\r\n")
    };
    let lines =
        format!("{request} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-forwarded-for: {address}\r\n{bearer}\r\n");
    stream.write_all(lines.as_bytes()).await.expect("sent");
    let mut heard = Vec::new();
    stream.read_to_end(&mut heard).await.expect("answered");
    let heard = String::from_utf8(heard).expect("UTF-8");
    let (top, body) = heard.split_once("\r\n\r\n").expect("a top");
    let mut lines = top.lines();
    let status = lines.next().and_then(|line| line.get(9..12)).expect("a status");
    let headers = lines.filter_map(|line| line.split_once(": "));
    Answer {
        status: status.parse().expect("a status"),
        headers: headers
            .map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value")))
            .collect::<HeaderMap>(),
        body: body.to_owned().into(),
    }
}

async fn with(world: &World, path: &str, token: &str, name: &str, value: &str) -> Answer {
    let request = Request::builder()
        .uri(path)
        .header("authorization", format!("Bearer {token}"))
        .header(name, value);
    world.send(request.body(Body::empty()).expect("a request")).await
}

#[tokio::test]
async fn a_refusal_speaks_the_language_that_is_asked_for_and_has_both() {
    let world = World::new().await;
    let nothing = "/api/v1/dossiers/7";
    let english = world.get(nothing, "").await;
    let vietnamese = with(&world, nothing, "", "accept-language", "vi-VN,vi;q=0.9,en;q=0.8").await;
    assert_eq!(english.header("content-language"), "en");
    assert_eq!(vietnamese.header("content-language"), "vi");
    assert_eq!(vietnamese.header("vary"), "accept-language");
    let (english, vietnamese) = (english.json(), vietnamese.json());
    for (member, en, vi) in [("title", "title_en", "title_vi"), ("detail", "detail_en", "detail_vi")] {
        assert_eq!(english[member], english[en]);
        assert_eq!(vietnamese[member], vietnamese[vi]);
        assert_ne!(english[member], vietnamese[member]);
        assert_eq!((&english[en], &english[vi]), (&vietnamese[en], &vietnamese[vi]));
    }
    assert_eq!(english["code"], "unauthenticated");
}

#[tokio::test]
async fn a_refusal_names_the_fields_that_are_wrong() {
    let world = World::new().await;
    let agent = world.sign_in("agent").await;
    let refused = |change: fn(&mut Value)| {
        let (world, agent) = (&world, &agent);
        let mut body = intake_body("fields");
        change(&mut body);
        async move { world.post("/api/v1/intakes", agent, &body).await.json() }
    };
    for (change, pointer, code) in [
        (
            (|body| body["mode"] = json!("fly")) as fn(&mut Value),
            "#/mode",
            "invalid",
        ),
        (
            |body| body["agency_id"] = json!("00000000-0000-8000-8000-000000000000"),
            "#/agency_id",
            "unknown_reference",
        ),
        (
            |body| body["applicant"]["name"] = json!(" "),
            "#/applicant/name",
            "invalid",
        ),
        (|body| body["paper_count"] = json!("two"), "#/paper_count", "wrong_type"),
        (
            |body| body["applicant"] = json!({ "name": "x", "phone": "1" }),
            "#/applicant/address",
            "missing",
        ),
    ] {
        let told = refused(change).await;
        assert_eq!(told["errors"][0]["pointer"], pointer, "{told}");
        assert_eq!(told["errors"][0]["code"], code, "{told}");
        assert!(
            told["errors"][0]["message"]
                .as_str()
                .is_some_and(|text| !text.is_empty()),
            "{told}"
        );
    }
    let due = world
        .get("/api/v1/calendar/due?from=2026-04-24&days=-1", "")
        .await
        .json();
    assert_eq!(due["errors"][0]["pointer"], "?days", "{due}");
    let list = world.get("/api/v1/dossiers?limit=101", &agent).await;
    assert_eq!(list.refusal(), (400, "invalid-query".to_owned()));
    assert_eq!(list.json()["errors"][0]["pointer"], "?limit");
    assert_eq!(
        world.get("/api/v1/dossiers?cursor=&limit=100", &agent).await.status,
        200
    );
    let empty = "/api/v1/calendar/due?from=2026-04-24&days=3&unit=&office=&procedure=&case=&channel=";
    assert_eq!(world.get(empty, "").await.status, 200, "what is empty is absent");
}

#[tokio::test]
async fn what_did_not_change_is_not_sent_again() {
    let world = World::new().await;
    let (dossier, item, _) = world.intake("tagged").await;
    world.fold().await;
    let agent = world.sign_in("agent").await;
    for path in [
        format!("/api/v1/dossiers/{dossier}"),
        format!("/api/v1/items/{item}"),
        "/api/v1/calendar/notices".to_owned(),
        "/api/openapi.json".to_owned(),
    ] {
        let first = world.get(&path, &agent).await;
        assert_eq!(first.status, 200, "{path}");
        let tag = first.header("etag").to_owned();
        assert!(tag.len() > 10 && tag.starts_with('"'), "{path}: {tag}");
        let again = with(&world, &path, &agent, "if-none-match", &tag).await;
        assert_eq!(
            (again.status.as_u16(), again.text(), again.header("etag")),
            (304, "", tag.as_str()),
            "{path}"
        );
        let other = with(&world, &path, &agent, "if-none-match", "\"other\"").await;
        assert_eq!(other.text(), first.text(), "{path}");
        let without_right = with(&world, &path, "", "if-none-match", &tag).await;
        assert_eq!(
            without_right.status == 304,
            !path.contains("/dossiers") && !path.contains("/items"),
            "{path}"
        );
    }
    let path = format!("/api/v1/dossiers/{dossier}");
    let tag = world.get(&path, &agent).await.header("etag").to_owned();
    let desk = world.sign_in("desk").await;
    let act = world
        .post(&format!("{path}/acts"), &desk, &json!({ "act": "processing" }))
        .await;
    assert_eq!(act.status, 201, "{}", act.text());
    world.fold().await;
    let changed = with(&world, &path, &agent, "if-none-match", &tag).await;
    assert_eq!(changed.status, 200, "it changed");
}

#[tokio::test]
async fn a_caller_who_asks_too_often_is_told_when_to_come_back() {
    let (world, server) = outside(|config| config.requests_per_minute = 3).await;
    let (agent, desk) = (world.sign_in("agent").await, world.sign_in("desk").await);
    let path = "/api/v1/session";
    for left in ["2", "1", "0"] {
        let answer = from(server, "203.0.113.7", "GET /api/v1/session", &agent).await;
        assert_eq!(answer.status, 200);
        assert!(
            answer
                .header("ratelimit")
                .starts_with(&format!("\"staff\";r={left};t=")),
            "{}",
            answer.header("ratelimit")
        );
        assert_eq!(answer.header("ratelimit-policy"), "\"staff\";q=3;w=60");
    }
    let refused = from(server, "203.0.113.7", "GET /api/v1/session", &agent).await;
    assert_eq!(refused.refusal(), (429, "too-many-requests".to_owned()));
    assert_eq!(refused.header("retry-after"), "20");
    assert_eq!(refused.json()["retry_after_s"], 20);
    assert!(refused.header("ratelimit").starts_with("\"staff\";r=0;t=60"));
    assert_eq!(
        from(server, "203.0.113.7", "GET /api/v1/session", &desk).await.status,
        200,
        "another token"
    );
    assert_eq!(
        world.get(path, &agent).await.status,
        200,
        "this very machine is not counted"
    );
    world.clock.advance(20_000);
    assert_eq!(
        from(server, "198.51.100.1", "GET /api/v1/session", &agent).await.status,
        200,
        "one came back, wherever it is used"
    );
    assert_eq!(
        from(server, "198.51.100.1", "GET /api/v1/session", &agent).await.status,
        429
    );
}

#[tokio::test]
async fn guessing_tokens_is_counted_by_address_whatever_is_guessed() {
    let (_world, server) = outside(|config| config.refusals_per_minute = 2).await;
    for guess in ["a", "b"] {
        assert_eq!(
            from(server, "203.0.113.7", "GET /api/v1/session", guess).await.status,
            401
        );
    }
    assert_eq!(
        from(server, "203.0.113.7", "GET /api/v1/session", "c").await.status,
        429
    );
    assert_eq!(
        from(server, "203.0.113.8", "GET /api/v1/session", "c").await.status,
        401
    );
}

#[tokio::test]
async fn a_deposit_of_events_is_never_told_to_wait() {
    let (_world, server) = outside(|config| {
        (
            config.requests_per_minute,
            config.syncs_per_minute,
            config.refusals_per_minute,
        ) = (1, 1, 1);
    })
    .await;
    for _ in 0..5 {
        assert_eq!(
            from(server, "203.0.113.7", "POST /api/v1/sync/events", "").await.status,
            401
        );
    }
    assert_eq!(
        from(server, "203.0.113.9", "GET /api/v1/sync/gaps", "").await.status,
        401
    );
    assert_eq!(
        from(server, "203.0.113.9", "GET /api/v1/sync/gaps", "").await.status,
        429
    );
}

#[tokio::test]
async fn looking_for_pages_of_citizens_is_counted_by_neighbourhood_and_altogether() {
    let (world, server) = outside(|config| (config.lookups_per_minute, config.all_lookups_per_minute) = (2, 3)).await;
    let look = async |address: &str| {
        from(server, address, "GET /t/0123456789ABCDEFGHJKMNPQRS", "")
            .await
            .status
            .as_u16()
    };
    assert_eq!((look("203.0.113.7").await, look("203.0.113.8").await), (404, 404));
    assert_eq!(look("203.0.113.9").await, 429, "the /24 has had its share");
    assert_eq!(look("198.51.100.7").await, 404);
    assert_eq!(look("192.0.2.7").await, 429, "all together have");
    world.clock.advance(60_000);
    assert_eq!(look("203.0.113.9").await, 404);
}
