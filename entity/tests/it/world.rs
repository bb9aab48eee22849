//! People with devices, the acts of offices, and the true life of one dossier as the facts it leaves.

use crate::support::{Chance, put};
use custody::act::{Act, seal_act};
use custody::envelope::{Signer, SoftSigner, seal};
use custody::event::{About, Beacon, Event, ItemRef, Mono, Stamp, Tally, manifest_hash};
use custody::ids::{DeviceId, EventId, HandoverId, ItemId, Nonce};
use custody::kind::Kind;
use domain::hat::Hat;
use domain::holder::Holder;
use domain::ids::{AgencyId, ClientId, DossierId, ServicePointId, StaffId};
use domain::item::ItemKind;
use domain::item_code::ItemCode;
use entity::inbox::{Fact, Lane};
use entity::table::{dossier, dossier_state, item_custody, postal_order};
use entity::{ServerKeys, Store, StoreError};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryOrder};
use serde_json::{Value, json};
use uuid::Uuid;

/// When the first act happens.
pub(crate) const START_MS: i64 = 1_795_000_000_000;

pub(crate) const COURIER: usize = 0;
pub(crate) const COUNTER: usize = 1;
pub(crate) const CARRIER: usize = 2;
pub(crate) const DESK: usize = 3;

pub(crate) const AGENCY: AgencyId = AgencyId(Uuid::from_u128(0xa));
pub(crate) const CLIENT: ClientId = ClientId(Uuid::from_u128(0xc));
pub(crate) const OFFICE: ServicePointId = ServicePointId(Uuid::from_u128(0xf));

/// Somebody with a device.
pub(crate) struct Person {
    pub(crate) staff: StaffId,
    pub(crate) hat: Hat,
    pub(crate) party: Holder,
    pub(crate) signer: SoftSigner,
    pub(crate) seq: u64,
    pub(crate) prev: EventId,
}

impl Person {
    pub(crate) fn device(&self) -> DeviceId {
        self.signer.public_key().device_id()
    }
}

/// Everything that happened so far, as the facts that tell of it, in the order it happened.
pub(crate) struct World {
    pub(crate) keys: ServerKeys,
    pub(crate) people: Vec<Person>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) dossier: DossierId,
    pub(crate) now_ms: i64,
    handovers: u8,
    nonces: u8,
}

pub(crate) fn code(serial: u32) -> ItemCode {
    ItemCode::from_serial("EE", serial, "VN").expect("a serial of the pool")
}

impl World {
    pub(crate) fn new() -> Self {
        let person = |number: u8, hat: Hat| {
            let staff = StaffId(Uuid::from_u128(0x100 + u128::from(number)));
            let party = match hat {
                Hat::Carrier => Holder::Staff(staff),
                Hat::PostAgent => Holder::ServicePoint(OFFICE),
                Hat::DeskAgent | Hat::AgencyReceiver => Holder::Agency(AGENCY),
            };
            let signer = SoftSigner::from_bytes(&[number; 32]).expect("a small repeated byte is a private key");
            Person {
                staff,
                hat,
                party,
                signer,
                seq: 0,
                prev: EventId::ZERO,
            }
        };
        let hats = [Hat::Carrier, Hat::PostAgent, Hat::Carrier, Hat::AgencyReceiver];
        Self {
            keys: ServerKeys::generate(),
            people: (1..).zip(hats).map(|(number, hat)| person(number, hat)).collect(),
            facts: Vec::new(),
            dossier: DossierId(Uuid::from_u128(0xd)),
            now_ms: START_MS,
            handovers: 0,
            nonces: 0,
        }
    }

    /// Rows that exist before any fact about them: the dossier and the order of a one-stop client.
    pub(crate) async fn prepare(&self, store: &Store) {
        let id = self.dossier;
        let owner = dossier::Model {
            operator_id: entity::repo::reference::FIRST_OPERATOR.0,
            counter_id: None,
            id: id.0,
            mode: domain::mode::Mode::Both.as_str().to_owned(),
            agency_id: AGENCY.0,
            desk_id: None,
            procedure_code: None,
            procedure_case: None,
            channel: None,
            applicant_name: "Chau Sóc Kha".to_owned(),
            applicant_phone: "+84900000001".to_owned(),
            applicant_address: "Tổ 1, ấp Vĩnh Hạ".to_owned(),
            commune_code: None,
            lat: None,
            lon: None,
            paper_count: 3,
            capability_hash: vec![1; 32],
            created_at: START_MS,
        };
        let order = postal_order::Model {
            id: Uuid::from_u128(0xe),
            client_id: Some(CLIENT.0),
            customer_code: "AG01".to_owned(),
            order_number: "N-1".to_owned(),
            body_digest: vec![0; 32],
            direction: "collect".to_owned(),
            dossier_id: id.0,
            item_id: None,
            cod_amount: 0,
            body: "{}".to_owned(),
            created_at: START_MS,
        };
        store
            .write(move |tx| {
                Box::pin(async move {
                    owner.into_active_model().insert(tx).await?;
                    order.into_active_model().insert(tx).await?;
                    Ok::<_, StoreError>(())
                })
            })
            .await
            .expect("the rows are new");
    }

    fn tick(&mut self) -> i64 {
        self.now_ms += 60_000;
        self.now_ms
    }

    /// An act signed by the server.
    pub(crate) fn act(&mut self, kind: &str, subject: [u8; 16], data: &Value) -> EventId {
        self.nonces += 1;
        let act = Act {
            kind: kind.to_owned(),
            subject,
            actor: "test".to_owned(),
            at_ms: self.tick(),
            data: data.to_string(),
            nonce: Nonce([self.nonces; 16]),
        };
        let sealed = seal_act(&act, &self.keys.acts);
        self.facts.push(Fact {
            id: sealed.id,
            lane: Lane::Act,
            raw: sealed.bytes,
        });
        sealed.id
    }

    pub(crate) fn dossier_act(&mut self, kind: &str, data: &Value) -> EventId {
        self.act(kind, *self.dossier.0.as_bytes(), data)
    }

    pub(crate) fn item_created(&mut self, item: &ItemCode, kind: ItemKind) -> EventId {
        self.dossier_act(
            "item.created",
            &json!({ "item_code": item.as_str(), "kind": kind.as_str() }),
        )
    }

    pub(crate) fn enrol(&mut self, who: usize) -> EventId {
        let person = &self.people[who];
        let hats = vec![(person.hat.code(), person.party.to_string())];
        let data = json!({
            "public_key": hex::encode(person.signer.public_key().0), "staff": person.staff.to_string(), "hats": hats,
        });
        let device = person.device().0;
        self.act("device.enrolled", device, &data)
    }

    pub(crate) fn enrol_all(&mut self) {
        for who in 0..self.people.len() {
            self.enrol(who);
        }
    }

    /// The next event of a person's device, not signed yet.
    pub(crate) fn draft(&mut self, who: usize, kind: Kind, handover: HandoverId) -> Event {
        let now_ms = self.tick();
        let since = u64::try_from(now_ms - START_MS).expect("time runs forward");
        let person = &self.people[who];
        let stamp = Stamp {
            acting_as: person.hat,
            seq: person.seq + 1,
            prev: person.prev,
            wall_ms: 7,
            mono: Mono {
                boot_id: [9; 16],
                ms: 1_000_000 + since,
            },
            beacon: Some(Beacon {
                server_ms: u64::try_from(START_MS).expect("after 1970"),
                mono_ms: 1_000_000,
                tag: self.keys.beacon_tag(person.device(), START_MS),
            }),
            seen_checkpoint: None,
        };
        stamp.event(kind, person.device(), handover)
    }

    /// Signs an event without taking it into the person's chain.
    pub(crate) fn seal(&self, who: usize, event: &Event) -> Fact {
        let sealed = seal(event, &self.people[who].signer).expect("a soft key signs");
        Fact {
            id: sealed.id,
            lane: Lane::Custody,
            raw: sealed.bytes,
        }
    }

    /// Signs an event, keeps it and goes on from it.
    pub(crate) fn sign(&mut self, who: usize, event: &Event) -> EventId {
        let fact = self.seal(who, event);
        let id = fact.id;
        self.people[who].seq = event.seq;
        self.people[who].prev = id;
        self.facts.push(fact);
        id
    }

    pub(crate) fn handover(&mut self) -> HandoverId {
        self.handovers = self.handovers.wrapping_add(1);
        HandoverId([self.handovers; 16])
    }

    /// A one-party act on an item.
    pub(crate) fn one_party(&mut self, who: usize, kind: Kind, item: &ItemCode, head: EventId) -> EventId {
        let handover = self.handover();
        let event = self.draft(who, kind, handover);
        self.sign(
            who,
            &Event {
                items: vec![line(item, head)],
                ..event
            },
        )
    }

    /// The offer of one item, not signed yet.
    pub(crate) fn draft_offer(&mut self, from: usize, to: usize, items: Vec<ItemRef>) -> Event {
        let handover = self.handover();
        let receiver = self.people[to].device();
        let event = self.draft(from, Kind::Offer, handover);
        Event {
            about: Some(About::Device(receiver)),
            nonce: Some(Nonce([9; 16])),
            manifest_hash: Some(manifest_hash(&items)),
            tally: Some(Tally::Count(items.len() as u64)),
            ttl_s: Some(600),
            items,
            ..event
        }
    }

    /// The acceptance of an offer.
    pub(crate) fn accept(&mut self, who: usize, offer: EventId, offered: &Event) -> EventId {
        let event = self.draft(who, Kind::Accept, offered.handover_id.expect("every event has one"));
        let event = Event {
            about: Some(About::Event(offer)),
            manifest_hash: offered.manifest_hash,
            tally: Some(Tally::Exceptions(Vec::new())),
            ..event
        };
        self.sign(who, &event)
    }

    pub(crate) fn release(&mut self, who: usize, accept: EventId, offered: &Event) -> EventId {
        let event = self.draft(who, Kind::Release, offered.handover_id.expect("every event has one"));
        self.sign(
            who,
            &Event {
                about: Some(About::Event(accept)),
                ..event
            },
        )
    }

    /// A whole hand-over; the item's head afterwards.
    pub(crate) fn hand_over(&mut self, from: usize, to: usize, item: &ItemCode, head: EventId) -> EventId {
        let offered = self.draft_offer(from, to, vec![line(item, head)]);
        let offer = self.sign(from, &offered);
        let accept = self.accept(to, offer, &offered);
        self.release(from, accept, &offered);
        accept
    }

    /// A dossier from the order to the confirmed return: two items, four devices, fourteen custody moves.
    pub(crate) fn whole_life() -> Self {
        let mut world = Self::new();
        let (there, back) = (code(1), code(2));
        world.enrol_all();
        world.dossier_act("dossier.ordered", &json!({}));
        world.item_created(&there, ItemKind::DossierToAgency);
        let mut head = world.one_party(COURIER, Kind::TakeIn, &there, EventId::ZERO);
        head = world.hand_over(COURIER, COUNTER, &there, head);
        head = world.hand_over(COUNTER, CARRIER, &there, head);
        world.hand_over(CARRIER, DESK, &there, head);
        world.dossier_act("dossier.received", &json!({ "code": "H01.1", "due_on": "2026-12-01" }));
        world.dossier_act("dossier.processing", &json!({}));
        world.dossier_act("dossier.resolved", &json!({ "outcome": "granted" }));
        world.item_created(&back, ItemKind::ResultToApplicant);
        head = world.hand_over(DESK, CARRIER, &back, EventId::ZERO);
        head = world.one_party(CARRIER, Kind::AttemptFailed, &back, head);
        world.one_party(CARRIER, Kind::Deliver, &back, head);
        world.dossier_act("dossier.return_confirmed", &json!({}));
        world
    }

    /// The facts shuffled, some of them twice, cut into batches.
    pub(crate) fn scrambled(&self, chance: &mut Chance) -> Vec<Vec<Fact>> {
        let mut facts = self.facts.clone();
        for _ in 0..5 {
            facts.push(self.facts[chance.below(self.facts.len())].clone());
        }
        chance.shuffle(&mut facts);
        let mut batches = Vec::new();
        while !facts.is_empty() {
            let size = 1 + chance.below(facts.len());
            batches.push(facts.drain(..size).collect());
        }
        batches
    }

    /// A store in which all of this has been told in order.
    pub(crate) async fn told_in_order(&self, store: &Store) -> entity::sequencer::Leader {
        self.prepare(store).await;
        let mut leader = crate::support::lead(store, &self.keys).await;
        for fact in &self.facts {
            put(store, std::slice::from_ref(fact)).await;
            leader.drain().await.expect("folded");
        }
        leader
    }
}

/// An item's line in an event.
pub(crate) fn line(item: &ItemCode, head: EventId) -> ItemRef {
    ItemRef {
        item: ItemId::of(item.as_str()),
        head,
        seal: "S-1".to_owned(),
    }
}

/// What people look at: each item's fold and the dossier's, without the numbers that tell of the order of arrival.
#[derive(Debug, PartialEq)]
pub(crate) struct Picture {
    pub(crate) items: Vec<ItemPicture>,
    pub(crate) dossiers: Vec<DossierPicture>,
}

/// Label, state, holder and the whole fold.
pub(crate) type ItemPicture = (String, String, Option<String>, Vec<u8>);

/// State, code, due date, facts that wait and the rest.
pub(crate) type DossierPicture = (String, Option<String>, Option<String>, i64, String);

pub(crate) async fn picture(store: &Store) -> Picture {
    let items = item_custody::Entity::find()
        .order_by_asc(item_custody::Column::ItemCode)
        .all(store.read())
        .await;
    let dossiers = dossier_state::Entity::find()
        .order_by_asc(dossier_state::Column::DossierId)
        .all(store.read())
        .await;
    Picture {
        items: items
            .expect("items are readable")
            .into_iter()
            .map(|row| (row.item_code, row.state, row.holder, row.body))
            .collect(),
        dossiers: dossiers
            .expect("dossiers are readable")
            .into_iter()
            .map(|row| (row.state, row.code, row.due_on, row.waiting, row.body))
            .collect(),
    }
}

pub(crate) async fn item(store: &Store, code: &ItemCode) -> item_custody::Model {
    item_custody::Entity::find_by_id(ItemId::of(code.as_str()).0.to_vec())
        .one(store.read())
        .await
        .expect("items are readable")
        .expect("the item exists")
}
