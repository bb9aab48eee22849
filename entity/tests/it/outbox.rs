//! A job runs at least once, is counted before it runs, and is given up and shown when it never ends well.

use crate::support::number;
use entity::clock::FixedClock;
use entity::outbox::{self, Claim, Claimed, LEASE_MS, MAX_ATTEMPTS, NewJob};
use entity::testing::{Backend, TestDb};
use entity::{Store, StoreError};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

async fn opened(backend: Backend) -> (TestDb, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::at(1_000_000));
    (TestDb::open_with(backend, clock.clone()).await, clock)
}

async fn push(store: &Store, key: &str) {
    let (now, job) = (
        store.now_ms(),
        NewJob {
            kind: "test",
            payload: json!({ "id": 1 }),
            dedup_key: key.to_owned(),
        },
    );
    store
        .write(move |tx| Box::pin(async move { outbox::push(tx, now, job).await }))
        .await
        .expect("a job is written with its cause");
}

async fn only_due(store: &Store) -> Uuid {
    let due = outbox::due(store, 10).await.expect("readable");
    assert_eq!(due.len(), 1, "exactly one job is due");
    due[0].0
}

async fn run(store: &Store, id: Uuid) -> Claim {
    match outbox::claim(store, id).await.expect("answers") {
        Claimed::Run(claim) => claim,
        other => panic!("a job that is due can be claimed: {other:?}"),
    }
}

async fn done(store: &Store, claim: &Claim) -> bool {
    let (now, claim) = (store.now_ms(), claim.clone());
    let body = store.write(move |tx| Box::pin(async move { outbox::done(tx, &claim, now).await }));
    body.await.expect("answers")
}

async fn an_attempt_is_counted_before_the_run_and_a_dead_runner_frees_the_job_after_its_lease(backend: Backend) {
    let (db, clock) = opened(backend).await;
    push(&db.store, "a").await;
    let id = only_due(&db.store).await;
    for attempt in 1..=MAX_ATTEMPTS {
        let claim = run(&db.store, id).await;
        assert_eq!(
            (claim.attempt, claim.kind.as_str(), &claim.payload),
            (attempt, "test", &json!({ "id": 1 }))
        );
        assert_eq!(number(db.store.read(), "SELECT attempt FROM outbox").await, attempt);
        assert!(
            matches!(outbox::claim(&db.store, id).await.expect("answers"), Claimed::Nothing),
            "it is taken"
        );
        clock.advance(LEASE_MS);
        assert!(
            outbox::due(&db.store, 10).await.expect("readable").is_empty(),
            "its lease has not run out"
        );
        clock.advance(1);
        assert_eq!(only_due(&db.store).await, id);
    }
    assert!(matches!(
        outbox::claim(&db.store, id).await.expect("answers"),
        Claimed::GivenUp
    ));
    assert!(outbox::due(&db.store, 10).await.expect("readable").is_empty());
    assert_eq!(outbox::open_count(db.store.read()).await.expect("readable"), 0);
    let dead = outbox::dead(db.store.read(), 10).await.expect("readable");
    assert_eq!((dead.len(), dead[0].id), (1, id));
    assert!(
        dead[0].last_error.as_deref().is_some_and(|why| !why.is_empty()),
        "with a reason"
    );
}

async fn a_runner_that_lost_its_lease_changes_nothing_any_more(backend: Backend) {
    let (db, clock) = opened(backend).await;
    push(&db.store, "a").await;
    let id = only_due(&db.store).await;
    let slow = run(&db.store, id).await;
    clock.advance(LEASE_MS + 1);
    let quick = run(&db.store, id).await;
    assert!(!done(&db.store, &slow).await, "the effect must not happen");
    outbox::failed(&db.store, &slow, "late".to_owned(), Some(0))
        .await
        .expect("answers");
    outbox::failed(&db.store, &slow, "late".to_owned(), None)
        .await
        .expect("answers");
    assert!(
        matches!(outbox::claim(&db.store, id).await.expect("answers"), Claimed::Nothing),
        "the other one has it"
    );
    assert!(done(&db.store, &quick).await);
    assert!(!done(&db.store, &quick).await, "a job is done once");
    outbox::failed(&db.store, &quick, "after all".to_owned(), Some(0))
        .await
        .expect("answers");
    assert!(
        outbox::due(&db.store, 10).await.expect("readable").is_empty(),
        "a job that is done stays done"
    );
}

async fn a_failed_job_waits_its_delay_and_is_given_up_after_its_last_attempt(backend: Backend) {
    let (db, clock) = opened(backend).await;
    push(&db.store, "a").await;
    let id = only_due(&db.store).await;
    for attempt in 1..=MAX_ATTEMPTS {
        let claim = run(&db.store, id).await;
        outbox::failed(&db.store, &claim, format!("failure {attempt}"), Some(500))
            .await
            .expect("answers");
        assert!(outbox::due(&db.store, 10).await.expect("readable").is_empty());
        clock.advance(499);
        assert!(
            matches!(outbox::claim(&db.store, id).await.expect("answers"), Claimed::Nothing),
            "never early"
        );
        clock.advance(1);
    }
    let dead = outbox::dead(db.store.read(), 10).await.expect("readable");
    assert_eq!(dead[0].last_error.as_deref(), Some("failure 5"));

    let now = db.store.now_ms();
    let revive = |id| {
        db.store
            .write(move |tx| Box::pin(async move { outbox::revive(tx, id, now).await }))
    };
    assert!(revive(id).await.expect("answers"));
    assert!(!revive(id).await.expect("answers"), "only a dead job is revived");
    let claim = run(&db.store, id).await;
    assert_eq!(claim.attempt, 1);
    assert!(done(&db.store, &claim).await);
}

async fn a_job_that_must_not_be_tried_again_is_given_up_at_once(backend: Backend) {
    let (db, _clock) = opened(backend).await;
    push(&db.store, "a").await;
    let claim = run(&db.store, only_due(&db.store).await).await;
    outbox::failed(&db.store, &claim, "no such thing".to_owned(), None)
        .await
        .expect("answers");
    assert_eq!(outbox::dead(db.store.read(), 10).await.expect("readable").len(), 1);
}

async fn the_same_key_is_enqueued_once_even_after_the_job_is_done(backend: Backend) {
    let (db, _clock) = opened(backend).await;
    push(&db.store, "a").await;
    push(&db.store, "a").await;
    let claim = run(&db.store, only_due(&db.store).await).await;
    assert!(done(&db.store, &claim).await);
    push(&db.store, "a").await;
    assert!(outbox::due(&db.store, 10).await.expect("readable").is_empty());
}

async fn of_eight_that_claim_a_job_at_once_one_gets_it(backend: Backend) {
    let (db, _clock) = opened(backend).await;
    for round in 0..20 {
        push(&db.store, &format!("job {round}")).await;
        let id = only_due(&db.store).await;
        let mut claiming = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let store = db.store.clone();
            claiming.spawn(async move { outbox::claim(&store, id).await });
        }
        let answers: Vec<Claimed> = claiming
            .join_all()
            .await
            .into_iter()
            .map(|answer| answer.expect("answers"))
            .collect();
        let won: Vec<&Claim> = answers
            .iter()
            .filter_map(|answer| {
                if let Claimed::Run(claim) = answer {
                    Some(claim)
                } else {
                    None
                }
            })
            .collect();
        assert_eq!(won.len(), 1, "round {round}");
        assert!(done(&db.store, won[0]).await);
    }
}

async fn a_job_exists_exactly_when_its_cause_does(backend: Backend) {
    let (db, _clock) = opened(backend).await;
    let answer: Result<(), StoreError> = db
        .store
        .write(|tx| {
            Box::pin(async move {
                outbox::push(
                    tx,
                    1,
                    NewJob {
                        kind: "test",
                        payload: json!({}),
                        dedup_key: "a".to_owned(),
                    },
                )
                .await?;
                Err(StoreError::Fenced)
            })
        })
        .await;
    assert!(answer.is_err());
    assert!(outbox::due(&db.store, 10).await.expect("readable").is_empty());
}

both!(
    an_attempt_is_counted_before_the_run_and_a_dead_runner_frees_the_job_after_its_lease,
    a_runner_that_lost_its_lease_changes_nothing_any_more,
    a_failed_job_waits_its_delay_and_is_given_up_after_its_last_attempt,
    a_job_that_must_not_be_tried_again_is_given_up_at_once,
    the_same_key_is_enqueued_once_even_after_the_job_is_done,
    of_eight_that_claim_a_job_at_once_one_gets_it,
    a_job_exists_exactly_when_its_cause_does,
);
