//! People with devices, and what they sign.

use std::collections::BTreeMap;

use custody::credential::Credential;
use custody::envelope::{Envelope, PublicKey, Sealed, Signer, SoftSigner, seal};
use custody::event::{
    About, BAG_SEAL, Beacon, Checkpoint, Detail, Event, Excepted, ItemRef, LogId, Mono, Place, Stamp, Tally,
    manifest_hash,
};
use custody::fold::{ItemCustody, Known, fold_item};
use custody::ids::{DeviceId, EventId, HandoverId, ItemId, Nonce};
use custody::kind::Kind;
use domain::hat::Hat;
use domain::holder::Holder;
use domain::item::ItemKind;
use ed25519_dalek::SigningKey;

pub(crate) const NOON_MS: u64 = 1_790_000_000_000;

/// Noon, as phones count it.
pub(crate) const NOW_MS: i64 = 1_790_000_000_000;

/// The server that issues credentials.
pub(crate) fn server() -> SigningKey {
    SigningKey::from_bytes(&[77; 32])
}

/// A test key from a short number.
pub(crate) fn signer(number: u8) -> SoftSigner {
    SoftSigner::from_bytes(&[number; 32]).expect("a small repeated byte is a private key")
}

pub(crate) fn holder(text: &str) -> Holder {
    text.parse().expect("a holder's text form")
}

/// The party of person `number`.
pub(crate) fn party(number: u8) -> Holder {
    holder(&format!("staff:00000000-0000-7000-8000-0000000000{number:02}"))
}

pub(crate) fn item() -> ItemId {
    ItemId::of("EE000000155VN")
}

/// Somebody with an enrolled device.
pub(crate) struct Person {
    pub(crate) number: u8,
    pub(crate) hat: Hat,
    pub(crate) signer: SoftSigner,
    seq: u64,
    prev: EventId,
}

impl Person {
    pub(crate) fn new(number: u8, hat: Hat) -> Self {
        Self {
            number,
            hat,
            signer: signer(number),
            seq: 0,
            prev: EventId::ZERO,
        }
    }

    pub(crate) fn key(&self) -> PublicKey {
        self.signer.public_key()
    }

    pub(crate) fn device(&self) -> DeviceId {
        self.key().device_id()
    }

    /// What the server says of them, good for three days.
    pub(crate) fn credential(&self) -> Credential {
        Credential {
            key: self.key(),
            name: format!("Nguyễn Văn {}", self.number),
            office: "Bưu cục Tịnh Biên".to_owned(),
            hats: vec![(self.hat, party(self.number))],
            until_ms: NOW_MS + 72 * 3_600_000,
            in_browser: false,
        }
    }

    pub(crate) fn mono(&self) -> Mono {
        Mono {
            boot_id: [self.number; 16],
            ms: 1_000_000 + self.seq * 1_000,
        }
    }

    pub(crate) fn stamp(&self) -> Stamp {
        Stamp {
            acting_as: self.hat,
            seq: self.seq + 1,
            prev: self.prev,
            wall_ms: NOON_MS + self.seq,
            mono: self.mono(),
            beacon: Some(Beacon {
                server_ms: NOON_MS,
                mono_ms: 1_000_000,
                tag: [7; 8],
            }),
            seen_checkpoint: None,
        }
    }

    /// Notes that the device signed this.
    pub(crate) fn signed(&mut self, id: EventId) {
        self.seq += 1;
        self.prev = id;
    }
}

/// Everything signed so far about [`item`].
pub(crate) struct World {
    pub(crate) people: Vec<Person>,
    pub(crate) events: Vec<(EventId, Event)>,
    handovers: u8,
}

/// How a hand-over goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Released,
    NotReleased,
    Revoked,
    NotAccepted,
}

pub(crate) const COURIER: usize = 0;
pub(crate) const COUNTER: usize = 1;
pub(crate) const SECOND_COURIER: usize = 2;
pub(crate) const DESK: usize = 3;

impl World {
    pub(crate) fn new() -> Self {
        let hats = [Hat::Carrier, Hat::PostAgent, Hat::Carrier, Hat::AgencyReceiver];
        let people = (1..).zip(hats).map(|(number, hat)| Person::new(number, hat)).collect();
        Self {
            people,
            events: Vec::new(),
            handovers: 0,
        }
    }

    /// Seals and keeps an event made from the person's stamp.
    pub(crate) fn sign(&mut self, who: usize, kind: Kind, fill: impl FnOnce(Event) -> Event) -> EventId {
        self.handovers = self.handovers.wrapping_add(1);
        let id = HandoverId([self.handovers; 16]);
        self.sign_in(who, kind, id, fill)
    }

    fn sign_in(
        &mut self,
        who: usize,
        kind: Kind,
        handover_id: HandoverId,
        fill: impl FnOnce(Event) -> Event,
    ) -> EventId {
        let person = &mut self.people[who];
        let event = fill(person.stamp().event(kind, person.device(), handover_id));
        let sealed: Sealed = seal(&event, &person.signer).expect("a soft key signs");
        person.signed(sealed.id);
        self.events.push((sealed.id, event));
        sealed.id
    }

    /// A one-party act on the item at `head`.
    pub(crate) fn act(&mut self, who: usize, kind: Kind, head: EventId) -> EventId {
        self.sign(who, kind, |event| Event {
            items: vec![line(head)],
            ..event
        })
    }

    pub(crate) fn offer(&mut self, from: usize, to: usize, head: EventId) -> EventId {
        self.offer_lines(from, to, vec![line(head)])
    }

    pub(crate) fn accept(&mut self, who: usize, offer: EventId, exceptions: Vec<Excepted>) -> EventId {
        let (handover_id, hash) = {
            let offer = self.event(offer);
            (offer.handover_id.expect("every event has one"), offer.manifest_hash)
        };
        self.sign_in(who, Kind::Accept, handover_id, |event| Event {
            about: Some(About::Event(offer)),
            manifest_hash: hash,
            tally: Some(Tally::Exceptions(exceptions)),
            ..event
        })
    }

    pub(crate) fn about(&mut self, who: usize, kind: Kind, about: EventId) -> EventId {
        self.sign(who, kind, |event| Event {
            about: Some(About::Event(about)),
            ..event
        })
    }

    /// A hand-over; gives the item's head afterwards as the two phones see it.
    pub(crate) fn hand_over(&mut self, from: usize, to: usize, head: EventId, ending: Ending) -> EventId {
        self.hand_over_line(from, to, line(head), ending)
    }

    /// A hand-over of an item or a bag.
    pub(crate) fn hand_over_line(&mut self, from: usize, to: usize, line: ItemRef, ending: Ending) -> EventId {
        let head = line.head;
        let offer = self.offer_lines(from, to, vec![line]);
        if ending == Ending::NotAccepted {
            return head;
        }
        let accept = self.accept(to, offer, vec![]);
        match ending {
            Ending::Released => drop(self.about(from, Kind::Release, accept)),
            Ending::Revoked => drop(self.about(from, Kind::RevokeOffer, offer)),
            Ending::NotReleased | Ending::NotAccepted => {}
        }
        accept
    }

    /// Seals these lines into a bag.
    pub(crate) fn pack(&mut self, who: usize, label: &str, items: Vec<ItemRef>) -> EventId {
        self.sign(who, Kind::Aggregate, |event| Event {
            manifest_hash: Some(manifest_hash(&items)),
            tally: Some(Tally::Count(items.len() as u64)),
            items,
            place: Some(Place::Text(label.to_owned())),
            details: BTreeMap::from([(BAG_SEAL.to_owned(), Detail::Text("NP-1".to_owned()))]),
            ..event
        })
    }

    /// Opens the bag at `head` and takes these out.
    pub(crate) fn open(&mut self, who: usize, label: &str, head: EventId, items: Vec<ItemRef>) -> EventId {
        self.sign(who, Kind::Disaggregate, |event| Event {
            items: std::iter::once(bag_line(label, head)).chain(items).collect(),
            place: Some(Place::Text(label.to_owned())),
            ..event
        })
    }

    /// An offer of any lines.
    pub(crate) fn offer_lines(&mut self, from: usize, to: usize, items: Vec<ItemRef>) -> EventId {
        let receiver = self.people[to].device();
        self.sign(from, Kind::Offer, |event| offer_to(event, receiver, items))
    }

    pub(crate) fn event(&self, id: EventId) -> &Event {
        self.events
            .iter()
            .find(|(known, _)| *known == id)
            .map(|(_, event)| event)
            .expect("signed before")
    }

    pub(crate) fn forget(&mut self, id: EventId) {
        self.events.retain(|(known, _)| *known != id);
    }

    pub(crate) fn parties(&self) -> BTreeMap<DeviceId, Holder> {
        self.people
            .iter()
            .map(|person| (person.device(), party(person.number)))
            .collect()
    }

    pub(crate) fn known(&self) -> Vec<Known<'_>> {
        known(&self.events)
    }

    pub(crate) fn fold_as(&self, kind: ItemKind) -> ItemCustody {
        self.fold_of(item(), kind)
    }

    pub(crate) fn fold_of(&self, item: ItemId, kind: ItemKind) -> ItemCustody {
        let parties = self.parties();
        fold_item(item, kind, &self.known(), &|device: &DeviceId, _: Hat| {
            parties.get(device).copied()
        })
    }

    /// The item as a dossier on its way to the agency.
    pub(crate) fn fold(&self) -> ItemCustody {
        self.fold_as(ItemKind::DossierToAgency)
    }
}

pub(crate) fn known(events: &[(EventId, Event)]) -> Vec<Known<'_>> {
    let received_ms = i64::try_from(NOON_MS).expect("a date") + 3_600_000;
    events
        .iter()
        .map(|(id, event)| Known {
            id: *id,
            event,
            received_ms,
        })
        .collect()
}

/// The item's line in a manifest.
pub(crate) fn line(head: EventId) -> ItemRef {
    ItemRef {
        item: item(),
        head,
        seal: "S-0001".into(),
    }
}

/// A bag's line in a manifest.
pub(crate) fn bag_line(label: &str, head: EventId) -> ItemRef {
    ItemRef {
        item: ItemId::of(label),
        head,
        seal: "NP-1".into(),
    }
}

pub(crate) fn offer_to(event: Event, receiver: DeviceId, items: Vec<ItemRef>) -> Event {
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

pub(crate) fn read(bytes: &[u8]) -> Envelope {
    Envelope::parse(bytes).expect("an envelope of our own is readable")
}

pub(crate) fn checkpoint() -> Checkpoint {
    Checkpoint {
        size: 20_000_000,
        root: [5; 32],
        log: Some(LogId::of("log.example/custody/2027")),
    }
}

pub(crate) const COURIER_PARTY: u8 = 1;
pub(crate) const COUNTER_PARTY: u8 = 2;
pub(crate) const SECOND_PARTY: u8 = 3;
pub(crate) const DESK_PARTY: u8 = 4;

/// A world in which the courier took the item in.
pub(crate) fn taken_in() -> (World, EventId) {
    let mut world = World::new();
    let head = world.act(COURIER, Kind::TakeIn, EventId::ZERO);
    (world, head)
}

/// Whether the long runs were asked for (`make torture`).
#[expect(
    clippy::disallowed_methods,
    reason = "how long a test may take is a setting of whoever runs it"
)]
pub(crate) fn is_torture() -> bool {
    std::env::var_os("TRAOTAY_TORTURE").is_some()
}

/// How many cases a property test tries.
pub(crate) fn cases(usual: u32) -> u32 {
    if is_torture() { usual * 100 } else { usual }
}
