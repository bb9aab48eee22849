//! The hours of the schedule reach the outbox, once however many processes keep them.

use crate::support::{Desk, begin, end};
use entity::testing::Backend;
use worker::{Kind, Scheduled};

both!(two_workers_that_keep_the_same_hours_make_one_job_an_hour);

/// A line that is due every second, so that nobody waits for it.
static SECONDS: [Scheduled; 1] = [Scheduled {
    name: "second",
    cron: "* * * * * *",
    job: Kind::Sweep,
    why: "a test does not wait for a minute",
}];

async fn two_workers_that_keep_the_same_hours_make_one_job_an_hour(backend: Backend) {
    let mut desk = Desk::open(backend).await;
    desk.config.schedule = &SECONDS;
    let (one, stop_one) = begin(&desk).await;
    let (two, stop_two) = begin(&desk).await;
    while desk.count("outbox", "kind = 'sweep' AND state = 'done'").await < 3 {
        tokio::task::yield_now().await;
    }
    end(one, stop_one).await;
    end(two, stop_two).await;
    let tick = "CAST(substr(dedup_key, 8) AS BIGINT)";
    let seconds = desk
        .number(&format!("SELECT max({tick}) - min({tick}) + 1 FROM outbox"))
        .await;
    let jobs = desk.count("outbox", "dedup_key LIKE 'second:%'").await;
    assert!((3..=seconds).contains(&jobs), "{jobs} jobs in {seconds} seconds");
}
