//! The citizen's page.

use crate::phone::Phone;
use crate::world::{Answer, World, staff_id};
use axum::body::Body;
use axum::http::Request;
use custody::ids::EventId;
use custody::kind::Kind;
use domain::hat::Hat;
use serde_json::json;

/// What every page keeps to.
fn is_a_quiet_page(answer: &Answer) {
    let text = answer.text();
    assert!(answer.body.len() <= 14 * 1024, "{} bytes", answer.body.len());
    assert!(
        !text.contains("<script") && !text.contains("javascript:") && !text.contains(" style="),
        "no script, no inline style"
    );
    assert!(
        !text.contains("http://") && !text.contains("https://"),
        "nothing is loaded from elsewhere"
    );
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("cache-control"), "private, no-store");
    assert!(answer.header("x-robots-tag").contains("noindex"));
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"));
}

#[tokio::test]
async fn a_citizen_reads_where_the_dossier_is_who_has_it_and_what_comes_next() {
    let world = World::new().await;
    let (_, label, page) = world.intake("S1").await;
    Phone::with(&world, &label).await;
    let shown = world.get(&page, "").await;
    assert_eq!(shown.status, 200);
    is_a_quiet_page(&shown);
    let text = shown.text();
    assert!(text.contains("<html lang=\"vi\">"));
    assert!(text.contains("Bưu điện đã nhận, đang chuyển đến cơ quan"), "{text}");
    assert!(text.contains("Bưu tá của Bưu cục Tịnh Biên"));
    assert!(text.contains("Cơ quan sẽ ký biên bản giao nhận"));
    assert_eq!(text.matches("aria-current=\"step\"").count(), 1);
    for private in [
        "Chau Sóc Kha",
        "0912",
        "912345678",
        "ấp Vĩnh Hạ",
        "Người courier",
        "1.000001",
    ] {
        assert!(!text.contains(private), "{private}");
    }
    let english = world.get(&format!("{page}?lang=en"), "").await;
    is_a_quiet_page(&english);
    assert!(english.text().contains("<html lang=\"en\">"));
    assert!(english.text().contains("A courier of Bưu cục Tịnh Biên"));
}

#[tokio::test]
async fn what_the_post_has_not_taken_over_is_still_with_its_sender() {
    let world = World::new().await;
    let (_, _, page) = world.intake("S1").await;
    let shown = world.get(&page, "").await;
    assert!(shown.text().contains("<p>Bạn"), "{}", shown.text());
    let english = world.get(&format!("{page}?lang=en"), "").await;
    assert!(english.text().contains("<p>You"), "{}", english.text());
}

#[tokio::test]
async fn a_due_date_is_shown_with_the_days_it_skipped() {
    let world = World::new().await;
    let (id, label, page) = world.intake("S1").await;
    Phone::with(&world, &label).await;
    let desk = world.sign_in("desk").await;
    for act in [
        json!({ "act": "lodged" }),
        json!({ "act": "received", "code": "H01.1" }),
        json!({ "act": "processing" }),
    ] {
        world
            .post(&format!("/api/v1/dossiers/{id}/acts"), &desk, &act)
            .await
            .ok();
        world.clock.advance(60_000);
        world.fold().await;
    }
    let text = world.get(&page, "").await.text().to_owned();
    assert!(text.contains("04/05/2026"), "{text}");
    assert!(text.contains("30/04/2026") && text.contains("Ngày Chiến thắng"));
    assert!(text.contains("H01.1"));
}

#[tokio::test]
async fn two_stories_about_one_item_are_said_to_be_reconciled() {
    let world = World::new().await;
    let (_, label, page) = world.intake("S1").await;
    for (seed, login) in [(1, "courier"), (2, "agent")] {
        let hat = if login == "courier" {
            Hat::Carrier
        } else {
            Hat::PostAgent
        };
        let mut phone = Phone::enrolled(&world, seed, hat, staff_id(login)).await;
        let (_, taken) = phone.act(Kind::TakeIn, &label, EventId::ZERO);
        phone.deposit(&world, taken).await.ok();
    }
    world.fold().await;
    assert!(world.get(&page, "").await.text().contains("Đang đối chiếu"));
    assert!(
        world
            .get(&format!("{page}?lang=en"), "")
            .await
            .text()
            .contains("Being reconciled")
    );
}

#[tokio::test]
async fn a_wrong_link_is_not_found_with_one_answer() {
    let world = World::new().await;
    let (_, label, page) = world.intake("S1").await;
    let answers = [
        world.get("/t/0123456789ABCDEFGHJKMNPQRS", "").await,
        world.get(&format!("/t/{label}"), "").await,
        world.get("/t/x", "").await,
    ];
    for answer in &answers {
        assert_eq!(answer.status, 404);
        is_a_quiet_page(answer);
        assert_eq!(answer.body, answers[0].body);
    }
    assert_eq!(
        world.get(&page.to_lowercase(), "").await.status,
        200,
        "typed in lower case"
    );
}

#[tokio::test]
async fn a_page_is_gone_ninety_days_after_its_dossier_was_closed() {
    let world = World::new().await;
    let (id, label, page) = world.intake("S1").await;
    Phone::with(&world, &label).await;
    let desk = world.sign_in("desk").await;
    for act in [
        json!({ "act": "lodged" }),
        json!({ "act": "not_accepted", "reason": "Sai thẩm quyền" }),
    ] {
        world
            .post(&format!("/api/v1/dossiers/{id}/acts"), &desk, &act)
            .await
            .ok();
        world.clock.advance(1_000);
        world.fold().await;
    }
    let text = world.get(&page, "").await.text().to_owned();
    assert!(
        text.contains("Cơ quan không tiếp nhận") && text.contains("Sai thẩm quyền"),
        "{text}"
    );
    world.clock.advance(90 * 24 * 3600 * 1000);
    assert_eq!(world.get(&page, "").await.status, 404);
}

#[tokio::test]
async fn a_code_alone_gets_one_answer_whether_it_exists_or_not() {
    let world = World::new().await;
    let (_, label, page) = world.intake("S1").await;
    let ask = async |code: &str| {
        let request = Request::post("/t/").header("content-type", "application/x-www-form-urlencoded");
        world
            .send(request.body(Body::from(format!("code={code}"))).expect("a request"))
            .await
    };
    let (known, unknown) = (ask(&label).await, ask("RR473124829VN").await);
    assert_eq!(known.status, 200);
    is_a_quiet_page(&known);
    assert_eq!(known.body, unknown.body);
    let secret = page.strip_prefix("/t/").expect("a page");
    let found = ask(secret).await;
    assert_eq!((found.status.as_u16(), found.header("location")), (303, page.as_str()));
    let form = world.get("/t/", "").await;
    is_a_quiet_page(&form);
    assert!(form.text().contains("<label for=\"code\">"));
    assert!(world.get("/t/?lang=en", "").await.text().contains("Look up"));
}

#[tokio::test]
async fn the_first_page_leads_to_the_look_up_and_the_document() {
    let world = World::new().await;
    let home = world.get("/", "").await;
    is_a_quiet_page(&home);
    assert!(home.text().contains("href=\"/t/\"") && home.text().contains("href=\"/api/openapi.json\""));
}
