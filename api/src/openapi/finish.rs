//! What is said of every operation in the same way: names, examples, links, bounds of numbers, and what any of them may answer.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What `operations.json` says of one operation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    /// The name that generated clients give it.
    id: String,
    /// An example for each parameter that needs one.
    #[serde(default)]
    parameters: BTreeMap<String, Value>,
    /// An example of the body.
    request: Option<Value>,
    /// Examples of answers, by status or by status and content type: `200`, `200 text/csv`.
    #[serde(default)]
    responses: BTreeMap<String, Value>,
    /// What the same request does a second time, where no `Idempotency-Key` says it.
    repeat: Option<String>,
    /// Whether any body or none is taken: it is judged, never refused for its shape.
    #[serde(default)]
    anything: bool,
    /// Where one may go on from an answer, by status and name.
    #[serde(default)]
    links: BTreeMap<String, Value>,
}

/// By method and path.
static TOLD: LazyLock<BTreeMap<String, Told>> = LazyLock::new(|| {
    let text = include_str!("operations.json");
    serde_json::from_str(text).unwrap_or_else(|error| panic!("api/src/openapi/operations.json: {error}"))
});

/// Paths that are never limited, and answer nothing but whether and how well the process runs.
const UNLIMITED: [&str; 4] = ["/healthz", "/readyz", "/metrics", "/api/v1/sync/events"];

/// Finishes the document.
pub(super) fn finish(document: &mut Value) {
    bound_numbers(&mut document["components"]["schemas"]);
    let Some(paths) = document["paths"].as_object_mut() else {
        return;
    };
    for (path, item) in paths {
        let Some(operations) = item.as_object_mut() else {
            continue;
        };
        for (method, operation) in operations {
            bound_numbers(operation);
            tell(operation, TOLD.get(&format!("{} {path}", method.to_uppercase())));
            summarize(operation);
            if path.starts_with("/lgsp/") {
                one_stop(path, operation);
            }
            if !UNLIMITED.contains(&path.as_str()) {
                limited(operation);
            }
            if method == "get" && crate::layer::TAGGED.contains(&path.as_str()) {
                tagged(operation);
            }
        }
    }
    document["components"]["headers"] = headers();
}

fn tell(operation: &mut Value, told: Option<&Told>) {
    let Some(told) = told else {
        return;
    };
    operation["operationId"] = json!(told.id);
    if let Some(repeat) = &told.repeat {
        operation["x-on-repeat"] = json!(repeat);
    }
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap_or_default();
        if let Some(example) = told.parameters.get(name) {
            parameter["example"] = example.clone();
        }
        // What is not sent is absent; a header or query has no null.
        if let Some(kinds) = parameter["schema"]["type"].as_array() {
            let kinds: Vec<&Value> = kinds.iter().filter(|kind| *kind != "null").collect();
            if let [kind] = kinds[..] {
                parameter["schema"]["type"] = kind.clone();
            }
        }
    }
    if told.anything {
        anything(operation);
    }
    let contents = operation.pointer_mut("/requestBody/content");
    if let (Some(example), Some(contents)) = (&told.request, contents.and_then(Value::as_object_mut)) {
        for content in contents.values_mut() {
            content["example"] = example.clone();
        }
    }
    let Some(responses) = operation["responses"].as_object_mut() else {
        return;
    };
    for (status, response) in responses {
        let succeeded = status.starts_with('2');
        let contents = response.get_mut("content").and_then(Value::as_object_mut);
        for (kind, content) in contents.into_iter().flatten() {
            let exact = told.responses.get(&format!("{status} {kind}"));
            let same = told.responses.get(status);
            // Entered now or before, the body is the same.
            let any = told.responses.values().next().filter(|_| succeeded);
            if let Some(example) = exact.or(same).or(any) {
                content["example"] = example.clone();
            }
        }
        if let Some(links) = told.links.get(status) {
            response["links"] = links.clone();
        }
    }
}

fn anything(operation: &mut Value) {
    operation["requestBody"]["required"] = json!(false);
    let contents = operation.pointer_mut("/requestBody/content");
    for (_, content) in contents.and_then(Value::as_object_mut).into_iter().flatten() {
        content["schema"] = json!({});
    }
}

/// One-stop systems are refused in the words of their own protocol, with its own numbers (`errorMode` of their profile), and their
/// feeds and prices come in its shapes.
fn one_stop(path: &str, operation: &mut Value) {
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        // What old clients send is read as well as it can be, and never refused for its shape.
        parameter["schema"] = json!({ "type": "string" });
    }
    let Some(responses) = operation["responses"].as_object_mut() else {
        return;
    };
    let told = json!({ "schema": { "type": "object" } });
    for (status, response) in responses.iter_mut() {
        if status.as_str() >= "400" {
            response["content"]["application/json"] = told.clone();
        }
    }
    let any = json!({ "description": "refused in the protocol's own words", "content": { "application/json": told } });
    responses.insert("4XX".to_owned(), any);
    if path != "/lgsp/token" {
        let reply = json!({ "$ref": "#/components/schemas/Reply" });
        let other = json!({ "type": "object", "description": "A page of the tracking feed, or a price" });
        responses["200"]["content"]["application/json"]["schema"] = json!({ "anyOf": [reply, other] });
    }
}

/// The first sentence is the summary, the whole text the description.
fn summarize(operation: &mut Value) {
    let text = |member: &str| operation[member].as_str().unwrap_or_default();
    let whole = format!("{}\n{}", text("summary"), text("description"));
    let whole = whole.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = [". ", ": "].iter().filter_map(|end| whole.find(end)).min();
    let first = whole.get(..end.unwrap_or(whole.len())).unwrap_or(&whole);
    operation["summary"] = json!(first.trim_end_matches('.'));
    operation["description"] = json!(whole);
}

/// Says the bounds that the type of a number has anyway, so that nobody has to find them out.
fn bound_numbers(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            bound(members);
            members.values_mut().for_each(bound_numbers);
        }
        Value::Array(members) => members.iter_mut().for_each(bound_numbers),
        _ => {}
    }
}

fn bound(schema: &mut Map<String, Value>) {
    let natural = schema.get("minimum") == Some(&json!(0));
    let (least, most) = match schema.get("format").and_then(Value::as_str) {
        Some("int32") if natural => (json!(0), json!(u32::MAX)),
        Some("int32") => (json!(i32::MIN), json!(i32::MAX)),
        Some("int64") if natural => (json!(0), json!(u64::MAX)),
        Some("int64") => (json!(i64::MIN), json!(i64::MAX)),
        _ => return,
    };
    if natural {
        // The format would say that half of it is too large.
        schema.remove("format");
    }
    schema.entry("minimum").or_insert(least);
    schema.entry("maximum").or_insert(most);
}

/// What every operation answers to a caller who asks too often.
fn limited(operation: &mut Value) {
    let Some(responses) = operation["responses"].as_object_mut() else {
        return;
    };
    let refusal = responses.entry("429").or_insert_with(|| {
        json!({
            "description": "too-many-requests",
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        })
    });
    for name in ["Retry-After", "RateLimit", "RateLimit-Policy"] {
        refusal["headers"][name] = json!({ "$ref": format!("#/components/headers/{name}") });
    }
}

/// What is the same as last time need not be sent again.
fn tagged(operation: &mut Value) {
    let tag = json!({ "$ref": "#/components/headers/ETag" });
    operation["responses"]["200"]["headers"]["ETag"] = tag.clone();
    operation["responses"]["304"] = json!({ "description": "as it was under that ETag", "headers": { "ETag": tag } });
    let asked = json!({
        "name": "If-None-Match", "in": "header", "required": false, "schema": { "type": "string" },
        "description": "The ETag of the last answer; then 304 without a body when nothing changed",
        "example": "\"3f0e9c54b1a84f6fb6d1c5b7a1f0c9d2\"",
    });
    match operation.get_mut("parameters").and_then(Value::as_array_mut) {
        Some(parameters) => parameters.push(asked),
        None => operation["parameters"] = json!([asked]),
    }
}

fn headers() -> Value {
    let text = |description: &str, example: &str| json!({ "description": description, "schema": { "type": "string" }, "example": example });
    json!({
        "ETag": text("Names this very content", "\"3f0e9c54b1a84f6fb6d1c5b7a1f0c9d2\""),
        "RateLimit": text("What is left, and in how many seconds all of it is back (IETF draft)", "\"staff\";r=0;t=60"),
        "RateLimit-Policy": text("How many requests in how many seconds (IETF draft)", "\"staff\";q=600;w=60"),
        "Retry-After": {
            "description": "Seconds to wait", "schema": { "type": "integer", "minimum": 0 }, "example": 3,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::TOLD;

    #[test]
    fn nothing_is_told_of_an_operation_that_is_not_there() {
        for operation in TOLD.keys() {
            let (method, path) = operation.split_once(' ').expect("a method and a path");
            let found = &crate::openapi::document()["paths"][path][method.to_lowercase()];
            assert!(found.is_object(), "{operation}");
        }
    }
}
