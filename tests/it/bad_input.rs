//! Bad input gets a clear answer, and nothing is lost: what is evidence is kept and shown, what was promised before stays.

use custody::ids::EventId;
use custody::kind::Kind;
use domain::hat::Hat;
use e2e::{Answer, Backend, Device, World, both, read};
use serde_json::{Value, json};

both!(
    text_that_is_no_text_is_refused_by_byte_and_changes_nothing,
    a_body_of_five_megabytes_is_refused_with_an_answer_and_nothing_of_it_is_stored,
    an_address_in_no_commune_is_placed_and_listed_for_a_person,
    a_batch_with_bad_events_is_kept_whole_and_each_bad_one_is_shown_with_its_reason,
    a_clock_that_is_a_year_off_changes_nothing_but_what_it_claims,
    a_frame_that_cannot_be_read_is_kept_for_a_person,
);

const YEAR_MS: i64 = 365 * 24 * 3_600_000;

/// A device of a courier of Tịnh Biên.
fn device(world: &World) -> Device {
    let mut device = Device::new(Hat::Carrier);
    let code = world.sign_in("dieuphoi.tb", "post_supervisor").code_for("buuta01");
    world
        .http
        .post("/api/v1/devices/enrol", &[], &device.enrolment(&code))
        .expect(200);
    world.settle();
    device.greet(&world.http);
    device
}

fn count(world: &World, table: &str) -> i64 {
    world.run(read::number(world.store(), &format!("SELECT COUNT(*) FROM {table}")))
}

/// A refusal that a person can act on: a problem with a title, texts in both languages and a request id.
fn is_clear(answer: &Answer) {
    let body = answer.json();
    for member in ["title", "detail", "detail_vi", "request_id"] {
        assert!(
            body[member].as_str().is_some_and(|text| !text.is_empty()),
            "{member} is missing: {body}"
        );
    }
}

fn text_that_is_no_text_is_refused_by_byte_and_changes_nothing(backend: Backend) {
    let world = World::on_leash(backend);
    let one_stop = world.one_stop("AG30520");
    let before = one_stop.order(&one_stop.pickup("before"));
    let authorization = one_stop.authorization();
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
    ];
    let mut body = one_stop.pickup("latin-1").body.to_string().into_bytes();
    let at = body.windows(4).position(|bytes| bytes == b"Nguy").expect("the name");
    body[at + 4] = 0xff;
    let answer = world
        .http
        .send("POST", "/lgsp/v1/vnpost/OrderPost", &headers, &body)
        .expect("an answer")
        .expect(200)
        .json();
    assert_eq!(answer["Status"], json!(400));
    assert!(
        answer["Message"]
            .as_str()
            .is_some_and(|text| text.contains("UTF-8") && text.contains("byte")),
        "{answer}"
    );
    let agent = world.sign_in("quay.tb", "post_agent");
    let token = agent.authorization();
    let headers = [("authorization", token.as_str()), ("content-type", "application/json")];
    let answer = world
        .http
        .send("POST", "/api/v1/intakes", &headers, b"{\"mode\":\"\xff\"}")
        .expect("an answer")
        .expect(400);
    is_clear(&answer);
    assert_eq!((count(&world, "postal_order"), count(&world, "dossier")), (1, 1));
    assert_eq!(one_stop.order(&one_stop.pickup("before")), before);
}

fn a_body_of_five_megabytes_is_refused_with_an_answer_and_nothing_of_it_is_stored(backend: Backend) {
    let world = World::on_leash(backend);
    let mut device = device(&world);
    let first = device.note(0);
    device
        .deposit(&world.http, &first.bytes)
        .expect("an answer")
        .expect(200);
    let kept = count(&world, "inbox");
    let huge = vec![0; 5 * 1024 * 1024];
    let answer = device
        .deposit(&world.http, &huge)
        .expect("an answer, not a reset")
        .expect(413);
    assert_eq!(answer.problem(), "body-too-large");
    is_clear(&answer);
    let agent = world.sign_in("quay.tb", "post_agent");
    let text = json!({ "note": "x".repeat(5 * 1024 * 1024) });
    assert_eq!(
        agent.post("/api/v1/intakes", &text).expect(413).problem(),
        "body-too-large"
    );
    let one_stop = world.one_stop("AG30520");
    let answer = one_stop.post("OrderPost", &text);
    assert_eq!(answer.status, 413, "{}", answer.text());
    assert_eq!(
        (
            count(&world, "inbox"),
            count(&world, "unreadable_deposit"),
            count(&world, "postal_order")
        ),
        (kept, 0, 0)
    );
    let again = device
        .deposit(&world.http, &first.bytes)
        .expect("an answer")
        .expect(200)
        .json();
    assert_eq!(
        again["results"][0]["result"],
        json!("duplicate"),
        "what was acknowledged is still there"
    );
}

fn an_address_in_no_commune_is_placed_and_listed_for_a_person(backend: Backend) {
    let world = World::on_leash(backend);
    let one_stop = world.one_stop("AG30520");
    let mut order = one_stop.pickup("nowhere");
    order.body["SenderAddress"] = json!("Hẻm 7, xã Không Có, tỉnh Không Đâu");
    let (status, label) = one_stop.order(&order);
    assert_eq!(
        status, 100,
        "an address nobody understands is no reason to refuse papers"
    );
    world.settle();
    let list = unplaced(&world);
    let line = list
        .iter()
        .find(|line| line["item_code"] == json!(label))
        .expect("the dispatcher sees it");
    assert!(
        line["reason"].as_str().is_some_and(|reason| !reason.is_empty()),
        "{line}"
    );
    world.settle();
    assert_eq!(
        unplaced(&world).len(),
        list.len(),
        "once, however often it is looked at"
    );
}

fn unplaced(world: &World) -> Vec<Value> {
    let supervisor = world.sign_in("dieuphoi.tb", "post_supervisor");
    let list = supervisor.get("/api/v1/dispatch/unplaced").expect(200).json();
    list["unplaced"].as_array().cloned().unwrap_or_default()
}

fn a_batch_with_bad_events_is_kept_whole_and_each_bad_one_is_shown_with_its_reason(backend: Backend) {
    let world = World::on_leash(backend);
    let mut device = device(&world);
    let one_stop = world.one_stop("AG30520");
    let (_, label) = one_stop.order(&one_stop.pickup("with bad company"));
    world.settle();
    let good = device.take_in(&label, 0);
    // Its last byte is the signature's.
    let mut forged = device.note(0);
    let last = forged.bytes.len() - 1;
    forged.bytes[last] ^= 1;
    let foreign = vec![0x83, 1, 2, 3];
    let stranger = Device::new(Hat::Carrier).note(0);
    let mut skipped = device.draft(Kind::Note, 0);
    skipped.seq += 7;
    let skipped = device.sign(&skipped);
    let mut twice = device.draft(Kind::Note, 0);
    twice.seq = 1;
    twice.prev = EventId::ZERO;
    let twice = device.sign(&twice);
    let batch = [&good.bytes, &forged.bytes, &foreign, &stranger.bytes, &skipped.bytes]
        .map(Vec::as_slice)
        .concat();
    let answer = device
        .deposit(&world.http, &batch)
        .expect("an answer")
        .expect(200)
        .json();
    let results = answer["results"].as_array().expect("a line per event");
    assert!(
        results.len() == 5 && results.iter().all(|line| line["result"] == json!("stored")),
        "{answer}"
    );
    world.settle();
    let item = world
        .sign_in("dieuphoi.tb", "post_supervisor")
        .get(&format!("/api/v1/items/{label}"))
        .expect(200)
        .json();
    assert_eq!(item["state"], json!("C2"), "the good one among them is applied");
    let shown = quarantine(&world);
    let reasons = |wanted: &str| shown.iter().filter(|line| line["reason"] == json!(wanted)).count();
    assert_eq!(
        (reasons("bad_signature"), reasons("unknown_device"), shown.len()),
        (1, 1, 3),
        "{shown:?}"
    );
    assert_eq!(
        gaps(&world, &mut device)["missing"],
        json!([[2, 9]]),
        "a forged event fills no gap"
    );
    // Now the same number a second time: both are kept, and what the device says from there on is not believed.
    device
        .deposit(&world.http, &twice.bytes)
        .expect("an answer")
        .expect(200);
    world.settle();
    let item = world
        .sign_in("dieuphoi.tb", "post_supervisor")
        .get(&format!("/api/v1/items/{label}"));
    assert_ne!(
        item.json()["state"],
        json!("C2"),
        "a device with two stories is not believed"
    );
    assert!(
        quarantine(&world)
            .iter()
            .any(|line| line["reason"] == json!("device_forked"))
    );
    assert_eq!(
        count(&world, "inbox WHERE lane = 1"),
        5,
        "and every one of them is kept"
    );
    assert!(
        device.deposit(&world.http, &good.bytes).expect("an answer").status == 200,
        "it may still deposit"
    );
}

fn quarantine(world: &World) -> Vec<Value> {
    let ops = world.sign_in("quantri", "ops_admin");
    let list = ops.get("/api/v1/dispatch/quarantine").expect(200).json();
    list["events"].as_array().cloned().unwrap_or_default()
}

fn gaps(world: &World, device: &mut Device) -> Value {
    let proof = device.proof("GET", "/api/v1/sync/gaps");
    world
        .http
        .get("/api/v1/sync/gaps", &[("dpop", &proof)])
        .expect(200)
        .json()
}

fn a_clock_that_is_a_year_off_changes_nothing_but_what_it_claims(backend: Backend) {
    let world = World::on_leash(backend);
    let supervisor = world.sign_in("dieuphoi.tb", "post_supervisor");
    let one_stop = world.one_stop("AG30520");
    for (number, off) in [("late", -YEAR_MS), ("early", YEAR_MS)] {
        let (_, label) = one_stop.order(&one_stop.pickup(number));
        world.settle();
        let phone = world.phone(&supervisor, if off < 0 { "buuta01" } else { "buuta02" });
        phone.sync();
        phone.host.set_wall(world.store().now_ms() + off);
        let what = mobile_ffi::core::TakeIn {
            item_code: &label,
            item_kind: None,
            seal: "NP-9",
            paper_count: 1,
        };
        let manner = mobile_ffi::core::Manner::of(Hat::Carrier).forced();
        let recorded = phone.core.take_in(&what, &manner).expect("a wrong clock stops nobody");
        phone.sync();
        assert_eq!(phone.unsent(), 0);
        world.settle();
        let item = supervisor.get(&format!("/api/v1/items/{label}")).expect(200).json();
        assert_eq!(item["head"], json!(recorded.event_id.to_string()), "{item}");
        let since = item["since_ms"].as_i64().expect("a time");
        assert!(
            (since - world.store().now_ms()).abs() < 60_000,
            "the hour is the server's, not the phone's: {item}"
        );
    }
}

fn a_frame_that_cannot_be_read_is_kept_for_a_person(backend: Backend) {
    let world = World::on_leash(backend);
    let mut device = device(&world);
    let good = device.note(0);
    let cut = [good.bytes.as_slice(), &good.bytes[..40]].concat();
    let answer = device.deposit(&world.http, &cut).expect("an answer").expect(400);
    assert_eq!(answer.problem(), "unreadable-frame");
    is_clear(&answer);
    assert_eq!(count(&world, "unreadable_deposit"), 1, "a person can look at it");
    let again = device
        .deposit(&world.http, &good.bytes)
        .expect("an answer")
        .expect(200)
        .json();
    assert_eq!(
        again["results"][0]["result"],
        json!("stored"),
        "nothing of it counted as deposited"
    );
}
