//! Requests of every operation of the API document with marks wherever a request can hold something.

use super::{CAPABILITY, NAME, PERSONAL_ID, PHONE, SECRET};
use serde_json::{Value, json};
use std::fmt::Write;

/// One request.
pub(super) struct Shot {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

/// Every operation, with each kind of proof, each path and each kind of body.
pub(super) fn at_every_route(document: &Value, dossier: &str, bearers: &[String]) -> Vec<Shot> {
    let mut shots = Vec::new();
    for (template, operations) in document["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            let method = match method.as_str() {
                "get" => "GET",
                "post" => "POST",
                "put" => "PUT",
                "patch" => "PATCH",
                "delete" => "DELETE",
                _ => continue,
            };
            for (n, path) in paths(template, operation, dossier).into_iter().enumerate() {
                for (m, bearer) in bearers.iter().enumerate() {
                    // Passwords are slow to check on purpose, so the door has its own requests; and nobody who still has to ask
                    // for other things says goodbye.
                    let is_door = template == "/api/v1/session";
                    if is_door && if method == "DELETE" { m < 4 } else { n + m > 0 } {
                        continue;
                    }
                    for (kind, body) in bodies(method) {
                        shots.push(shot(method, path.clone(), bearer, kind, body));
                    }
                }
            }
        }
    }
    shots
}

fn shot(method: &'static str, path: String, bearer: &str, kind: &str, body: Vec<u8>) -> Shot {
    let mut headers = vec![
        ("authorization", bearer.to_owned()),
        ("dpop", format!("{SECRET}.{PERSONAL_ID}.x")),
        ("user-agent", format!("{SECRET} of {PHONE}")),
        ("cookie", format!("session={SECRET}")),
        ("idempotency-key", format!("{SECRET}-{PHONE}")),
        ("service-code", SECRET.to_owned()),
        ("x-forwarded-for", format!("{PHONE}, {SECRET}")),
        ("forwarded", format!("for={SECRET}")),
        ("traceparent", format!("00-{SECRET}-{PHONE}-01")),
        ("x-request-id", format!("{SECRET} {PHONE}")),
        // A body nobody read ends its connection; the next request should not find out.
        ("connection", "close".to_owned()),
    ];
    if !kind.is_empty() {
        headers.push(("content-type", kind.to_owned()));
    }
    Shot {
        method,
        path,
        headers,
        body,
    }
}

/// The path with marks in it, with a dossier that exists where one is asked for, and with a query of marks.
fn paths(template: &str, operation: &Value, dossier: &str) -> Vec<String> {
    let filled = |with: &str| {
        let parts = template
            .split('/')
            .map(|part| if part.starts_with('{') { with } else { part });
        parts.collect::<Vec<_>>().join("/")
    };
    let named = operation["parameters"].as_array().into_iter().flatten();
    let queries = named
        .filter(|one| one["in"] == "query")
        .filter_map(|one| one["name"].as_str());
    let mut query = format!("q={PHONE}&token={SECRET}");
    for name in queries {
        query = format!("{query}&{name}={SECRET}%20{PHONE}");
    }
    let name = NAME.bytes().fold(String::new(), |mut name, byte| {
        let _ = write!(name, "%{byte:02X}");
        name
    });
    let mut paths = vec![format!("{}?{query}", filled(CAPABILITY))];
    if template.contains('{') {
        paths.extend([filled(dossier), filled(&name), format!("{}/{name}", filled(SECRET))]);
    }
    paths
}

/// Bodies that are right in form and wrong in content, broken in the middle of a mark, and of kinds nobody asked for.
fn bodies(method: &str) -> Vec<(&'static str, Vec<u8>)> {
    if method == "GET" {
        return vec![("", Vec::new())];
    }
    let all = json!({
        "name": NAME, "phone": PHONE, "password": SECRET, "login": PERSONAL_ID, "role": SECRET, "code": SECRET, "reason": NAME,
        "act": SECRET, "mode": NAME, "public_key": SECRET, "proof": SECRET, "number": [NAME], "staff_id": SECRET,
        "applicant": { "name": [NAME], "phone": PHONE }, "agency_id": PERSONAL_ID, "item_code": PHONE, "paper_count": NAME,
    });
    let text = all.to_string();
    let cut = text.find("Zw").unwrap_or(40) + 3;
    let form = format!("grant_type={SECRET}&client_secret={SECRET}&code={PHONE}&username={PERSONAL_ID}&x=%ff{SECRET}");
    vec![
        ("application/json", text.clone().into_bytes()),
        ("application/json", text.as_bytes()[..cut].to_vec()),
        ("application/json", json!(NAME).to_string().into_bytes()),
        ("application/json", [text.as_bytes(), b"\xff"].concat()),
        ("application/x-www-form-urlencoded", form.into_bytes()),
        ("application/cbor-seq", [b"\x7f", NAME.as_bytes()].concat()),
        ("text/kanarienvogel", text.into_bytes()),
    ]
}
