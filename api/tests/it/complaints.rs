//! Complaints about the post, compensation, and feedback on the agency: from the citizen's page to the answer and the payment.

use crate::money::Counter;
use crate::world::Answer;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

const DAY_MS: i64 = 24 * 3_600_000;

impl Counter {
    fn letter(&self) -> String {
        format!("{}/letter", self.page)
    }

    /// A citizen's form, sent as a browser sends it.
    async fn sends(&self, form: &str) -> Answer {
        let request = Request::post(self.letter()).header("content-type", "application/x-www-form-urlencoded");
        let request = request.body(Body::from(form.to_owned())).expect("a request");
        let answer = self.world.send(request).await;
        self.world.fold().await;
        answer
    }

    async fn does(&self, who: &str, path: &str, body: &Value) -> Answer {
        let answer = self.world.post(path, who, body).await;
        self.world.fold().await;
        answer
    }

    async fn list(&self, who: &str, what: &str, of: &str) -> Vec<Value> {
        let list = self.world.get(&format!("/api/v1/{what}"), who).await.ok();
        list[of].as_array().expect("a list").clone()
    }
}

fn reason(answer: &Answer) -> String {
    assert_eq!(answer.refusal(), (409, "not-now".to_owned()), "{}", answer.text());
    answer.json()["detail"].as_str().expect("a reason").to_owned()
}

fn id(done: &Value) -> &str {
    done["id"].as_str().expect("an id")
}

#[tokio::test]
async fn a_citizen_complains_without_script_and_reads_the_answer_on_the_same_page() {
    let at = Counter::new().await;
    let page = at.world.get(&at.page, "").await;
    assert!(page.text().contains(&at.letter()), "the page leads to the form");
    let form = at.world.get(&at.letter(), "").await;
    assert_eq!(form.status, 200);
    assert!(form.text().contains("<form method=\"post\"") && !form.text().contains("<script"));
    let empty = at.sends("to=post&about=late&text=+&key=k0").await;
    assert!(empty.text().contains("Hãy viết nội dung khiếu nại"));
    let said = "to=post&about=late&text=H%E1%BB%93+s%C6%A1+%C4%91%E1%BA%BFn+ch%E1%BA%ADm&key=k1";
    let sent = at.sends(said).await;
    assert!(sent.text().contains("trả lời chậm nhất ngày"), "{}", sent.text());
    at.sends(said).await;
    let open = at.list(&at.agent, "complaints", "complaints").await;
    assert_eq!(open.len(), 1, "pressed twice, filed once");
    assert_eq!(
        (&open[0]["about"], &open[0]["text"]),
        (&json!("late"), &json!("Hồ sơ đến chậm"))
    );
    assert_eq!(open[0]["is_overdue"], false);
    let (register, answer) = (
        format!("/api/v1/complaints/{}/register", id(&open[0])),
        format!("/api/v1/complaints/{}/answer", id(&open[0])),
    );
    at.does(&at.agent, &register, &json!({})).await.ok();
    assert_eq!(
        reason(&at.does(&at.agent, &register, &json!({})).await),
        "the complaint is registered already"
    );
    let sorry = json!({ "outcome": "upheld", "text": "Bưu điện xin lỗi và hoàn lại giá cước." });
    for wrong in [
        json!({ "outcome": "withdrawn", "text": "x" }),
        json!({ "outcome": "upheld", "text": " " }),
    ] {
        assert_eq!(at.does(&at.agent, &answer, &wrong).await.refusal().0, 422, "{wrong}");
    }
    assert_eq!(at.does(&at.desk, &answer, &sorry).await.refusal().0, 403);
    let stranger = at.world.sign_in("far").await;
    assert_eq!(at.does(&stranger, &answer, &sorry).await.refusal().0, 403);
    at.does(&at.agent, &answer, &sorry).await.ok();
    assert_eq!(
        reason(&at.does(&at.agent, &answer, &sorry).await),
        "the complaint was answered or taken back"
    );
    let read = at.world.get(&format!("{}?lang=en", at.letter()), "").await;
    assert!(read.text().contains("upheld. Bưu điện xin lỗi"), "{}", read.text());
    let wrong = at.world.get("/t/0123456789ABCDEFGHJKMNPQRS/letter", "").await;
    assert_eq!(wrong.status, 404);
    // What was written is beside the log, which everybody may one day read.
    let acts = at
        .world
        .get(&format!("/api/v1/dossiers/{}", at.dossier), &at.desk)
        .await
        .ok();
    assert!(!acts.to_string().contains("chậm"));
}

#[tokio::test]
async fn an_office_answers_for_what_left_it_long_ago_and_opens_the_dossier_no_more() {
    let mut at = Counter::new().await;
    let (dossier, _, page) = at.world.intake("old").await;
    (at.dossier, at.page) = (dossier, page);
    at.world.clock.advance(40 * DAY_MS);
    at.sends("to=post&about=late&text=ch%E1%BA%ADm&key=k1").await;
    let agent = at.world.sign_in("agent").await;
    let open = at.list(&agent, "complaints", "complaints").await;
    assert_eq!(open.len(), 1, "it went through this office");
    let register = format!("/api/v1/complaints/{}/register", id(&open[0]));
    at.does(&agent, &register, &json!({})).await.ok();
    let dossier = at.world.get(&format!("/api/v1/dossiers/{}", at.dossier), &agent).await;
    assert_eq!(dossier.refusal(), (404, "not-found".to_owned()), "the week is over");
    let elsewhere = at.world.sign_in("agent-p2").await;
    assert_eq!(
        at.list(&elsewhere, "complaints", "complaints").await,
        Vec::<Value>::new()
    );
    assert_eq!(at.does(&elsewhere, &register, &json!({})).await.refusal().0, 404);
}

#[tokio::test]
async fn a_complaint_without_an_answer_is_shown_as_overdue_after_its_last_day() {
    let at = Counter::new().await;
    let filed = at
        .does(
            &at.desk,
            &at.of_dossier("complaints"),
            &json!({ "about": "conduct", "text": "…" }),
        )
        .await
        .ok();
    // Five working days after Friday 24 April.
    assert_eq!(filed["by"], "2026-05-01");
    for (days, overdue) in [(7, 0), (1, 1)] {
        at.world.clock.advance(days * DAY_MS);
        let agent = at.world.sign_in("agent").await;
        let late = at.list(&agent, "complaints?overdue=true", "complaints").await;
        assert_eq!(late.len(), overdue, "after {days} more days");
    }
    let wrong = at
        .does(
            &at.world.sign_in("desk").await,
            &at.of_dossier("complaints"),
            &json!({ "about": "weather" }),
        )
        .await;
    assert_eq!(wrong.refusal().0, 422);
}

#[tokio::test]
async fn compensation_has_the_laws_floor_two_signatures_and_thirty_days() {
    let at = Counter::new().await;
    at.charge("postage", 26_000).await;
    at.open().await;
    at.collect("postage", 26_000).await.ok();
    at.world.fold().await;
    let claims = at.of_dossier("compensations");
    let claim = |more: Value| {
        let mut body = json!({ "item_code": at.label, "harm": "lost", "fault": "post", "reissue_costs": 8000 });
        for (name, value) in more.as_object().expect("fields") {
            body[name] = value.clone();
        }
        body
    };
    for (more, why) in [
        (json!({ "fault": "agency" }), "the fault is not the post's"),
        (json!({ "force_majeure": true }), "it was force majeure"),
        (
            json!({ "harm": "damaged", "taken_without_objection": true }),
            "the receiver did not object at receipt",
        ),
        (
            json!({ "postage": 26001 }),
            "more postage than was charged for the dossier",
        ),
        (
            json!({ "item_code": "RR473124829VN" }),
            "the dossier has no such item, complaint or event",
        ),
        (
            json!({ "incident_event_id": "00" }),
            "the dossier has no such item, complaint or event",
        ),
    ] {
        assert_eq!(
            reason(&at.does(&at.agent, &claims, &claim(more.clone())).await),
            why,
            "{more}"
        );
    }
    let filed = at
        .does(&at.agent, &at.of_dossier("complaints"), &json!({ "about": "lost" }))
        .await
        .ok();
    let assessed = at
        .does(&at.agent, &claims, &claim(json!({ "complaint_id": filed["id"] })))
        .await
        .ok();
    let step = |verb: &str| format!("/api/v1/compensations/{}/{verb}", id(&assessed));
    let decision = |amount: i64| {
        json!({ "record_number": "01/BB-TB", "accepted_place": "Bưu cục Tịnh Biên", "reason": "mất trên đường",
            "amount": amount })
    };
    assert_eq!(
        at.does(&at.agent, &step("decide"), &decision(112_000))
            .await
            .refusal()
            .0,
        403
    );
    // Four times 26.000 and 8.000 for new papers.
    assert_eq!(
        reason(&at.does(&at.boss, &step("decide"), &decision(111_999)).await),
        "less than the law's floor"
    );
    let decided = at.does(&at.boss, &step("decide"), &decision(112_000)).await.ok();
    assert_eq!(decided["by"], "2026-05-24");
    let (approve, pay) = (step("approve"), step("pay"));
    assert_eq!(
        reason(&at.does(&at.boss, &approve, &json!({})).await),
        "whoever decided does not approve"
    );
    let paid_by = json!({ "tender": "qr" });
    assert_eq!(
        reason(&at.does(&at.boss, &pay, &paid_by).await),
        "the claim is not approved yet"
    );
    let deputy = at.world.sign_in("deputy").await;
    at.does(&deputy, &approve, &json!({})).await.ok();
    at.does(&at.boss, &pay, &paid_by).await.ok();
    assert_eq!(
        reason(&at.does(&at.boss, &pay, &paid_by).await),
        "the claim is settled already"
    );
    let listed = at.list(&at.agent, "compensations", "compensations").await;
    assert_eq!(
        (&listed[0]["state"], &listed[0]["amount"]),
        (&json!("paid"), &json!(112_000))
    );
    assert_eq!(listed[0]["complaint_id"], filed["id"]);
    let report = at.world.get("/api/v1/reports/tt17?period=2026-Q2", &at.boss).await.ok();
    assert_eq!(
        (
            &report["postage_vnd"],
            &report["compensation_vnd"],
            &report["complaints"]
        ),
        (&json!(26_000), &json!(112_000), &json!(1))
    );
}

#[tokio::test]
async fn feedback_is_a_mark_or_a_text_for_the_agency_to_answer_and_publish() {
    let at = Counter::new().await;
    let nothing = at.sends("to=agency&rating=&text=&key=a1&lang=vi").await;
    assert!(nothing.text().contains("cần chấm điểm hoặc viết nội dung phản ánh"));
    let mark = at.sends("to=agency&rating=5&text=&key=a2").await;
    assert!(mark.text().contains("Cơ quan đã nhận phản ánh"));
    at.sends("to=agency&rating=2&text=L%C3%A2u+qu%C3%A1&key=a3").await;
    let given = at.list(&at.desk, "feedback", "feedback").await;
    assert_eq!(given.len(), 2);
    assert_eq!((&given[0]["rating"], &given[0]["stages"]), (&json!(5), &json!([])));
    assert_eq!(
        (&given[1]["text"], &given[1]["stages"][0]["stage"]),
        (&json!("Lâu quá"), &json!("received"))
    );
    let step = |verb: &str| format!("/api/v1/feedback/{}/{verb}", id(&given[1]));
    let why = "this does not follow what was done before";
    assert_eq!(reason(&at.does(&at.desk, &step("publish"), &json!({})).await), why);
    let stranger = at.world.sign_in("other").await;
    assert_eq!(at.does(&stranger, &step("answer"), &json!({})).await.refusal().0, 404);
    at.does(&at.desk, &step("ask"), &json!({ "text": "Ngày nào?" }))
        .await
        .ok();
    at.does(&at.desk, &step("answer"), &json!({ "text": "Đã rút kinh nghiệm." }))
        .await
        .ok();
    at.does(&at.desk, &step("publish"), &json!({})).await.ok();
    assert_eq!(reason(&at.does(&at.desk, &step("refuse"), &json!({})).await), why);
    let page = at.world.get(&at.letter(), "").await;
    assert!(
        page.text().contains("đã công khai câu trả lời Đã rút kinh nghiệm."),
        "{}",
        page.text()
    );
    let wrong = at
        .does(&at.desk, &at.of_dossier("feedback"), &json!({ "rating": 6 }))
        .await;
    assert_eq!(wrong.refusal().0, 422);
}
