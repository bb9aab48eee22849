//! `GET /api/docs`: the API document as a page, without script and without network.

use super::page::plain::LanguageQuery;
use super::page::{STYLE, html, rendered};
use crate::auth::Public;
use crate::extract::Query;
use crate::openapi::{Always, document};
use crate::problem::Problem;
use crate::words::{language, pick};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::dossier::words::Language;
use serde_json::Value;
use std::sync::LazyLock;

/// The page.
#[derive(Template)]
#[template(path = "docs.html")]
struct Docs {
    groups: &'static [(String, Vec<Shown>)],
    style: &'static str,
    language: Language,
}

/// An operation as the page shows it.
#[derive(Debug)]
struct Shown {
    id: String,
    method: String,
    path: String,
    summary: String,
    description: String,
    who: String,
    parameters: Vec<[String; 4]>,
    request: Option<String>,
    answers: Vec<(String, String, Option<String>)>,
}

impl Docs {
    fn say(&self, vietnamese: &'static str, english: &'static str) -> &'static str {
        pick(self.language, vietnamese, english)
    }
}

/// Shows what the API does, who may call what, and an example of each call.
#[utoipa::path(get, path = "/api/docs", tag = "about", params(LanguageQuery),
    responses((status = 200, body = String, content_type = "text/html"), Always))]
pub(crate) async fn handler(_: Public, Query(query): Query<LanguageQuery>) -> Result<Response, Problem> {
    static GROUPS: LazyLock<Vec<(String, Vec<Shown>)>> = LazyLock::new(|| groups(document()));
    let page = Docs {
        groups: &GROUPS,
        style: STYLE,
        language: language(query.lang.as_deref()),
    };
    Ok(html(StatusCode::OK, rendered(&page)))
}

/// Operations by their tag.
fn groups(document: &Value) -> Vec<(String, Vec<Shown>)> {
    let mut groups: Vec<(String, Vec<Shown>)> = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let tag = text(&operation["tags"][0]);
            let shown = shown(method, path, operation);
            match groups.iter_mut().find(|(name, _)| *name == tag) {
                Some((_, operations)) => operations.push(shown),
                None => groups.push((tag, vec![shown])),
            }
        }
    }
    groups.sort_by(|(a, _), (b, _)| a.cmp(b));
    groups
}

fn shown(method: &str, path: &str, operation: &Value) -> Shown {
    let who = operation["x-who-may"].as_object().into_iter().flatten();
    let who: Vec<String> = who.map(|(role, how)| format!("{role} ({})", text(how))).collect();
    let parameters = operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|parameter| {
            let example = &parameter["example"];
            let example = if example.is_null() {
                String::new()
            } else {
                text(example)
            };
            let needed = if parameter["required"] == true { " *" } else { "" };
            [
                format!("{}{needed}", text(&parameter["name"])),
                text(&parameter["in"]),
                text(&parameter["description"]),
                example,
            ]
        });
    let answers = operation["responses"].as_object().into_iter().flatten();
    let answers = answers.map(|(status, answer)| {
        let example = example(&answer["content"]).filter(|_| status.starts_with('2'));
        (status.clone(), text(&answer["description"]), example)
    });
    Shown {
        id: text(&operation["operationId"]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        description: text(&operation["description"]),
        who: who.join(", "),
        parameters: parameters.collect(),
        request: example(&operation["requestBody"]["content"]),
        answers: answers.collect(),
    }
}

/// The example of the first content type that has one.
fn example(contents: &Value) -> Option<String> {
    let mut contents = contents.as_object()?.values();
    let example = contents.find_map(|content| content.get("example"))?;
    Some(text(example))
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => serde_json::to_string_pretty(other).expect("plain data always serializes"),
    }
}
