//! Everything together: relay, tickets, workers, and what is left when parts of it fall over.

use crate::support::{Desk, begin, end, wait_until_done};
use entity::outbox;
use entity::testing::Backend;
use serde_json::json;
use sqlx::{Connection, Executor, SqliteConnection};
use std::time::Duration;
use worker::{Progress, WorkerHandle};

both!(
    due_jobs_are_run_by_the_workers,
    a_delayed_job_runs_when_its_time_has_come,
    a_stopping_worker_finishes_what_runs,
    poison_among_the_jobs_is_given_up_and_the_rest_is_done,
);

/// Waits until what was done satisfies `is_enough`.
async fn wait(handle: &WorkerHandle, is_enough: impl FnMut(&Progress) -> bool) {
    handle.progress().wait_for(is_enough).await.expect("the worker lives");
}

/// Every job has had its effect, and had it once: a notice carries the id of its row. How often a row was attempted is not
/// the promise; a busy database costs an attempt and nothing else.
async fn each_notice_was_given_once(desk: &Desk, count: i64) {
    assert_eq!(desk.count("outbox", "kind = 'notify'").await, count);
    assert_eq!(desk.count("outbox", "kind = 'notify' AND state = 'done'").await, count);
    assert_eq!(desk.count("notification", "1 = 1").await, count);
    let of_a_job = "id IN (SELECT id FROM outbox WHERE kind = 'notify')";
    assert_eq!(desk.count("notification", of_a_job).await, count);
}

async fn due_jobs_are_run_by_the_workers(backend: Backend) {
    let desk = Desk::open(backend).await;
    let (handle, stop) = begin(&desk).await;
    for _ in 0..200 {
        desk.push_notice().await;
    }
    wait_until_done(&desk, &handle).await;
    end(handle, stop).await;
    each_notice_was_given_once(&desk, 200).await;
}

async fn a_delayed_job_runs_when_its_time_has_come(backend: Backend) {
    let desk = Desk::open(backend).await;
    let (handle, stop) = begin(&desk).await;
    desk.push("poison", json!({ "mode": "fail" })).await;
    wait(&handle, |progress| progress.tickets >= 1).await;
    desk.push_notice().await;
    wait(&handle, |progress| progress.tickets >= 2).await;
    assert_eq!(
        desk.count("outbox", "kind = 'poison' AND attempt = 1 AND state = 'ready'")
            .await,
        1
    );

    desk.advance(desk.config.retry_longest);
    wait(&handle, |progress| progress.tickets >= 3).await;
    assert_eq!(desk.count("outbox", "kind = 'poison' AND attempt = 2").await, 1);
    end(handle, stop).await;
}

async fn a_stopping_worker_finishes_what_runs(backend: Backend) {
    let desk = Desk::open(backend).await;
    for _ in 0..100 {
        desk.push_notice().await;
    }
    let (handle, stop) = begin(&desk).await;
    wait(&handle, |progress| progress.tickets >= 5).await;
    end(handle, stop).await;
    assert_eq!(desk.count("outbox", "state = 'running'").await, 0);
    let done = desk.count("outbox", "state = 'done'").await;
    assert_eq!(done, desk.count("notification", "1 = 1").await);

    let (handle, stop) = begin(&desk).await;
    wait_until_done(&desk, &handle).await;
    end(handle, stop).await;
    each_notice_was_given_once(&desk, 100).await;
}

async fn poison_among_the_jobs_is_given_up_and_the_rest_is_done(backend: Backend) {
    let mut desk = Desk::open(backend).await;
    // Nothing moves this test's clock, so that a retry is due at once.
    desk.config.retry_first = Duration::ZERO;
    desk.config.retry_longest = Duration::ZERO;
    let (handle, stop) = begin(&desk).await;
    for _ in 0..5 {
        desk.push("poison", json!({ "mode": "panic" })).await;
        desk.push_notice().await;
    }
    wait_until_done(&desk, &handle).await;
    end(handle, stop).await;
    assert_eq!(desk.count("outbox", "state = 'dead' AND attempt = 5").await, 5);
    each_notice_was_given_once(&desk, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_dies_of_its_database_is_started_again_under_a_new_name_on_sqlite() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    desk.config.jobs_busy_timeout = Duration::from_millis(10);
    let (handle, stop) = begin(&desk).await;
    desk.push_notice().await;
    wait(&handle, |progress| progress.tickets >= 1).await;

    let mut rival = SqliteConnection::connect(&desk.config.jobs_url).await.expect("opened");
    rival.execute("PRAGMA busy_timeout = 60000").await.expect("patient");
    rival.execute("BEGIN IMMEDIATE").await.expect("locked");
    let before = handle.progress().borrow().restarts;
    wait(&handle, |progress| progress.restarts > before).await;
    desk.push_notice().await;
    rival.execute("COMMIT").await.expect("released");

    wait(&handle, |progress| progress.tickets >= 2).await;
    wait_until_done(&desk, &handle).await;
    each_notice_was_given_once(&desk, 2).await;
    end(handle, stop).await;
    let names: Vec<String> = sqlx::query_scalar("SELECT id FROM Workers")
        .fetch_all(&mut rival)
        .await
        .expect("listed");
    assert!(names.iter().any(|name| !name.ends_with("-0")), "{names:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn apalis_leaves_the_durability_of_the_main_store_alone_on_sqlite() {
    let desk = Desk::open(Backend::Sqlite).await;
    let (handle, stop) = begin(&desk).await;
    desk.push_notice().await;
    wait(&handle, |progress| progress.tickets >= 1).await;
    // 2 is FULL; `SqliteStorage::setup` would leave 0, OFF, on a pool it was given.
    assert_eq!(desk.number("SELECT synchronous FROM pragma_synchronous").await, 2);
    end(handle, stop).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_the_tickets_loses_nothing_on_sqlite() {
    let desk = Desk::open(Backend::Sqlite).await;
    for _ in 0..100 {
        desk.push_notice().await;
    }
    // Nobody can claim a job while somebody else writes, so the tickets lie there until all of them do.
    let mut writer = SqliteConnection::connect(&desk.db.url).await.expect("opened");
    writer.execute("PRAGMA busy_timeout = 60000").await.expect("patient");
    writer.execute("BEGIN IMMEDIATE").await.expect("locked");
    let (handle, stop) = begin(&desk).await;
    let window = i64::try_from(desk.config.window).expect("small");
    while desk.tickets().await.jobs < window {
        tokio::task::yield_now().await;
    }
    stop.cancel();
    writer.execute("ROLLBACK").await.expect("released");
    end(handle, stop).await;
    let left = outbox::open_count(desk.store().read()).await.expect("counted");
    assert!(left > 0, "otherwise this shows nothing");
    for file in std::fs::read_dir(desk.db.folder())
        .expect("a folder")
        .map(|file| file.expect("a file").path())
    {
        if file
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("jobs.db"))
        {
            std::fs::remove_file(file).expect("removed");
        }
    }
    let (handle, stop) = begin(&desk).await;
    wait_until_done(&desk, &handle).await;
    end(handle, stop).await;
    each_notice_was_given_once(&desk, 100).await;
}
