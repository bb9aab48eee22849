//! Who fetches what: everybody is placed who can be, nobody over the brim, and the rest is listed with the reason.

use crate::support::{Desk, HOUR_MS, NHA_BANG, TINH_BIEN, staff_id};
use entity::repo::{assignment, finding};
use entity::testing::Backend;
use serde_json::json;
use std::time::Duration;
use worker::Outcome;

both!(
    every_order_finds_a_courier_while_there_is_room,
    what_is_too_much_goes_to_the_dispatcher_and_is_placed_when_there_is_room,
    an_order_at_night_is_given_to_the_morning_shift,
    an_address_nobody_understands_is_listed_with_the_reason,
    an_old_name_leads_to_the_commune_of_today_and_its_place_is_kept,
    many_runners_at_once_never_fill_a_courier_over_the_brim,
    a_leg_that_has_a_courier_is_not_given_to_another,
    an_unknown_item_is_given_up,
);

const DAY: (i64, i64) = (7 * 60, 17 * 60);
const HERE: &str = "12 khóm Xuân Hoà, phường Tịnh Biên, tỉnh An Giang";

async fn every_order_finds_a_courier_while_there_is_room(backend: Backend) {
    let couriers = [
        (1, TINH_BIEN, DAY.0, DAY.1, 6),
        (2, TINH_BIEN, DAY.0, DAY.1, 6),
        (3, NHA_BANG, DAY.0, DAY.1, 6),
    ];
    let desk = Desk::with_couriers(backend, &couriers).await;
    for number in 0..15 {
        desk.order(number, HERE).await;
    }
    desk.settle().await;
    assert_eq!(desk.count("assignment", "leg = 'pickup'").await, 15);
    assert_eq!(desk.count("unplaced", "1 = 1").await, 0);
    let loads = assignment::loads(desk.store().read()).await.expect("counted");
    // The two who work for the office go first; its neighbour helps with what is left.
    assert_eq!(
        (loads[&staff_id(1)], loads[&staff_id(2)], loads[&staff_id(3)]),
        (6, 6, 3)
    );
    // The decisions are acts in the log, numbered like every other fact.
    assert_eq!(desk.count("inbox", "log_index IS NULL").await, 0);
}

async fn what_is_too_much_goes_to_the_dispatcher_and_is_placed_when_there_is_room(backend: Backend) {
    let desk = Desk::with_couriers(backend, &[(1, TINH_BIEN, DAY.0, DAY.1, 2)]).await;
    for number in 0..5 {
        desk.order(number, HERE).await;
    }
    desk.settle().await;
    assert_eq!(desk.count("assignment", "1 = 1").await, 2);
    let listed = finding::unplaced(desk.store().read(), 10).await.expect("listed");
    assert_eq!(listed.len(), 3);
    assert!(listed.iter().all(|row| row.reason == "all_full"), "{listed:?}");

    desk.load(&[(1, TINH_BIEN, DAY.0, DAY.1, 9)]).await;
    desk.push("sweep", json!({})).await;
    desk.settle().await;
    assert_eq!(desk.count("assignment", "1 = 1").await, 5);
    assert!(
        finding::unplaced(desk.store().read(), 10)
            .await
            .expect("listed")
            .is_empty()
    );
}

async fn an_order_at_night_is_given_to_the_morning_shift(backend: Backend) {
    let desk = Desk::with_couriers(backend, &[(1, TINH_BIEN, DAY.0, DAY.1, 9)]).await;
    desk.clock.advance(12 * HOUR_MS);
    desk.order(1, HERE).await;
    desk.settle().await;
    assert_eq!(desk.count("assignment", "1 = 1").await, 1);
    assert!(
        finding::unplaced(desk.store().read(), 10)
            .await
            .expect("listed")
            .is_empty()
    );
}

async fn an_address_nobody_understands_is_listed_with_the_reason(backend: Backend) {
    let desk = Desk::with_couriers(backend, &[(1, TINH_BIEN, DAY.0, DAY.1, 9)]).await;
    for (number, address, reason, detail) in [
        (1, "số 5 Hàng Bài, Hà Nội", "address_unknown", ""),
        (2, "An Phú, An Giang", "address_ambiguous", "30337, 30520"),
    ] {
        desk.order(number, address).await;
        desk.settle().await;
        let listed = finding::unplaced(desk.store().read(), 10).await.expect("listed");
        let row = listed.last().expect("it is on the list");
        assert_eq!(
            (row.reason.as_str(), row.detail.as_str()),
            (reason, detail),
            "{address}"
        );
        desk.advance(Duration::from_secs(1));
    }
    desk.push("sweep", json!({})).await;
    desk.settle().await;
    assert_eq!(
        desk.count("outbox", "dedup_key LIKE '%:again:%'").await,
        0,
        "only a person can help"
    );
}

async fn an_old_name_leads_to_the_commune_of_today_and_its_place_is_kept(backend: Backend) {
    let desk = Desk::with_couriers(backend, &[(1, TINH_BIEN, DAY.0, DAY.1, 9)]).await;
    let placed = desk.order(1, "phường An Phú, thị xã Tịnh Biên, An Giang").await;
    desk.settle().await;
    let decided = assignment::latest(desk.store().read(), &placed.item_code, "pickup")
        .await
        .expect("answered");
    assert_eq!(decided.expect("placed").service_point_id, TINH_BIEN.0);
    assert_eq!(
        desk.text("SELECT commune_code FROM dossier").await.as_deref(),
        Some("30520")
    );
    assert_eq!(desk.count("dossier", "lat BETWEEN 10.59 AND 10.61").await, 1);
}

async fn many_runners_at_once_never_fill_a_courier_over_the_brim(backend: Backend) {
    let desk = Desk::with_couriers(
        backend,
        &[(1, TINH_BIEN, DAY.0, DAY.1, 3), (2, TINH_BIEN, DAY.0, DAY.1, 3)],
    )
    .await;
    for number in 0..10 {
        desk.order(number, HERE).await;
    }
    let due = entity::outbox::due(desk.store(), 100).await.expect("listed");
    let runs: Vec<_> = due
        .into_iter()
        .map(|(id, _)| {
            let runner = desk.runner();
            tokio::spawn(async move { runner.run(id).await })
        })
        .collect();
    for run in runs {
        let outcome = run.await.expect("ran").expect("answered");
        assert!(matches!(outcome, Outcome::Done | Outcome::Failed), "{outcome:?}");
    }
    desk.advance(desk.config.retry_longest);
    desk.settle().await;
    let loads = assignment::loads(desk.store().read()).await.expect("counted");
    assert_eq!((loads[&staff_id(1)], loads[&staff_id(2)]), (3, 3));
    assert_eq!(desk.count("unplaced", "reason = 'all_full'").await, 4);
}

async fn a_leg_that_has_a_courier_is_not_given_to_another(backend: Backend) {
    let desk = Desk::with_couriers(
        backend,
        &[(1, TINH_BIEN, DAY.0, DAY.1, 9), (2, TINH_BIEN, DAY.0, DAY.1, 9)],
    )
    .await;
    let placed = desk.order(1, HERE).await;
    let payload = json!({ "item_code": placed.item_code.as_str(), "leg": "pickup" });
    for _ in 0..5 {
        desk.push("assign", payload.clone()).await;
    }
    let due = entity::outbox::due(desk.store(), 100).await.expect("listed");
    let runs: Vec<_> = due
        .into_iter()
        .map(|(id, _)| {
            let runner = desk.runner();
            tokio::spawn(async move { runner.run(id).await })
        })
        .collect();
    for run in runs {
        assert_eq!(run.await.expect("ran").expect("answered"), Outcome::Done);
    }
    assert_eq!(desk.count("assignment", "1 = 1").await, 1);
}

async fn an_unknown_item_is_given_up(backend: Backend) {
    let desk = Desk::open(backend).await;
    let id = desk
        .push("assign", json!({ "item_code": "EE000000015VN", "leg": "pickup" }))
        .await;
    assert_eq!(desk.run(id).await, Outcome::GivenUp);
}
