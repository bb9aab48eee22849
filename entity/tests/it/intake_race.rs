//! Eight at once: one order, one label each, one effect for one key.

use crate::intake::{order, placed};
use crate::support::{fresh, number};
use crate::world::{AGENCY, CLIENT};
use domain::mode::Mode;
use entity::repo::dossier::{DeskAct, Recording, record};
use entity::repo::idempotency::Once;
use entity::repo::intake::{Cancelling, Placed, Placing, cancel, place};
use entity::repo::serial::draw;
use entity::testing::Backend;
use entity::{Scope, ServerKeys};
use serde_json::json;
use std::collections::BTreeSet;
use tokio::task::JoinSet;

async fn eight_that_place_the_same_order_make_one(backend: Backend) {
    let db = fresh(backend).await;
    let keys = ServerKeys::generate();
    for round in 0..10 {
        let mut placing = JoinSet::new();
        for _ in 0..8 {
            let (store, keys) = (db.store.clone(), keys.clone());
            placing.spawn(async move { place(&store, &keys, order(&format!("{round}"), 1, Mode::Both)).await });
        }
        let answers: Vec<Placing> = placing
            .join_all()
            .await
            .into_iter()
            .map(|one| one.expect("answers"))
            .collect();
        let new: Vec<&Placed> = answers
            .iter()
            .filter_map(|one| {
                if let Placing::New(placed) = one {
                    Some(placed)
                } else {
                    None
                }
            })
            .collect();
        assert_eq!(new.len(), 1, "round {round}: {answers:?}");
        let same = answers
            .iter()
            .filter(|one| matches!(one, Placing::Same(placed) if placed == new[0]))
            .count();
        assert_eq!(same, 7, "round {round}: {answers:?}");
    }
    for table in ["dossier", "postal_order", "postal_item", "outbox"] {
        assert_eq!(
            number(db.store.read(), &format!("SELECT count(*) FROM {table}")).await,
            10,
            "{table}"
        );
    }
    assert_eq!(number(db.store.read(), "SELECT count(*) FROM inbox").await, 20);
}

async fn eight_that_draw_labels_never_draw_the_same(backend: Backend) {
    let db = fresh(backend).await;
    let mut drawing = JoinSet::new();
    for _ in 0..8 {
        let store = db.store.clone();
        drawing.spawn(async move {
            let mut drawn = Vec::new();
            for _ in 0..25 {
                drawn.push(
                    store
                        .write(|tx| Box::pin(draw(tx, None)))
                        .await
                        .expect("the run is not used up"),
                );
            }
            drawn
        });
    }
    let all: Vec<String> = drawing
        .join_all()
        .await
        .into_iter()
        .flatten()
        .map(|code| code.as_str().to_owned())
        .collect();
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 200);
}

async fn eight_that_record_under_one_key_record_once_and_all_get_the_same_answer(backend: Backend) {
    let db = fresh(backend).await;
    let keys = ServerKeys::generate();
    let dossier = placed(&db.store, &keys, "1").await.dossier;
    let before = number(db.store.read(), "SELECT count(*) FROM inbox").await;
    let told = || DeskAct {
        kind: "dossier.resolved".to_owned(),
        actor: "staff:1".to_owned(),
        data: json!({ "outcome": "granted" }),
        seen: None,
    };
    let mut recording = JoinSet::new();
    for _ in 0..8 {
        let (store, keys, told) = (db.store.clone(), keys.clone(), told());
        let once = Some(Once {
            key: [1; 32],
            digest: [1; 32],
        });
        recording.spawn(async move { record(&store, &keys, Scope::agency(AGENCY), dossier, told, once).await });
    }
    let mut answers = BTreeSet::new();
    for answer in recording.join_all().await {
        let Recording::Done(done) = answer.expect("answers") else {
            panic!("it is recorded")
        };
        answers.insert((done.event, done.result.map(|code| code.as_str().to_owned())));
    }
    assert_eq!(answers.len(), 1);
    assert_eq!(
        number(db.store.read(), "SELECT count(*) FROM inbox").await,
        before + 2,
        "the act and its result's label"
    );

    let again = Some(Once {
        key: [1; 32],
        digest: [1; 32],
    });
    let other = Some(Once {
        key: [1; 32],
        digest: [2; 32],
    });
    let ask = async |scope: Scope, once| {
        record(&db.store, &keys, scope, dossier, told(), once)
            .await
            .expect("answers")
    };
    assert!(matches!(
        ask(Scope::agency(AGENCY), again.clone()).await,
        Recording::Done(_)
    ));
    assert!(matches!(ask(Scope::agency(AGENCY), other).await, Recording::KeyReused));
    let strangers = Scope::agency(domain::ids::AgencyId(uuid::Uuid::from_u128(77)));
    assert!(
        matches!(ask(strangers, again).await, Recording::Unknown),
        "what you may not see does not exist"
    );
    assert_eq!(number(db.store.read(), "SELECT count(*) FROM inbox").await, before + 2);
}

async fn a_dossier_that_is_resolved_again_keeps_its_envelope(backend: Backend) {
    let db = fresh(backend).await;
    let keys = ServerKeys::generate();
    let dossier = placed(&db.store, &keys, "1").await.dossier;
    let mut labels = BTreeSet::new();
    for _ in 0..3 {
        let told = DeskAct {
            kind: "dossier.resolved".to_owned(),
            actor: "staff:1".to_owned(),
            data: json!({ "outcome": "granted" }),
            seen: None,
        };
        let Recording::Done(done) = record(&db.store, &keys, Scope::agency(AGENCY), dossier, told, None)
            .await
            .expect("answers")
        else {
            panic!("it is recorded")
        };
        labels.insert(done.result.map(|code| code.as_str().to_owned()));
    }
    assert_eq!(labels.len(), 1);
}

async fn eight_that_cancel_leave_one_cancellation(backend: Backend) {
    let db = fresh(backend).await;
    let keys = ServerKeys::generate();
    placed(&db.store, &keys, "1").await;
    let mut leader = crate::support::lead(&db.store, &keys).await;
    leader.drain().await.expect("folded");
    let mut cancelling = JoinSet::new();
    for _ in 0..8 {
        let (store, keys) = (db.store.clone(), keys.clone());
        cancelling.spawn(async move { cancel(&store, &keys, CLIENT, "AG01".to_owned(), "1".to_owned()).await });
    }
    for answer in cancelling.join_all().await {
        assert_eq!(answer.expect("answers"), Cancelling::Cancelled);
    }
    leader.drain().await.expect("folded");
    let told = number(
        db.store.read(),
        "SELECT count(*) FROM tracking_event WHERE status_code = 60",
    )
    .await;
    assert_eq!(told, 1, "the client hears of it once");
}

both!(
    eight_that_place_the_same_order_make_one,
    eight_that_draw_labels_never_draw_the_same,
    eight_that_record_under_one_key_record_once_and_all_get_the_same_answer,
    a_dossier_that_is_resolved_again_keeps_its_envelope,
    eight_that_cancel_leave_one_cancellation,
);
