//! Folding the whole log again gives the same bytes, shows what was changed by hand, and repeats no effect.

use crate::support::{Chance, execute, fresh, lead, number, put};
use crate::world::{COUNTER, COURIER, OFFICE, World, code, line};
use custody::event::{Detail, Event};
use custody::ids::EventId;
use custody::kind::Kind;
use entity::inbox::Fact;
use entity::project::Projector;
use entity::rebuild::{PROJECTIONS, digests, rebuild};
use entity::testing::{Backend, TestDb};
use serde_json::json;

/// A life told out of order, with a copied phone, strangers' bytes, acts nobody understands and events that wait.
pub(crate) async fn a_long_history(backend: Backend, seed: u64) -> (TestDb, World) {
    let db = fresh(backend).await;
    let mut world = World::whole_life();
    let handover = world.handover();
    let draft = world.draft(COURIER, Kind::Note, handover);
    for event in [
        Event {
            seq: 2,
            items: vec![line(&code(1), EventId::ZERO)],
            ..draft.clone()
        },
        Event {
            seq: 9,
            kind: Kind::Hold,
            evidence: vec![[3; 32], [4; 32], [3; 32]],
            items: vec![line(&code(7), EventId([1; 32]))],
            ..draft.clone()
        },
        Event {
            seq: 10,
            kind: Kind::from_code(88),
            ..draft
        },
    ] {
        let fact = world.seal(COURIER, &event);
        world.facts.push(fact);
    }
    world.facts.push(Fact::from_bytes(vec![1, 2, 3]));
    world.dossier_act("dossier.eaten_by_a_cow", &json!({}));
    some_money(&mut world);
    world.prepare(&db.store).await;
    let mut leader = lead(&db.store, &world.keys).await;
    let mut chance = Chance::new(seed);
    for batch in world.scrambled(&mut chance) {
        put(&db.store, &batch).await;
        if chance.below(2) == 0 {
            leader.drain().await.expect("folded");
        }
    }
    leader.drain().await.expect("folded");
    (db, world)
}

/// A fee that is paid at the counter and stated for the agency, another that a phone tells of, and a shift.
fn some_money(world: &mut World) {
    let fee = json!({ "ledger": "state_fee", "amount": 8000, "currency": "VND" });
    world.dossier_act("money.charged", &fee);
    let mut paid = fee;
    paid["tender"] = json!("cash");
    paid["taken_by"] = json!(format!("service_point:{}", OFFICE));
    for serial in [1, 2] {
        paid["receipt"] = json!({ "point": "P1", "series": "AA/26P", "serial": serial });
        world.dossier_act("money.collected", &paid);
    }
    let void = json!({ "number": "P1 AA/26P 0000002", "reason": "in hỏng" });
    world.dossier_act("receipt.voided", &void);
    let place = json!(format!("service_point:{}", OFFICE));
    let stated = json!({ "place": place, "receipts": ["P1 AA/26P 0000001"], "total": 8000 });
    world.act("remittance.stated", [5; 16], &stated);
    world.act("shift.opened", [6; 16], &json!({ "place": place }));
    let aside = json!({ "outcome": "reject", "event": "05".repeat(32), "sets_aside": "05".repeat(32) });
    world.act("ruling.approved", [7; 16], &aside);
    let handover = world.handover();
    let draft = world.draft(COUNTER, Kind::Cash, handover);
    let details = [
        ("ledger".to_owned(), Detail::Text("postage".to_owned())),
        ("amount".to_owned(), Detail::Int(26_000)),
    ];
    let event = Event {
        items: vec![line(&code(1), EventId::ZERO)],
        details: details.into(),
        ..draft
    };
    world.sign(COUNTER, &event);
}

async fn every_table_comes_out_the_same_after_any_history(backend: Backend) {
    for seed in 0..5 {
        let (db, world) = a_long_history(backend, seed).await;
        let before = digests(db.store.read()).await.expect("readable");
        let compared = rebuild(&db.store, &Projector::new(&world.keys)).await.expect("rebuilt");
        assert_eq!(compared.len(), PROJECTIONS.len());
        for one in &compared {
            assert!(one.is_same(), "seed {seed}: {} came out differently", one.table);
            assert!(one.rows > 0, "{} is part of the history", one.table);
        }
        assert_eq!(digests(db.store.read()).await.expect("readable"), before);
    }
}

async fn a_row_changed_by_hand_is_told_and_mended(backend: Backend) {
    for (table, sql) in [
        (
            "item_custody",
            "UPDATE item_custody SET holder = 'staff:00000000-0000-0000-0000-000000000001'",
        ),
        ("dossier_state", "UPDATE dossier_state SET state = 'D15'"),
        ("quarantine", "DELETE FROM quarantine"),
        (
            "quarantine",
            "INSERT INTO quarantine (event_id, log_index, reason, source, since) SELECT event_id, 1, 'x', 'x', 1 FROM inbox WHERE lane = 2 AND log_index = (SELECT min(log_index) FROM inbox WHERE lane = 2)",
        ),
        (
            "tracking_event",
            "UPDATE tracking_event SET status_code = 170 WHERE seq = 1",
        ),
        ("device", "UPDATE device SET fork_at = NULL"),
        (
            "parked",
            "INSERT INTO parked (event_id, log_index, reason, since) SELECT event_id, 1, 'x', 1 FROM inbox WHERE lane = 2",
        ),
    ] {
        let (db, world) = a_long_history(backend, 7).await;
        let right = digests(db.store.read()).await.expect("readable");
        assert!(execute(&db.store, sql).await.expect("a hand can do it") > 0);
        let compared = rebuild(&db.store, &Projector::new(&world.keys)).await.expect("rebuilt");
        let different: Vec<&str> = compared
            .iter()
            .filter(|one| !one.is_same())
            .map(|one| one.table)
            .collect();
        assert_eq!(different, [table]);
        assert_eq!(
            digests(db.store.read()).await.expect("readable"),
            right,
            "the rebuilt rows are the right ones"
        );
    }
}

async fn no_effect_is_repeated_and_counting_goes_on_where_it_was(backend: Backend) {
    let (db, mut world) = a_long_history(backend, 3).await;
    let jobs = number(db.store.read(), "SELECT count(*) FROM outbox").await;
    assert!(jobs > 0, "this history has effects");
    execute(&db.store, "DELETE FROM outbox")
        .await
        .expect("as if the jobs were done and forgotten");
    let counters = "SELECT tracking_seq * 1000000 + change_seq * 1000 + applied_index FROM sequencer";
    let before = number(db.store.read(), counters).await;
    rebuild(&db.store, &Projector::new(&world.keys)).await.expect("rebuilt");
    assert_eq!(number(db.store.read(), "SELECT count(*) FROM outbox").await, 0);
    assert_eq!(number(db.store.read(), "SELECT count(*) FROM notification").await, 0);
    assert_eq!(number(db.store.read(), counters).await, before);

    world.dossier_act("dossier.ordered", &json!({}));
    put(&db.store, &world.facts).await;
    let mut leader = lead(&db.store, &world.keys).await;
    assert_eq!(leader.drain().await.expect("folded").applied, 1);
}

both!(
    every_table_comes_out_the_same_after_any_history,
    a_row_changed_by_hand_is_told_and_mended,
    no_effect_is_repeated_and_counting_goes_on_where_it_was,
);
