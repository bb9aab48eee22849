//! Acknowledged writes stay, whenever other callers hang up. The same harness over a pool without our two remedies does
//! lose writes, so it would see a loss.

use crate::support::{execute, fresh, number};
use entity::Store;
use entity::testing::Backend;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use std::future::Future;
use std::time::Duration;

const ROUNDS: u64 = 2_000;

/// Hangs up on `begun` after 0 to 300 µs, then writes a row; returns the rows that were acknowledged.
async fn hang_up_and_write<B, W>(begun: impl Fn(u64) -> B, write: impl Fn(u64) -> W) -> Vec<u64>
where
    B: Future,
    W: Future<Output = bool>,
{
    let mut acknowledged = Vec::new();
    for round in 0..ROUNDS {
        let hung_up = Duration::from_micros((round % 60) * 5);
        // Whether it ended in time is not the point.
        let _ = tokio::time::timeout(hung_up, begun(round)).await;
        if write(round).await {
            acknowledged.push(round);
        }
    }
    acknowledged
}

fn one_row(round: u64) -> String {
    format!("INSERT INTO setting (key, value) VALUES ('{round}', '')")
}

async fn acknowledged_writes_survive_callers_that_hang_up_at_any_moment(backend: Backend) {
    let db = fresh(backend).await;
    let store = db.store.clone();
    let other = |round: u64| {
        let sql = format!("INSERT INTO setting (key, value) VALUES ('other {round}', '')");
        let store: Store = store.clone();
        async move { execute(&store, &sql).await }
    };
    let write = |round: u64| {
        let store: Store = store.clone();
        async move { execute(&store, &one_row(round)).await.is_ok() }
    };
    let acknowledged = hang_up_and_write(other, write).await;
    assert_eq!(
        acknowledged.len() as u64,
        ROUNDS,
        "nobody else's hanging up makes a write fail"
    );
    let stored = number(store.read(), "SELECT count(*) FROM setting WHERE key NOT LIKE 'other%'").await;
    assert_eq!(stored.unsigned_abs(), ROUNDS, "acknowledged and absent");
    let again = entity::store::OpenOptions {
        migrate: false,
        ..entity::store::OpenOptions::new(&db.url)
    };
    store.close().await;
    if backend == Backend::Postgres {
        let again = again.open().await.expect("opens again");
        let stored = number(again.read(), "SELECT count(*) FROM setting WHERE key NOT LIKE 'other%'").await;
        assert_eq!(
            stored.unsigned_abs(),
            ROUNDS,
            "acknowledged and absent once the pool is closed"
        );
    }
}

/// The hook alone, without the detached task: our pool's reading side begins transactions that are cancelled.
#[tokio::test(flavor = "multi_thread")]
async fn our_pool_heals_a_session_left_inside_a_transaction_on_postgres() {
    let db = fresh(Backend::Postgres).await;
    let acknowledged = hang_up_on_begin(db.store.read()).await;
    db.store.close().await;
    assert_eq!(lost(&db.url, &acknowledged).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_harness_sees_a_pool_without_our_remedies_lose_writes_on_postgres() {
    let db = fresh(Backend::Postgres).await;
    let mut options = ConnectOptions::new(&db.url);
    options.max_connections(1).min_connections(1).sqlx_logging(false);
    let raw = Database::connect(options).await.expect("the server answers");
    let acknowledged = hang_up_on_begin(&raw).await;
    raw.close().await.expect("closed");
    assert!(
        lost(&db.url, &acknowledged).await > 0,
        "of {} acknowledged writes none was lost",
        acknowledged.len()
    );
}

async fn hang_up_on_begin(db: &DatabaseConnection) -> Vec<u64> {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the fault itself: a begin that its caller drops"
    )]
    let begin = |_| sea_orm::TransactionTrait::begin(db);
    let write = |round| async move { db.execute_unprepared(&one_row(round)).await.is_ok() };
    hang_up_and_write(begin, write).await
}

async fn lost(url: &str, acknowledged: &[u64]) -> usize {
    let outside = Database::connect(url).await.expect("the server answers");
    let stored = number(&outside, "SELECT count(*) FROM setting").await;
    outside.close().await.expect("closed");
    acknowledged.len() - usize::try_from(stored).expect("a count")
}

both!(acknowledged_writes_survive_callers_that_hang_up_at_any_moment);
