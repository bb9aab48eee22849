//! Counter and desk.

use crate::phone::Phone;
use crate::world::{START_MS, World, agency_id, intake_body};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

async fn act_once(world: &World, token: &str, dossier: &str, key: &str, body: &Value) -> crate::world::Answer {
    let request = Request::post(format!("/api/v1/dossiers/{dossier}/acts"))
        .header("authorization", format!("Bearer {token}"))
        .header("idempotency-key", key);
    world
        .send(request.body(Body::from(body.to_string())).expect("a request"))
        .await
}

#[tokio::test]
async fn the_same_slip_opens_one_dossier_and_other_content_is_refused() {
    let world = World::new().await;
    let agent = world.sign_in("agent").await;
    let first = world.post("/api/v1/intakes", &agent, &intake_body("S1")).await;
    assert_eq!(first.status, 201);
    let again = world.post("/api/v1/intakes", &agent, &intake_body("S1")).await;
    assert_eq!((again.status.as_u16(), again.json()), (200, first.json()));
    let mut other = intake_body("S1");
    other["paper_count"] = json!(4);
    let refused = world.post("/api/v1/intakes", &agent, &other).await;
    assert_eq!(refused.refusal(), (409, "order-exists".to_owned()));
}

#[tokio::test]
async fn an_intake_says_which_field_is_wrong() {
    let world = World::new().await;
    let agent = world.sign_in("agent").await;
    for (field, value) in [
        ("mode", json!("return")),
        ("mode", json!("fly")),
        ("agency_id", json!(uuid::Uuid::nil())),
        ("desk_id", json!(uuid::Uuid::nil())),
        ("procedure_code", json!("9.9")),
        ("item_code", json!("EE000000156VN")),
        ("slip_number", json!(" ")),
    ] {
        let mut body = intake_body("S1");
        body[field] = value;
        let refused = world.post("/api/v1/intakes", &agent, &body).await;
        assert_eq!(refused.refusal(), (422, "invalid-request".to_owned()), "{field}");
    }
}

#[tokio::test]
async fn a_label_is_used_once() {
    let world = World::new().await;
    let agent = world.sign_in("agent").await;
    let mut body = intake_body("S1");
    body["item_code"] = json!("RR473124829VN");
    assert_eq!(
        world.post("/api/v1/intakes", &agent, &body).await.ok()["item_code"],
        "RR473124829VN"
    );
    body["slip_number"] = json!("S2");
    let refused = world.post("/api/v1/intakes", &agent, &body).await;
    assert_eq!(refused.refusal(), (409, "label-taken".to_owned()));
}

#[tokio::test]
async fn receiving_a_dossier_explains_its_due_date() {
    let world = World::new().await;
    let (id, label, _) = world.intake("S1").await;
    Phone::with(&world, &label).await;
    let desk = world.sign_in("desk").await;
    let acts = format!("/api/v1/dossiers/{id}/acts");
    world.post(&acts, &desk, &json!({ "act": "lodged" })).await.ok();
    world.fold().await;
    let received = world
        .post(&acts, &desk, &json!({ "act": "received", "code": "H01.1" }))
        .await
        .ok();
    assert_eq!(received["due"]["due_on"], "2026-05-04");
    let steps = received["due"]["steps"].as_array().expect("steps");
    assert_eq!(steps.iter().filter(|step| step["counted"] == true).count(), 3);
    assert!(
        steps
            .iter()
            .any(|step| step["why"] == "Ngày Chiến thắng" && step["counted"] == false)
    );
    world.fold().await;
    let shown = world.get(&format!("/api/v1/dossiers/{id}"), &desk).await.ok();
    assert_eq!(
        (&shown["dossier"]["code"], &shown["dossier"]["due_on"]),
        (&json!("H01.1"), &json!("2026-05-04"))
    );
    assert_eq!(shown["acts"].as_array().map(Vec::len), Some(3));
    assert_eq!(shown["dossier"]["created_ms"], START_MS);
}

#[tokio::test]
async fn a_repeated_act_with_one_key_has_one_effect() {
    let world = World::new().await;
    let (id, ..) = world.intake("S1").await;
    let desk = world.sign_in("desk").await;
    let body = json!({ "act": "resolved", "outcome": "granted" });
    let first = act_once(&world, &desk, &id, "k1", &body).await.ok();
    assert!(
        first["result_item_code"].is_string(),
        "a round trip brings the result back"
    );
    assert_eq!(act_once(&world, &desk, &id, "k1", &body).await.ok(), first);
    let other = act_once(&world, &desk, &id, "k1", &json!({ "act": "processing" })).await;
    assert_eq!(other.refusal(), (422, "key-reused".to_owned()));
    world.fold().await;
    let shown = world.get(&format!("/api/v1/dossiers/{id}"), &desk).await.ok();
    assert_eq!(shown["items"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn an_act_says_what_it_lacks() {
    let world = World::new().await;
    let (id, ..) = world.intake("S1").await;
    let desk = world.sign_in("desk").await;
    for body in [
        json!({ "act": "received" }),
        json!({ "act": "resolved" }),
        json!({ "act": "resolved", "outcome": "perhaps" }),
        json!({ "act": "not_accepted" }),
        json!({ "act": "redated", "due_on": "soon" }),
        json!({ "act": "stopped", "reason": "x".repeat(501) }),
        json!({ "act": "result_found_wrong" }),
        json!({ "act": "step_given" }),
        json!({ "act": "step_given", "agency_id": uuid::Uuid::nil() }),
        json!({ "act": "surrender_listed", "paper": " " }),
        json!({ "act": "surrender_excepted", "paper": "Sổ hộ khẩu" }),
        json!({ "act": "carriage_charged", "item_kind": "SUPPLEMENT_TO_AGENCY" }),
        json!({ "act": "represented", "scope": "receive" }),
        json!({ "act": "returned", "proof": "post" }),
    ] {
        let refused = world.post(&format!("/api/v1/dossiers/{id}/acts"), &desk, &body).await;
        assert_eq!(refused.refusal(), (422, "invalid-request".to_owned()), "{body}");
    }
    for body in [json!({ "act": "vanish" }), json!({ "act": "processing", "extra": 1 })] {
        let refused = world.post(&format!("/api/v1/dossiers/{id}/acts"), &desk, &body).await;
        assert_eq!(refused.refusal(), (400, "invalid-json".to_owned()), "{body}");
    }
}

#[tokio::test]
async fn a_courier_sees_whose_dossier_it_is_and_never_what_it_is_about() {
    let world = World::new().await;
    let (id, label, _) = world.intake("S1").await;
    Phone::with(&world, &label).await;
    let path = format!("/api/v1/dossiers/{id}");
    let courier = world.sign_in("courier").await;
    let theirs = world.get(&path, &courier).await.ok();
    assert_eq!(theirs["dossier"]["applicant_name"], "Chau Sóc Kha");
    assert!(theirs["acts"].as_array().is_some_and(|acts| !acts.is_empty()));
    let told = theirs.to_string();
    for secret in ["1.000001", "procedure_code", "\"life\"", "\"data\""] {
        assert!(!told.contains(secret), "{secret} in {told}");
    }
    let desk = world.get(&path, &world.sign_in("desk").await).await.ok();
    assert_eq!(desk["dossier"]["procedure_code"], "1.000001");
    assert!(
        desk["life"].is_object() && desk["acts"][0]["data"].is_object(),
        "{desk}"
    );
}

#[tokio::test]
async fn a_dossier_shows_what_can_follow_who_must_act_and_who_had_it() {
    let world = World::new().await;
    let (id, label, _) = world.intake("S1").await;
    Phone::with(&world, &label).await;
    let desk = world.sign_in("desk").await;
    let acts = format!("/api/v1/dossiers/{id}/acts");
    world.post(&acts, &desk, &json!({ "act": "lodged" })).await.ok();
    world.fold().await;
    let life = world.get(&format!("/api/v1/dossiers/{id}"), &desk).await.ok()["life"].clone();
    assert_eq!(life["must_act"], "agency");
    let next: Vec<&str> = life["next"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|one| one["by"] == "agency")
        .filter_map(|one| one["act"].as_str())
        .collect();
    assert!(next.contains(&"received") && next.contains(&"not_accepted"), "{next:?}");
    assert!(!next.contains(&"resolved"), "{next:?}");
    // A second new date is against the law, and so is one without a reason: it is kept, and told.
    let early = world
        .post(&acts, &desk, &json!({ "act": "redated", "due_on": "2026-05-20" }))
        .await
        .ok();
    assert_eq!(early["speaks_against"].as_array().map(Vec::len), Some(1), "{early}");
    world.clock.advance(26 * 3_600_000);
    let desk = world.sign_in("desk").await;
    let received = world
        .post(&acts, &desk, &json!({ "act": "received", "code": "H01.1" }))
        .await
        .ok();
    assert_eq!(received["speaks_against"], Value::Null);
    world.fold().await;
    let life = world.get(&format!("/api/v1/dossiers/{id}"), &desk).await.ok()["life"].clone();
    let held = life["held"].as_array().expect("a list");
    let minutes: i64 = held
        .iter()
        .map(|one| one["working_minutes"].as_i64().expect("a number") + one["resting_minutes"].as_i64().expect("one"))
        .sum();
    assert!(minutes >= 26 * 60, "{held:?}");
    assert!(held.iter().any(|one| one["keeper"] == "bộ phận một cửa"), "{held:?}");
}

/// A whole life at the desk, with everything that can go otherwise: each act is recorded, fits, and leads where the law says.
#[tokio::test]
async fn every_act_of_a_desk_is_recorded_and_fits() {
    let world = World::new().await;
    let (id, label, _) = world.intake("S1").await;
    Phone::with(&world, &label).await;
    let desk = world.sign_in("desk").await;
    let agency = agency_id("A");
    for (body, state) in [
        (json!({ "act": "at_handover" }), "D3"),
        (json!({ "act": "handover_refused", "reason": "Hết giờ làm việc" }), "D2"),
        (json!({ "act": "lodged" }), "D4"),
        (json!({ "act": "assisted" }), "D4"),
        (
            json!({ "act": "represented", "scope": "receive", "granted_on": "2026-04-20" }),
            "D4",
        ),
        (json!({ "act": "received", "code": "H01.1" }), "D5"),
        (json!({ "act": "appointment_told" }), "D5"),
        (json!({ "act": "processing" }), "D7"),
        (
            json!({ "act": "supplement_requested", "reason": "Thiếu bản sao", "fault": "applicant" }),
            "D8",
        ),
        (
            json!({ "act": "carriage_charged", "item_kind": "SUPPLEMENT_TO_AGENCY", "fault": "applicant" }),
            "D8",
        ),
        (json!({ "act": "supplemented" }), "D7"),
        (
            json!({ "act": "step_given", "agency_id": agency, "due_on": "2026-05-06" }),
            "D7",
        ),
        (json!({ "act": "step_taken", "agency_id": agency }), "D7"),
        (json!({ "act": "step_done", "agency_id": agency }), "D7"),
        (json!({ "act": "payment_requested" }), "D9"),
        (json!({ "act": "paid" }), "D7"),
        (
            json!({ "act": "redated", "due_on": "2026-05-20", "reason": "Chờ xác minh" }),
            "D7",
        ),
        (
            json!({ "act": "surrender_listed", "paper": "Giấy chứng nhận cũ" }),
            "D7",
        ),
        (json!({ "act": "resolved", "outcome": "granted" }), "D12"),
        (json!({ "act": "result_found_wrong", "reason": "Sai năm sinh" }), "D12"),
        (json!({ "act": "result_corrected" }), "D12"),
        (json!({ "act": "result_ready" }), "D12"),
        (
            json!({ "act": "surrender_excepted", "paper": "Giấy chứng nhận cũ", "code": "MAT-01" }),
            "D12",
        ),
        (json!({ "act": "returned", "proof": "desk" }), "D14"),
        (json!({ "act": "papers_returned" }), "D14"),
        (json!({ "act": "return_confirmed" }), "D14"),
    ] {
        world
            .post(&format!("/api/v1/dossiers/{id}/acts"), &desk, &body)
            .await
            .ok();
        world.fold().await;
        let shown = world.get(&format!("/api/v1/dossiers/{id}"), &desk).await.ok();
        assert_eq!(
            (&shown["dossier"]["state"], &shown["dossier"]["waiting"]),
            (&json!(state), &json!(0)),
            "{body}"
        );
    }
}

#[tokio::test]
async fn dossiers_come_in_pages() {
    let world = World::new().await;
    // All three in one millisecond: no page may swallow what the one before it left there.
    for slip in ["S1", "S2", "S3"] {
        world.intake(slip).await;
    }
    let desk = world.sign_in("desk").await;
    let first = world.get("/api/v1/dossiers?limit=2", &desk).await.ok();
    assert_eq!(first["dossiers"].as_array().map(Vec::len), Some(2));
    let next = first["next"].as_str().expect("a cursor");
    let second = world
        .get(&format!("/api/v1/dossiers?limit=2&cursor={next}"), &desk)
        .await
        .ok();
    assert_eq!(
        (second["dossiers"].as_array().map(Vec::len), &second["next"]),
        (Some(1), &Value::Null)
    );
    assert_eq!(
        world.get("/api/v1/dossiers?cursor=!", &desk).await.problem(),
        "invalid-query"
    );
    assert_eq!(
        world.get("/api/v1/dossiers?limit=many", &desk).await.problem(),
        "invalid-query"
    );
}
