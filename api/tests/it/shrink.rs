//! Answers of a sync take fewer bytes where a phone asks for it, and no other answer tells anything by its length.

use crate::world::World;
use axum::body::Body;
use axum::http::Request;

fn asking(method: &str, path: &str, encoding: Option<&str>) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json");
    if let Some(encoding) = encoding {
        request = request.header("accept-encoding", encoding);
    }
    request.body(Body::from("{}")).expect("a request")
}

#[tokio::test]
async fn what_phones_are_told_is_compressed_for_those_that_take_it() {
    let world = World::new().await;
    let hello = |encoding| world.send(asking("POST", "/api/v1/sync/hello", encoding));
    let (plain, small) = (hello(None).await, hello(Some("gzip")).await);
    assert_eq!((plain.status.as_u16(), small.status.as_u16()), (401, 401));
    assert_eq!(
        (plain.header("content-encoding"), small.header("content-encoding")),
        ("", "gzip")
    );
    assert_eq!(small.body.get(..2), Some(&[0x1f, 0x8b][..]), "a gzip header");
    assert!(small.body.len() < plain.body.len());
}

#[tokio::test]
async fn nothing_else_is_compressed() {
    let world = World::new().await;
    for path in [
        "/",
        "/verify",
        "/t/00000000000000000000000000",
        "/api/v1/session",
        "/api/openapi.json",
    ] {
        let answer = world.send(asking("GET", path, Some("gzip"))).await;
        assert_eq!(answer.header("content-encoding"), "", "{path}");
    }
}
