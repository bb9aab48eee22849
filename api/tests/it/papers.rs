//! What travelled, and what proves it: minutes, lists, orders, chapters.

use crate::phone::Phone;
use crate::world::{World, intake_body, staff_id};
use custody::event::exception_code;
use custody::ids::EventId;
use custody::kind::Kind;
use domain::hat::Hat;
use entity::testing::Backend;
use serde_json::{Value, json};

/// Two envelopes with a courier, one of which the counter took over; the path of the minutes and the courier's phone.
async fn handed_over(world: &World) -> (String, Phone, EventId, [String; 2]) {
    let (_, taken, _) = world.intake("H-1").await;
    let (_, left, _) = world.intake("H-2").await;
    let mut courier = Phone::enrolled(world, 1, Hat::Carrier, staff_id("courier")).await;
    let mut counter = Phone::enrolled(world, 2, Hat::PostAgent, staff_id("agent")).await;
    let (first, bytes) = courier.act(Kind::TakeIn, &taken, EventId::ZERO);
    courier.deposit(world, bytes).await.ok();
    let (second, bytes) = courier.act(Kind::TakeIn, &left, EventId::ZERO);
    courier.deposit(world, bytes).await.ok();
    let not_taken = Some((left.as_str(), second, exception_code::SEAL));
    let accept = courier.hand_over(world, &mut counter, (&taken, first), not_taken).await;
    (format!("/api/v1/handovers/{accept}"), courier, accept, [taken, left])
}

async fn minutes_say_who_gave_what_and_what_was_not_taken(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (path, mut courier, accept, [taken, left]) = handed_over(&world).await;
    let agent = world.sign_in("agent").await;
    let minutes = world.get(&path, &agent).await.ok();
    assert_eq!(minutes["standing"], "provisional");
    assert_eq!(minutes["giver"]["party"], format!("staff:{}", staff_id("courier")));
    assert_eq!(minutes["receiver"]["staff_id"], json!(staff_id("agent")));
    assert_eq!(minutes["manifest"].as_str().map(str::len), Some(12));
    assert_eq!((&minutes["offered"], &minutes["taken"]), (&json!(2), &json!(1)));
    let line = |code: &str| {
        let lines = minutes["items"].as_array().into_iter().flatten();
        lines
            .into_iter()
            .find(|line| line["item_code"] == code)
            .expect("a line")
    };
    assert_eq!(line(&taken)["exception"], Value::Null);
    assert_eq!(line(&taken)["seal"], "S-1");
    assert_eq!(line(&taken)["slip_number"], "H-1");
    assert_eq!(line(&left)["exception"], "seal");
    courier.release(&world, accept).await;
    assert_eq!(world.get(&path, &agent).await.ok()["standing"], "complete");
    let list = world
        .get("/api/v1/handovers?from=2026-04-24&to=2026-04-24", &agent)
        .await
        .ok();
    assert_eq!(list["handovers"][0]["id"], accept.to_string());
    for none in ["?from=2026-04-25", "?to=2026-04-23"] {
        let list = world.get(&format!("/api/v1/handovers{none}"), &agent).await.ok();
        assert_eq!(list["handovers"], json!([]), "{none}");
    }
    let stranger = world.sign_in("agent-q1").await;
    assert_eq!(
        world.get(&path, &stranger).await.refusal(),
        (404, "not-found".to_owned())
    );
}

async fn an_office_lists_what_came_in_and_what_lies_there(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (_, _, _, [taken, left]) = handed_over(&world).await;
    let agent = world.sign_in("agent").await;
    for way in ["inbound", "outbound"] {
        let list = world.get(&format!("/api/v1/manifests/{way}"), &agent).await.ok();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "{way}: {list}");
        assert_eq!(list["items"][0]["item_code"], taken, "{way}");
        assert_eq!(list["items"][0]["applicant_name"], "Chau Sóc Kha", "{way}");
    }
    pay(&world, &agent, &taken).await;
    let list = world.get("/api/v1/manifests/inbound", &agent).await.ok();
    let line = &list["items"][0];
    assert_eq!(line["fee_collected"], 8000, "{line}");
    assert_eq!(line["receipts"].as_array().map(Vec::len), Some(1));
    assert_eq!(line["is_represented"], true);
    let before = world.get("/api/v1/manifests/inbound?day=2026-04-23", &agent).await.ok();
    assert_eq!(before["items"], json!([]));
    let courier = world.sign_in("courier").await;
    let bag = world.get("/api/v1/manifests/outbound", &courier).await.ok();
    let codes = |item: &Value| item["item_code"].clone();
    let codes: Vec<Value> = bag["items"].as_array().into_iter().flatten().map(codes).collect();
    assert!(codes.contains(&json!(left)), "{codes:?}");
    assert!(bag["items"][0].get("procedure_code").is_none(), "postal secrecy");
    let table = world.get("/api/v1/manifests/inbound?format=csv", &agent).await;
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    assert!(table.text().contains(&taken) && table.text().contains("Nhận từ"));
}

async fn a_list_has_a_number_and_says_what_it_weighs_and_which_result_it_carries(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (agent, desk) = (world.sign_in("agent").await, world.sign_in("desk").await);
    let mut body = intake_body("W-1");
    body["mode"] = json!("both");
    for (grams, wanted) in [(json!(0), 422), (json!(31_501), 422), (json!(120), 201)] {
        body["weight_g"] = grams;
        let answer = world.post("/api/v1/intakes", &agent, &body).await;
        assert_eq!(answer.status.as_u16(), wanted, "{}", answer.text());
    }
    let made = world.post("/api/v1/intakes", &agent, &body).await.ok();
    world.fold().await;
    let mut counter = Phone::enrolled(&world, 9, Hat::PostAgent, staff_id("agent")).await;
    let (_, bytes) = counter.act(Kind::TakeIn, made["item_code"].as_str().expect("a code"), EventId::ZERO);
    counter.deposit(&world, bytes).await.ok();
    world.fold().await;
    let list = world.get("/api/v1/manifests/inbound", &agent).await.ok();
    assert_eq!(list["items"][0]["weight_g"], 120, "{list}");
    assert_eq!(list["items"][0]["result_number"], Value::Null, "it carries no result");
    let again = world.get("/api/v1/manifests/inbound", &agent).await.ok();
    assert_eq!(list["batch"], again["batch"]);
    let outbound = world.get("/api/v1/manifests/outbound", &agent).await.ok();
    assert_ne!(list["batch"], outbound["batch"], "another list");
    let table = world.get("/api/v1/manifests/inbound?format=csv", &agent).await;
    assert!(table.text().contains(list["batch"].as_str().expect("a number")));

    let acts = format!("/api/v1/dossiers/{}/acts", made["dossier_id"].as_str().expect("an id"));
    let received = json!({ "act": "received", "code": "H01.1", "due_on": "2026-05-04" });
    world.post(&acts, &desk, &received).await.ok();
    let mut resolved =
        json!({ "act": "resolved", "outcome": "granted", "result_number": "12/GCN", "result_date": "x" });
    assert_eq!(world.post(&acts, &desk, &resolved).await.status, 422, "no day");
    resolved["result_date"] = json!("2026-04-24");
    world.post(&acts, &desk, &resolved).await.ok();
    world.fold().await;
    let clerk = world.sign_in("receiver").await;
    let waiting = world.get("/api/v1/manifests/outbound", &clerk).await.ok();
    let line = &waiting["items"][0];
    assert_eq!(
        (&line["result_number"], &line["result_date"]),
        (&json!("12/GCN"), &json!("2026-04-24")),
        "{waiting}"
    );
}

/// A State fee is paid at the counter, and somebody is authorised.
async fn pay(world: &World, agent: &str, label: &str) {
    let item = world.get(&format!("/api/v1/items/{label}"), agent).await.ok();
    let id = item["dossier_id"].as_str().expect("an id");
    let run = json!({ "series": "P1/26P", "first": 1, "last": 9 });
    let boss = world.sign_in("boss").await;
    world.post("/api/v1/receipts/series", &boss, &run).await.ok();
    world.fold().await;
    let fee = json!({ "ledger": "state_fee", "amount": 8000, "tariff": "x" });
    world
        .post(&format!("/api/v1/dossiers/{id}/charges"), agent, &fee)
        .await
        .ok();
    let paid = json!({ "ledger": "state_fee", "amount": 8000, "tender": "qr" });
    world
        .post(&format!("/api/v1/dossiers/{id}/collections"), agent, &paid)
        .await
        .ok();
    let act = json!({ "act": "represented", "scope": "both", "granted_on": "2026-04-20" });
    let desk = world.sign_in("desk").await;
    world
        .post(&format!("/api/v1/dossiers/{id}/acts"), &desk, &act)
        .await
        .ok();
    world.fold().await;
}

mod on_sqlite {
    use entity::testing::Backend;

    #[tokio::test]
    async fn minutes_say_who_gave_what_and_what_was_not_taken() {
        super::minutes_say_who_gave_what_and_what_was_not_taken(Backend::Sqlite).await;
    }

    #[tokio::test]
    async fn an_office_lists_what_came_in_and_what_lies_there() {
        super::an_office_lists_what_came_in_and_what_lies_there(Backend::Sqlite).await;
    }

    #[tokio::test]
    async fn a_list_has_a_number_and_says_what_it_weighs_and_which_result_it_carries() {
        super::a_list_has_a_number_and_says_what_it_weighs_and_which_result_it_carries(Backend::Sqlite).await;
    }
}

mod on_postgres {
    use entity::testing::Backend;

    #[tokio::test]
    async fn minutes_say_who_gave_what_and_what_was_not_taken() {
        super::minutes_say_who_gave_what_and_what_was_not_taken(Backend::Postgres).await;
    }

    #[tokio::test]
    async fn an_office_lists_what_came_in_and_what_lies_there() {
        super::an_office_lists_what_came_in_and_what_lies_there(Backend::Postgres).await;
    }

    #[tokio::test]
    async fn a_list_has_a_number_and_says_what_it_weighs_and_which_result_it_carries() {
        super::a_list_has_a_number_and_says_what_it_weighs_and_which_result_it_carries(Backend::Postgres).await;
    }
}

#[tokio::test]
async fn printed_minutes_are_one_sheet_without_script_and_a_courier_reads_no_procedure() {
    let world = World::new().await;
    let (path, ..) = handed_over(&world).await;
    let paper = format!("{path}?format=html");
    let agent = world.sign_in("agent").await;
    let printed = world.get(&paper, &agent).await;
    for words in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "BÊN GIAO",
        "niêm phong không khớp",
        "1.000001",
    ] {
        assert!(printed.text().contains(words), "{words}");
    }
    assert!(!printed.text().contains("<script"));
    let courier = world.sign_in("courier").await;
    assert!(!world.get(&paper, &courier).await.text().contains("1.000001"));
}

#[tokio::test]
async fn orders_and_chapters_are_read_by_those_they_concern_and_looks_are_written_down() {
    let world = World::new().await;
    let (dossier, label, _) = world.intake("O-1").await;
    world.intake("O-2").await;
    let desk = world.sign_in("desk").await;
    let all = world.get("/api/v1/orders?limit=1", &desk).await.ok();
    let next = all["next"].as_str().expect("a second page").to_owned();
    let rest = world
        .get(&format!("/api/v1/orders?limit=1&cursor={next}"), &desk)
        .await
        .ok();
    assert_ne!(all["orders"][0]["id"], rest["orders"][0]["id"]);
    let found = world
        .get("/api/v1/orders?number=O-1&direction=collect&state=C0", &desk)
        .await
        .ok();
    assert_eq!(found["orders"][0]["item_code"], label);
    let id = found["orders"][0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(
        world.get(&format!("/api/v1/orders/{id}"), &desk).await.ok()["order_number"],
        "O-1"
    );
    let acts = format!("/api/v1/dossiers/{dossier}/acts");
    let missing = json!({ "act": "supplement_requested", "reason": "thiếu bản sao" });
    world.post(&acts, &desk, &missing).await.ok();
    world.fold().await;
    let chapter = |name: &str| format!("/api/v1/dossiers/{dossier}/{name}");
    let told = world.get(&chapter("supplements"), &desk).await.ok();
    assert_eq!(told["acts"][0]["data"]["reason"], "thiếu bản sao");
    for empty in ["results", "surrendered-papers"] {
        assert_eq!(
            world.get(&chapter(empty), &desk).await.ok()["acts"],
            json!([]),
            "{empty}"
        );
    }
    world.get(&format!("/api/v1/items/{label}"), &desk).await.ok();
    let looks = world.get("/api/v1/accesses", &desk).await.ok();
    let looks: Vec<&Value> = looks["accesses"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|look| &look["what"])
        .collect();
    for what in [
        "orders",
        "order",
        "supplements",
        "results",
        "surrendered_papers",
        "item",
    ] {
        assert!(looks.contains(&&json!(what)), "{what}: {looks:?}");
    }
    let other = world.sign_in("other").await;
    assert_eq!(
        world.get(&format!("/api/v1/orders/{id}"), &other).await.refusal().0,
        404
    );
}

#[tokio::test]
async fn a_slip_says_what_the_contract_must_and_no_courier_prints_it() {
    let world = World::new().await;
    let (id, label, page) = world.intake("slip-1").await;
    let agent = world.sign_in("agent").await;
    let fee = json!({ "ledger": "postage", "amount": 26_500, "tariff": "x" });
    world
        .post(&format!("/api/v1/dossiers/{id}/charges"), &agent, &fee)
        .await
        .ok();
    world.fold().await;
    let orders = world.get("/api/v1/orders?number=slip-1", &agent).await.ok();
    let path = format!(
        "/api/v1/orders/{}/slip",
        orders["orders"][0]["id"].as_str().expect("an id")
    );
    let slip = world.get(&path, &agent).await.ok();
    assert_eq!((&slip["number"], &slip["item_code"]), (&json!("slip-1"), &json!(label)));
    assert_eq!(slip["sender"]["name"], "Chau Sóc Kha");
    assert_eq!(slip["receiver"]["name"], "UBND phường Tịnh Biên");
    assert_eq!(slip["procedure"], "Cấp bản sao trích lục hộ tịch");
    assert_eq!((&slip["postage"], &slip["postage_paid"]), (&json!(26_500), &json!(0)));
    assert!(slip.get("accepted_ms").is_none(), "nobody signed that it was taken");
    let mut phone = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let (_, taken) = phone.act(Kind::TakeIn, &label, EventId::ZERO);
    phone.deposit(&world, taken).await.ok();
    world.fold().await;
    assert!(world.get(&path, &agent).await.ok()["accepted_ms"].is_i64());
    let sheet = world.get(&format!("{path}?format=html"), &agent).await;
    let link = crate::picture::read(sheet.text(), "page-code").text;
    assert!(link.ends_with(&page), "the link as a picture: {link}");
    let secret = page.rsplit('/').next().expect("a part");
    assert!(!sheet.text().contains(secret), "and not as text");
    let desk = world
        .get(&format!("{path}?format=html"), &world.sign_in("desk").await)
        .await;
    assert!(
        !desk.text().contains("<svg"),
        "an agency's paper has no link of the post's"
    );
    assert_eq!(world.get(&path, &world.sign_in("courier").await).await.status, 403);
    assert_eq!(world.get(&path, &world.sign_in("agent-p2").await).await.status, 404);
}

#[tokio::test]
async fn what_went_wrong_is_listed_with_what_was_signed() {
    let world = World::new().await;
    let (_, label, _) = world.intake("wrong-1").await;
    let (_, other, _) = world.intake("wrong-2").await;
    let mut phone = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    for label in [&label, &other] {
        let (_, taken) = phone.act(Kind::TakeIn, label, EventId::ZERO);
        phone.deposit(&world, taken).await.ok();
    }
    let damaged = phone.except(&label, exception_code::DAMAGED);
    phone.deposit(&world, damaged).await.ok();
    world.fold().await;
    let boss = world.sign_in("boss").await;
    let listed = world.get("/api/v1/exceptions", &boss).await.ok();
    let all = listed["exceptions"].as_array().expect("a list");
    assert_eq!(all.len(), 1, "{listed}");
    assert_eq!(all[0]["item"]["item_code"], json!(label));
    assert_eq!(
        (&all[0]["why"], &all[0]["incidents"][0]["incident"]),
        (&json!(["incident"]), &json!("X1"))
    );
    let elsewhere = world
        .get("/api/v1/exceptions", &world.sign_in("boss-p2").await)
        .await
        .ok();
    assert_eq!(elsewhere["exceptions"], json!([]));
}

#[tokio::test]
async fn a_chapter_of_every_dossier_is_read_newest_first() {
    let world = World::new().await;
    let desk = world.sign_in("desk").await;
    let mut asked = Vec::new();
    for slip in ["chapter-1", "chapter-2", "chapter-3"] {
        let (id, _, _) = world.intake(slip).await;
        let act = json!({ "act": "supplement_requested", "reason": format!("thiếu giấy {slip}") });
        world
            .post(&format!("/api/v1/dossiers/{id}/acts"), &desk, &act)
            .await
            .ok();
        world.fold().await;
        asked.insert(0, json!(id));
    }
    let first = world.get("/api/v1/supplements?limit=2", &desk).await.ok();
    let next = format!(
        "/api/v1/supplements?limit=2&cursor={}",
        first["next"].as_str().expect("more")
    );
    let second = world.get(&next, &desk).await.ok();
    let pages = [&first, &second].map(|page| page["acts"].as_array().expect("a list"));
    let ids: Vec<_> = pages
        .into_iter()
        .flatten()
        .map(|act| act["dossier_id"].clone())
        .collect();
    assert_eq!(ids, asked);
    assert_eq!(first["acts"][0]["act"]["data"]["reason"], "thiếu giấy chapter-3");
    assert!(second.get("next").is_none());
    let results = world.get("/api/v1/results", &desk).await.ok();
    assert_eq!(results["acts"], json!([]));
    let other = world
        .get("/api/v1/supplements", &world.sign_in("other").await)
        .await
        .ok();
    assert_eq!(other["acts"], json!([]));
}

#[tokio::test]
async fn a_bag_holds_what_was_put_in_and_not_taken_out() {
    let world = World::new().await;
    let mut labels = Vec::new();
    for slip in ["bag-1", "bag-2", "bag-3"] {
        labels.push(world.intake(slip).await.1);
    }
    let mut phone = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let mut all = Vec::new();
    for label in &labels {
        let (head, taken) = phone.act(Kind::TakeIn, label, EventId::ZERO);
        phone.deposit(&world, taken).await.ok();
        all.push((label.as_str(), head));
    }
    let (packing, packed) = phone.pack(Kind::Aggregate, "TUI-1", &all);
    phone.deposit(&world, packed).await.ok();
    let out = [("TUI-1", packing), (all[1].0, packing), (all[2].0, packing)];
    let (opening, opened) = phone.pack(Kind::Disaggregate, "TUI-1", &out);
    phone.deposit(&world, opened).await.ok();
    let (_, packed) = phone.pack(Kind::Aggregate, "TUI-2", &[(all[1].0, opening)]);
    phone.deposit(&world, packed).await.ok();
    world.fold().await;
    let boss = world.sign_in("boss").await;
    let listed = world.get("/api/v1/bags", &boss).await.ok();
    let seen: Vec<(&Value, Vec<&Value>)> = listed["bags"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|bag| {
            let items = bag["items"].as_array().expect("a list").iter();
            (&bag["id"], items.map(|item| &item["item_code"]).collect())
        })
        .collect();
    let (one, two) = (json!(labels[0]), json!(labels[1]));
    assert_eq!(seen, [(&json!("TUI-2"), vec![&two]), (&json!("TUI-1"), vec![&one])]);
    assert_eq!(listed["bags"][0]["seal"], "NP-1");
    assert_eq!(listed["bags"][0]["packed_by"], json!(staff_id("courier")));
    assert_eq!(listed["bags"][0]["holder"], listed["bags"][0]["items"][0]["holder"]);
    let story = listed["bags"][1]["story"].as_array().expect("a list");
    let kinds: Vec<&Value> = story.iter().map(|step| &step["kind"]).collect();
    assert_eq!(kinds, [&json!("aggregate"), &json!("disaggregate")]);
    assert_eq!(story[0]["event_id"], json!(packing.to_string()));
    assert_eq!(story[0]["staff"], json!(staff_id("courier")));
    let holder = &listed["bags"][0]["items"][0]["holder"];
    assert_eq!(
        *holder,
        json!(format!("staff:{}", staff_id("courier"))),
        "packing moves nothing"
    );
    let elsewhere = world.get("/api/v1/bags", &world.sign_in("boss-q1").await).await.ok();
    assert_eq!(elsewhere["bags"], json!([]));
}
