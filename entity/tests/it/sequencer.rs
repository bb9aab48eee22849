//! Numbers follow commits, from one leader at a time.

use crate::support::{drain, execute, execute_as_owner, fresh, lead, number, put};
use crate::world::World;
use entity::inbox::Fact;
use entity::project::Projector;
use entity::sequencer::Leader;
use entity::store::{Durability, OpenOptions};
use entity::table::inbox;
use entity::testing::{Backend, TestDb};
use entity::{ServerKeys, Store, StoreError};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use sqlx::{Connection, Executor};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Follows the log from `cursor` on; every row must be the very next one.
async fn follow(store: &Store, mut cursor: i64) -> i64 {
    let rows = inbox::Entity::find()
        .filter(inbox::Column::LogIndex.gt(cursor))
        .order_by_asc(inbox::Column::LogIndex)
        .all(store.read())
        .await
        .expect("the log is readable");
    for row in rows {
        assert_eq!(
            row.log_index,
            Some(cursor + 1),
            "a reader of the log never passes a row by"
        );
        cursor += 1;
    }
    cursor
}

async fn a_reader_misses_nothing_while_eight_write(backend: Backend) {
    const EACH: u32 = 25;
    let db = fresh(backend).await;
    let keys = ServerKeys::generate();
    let mut writers = tokio::task::JoinSet::new();
    for who in 0..8_u32 {
        let store = db.store.clone();
        writers.spawn(async move {
            for n in 0..EACH {
                let raw = |k: u8| [who.to_be_bytes().as_slice(), &n.to_be_bytes(), &[k]].concat();
                put(&store, &(0..4).map(|k| Fact::from_bytes(raw(k))).collect::<Vec<_>>()).await;
            }
        });
    }
    let written = Arc::new(AtomicBool::new(false));
    let leading = tokio::spawn({
        let (store, written) = (db.store.clone(), written.clone());
        async move {
            let mut leader = lead(&store, &keys).await;
            loop {
                let last = written.load(Ordering::SeqCst);
                let step = leader.step().await.expect("it leads");
                if step.is_idle() && last {
                    return;
                }
            }
        }
    });
    let mut cursor = 0;
    while !writers.is_empty() {
        cursor = follow(&db.store, cursor).await;
        while let Some(ended) = writers.try_join_next() {
            ended.expect("no writer fails");
        }
    }
    written.store(true, Ordering::SeqCst);
    leading.await.expect("the leader ends");
    assert_eq!(follow(&db.store, cursor).await, i64::from(8 * 4 * EACH));
}

/// Two transactions commit in the other order than they began. A cursor over an identity column misses the late one for
/// good; the log does not.
#[tokio::test(flavor = "multi_thread")]
async fn a_late_commit_is_missed_by_an_identity_cursor_and_not_by_the_log_on_postgres() {
    let db = fresh(Backend::Postgres).await;
    let keys = ServerKeys::generate();
    let mut leader = lead(&db.store, &keys).await;
    execute_as_owner(
        &db,
        "CREATE TABLE feed (id bigint generated always as identity, who int); GRANT ALL ON feed TO PUBLIC",
    )
    .await
    .expect("made");
    let mut slow = sqlx::PgConnection::connect(&db.url).await.expect("the server answers");
    slow.execute("BEGIN").await.expect("begun");
    slow.execute("INSERT INTO feed (who) VALUES (1)")
        .await
        .expect("written");
    slow.execute(
        "INSERT INTO inbox (event_id, lane, raw, received_at, source) VALUES ('\\x01', 3, '\\x01', 1, 'slow')",
    )
    .await
    .expect("written");
    execute(&db.store, "INSERT INTO feed (who) VALUES (2)")
        .await
        .expect("written");
    put(&db.store, &[Fact::from_bytes(b"quick".to_vec())]).await;
    drain(&db.store, &mut leader).await;
    let identity = number(db.store.read(), "SELECT max(id) FROM feed").await;
    let cursor = follow(&db.store, 0).await;
    assert_eq!((identity, cursor), (2, 1));

    slow.execute("COMMIT").await.expect("committed");
    drain(&db.store, &mut leader).await;
    let sql = format!("SELECT count(*) FROM feed WHERE id > {identity}");
    assert_eq!(
        number(db.store.read(), &sql).await,
        0,
        "the identity cursor never sees the late row"
    );
    assert_eq!(follow(&db.store, cursor).await, 2, "the log's reader does");
}

async fn second_process(db: &TestDb) -> Result<Store, StoreError> {
    OpenOptions {
        durability: Durability::ThrowAway,
        migrate: false,
        ..OpenOptions::new(&db.url)
    }
    .open()
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn while_one_leads_nobody_else_does_on_postgres() {
    let db = fresh(Backend::Postgres).await;
    let keys = ServerKeys::generate();
    let second = second_process(&db).await.expect("a second process may open");
    let first = lead(&db.store, &keys).await;
    assert!(
        Leader::try_take(&second, Projector::new(&keys))
            .await
            .expect("answers")
            .is_none()
    );
    drop(first);
    lead(&second, &keys).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_for_the_lead_has_it_when_it_is_free_and_gives_up_in_time_on_postgres() {
    let db = fresh(Backend::Postgres).await;
    let keys = ServerKeys::generate();
    let second = second_process(&db).await.expect("a second process may open");
    let first = lead(&db.store, &keys).await;
    let soon = Leader::take_within(&second, Projector::new(&keys), Duration::from_millis(20)).await;
    assert!(soon.expect("answers").is_none(), "somebody else leads");
    let waiting = {
        let (second, projector) = (second.clone(), Projector::new(&keys));
        tokio::spawn(async move { Leader::take_within(&second, projector, Duration::from_mins(1)).await })
    };
    let blocked = "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database \
                   AND datname = current_database() WHERE locktype = 'advisory' AND NOT granted";
    while number(db.store.read(), blocked).await == 0 {
        tokio::task::yield_now().await;
    }
    first.step_down().await.expect("told");
    let leader = waiting.await.expect("ran").expect("answers");
    assert!(leader.is_some(), "the lead was free");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_whose_lock_was_lost_writes_nothing_more_on_postgres() {
    let db = fresh(Backend::Postgres).await;
    let keys = ServerKeys::generate();
    let mut old = lead(&db.store, &keys).await;
    put(&db.store, &[Fact::from_bytes(b"one".to_vec())]).await;
    drain(&db.store, &mut old).await;
    let killed = "SELECT count(pg_terminate_backend(pid)) FROM pg_locks \
                  JOIN pg_database ON pg_database.oid = pg_locks.database AND datname = current_database() \
                  WHERE locktype = 'advisory' AND objid::bigint = x'7472616f'::bigint";
    assert_eq!(number(db.store.read(), killed).await, 1);
    let mut new = lead(&db.store, &keys).await;
    put(&db.store, &[Fact::from_bytes(b"two".to_vec())]).await;
    assert!(old.step().await.is_err());
    assert_eq!(number(db.store.read(), "SELECT max(log_index) FROM inbox").await, 1);
    drain(&db.store, &mut new).await;
    assert_eq!(number(db.store.read(), "SELECT max(log_index) FROM inbox").await, 2);
}

async fn an_older_epoch_is_fenced_off(backend: Backend) {
    let db = fresh(backend).await;
    let world = World::whole_life();
    let first = lead(&db.store, &world.keys).await;
    let epoch = number(db.store.read(), "SELECT epoch FROM sequencer").await;
    let projector = Projector::new(&world.keys);
    put(&db.store, &world.facts).await;
    drop(first);
    let mut second = lead(&db.store, &world.keys).await;
    second.drain().await.expect("it leads");
    let answer = projector.step(&db.store, epoch).await;
    assert!(matches!(answer, Err(StoreError::Fenced)), "{answer:?}");
    assert_eq!(
        projector.step(&db.store, epoch + 1).await.expect("the newer one leads"),
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_leader_of_the_same_process_is_fenced_off_on_sqlite() {
    let db = fresh(Backend::Sqlite).await;
    let keys = ServerKeys::generate();
    let mut old = lead(&db.store, &keys).await;
    let mut new = lead(&db.store, &keys).await;
    put(&db.store, &[Fact::from_bytes(b"one".to_vec())]).await;
    assert!(matches!(old.step().await, Err(StoreError::Fenced)));
    assert_eq!(
        number(db.store.read(), "SELECT count(*) FROM inbox WHERE log_index IS NULL").await,
        1
    );
    assert_eq!(new.drain().await.expect("it leads").sequenced, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_reach_for_the_lead_a_hundred_times_never_both_get_it_on_postgres() {
    let db = fresh(Backend::Postgres).await;
    let keys = ServerKeys::generate();
    let second = second_process(&db).await.expect("a second process may open");
    let mut taken = 0;
    while taken < 100 {
        let (one, other) = tokio::join!(
            Leader::try_take(&db.store, Projector::new(&keys)),
            Leader::try_take(&second, Projector::new(&keys)),
        );
        let leaders = [one.expect("answers"), other.expect("answers")]
            .into_iter()
            .flatten()
            .count();
        assert!(leaders <= 1, "two leaders after {taken} turns");
        taken += leaders;
    }
}

both!(a_reader_misses_nothing_while_eight_write, an_older_epoch_is_fenced_off);
