//! Hearing which dossiers change, as they do; and deciding only on what one has seen.

use crate::world::{Answer, World};
use axum::body::Body;
use axum::http::Request;
use entity::testing::Backend;
use futures::StreamExt;
use serde_json::json;
use std::time::Duration;

const PATH: &str = "/api/v1/dossiers/changes";

/// The events of an answer: id and dossier.
fn events(text: &str) -> Vec<(String, String)> {
    let blocks = text.split("\n\n").filter(|block| block.contains("event: dossier"));
    let line = |block: &str, name: &str| {
        let found = block.lines().find_map(|line| line.strip_prefix(name));
        found.expect("a line").trim().to_owned()
    };
    blocks
        .map(|block| {
            let data: serde_json::Value = serde_json::from_str(&line(block, "data:")).expect("JSON");
            (
                line(block, "id:"),
                data["dossier_id"].as_str().expect("an id").to_owned(),
            )
        })
        .collect()
}

#[tokio::test]
async fn a_screen_goes_on_where_it_stopped_and_hears_of_its_own_dossiers_alone() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let world = World::on(backend, |_| {}).await;
        let start = format!("0.{}", uuid::Uuid::nil());
        let (first, _, _) = world.intake("S1").await;
        let (second, _, _) = world.intake("S2").await;
        let heard = async |login: &str, after: &str| {
            let token = world.sign_in(login).await;
            let answer = world.get(&format!("{PATH}?after={after}"), &token).await;
            assert_eq!(answer.header("content-type"), "text/event-stream");
            assert_eq!(answer.header("x-accel-buffering"), "no");
            events(answer.text())
        };
        let all = heard("desk", &start).await;
        assert_eq!(all.iter().map(|(_, id)| id).collect::<Vec<_>>(), [&first, &second]);
        assert_eq!(heard("desk", &all[0].0).await, all[1..]);
        assert_eq!(heard("desk", &all[1].0).await, []);
        for stranger in ["agent-p2", "agent-q1", "boss-q1"] {
            assert_eq!(heard(stranger, &start).await, [], "{stranger}");
        }
    }
}

#[tokio::test]
async fn a_place_that_cannot_be_read_is_refused() {
    let world = World::new().await;
    let desk = world.sign_in("desk").await;
    for wrong in ["x", "1.2", "-1.00000000-0000-0000-0000-000000000000"] {
        assert_eq!(
            world.get(&format!("{PATH}?after={wrong}"), &desk).await.problem(),
            "invalid-query"
        );
    }
}

/// The next event of a stream that stays open.
async fn next(stream: &mut axum::body::BodyDataStream) -> Option<String> {
    let chunk = tokio::time::timeout(Duration::from_secs(30), stream.next())
        .await
        .expect("in time");
    chunk.map(|bytes| String::from_utf8(bytes.expect("whole").to_vec()).expect("text"))
}

async fn listen(world: &World, token: &str) -> axum::body::BodyDataStream {
    let request = Request::get(PATH).header("authorization", format!("Bearer {token}"));
    let answer = tower::ServiceExt::oneshot(world.router.clone(), request.body(Body::empty()).expect("a request"));
    answer
        .await
        .expect("the service never fails")
        .into_body()
        .into_data_stream()
}

#[tokio::test]
async fn a_change_is_heard_while_the_line_is_open_and_nothing_after_one_was_sent_home() {
    let world = World::with(|config| config.stream_life = Duration::from_hours(1)).await;
    let desk = world.sign_in("desk").await;
    let mut stream = listen(&world, &desk).await;
    let (first, _, _) = world.intake("S1").await;
    assert_eq!(events(&next(&mut stream).await.expect("an event"))[0].1, first);
    world.dismiss("desk").await;
    world.intake("S2").await;
    assert_eq!(next(&mut stream).await, None, "the line is cut");
}

#[tokio::test]
async fn there_are_only_so_many_seats() {
    let world = World::with(|config| (config.watchers, config.stream_life) = (1, Duration::from_hours(1))).await;
    let desk = world.sign_in("desk").await;
    let stream = listen(&world, &desk).await;
    assert_eq!(world.get(PATH, &desk).await.problem(), "busy");
    drop(stream);
    let _again = listen(&world, &desk).await;
}

#[tokio::test]
async fn an_act_bound_to_what_was_seen_is_not_recorded_when_something_was_told_since() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let world = World::on(backend, |_| {}).await;
        let (id, _, _) = world.intake("S1").await;
        let (path, desk) = (format!("/api/v1/dossiers/{id}"), world.sign_in("desk").await);
        let tag = world.get(&path, &desk).await.header("etag").to_owned();
        let told = async |act: &str, seen: &str| -> Answer {
            let request = Request::post(format!("{path}/acts"))
                .header("authorization", format!("Bearer {desk}"))
                .header("content-type", "application/json")
                .header("if-match", seen);
            let body = Body::from(json!({ "act": act }).to_string());
            world.send(request.body(body).expect("a request")).await
        };
        told("processing", &tag).await.ok();
        assert_eq!(
            told("processing", &tag).await.refusal(),
            (412, "changed".to_owned()),
            "not folded yet"
        );
        world.fold().await;
        assert_eq!(told("processing", &tag).await.status, 412, "folded");
        for wrong in ["\"x\"", "W/\"1.a\"", "1", "\"999999.a\""] {
            assert_eq!(told("processing", wrong).await.status, 412, "{wrong}");
        }
        let fresh = world.get(&path, &desk).await.header("etag").to_owned();
        assert_ne!(fresh, tag);
        told("processing", &fresh).await.ok();
        world.fold().await;
        let acts = world.get(&path, &desk).await.ok()["acts"]
            .as_array()
            .expect("a list")
            .len();
        told("processing", "*").await.ok();
        world.fold().await;
        assert_eq!(
            world.get(&path, &desk).await.ok()["acts"]
                .as_array()
                .expect("a list")
                .len(),
            acts + 1
        );
    }
}
