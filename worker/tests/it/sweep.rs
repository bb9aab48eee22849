//! What fell between two chairs is found, told once, and closed when it has mended.

use crate::support::{Desk, NHA_BANG, TINH_BIEN, staff_id};
use custody::envelope::{Signer, SoftSigner, seal};
use custody::event::{Beacon, Event, ItemRef, Mono, Stamp};
use custody::ids::{EventId, HandoverId, ItemId};
use custody::kind::Kind;
use domain::hat::Hat;
use entity::inbox::{Fact, Lane, deposit};
use entity::outbox::{self, Claimed};
use entity::repo::{device, finding, staff};
use entity::testing::Backend;
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;
use worker::Outcome;

both!(
    a_hole_in_a_devices_sequence_is_found_and_closed,
    an_event_that_waits_too_long_for_another_is_found_and_closed,
    facts_without_a_number_are_found_and_closed,
    a_job_nobody_runs_is_found_and_closed,
    an_item_whose_assignment_came_to_nothing_is_found_and_closed,
    a_sweep_that_finds_nothing_new_writes_nothing,
);

/// Open findings as kind and subject.
async fn open(desk: &Desk) -> Vec<(String, String)> {
    let rows = finding::open(desk.store().read(), 100).await.expect("listed");
    rows.into_iter().map(|row| (row.kind, row.subject)).collect()
}

/// Runs a sweep and nothing else.
async fn sweep(desk: &Desk) {
    let id = desk.push("sweep", json!({})).await;
    assert_eq!(desk.run(id).await, Outcome::Done);
}

struct Phone {
    signer: SoftSigner,
    seq: u64,
    prev: EventId,
}

impl Phone {
    /// An enrolled phone of courier 1.
    async fn enrol(desk: &Desk) -> Self {
        let signer = SoftSigner::from_bytes(&[1; 32]).expect("a key");
        let person = staff::by_id(desk.store().read(), staff_id(1))
            .await
            .expect("answered")
            .expect("known");
        let (store, keys, key) = (desk.store().clone(), desk.keys.clone(), signer.public_key());
        let enrolled = desk
            .store()
            .write(move |tx| Box::pin(async move { device::enrol(tx, &store, &keys, &person, key).await }));
        enrolled.await.expect("enrolled");
        desk.settle().await;
        Self {
            signer,
            seq: 0,
            prev: EventId([0; 32]),
        }
    }

    /// The next event about an item whose head is `head`.
    fn next(&mut self, desk: &Desk, item: &str, head: EventId) -> Fact {
        let now = u64::try_from(desk.store().now_ms()).expect("after 1970");
        self.seq += 1;
        let stamp = Stamp {
            acting_as: Hat::Carrier,
            seq: self.seq,
            prev: self.prev,
            wall_ms: now,
            mono: Mono {
                boot_id: [9; 16],
                ms: 1_000,
            },
            beacon: Some(Beacon {
                server_ms: now,
                mono_ms: 1_000,
                tag: [0; 8],
            }),
            seen_checkpoint: None,
        };
        let device = self.signer.public_key().device_id();
        let handover = HandoverId(*Uuid::from_u128(u128::from(self.seq)).as_bytes());
        let line = ItemRef {
            item: ItemId::of(item),
            head,
            seal: "S-1".to_owned(),
        };
        let event = Event {
            items: vec![line],
            ..stamp.event(Kind::TakeIn, device, handover)
        };
        let sealed = seal(&event, &self.signer).expect("sealed");
        self.prev = sealed.id;
        Fact {
            id: sealed.id,
            lane: Lane::Custody,
            raw: sealed.bytes,
        }
    }
}

async fn put(desk: &Desk, fact: Fact) {
    deposit(desk.store(), "test".to_owned(), vec![fact])
        .await
        .expect("stored");
}

async fn world(backend: Backend) -> Desk {
    Desk::with_couriers(backend, &[(1, TINH_BIEN, 0, 1440, 9), (2, NHA_BANG, 0, 1440, 9)]).await
}

async fn a_hole_in_a_devices_sequence_is_found_and_closed(backend: Backend) {
    let desk = world(backend).await;
    let mut phone = Phone::enrol(&desk).await;
    let first = phone.next(&desk, "EE000000015VN", EventId([0; 32]));
    let second = phone.next(&desk, "EE000000024VN", EventId([0; 32]));
    put(&desk, second).await;
    desk.settle().await;
    sweep(&desk).await;
    let subject = phone.signer.public_key().device_id().to_string();
    assert_eq!(open(&desk).await, [("gap".to_owned(), subject)]);
    assert_eq!(
        desk.text("SELECT detail FROM finding").await.as_deref(),
        Some("missing 1–1")
    );

    put(&desk, first).await;
    desk.settle().await;
    sweep(&desk).await;
    assert!(open(&desk).await.is_empty());
}

async fn an_event_that_waits_too_long_for_another_is_found_and_closed(backend: Backend) {
    let desk = world(backend).await;
    let placed = desk.order(1, "phường Tịnh Biên, An Giang").await;
    let mut phone = Phone::enrol(&desk).await;
    let taken = phone.next(&desk, placed.item_code.as_str(), EventId([0; 32]));
    // It goes on from an event that nobody has sent.
    let waiting = phone.next(&desk, placed.item_code.as_str(), EventId([7; 32]));
    put(&desk, taken).await;
    put(&desk, waiting.clone()).await;
    desk.settle().await;
    sweep(&desk).await;
    assert!(open(&desk).await.is_empty(), "it may still come");

    desk.advance(desk.config.parked_for + Duration::from_millis(1));
    sweep(&desk).await;
    assert_eq!(open(&desk).await, [("parked".to_owned(), waiting.id.to_string())]);
}

async fn facts_without_a_number_are_found_and_closed(backend: Backend) {
    let desk = world(backend).await;
    desk.order(1, "phường Tịnh Biên, An Giang").await;
    desk.advance(desk.config.unsequenced_for + Duration::from_millis(1));
    sweep(&desk).await;
    assert!(open(&desk).await.contains(&("orphan".to_owned(), "inbox".to_owned())));
    desk.settle().await;
    sweep(&desk).await;
    assert!(open(&desk).await.is_empty());
}

async fn a_job_nobody_runs_is_found_and_closed(backend: Backend) {
    let desk = Desk::open(backend).await;
    let id = desk.push_notice().await;
    desk.advance(desk.config.stuck_for + Duration::from_millis(1));
    sweep(&desk).await;
    assert_eq!(open(&desk).await, [("orphan".to_owned(), format!("job:{id}"))]);
    desk.run(id).await;
    sweep(&desk).await;
    assert!(open(&desk).await.is_empty());
}

async fn an_item_whose_assignment_came_to_nothing_is_found_and_closed(backend: Backend) {
    let desk = world(backend).await;
    let placed = desk.order(1, "phường Tịnh Biên, An Giang").await;
    let id = desk.id_where("kind = 'assign'").await;
    // As a program with a fault would leave it: done, and nothing to show for it.
    let Claimed::Run(claim) = outbox::claim(desk.store(), id).await.expect("answered") else {
        panic!("it is due")
    };
    let now = desk.store().now_ms();
    let ended = desk
        .store()
        .write(move |tx| Box::pin(async move { outbox::done(tx, &claim, now).await }));
    assert!(ended.await.expect("answered"));
    desk.settle().await;
    sweep(&desk).await;
    let subject = format!("item:{}:pickup", placed.item_code);
    assert_eq!(open(&desk).await, [("orphan".to_owned(), subject.clone())]);

    // Still open a week later, when the job is no longer among the recent ones.
    desk.advance(Duration::from_hours(7 * 24));
    sweep(&desk).await;
    assert_eq!(open(&desk).await, [("orphan".to_owned(), subject)]);

    desk.push(
        "assign",
        json!({ "item_code": placed.item_code.as_str(), "leg": "pickup" }),
    )
    .await;
    desk.settle().await;
    sweep(&desk).await;
    assert!(open(&desk).await.is_empty());
}

async fn a_sweep_that_finds_nothing_new_writes_nothing(backend: Backend) {
    let desk = Desk::open(backend).await;
    desk.push_notice().await;
    desk.advance(desk.config.stuck_for + Duration::from_millis(1));
    sweep(&desk).await;
    let before = desk.text("SELECT CAST(since AS TEXT) || detail FROM finding").await;
    desk.advance(Duration::from_mins(1));
    sweep(&desk).await;
    assert_eq!(
        desk.text("SELECT CAST(since AS TEXT) || detail FROM finding").await,
        before
    );
    assert_eq!(desk.count("finding", "1 = 1").await, 1);
}
