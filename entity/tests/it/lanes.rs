//! Every row of the table of conflicts: what is applied, what waits for a person, and that nothing a phone told is ever discarded.

use crate::support::{RECEIVED_MS, lead, put};
use crate::world::{CARRIER, COUNTER, COURIER, START_MS, World, code, item, line};
use custody::event::{About, Beacon, Event, Mono};
use custody::ids::EventId;
use custody::kind::Kind;
use domain::item::ItemKind;
use entity::clock::FixedClock;
use entity::project::Projector;
use entity::rebuild::rebuild;
use entity::repo::contested::{self, Lane};
use entity::repo::{finding, item as items, ruling};
use entity::sequencer::Leader;
use entity::testing::{Backend, TestDb};
use entity::{Scope, StoreError};
use serde_json::json;
use std::sync::Arc;

both!(
    of_two_who_accept_one_offer_only_the_named_receiver_counts_and_the_other_is_an_alert,
    a_handover_without_a_release_is_provisional_for_a_day_and_then_stands,
    a_contradiction_within_the_day_is_a_dispute_and_not_provisional,
    an_author_takes_a_mistake_back_alone_and_later_it_takes_two,
    an_event_of_a_revoked_phone_that_somebody_else_had_named_before_is_applied,
    an_event_of_a_revoked_phone_between_two_server_times_is_applied_and_a_later_one_is_not,
);

pub(crate) const HOUR: i64 = 3_600_000;

/// A store whose clock the test moves.
pub(crate) struct Stage {
    pub(crate) db: TestDb,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) world: World,
    pub(crate) leader: Leader,
    told: usize,
}

impl Stage {
    /// Folding the whole log in one go, where much is remembered, gives the bytes that folding it as it came gave.
    pub(crate) async fn folds_the_same_at_once(&self) {
        let all = rebuild(&self.db.store, &Projector::new(&self.world.keys)).await;
        let all = all.expect("rebuilt");
        assert!(all.iter().all(entity::rebuild::Compared::is_same), "{all:?}");
    }

    pub(crate) async fn set(backend: Backend) -> (Self, EventId) {
        let clock = Arc::new(FixedClock::at(RECEIVED_MS));
        let db = TestDb::open_with(backend, Arc::<FixedClock>::clone(&clock)).await;
        let mut world = World::new();
        world.enrol_all();
        world.item_created(&code(1), ItemKind::DossierToAgency);
        let head = world.one_party(COURIER, Kind::TakeIn, &code(1), EventId::ZERO);
        world.prepare(&db.store).await;
        let leader = lead(&db.store, &world.keys).await;
        let stage = Self {
            db,
            clock,
            world,
            leader,
            told: 0,
        };
        (stage, head)
    }

    /// Everything signed since reaches the server and is folded.
    pub(crate) async fn sync(&mut self) {
        let facts = self.world.facts.split_off(0);
        put(&self.db.store, &facts[self.told..]).await;
        self.world.facts = facts;
        self.told = self.world.facts.len();
        self.leader.drain().await.expect("folded");
    }

    /// Keeps the newest fact back; its place among the facts.
    pub(crate) fn keep_back(&mut self) -> entity::inbox::Fact {
        self.world.facts.pop().expect("something was signed")
    }

    pub(crate) fn party(&self, who: usize) -> String {
        self.world.people[who].party.to_string()
    }

    pub(crate) async fn quarantined(&self) -> Vec<(EventId, String)> {
        let rows = finding::quarantined(self.db.store.read(), 100).await.expect("readable");
        let pair = |row: entity::table::quarantine::Model| {
            (EventId::try_from(row.event_id.as_slice()).expect("an id"), row.reason)
        };
        rows.into_iter().map(pair).collect()
    }

    pub(crate) async fn waiting(&self) -> usize {
        let rows = finding::parked_since(self.db.store.read(), i64::MAX).await;
        rows.expect("readable").len()
    }

    /// What waits for a person, as whoever sees everything sees it.
    pub(crate) async fn contested(&self) -> Vec<contested::Contested> {
        let (store, everything) = (&self.db.store, Scope::everything());
        contested::list(store.read(), &self.world.keys, &everything, store.now_ms(), 100)
            .await
            .expect("readable")
    }

    /// Tells the log what the server finds proved, as the sweep does.
    pub(crate) async fn prove(&mut self) -> usize {
        let store = self.db.store.clone();
        let proved = ruling::proved(store.read(), &self.world.keys, 100)
            .await
            .expect("readable");
        let count = proved.len();
        let (inner, keys) = (store.clone(), self.world.keys.clone());
        let told = store.write(move |tx| {
            Box::pin(async move {
                for one in &proved {
                    ruling::tell_proved(tx, &inner, &keys, one).await?;
                }
                Ok::<_, StoreError>(())
            })
        });
        told.await.expect("told");
        self.leader.drain().await.expect("folded");
        count
    }

    /// An act of two people, as the log has it.
    pub(crate) fn rule(&mut self, data: &serde_json::Value) {
        let mut data = data.clone();
        data["proposed_by"] = json!("staff:00000000-0000-0000-0000-000000000001");
        data["approved_by"] = json!("staff:00000000-0000-0000-0000-000000000002");
        data["reason_sha256"] = json!("00");
        self.world.act("ruling.approved", [0x77; 16], &data);
    }
}

async fn of_two_who_accept_one_offer_only_the_named_receiver_counts_and_the_other_is_an_alert(backend: Backend) {
    let (mut stage, head) = Stage::set(backend).await;
    let offered = stage.world.draft_offer(COURIER, COUNTER, vec![line(&code(1), head)]);
    let offer = stage.world.sign(COURIER, &offered);
    let offer_fact = stage.keep_back();
    let onlooker = stage.world.accept(CARRIER, offer, &offered);
    stage.world.accept(COUNTER, offer, &offered);
    stage.sync().await;
    assert_eq!(
        (stage.waiting().await, stage.quarantined().await.len()),
        (2, 0),
        "both wait for the offer"
    );
    put(&stage.db.store, &[offer_fact]).await;
    stage.leader.drain().await.expect("folded");
    let row = item(&stage.db.store, &code(1)).await;
    assert_eq!((row.disputed, row.holder), (false, Some(stage.party(COUNTER))));
    assert_eq!(stage.quarantined().await, [(onlooker, "wrong_receiver".to_owned())]);
    assert_eq!(stage.waiting().await, 0);
}

async fn a_handover_without_a_release_is_provisional_for_a_day_and_then_stands(backend: Backend) {
    let (mut stage, head) = Stage::set(backend).await;
    let offered = stage.world.draft_offer(COURIER, COUNTER, vec![line(&code(1), head)]);
    let offer = stage.world.sign(COURIER, &offered);
    stage.world.accept(COUNTER, offer, &offered);
    stage.sync().await;
    let provisional = async |stage: &Stage| {
        let row = item(&stage.db.store, &code(1)).await;
        items::is_provisional(stage.db.store.read(), &row, stage.db.store.now_ms())
            .await
            .expect("readable")
    };
    assert!(provisional(&stage).await);
    stage.clock.advance(24 * HOUR - 1);
    assert!(provisional(&stage).await);
    stage.clock.advance(1);
    assert!(!provisional(&stage).await, "nobody contradicted for a day");
    assert_eq!(item(&stage.db.store, &code(1)).await.holder, Some(stage.party(COUNTER)));
}

async fn a_contradiction_within_the_day_is_a_dispute_and_not_provisional(backend: Backend) {
    let (mut stage, head) = Stage::set(backend).await;
    let offered = stage.world.draft_offer(COURIER, COUNTER, vec![line(&code(1), head)]);
    let offer = stage.world.sign(COURIER, &offered);
    let accept = stage.world.accept(COUNTER, offer, &offered);
    let handover = stage.world.handover();
    let draft = stage.world.draft(COURIER, Kind::RevokeOffer, handover);
    let revoke = stage.world.sign(
        COURIER,
        &Event {
            about: Some(About::Event(offer)),
            ..draft
        },
    );
    stage.sync().await;
    let cases = stage.contested().await;
    assert_eq!(
        (cases.len(), cases[0].lane, cases[0].reason.as_str()),
        (1, Lane::Dispute, "revoked")
    );
    let mut sides: Vec<&[u8]> = cases[0].branches.iter().map(|told| told.event.as_slice()).collect();
    sides.sort_unstable();
    let mut both = [&accept.0[..], &revoke.0[..]];
    both.sort_unstable();
    assert_eq!(sides, both, "both sides of the story");
    assert!(
        cases[0]
            .branches
            .iter()
            .all(|told| told.bracket.is_some() && told.party.is_some())
    );
}

/// The next event of a person, on their device's clock so many milliseconds after the one it is about.
fn correction(world: &mut World, who: usize, about: EventId, after_ms: u64) -> EventId {
    let handover = world.handover();
    let draft = world.draft(who, Kind::Correction, handover);
    let mono = draft.mono.expect("every event has one");
    // A draft is a minute after the one before.
    let mono = Mono {
        ms: mono.ms - 60_000 + after_ms,
        ..mono
    };
    let event = Event {
        about: Some(About::Event(about)),
        mono: Some(mono),
        ..draft
    };
    world.sign(who, &event)
}

async fn an_author_takes_a_mistake_back_alone_and_later_it_takes_two(backend: Backend) {
    let (mut stage, head) = Stage::set(backend).await;
    let mistake = stage.world.one_party(COURIER, Kind::Hold, &code(1), head);
    correction(&mut stage.world, COURIER, mistake, 15 * 60_000);
    stage.sync().await;
    let row = item(&stage.db.store, &code(1)).await;
    assert_eq!(
        (row.state.as_str(), row.head),
        ("C2", Some(head.0.to_vec())),
        "as if it had not been told"
    );
    assert!(stage.quarantined().await.is_empty());

    let again = stage.world.one_party(COURIER, Kind::Hold, &code(1), head);
    let late = correction(&mut stage.world, COURIER, again, 15 * 60_000 + 1);
    stage.sync().await;
    assert_eq!(item(&stage.db.store, &code(1)).await.head, Some(again.0.to_vec()));
    assert_eq!(
        stage.quarantined().await,
        [(late, "correction_needs_ruling".to_owned())]
    );
    stage.rule(&json!({ "outcome": "apply", "event": late.to_string(), "sets_aside": again.to_string() }));
    stage.sync().await;
    assert_eq!(item(&stage.db.store, &code(1)).await.head, Some(head.0.to_vec()));
    assert!(stage.contested().await.is_empty());
    stage.folds_the_same_at_once().await;
}

/// The courier gives the item to the counter; the courier's phone is lost before it syncs, and brings its offer later.
async fn an_event_of_a_revoked_phone_that_somebody_else_had_named_before_is_applied(backend: Backend) {
    let (mut stage, head) = Stage::set(backend).await;
    let offered = stage.world.draft_offer(COURIER, COUNTER, vec![line(&code(1), head)]);
    let offer = stage.world.sign(COURIER, &offered);
    let offer_fact = stage.keep_back();
    stage.world.accept(COUNTER, offer, &offered);
    stage.sync().await;
    stage.clock.advance(HOUR);
    let device = stage.world.people[COURIER].device().0;
    stage.world.act("device.revoked", device, &json!({}));
    stage.sync().await;
    stage.clock.advance(HOUR);
    put(&stage.db.store, &[offer_fact]).await;
    stage.leader.drain().await.expect("folded");
    assert_eq!(stage.quarantined().await, [(offer, "late_from_revoked".to_owned())]);
    assert_eq!(item(&stage.db.store, &code(1)).await.holder, Some(stage.party(COURIER)));
    assert_eq!(
        stage.prove().await,
        1,
        "the counter's phone named it an hour before the revocation"
    );
    assert_eq!(item(&stage.db.store, &code(1)).await.holder, Some(stage.party(COUNTER)));
    assert!(stage.contested().await.is_empty(), "nobody has to look");
    stage.folds_the_same_at_once().await;
    assert_eq!(stage.prove().await, 0, "once");

    // What it signs now is from after, and stays apart.
    let after = stage.world.one_party(COURIER, Kind::Note, &code(1), head);
    stage.sync().await;
    assert_eq!(stage.prove().await, 0);
    let cases = stage.contested().await;
    assert_eq!((cases.len(), cases[0].branches[0].event.as_slice()), (1, &after.0[..]));
}

async fn an_event_of_a_revoked_phone_between_two_server_times_is_applied_and_a_later_one_is_not(backend: Backend) {
    let (mut stage, head) = Stage::set(backend).await;
    stage.sync().await;
    let device = stage.world.people[COURIER].device();
    let beacon = |stage: &Stage, mono_ms: u64| {
        let server_ms = stage.db.store.now_ms();
        Some(Beacon {
            server_ms: server_ms.cast_unsigned(),
            mono_ms,
            tag: stage.world.keys.beacon_tag(device, server_ms),
        })
    };
    let sign = |stage: &mut Stage, beacon: Option<Beacon>, mono_ms: u64, kind: Kind, head: EventId| {
        let handover = stage.world.handover();
        let draft = stage.world.draft(COURIER, kind, handover);
        let mono = draft.mono.map(|mono| Mono { ms: mono_ms, ..mono });
        let event = Event {
            items: vec![line(&code(1), head)],
            mono,
            beacon,
            ..draft
        };
        stage.world.sign(COURIER, &event)
    };
    // Its clock since the boot, as its other events tell it.
    let base = 1_000_000 + (stage.db.store.now_ms() - START_MS).cast_unsigned();
    let first = beacon(&stage, base);
    let on_hold = sign(&mut stage, first, base + 600_000, Kind::Hold, head);
    let on_hold_fact = stage.keep_back();
    stage.clock.advance(HOUR);
    // It greets the server an hour later, and cannot bring anything.
    let second = beacon(&stage, base + 3_600_000);
    stage.clock.advance(HOUR);
    stage.world.act("device.revoked", device.0, &json!({}));
    stage.sync().await;
    let after = sign(&mut stage, second, base + 3_700_000, Kind::Note, on_hold);
    stage.clock.advance(HOUR);
    put(&stage.db.store, &[on_hold_fact]).await;
    stage.sync().await;
    assert_eq!(stage.quarantined().await.len(), 2);
    assert_eq!(item(&stage.db.store, &code(1)).await.head, Some(head.0.to_vec()));
    assert_eq!(stage.prove().await, 1);
    assert_eq!(
        item(&stage.db.store, &code(1)).await.head,
        Some(on_hold.0.to_vec()),
        "before the second server time"
    );
    let cases = stage.contested().await;
    assert_eq!(
        (cases.len(), cases[0].branches[0].event.as_slice()),
        (1, &after.0[..]),
        "nothing bounds the last one"
    );
}
