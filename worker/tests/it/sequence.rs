//! The sequencer of a running worker: woken by deposits, back after it was fenced.

use crate::support::{Desk, begin, end};
use entity::project::Projector;
use entity::sequencer::Leader;
use entity::testing::Backend;

both!(
    an_order_is_numbered_folded_assigned_and_told,
    facts_of_a_time_without_a_worker_are_caught_up,
);

/// Waits until every fact has its number.
async fn numbered(desk: &Desk) {
    while desk.count("inbox", "log_index IS NULL").await > 0 {
        tokio::task::yield_now().await;
    }
}

async fn an_order_is_numbered_folded_assigned_and_told(backend: Backend) {
    let desk = Desk::with_couriers(backend, &[(1, crate::support::TINH_BIEN, 0, 1440, 9)]).await;
    let (handle, stop) = begin(&desk).await;
    desk.order(1, "phường Tịnh Biên, An Giang").await;
    while desk.count("assignment", "1 = 1").await == 0 || desk.count("notification", "1 = 1").await == 0 {
        tokio::task::yield_now().await;
    }
    numbered(&desk).await;
    end(handle, stop).await;
    assert_eq!(desk.count("dossier_state", "1 = 1").await, 1);
}

async fn facts_of_a_time_without_a_worker_are_caught_up(backend: Backend) {
    let desk = Desk::with_couriers(backend, &[]).await;
    for number in 0..20 {
        desk.order(number, "phường Tịnh Biên, An Giang").await;
    }
    let (handle, stop) = begin(&desk).await;
    numbered(&desk).await;
    end(handle, stop).await;
    assert_eq!(
        desk.number("SELECT max(log_index) FROM inbox").await,
        desk.count("inbox", "1 = 1").await
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fenced_leader_steps_down_and_takes_the_lead_again_on_sqlite() {
    let desk = Desk::with_couriers(Backend::Sqlite, &[]).await;
    let (handle, stop) = begin(&desk).await;
    desk.order(1, "phường Tịnh Biên, An Giang").await;
    numbered(&desk).await;

    // As a second process that took the lead and fell over at once.
    let rival = Leader::try_take(desk.store(), Projector::new(&desk.keys))
        .await
        .expect("answered");
    drop(rival.expect("on SQLite the epoch alone decides"));
    let epoch = desk.number("SELECT epoch FROM sequencer").await;
    desk.order(2, "phường Tịnh Biên, An Giang").await;
    numbered(&desk).await;
    assert!(desk.number("SELECT epoch FROM sequencer").await > epoch);
    assert_eq!(handle.progress().borrow().restarts, 0, "being fenced is no fault");
    end(handle, stop).await;
}
