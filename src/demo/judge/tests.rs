use super::{Broken, judge};
use crate::demo::bus::{Feed, FeedRow};
use crate::demo::evidence::{Dossier, Evidence, Item, Told, Truth};
use crate::demo::ledger::Entry;
use custody::ids::EventId;
use entity::repo::audit::{Deposited, Ordered};
use uuid::Uuid;

const LABEL: &str = "EE000000015VN";

/// A good day with one order: fetched by one courier, brought to one desk.
fn good() -> Evidence {
    let id = |n: u8| EventId([n; 32]);
    let truth = Truth {
        label: LABEL.to_owned(),
        holder: Some("agency:a".to_owned()),
        contested: false,
    };
    let told = |seq, status| Told {
        seq,
        customer_code: "AG".to_owned(),
        order_number: "1".to_owned(),
        label: LABEL.to_owned(),
        status,
    };
    let row = |seq: i64, status| FeedRow {
        id: format!("{seq:024x}"),
        order_number: "1".to_owned(),
        status,
    };
    let read = Feed {
        rows: vec![row(1, 20), row(2, 70), row(3, 100)],
        disordered: Vec::new(),
    };
    Evidence {
        recorded: vec![
            Entry {
                id: id(1),
                by: "c".to_owned(),
                act: "take_in",
            },
            Entry {
                id: id(2),
                by: "d".to_owned(),
                act: "accept",
            },
        ],
        truth: vec![truth],
        read: vec![("AG".to_owned(), read)],
        stored: vec![
            Deposited {
                id: id(1),
                lane: 1,
                log_index: Some(1),
            },
            Deposited {
                id: id(2),
                lane: 1,
                log_index: Some(2),
            },
            Deposited {
                id: id(3),
                lane: 2,
                log_index: Some(3),
            },
        ],
        folded: vec![(id(1), "ok".to_owned()), (id(2), "ok".to_owned())],
        progress: (3, 3),
        items: vec![Item {
            label: LABEL.to_owned(),
            kind: "DOSSIER_TO_AGENCY".to_owned(),
            state: "C8".to_owned(),
            holder: Some("agency:a".to_owned()),
            disputed: false,
            provisional: false,
            told: 2,
        }],
        labels: vec![LABEL.to_owned()],
        dossiers: vec![Dossier {
            id: Uuid::from_u128(1),
            mode: "send".to_owned(),
            state: "D4".to_owned(),
            waiting: 0,
            due_on: None,
            resolved_at_ms: None,
        }],
        orders: vec![Ordered {
            customer_code: "AG".to_owned(),
            order_number: "1".to_owned(),
            item_code: LABEL.to_owned(),
            dossier: Uuid::from_u128(1),
            over_the_bus: true,
        }],
        placed: vec![(LABEL.to_owned(), "pickup".to_owned())],
        feed: vec![told(1, 20), told(2, 70), told(3, 100)],
        ..Evidence::default()
    }
}

/// The promises that broke after something was changed.
fn after(change: impl FnOnce(&mut Evidence)) -> Vec<&'static str> {
    let mut evidence = good();
    change(&mut evidence);
    judge(&evidence).into_iter().map(|broken| broken.promise).collect()
}

#[test]
fn a_good_day_breaks_nothing() {
    assert_eq!(judge(&good()), []);
}

#[test]
fn a_lost_event_is_found_and_named_by_its_id_alone() {
    let mut evidence = good();
    evidence.stored.remove(1);
    evidence.folded.remove(1);
    let broken = judge(&evidence);
    let example = format!("accept {} by d", EventId([2; 32]));
    assert_eq!(
        broken,
        [Broken {
            promise: "what a phone recorded is stored",
            times: 1,
            example
        }]
    );
}

#[test]
fn an_event_that_was_stored_and_never_folded_is_found() {
    assert_eq!(after(|day| day.folded.truncate(1)), ["everything stored is folded"]);
    assert_eq!(after(|day| day.left_over = 2), ["everything stored is folded"]);
}

#[test]
fn an_event_nobody_recorded_is_found() {
    assert_eq!(
        after(|day| day.recorded.truncate(1)),
        ["nothing is stored that no phone recorded"]
    );
}

#[test]
fn a_doubled_application_is_found_in_the_fold_and_in_the_feed() {
    assert_eq!(
        after(|day| day.folded.push(day.folded[0].clone())),
        ["nothing is folded twice"]
    );
    let doubled = after(|day| {
        for seq in 4..7 {
            day.feed.push(Told {
                seq,
                ..day.feed[2].clone()
            });
            let row = FeedRow {
                id: format!("{seq:024x}"),
                ..day.read[0].1.rows[2].clone()
            };
            day.read[0].1.rows.push(row);
        }
    });
    assert_eq!(doubled, ["nothing is folded twice"]);
}

#[test]
fn two_holders_of_one_item_are_found() {
    let twice = after(|day| {
        let other = Item {
            holder: Some("staff:b".to_owned()),
            ..day.items[0].clone()
        };
        day.items.insert(0, other);
    });
    assert_eq!(twice, ["every item has exactly one holder or an open dispute"]);
}

#[test]
fn an_item_with_nobody_or_with_the_wrong_one_is_found() {
    let nobody = after(|day| {
        day.items[0].holder = None;
        day.truth[0].holder = None;
    });
    assert_eq!(nobody, ["every item has exactly one holder or an open dispute"]);
    let wrong = after(|day| day.items[0].holder = Some("staff:c".to_owned()));
    assert_eq!(wrong, ["the holder is who has the envelope"]);
    assert_eq!(
        after(|day| day.items[0].disputed = true),
        ["the holder is who has the envelope"]
    );
}

#[test]
fn a_dispute_that_was_settled_silently_is_found() {
    assert_eq!(
        after(|day| day.truth[0].contested = true),
        ["two stories about one envelope are an open dispute"]
    );
}

#[test]
fn a_dossier_in_no_known_state_or_with_facts_that_do_not_fit_is_found() {
    let promise = ["every dossier is in a lawful state"];
    assert_eq!(after(|day| day.dossiers[0].state = "D99".to_owned()), promise);
    assert_eq!(after(|day| day.dossiers[0].waiting = 1), promise);
    assert_eq!(after(|day| day.dossiers.clear()), promise);
}

#[test]
fn an_order_nobody_was_sent_for_is_found_unless_the_dispatcher_sees_it() {
    assert_eq!(
        after(|day| day.placed.clear()),
        ["every order has a courier or stands on the dispatcher's list"]
    );
    let listed = after(|day| {
        day.placed.clear();
        day.unplaced
            .push((LABEL.to_owned(), "pickup".to_owned(), "unknown_place".to_owned()));
    });
    assert!(listed.is_empty());
}

#[test]
fn a_feed_with_a_gap_or_out_of_order_is_found() {
    let promise = ["every client read its whole feed in order"];
    assert_eq!(after(|day| drop(day.read[0].1.rows.remove(1))), promise);
    assert_eq!(after(|day| day.read[0].1.disordered.push("1".to_owned())), promise);
}

#[test]
fn a_rebuild_that_differs_a_damaged_fact_and_a_dead_job_are_found() {
    let differs = entity::rebuild::Compared {
        table: "change",
        rows: 1,
        before: "a".to_owned(),
        after: "b".to_owned(),
    };
    assert_eq!(
        after(|day| day.rebuilt.push(differs)),
        ["folding everything again gives the same bytes"]
    );
    assert_eq!(
        after(|day| day.damaged.push(3)),
        ["no fact is damaged or missing from the log"]
    );
    let with_job = |kind: &str, state: &str| {
        after(|day| {
            day.jobs.insert((kind.to_owned(), state.to_owned()), 1);
        })
    };
    let dead = with_job("assign", "dead");
    assert_eq!(dead, ["no job is stuck or given up"]);
    assert!(with_job("sweep", "ready").is_empty());
}
