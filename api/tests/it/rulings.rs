//! What contradicts each other or is not applied: a task for whoever it concerns, two people who rule, and nothing that is overwritten.

use crate::phone::{Clocks, Phone};
use crate::world::{Answer, START_MS, World, staff_id};
use custody::event::Mono;
use custody::ids::EventId;
use custody::kind::Kind;
use domain::hat::Hat;
use entity::project::Projector;
use entity::rebuild::{Compared, rebuild};
use entity::testing::Backend;
use serde_json::{Value, json};

crate::both!(
    a_dispute_is_a_task_of_its_office_and_two_people_rule_on_it,
    a_contradiction_after_the_ruling_opens_it_again_and_before_it_makes_the_proposal_stale,
    an_event_that_is_not_applied_is_shown_with_its_bytes_and_attached_or_rejected_by_two,
    a_moved_clock_and_a_restart_offline_change_no_order_and_the_true_hour_is_in_every_interval,
    a_gap_is_told_to_the_office_at_once_and_is_overdue_after_a_day,
);

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const WHY: &str = "Đã kiểm tra tại kho, bưu gửi còn nguyên niêm phong";

/// An item that the courier gave to two: its label, the phones, and the two acceptances.
async fn two_stories(world: &World) -> (String, [Phone; 3], EventId, [EventId; 2]) {
    let (_, label, _) = world.intake("R-1").await;
    let mut courier = Phone::enrolled(world, 1, Hat::Carrier, staff_id("courier")).await;
    let mut counter = Phone::enrolled(world, 2, Hat::PostAgent, staff_id("agent")).await;
    let mut second = Phone::enrolled(world, 3, Hat::Carrier, staff_id("second")).await;
    let (taken, bytes) = courier.act(Kind::TakeIn, &label, EventId::ZERO);
    courier.deposit(world, bytes).await.ok();
    let one = courier.hand_over(world, &mut counter, (&label, taken), None).await;
    let other = courier.hand_over(world, &mut second, (&label, taken), None).await;
    (label, [courier, counter, second], taken, [one, other])
}

async fn cases(world: &World, token: &str) -> Vec<Value> {
    let listed = world.get("/api/v1/dispatch/contested", token).await.ok();
    listed["cases"].as_array().expect("a list").clone()
}

fn id_of(value: &Value) -> String {
    value["id"].as_str().expect("an id").to_owned()
}

async fn propose(world: &World, token: &str, case: &str, mut body: Value) -> Answer {
    body["reason"] = json!(WHY);
    world
        .post(&format!("/api/v1/dispatch/contested/{case}/rulings"), token, &body)
        .await
}

async fn step(world: &World, token: &str, ruling: &str, verb: &str) -> Answer {
    world
        .post(&format!("/api/v1/rulings/{ruling}/{verb}"), token, &json!({}))
        .await
}

async fn timeline(world: &World, token: &str, label: &str) -> Value {
    world.get(&format!("/api/v1/items/{label}/custody"), token).await.ok()
}

/// What became of an event, as the item's story tells it.
fn standing(timeline: &Value, event: EventId) -> Value {
    let events = timeline["events"].as_array().expect("a list");
    let one = events.iter().find(|one| one["story"]["event_id"] == event.to_string());
    one.expect("it is in the story")["standing"].clone()
}

#[expect(clippy::too_many_lines, reason = "one story from the dispute to the ruling")]
async fn a_dispute_is_a_task_of_its_office_and_two_people_rule_on_it(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (label, _phones, _, [one, other]) = two_stories(&world).await;
    let (boss, deputy) = (world.sign_in("boss").await, world.sign_in("deputy").await);
    let found = cases(&world, &boss).await;
    assert_eq!(found.len(), 1);
    let case = id_of(&found[0]);
    assert_eq!(
        (&found[0]["lane"], &found[0]["reason"]),
        (&json!("dispute"), &json!("fork"))
    );
    assert_eq!(
        found[0]["due_ms"],
        json!(START_MS + 6 * HOUR),
        "four working hours from 08:00, with the break"
    );
    assert_eq!(found[0]["overdue"], false);
    let branches = found[0]["branches"].as_array().expect("both sides");
    assert_eq!(branches.len(), 2);
    for told in branches {
        assert!(told["party_name"].as_str().is_some_and(|name| !name.is_empty()), "who");
        assert!(told["time"]["latest_ms"].is_i64(), "when");
    }
    for (stranger, seen) in [("boss-p2", 0), ("boss-q1", 0), ("manager", 1)] {
        let token = world.sign_in(stranger).await;
        assert_eq!(cases(&world, &token).await.len(), seen, "{stranger}");
        let status = world
            .get(&format!("/api/v1/dispatch/contested/{case}"), &token)
            .await
            .status;
        assert_eq!(status.as_u16(), if seen == 0 { 404 } else { 200 }, "{stranger}");
    }
    let courier = world.sign_in("courier").await;
    assert_eq!(world.get("/api/v1/dispatch/contested", &courier).await.status, 403);

    let wrong = propose(&world, &boss, &case, json!({ "outcome": "reject" })).await;
    assert_eq!(
        wrong.refusal(),
        (409, "not-now".to_owned()),
        "a dispute is not rejected"
    );
    let nobody = json!({ "outcome": "found", "found": "staff:01890000-0000-7000-8000-00000000dead" });
    assert_eq!(propose(&world, &boss, &case, nobody).await.status, 409);
    let stands = json!({ "outcome": "stands", "branch": other.to_string() });
    let ruling = id_of(&propose(&world, &boss, &case, stands.clone()).await.ok());
    assert_eq!(
        propose(&world, &deputy, &case, stands).await.status,
        409,
        "one proposal at a time"
    );
    assert_eq!(
        step(&world, &boss, &ruling, "approve").await.status,
        409,
        "nobody agrees with themselves"
    );
    let manager = world.sign_in("manager-2").await;
    assert_eq!(
        step(&world, &manager, &ruling, "approve").await.status,
        404,
        "another side's"
    );
    world.fold().await;
    assert!(
        timeline(&world, &boss, &label).await["disputed"].is_string(),
        "asking alone rules nothing"
    );
    world.clock.advance(6 * MINUTE);
    assert_eq!(
        step(&world, &deputy, &ruling, "approve").await.refusal(),
        (403, "step-up-needed".to_owned())
    );
    let deputy = world.sign_in("deputy").await;
    let shown = world.get(&format!("/api/v1/rulings/{ruling}"), &deputy).await.ok();
    assert_eq!(
        (&shown["ruling"]["reason"], &shown["case"]["id"]),
        (&json!(WHY), &json!(case))
    );
    let told = step(&world, &deputy, &ruling, "approve").await.ok();
    world.fold().await;

    let boss = world.sign_in("boss").await;
    let item = world.get(&format!("/api/v1/items/{label}"), &boss).await.ok();
    assert_eq!(
        (&item["disputed"], &item["holder"]),
        (&json!(false), &json!(format!("staff:{}", staff_id("second"))))
    );
    let story = timeline(&world, &boss, &label).await;
    assert_eq!(standing(&story, other), "applied");
    assert_eq!(standing(&story, one), "set_aside", "the other story stays");
    let ruled = &story["rulings"][0];
    assert_eq!(ruled["event_id"], told["event_id"]);
    assert_eq!(
        (&ruled["proposed_by"], &ruled["approved_by"]),
        (&json!("Người boss"), &json!("Người deputy"))
    );
    assert!(cases(&world, &boss).await.is_empty());
    let log = world.get("/api/v1/dispatch/quarantine", &boss).await.ok();
    assert_eq!(log["events"], json!([]), "the log understands its own acts");
    let all = rebuild(&world.app.store, &Projector::new(&world.app.keys))
        .await
        .expect("rebuilt");
    assert!(all.iter().all(Compared::is_same), "{all:?}");
}

async fn a_contradiction_after_the_ruling_opens_it_again_and_before_it_makes_the_proposal_stale(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (label, [mut courier, mut counter, mut second], taken, [one, _]) = two_stories(&world).await;
    let (boss, other_office) = (world.sign_in("boss").await, world.sign_in("boss-p2").await);
    let case = id_of(&cases(&world, &boss).await[0]);
    let stands = json!({ "outcome": "stands", "branch": one.to_string() });
    let stale = id_of(&propose(&world, &boss, &case, stands.clone()).await.ok());
    courier.hand_over(&world, &mut second, (&label, taken), None).await;
    assert_eq!(
        step(&world, &other_office, &stale, "approve").await.status,
        409,
        "a third story came meanwhile"
    );
    assert_eq!(
        step(&world, &boss, &stale, "reject").await.status,
        201,
        "who proposed takes it back"
    );
    let ruling = id_of(&propose(&world, &boss, &case, stands).await.ok());
    assert_eq!(
        step(&world, &other_office, &ruling, "approve").await.status,
        201,
        "a supervisor of the same operator"
    );
    world.fold().await;
    let held = format!(
        "service_point:{}",
        entity::repo::reference::id_of("service_point", "P1")
    );
    let item = world.get(&format!("/api/v1/items/{label}"), &boss).await.ok();
    assert_eq!((&item["disputed"], &item["holder"]), (&json!(false), &json!(held)));

    let late = courier.hand_over(&world, &mut counter, (&label, taken), None).await;
    let item = world.get(&format!("/api/v1/items/{label}"), &boss).await.ok();
    assert_eq!(
        (&item["disputed"], &item["holder"]),
        (&json!(true), &json!(held)),
        "open again, and nothing overwritten"
    );
    let again = cases(&world, &boss).await;
    assert_eq!(id_of(&again[0]), case);
    let told = again[0]["branches"].as_array().expect("a list");
    assert!(told.iter().any(|told| told["event_id"] == late.to_string()));
    let here = json!({ "outcome": "found", "found": format!("staff:{}", staff_id("courier")) });
    let ruling = id_of(&propose(&world, &boss, &case, here).await.ok());
    step(&world, &other_office, &ruling, "approve").await.ok();
    world.fold().await;
    let item = world.get(&format!("/api/v1/items/{label}"), &boss).await.ok();
    assert_eq!(
        (&item["disputed"], &item["holder"]),
        (&json!(false), &json!(format!("staff:{}", staff_id("courier"))))
    );
    assert_eq!(
        timeline(&world, &boss, &label).await["rulings"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
}

async fn an_event_that_is_not_applied_is_shown_with_its_bytes_and_attached_or_rejected_by_two(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (_, label, _) = world.intake("R-2").await;
    let mut courier = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let mut counter = Phone::enrolled(&world, 2, Hat::PostAgent, staff_id("agent")).await;
    let (taken, bytes) = courier.act(Kind::TakeIn, &label, EventId::ZERO);
    courier.deposit(&world, bytes).await.ok();
    let accept = courier.hand_over(&world, &mut counter, (&label, taken), None).await;
    let (first, bytes) = counter.correct(accept);
    counter.deposit(&world, bytes.clone()).await.ok();
    let junk = b"\x45hello".to_vec();
    counter.deposit(&world, junk).await.ok();
    world.fold().await;
    let boss = world.sign_in("boss").await;
    let mut found = cases(&world, &boss).await;
    // They came in one moment.
    found.sort_by_key(|case| case["reason"].to_string());
    let lanes: Vec<(&Value, &Value)> = found.iter().map(|case| (&case["lane"], &case["reason"])).collect();
    let apart = json!("quarantine");
    let reasons = [json!("correction_needs_ruling"), json!("not_an_envelope")];
    assert_eq!(lanes, [(&apart, &reasons[0]), (&apart, &reasons[1])]);
    assert!(
        found[0]["due_ms"]
            .as_i64()
            .is_some_and(|due| due > START_MS + 24 * HOUR),
        "two working days"
    );
    let shown = world
        .get(&format!("/api/v1/dispatch/contested/{first}"), &boss)
        .await
        .ok();
    assert_eq!(shown["branches"][0]["raw"], json!(hex::encode(&bytes)));
    let foreign = id_of(&found[1]);
    let far = world.sign_in("boss-p2").await;
    assert!(
        cases(&world, &far).await.is_empty(),
        "brought by a phone of another office"
    );

    let apply = propose(&world, &boss, &foreign, json!({ "outcome": "apply" })).await;
    assert_eq!(apply.status, 409, "it cannot be read");
    let attach = json!({ "outcome": "attach", "item_code": label });
    for (case, body) in [
        (foreign.clone(), attach),
        (first.to_string(), json!({ "outcome": "reject" })),
    ] {
        let ruling = id_of(&propose(&world, &boss, &case, body).await.ok());
        let deputy = world.sign_in("deputy").await;
        step(&world, &deputy, &ruling, "approve").await.ok();
        world.fold().await;
    }
    assert!(cases(&world, &boss).await.is_empty());
    let story = timeline(&world, &boss, &label).await;
    assert_eq!(standing(&story, first), "set_aside");
    assert_eq!(
        standing(&story, foreign.parse().expect("an id")),
        "set_aside",
        "attached to the item's file"
    );
    assert_eq!(standing(&story, accept), "applied");
    let all = rebuild(&world.app.store, &Projector::new(&world.app.keys))
        .await
        .expect("rebuilt");
    assert!(all.iter().all(Compared::is_same), "{all:?}");
}

/// Must show 5 of the step: the clock six hours ahead, then a restart without network and six hours behind.
async fn a_moved_clock_and_a_restart_offline_change_no_order_and_the_true_hour_is_in_every_interval(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (_, label, _) = world.intake("R-3").await;
    let mut courier = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let mono = |boot: u8, ms: i64| Mono {
        boot_id: [boot; 16],
        ms: ms.cast_unsigned(),
    };
    let start = world.app.store.now_ms();
    let beacon = courier.learn_time(&world, mono(1, HOUR)).await;
    assert!(beacon.is_some(), "the server told its time");
    let shows = |true_ms: i64, off_ms: i64| (true_ms + off_ms).cast_unsigned();

    let taken_ms = start + 10 * MINUTE;
    courier.clocks = Some(Clocks {
        wall_ms: shows(taken_ms, 6 * HOUR),
        mono: mono(1, HOUR + 10 * MINUTE),
        beacon,
    });
    let (taken, first) = courier.act(Kind::TakeIn, &label, EventId::ZERO);
    let held_ms = start + 40 * MINUTE;
    courier.clocks = Some(Clocks {
        wall_ms: shows(held_ms, -6 * HOUR),
        mono: mono(2, 5 * MINUTE),
        beacon: None,
    });
    let (held, second) = courier.act(Kind::Hold, &label, taken);
    world.clock.advance(2 * HOUR);
    // Its proof of two hours ago is too old; the answer brings a new one. The later event arrives first.
    let _ = courier.hello(&world).await;
    courier.deposit(&world, second).await.ok();
    courier.deposit(&world, first).await.ok();
    world.fold().await;

    let boss = world.sign_in("boss").await;
    let story = timeline(&world, &boss, &label).await;
    let events = story["events"].as_array().expect("a list");
    let order: Vec<&Value> = events.iter().map(|one| &one["story"]["event_id"]).collect();
    assert_eq!(
        order,
        [&json!(taken.to_string()), &json!(held.to_string())],
        "clocks order nothing"
    );
    for (one, true_ms, ahead) in [(&events[0], taken_ms, true), (&events[1], held_ms, false)] {
        let time = &one["story"]["time"];
        let (earliest, latest) = (time["earliest_ms"].as_i64(), time["latest_ms"].as_i64());
        assert!(
            earliest.is_some_and(|at| at <= true_ms) && latest.is_some_and(|at| at >= true_ms),
            "{time}"
        );
        let off = time["clock_off_ms"].as_i64().expect("it is told");
        assert!(if ahead { off > 5 * HOUR } else { off < -5 * HOUR }, "{time}");
        let words = if ahead { "chạy nhanh" } else { "chạy chậm" };
        assert!(
            time["clock"].as_str().is_some_and(|text| text.contains(words)),
            "{time}"
        );
    }
    // A forged server time proves nothing.
    let forged = beacon.map(|beacon| custody::event::Beacon {
        server_ms: beacon.server_ms - 1_000,
        ..beacon
    });
    courier.clocks = Some(Clocks {
        wall_ms: shows(held_ms, 0),
        mono: mono(3, MINUTE),
        beacon: forged,
    });
    let (noted, bytes) = courier.act(Kind::Note, &label, held);
    courier.deposit(&world, bytes).await.ok();
    world.fold().await;
    let story = timeline(&world, &boss, &label).await;
    let events = story["events"].as_array().expect("a list");
    let note = events.iter().find(|one| one["story"]["event_id"] == noted.to_string());
    let time = &note.expect("told")["story"]["time"];
    assert!(
        time["earliest_ms"].as_i64().is_some_and(|at| at >= taken_ms - MINUTE),
        "bounded by what came before it, not by the forged time: {time}"
    );
}

async fn a_gap_is_told_to_the_office_at_once_and_is_overdue_after_a_day(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (_, label, _) = world.intake("R-4").await;
    let mut courier = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let (taken, _kept_back) = courier.act(Kind::TakeIn, &label, EventId::ZERO);
    let (_, bytes) = courier.act(Kind::Hold, &label, taken);
    courier.deposit(&world, bytes).await.ok();
    world.fold().await;
    let boss = world.sign_in("boss").await;
    let told = world.get("/api/v1/dispatch/gaps", &boss).await.ok();
    let device = &told["devices"][0];
    assert_eq!(
        (&device["device_id"], &device["contiguous"]),
        (&json!(courier.id()), &json!(0))
    );
    let gap = json!({ "from": 1, "to": 1, "since_ms": START_MS, "overdue": false });
    assert_eq!(device["missing"], json!([gap]));
    let far = world.sign_in("boss-p2").await;
    assert_eq!(
        world.get("/api/v1/dispatch/gaps", &far).await.ok()["devices"],
        json!([])
    );
    world.clock.advance(24 * HOUR + MINUTE);
    let boss = world.sign_in("boss").await;
    let told = world.get("/api/v1/dispatch/gaps", &boss).await.ok();
    assert_eq!(told["devices"][0]["missing"][0]["overdue"], true);
}
