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
    let document: Value = serde_json::from_str(api::openapi()).expect("JSON");
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
    let document: Value = serde_json::from_str(api::openapi()).expect("JSON");
    for (method, path, operation) in operations(&document) {
        assert!(
            operation["summary"].is_string() || operation["description"].is_string(),
            "{method} {path}"
        );
        let responses = operation["responses"].as_object().expect("responses");
        let is_limited = !["/healthz", "/readyz", "/metrics", "/api/v1/sync/events"].contains(&path.as_str());
        assert_eq!(
            responses
                .get("429")
                .is_some_and(|told| told["headers"]["RateLimit"].is_object()),
            is_limited,
            "{method} {path}"
        );
        let is_plain = ["/", "/healthz", "/metrics"].contains(&path.as_str()) || (method == "GET" && path == "/t/");
        assert!(is_plain || responses.contains_key("503"), "{method} {path}");
    }
}

/// Who builds a client reads names, sentences and examples, and nothing else.
#[test]
fn every_operation_has_a_name_a_summary_a_description_and_examples() {
    let document: Value = serde_json::from_str(api::openapi()).expect("JSON");
    let mut names = std::collections::BTreeMap::new();
    for (method, path, operation) in operations(&document) {
        let what = format!("{method} {path}: tell of it in api/src/openapi/operations.json");
        let name = operation["operationId"].as_str().expect("a name").to_owned();
        assert!(
            name.len() > 3 && name.bytes().all(|byte| byte.is_ascii_alphabetic()),
            "{what}: {name}"
        );
        assert_ne!(name, "handler", "{what}");
        if let Some(other) = names.insert(name, what.clone()) {
            panic!("{what} has the name of {other}");
        }
        for member in ["summary", "description"] {
            assert!(
                operation[member].as_str().is_some_and(|text| !text.is_empty()),
                "{what}: {member}"
            );
        }
        let has_example = |contents: &Value| {
            // Bytes that only a program reads have none.
            let mut texts = contents
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(kind, _)| !kind.contains("officedocument"));
            texts.all(|(_, content)| content.get("example").is_some())
        };
        assert!(has_example(&operation["requestBody"]["content"]), "{what}: request");
        for (status, response) in operation["responses"].as_object().expect("responses") {
            let succeeded = status.starts_with('2');
            assert!(!succeeded || has_example(&response["content"]), "{what}: {status}");
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let is_needed = parameter["required"] == true;
            assert!(
                !is_needed || parameter.get("example").is_some(),
                "{what}: {}",
                parameter["name"]
            );
        }
    }
}

/// A line breaks at any time: who sends again must know what that does.
#[test]
fn every_write_says_what_a_repeat_does() {
    let document: Value = serde_json::from_str(api::openapi()).expect("JSON");
    for (method, path, operation) in operations(&document) {
        if method != "POST" {
            continue;
        }
        let mut parameters = operation["parameters"].as_array().into_iter().flatten();
        let has_key = parameters.any(|parameter| parameter["name"] == "Idempotency-Key");
        let is_told = operation["x-on-repeat"].as_str().is_some_and(|text| !text.is_empty());
        assert!(
            has_key != is_told,
            "{method} {path}: either takes an Idempotency-Key or says what a repeat does"
        );
    }
}

#[test]
fn every_link_leads_to_an_operation_and_a_parameter_it_has() {
    let document: Value = serde_json::from_str(api::openapi()).expect("JSON");
    let all = operations(&document);
    let mut seen = 0;
    for (method, path, operation) in &all {
        for (_, response) in operation["responses"].as_object().expect("responses") {
            for (name, link) in response["links"].as_object().into_iter().flatten() {
                let target = all
                    .iter()
                    .find(|(_, _, other)| other["operationId"] == link["operationId"]);
                let (_, _, target) = target.unwrap_or_else(|| panic!("{method} {path}: {name}"));
                for parameter in link["parameters"].as_object().expect("parameters").keys() {
                    let mut known = target["parameters"].as_array().into_iter().flatten();
                    assert!(
                        known.any(|known| known["name"] == *parameter),
                        "{method} {path}: {name}: {parameter}"
                    );
                }
                seen += 1;
            }
        }
    }
    assert!(seen >= 10, "{seen}");
}

#[tokio::test]
async fn the_documentation_page_shows_every_operation_without_script_or_network() {
    let world = World::new().await;
    let page = world.get("/api/docs", "").await;
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy").to_owned();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    let text = page.text();
    assert!(
        !text.contains("<script") && !text.contains("http://") && !text.contains("src="),
        "nothing is fetched"
    );
    let document: Value = serde_json::from_str(api::openapi()).expect("JSON");
    for (method, path, operation) in operations(&document) {
        let id = operation["operationId"].as_str().expect("a name");
        assert!(text.contains(&format!("<section id=\"{id}\">")), "{method} {path}");
    }
    assert!(text.contains("post_agent (office)"), "who may call");
    assert!(text.contains("MAU-000123"), "an example");
    assert!(world.get("/api/docs?lang=en", "").await.text().contains("Who may call"));
}

#[tokio::test]
async fn the_type_of_a_problem_opens_as_a_page_in_both_languages() {
    let world = World::new().await;
    for kind in api::problem::Kind::ALL {
        let face = kind.face();
        let vietnamese = world.get(&format!("/problems/{}", face.slug), "").await;
        assert_eq!(vietnamese.status, 200, "{}", face.slug);
        assert!(
            vietnamese
                .text()
                .contains(&format!("<h1>{}", face.title_vi.split('\'').next().unwrap_or_default())),
            "{}",
            face.slug
        );
        let english = world.get(&format!("/problems/{}?lang=en", face.slug), "").await;
        assert!(english.text().contains("lang=\"en\""), "{}", face.slug);
    }
    assert_eq!(world.get("/problems/nothing", "").await.problem(), "not-found");
}

/// Two types under one name would be one schema, and half of the operations would be described by the other's.
#[test]
fn no_two_types_share_a_name_in_the_document() {
    let mut files = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut seen = std::collections::BTreeMap::new();
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(
                std::fs::read_dir(&path)
                    .expect("a folder")
                    .map(|entry| entry.expect("an entry").path()),
            );
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap_or_default();
        for described in source.split("ToSchema)]").skip(1) {
            let name = described.lines().find_map(|line| {
                let (_, rest) = line.split_once("struct ").or(line.split_once("enum "))?;
                rest.split(|sign: char| !sign.is_alphanumeric()).next()
            });
            if let (Some(name), false) = (name, described.trim_start().starts_with("#[schema(as")) {
                let other = seen.insert(name.to_owned(), path.clone());
                assert_eq!(other, None, "{name} is in {} too", path.display());
            }
        }
    }
    assert!(seen.len() > 100, "{}", seen.len());
}
