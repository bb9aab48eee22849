//! One honest request for each operation.

use super::stage::{Object, Stage};
use crate::world::{PASSWORD, intake_body};
use serde_json::{Value, json};

/// A request.
pub(crate) struct Sample {
    /// Path and query.
    pub(crate) target: String,
    /// JSON, or null for none.
    pub(crate) body: Value,
    /// Whether it names the object, so that not seeing it means not found.
    pub(crate) names_object: bool,
}

/// The request of an operation about an object. A new operation needs a line here when it has a parameter or a body.
pub(crate) fn sample(operation: &str, stage: &Stage, object: Object) -> Sample {
    let things = stage.things(object);
    let (method, path) = operation.split_once(' ').expect("a method and a path");
    let none = Value::Null;
    let (target, body, names_object) = match operation {
        "POST /api/v1/session" => (path.to_owned(), json!({ "login": "desk", "password": PASSWORD }), false),
        // Any bytes are a file; these are none of orders.
        "POST /api/v1/session/refresh" | "POST /api/v1/session/second-factor" | "POST /api/v1/imports" => {
            (path.to_owned(), json!({}), false)
        }
        "POST /api/v1/session/step-up" => (path.to_owned(), json!({ "password": PASSWORD }), false),
        "GET /t/{capability}" => (format!("/t/{}", things.page), none, true),
        // Without a body each says what it misses, whoever asks.
        "POST /t/" | "DELETE /api/v1/session" | "POST /api/v1/session/second-factor/confirm" => {
            (path.to_owned(), none, false)
        }
        "GET /problems/{slug}" => ("/problems/not-found".to_owned(), none, false),
        "GET /province/procedures/{code}" => ("/province/procedures/1.000001".to_owned(), none, false),
        "GET /api/v1/calendar/due" => (format!("{path}?from=2026-04-24&days=3"), none, false),
        "POST /api/v1/calendar/notices" => (path.to_owned(), json!({ "number": "x" }), false),
        "POST /api/v1/intakes" => (path.to_owned(), intake_body("matrix"), false),
        "GET /api/v1/dossiers/{id}" => (format!("/api/v1/dossiers/{}", things.dossier), none, true),
        "POST /api/v1/dossiers/{id}/acts" => (
            format!("/api/v1/dossiers/{}/acts", things.dossier),
            json!({ "act": "processing" }),
            true,
        ),
        "GET /api/v1/items/{item_code}" => (format!("/api/v1/items/{}", things.item_code), none, true),
        "GET /api/v1/imports/{sha256}" => (format!("/api/v1/imports/{}", things.file), none, true),
        "POST /api/v1/imports/{sha256}/commit" => (format!("/api/v1/imports/{}/commit", things.file), none, true),
        "GET /api/v1/notifications" => (format!("{path}?dossier={}", things.dossier), none, true),
        "GET /api/v1/reports/{report}" => ("/api/v1/reports/kpi766?period=2026-Q1".to_owned(), none, false),
        "POST /api/v1/devices/codes" => (path.to_owned(), json!({ "staff_id": things.staff }), true),
        "POST /api/v1/devices/{device_id}/revoke" => {
            (format!("/api/v1/devices/{}/revoke", things.device), json!({}), true)
        }
        "POST /api/v1/dispatch/assign" => (
            path.to_owned(),
            json!({ "item_code": things.item_code, "leg": "pickup", "staff_id": stage.things(Object::Near).courier }),
            true,
        ),
        "POST /api/v1/dispatch/dead-jobs/{id}/revive" => (
            format!("/api/v1/dispatch/dead-jobs/{}/revive", things.job),
            json!({}),
            true,
        ),
        "GET /lgsp/v1/vnpost/{operation}" | "POST /lgsp/v1/vnpost/{operation}" => {
            ("/lgsp/v1/vnpost/OrderTracking".to_owned(), none, false)
        }
        _ if method == "GET" && !path.contains('{') => (path.to_owned(), none, false),
        _ if path.starts_with("/lgsp") || path.contains("/sync/") || path.ends_with("/enrol") => {
            (path.to_owned(), none, false)
        }
        other => panic!("there is no sample request for {other}"),
    };
    Sample {
        target,
        body,
        names_object,
    }
}
