//! A sealed bag is one item: the server knows who holds everything in it, whichever phone told it and in whatever order.

use crate::support::{Chance, drain, fresh, lead, number, put};
use crate::world::{COUNTER, COURIER, OFFICE, Picture, World, code, item, line, picture};
use custody::event::{BAG_SEAL, Detail, Event, ItemRef, Place, manifest_hash};
use custody::ids::{EventId, ItemId};
use custody::kind::Kind;
use domain::holder::Holder;
use domain::item::ItemKind;
use domain::item_code::ItemCode;
use entity::Scope;
use entity::inbox::Fact;
use entity::project::Projector;
use entity::rebuild::rebuild;
use entity::repo::{bag, handover};
use entity::testing::{Backend, TestDb};
use std::collections::BTreeMap;

const BAG: &str = "MB000000011VN";

fn bag_line(head: EventId) -> ItemRef {
    ItemRef {
        item: ItemId::of(BAG),
        head,
        seal: "NP-1".to_owned(),
    }
}

impl World {
    fn pack(&mut self, who: usize, items: Vec<ItemRef>) -> EventId {
        let handover = self.handover();
        let event = self.draft(who, Kind::Aggregate, handover);
        self.sign(
            who,
            &Event {
                manifest_hash: Some(manifest_hash(&items)),
                items,
                place: Some(Place::Text(BAG.to_owned())),
                details: BTreeMap::from([(BAG_SEAL.to_owned(), Detail::Text("NP-1".to_owned()))]),
                ..event
            },
        )
    }

    fn open_bag(&mut self, who: usize, head: EventId, items: Vec<ItemRef>) -> EventId {
        let handover = self.handover();
        let event = self.draft(who, Kind::Disaggregate, handover);
        self.sign(
            who,
            &Event {
                items: std::iter::once(bag_line(head)).chain(items).collect(),
                place: Some(Place::Text(BAG.to_owned())),
                ..event
            },
        )
    }

    fn hand_over_bag(&mut self, from: usize, to: usize, head: EventId) -> EventId {
        let offered = self.draft_offer(from, to, vec![bag_line(head)]);
        let offer = self.sign(from, &offered);
        let accept = self.accept(to, offer, &offered);
        self.release(from, accept, &offered);
        accept
    }
}

/// A courier takes so many items in, seals them into a bag and gives it to the counter. The facts of the phones begin at
/// the given place; the last three of them are offer, acceptance and release.
fn handed_over(count: u32) -> (World, Vec<ItemCode>, usize) {
    let mut world = World::new();
    world.enrol_all();
    let codes: Vec<ItemCode> = (1..=count).map(code).collect();
    for item in &codes {
        world.item_created(item, ItemKind::DossierToAgency);
    }
    let phones = world.facts.len();
    let lines = codes.iter().map(|item| {
        let head = world.one_party(COURIER, Kind::TakeIn, item, EventId::ZERO);
        line(item, head)
    });
    let lines: Vec<ItemRef> = lines.collect();
    let packed = world.pack(COURIER, lines);
    world.hand_over_bag(COURIER, COUNTER, packed);
    (world, codes, phones)
}

/// A store that was told what the offices did, and then this in this order.
async fn told(backend: Backend, world: &World, phones: usize, facts: &[Fact]) -> TestDb {
    let db = fresh(backend).await;
    world.prepare(&db.store).await;
    let mut leader = lead(&db.store, &world.keys).await;
    put(&db.store, &world.facts[..phones]).await;
    drain(&db.store, &mut leader).await;
    for batch in facts.chunks(20) {
        put(&db.store, batch).await;
        drain(&db.store, &mut leader).await;
    }
    db
}

/// What the giver's phone alone uploads, and the receiver's: its acceptance and the offer first, then the release and what
/// travelled along.
fn uploads(world: &World, phones: usize) -> [Vec<Fact>; 2] {
    let giver = world.facts[phones..].to_vec();
    let (way, exchange) = giver.split_at(giver.len() - 3);
    let receiver = [&exchange[1..2], &exchange[..1], &exchange[2..], way].concat();
    [giver, receiver]
}

async fn sixty_items_in_a_bag_are_with_the_receiver_whichever_phone_alone_syncs(backend: Backend) {
    let (world, codes, phones) = handed_over(60);
    for upload in uploads(&world, phones) {
        let db = told(backend, &world, phones, &upload).await;
        for code in &codes {
            let row = item(&db.store, code).await;
            assert_eq!(row.holder, Some(Holder::ServicePoint(OFFICE).to_string()), "{code}");
            assert_eq!(row.bag.as_deref(), Some(BAG));
            assert!(!row.provisional && !row.disputed && row.parked == 0, "{row:?}");
        }
        let waiting = "SELECT (SELECT count(*) FROM parked) + (SELECT count(*) FROM quarantine)";
        assert_eq!(number(db.store.read(), waiting).await, 0);
        let wanted = handover::Wanted::default();
        let (minutes, _) = handover::list(db.store.read(), &Scope::everything(), wanted, 10)
            .await
            .expect("readable");
        assert_eq!(minutes.len(), 1, "one hand-over");
        let only = &minutes[0];
        assert_eq!(only.offer.party, Some(world.people[COURIER].party));
        assert_eq!(only.accept.party, Some(Holder::ServicePoint(OFFICE)));
        assert!(only.release.is_some() && only.revoked.is_none());
        assert_eq!(
            (only.lines.len(), only.others),
            (60, 0),
            "every item of the bag is on the minutes"
        );
        let bags = bag::list(db.store.read(), &Scope::everything())
            .await
            .expect("readable");
        assert_eq!(
            (bags.len(), bags[0].items.len(), bags[0].seal.as_deref()),
            (1, 60, Some("NP-1"))
        );
        assert_eq!(bags[0].packed_by, Some(world.people[COURIER].staff));
        assert_eq!(bags[0].story.len(), 4, "packed, offered, accepted, released");
        let compared = rebuild(&db.store, &Projector::new(&world.keys)).await.expect("rebuilt");
        assert!(compared.iter().all(entity::rebuild::Compared::is_same), "{compared:?}");
    }
}

async fn the_order_of_arrival_changes_nothing_of_a_bag(backend: Backend) {
    let (mut world, codes, phones) = handed_over(3);
    let head = world.facts[world.facts.len() - 2].id;
    world.open_bag(COUNTER, head, vec![line(&codes[0], head), line(&codes[1], head)]);
    let mut seen: Option<Picture> = None;
    for seed in 0..12 {
        let mut facts = world.facts[phones..].to_vec();
        Chance::new(seed).shuffle(&mut facts);
        let db = told(backend, &world, phones, &facts).await;
        let found = picture(&db.store).await;
        assert_eq!(*seen.get_or_insert(picture(&db.store).await), found, "seed {seed}");
        assert_eq!(
            number(db.store.read(), "SELECT count(*) FROM parked").await,
            0,
            "seed {seed}"
        );
        let left = item(&db.store, &codes[0]).await;
        let stayed = item(&db.store, &codes[2]).await;
        assert_eq!((left.bag.as_deref(), stayed.bag.as_deref()), (None, Some(BAG)));
        let compared = rebuild(&db.store, &Projector::new(&world.keys)).await.expect("rebuilt");
        assert!(
            compared.iter().all(entity::rebuild::Compared::is_same),
            "seed {seed}: {compared:?}"
        );
    }
}

async fn a_bag_whose_packing_has_not_come_waits_in_sight(backend: Backend) {
    let (world, codes, phones) = handed_over(2);
    let facts = world.facts[phones..].to_vec();
    let without: Vec<Fact> = [&facts[..2], &facts[3..]].concat();
    let db = told(backend, &world, phones, &without).await;
    assert_eq!(
        number(db.store.read(), "SELECT count(*) FROM parked").await,
        3,
        "the exchange waits"
    );
    let row = item(&db.store, &codes[0]).await;
    assert_eq!(
        row.holder,
        Some(world.people[COURIER].party.to_string()),
        "with who is known to have it"
    );
}

async fn a_packing_by_somebody_who_does_not_hold_the_item_is_in_dispute(backend: Backend) {
    let mut world = World::new();
    world.enrol_all();
    world.item_created(&code(1), ItemKind::DossierToAgency);
    let phones = world.facts.len();
    let head = world.one_party(COURIER, Kind::TakeIn, &code(1), EventId::ZERO);
    let packed = world.pack(COUNTER, vec![line(&code(1), head)]);
    world.hand_over_bag(COUNTER, COURIER, packed);
    let db = told(backend, &world, phones, &world.facts[phones..]).await;
    let row = item(&db.store, &code(1)).await;
    assert!(row.disputed && row.bag.is_none());
    assert_eq!(row.holder, Some(world.people[COURIER].party.to_string()));
}

async fn a_packing_that_is_not_trusted_leaves_the_bag_waiting(backend: Backend) {
    let (world, codes, phones) = handed_over(2);
    let mut facts = world.facts[phones..].to_vec();
    // The courier's phone was copied before it packed: another event carries the packing's number.
    let twin = custody::envelope::Envelope::parse(&facts[2].raw)
        .expect("readable")
        .into_event();
    let twin = Event {
        wall_ms: Some(8),
        ..twin
    };
    facts.push(world.seal(COURIER, &twin));
    let db = told(backend, &world, phones, &facts).await;
    for code in &codes {
        let row = item(&db.store, code).await;
        assert_eq!(row.holder, Some(world.people[COURIER].party.to_string()));
        assert!(row.bag.is_none());
    }
    let accept = hex::encode(facts[4].id.0);
    let waiting = match db.store.backend() {
        sea_orm::DbBackend::Sqlite => format!("SELECT count(*) FROM parked WHERE event_id = x'{accept}'"),
        _ => format!("SELECT count(*) FROM parked WHERE event_id = '\\x{accept}'"),
    };
    assert_eq!(
        number(db.store.read(), &waiting).await,
        1,
        "the counter's acceptance waits in sight"
    );
}

both!(
    sixty_items_in_a_bag_are_with_the_receiver_whichever_phone_alone_syncs,
    the_order_of_arrival_changes_nothing_of_a_bag,
    a_bag_whose_packing_has_not_come_waits_in_sight,
    a_packing_by_somebody_who_does_not_hold_the_item_is_in_dispute,
    a_packing_that_is_not_trusted_leaves_the_bag_waiting,
);
