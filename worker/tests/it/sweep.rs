//! What fell between two chairs is found, told once, and closed when it has mended.

use crate::phone::{Phone, put};
use crate::support::{Desk, NHA_BANG, TINH_BIEN, staff_id};
use custody::ids::EventId;
use custody::kind::Kind;
use domain::hat::Hat;
use domain::item_code::ItemCode;
use entity::Scope;
use entity::inbox::Fact;
use entity::outbox::{self, Claimed};
use entity::repo::finding;
use entity::repo::glass::{self, GlassStep, NewGlass, Side};
use entity::repo::matter::Answer;
use entity::repo::reference::FIRST_OPERATOR;
use entity::testing::Backend;
use serde_json::json;
use std::time::Duration;
use worker::Outcome;

both!(
    a_hole_in_a_devices_sequence_is_found_and_closed,
    an_event_that_waits_too_long_for_another_is_found_and_closed,
    facts_without_a_number_are_found_and_closed,
    a_job_nobody_runs_is_found_and_closed,
    an_item_whose_assignment_came_to_nothing_is_found_and_closed,
    a_sweep_that_finds_nothing_new_writes_nothing,
    a_dossier_opened_to_somebody_it_is_none_of_is_told_for_a_week,
    a_gap_that_is_a_day_old_is_a_finding_of_its_own,
    a_phone_whose_clock_is_wrong_is_told_until_it_is_right,
);

/// Open findings as kind and subject.
async fn open(desk: &Desk) -> Vec<(String, String)> {
    let rows = finding::open(desk.store().read(), 100).await.expect("listed");
    rows.into_iter().map(|row| (row.kind, row.subject)).collect()
}

/// Runs a sweep and nothing else.
async fn sweep(desk: &Desk) {
    let id = desk.push("sweep", json!({})).await;
    assert_eq!(desk.run(id).await, Outcome::Done);
}

/// The phone of courier 1.
async fn phone(desk: &Desk) -> Phone {
    Phone::enrol(desk, staff_id(1), Hat::Carrier).await
}

/// Takes an item in that lies where `head` left it.
fn taken(phone: &mut Phone, desk: &Desk, item: &ItemCode, head: EventId) -> Fact {
    phone.act(desk, Kind::TakeIn, item, head)
}

async fn world(backend: Backend) -> Desk {
    Desk::with_couriers(backend, &[(1, TINH_BIEN, 0, 1440, 9), (2, NHA_BANG, 0, 1440, 9)]).await
}

async fn a_hole_in_a_devices_sequence_is_found_and_closed(backend: Backend) {
    let desk = world(backend).await;
    let mut phone = phone(&desk).await;
    let label = |serial| ItemCode::from_serial("EE", serial, "VN").expect("a label");
    let first = taken(&mut phone, &desk, &label(1), EventId::ZERO);
    let second = taken(&mut phone, &desk, &label(2), EventId::ZERO);
    put(&desk, vec![second]).await;
    desk.settle().await;
    sweep(&desk).await;
    let subject = phone.device().to_string();
    assert_eq!(open(&desk).await, [("gap".to_owned(), subject)]);
    assert_eq!(
        desk.text("SELECT detail FROM finding").await.as_deref(),
        Some("missing 1–1")
    );

    put(&desk, vec![first]).await;
    desk.settle().await;
    sweep(&desk).await;
    assert!(open(&desk).await.is_empty());
}

async fn an_event_that_waits_too_long_for_another_is_found_and_closed(backend: Backend) {
    let desk = world(backend).await;
    let placed = desk.order(1, "phường Tịnh Biên, An Giang").await;
    let mut phone = phone(&desk).await;
    let first = taken(&mut phone, &desk, &placed.item_code, EventId::ZERO);
    // It goes on from an event that nobody has sent.
    let waiting = taken(&mut phone, &desk, &placed.item_code, EventId([7; 32]));
    put(&desk, vec![first]).await;
    put(&desk, vec![waiting.clone()]).await;
    desk.settle().await;
    sweep(&desk).await;
    assert!(open(&desk).await.is_empty(), "it may still come");

    desk.advance(desk.config.parked_for + Duration::from_millis(1));
    sweep(&desk).await;
    assert_eq!(open(&desk).await, [("parked".to_owned(), waiting.id.to_string())]);
}

async fn facts_without_a_number_are_found_and_closed(backend: Backend) {
    let desk = world(backend).await;
    desk.order(1, "phường Tịnh Biên, An Giang").await;
    desk.advance(desk.config.unsequenced_for + Duration::from_millis(1));
    sweep(&desk).await;
    assert!(open(&desk).await.contains(&("orphan".to_owned(), "inbox".to_owned())));
    desk.settle().await;
    sweep(&desk).await;
    assert!(open(&desk).await.is_empty());
}

async fn a_job_nobody_runs_is_found_and_closed(backend: Backend) {
    let desk = Desk::open(backend).await;
    let id = desk.push_notice().await;
    desk.advance(desk.config.stuck_for + Duration::from_millis(1));
    sweep(&desk).await;
    assert_eq!(open(&desk).await, [("orphan".to_owned(), format!("job:{id}"))]);
    desk.run(id).await;
    sweep(&desk).await;
    assert!(open(&desk).await.is_empty());
}

async fn an_item_whose_assignment_came_to_nothing_is_found_and_closed(backend: Backend) {
    let desk = world(backend).await;
    let placed = desk.order(1, "phường Tịnh Biên, An Giang").await;
    let id = desk.id_where("kind = 'assign'").await;
    // As a program with a fault would leave it: done, and nothing to show for it.
    let Claimed::Run(claim) = outbox::claim(desk.store(), id).await.expect("answered") else {
        panic!("it is due")
    };
    let now = desk.store().now_ms();
    let ended = desk
        .store()
        .write(move |tx| Box::pin(async move { outbox::done(tx, &claim, now).await }));
    assert!(ended.await.expect("answered"));
    desk.settle().await;
    sweep(&desk).await;
    let subject = format!("item:{}:pickup", placed.item_code);
    assert_eq!(open(&desk).await, [("orphan".to_owned(), subject.clone())]);

    // Still open a week later, when the job is no longer among the recent ones.
    desk.advance(Duration::from_hours(7 * 24));
    sweep(&desk).await;
    assert_eq!(open(&desk).await, [("orphan".to_owned(), subject)]);

    desk.push(
        "assign",
        json!({ "item_code": placed.item_code.as_str(), "leg": "pickup" }),
    )
    .await;
    desk.settle().await;
    sweep(&desk).await;
    assert!(open(&desk).await.is_empty());
}

async fn a_sweep_that_finds_nothing_new_writes_nothing(backend: Backend) {
    let desk = Desk::open(backend).await;
    desk.push_notice().await;
    desk.advance(desk.config.stuck_for + Duration::from_millis(1));
    sweep(&desk).await;
    let before = desk.text("SELECT CAST(since AS TEXT) || detail FROM finding").await;
    desk.advance(Duration::from_mins(1));
    sweep(&desk).await;
    assert_eq!(
        desk.text("SELECT CAST(since AS TEXT) || detail FROM finding").await,
        before
    );
    assert_eq!(desk.count("finding", "1 = 1").await, 1);
}

async fn a_dossier_opened_to_somebody_it_is_none_of_is_told_for_a_week(backend: Backend) {
    let desk = world(backend).await;
    desk.execute(r#"UPDATE staff SET roles = '["post_supervisor"]'"#).await;
    let placed = desk.order(1, "phường Tịnh Biên, An Giang").await;
    let side = Side::Post(FIRST_OPERATOR);
    let new = NewGlass {
        by: staff_id(1),
        side,
        scope: Scope::nothing(),
        dossier: placed.item_code.to_string(),
        reason: "một lý do đủ dài".to_owned(),
        life_ms: 60_000,
    };
    let asked = glass::ask(desk.store(), &desk.keys, new, None).await.expect("asked");
    let Answer::Done(asked) = asked else {
        panic!("{asked:?}");
    };
    let agreed = (side, staff_id(2));
    let opened = glass::go_on(
        desk.store(),
        &desk.keys,
        agreed,
        asked.id,
        GlassStep::Open(60_000),
        None,
    )
    .await;
    assert!(matches!(opened.expect("opened"), Answer::Done(_)));
    let told = ("glass_opened".to_owned(), asked.id.to_string());
    sweep(&desk).await;
    assert!(open(&desk).await.contains(&told), "also when its half hour is over");
    desk.advance(desk.config.glass_told_for + Duration::from_secs(1));
    sweep(&desk).await;
    assert!(
        !open(&desk).await.contains(&told),
        "a week later nobody is told any more"
    );
}

async fn a_gap_that_is_a_day_old_is_a_finding_of_its_own(backend: Backend) {
    let desk = world(backend).await;
    let mut phone = phone(&desk).await;
    let label = |serial| ItemCode::from_serial("EE", serial, "VN").expect("a label");
    let first = taken(&mut phone, &desk, &label(1), EventId::ZERO);
    let second = taken(&mut phone, &desk, &label(2), EventId::ZERO);
    put(&desk, vec![second]).await;
    desk.settle().await;
    let old = |found: Vec<(String, String)>| found.iter().any(|(kind, _)| kind == "gap_day");
    desk.advance(Duration::from_hours(24));
    sweep(&desk).await;
    assert!(!old(open(&desk).await));
    desk.advance(Duration::from_millis(1));
    sweep(&desk).await;
    assert!(old(open(&desk).await));
    put(&desk, vec![first]).await;
    desk.settle().await;
    sweep(&desk).await;
    assert!(!old(open(&desk).await));
}

async fn a_phone_whose_clock_is_wrong_is_told_until_it_is_right(backend: Backend) {
    let desk = world(backend).await;
    let mut phone = phone(&desk).await;
    let label = ItemCode::from_serial("EE", 1, "VN").expect("a label");
    phone.ahead_ms = 2 * 3_600_000;
    let ahead = taken(&mut phone, &desk, &label, EventId::ZERO);
    put(&desk, vec![ahead]).await;
    desk.settle().await;
    sweep(&desk).await;
    let told = |found: Vec<(String, String)>| {
        found
            .into_iter()
            .filter(|(kind, _)| kind == "clock")
            .collect::<Vec<_>>()
    };
    assert_eq!(
        told(open(&desk).await),
        [("clock".to_owned(), phone.device().to_string())]
    );
    phone.ahead_ms = 0;
    let right = taken(&mut phone, &desk, &label, EventId::ZERO);
    put(&desk, vec![right]).await;
    desk.settle().await;
    sweep(&desk).await;
    assert!(told(open(&desk).await).is_empty());
}
