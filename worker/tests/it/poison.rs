//! Jobs that fail every time stop after their last attempt and are shown.

use crate::support::Desk;
use entity::outbox::{self, Claimed, LEASE_MS, MAX_ATTEMPTS};
use entity::testing::Backend;
use serde_json::json;
use std::time::Duration;
use worker::Outcome;

both!(
    poison_stops_after_its_last_attempt_and_is_on_the_dead_letter_list,
    a_job_that_kills_its_process_stops_after_its_last_attempt_too,
    a_poison_job_does_not_hold_up_the_others,
);

async fn poison_stops_after_its_last_attempt_and_is_on_the_dead_letter_list(backend: Backend) {
    let mut desk = Desk::open(backend).await;
    for (mode, told) in [("panic", "panicked: poison"), ("fail", "poison"), ("hang", "timed out")] {
        // A job that hangs is stopped after any time; a short one is as good.
        desk.config.job_timeout = Duration::from_millis(if mode == "hang" { 5 } else { 60_000 });
        let id = desk.push("poison", json!({ "mode": mode })).await;
        let mut outcomes = Vec::new();
        while outbox::open_count(desk.store().read()).await.expect("counted") > 0 {
            outcomes.push(desk.run(id).await);
            desk.advance(desk.config.retry_longest);
        }
        let runs = usize::try_from(MAX_ATTEMPTS).expect("small");
        assert_eq!(outcomes.len(), runs, "{mode}");
        assert!(
            outcomes[..runs - 1].iter().all(|outcome| *outcome == Outcome::Failed),
            "{mode}"
        );
        assert_eq!(outcomes[runs - 1], Outcome::GivenUp, "{mode}");
        let dead = outbox::dead(desk.store().read(), 10).await.expect("listed");
        let row = dead.iter().find(|row| row.id == id).expect("shown");
        assert_eq!(
            (row.attempt, row.last_error.as_deref()),
            (MAX_ATTEMPTS, Some(told)),
            "{mode}"
        );
    }
}

async fn a_job_that_kills_its_process_stops_after_its_last_attempt_too(backend: Backend) {
    let desk = Desk::open(backend).await;
    let id = desk.push_notice().await;
    let lease = Duration::from_millis(u64::try_from(LEASE_MS).expect("positive") + 1);
    // A process that ends while the job runs leaves exactly a claim behind.
    for _ in 0..MAX_ATTEMPTS {
        assert!(matches!(outbox::claim(desk.store(), id).await, Ok(Claimed::Run(_))));
        desk.advance(lease);
    }
    assert_eq!(desk.run(id).await, Outcome::GivenUp);
    assert_eq!(desk.count("notification", "1 = 1").await, 0);
    assert_eq!(outbox::dead(desk.store().read(), 10).await.expect("listed").len(), 1);
}

async fn a_poison_job_does_not_hold_up_the_others(backend: Backend) {
    let desk = Desk::open(backend).await;
    for _ in 0..10 {
        desk.push("poison", json!({ "mode": "panic" })).await;
        desk.push_notice().await;
    }
    let idle = desk.settle().await;
    assert_eq!((idle.done, idle.failed), (10, 10));
}
