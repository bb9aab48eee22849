//! The disk is full. That is what the caller hears, nothing is stored, and what is acknowledged afterwards is committed.
//!
//! On SQLite, where the fault can be made by a limit on its pages; what PostgreSQL says of its disk is in the table of
//! `entity::error`.

use crate::support::{execute, fresh, number};
use entity::inbox::{Fact, Outcome, deposit};
use entity::testing::{Backend, TestDb, leave_no_room, make_room};
use entity::{Store, StoreError};
use sea_orm::ConnectionTrait;
use sqlx::Connection;

async fn insert(store: &Store, key: &str) -> Result<u64, StoreError> {
    execute(store, &format!("INSERT INTO setting (key, value) VALUES ('{key}', '')")).await
}

/// A write that needs room after another statement has been written.
async fn too_large(store: &Store) -> StoreError {
    leave_no_room(store).await;
    let answer: Result<(), StoreError> = store
        .write(|tx| {
            Box::pin(async move {
                tx.execute_unprepared("INSERT INTO setting (key, value) VALUES ('half', '')")
                    .await?;
                tx.execute_unprepared("INSERT INTO setting (key, value) VALUES ('large', hex(randomblob(500000)))")
                    .await?;
                Ok(())
            })
        })
        .await;
    answer.expect_err("there is no room")
}

/// SQLite rolls back by itself on a full disk; what comes after that says only that there is no transaction.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_error_is_told_and_not_what_came_of_it_on_sqlite() {
    let db = fresh(Backend::Sqlite).await;
    let error = too_large(&db.store).await;
    assert!(error.is_full() && error.is_temporary(), "{error:?}");
    assert_eq!(number(db.store.read(), "SELECT count(*) FROM setting").await, 0);
}

/// After its own rollback SQLite is in no transaction and sqlx believes in one. If that connection were lent again, a write
/// that fails would leave a savepoint open, and each one after it would be acknowledged inside of it and never committed.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_acknowledged_after_a_full_disk_is_committed_on_sqlite() {
    let db = fresh(Backend::Sqlite).await;
    for round in 0..5 {
        assert!(too_large(&db.store).await.is_full());
        make_room(&db.store).await;
        let refused: Result<(), StoreError> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    tx.execute_unprepared("INSERT INTO setting (key, value) VALUES ('refused', '')")
                        .await?;
                    Err(StoreError::Fenced)
                })
            })
            .await;
        assert!(matches!(refused, Err(StoreError::Fenced)), "{refused:?}");
        insert(&db.store, &format!("kept {round}")).await.expect("acknowledged");
        assert_eq!(from_outside(&db).await, round + 1, "acknowledged and not committed");
    }
}

async fn from_outside(db: &TestDb) -> i64 {
    let mut other = sqlx::SqliteConnection::connect(&db.url).await.expect("the file opens");
    let rows = sqlx::query_scalar("SELECT count(*) FROM setting")
        .fetch_one(&mut other)
        .await;
    rows.expect("a count")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_without_room_is_refused_whole_and_stored_when_it_comes_again_on_sqlite() {
    let db = fresh(Backend::Sqlite).await;
    let facts: Vec<Fact> = (0..20).map(|n| Fact::from_bytes(vec![n; 40_000])).collect();
    leave_no_room(&db.store).await;
    let refused = deposit(&db.store, "test".to_owned(), facts.clone()).await;
    assert!(refused.as_ref().is_err_and(StoreError::is_full), "{refused:?}");
    assert_eq!(
        number(db.store.read(), "SELECT count(*) FROM inbox").await,
        0,
        "part of it is stored"
    );
    make_room(&db.store).await;
    let stored = deposit(&db.store, "test".to_owned(), facts)
        .await
        .expect("there is room again");
    assert!(stored.iter().all(|outcome| *outcome == Outcome::Stored));
}
