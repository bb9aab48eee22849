//! What must be true after all the kills.

use crate::kills::driver::Told;
use e2e::{Site, read};
use entity::clock::{Clock, SystemClock};
use entity::outbox::{self, LEASE_MS, MAX_ATTEMPTS};
use entity::project::Projector;
use entity::rebuild::rebuild;
use entity::repo::device;
use entity::{Store, StoreError};
use sea_orm::ConnectionTrait;
use std::collections::BTreeSet;
use std::sync::Arc;
use worker::{WorkerConfig, run_until_idle};

/// The machine's clock, two leases on: whatever a dead server held is free by then, or it is stuck.
#[derive(Debug)]
struct TwoLeasesOn;

impl Clock for TwoLeasesOn {
    fn now_ms(&self) -> i64 {
        SystemClock.now_ms() + 2 * LEASE_MS
    }
}

/// Ends every lease, as time would.
pub(crate) async fn let_leases_end(store: &Store) {
    let ended = store.write(|tx| {
        Box::pin(async move {
            tx.execute_unprepared("UPDATE outbox SET lease_until = 1 WHERE state = 'running'")
                .await?;
            Ok::<_, StoreError>(())
        })
    });
    ended.await.expect("written");
}

/// Holds the store against what the clients were told.
pub(crate) fn audit(site: &Site, told: Told, kills: usize) {
    assert!(
        told.events.len() > kills && told.orders.len() > kills / 2,
        "the clients were at work"
    );
    assert!(told.unanswered > 0, "no kill was felt by anybody");
    let keys = site.keys();
    site.look_at(Arc::new(TwoLeasesOn), |store| {
        Box::pin(async move {
            let mut settings = WorkerConfig::new("unused");
            settings.test_jobs = true;
            run_until_idle(store, &keys, &settings)
                .await
                .expect("what was left is done");
            revive_the_shown(store).await;
            run_until_idle(store, &keys, &settings)
                .await
                .expect("what was revived is done");
            nothing_is_lost(store, &told).await;
            nothing_happened_twice(store, &told).await;
            no_job_is_stuck(store).await;
            let compared = rebuild(store, &Projector::new(&keys)).await.expect("folded again");
            let other: Vec<_> = compared.iter().filter(|table| !table.is_same()).collect();
            assert!(other.is_empty(), "folding again gives other rows: {other:?}");
        })
    });
}

/// A job that was at work at one kill too many cannot be told from one that kills. It was given up after its cap and is
/// shown with the reason; a person lets it run again.
async fn revive_the_shown(store: &Store) {
    for job in outbox::dead(store.read(), 10_000).await.expect("readable") {
        assert_eq!(job.attempt, MAX_ATTEMPTS + 1, "{job:?}");
        assert!(
            job.last_error.is_some_and(|why| why.contains("the process ended")),
            "given up for another reason"
        );
        let revived = store.write(move |tx| Box::pin(async move { outbox::revive(tx, job.id, 1).await }));
        assert!(revived.await.expect("written"));
    }
}

async fn count(store: &Store, what: &str) -> i64 {
    read::number(store, &format!("SELECT COUNT(*) FROM {what}")).await
}

async fn nothing_is_lost(store: &Store, told: &Told) {
    let inbox = read::bytes(store, "SELECT event_id FROM inbox").await;
    let lost: Vec<_> = told
        .events
        .keys()
        .filter(|id| !inbox.contains(id.0.as_slice()))
        .collect();
    assert!(
        lost.is_empty(),
        "{} of {} acknowledged events are absent",
        lost.len(),
        told.events.len()
    );
    let placed = read::texts(store, "SELECT order_number FROM postal_order", []).await;
    let placed: BTreeSet<String> = placed.into_iter().collect();
    let lost: Vec<_> = told.orders.keys().filter(|number| !placed.contains(*number)).collect();
    assert!(lost.is_empty(), "acknowledged orders are absent: {lost:?}");
    let labels: BTreeSet<String> = read::texts(store, "SELECT item_code FROM postal_item", [])
        .await
        .into_iter()
        .collect();
    assert!(
        told.orders.values().all(|label| labels.contains(label)),
        "a label that was given out is unknown"
    );
    assert_eq!(labels.len(), placed.len(), "one label an order");
}

async fn nothing_happened_twice(store: &Store, told: &Told) {
    assert!(
        told.events.values().all(|stored| *stored <= 1),
        "one event was stored twice"
    );
    let (first, last, count_of_all) = read::log(store).await;
    assert_eq!((first, last), (1, count_of_all), "the log has every number once");
    assert_eq!(
        read::number(store, "SELECT applied_index FROM sequencer").await,
        count_of_all,
        "all of it is folded"
    );
    assert_eq!(
        count(store, "custody_event").await,
        count(store, "inbox WHERE lane = 1").await
    );
    let device = device::by_id(store.read(), told.device)
        .await
        .expect("readable")
        .expect("enrolled");
    assert_eq!(
        u64::try_from(device.contiguous).ok(),
        Some(told.seq),
        "the device's chain is whole"
    );
    assert_eq!((device.fork_at, device.broken_at), (None, None));
    assert_eq!(count(store, "quarantine").await + count(store, "parked").await, 0);
    let held = format!("item_custody WHERE state = 'C2' AND disputed = {}", no(store));
    assert_eq!(
        count(store, &held).await,
        i64::try_from(told.taken.len()).expect("a small number")
    );
    let doubled = "(SELECT item_code, status_message FROM tracking_event GROUP BY item_code, status_message HAVING COUNT(*) > 1) t";
    assert_eq!(count(store, doubled).await, 0, "a step was told twice");
    let doubled = "(SELECT dossier_id, template FROM notification GROUP BY dossier_id, template HAVING COUNT(*) > 1) t";
    assert_eq!(count(store, doubled).await, 0, "somebody was told twice");
    let doubled = "(SELECT item_id, leg, head FROM assignment GROUP BY item_id, leg, head HAVING COUNT(*) > 1) t";
    assert_eq!(count(store, doubled).await, 0, "a leg was assigned twice");
}

fn no(store: &Store) -> &'static str {
    if store.backend() == sea_orm::DbBackend::Postgres {
        "FALSE"
    } else {
        "0"
    }
}

/// Two leases after the last kill every job has ended, and ended well; each order was placed or is on the list.
async fn no_job_is_stuck(store: &Store) {
    assert_eq!(
        count(store, "outbox WHERE state = 'running'").await,
        0,
        "a job still runs"
    );
    assert_eq!(
        count(
            store,
            "outbox WHERE state = 'ready' AND kind <> 'sweep' AND kind <> 'purge'"
        )
        .await,
        0,
        "a job waits"
    );
    assert_eq!(
        count(store, "outbox WHERE state = 'dead'").await,
        0,
        "a job was given up"
    );
    // What was brought to a counter waits there until it is taken in.
    let nowhere = "postal_item i JOIN postal_order o ON o.id = i.order_id WHERE o.client_id IS NOT NULL \
                   AND NOT EXISTS (SELECT 1 FROM assignment a WHERE a.item_id = i.item_id) \
                   AND NOT EXISTS (SELECT 1 FROM unplaced u WHERE u.item_id = i.item_id) \
                   AND NOT EXISTS (SELECT 1 FROM item_custody c WHERE c.item_id = i.item_id AND c.state <> 'C0')";
    assert_eq!(
        count(store, nowhere).await,
        0,
        "an item has neither a courier nor a line on the list"
    );
}
