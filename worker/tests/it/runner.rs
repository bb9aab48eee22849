//! One row: claimed once, counted before it runs, its effect and its end written together.

use crate::support::{Desk, refused};
use domain::ids::{DossierId, NotificationId};
use entity::outbox::{self, Claimed, LEASE_MS};
use entity::repo::notification;
use entity::testing::Backend;
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;
use worker::{Idle, Outcome};

both!(
    a_job_that_is_run_twice_has_its_effect_once,
    of_two_runners_on_one_row_one_runs_it,
    the_attempt_is_counted_before_the_job_runs,
    a_lease_that_ran_out_makes_a_row_claimable_and_takes_the_effect_from_its_late_runner,
    a_failed_job_waits_and_does_not_run_early,
    a_payload_nobody_can_read_is_given_up_at_once,
    a_row_of_an_unknown_kind_is_left_alone,
    test_jobs_are_refused_where_they_are_not_allowed,
    a_job_that_ended_is_not_opened_again_by_a_late_failure,
);

async fn a_job_that_is_run_twice_has_its_effect_once(backend: Backend) {
    let desk = Desk::open(backend).await;
    let id = desk.push_notice().await;
    assert_eq!(desk.run(id).await, Outcome::Done);
    assert_eq!(desk.run(id).await, Outcome::Nothing);
    assert_eq!(desk.count("notification", "1 = 1").await, 1);
}

async fn of_two_runners_on_one_row_one_runs_it(backend: Backend) {
    let desk = Desk::open(backend).await;
    for _ in 0..20 {
        let id = desk.push_notice().await;
        let (one, other) = (desk.runner(), desk.runner());
        let (one, other) = (
            tokio::spawn(async move { one.run(id).await }),
            tokio::spawn(async move { other.run(id).await }),
        );
        let mut outcomes = [
            one.await.expect("ran").expect("answered"),
            other.await.expect("ran").expect("answered"),
        ];
        outcomes.sort_by_key(|outcome| *outcome != Outcome::Done);
        assert_eq!(outcomes, [Outcome::Done, Outcome::Nothing]);
    }
    assert_eq!(desk.count("outbox", "attempt = 1 AND state = 'done'").await, 20);
    assert_eq!(desk.count("notification", "1 = 1").await, 20);
}

async fn the_attempt_is_counted_before_the_job_runs(backend: Backend) {
    let desk = Desk::open(backend).await;
    let id = desk.push("poison", json!({ "mode": "hang" })).await;
    let runner = desk.runner();
    let running = tokio::spawn(async move { runner.run(id).await });
    // The job never ends by itself, so whatever is seen here is seen while it runs.
    while desk.count("outbox", "state = 'running' AND attempt = 1").await == 0 {
        tokio::task::yield_now().await;
    }
    running.abort();
}

async fn a_lease_that_ran_out_makes_a_row_claimable_and_takes_the_effect_from_its_late_runner(backend: Backend) {
    let desk = Desk::open(backend).await;
    let id = desk.push_notice().await;
    let Claimed::Run(late) = outbox::claim(desk.store(), id).await.expect("answered") else {
        panic!("it is due")
    };
    assert_eq!(desk.run(id).await, Outcome::Nothing, "the lease protects its runner");

    desk.advance(Duration::from_millis(u64::try_from(LEASE_MS).expect("positive") + 1));
    assert_eq!(desk.run(id).await, Outcome::Done);
    assert_eq!(desk.count("outbox", "attempt = 2 AND state = 'done'").await, 1);

    let now = desk.store().now_ms();
    let written = desk.store().write(move |tx| {
        Box::pin(async move {
            let (other, dossier) = (NotificationId(Uuid::from_u128(7)), DossierId(Uuid::from_u128(8)));
            notification::put(tx, other, dossier, "late", &json!({}), now).await?;
            if outbox::done(tx, &late, now).await? {
                Ok(())
            } else {
                Err(refused("the lease was lost"))
            }
        })
    });
    assert!(written.await.is_err());
    assert_eq!(desk.count("notification", "template = 'late'").await, 0);
}

async fn a_failed_job_waits_and_does_not_run_early(backend: Backend) {
    let desk = Desk::open(backend).await;
    let id = desk.push("poison", json!({ "mode": "fail" })).await;
    assert_eq!(desk.run(id).await, Outcome::Failed);
    let due =
        u64::try_from(desk.number("SELECT next_run_at FROM outbox").await - desk.store().now_ms()).expect("later");
    assert!(Duration::from_millis(due) <= desk.config.retry_first, "{due}");

    desk.advance(Duration::from_millis(due - 1));
    assert_eq!(desk.run(id).await, Outcome::Nothing);
    assert_eq!(desk.settle().await, Idle::default());
    desk.advance(Duration::from_millis(1));
    assert_eq!(desk.run(id).await, Outcome::Failed);
    assert_eq!(desk.number("SELECT attempt FROM outbox").await, 2);
}

async fn a_payload_nobody_can_read_is_given_up_at_once(backend: Backend) {
    let desk = Desk::open(backend).await;
    for kind in ["assign", "notify"] {
        let id = desk.push(kind, json!({ "leg": 7 })).await;
        assert_eq!(desk.run(id).await, Outcome::GivenUp);
    }
    let dead = outbox::dead(desk.store().read(), 10).await.expect("listed");
    assert_eq!(dead.len(), 2);
    assert!(dead.iter().all(|row| row.attempt == 1 && row.last_error.is_some()));
}

async fn a_row_of_an_unknown_kind_is_left_alone(backend: Backend) {
    let desk = Desk::open(backend).await;
    desk.push("from the future", json!({})).await;
    assert_eq!(desk.settle().await, Idle::default());
    assert_eq!(desk.count("outbox", "state = 'ready' AND attempt = 0").await, 1);
}

async fn test_jobs_are_refused_where_they_are_not_allowed(backend: Backend) {
    let mut desk = Desk::open(backend).await;
    desk.config.test_jobs = false;
    let id = desk.push("poison", json!({ "mode": "abort" })).await;
    assert_eq!(desk.run(id).await, Outcome::GivenUp);
}

async fn a_job_that_ended_is_not_opened_again_by_a_late_failure(backend: Backend) {
    let desk = Desk::open(backend).await;
    let id = desk.push_notice().await;
    let Claimed::Run(claim) = outbox::claim(desk.store(), id).await.expect("answered") else {
        panic!("it is due")
    };
    let (now, ended) = (desk.store().now_ms(), claim.clone());
    let written = desk
        .store()
        .write(move |tx| Box::pin(async move { outbox::done(tx, &ended, now).await }));
    assert!(written.await.expect("written"));
    // As when the answer to the commit was lost and the runner believes that it failed.
    outbox::failed(desk.store(), &claim, "the answer was lost".to_owned(), Some(0))
        .await
        .expect("answered");
    assert_eq!(desk.count("outbox", "state = 'done'").await, 1);
}
