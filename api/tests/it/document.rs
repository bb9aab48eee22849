//! The API document describes what the service does.

use crate::world::World;
use axum::body::Body;
use axum::http::Request;
use serde_json::Value;

fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let mut found = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("an item") {
            found.push((method.to_uppercase(), path.clone(), operation.clone()));
        }
    }
    found
}

#[tokio::test]
async fn every_secured_operation_refuses_a_caller_without_a_token() {
    let world = World::new().await;
    let document: Value = serde_json::from_str(&api::openapi()).expect("JSON");
    let (mut secured, mut open) = (0, Vec::new());
    for (method, path, operation) in operations(&document) {
        if operation["security"].as_array().is_none_or(Vec::is_empty) {
            open.push(format!("{method} {path}"));
            continue;
        }
        secured += 1;
        let path = path
            .split('/')
            .map(|part| if part.starts_with('{') { "x" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let request = Request::builder()
            .method(method.as_str())
            .uri(&path)
            .body(Body::empty())
            .expect("a request");
        let refused = world.send(request).await;
        assert_eq!(refused.status, 401, "{method} {path}");
        assert!(
            ["unauthenticated", "bad-proof"].contains(&refused.problem().as_str()),
            "{method} {path}"
        );
        let wrong = Request::builder()
            .method(method.as_str())
            .uri(&path)
            .header("authorization", "Bearer wrong");
        assert_eq!(
            world.send(wrong.body(Body::empty()).expect("a request")).await.status,
            401,
            "{method} {path}"
        );
    }
    assert!(secured >= 20, "{secured}");
    assert!(open.len() >= 15, "{open:?}: which they are, policy.toml says");
}

#[tokio::test]
async fn the_document_is_served_and_names_every_reference_it_uses() {
    let world = World::new().await;
    let text = world.get("/api/openapi.json", "").await;
    assert_eq!(text.text(), api::openapi());
    let document = text.json();
    assert!(
        document["openapi"]
            .as_str()
            .is_some_and(|version| version.starts_with("3.1"))
    );
    let references: Vec<&str> = text
        .text()
        .split("\"$ref\": \"#/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(!references.is_empty());
    for reference in references {
        assert!(
            document.pointer(&format!("/{reference}")).is_some(),
            "{reference} is used but not described"
        );
    }
}

#[test]
fn every_operation_says_how_it_is_refused() {
    let document: Value = serde_json::from_str(&api::openapi()).expect("JSON");
    for (method, path, operation) in operations(&document) {
        assert!(
            operation["summary"].is_string() || operation["description"].is_string(),
            "{method} {path}"
        );
        let responses = operation["responses"].as_object().expect("responses");
        let is_plain = ["/", "/healthz", "/metrics"].contains(&path.as_str()) || (method == "GET" && path == "/t/");
        assert!(is_plain || responses.contains_key("503"), "{method} {path}");
    }
}
