//! Starting: one process per SQLite file, any number that start at once on PostgreSQL, and only on a database that keeps
//! its promises.

use crate::support::{execute_as_owner, fresh, number};
use entity::store::{Durability, Fence, OpenOptions};
use entity::testing::{Backend, fresh_url};
use entity::{Store, StoreError};

fn options(url: &str) -> OpenOptions {
    OpenOptions {
        durability: Durability::ThrowAway,
        ..OpenOptions::new(url)
    }
}

fn is_refused_as_open(answer: &Result<Store, StoreError>) -> bool {
    matches!(answer, Err(StoreError::Refused(why)) if why.contains("another traotay process"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_opening_of_the_same_file_is_refused_in_words_on_sqlite() {
    let db = fresh(Backend::Sqlite).await;
    assert!(is_refused_as_open(&options(&db.url).open().await));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_start_a_hundred_times_on_one_file_exactly_one_does_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = fresh_url(Backend::Sqlite, folder.path()).await;
    for turn in 0..100 {
        let (one, other) = (tokio::spawn(options(&url).open()), tokio::spawn(options(&url).open()));
        let answers = [one.await.expect("no panic"), other.await.expect("no panic")];
        let opened = answers.iter().filter(|answer| answer.is_ok()).count();
        let refused = answers.iter().filter(|answer| is_refused_as_open(answer)).count();
        // One may be through before the other begins only if it has closed again, which it has not.
        assert_eq!((opened, refused), (1, 1), "turn {turn}: {answers:?}");
        for store in answers.into_iter().flatten() {
            store.close().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn four_that_start_at_once_on_an_empty_database_all_do_on_postgres() {
    let folder = tempfile::tempdir().expect("a folder");
    for turn in 0..5 {
        let url = fresh_url(Backend::Postgres, folder.path()).await;
        let mut starting = tokio::task::JoinSet::new();
        for _ in 0..4 {
            starting.spawn(options(&url).open());
        }
        for answer in starting.join_all().await {
            answer
                .unwrap_or_else(|error| panic!("turn {turn}: {error:?}"))
                .close()
                .await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_connection_flushes_before_it_acknowledges_on_sqlite() {
    let db = fresh(Backend::Sqlite).await;
    assert_eq!(number(db.store.read(), "PRAGMA synchronous").await, 2);
    let seen = db
        .store
        .write(|tx| {
            Box::pin(async move {
                Ok::<_, StoreError>((
                    number(tx, "PRAGMA synchronous").await,
                    number(tx, "PRAGMA foreign_keys").await,
                ))
            })
        })
        .await;
    assert_eq!(seen.expect("answers"), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_flushes_is_accepted_and_its_sessions_commit_to_disk_on_postgres() {
    let db = fresh(Backend::Postgres).await;
    let strict = OpenOptions {
        migrate: false,
        ..OpenOptions::new(&db.url)
    };
    assert_eq!(strict.durability, Durability::Required);
    let store = strict.open().await.expect("with-postgres keeps fsync on");
    let on = "SELECT count(*) FROM pg_settings WHERE name = 'synchronous_commit' AND setting = 'on'";
    assert_eq!(number(store.read(), on).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_the_fence_does_not_hold_back_is_refused_on_postgres() {
    let db = fresh(Backend::Postgres).await;
    let open = |url: &str| {
        OpenOptions {
            durability: Durability::ThrowAway,
            migrate: false,
            fence: Fence::Required,
            ..OpenOptions::new(url)
        }
        .open()
    };
    open(&db.url).await.expect("it owns nothing and bypasses nothing");
    let Err(StoreError::Refused(why)) = open(&db.owner_url).await else {
        panic!("a superuser sees everything")
    };
    assert!(why.contains("TRAOTAY_MIGRATE_DATABASE_URL"), "{why}");
    execute_as_owner(&db, "ALTER TABLE holding DISABLE ROW LEVEL SECURITY")
        .await
        .expect("switched off");
    let Err(StoreError::Refused(why)) = open(&db.url).await else {
        panic!("one table stands open")
    };
    assert!(why.contains("traotay migrate"), "{why}");
    let mend = OpenOptions {
        durability: Durability::ThrowAway,
        owner_url: Some(db.owner_url.clone()),
        ..OpenOptions::new(&db.url)
    };
    mend.open().await.expect("it migrates, and raises what fell");
    open(&db.url).await.expect("it stands again");
}
