//! Both databases, a seeded random source and the few look-ups every test needs.

use entity::clock::FixedClock;
use entity::inbox::{Fact, deposit};
use entity::project::Projector;
use entity::sequencer::Leader;
use entity::testing::{Backend, TestDb};
use entity::{ServerKeys, Store};
use sea_orm::{ConnectionTrait, Statement};
use std::sync::Arc;
use std::time::Duration;

/// Makes a test of each function for each database.
macro_rules! both {
    ($($name:ident),+ $(,)?) => {
        $(mod $name {
            #[tokio::test(flavor = "multi_thread")]
            async fn on_sqlite() {
                super::$name(entity::testing::Backend::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgres() {
                super::$name(entity::testing::Backend::Postgres).await;
            }
        })+
    };
}

/// The hour at which the tests' servers receive everything: a month after the first act.
pub(crate) const RECEIVED_MS: i64 = crate::world::START_MS + 30 * 24 * 3_600_000;

/// A fresh store whose clock stands still.
pub(crate) async fn fresh(backend: Backend) -> TestDb {
    TestDb::open_with(backend, Arc::new(FixedClock::at(RECEIVED_MS))).await
}

/// Deposits facts in one batch.
pub(crate) async fn put(store: &Store, facts: &[Fact]) {
    deposit(store, "test".to_owned(), facts.to_vec())
        .await
        .expect("a deposit is stored");
}

/// The leader of a store nobody else leads. PostgreSQL may notice a little late that the last one is gone.
pub(crate) async fn lead(store: &Store, keys: &ServerKeys) -> Leader {
    Leader::take_within(store, Projector::new(keys), Duration::from_secs(20))
        .await
        .expect("the database answers")
        .expect("nobody else leads")
}

/// Numbers and folds everything that waits, under a leader of its own.
pub(crate) async fn drain(store: &Store, leader: &mut Leader) {
    let _ = store;
    leader.drain().await.expect("everything that waits is folded");
}

/// The number in the first column of the first row.
pub(crate) async fn number(db: &impl ConnectionTrait, sql: &str) -> i64 {
    let row = db
        .query_one_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .expect("the query runs")
        .expect("it has a row");
    row.try_get_by_index(0).expect("its first column is a number")
}

/// Runs SQL in a write of the store.
pub(crate) async fn execute(store: &Store, sql: &str) -> Result<u64, entity::StoreError> {
    let sql = sql.to_owned();
    store
        .write(move |tx| Box::pin(async move { Ok(tx.execute_unprepared(&sql).await?.rows_affected()) }))
        .await
}

/// Runs SQL as the owner of the tables, who may do what the program may not.
pub(crate) async fn execute_as_owner(db: &TestDb, sql: &str) -> Result<u64, entity::StoreError> {
    if db.store.backend() == sea_orm::DbBackend::Sqlite {
        return execute(&db.store, sql).await;
    }
    let owner = sea_orm::Database::connect(&db.owner_url).await?;
    let done = owner.execute_unprepared(sql).await?.rows_affected();
    owner.close().await?;
    Ok(done)
}

/// SplitMix64: the same seed gives the same numbers everywhere.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n).expect("a small number");
        usize::try_from(self.next() % n).expect("a small number")
    }

    /// The same things in another order.
    pub(crate) fn shuffle<T>(&mut self, things: &mut [T]) {
        for at in (1..things.len()).rev() {
            things.swap(at, self.below(at + 1));
        }
    }
}
