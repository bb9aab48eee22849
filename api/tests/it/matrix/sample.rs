//! One honest request for each operation.

use super::stage::{Object, Stage};
use crate::world::{PASSWORD, agency_id, intake_body};
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
#[expect(clippy::too_many_lines, reason = "a line for each operation")]
pub(crate) fn sample(operation: &str, stage: &Stage, object: Object) -> Sample {
    let things = stage.things(object);
    let (method, path) = operation.split_once(' ').expect("a method and a path");
    let none = Value::Null;
    let (target, body, names_object) = match operation {
        "POST /api/v1/session" => (path.to_owned(), json!({ "login": "desk", "password": PASSWORD }), false),
        // Any bytes are a file; these are none of orders.
        "POST /api/v1/session/refresh"
        | "POST /api/v1/session/second-factor"
        | "POST /api/v1/imports"
        | "POST /api/v1/sync/salvage" => (path.to_owned(), json!({}), false),
        "POST /api/v1/session/step-up" => (path.to_owned(), json!({ "password": PASSWORD }), false),
        "GET /t/{capability}" => (format!("/t/{}", things.page), none, true),
        // Without a body each says what it misses, whoever asks.
        "POST /t/" | "DELETE /api/v1/session" | "POST /api/v1/session/second-factor/confirm" => {
            (path.to_owned(), none, false)
        }
        "GET /problems/{slug}" => ("/problems/not-found".to_owned(), none, false),
        "GET /province/procedures/{code}" => ("/province/procedures/1.000001".to_owned(), none, false),
        "GET /api/v1/procedures/{code}" => ("/api/v1/procedures/1.000001".to_owned(), none, false),
        "GET /api/v1/calendar/due" => (format!("{path}?from=2026-04-24&days=3"), none, false),
        "POST /api/v1/calendar/notices" => (path.to_owned(), json!({ "number": "x" }), false),
        "POST /api/v1/intakes" => (path.to_owned(), intake_body("matrix"), false),
        "GET /api/v1/dossiers/{id}" => (format!("/api/v1/dossiers/{}", things.dossier), none, true),
        "POST /api/v1/dossiers/{id}/acts" => (
            format!("/api/v1/dossiers/{}/acts", things.dossier),
            json!({ "act": "processing" }),
            true,
        ),
        "POST /api/v1/dossiers/search" => (path.to_owned(), json!({ "text": things.item_code }), false),
        "GET /api/v1/dossiers/{id}/evidence" => (format!("/api/v1/dossiers/{}/evidence", things.dossier), none, true),
        "GET /api/v1/dossiers/{id}/evidence/{sha256}" => (
            format!("/api/v1/dossiers/{}/evidence/{}", things.dossier, things.photo),
            none,
            true,
        ),
        "GET /api/v1/sync/blobs/{sha256}" | "PUT /api/v1/sync/blobs/{sha256}" => {
            (path.replace("{sha256}", &things.photo), none, false)
        }
        "GET /api/v1/items/{item_code}" => (format!("/api/v1/items/{}", things.item_code), none, true),
        "GET /api/v1/handovers/{id}" => (format!("/api/v1/handovers/{}", things.handover), none, true),
        "GET /api/v1/orders/{id}" => (format!("/api/v1/orders/{}", things.order), none, true),
        "GET /api/v1/orders/{id}/slip" => (format!("/api/v1/orders/{}/slip", things.order), none, true),
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
        "GET /t/{capability}/acts" => (format!("/t/{}/acts", things.page), none, true),
        "POST /t/{capability}/acts" => (format!("/t/{}/acts", things.page), json!({}), true),
        "GET /api/v1/dossiers/{id}/scans/{scan}" => (
            format!("/api/v1/dossiers/{}/scans/{}", things.dossier, things.scan),
            none,
            true,
        ),
        "GET /t/{capability}/proofs" => (format!("/t/{}/proofs", things.page), none, true),
        "GET /t/{capability}/proofs/{event}" => (format!("/t/{}/proofs/{}", things.page, things.handover), none, true),
        "GET /api/v1/dossiers/{id}/proofs/{event}" => (
            format!("/api/v1/dossiers/{}/proofs/{}", things.dossier, things.handover),
            none,
            true,
        ),
        "GET /t/{capability}/letter" => (format!("/t/{}/letter", things.page), none, true),
        "POST /t/{capability}/letter" => (format!("/t/{}/letter", things.page), json!({}), true),
        "GET /lgsp/v1/vnpost/{operation}" | "POST /lgsp/v1/vnpost/{operation}" => {
            ("/lgsp/v1/vnpost/OrderTracking".to_owned(), none, false)
        }
        _ if path.starts_with("/api/v1/dossiers/{id}/") => {
            let target = path.replace("{id}", &things.dossier);
            let body = of_dossier(path, &things.item_code);
            (target, if method == "GET" { none } else { body }, true)
        }
        "POST /api/v1/receipts/series" => (
            path.to_owned(),
            json!({ "series": "Z/26P", "first": 1, "last": 9 }),
            false,
        ),
        "POST /api/v1/receipts/{series}/{number}/void" => {
            let series = things.matters.series.replace('/', "%2F");
            (
                format!("/api/v1/receipts/{series}/1/void"),
                json!({ "reason": "x" }),
                true,
            )
        }
        "POST /api/v1/changes" => {
            let login = match object {
                Object::Near => "courier",
                Object::Side => "far",
                Object::Far => "courier-q1",
                Object::Never => "nobody-at-all",
            };
            let body = json!({ "kind": "user.password_reset", "subject": login, "reason": "x" });
            (path.to_owned(), body, true)
        }
        "POST /api/v1/break-glass" => (
            path.to_owned(),
            json!({ "dossier": things.dossier, "reason": "một lý do đủ dài" }),
            true,
        ),
        _ if path.starts_with("/api/v1/break-glass/{id}/") => (path.replace("{id}", &things.glass[0]), json!({}), true),
        "GET /api/v1/dispatch/contested/{id}" => (path.replace("{id}", &things.case), none, true),
        "POST /api/v1/dispatch/contested/{id}/rulings" => (
            path.replace("{id}", &things.case),
            json!({ "outcome": "reject", "reason": "một lý do đủ dài" }),
            true,
        ),
        "GET /api/v1/rulings/{id}" => (path.replace("{id}", &things.rulings[0]), none, true),
        _ if path.starts_with("/api/v1/rulings/{id}/") => (path.replace("{id}", &things.rulings[0]), json!({}), true),
        "GET /api/v1/items/{item_code}/custody" => (path.replace("{item_code}", &things.item_code), none, true),
        "GET /api/v1/changes/{id}" => (format!("/api/v1/changes/{}", things.matters.change), none, true),
        "GET /api/v1/users/{id}" => (format!("/api/v1/users/{}", things.staff), none, true),
        "POST /api/v1/shifts" => (path.to_owned(), json!({}), false),
        "POST /api/v1/remittances" => (path.to_owned(), json!({ "agency_id": agency_id("A") }), false),
        _ if path.starts_with("/api/v1/") && path.contains("/{id}/") && named(path, stage, object).is_some() => {
            let id = named(path, stage, object).unwrap_or_default();
            (path.replace("{id}", &id), of_matter(path), true)
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

/// What is told of a dossier.
fn of_dossier(path: &str, item_code: &str) -> Value {
    let paper = json!({ "number": "1", "date": "2026-04-24" });
    match path.rsplit('/').next().unwrap_or_default() {
        "charges" => json!({ "ledger": "state_fee", "amount": 1, "tariff": "x" }),
        "exemptions" => json!({ "ledger": "state_fee", "amount": 1, "decision": paper }),
        "collections" => json!({ "ledger": "state_fee", "amount": 1, "tender": "qr" }),
        "refunds" => json!({ "ledger": "state_fee", "amount": 1, "tender": "qr", "of": "00", "decision": paper }),
        "receipts" => json!({ "of": "00" }),
        "complaints" => json!({ "about": "other" }),
        "compensations" => json!({ "item_code": item_code, "harm": "lost", "fault": "post" }),
        "feedback" => json!({ "rating": 3 }),
        "redirect" => json!({ "address": "x", "commune_code": "30520" }),
        "withdraw" => json!({}),
        _ => json!({ "act": "processing" }),
    }
}

/// The matter an operation is about.
fn named(path: &str, stage: &Stage, object: Object) -> Option<String> {
    let matters = &stage.things(object).matters;
    let id = match path.split('/').nth(3)? {
        "shifts" => &matters.shift,
        "remittances" => &matters.remittance,
        "complaints" => &matters.complaint,
        "compensations" => &matters.claim,
        "feedback" => &matters.feedback,
        "changes" => &matters.change,
        _ => return None,
    };
    Some(id.clone())
}

/// What is told of a matter.
fn of_matter(path: &str) -> Value {
    match path.split_once("{id}/").map_or("", |(_, verb)| verb) {
        "close" | "countersign" => json!({ "counted": { "postage": 0 } }),
        "confirm" => json!({ "counted": 1 }),
        "withdraw" if path.contains("remittances") => json!({ "reason": "x" }),
        "answer" if path.contains("complaints") => json!({ "outcome": "upheld", "text": "x" }),
        "decide" => json!({ "record_number": "1", "accepted_place": "x", "reason": "x", "amount": 0 }),
        "reject" => json!({ "reason": "x" }),
        "pay" => json!({ "tender": "qr" }),
        _ => json!({}),
    }
}
