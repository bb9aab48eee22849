//! People with devices: what they do to an item, as the facts their phones would deposit.

use crate::support::Desk;
use custody::envelope::{Signer, SoftSigner, seal};
use custody::event::{About, Beacon, Event, ItemRef, Mono, Stamp, Tally, manifest_hash};
use custody::ids::{DeviceId, EventId, HandoverId, ItemId, Nonce};
use custody::kind::Kind;
use domain::hat::Hat;
use domain::ids::StaffId;
use domain::item_code::ItemCode;
use entity::clock::random;
use entity::inbox::{Fact, Lane, deposit};
use entity::repo::{device, staff};

/// The enrolled device of a member of staff.
pub(crate) struct Phone {
    signer: SoftSigner,
    hat: Hat,
    seq: u64,
    prev: EventId,
    /// How far its own clock is ahead of the true time.
    pub(crate) ahead_ms: u64,
}

impl Phone {
    /// Enrols a device that acts in one hat.
    pub(crate) async fn enrol(desk: &Desk, who: StaffId, hat: Hat) -> Self {
        let signer = SoftSigner::from_bytes(&random()).expect("almost every 32 bytes are a key");
        let person = staff::by_id(desk.store().read(), who)
            .await
            .expect("answered")
            .expect("known");
        let (store, keys, key) = (desk.store().clone(), desk.keys.clone(), signer.public_key());
        let enrolled = desk
            .store()
            .write(move |tx| Box::pin(async move { device::enrol(tx, &store, &keys, &person, (key, false)).await }));
        enrolled.await.expect("enrolled");
        desk.settle().await;
        Self {
            signer,
            hat,
            seq: 0,
            prev: EventId::ZERO,
            ahead_ms: 0,
        }
    }

    pub(crate) fn device(&self) -> DeviceId {
        self.signer.public_key().device_id()
    }

    fn draft(&self, desk: &Desk, kind: Kind, handover: HandoverId) -> Event {
        let now_ms = desk.store().now_ms();
        let now = u64::try_from(now_ms).expect("after 1970");
        let stamp = Stamp {
            acting_as: self.hat,
            seq: self.seq + 1,
            prev: self.prev,
            wall_ms: now + self.ahead_ms,
            mono: Mono {
                boot_id: [9; 16],
                ms: 1_000,
            },
            beacon: Some(Beacon {
                server_ms: now,
                mono_ms: 1_000,
                tag: desk.keys.beacon_tag(self.device(), now_ms),
            }),
            seen_checkpoint: None,
        };
        stamp.event(kind, self.device(), handover)
    }

    fn sign(&mut self, event: &Event) -> Fact {
        let sealed = seal(event, &self.signer).expect("sealed");
        (self.seq, self.prev) = (event.seq, sealed.id);
        Fact {
            id: sealed.id,
            lane: Lane::Custody,
            raw: sealed.bytes,
        }
    }

    /// The next act on an item whose head is `head` that needs nobody else.
    pub(crate) fn act(&mut self, desk: &Desk, kind: Kind, item: &ItemCode, head: EventId) -> Fact {
        let event = self.draft(desk, kind, HandoverId(random()));
        let event = Event {
            items: vec![line(item, head)],
            ..event
        };
        self.sign(&event)
    }

    /// A whole hand-over: offer, acceptance, release. The acceptance is the item's next head.
    pub(crate) fn hand_over(&mut self, desk: &Desk, to: &mut Self, item: &ItemCode, head: EventId) -> [Fact; 3] {
        let (handover, items) = (HandoverId(random()), vec![line(item, head)]);
        let offer = Event {
            about: Some(About::Device(to.device())),
            nonce: Some(Nonce(random())),
            manifest_hash: Some(manifest_hash(&items)),
            tally: Some(Tally::Count(1)),
            ttl_s: Some(600),
            items,
            ..self.draft(desk, Kind::Offer, handover)
        };
        let offered = self.sign(&offer);
        let accept = Event {
            about: Some(About::Event(offered.id)),
            manifest_hash: offer.manifest_hash,
            tally: Some(Tally::Exceptions(Vec::new())),
            ..to.draft(desk, Kind::Accept, handover)
        };
        let accepted = to.sign(&accept);
        let release = Event {
            about: Some(About::Event(accepted.id)),
            ..self.draft(desk, Kind::Release, handover)
        };
        let released = self.sign(&release);
        [offered, accepted, released]
    }
}

fn line(item: &ItemCode, head: EventId) -> ItemRef {
    ItemRef {
        item: ItemId::of(item.as_str()),
        head,
        seal: "S-1".to_owned(),
    }
}

/// Deposits facts, as one request would.
pub(crate) async fn put(desk: &Desk, facts: Vec<Fact>) {
    deposit(desk.store(), "test".to_owned(), facts).await.expect("stored");
}
