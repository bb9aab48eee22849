//! What a citizen does with a dossier of theirs: only with a code to the telephone on its slip, and once.

use crate::phone::Phone;
use crate::world::{Answer, World, staff_id};
use axum::body::Body;
use axum::http::Request;
use custody::ids::EventId;
use custody::kind::Kind;
use domain::hat::Hat;
use entity::repo::citizen_code::{self, Budget};
use entity::testing::Backend;
use serde_json::{Value, json};

crate::both!(
    the_link_alone_shows_no_papers_and_a_code_shows_them,
    five_wrong_tries_end_a_code_also_when_they_come_at_once,
    a_code_is_for_one_act_ten_minutes_and_one_use,
    no_more_codes_are_sent_in_a_day_than_may_be,
    a_dossier_nobody_fetched_is_cancelled_and_one_at_the_agency_is_asked_back,
    a_result_goes_to_the_new_address_and_the_dispatcher_decides_anew,
    scans_are_the_agencys_and_the_applicants_and_nobody_elses,
    without_messages_no_code_is_offered,
    a_clerk_does_it_for_who_comes_to_the_counter,
);

const MINUTE: i64 = 60_000;

async fn world(backend: Backend) -> World {
    World::on(backend, |config| config.sends_messages = true).await
}

async fn press(world: &World, page: &str, form: &str) -> Answer {
    let request = Request::post(format!("{page}/acts"));
    world
        .send(request.body(Body::from(form.to_owned())).expect("a request"))
        .await
}

/// The digits of the code that was sent last, as its message has them.
async fn sent(world: &World) -> String {
    let due = entity::outbox::due(&world.app.store, 100).await.expect("a list");
    let mut last = None;
    for (id, kind) in due {
        if kind == citizen_code::JOB
            && let entity::outbox::Claimed::Run(claim) =
                entity::outbox::claim(&world.app.store, id).await.expect("claimed")
        {
            last = claim.payload["code"].as_str().map(str::to_owned);
            let failed = entity::outbox::failed(&world.app.store, &claim, "read".to_owned(), None).await;
            failed.expect("ended");
        }
    }
    let id = last.expect("a code was to be sent").parse().expect("an id");
    let message = citizen_code::message(world.app.store.read(), &world.app.keys, id, world.app.store.now_ms()).await;
    message.expect("readable").expect("it stands").digits
}

/// Other digits than these.
fn wrong(digits: &str) -> String {
    let number: u32 = digits.parse().expect("digits");
    format!("{:06}", (number + 1) % 1_000_000)
}

async fn the_link_alone_shows_no_papers_and_a_code_shows_them(backend: Backend) {
    let world = world(backend).await;
    let (_, _, page) = world.intake("acts-1").await;
    let plain = world.get(&format!("{page}/acts"), "").await;
    assert!(!plain.text().contains("trích lục"), "the link alone names no paper");
    let asked = press(&world, &page, "act=papers").await;
    assert!(
        asked.text().contains("678"),
        "the end of the telephone: {}",
        asked.text()
    );
    let code = sent(&world).await;
    assert!(!asked.text().contains(&code));
    let shown = press(&world, &page, &format!("act=papers&code={code}")).await;
    assert!(
        shown.text().contains("Cấp bản sao trích lục hộ tịch"),
        "{}",
        shown.text()
    );
    let again = press(&world, &page, &format!("act=papers&code={code}")).await;
    assert!(!again.text().contains("trích lục"), "a code is used up");
    let never = format!("/t/{}", "0".repeat(26));
    assert_eq!(press(&world, &never, "act=papers").await.status, 404);
}

async fn five_wrong_tries_end_a_code_also_when_they_come_at_once(backend: Backend) {
    let world = world(backend).await;
    let (_, _, page) = world.intake("acts-2").await;
    press(&world, &page, "act=papers").await;
    let code = sent(&world).await;
    let form = format!("act=papers&code={}", wrong(&code));
    let tries = (0..20).map(|_| press(&world, &page, &form));
    let answers = futures::future::join_all(tries).await;
    let counted = answers
        .iter()
        .filter(|answer| answer.text().contains("Mã không đúng"))
        .count();
    assert_eq!(counted, 4, "the fifth ends it");
    let right = press(&world, &page, &format!("act=papers&code={code}")).await;
    assert!(!right.text().contains("trích lục"), "the right one comes too late");
}

async fn a_code_is_for_one_act_ten_minutes_and_one_use(backend: Backend) {
    let world = world(backend).await;
    let (_, _, page) = world.intake("acts-3").await;
    let (_, _, other) = world.intake("acts-4").await;
    press(&world, &page, "act=papers").await;
    let code = sent(&world).await;
    press(&world, &page, "act=withdraw").await;
    let withdrawal = sent(&world).await;
    press(&world, &other, "act=papers").await;
    for (page, act) in [(&page, "withdraw"), (&other, "papers")] {
        // One in a million times the digits are the same.
        let answer = press(&world, page, &format!("act={act}&code={code}")).await;
        assert!(
            withdrawal == code || answer.text().contains("Mã không đúng"),
            "{}",
            answer.text()
        );
    }
    world.clock.advance(10 * MINUTE + 1);
    let late = press(&world, &page, &format!("act=papers&code={code}")).await;
    assert!(late.text().contains("Mã đã hết hiệu lực"), "{}", late.text());
}

async fn no_more_codes_are_sent_in_a_day_than_may_be(backend: Backend) {
    let budget = Budget {
        dossier: 2,
        phone: 3,
        all: 100,
    };
    let world = World::on(backend, |config| {
        config.sends_messages = true;
        config.codes_a_day = budget;
    })
    .await;
    let (_, _, page) = world.intake("acts-5").await;
    let (_, _, other) = world.intake("acts-6").await;
    let said = async |page: &str| {
        press(&world, page, "act=papers")
            .await
            .text()
            .contains("Hôm nay đã gửi đủ")
    };
    assert_eq!(
        (said(&page).await, said(&page).await, said(&page).await),
        (false, false, true)
    );
    // The same telephone is on both slips.
    assert_eq!((said(&other).await, said(&other).await), (false, true));
    world.clock.advance(24 * 60 * MINUTE);
    assert!(!said(&page).await, "tomorrow is another day");
}

async fn act(world: &World, id: &str, body: Value) {
    let desk = world.sign_in("desk").await;
    world
        .post(&format!("/api/v1/dossiers/{id}/acts"), &desk, &body)
        .await
        .ok();
    world.fold().await;
}

async fn state(world: &World, id: &str) -> String {
    let desk = world.sign_in("desk").await;
    let seen = world.get(&format!("/api/v1/dossiers/{id}"), &desk).await.ok();
    let last = seen["acts"].as_array().and_then(|acts| acts.last()).expect("an act");
    last["kind"].as_str().expect("a kind").to_owned()
}

async fn with_code(world: &World, page: &str, form: &str) -> String {
    press(world, page, form).await;
    let code = sent(world).await;
    let answer = press(world, page, &format!("{form}&code={code}")).await;
    world.fold().await;
    answer.text().to_owned()
}

async fn a_dossier_nobody_fetched_is_cancelled_and_one_at_the_agency_is_asked_back(backend: Backend) {
    let world = world(backend).await;
    let (first, _, page) = world.intake("acts-7").await;
    assert!(with_code(&world, &page, "act=withdraw").await.contains("Đã ghi nhận"));
    assert_eq!(state(&world, &first).await, "dossier.cancelled");
    let again = with_code(&world, &page, "act=withdraw").await;
    assert!(again.contains("Bạn đã yêu cầu rút"), "{again}");
    let (second, label, page) = world.intake("acts-8").await;
    let mut phone = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let (_, taken) = phone.act(Kind::TakeIn, &label, EventId::ZERO);
    phone.deposit(&world, taken).await.ok();
    world.fold().await;
    let carried = with_code(&world, &page, "act=withdraw").await;
    assert!(carried.contains("đến bưu cục để nhận lại"), "{carried}");
    act(&world, &second, json!({ "act": "lodged" })).await;
    let early = with_code(&world, &page, "act=withdraw").await;
    assert!(early.contains("chưa vào sổ"), "{early}");
    act(
        &world,
        &second,
        json!({ "act": "received", "code": "000.00.05.H01-260424-0001" }),
    )
    .await;
    assert!(with_code(&world, &page, "act=withdraw").await.contains("Đã ghi nhận"));
    assert_eq!(state(&world, &second).await, "dossier.withdrawal_requested");
}

async fn a_result_goes_to_the_new_address_and_the_dispatcher_decides_anew(backend: Backend) {
    let world = world(backend).await;
    let (id, _, page) = world.intake("acts-9").await;
    for told in ["lodged", "processing"] {
        act(&world, &id, json!({ "act": told })).await;
    }
    let desk = world.sign_in("desk").await;
    let resolved = json!({ "act": "resolved", "outcome": "granted" });
    let made = world
        .post(&format!("/api/v1/dossiers/{id}/acts"), &desk, &resolved)
        .await
        .ok();
    world.fold().await;
    let boss = world.sign_in("boss").await;
    let assign = json!({
        "item_code": made["result_item_code"], "leg": "deliver", "staff_id": staff_id("courier"),
    });
    world.post("/api/v1/dispatch/assign", &boss, &assign).await.ok();
    world.fold().await;
    let nowhere = press(&world, &page, "act=redirect&address=x").await;
    assert!(
        nowhere.text().contains("chọn xã"),
        "no code is spent on half an address"
    );
    let form = "act=redirect&address=S%E1%BB%91+9+%E1%BA%A5p+M%E1%BB%9Bi&commune=30520&phone=0987654321";
    let done = with_code(&world, &page, form).await;
    assert!(done.contains("địa chỉ mới"), "{done}");
    let seen = world.get(&format!("/api/v1/dossiers/{id}"), &desk).await.ok();
    assert_eq!(seen["receiver"]["address"], "Số 9 ấp Mới");
    assert_eq!(seen["receiver"]["phone"], "+84987654321");
    assert_eq!(seen["receiver"]["name"], "Chau Sóc Kha", "the person stays the same");
    let waiting = world.get("/api/v1/dispatch/unplaced", &boss).await.ok();
    assert!(waiting.to_string().contains("new_address"), "{waiting}");
    let log = world.get("/api/v1/dispatch/quarantine", &boss).await.ok();
    assert!(!log.to_string().contains("act_not_interpreted"), "{log}");
}

async fn scans_are_the_agencys_and_the_applicants_and_nobody_elses(backend: Backend) {
    let world = world(backend).await;
    let (id, _, page) = world.intake("acts-10").await;
    let (desk, path) = (world.sign_in("desk").await, format!("/api/v1/dossiers/{id}/scans"));
    let send = async |name: &str, bytes: &'static [u8]| {
        let request = Request::post(format!("{path}?paper={name}")).header("authorization", format!("Bearer {desk}"));
        world.send(request.body(Body::from(bytes)).expect("a request")).await
    };
    let bytes = b"%PDF-1.7 a scan";
    let added = send("T%E1%BB%9D+khai", bytes).await.ok();
    let again = send("T%E1%BB%9D+khai", bytes).await.ok();
    assert_eq!(added["id"], again["id"], "the same bytes are one scan");
    assert_eq!(send("x", b"<html><script>").await.status, 422);
    assert_eq!(send("", bytes).await.status, 422);
    for (login, status) in [
        ("agent", 403),
        ("courier", 403),
        ("boss", 403),
        ("other", 404),
        ("receiver", 200),
    ] {
        let token = world.sign_in(login).await;
        assert_eq!(world.get(&path, &token).await.status, status, "{login}");
    }
    let one = format!("{path}/{}", added["id"].as_str().expect("an id"));
    assert_eq!(world.get(&one, &desk).await.body.as_ref(), bytes);
    press(&world, &page, "act=papers").await;
    let code = sent(&world).await;
    let shown = press(&world, &page, &format!("act=papers&code={code}")).await;
    let pass = shown
        .text()
        .split("name=\"pass\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let form = format!(
        "scan={}&pass={}",
        added["id"].as_str().expect("an id"),
        pass.expect("a pass")
    );
    let file = press(&world, &page, &form).await;
    assert_eq!(
        (file.header("content-type"), file.body.as_ref()),
        ("application/pdf", &bytes[..])
    );
    let forged = form.replace('.', "0.");
    assert!(
        press(&world, &page, &forged)
            .await
            .text()
            .starts_with("<!doctype html>")
    );
    world.clock.advance(10 * MINUTE + 1);
    assert!(
        press(&world, &page, &form).await.text().starts_with("<!doctype html>"),
        "for ten minutes"
    );
}

async fn without_messages_no_code_is_offered(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (_, _, page) = world.intake("acts-11").await;
    let shown = press(&world, &page, "act=papers").await;
    assert!(shown.text().contains("chưa gửi mã qua tin nhắn"), "{}", shown.text());
    let due = entity::outbox::due(&world.app.store, 100).await.expect("a list");
    assert!(due.iter().all(|(_, kind)| kind != citizen_code::JOB));
}

async fn a_clerk_does_it_for_who_comes_to_the_counter(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (id, _, _) = world.intake("acts-12").await;
    let (agent, path) = (world.sign_in("agent").await, format!("/api/v1/dossiers/{id}"));
    let nowhere = json!({ "address": "Số 9", "commune_code": "99999" });
    let refused = world.post(&format!("{path}/redirect"), &agent, &nowhere).await;
    assert_eq!(refused.json()["errors"][0]["pointer"], "#/commune_code");
    let to = json!({ "address": "Số 9", "commune_code": "30520" });
    world.post(&format!("{path}/redirect"), &agent, &to).await.ok();
    world.fold().await;
    let seen = world.get(&path, &agent).await.ok();
    assert_eq!(
        (&seen["receiver"]["address"], &seen["receiver"]["name"]),
        (&json!("Số 9"), &json!("Chau Sóc Kha"))
    );
    world.post(&format!("{path}/withdraw"), &agent, &json!({})).await.ok();
    world.fold().await;
    assert_eq!(state(&world, &id).await, "dossier.cancelled");
    let again = world.post(&format!("{path}/withdraw"), &agent, &json!({})).await;
    assert_eq!(again.refusal(), (409, "not-now".to_owned()));
    let elsewhere = world.sign_in("agent-p2").await;
    assert_eq!(
        world
            .post(&format!("{path}/withdraw"), &elsewhere, &json!({}))
            .await
            .status,
        404
    );
}
