//! The official calendar over HTTP: due dates explained, notices entered.

use crate::world::World;
use serde_json::{Value, json};

fn swap() -> Value {
    json!({
        "number": "Thông báo 1/TB-THU", "published": "2026-04-20", "calendars": ["state", "post"],
        "days_off": [{ "date": "2026-04-28", "why": "Nghỉ hoán đổi", "why_en": "Swapped day off" }],
        "days_worked": [{ "date": "2026-05-02", "why": "Làm bù", "why_en": "Worked instead" }]
    })
}

#[tokio::test]
async fn anybody_asks_when_something_is_due_and_reads_every_day_on_the_way() {
    let world = World::new().await;
    let answer = world.get("/api/v1/calendar/due?from=2026-04-24&days=3", "").await.ok();
    assert_eq!(answer["due"], "2026-05-04");
    assert_eq!(answer["calendar"], "state");
    let steps = answer["steps"].as_array().expect("steps");
    assert_eq!(steps.len(), 10);
    assert_eq!(steps.iter().filter(|step| step["counted"] == true).count(), 3);
    let bridge = steps.iter().find(|step| step["date"] == "2026-04-27").expect("the day");
    assert_eq!(
        (&bridge["counted"], &bridge["why"]),
        (&json!(false), &json!("Giỗ Tổ Hùng Vương (nghỉ bù)"))
    );
}

#[tokio::test]
async fn a_question_that_cannot_be_read_says_which_part() {
    let world = World::new().await;
    for (query, part) in [
        ("from=24/04/2026&days=3", "from"),
        ("from=2026-02-30&days=3", "from"),
        ("from=2026-04-24&days=-1", "days"),
        ("from=2026-04-24&days=3651", "days"),
        ("from=2026-04-24&days=3&unit=weeks", "unit"),
        ("from=2026-04-24&days=3&calendar=bank", "calendar"),
        ("from=2026-04-24&days=3&mode=hour8", "received_at"),
    ] {
        let refused = world.get(&format!("/api/v1/calendar/due?{query}"), "").await;
        assert_eq!(refused.refusal(), (422, "invalid-request".to_owned()), "{query}");
        assert!(
            refused.json()["detail"]
                .as_str()
                .is_some_and(|detail| detail.starts_with(part)),
            "{query}"
        );
    }
}

#[tokio::test]
async fn a_notice_counts_from_the_moment_it_is_entered_and_is_entered_once() {
    let world = World::new().await;
    let boss = world.sign_in("boss").await;
    let due = async || {
        let answer = world.get("/api/v1/calendar/due?from=2026-04-24&days=3", "").await.ok();
        answer["due"].clone()
    };
    assert_eq!(due().await, "2026-05-04");
    assert_eq!(world.post("/api/v1/calendar/notices", &boss, &swap()).await.status, 201);
    // 28/04 is off, Saturday 02/05 is worked.
    assert_eq!(due().await, "2026-05-04");
    let shorter = world.get("/api/v1/calendar/due?from=2026-04-24&days=2", "").await.ok();
    assert_eq!(shorter["due"], "2026-05-02");
    assert_eq!(world.post("/api/v1/calendar/notices", &boss, &swap()).await.status, 200);
    let mut other = swap();
    other["days_off"][0]["date"] = json!("2026-04-29");
    let refused = world.post("/api/v1/calendar/notices", &boss, &other).await;
    assert_eq!(refused.refusal(), (409, "notice-known".to_owned()));
    let listed = world.get("/api/v1/calendar/notices", "").await.ok();
    assert_eq!(listed["notices"][0]["number"], "Thông báo 1/TB-THU");
}

#[tokio::test]
async fn a_notice_that_decides_nothing_or_names_no_day_is_refused() {
    let world = World::new().await;
    let boss = world.sign_in("boss").await;
    for (field, value) in [
        ("number", json!(" ")),
        ("published", json!("20/04/2026")),
        ("calendars", json!(["bank"])),
        ("days_off", json!([{ "date": "2026-02-30", "why": "x" }])),
        ("days_worked", json!([{ "date": "2026-04-28", "why": "cả hai" }])),
    ] {
        let mut notice = swap();
        notice[field] = value;
        let refused = world.post("/api/v1/calendar/notices", &boss, &notice).await;
        assert_eq!(refused.refusal(), (422, "invalid-request".to_owned()), "{field}");
    }
    assert_eq!(world.post("/api/v1/calendar/notices", "", &swap()).await.status, 401);
    let courier = world.sign_in("courier").await;
    assert_eq!(
        world.post("/api/v1/calendar/notices", &courier, &swap()).await.status,
        403
    );
}

#[tokio::test]
async fn the_calculator_answers_without_script_in_both_languages() {
    let world = World::new().await;
    let empty = world.get("/due", "").await;
    assert!(empty.text().contains("Tính ngày hẹn trả") && !empty.text().contains("<script"));
    let shown = world
        .get("/due?from=2026-04-24&days=3&unit=working&calendar=state", "")
        .await;
    for text in ["Hẹn trả: 04/05/2026", "27/04/2026", "Giỗ Tổ Hùng Vương (nghỉ bù)"] {
        assert!(shown.text().contains(text), "{text}");
    }
    let english = world.get("/due?from=2026-04-24&days=3&lang=en", "").await;
    assert!(english.text().contains("Due: 04/05/2026") && english.text().contains("<html lang=\"en\">"));
    let mistake = world.get("/due?from=2026-04-24&days=x", "").await;
    assert!(mistake.text().contains("role=\"alert\""));
    for page in [empty, shown, english, mistake] {
        assert_eq!(page.status, 200);
        assert!(page.body.len() <= 14 * 1024);
    }
}
