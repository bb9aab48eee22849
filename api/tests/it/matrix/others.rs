//! Cells of those who are no staff: devices and one-stop systems.

use super::sample::sample;
use super::stage::{OBJECTS, Object, Stage};
use crate::world::{Answer, World};
use api::policy::{Policy, Subject};
use axum::body::Body;
use axum::http::Request;
use entity::testing::Backend;
use serde_json::{Value, json};

/// Sends the sample of an operation about an object, proved by the first courier's device.
async fn by_device(stage: &Stage, operation: &str, object: Object) -> Answer {
    let (sample, phone) = (sample(operation, stage, object), &stage.phones[&Object::Near]);
    let (method, _) = operation.split_once(' ').expect("a method");
    let path = sample.target.split('?').next().expect("a path");
    let request = Request::builder()
        .method(method)
        .uri(&sample.target)
        .header("x-request-id", "the-same-request")
        .header(
            "content-type",
            if path.ends_with("/events") {
                "application/cbor-seq"
            } else {
                "application/json"
            },
        )
        .header("dpop", phone.proof(&phone.signer, method, path, &phone.nonce));
    let body = match &sample.body {
        // As many bytes as a photograph has, so that only whose it is decides.
        Value::Null if method == "PUT" => Body::from("a photograph"),
        Value::Null => Body::empty(),
        body => Body::from(body.to_string()),
    };
    stage.world.send(request.body(body).expect("a request")).await
}

pub(super) async fn a_device_may_what_the_policy_says_and_only_with_its_own(backend: Backend) {
    let stage = Stage::set(backend).await;
    let (mut cells, mut deviations) = (0, Vec::new());
    for (operation, row) in Policy::get().rows() {
        if row.is_public() {
            continue;
        }
        let is_theirs = row.grant(Subject::Device).is_some();
        let never = by_device(&stage, operation, Object::Never).await;
        for object in OBJECTS {
            let answer = by_device(&stage, operation, object).await;
            let status = answer.status.as_u16();
            cells += 1;
            let names = sample(operation, &stage, object)
                .target
                .contains(&stage.things(object).photo);
            let is_right = match (is_theirs, names, object) {
                (false, _, _) => status == 401,
                (true, true, Object::Side | Object::Far) => answer.body == never.body,
                (true, _, _) => !matches!(status, 401 | 403) && status < 500,
            };
            if !is_right {
                deviations.push(format!("{operation} on {object:?}: {status} {}", answer.text()));
            }
        }
    }
    assert!(cells > 200, "{cells} cells");
    assert!(
        deviations.is_empty(),
        "{} of {cells}:\n{}",
        deviations.len(),
        deviations.join("\n")
    );
}

/// A one-stop system, the agency's customer code, and an order of its own.
const SYSTEMS: [(&str, &str, &str); 3] = [
    ("key-a", "AG01", "near-1"),
    ("key-p", "AG09", "side-1"),
    ("key-q", "AG10", "far-1"),
];

async fn ask(world: &World, token: &str, target: &str, number: &str) -> String {
    let request = Request::get(target)
        .header("authorization", format!("Bearer {token}"))
        .header("x-request-id", "the-same-request");
    let answer = world.send(request.body(Body::empty()).expect("a request")).await;
    assert!(answer.status.as_u16() < 500, "{}", answer.text());
    format!("{} {}", answer.status, answer.text().replace(number, "…"))
}

pub(super) async fn a_one_stop_system_knows_its_own_orders_and_no_others(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let mut tokens = Vec::new();
    let mut labels = Vec::new();
    for (key, customer, number) in SYSTEMS {
        let token = world.client_token(key).await;
        let order = json!({
            "CustomerCode": customer, "OrderNumber": number, "CODAmount": 0,
            "SenderProvince": 88, "SenderAddress": "Tổ 1", "SenderName": format!("Người gửi {number}"), "SenderTel": "0912345678",
            "ReceiverProvince": 88, "ReceiverAddress": "Tổ 2", "ReceiverName": "UBND", "ReceiverTel": "02963876543",
        });
        let placed = world.post("/lgsp/v1/vnpost/OrderPost", &token, &order).await.ok();
        assert_eq!(placed["Status"], 100, "{placed}");
        labels.push(placed["ItemCode"].as_str().expect("a label").to_owned());
        tokens.push(token);
    }
    world.fold().await;
    let cancel = |customer: &str, number: &str| {
        format!("/lgsp/v1/vnpost/OrderCancel?CustomerCode={customer}&OrderNumber={number}")
    };
    for (asker, token) in tokens.iter().enumerate() {
        let lists = [
            ask(&world, token, "/lgsp/v1/vnpost/OrderTracking?pagesize=200", "no number").await,
            ask(&world, token, "/api/v1/agency/progress", "no number").await,
        ];
        for (asked, (_, customer, number)) in SYSTEMS.iter().enumerate() {
            let tells = |name: &str| lists.iter().any(|list| list.contains(name));
            if asker == asked {
                assert!(tells(number) && tells(&labels[asked]), "{number} is its own");
                continue;
            }
            for name in [
                (*number).to_owned(),
                labels[asked].clone(),
                format!("Người gửi {number}"),
            ] {
                assert!(!tells(&name), "{name} is shown to {asker}");
            }
            // Under the other's code, and under its own: a stranger's number is a number that never was.
            for code in [customer, SYSTEMS[asker].1] {
                let theirs = ask(&world, token, &cancel(code, number), number).await;
                let never = ask(&world, token, &cancel(code, "never-1"), "never-1").await;
                assert_eq!(theirs, never, "{number} by {asker} under {code}");
            }
        }
    }
    for (at, (_, customer, number)) in SYSTEMS.iter().enumerate() {
        let done = ask(&world, &tokens[at], &cancel(customer, number), number).await;
        let never = ask(&world, &tokens[at], &cancel(customer, "never-1"), "never-1").await;
        assert_ne!(done, never, "{number} was not cancelled by a stranger");
    }
}
