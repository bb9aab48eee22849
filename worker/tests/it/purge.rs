//! Nothing grows for ever: finished jobs, old tickets and dead workers are removed, what a person must see is kept.

use crate::support::{Desk, begin, end, wait_until_done};
use entity::testing::Backend;
use serde_json::json;
use std::time::Duration;
use worker::Outcome;

both!(
    old_tickets_and_silent_workers_are_removed,
    finished_jobs_are_forgotten_and_dead_ones_are_kept,
);

async fn old_tickets_and_silent_workers_are_removed(backend: Backend) {
    let desk = Desk::open(backend).await;
    let (handle, stop) = begin(&desk).await;
    for _ in 0..10 {
        desk.push_notice().await;
    }
    wait_until_done(&desk, &handle).await;
    end(handle, stop).await;
    let before = desk.tickets().await;
    assert!(before.jobs >= 10 && before.workers >= 4, "{before:?}");
    desk.age_tickets().await;

    let (handle, stop) = begin(&desk).await;
    desk.push("purge", json!({})).await;
    wait_until_done(&desk, &handle).await;
    end(handle, stop).await;
    let after = desk.tickets().await;
    assert_eq!(after.jobs, 1, "the ticket of the purge itself");
    assert_eq!(after.old_workers, 0);
}

async fn finished_jobs_are_forgotten_and_dead_ones_are_kept(backend: Backend) {
    let desk = Desk::open(backend).await;
    desk.push_notice().await;
    desk.push("assign", json!({})).await;
    desk.settle().await;
    desk.advance(desk.config.keep_finished + Duration::from_millis(1));
    desk.push_notice().await;
    desk.settle().await;

    let id = desk.push("purge", json!({})).await;
    assert_eq!(desk.run(id).await, Outcome::Done);
    assert_eq!(desk.count("outbox", "kind = 'notify' AND state = 'done'").await, 1);
    assert_eq!(desk.count("outbox", "kind = 'assign' AND state = 'dead'").await, 1);
}
