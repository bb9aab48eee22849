//! Fees and postage of a dossier, receipts, shifts with two signatures, and fees on their way to the agency.

use crate::phone::Phone;
use crate::world::{Answer, World, agency_id, staff_id};
use axum::body::Body;
use axum::http::Request;
use custody::ids::EventId;
use custody::kind::Kind;
use domain::hat::Hat;
use serde_json::{Value, json};

/// A dossier that lies at the counter of the first office, whose supervisor has a series of receipts.
pub(crate) struct Counter {
    pub(crate) world: World,
    pub(crate) dossier: String,
    pub(crate) label: String,
    pub(crate) page: String,
    pub(crate) agent: String,
    pub(crate) boss: String,
    pub(crate) desk: String,
}

impl Counter {
    pub(crate) async fn new() -> Self {
        let world = World::new().await;
        let (dossier, label, page) = world.intake("S1").await;
        let mut phone = Phone::enrolled(&world, 5, Hat::PostAgent, staff_id("agent")).await;
        let (_, taken) = phone.act(Kind::TakeIn, &label, EventId::ZERO);
        phone.deposit(&world, taken).await.ok();
        world.fold().await;
        let (agent, boss, desk) = (
            world.sign_in("agent").await,
            world.sign_in("boss").await,
            world.sign_in("desk").await,
        );
        let series = json!({ "series": "AA/26P", "first": 1, "last": 3 });
        world.post("/api/v1/receipts/series", &boss, &series).await.ok();
        Self {
            world,
            dossier,
            label,
            page,
            agent,
            boss,
            desk,
        }
    }

    pub(crate) fn of_dossier(&self, what: &str) -> String {
        format!("/api/v1/dossiers/{}/{what}", self.dossier)
    }

    pub(crate) async fn tell(&self, who: &str, what: &str, body: &Value) -> Answer {
        self.world.post(&self.of_dossier(what), who, body).await
    }

    pub(crate) async fn money(&self) -> Value {
        self.world.fold().await;
        self.world.get(&self.of_dossier("money"), &self.agent).await.ok()
    }

    pub(crate) async fn charge(&self, ledger: &str, amount: i64) {
        let body = json!({ "ledger": ledger, "amount": amount, "currency": "VND", "tariff": "biểu giá 2026" });
        self.tell(&self.agent, "charges", &body).await.ok();
    }

    /// The id of a shift of the office's drawer.
    pub(crate) async fn open(&self) -> String {
        let opened = self.world.post("/api/v1/shifts", &self.agent, &json!({})).await.ok();
        opened["id"].as_str().expect("an id").to_owned()
    }

    pub(crate) async fn collect(&self, ledger: &str, amount: i64) -> Answer {
        let body = json!({ "ledger": ledger, "amount": amount, "tender": "cash" });
        self.tell(&self.agent, "collections", &body).await
    }
}

/// Charged, exempted, collected, refunded, owed and held of a ledger.
fn sums(money: &Value, ledger: &str) -> [i64; 6] {
    let ledgers = money["ledgers"].as_array().expect("three");
    let found = ledgers.iter().find(|one| one["ledger"] == ledger).expect("a ledger");
    ["charged", "exempted", "collected", "refunded", "owed", "held"]
        .map(|name| found[name].as_i64().expect("whole đồng"))
}

fn reason(answer: &Answer) -> String {
    assert_eq!(answer.refusal(), (409, "not-now".to_owned()), "{}", answer.text());
    answer.json()["detail"].as_str().expect("a reason").to_owned()
}

#[tokio::test]
async fn three_ledgers_of_a_dossier_stay_apart_and_tell_their_sources() {
    let at = Counter::new().await;
    at.charge("postage", 26_000).await;
    let instructed = json!({ "ledger": "state_fee", "amount": 8000, "currency": "VND",
        "instruction": { "number": "05/TB", "date": "2026-04-20" } });
    at.tell(&at.desk, "charges", &instructed).await.ok();
    let spared = json!({ "ledger": "postage", "amount": 13000, "class": "poor_household",
        "decision": { "number": "HN-0123", "date": "2026-01-05" } });
    at.tell(&at.agent, "exemptions", &spared).await.ok();
    at.open().await;
    // Told at once, not yet folded: what is owed is known all the same.
    assert_eq!(reason(&at.collect("postage", 13_001).await), "more than is still owed");
    at.collect("postage", 13_000).await.ok();
    assert_eq!(reason(&at.collect("postage", 1).await), "more than is still owed");
    let fee = at.collect("state_fee", 8_000).await.ok();
    assert_eq!(fee["receipt"], "P1 AA/26P 0000001");
    let money = at.money().await;
    assert_eq!(sums(&money, "postage"), [26_000, 13_000, 13_000, 0, 0, 13_000]);
    assert_eq!(sums(&money, "state_fee"), [8_000, 0, 8_000, 0, 0, 8_000]);
    assert_eq!(sums(&money, "other"), [0; 6]);
    let lines = money["lines"].as_array().expect("lines");
    assert_eq!(lines.len(), 5);
    assert!(
        lines
            .iter()
            .all(|line| line["counts"] == true && line["currency"] == "VND")
    );
    assert_eq!(
        lines[1]["paper"],
        json!({ "issuer": "A", "number": "05/TB", "date": "2026-04-20" })
    );
    assert_eq!(lines[4]["words_vi"], "Phí, lệ phí: đã thu 8.000 ₫ (tiền mặt)");
    let charges = at.world.get(&at.of_dossier("charges"), &at.desk).await.ok();
    assert_eq!(charges["lines"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn what_lacks_its_source_or_is_not_ones_own_to_charge_is_refused() {
    let at = Counter::new().await;
    for body in [
        json!({ "ledger": "postage", "amount": 26000 }),
        json!({ "ledger": "state_fee", "amount": 8000 }),
        json!({ "ledger": "other", "amount": 8000, "tariff": "x" }),
        json!({ "ledger": "gold", "amount": 8000, "tariff": "x" }),
        json!({ "ledger": "state_fee", "amount": 0, "tariff": "x" }),
        json!({ "ledger": "state_fee", "amount": 8000, "tariff": "x", "currency": "USD" }),
        json!({ "ledger": "state_fee", "amount": 8000, "instruction": { "number": " ", "date": "2026-04-20" } }),
        json!({ "ledger": "state_fee", "amount": 8000, "instruction": { "number": "5", "date": "soon" } }),
    ] {
        let refused = at.tell(&at.agent, "charges", &body).await;
        assert_eq!(refused.refusal(), (422, "invalid-request".to_owned()), "{body}");
    }
    let other = json!({ "ledger": "other", "amount": 8000, "instruction": { "number": "5/TB", "date": "2026-04-20" } });
    let refused = at.tell(&at.agent, "charges", &other).await;
    assert_eq!(
        reason(&refused),
        "the rules in force do not let the post take other obligations"
    );
    let postage = json!({ "ledger": "postage", "amount": 26000, "tariff": "x" });
    assert_eq!(at.tell(&at.desk, "charges", &postage).await.refusal().0, 403);
    let stranger = at.world.sign_in("other").await;
    for what in ["charges", "exemptions", "collections", "refunds", "money"] {
        let seen = at.world.get(&at.of_dossier(what), &stranger).await;
        assert_eq!(seen.refusal(), (404, "not-found".to_owned()), "{what}");
    }
    let fee = json!({ "ledger": "state_fee", "amount": 8000, "tariff": "x" });
    assert_eq!(at.tell(&stranger, "charges", &fee).await.refusal().0, 404);
    let courier = at.world.sign_in("courier").await;
    assert_eq!(at.tell(&courier, "charges", &fee).await.refusal().0, 403);
}

#[tokio::test]
async fn a_repeated_payment_with_one_key_is_taken_once() {
    let at = Counter::new().await;
    at.charge("state_fee", 16_000).await;
    at.open().await;
    let body = json!({ "ledger": "state_fee", "amount": 8000, "tender": "cash" });
    let pay = async |body: &Value| {
        let request = Request::post(at.of_dossier("collections"))
            .header("authorization", format!("Bearer {}", at.agent))
            .header("idempotency-key", "k1");
        let request = request.body(Body::from(body.to_string())).expect("a request");
        at.world.send(request).await
    };
    let first = pay(&body).await.ok();
    assert_eq!(pay(&body).await.ok(), first);
    let other = json!({ "ledger": "state_fee", "amount": 7000, "tender": "cash" });
    assert_eq!(pay(&other).await.refusal(), (422, "key-reused".to_owned()));
    assert_eq!(
        sums(&at.money().await, "state_fee"),
        [16_000, 0, 8_000, 0, 8_000, 8_000]
    );
}

#[tokio::test]
async fn receipts_run_on_without_holes_are_voided_and_end() {
    let at = Counter::new().await;
    at.charge("state_fee", 40_000).await;
    at.open().await;
    let first = at.collect("state_fee", 8_000).await.ok();
    assert_eq!(first["receipt"], "P1 AA/26P 0000001");
    let void = "/api/v1/receipts/AA%2F26P/1/void";
    let spoiled = json!({ "reason": "in hỏng" });
    assert_eq!(
        reason(&at.world.post(void, &at.agent, &json!({ "reason": " " })).await),
        "voiding a receipt needs a reason"
    );
    at.world.post(void, &at.agent, &spoiled).await.ok();
    assert_eq!(
        reason(&at.world.post(void, &at.agent, &spoiled).await),
        "the receipt is void already"
    );
    let missing = at
        .world
        .post("/api/v1/receipts/AA%2F26P/9/void", &at.agent, &spoiled)
        .await;
    assert_eq!(missing.refusal().0, 404);
    // The money stays: it gets another receipt, with the next number.
    let again = at
        .tell(&at.agent, "receipts", &json!({ "of": first["event_id"] }))
        .await
        .ok();
    assert_eq!(again["receipt"], "P1 AA/26P 0000002");
    let twice = at
        .tell(&at.agent, "receipts", &json!({ "of": first["event_id"] }))
        .await;
    assert_eq!(reason(&twice), "it has a receipt that is not void");
    assert_eq!(
        at.collect("state_fee", 8_000).await.ok()["receipt"],
        "P1 AA/26P 0000003"
    );
    assert_eq!(
        reason(&at.collect("state_fee", 8_000).await),
        "this office has no receipt numbers left: allot a series"
    );
    let known = json!({ "series": "AA/26P", "first": 4, "last": 9 });
    let refused = at.world.post("/api/v1/receipts/series", &at.boss, &known).await;
    assert_eq!(reason(&refused), "this office has that series already");
    let next = json!({ "series": "AB/26P", "first": 7, "last": 9 });
    at.world.post("/api/v1/receipts/series", &at.boss, &next).await.ok();
    assert_eq!(
        at.collect("state_fee", 8_000).await.ok()["receipt"],
        "P1 AB/26P 0000007"
    );
    let money = at.money().await;
    let receipts = money["receipts"].as_array().expect("receipts");
    assert_eq!(receipts.len(), 4);
    assert_eq!(receipts[0]["void_reason"], "in hỏng");
    let series = at.world.get("/api/v1/receipts/series", &at.agent).await.ok();
    assert_eq!(
        (&series["series"][0]["given"], &series["series"][1]["given"]),
        (&json!(3), &json!(7))
    );
}

#[tokio::test]
async fn money_goes_back_by_decision_and_the_way_it_was_paid() {
    let at = Counter::new().await;
    at.charge("state_fee", 8_000).await;
    at.open().await;
    let paid = at.collect("state_fee", 8_000).await.ok();
    let back = |amount: i64, tender: &str| {
        json!({ "ledger": "state_fee", "amount": amount, "tender": tender, "of": paid["event_id"],
            "decision": { "number": "15/QĐ-UBND", "date": "2026-04-24" } })
    };
    assert_eq!(
        reason(&at.tell(&at.agent, "refunds", &back(8_000, "qr")).await),
        "it is given back the way it was paid"
    );
    assert_eq!(
        reason(&at.tell(&at.agent, "refunds", &back(1_000, "cash")).await),
        "a State fee is given back whole: its receipt becomes void"
    );
    assert_eq!(
        at.tell(&at.desk, "refunds", &back(8_000, "cash")).await.refusal().0,
        403
    );
    at.tell(&at.agent, "refunds", &back(8_000, "cash")).await.ok();
    let again = reason(&at.tell(&at.agent, "refunds", &back(8_000, "cash")).await);
    assert!(again.starts_with("more than the post holds"), "{again}");
    let money = at.money().await;
    assert_eq!(sums(&money, "state_fee"), [8_000, 0, 8_000, 8_000, 0, 0]);
    assert_eq!(money["receipts"][0]["void_reason"], "đã hoàn trả phí, lệ phí");
}

#[tokio::test]
async fn a_couriers_cash_is_folded_from_the_signed_event_and_gets_its_receipt_at_the_counter() {
    let at = Counter::new().await;
    at.charge("state_fee", 8_000).await;
    let mut phone = Phone::enrolled(&at.world, 6, Hat::Carrier, staff_id("courier")).await;
    let (event, paid) = phone.cash(&at.label, "state_fee", 8_000);
    phone.deposit(&at.world, paid).await.ok();
    // Nobody owed this: it is kept, shown and not counted.
    let (_, too_much) = phone.cash(&at.label, "postage", 1_000);
    phone.deposit(&at.world, too_much).await.ok();
    let money = at.money().await;
    assert_eq!(sums(&money, "state_fee"), [8_000, 0, 8_000, 0, 0, 8_000]);
    let lines = money["lines"].as_array().expect("lines");
    assert_eq!(
        (&lines[1]["by"], &lines[1]["event_id"]),
        (&json!("courier"), &json!(event.to_string()))
    );
    assert_eq!(lines[2]["counts"], false);
    assert_eq!(
        lines[2]["words_vi"],
        "Giá cước: đã thu 1.000 ₫ (tiền mặt); chưa tính vào sổ: vượt quá số còn phải nộp"
    );
    let issued = at
        .tell(&at.agent, "receipts", &json!({ "of": event.to_string() }))
        .await
        .ok();
    assert_eq!(issued["receipt"], "P1 AA/26P 0000001");
    let bag = json!({ "courier": staff_id("courier") });
    let shift = at.world.post("/api/v1/shifts", &at.agent, &bag).await.ok();
    let id = shift["id"].as_str().expect("an id");
    let counted = json!({ "counted": { "postage": 1000, "state_fee": 8000 } });
    at.world
        .post(&format!("/api/v1/shifts/{id}/close"), &at.agent, &counted)
        .await
        .ok();
}

#[tokio::test]
async fn a_shift_closes_with_two_counts_of_two_people_or_not_at_all() {
    let at = Counter::new().await;
    at.charge("postage", 26_000).await;
    at.charge("state_fee", 8_000).await;
    assert_eq!(
        reason(&at.collect("postage", 26_000).await),
        "open a shift for this till first"
    );
    let id = at.open().await;
    assert_eq!(
        reason(&at.world.post("/api/v1/shifts", &at.agent, &json!({})).await),
        "the shift before is not closed with two signatures"
    );
    at.collect("postage", 26_000).await.ok();
    at.collect("state_fee", 8_000).await.ok();
    let (close, sign) = (
        format!("/api/v1/shifts/{id}/close"),
        format!("/api/v1/shifts/{id}/countersign"),
    );
    let count = |postage: i64, fee: i64, why: Option<&str>| {
        let mut body = json!({ "counted": { "postage": postage, "state_fee": fee, "currency": "VND" } });
        if let Some(why) = why {
            body["explanation"] = json!(why);
        }
        body
    };
    assert_eq!(
        reason(&at.world.post(&sign, &at.boss, &count(26_000, 8_000, None)).await),
        "the keeper has not counted yet"
    );
    // A lack of fee is not made up by postage.
    assert_eq!(
        reason(&at.world.post(&close, &at.agent, &count(27_000, 7_000, None)).await),
        "what was counted differs from the books: explain it"
    );
    at.world
        .post(&close, &at.agent, &count(26_000, 7_000, Some("trả lại nhầm 1.000 ₫")))
        .await
        .ok();
    assert_eq!(
        reason(&at.world.post(&sign, &at.agent, &count(26_000, 7_000, None)).await),
        "the second signature is another person's"
    );
    assert_eq!(
        reason(&at.world.post(&sign, &at.boss, &count(26_000, 8_000, None)).await),
        "the two counts differ: count again together"
    );
    at.world.post(&sign, &at.boss, &count(26_000, 7_000, None)).await.ok();
    assert_eq!(
        reason(&at.world.post(&close, &at.agent, &count(0, 0, None)).await),
        "the shift is closed with two signatures"
    );
    at.world.fold().await;
    let shifts = at.world.get("/api/v1/shifts", &at.boss).await.ok();
    let shift = &shifts["shifts"][0];
    assert_eq!(
        (&shift["state"], &shift["differences"]["state_fee"]),
        (&json!("closed"), &json!(-1000))
    );
    assert_eq!(shift["countersigned_by"], format!("staff:{}", staff_id("boss")));
    // What was handed over is out of the drawer: the next shift begins with nothing.
    let next = at.open().await;
    let nothing = at
        .world
        .post(&format!("/api/v1/shifts/{next}/close"), &at.agent, &count(0, 0, None))
        .await;
    nothing.ok();
    let stranger = at.world.sign_in("agent-p2").await;
    let strange = at
        .world
        .post(&format!("/api/v1/shifts/{next}/close"), &stranger, &count(0, 0, None))
        .await;
    assert_eq!(strange.refusal().0, 404);
}

#[tokio::test]
async fn a_fee_goes_to_its_agency_in_one_statement_and_once() {
    let at = Counter::new().await;
    at.charge("state_fee", 16_000).await;
    at.open().await;
    let first = at.collect("state_fee", 8_000).await.ok();
    at.collect("state_fee", 8_000).await.ok();
    at.world.fold().await;
    let open = at.world.get("/api/v1/remittances/outstanding", &at.agent).await.ok();
    assert_eq!(
        (&open["agencies"][0]["total"], &open["agencies"][0]["currency"]),
        (&json!(16_000), &json!("VND"))
    );
    let to = |receipts: Option<Value>| {
        let mut body = json!({ "agency_id": agency_id("A") });
        if let Some(receipts) = receipts {
            body["receipts"] = receipts;
        }
        body
    };
    let state = async |body: Value| at.world.post("/api/v1/remittances", &at.agent, &body).await;
    assert_eq!(
        reason(&state(json!({ "agency_id": agency_id("B") })).await),
        "a statement needs a receipt"
    );
    assert_eq!(
        reason(&state(to(Some(json!(["P1 AA/26P 0000009"])))).await),
        "this office has no such receipt"
    );
    let made = state(to(Some(json!(["P1 AA/26P 0000001"])))).await.ok();
    let id = made["id"].as_str().expect("an id");
    // Nothing is folded in between: the statement of a moment ago is known all the same.
    let twice = state(to(Some(json!(["P1 AA/26P 0000001"])))).await;
    assert_eq!(reason(&twice), "a receipt stands in another statement");
    let back = json!({ "ledger": "state_fee", "amount": 8000, "tender": "cash", "of": first["event_id"],
        "decision": { "number": "15/QĐ-UBND", "date": "2026-04-24" } });
    assert_eq!(
        reason(&at.tell(&at.agent, "refunds", &back).await),
        "its receipt stands in a statement for the agency"
    );
    let confirm = format!("/api/v1/remittances/{id}/confirm");
    let stranger = at.world.sign_in("other").await;
    let counted = |sum: i64| json!({ "counted": sum, "currency": "VND" });
    assert_eq!(
        at.world.post(&confirm, &stranger, &counted(8_000)).await.refusal().0,
        404
    );
    assert_eq!(
        at.world.post(&confirm, &at.agent, &counted(8_000)).await.refusal().0,
        403
    );
    assert_eq!(
        reason(&at.world.post(&confirm, &at.desk, &counted(7_999)).await),
        "the agency counted another sum than the receipts have"
    );
    at.world.post(&confirm, &at.desk, &counted(8_000)).await.ok();
    assert_eq!(
        reason(&at.world.post(&confirm, &at.desk, &counted(8_000)).await),
        "the remittance is settled already"
    );
    let money = at.money().await;
    assert_eq!(sums(&money, "state_fee"), [16_000, 0, 16_000, 0, 0, 8_000]);
    let second = state(to(None)).await.ok();
    let withdraw = format!("/api/v1/remittances/{}/withdraw", second["id"].as_str().expect("an id"));
    at.world
        .post(&withdraw, &at.boss, &json!({ "reason": "đếm lại" }))
        .await
        .ok();
    at.world.fold().await;
    for (who, total) in [(&at.agent, 8_000), (&at.desk, 8_000)] {
        let open = at.world.get("/api/v1/remittances/outstanding", who).await.ok();
        assert_eq!(open["agencies"][0]["total"], total);
    }
    let list = at.world.get("/api/v1/remittances", &at.desk).await.ok();
    assert_eq!(list["remittances"].as_array().map(Vec::len), Some(1));
    assert_eq!(list["remittances"][0]["state"], "confirmed");
}
