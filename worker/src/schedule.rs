//! What happens at a time of day, in one table.
//!
//! A tick only puts a row into the outbox, under a key made of its name and its time: any number of processes may tick, the
//! job is there once. A tick that was missed while nobody ran is not made up for, so every scheduled job looks at everything
//! up to now and never at "since the last tick".

use crate::kind::Kind;
use crate::supervise::TaskError;
use apalis_cron::CronScheduler;
use entity::outbox::{self, NewJob};
use entity::{Store, StoreError};
use futures::StreamExt;
use std::str::FromStr;
use tokio_util::sync::CancellationToken;

/// A line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Scheduled {
    /// Its name; part of the key, so never changed.
    pub name: &'static str,
    /// Second, minute, hour, day, month, weekday, in UTC.
    pub cron: &'static str,
    /// The job.
    pub job: Kind,
    /// Why then.
    pub why: &'static str,
}

/// Everything that happens at a time of day.
pub const SCHEDULE: [Scheduled; 3] = [
    Scheduled {
        name: "checkpoint",
        cron: "40 * * * * *",
        job: Kind::Checkpoint,
        why: "a receipt is to be had within a minute (trust §2.4); not in the second of the sweep",
    },
    Scheduled {
        name: "sweep",
        cron: "20 * * * * *",
        job: Kind::Sweep,
        why: "a minute is how late a gap may be noticed; not at its start, where minute-sharp reports of others come in",
    },
    Scheduled {
        name: "purge",
        cron: "0 40 19 * * *",
        job: Kind::Purge,
        why: "19:40 UTC is 02:40 at the post, before the nightly copies begin and with nobody on shift",
    },
];

/// Ticks until told to stop.
pub(crate) async fn run(line: Scheduled, store: &Store, shutdown: &CancellationToken) -> Result<(), TaskError> {
    let mut ticks = CronScheduler::new(cron::Schedule::from_str(line.cron)?).into_stream();
    loop {
        let tick = tokio::select! {
            tick = ticks.next() => tick,
            () = shutdown.cancelled() => return Ok(()),
        };
        match tick {
            Some(Ok(tick)) => enqueue(line, store, tick.get_timestamp()).await?,
            // The clock jumped over the tick: start again from now.
            Some(Err(error)) => return Err(error.to_string().into()),
            None => return Ok(()),
        }
    }
}

/// Puts the job of one tick into the outbox, once however often it is called.
pub(crate) async fn enqueue(line: Scheduled, store: &Store, tick: u64) -> Result<(), StoreError> {
    let now = store.now_ms();
    let job = NewJob {
        kind: line.job.as_str(),
        payload: serde_json::json!({}),
        dedup_key: format!("{}:{tick}", line.name),
    };
    store
        .write(move |tx| Box::pin(async move { outbox::push(tx, now, job).await }))
        .await?;
    store.jobs().notify_one();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{SCHEDULE, enqueue};
    use entity::outbox;
    use entity::testing::{Backend, TestDb};
    use std::str::FromStr;

    #[test]
    fn every_line_can_be_read() {
        for line in SCHEDULE {
            assert!(cron::Schedule::from_str(line.cron).is_ok(), "{}", line.name);
        }
    }

    #[tokio::test]
    async fn two_processes_that_tick_make_one_job() {
        let db = TestDb::open(Backend::Sqlite).await;
        for _ in 0..2 {
            enqueue(SCHEDULE[0], &db.store, 1_795_000_000).await.expect("enqueued");
        }
        assert_eq!(outbox::open_count(db.store.read()).await.expect("counted"), 1);
    }
}
