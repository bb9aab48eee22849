//! The write helper: nobody outside can stop a write half-way, and what fails leaves nothing behind.

use crate::support::{fresh, number};
use entity::store::{Durability, OpenOptions};
use entity::testing::{Backend, TestDb};
use entity::{Store, StoreError};
use sea_orm::ConnectionTrait;
use sqlx::Connection;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::oneshot;

async fn rows(store: &Store) -> i64 {
    number(store.read(), "SELECT count(*) FROM setting").await
}

async fn insert(store: &Store, key: &str) -> Result<(), StoreError> {
    let sql = format!("INSERT INTO setting (key, value) VALUES ('{key}', '')");
    crate::support::execute(store, &sql).await.map(drop)
}

async fn an_error_of_the_body_rolls_back_and_is_the_error_the_caller_gets(backend: Backend) {
    let db = fresh(backend).await;
    let answer: Result<(), StoreError> = db
        .store
        .write(|tx| {
            Box::pin(async move {
                tx.execute_unprepared("INSERT INTO setting (key, value) VALUES ('a', '')")
                    .await?;
                Err(StoreError::Fenced)
            })
        })
        .await;
    assert!(matches!(answer, Err(StoreError::Fenced)));
    assert_eq!(rows(&db.store).await, 0);
    insert(&db.store, "a").await.expect("the connection is usable again");
}

async fn a_panic_of_the_body_rolls_back_and_is_told_as_such(backend: Backend) {
    let db = fresh(backend).await;
    for _ in 0..20 {
        let answer: Result<(), StoreError> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    tx.execute_unprepared("INSERT INTO setting (key, value) VALUES ('a', '')")
                        .await?;
                    panic!("the body of this test's write panics")
                })
            })
            .await;
        assert!(matches!(answer, Err(StoreError::Panicked)));
        insert(&db.store, "after")
            .await
            .expect("the connection is usable again");
        assert_eq!(rows(&db.store).await, 1, "only the later write is there");
        crate::support::execute(&db.store, "DELETE FROM setting")
            .await
            .expect("emptied");
    }
}

async fn a_write_whose_caller_is_gone_still_ends_and_closing_waits_for_it(backend: Backend) {
    let db = fresh(backend).await;
    let (begun, has_begun) = oneshot::channel();
    let (go, may_go) = oneshot::channel::<()>();
    let store = db.store.clone();
    let caller = tokio::spawn(async move {
        store
            .write(move |tx| {
                Box::pin(async move {
                    tx.execute_unprepared("INSERT INTO setting (key, value) VALUES ('kept', '')")
                        .await?;
                    begun.send(()).expect("the test listens");
                    may_go.await.expect("the test lets it go on");
                    tx.execute_unprepared("INSERT INTO setting (key, value) VALUES ('kept too', '')")
                        .await?;
                    Ok::<_, StoreError>(())
                })
            })
            .await
    });
    has_begun.await.expect("the write has begun");
    caller.abort();
    assert!(caller.await.expect_err("the caller is gone").is_cancelled());

    let closed = Arc::new(AtomicBool::new(false));
    let closing = tokio::spawn({
        let (store, closed) = (db.store.clone(), closed.clone());
        async move {
            store.close().await;
            closed.store(true, Ordering::SeqCst);
        }
    });
    tokio::task::yield_now().await;
    assert!(!closed.load(Ordering::SeqCst), "closing waits for the write");
    go.send(()).expect("the write waits");
    closing.await.expect("closing ends");
    assert_eq!(count_from_outside(backend, &db).await, 2);
}

async fn count_from_outside(backend: Backend, db: &TestDb) -> i64 {
    let sql = "SELECT count(*) FROM setting";
    match backend {
        Backend::Sqlite => {
            let mut other = sqlx::SqliteConnection::connect(&db.url).await.expect("the file opens");
            sqlx::query_scalar(sql).fetch_one(&mut other).await.expect("a count")
        }
        Backend::Postgres => {
            let mut other = sqlx::PgConnection::connect(&db.url).await.expect("the server answers");
            sqlx::query_scalar(sql).fetch_one(&mut other).await.expect("a count")
        }
    }
}

/// Four writers of ours and four of another process; in a deferred transaction most of ours would fail at once, because
/// the other process has written between their read and their write.
#[tokio::test(flavor = "multi_thread")]
async fn read_then_write_beside_another_process_is_never_busy_on_sqlite() {
    const EACH: i64 = 200;
    let db = fresh(Backend::Sqlite).await;
    crate::support::execute(&db.store, "INSERT INTO setting (key, value) VALUES ('n', '0')")
        .await
        .expect("a counter");
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let store = db.store.clone();
        writers.spawn(async move {
            for _ in 0..EACH {
                store.write(|tx| Box::pin(add_one(tx))).await.expect("never busy");
            }
        });
        let url = db.url.clone();
        writers.spawn(async move {
            let mut other = sqlx::SqliteConnection::connect(&url).await.expect("the file opens");
            for _ in 0..EACH {
                for sql in [
                    "BEGIN IMMEDIATE",
                    "UPDATE setting SET value = value + 1 WHERE key = 'n'",
                    "COMMIT",
                ] {
                    sqlx::query(sql)
                        .execute(&mut other)
                        .await
                        .expect("the other process waits its turn");
                }
            }
        });
    }
    while let Some(ended) = writers.join_next().await {
        ended.expect("no writer fails");
    }
    assert_eq!(
        number(db.store.read(), "SELECT CAST(value AS INTEGER) FROM setting").await,
        8 * EACH
    );
}

async fn add_one(tx: &sea_orm::DatabaseTransaction) -> Result<(), StoreError> {
    let n = number(tx, "SELECT CAST(value AS INTEGER) FROM setting WHERE key = 'n'").await;
    tx.execute_unprepared(&format!("UPDATE setting SET value = '{}' WHERE key = 'n'", n + 1))
        .await?;
    Ok(())
}

/// Every writing connection is lent: whoever comes gives up in time, may ask again, and hindered nobody.
async fn a_write_that_finds_no_connection_gives_up_in_time_and_may_be_asked_again(backend: Backend) {
    let folder = tempfile::tempdir().expect("a folder");
    let url = entity::testing::fresh_url(backend, folder.path()).await;
    let mut options = OpenOptions::new(&url);
    options.durability = Durability::ThrowAway;
    options.settings.acquire_timeout = Duration::from_millis(200);
    let connections = match backend {
        Backend::Sqlite => 1,
        Backend::Postgres => options.settings.write_connections,
    };
    let store = options.open().await.expect("a fresh store opens");
    let (go, may_go) = tokio::sync::watch::channel(false);
    let mut holding = tokio::task::JoinSet::new();
    for n in 0..connections {
        let (store, mut may_go) = (store.clone(), may_go.clone());
        let (begun, has_begun) = oneshot::channel();
        holding.spawn(async move {
            store
                .write(move |tx| {
                    Box::pin(async move {
                        tx.execute_unprepared(&format!("INSERT INTO setting (key, value) VALUES ('held {n}', '')"))
                            .await?;
                        begun.send(()).expect("the test listens");
                        may_go.wait_for(|go| *go).await.expect("the test lets it go on");
                        Ok::<_, StoreError>(())
                    })
                })
                .await
        });
        has_begun.await.expect("the write has begun");
    }
    let refused = insert(&store, "one too many")
        .await
        .expect_err("every connection is lent");
    assert!(refused.is_temporary() && !refused.is_full(), "{refused:?}");
    assert_eq!(rows(&store).await, 0, "reading goes on");
    go.send(true).expect("they wait");
    for held in holding.join_all().await {
        held.expect("committed");
    }
    insert(&store, "asked again")
        .await
        .expect("there is a connection again");
    assert_eq!(rows(&store).await, i64::from(connections) + 1);
    store.close().await;
}

async fn the_reading_side_of_sqlite_refuses_to_write(backend: Backend) {
    let db = fresh(backend).await;
    let answer = db
        .store
        .read()
        .execute_unprepared("INSERT INTO setting (key, value) VALUES ('a', '')")
        .await;
    assert_eq!(answer.is_err(), backend == Backend::Sqlite);
}

both!(
    an_error_of_the_body_rolls_back_and_is_the_error_the_caller_gets,
    a_panic_of_the_body_rolls_back_and_is_told_as_such,
    a_write_whose_caller_is_gone_still_ends_and_closing_waits_for_it,
    a_write_that_finds_no_connection_gives_up_in_time_and_may_be_asked_again,
    the_reading_side_of_sqlite_refuses_to_write,
);
