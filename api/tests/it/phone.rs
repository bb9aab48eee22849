//! A phone: a key, a chain of events and proofs of them.

use crate::world::{Answer, World};
use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use custody::envelope::{Signer, SoftSigner, seal};
use custody::event::{About, Beacon, Detail, Event, Excepted, ItemRef, Mono, Place, Stamp, Tally, manifest_hash};
use custody::ids::{EventId, HandoverId, ItemId, Nonce};
use custody::kind::Kind;
use custody::till::Settle;
use domain::hat::Hat;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

pub(crate) struct Phone {
    pub(crate) signer: SoftSigner,
    pub(crate) nonce: String,
    hat: Hat,
    seq: u64,
    prev: EventId,
    /// What its clocks show, where a test sets them.
    pub(crate) clocks: Option<Clocks>,
}

/// What a phone's clocks show.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clocks {
    pub(crate) wall_ms: u64,
    pub(crate) mono: Mono,
    pub(crate) beacon: Option<Beacon>,
}

pub(crate) fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Phone {
    pub(crate) fn new(seed: u8, hat: Hat) -> Self {
        let signer = SoftSigner::from_bytes(&[seed; 32]).expect("a small repeated byte is a private key");
        Self {
            signer,
            nonce: String::new(),
            hat,
            seq: 0,
            prev: EventId::ZERO,
            clocks: None,
        }
    }

    /// A phone that its owner has enrolled.
    pub(crate) async fn enrolled(world: &World, seed: u8, hat: Hat, staff: Uuid) -> Self {
        let boss = world.sign_in("boss").await;
        Self::enrolled_by(world, seed, hat, staff, &boss).await
    }

    /// The same, by a supervisor who signed in.
    pub(crate) async fn enrolled_by(world: &World, seed: u8, hat: Hat, staff: Uuid, boss: &str) -> Self {
        let mut phone = Self::new(seed, hat);
        let code = world
            .post("/api/v1/devices/codes", boss, &json!({ "staff_id": staff }))
            .await
            .ok();
        let code = code["code"].as_str().expect("a code").to_owned();
        world
            .post("/api/v1/devices/enrol", "", &phone.enrolment(&code))
            .await
            .ok();
        world.fold().await;
        phone.hello(world).await.ok();
        phone
    }

    /// A courier's phone that has taken an item in.
    pub(crate) async fn with(world: &World, item_code: &str) -> Self {
        let mut phone = Self::enrolled(world, 1, Hat::Carrier, crate::world::staff_id("courier")).await;
        let (_, taken) = phone.act(Kind::TakeIn, item_code, EventId::ZERO);
        phone.deposit(world, taken).await.ok();
        world.fold().await;
        phone
    }

    pub(crate) fn id(&self) -> String {
        self.signer.public_key().device_id().to_string()
    }

    pub(crate) fn enrolment(&self, code: &str) -> Value {
        let key = self.signer.public_key().0;
        let proof = self
            .signer
            .sign(&[b"traotay/enrol/v1", code.as_bytes(), &key].concat())
            .expect("signs");
        json!({ "code": code, "public_key": b64(key), "proof": b64(proof) })
    }

    /// A device proof with everything open to change.
    pub(crate) fn proof(&self, signer: &SoftSigner, method: &str, path: &str, nonce: &str) -> String {
        let header = json!({ "typ": "dpop+jwt", "alg": "ES256", "kid": self.id() });
        let jti = hex::encode(entity::clock::random::<16>());
        let claims = json!({ "jti": jti, "htm": method, "htu": path, "nonce": nonce });
        let content = format!("{}.{}", b64(header.to_string()), b64(claims.to_string()));
        let signature = signer.sign(content.as_bytes()).expect("signs");
        format!("{content}.{}", b64(signature))
    }

    /// Sends a request with a proof and remembers the nonce of the answer.
    pub(crate) async fn call(
        &mut self,
        world: &World,
        method: &str,
        target: &str,
        kind: &str,
        body: Vec<u8>,
    ) -> Answer {
        let path = target.split('?').next().expect("a path");
        let proof = self.proof(&self.signer, method, path, &self.nonce);
        let request = Request::builder()
            .method(method)
            .uri(target)
            .header("dpop", proof)
            .header("content-type", kind);
        let answer = world.send(request.body(Body::from(body)).expect("a request")).await;
        assert!(
            !answer.header("dpop-nonce").is_empty(),
            "every sync answer carries a nonce"
        );
        answer.header("dpop-nonce").clone_into(&mut self.nonce);
        answer
    }

    /// The same key and chain in another phone.
    pub(crate) fn cloned(&self) -> Self {
        Self {
            signer: self.signer.clone(),
            nonce: self.nonce.clone(),
            ..*self
        }
    }

    pub(crate) async fn hello(&mut self, world: &World) -> Answer {
        let body = json!({ "protocol": { "min": 1, "max": 1 }, "app_build": "test", "seq_head": self.seq, "epoch": 0 });
        self.greet(world, &body).await
    }

    /// A greeting as it is given.
    pub(crate) async fn greet(&mut self, world: &World, body: &Value) -> Answer {
        self.call(
            world,
            "POST",
            "/api/v1/sync/hello",
            "application/json",
            body.to_string().into_bytes(),
        )
        .await
    }

    pub(crate) async fn deposit(&mut self, world: &World, body: Vec<u8>) -> Answer {
        self.call(world, "POST", "/api/v1/sync/events", "application/cbor-seq", body)
            .await
    }

    pub(crate) async fn read(&mut self, world: &World, target: &str) -> Answer {
        self.call(world, "GET", target, "", Vec::new()).await
    }

    /// Hands an item over to another phone, with both signatures the acceptance that makes it.
    /// `not_taken` is another item on the list that the receiver did not take, and why.
    pub(crate) async fn hand_over(
        &mut self,
        world: &World,
        to: &mut Self,
        (item_code, head): (&str, EventId),
        not_taken: Option<(&str, EventId, u64)>,
    ) -> EventId {
        let line = |code: &str, head| ItemRef {
            item: ItemId::of(code),
            head,
            seal: "S-1".to_owned(),
        };
        let mut items = vec![line(item_code, head)];
        items.extend(not_taken.map(|(code, head, _)| line(code, head)));
        let handover = HandoverId(entity::clock::random());
        let hash = Some(manifest_hash(&items));
        let offer = Event {
            about: Some(About::Device(to.signer.public_key().device_id())),
            nonce: Some(Nonce(entity::clock::random())),
            manifest_hash: hash,
            tally: Some(Tally::Count(items.len() as u64)),
            ttl_s: Some(600),
            items,
            ..self.stamp(Kind::Offer, handover)
        };
        let (offer, offered) = self.seal(&offer);
        let excepted = not_taken.map(|(code, _, why)| Excepted {
            item: ItemId::of(code),
            code: why,
        });
        let accept = Event {
            about: Some(About::Event(offer)),
            manifest_hash: hash,
            tally: Some(Tally::Exceptions(excepted.into_iter().collect())),
            ..to.stamp(Kind::Accept, handover)
        };
        let (accept, accepted) = to.seal(&accept);
        self.deposit(world, offered).await.ok();
        to.deposit(world, accepted).await.ok();
        world.fold().await;
        accept
    }

    /// The giver's last signature on a hand-over.
    pub(crate) async fn release(&mut self, world: &World, accept: EventId) {
        let release = Event {
            about: Some(About::Event(accept)),
            ..self.stamp(Kind::Release, HandoverId(entity::clock::random()))
        };
        let (_, released) = self.seal(&release);
        self.deposit(world, released).await.ok();
        world.fold().await;
    }

    /// Greets the server, and keeps its time as a phone does.
    pub(crate) async fn learn_time(&mut self, world: &World, mono: Mono) -> Option<Beacon> {
        let told = self.hello(world).await.ok();
        let tag = URL_SAFE_NO_PAD.decode(told["beacon"]["tag"].as_str()?).ok()?;
        Some(Beacon {
            server_ms: told["beacon"]["server_ms"].as_u64()?,
            mono_ms: mono.ms,
            tag: tag.try_into().ok()?,
        })
    }

    /// Takes back what an event of anybody says, as if it were a mistake.
    pub(crate) fn correct(&mut self, about: EventId) -> (EventId, Vec<u8>) {
        let event = Event {
            about: Some(About::Event(about)),
            ..self.stamp(Kind::Correction, HandoverId(entity::clock::random()))
        };
        self.seal(&event)
    }

    /// Says that something is wrong with an item.
    pub(crate) fn except(&mut self, item_code: &str, code: u64) -> Vec<u8> {
        let named = ItemRef {
            item: ItemId::of(item_code),
            head: EventId::ZERO,
            seal: String::new(),
        };
        let event = Event {
            items: vec![named],
            reason: Some(code),
            ..self.stamp(Kind::Exception, HandoverId(entity::clock::random()))
        };
        self.seal(&event).1
    }

    /// Puts items into a bag, or takes them out of it.
    pub(crate) fn pack(&mut self, kind: Kind, bag: &str, items: &[(&str, EventId)]) -> (EventId, Vec<u8>) {
        let named = items.iter().map(|(code, head)| ItemRef {
            item: ItemId::of(code),
            head: *head,
            seal: String::new(),
        });
        let event = Event {
            items: named.collect(),
            place: Some(Place::Text(bag.to_owned())),
            details: BTreeMap::from([("seal".to_owned(), Detail::Text("NP-1".to_owned()))]),
            ..self.stamp(kind, HandoverId(entity::clock::random()))
        };
        self.seal(&event)
    }

    /// A one-party act on an item, signed and taken into the chain.
    pub(crate) fn act(&mut self, kind: Kind, item_code: &str, head: EventId) -> (EventId, Vec<u8>) {
        self.sign(kind, item_code, head, BTreeMap::new())
    }

    /// A note on an item that names photographs by their hash.
    pub(crate) fn photograph(&mut self, item_code: &str, photographs: &[&[u8]]) -> Vec<u8> {
        let hashes = photographs.iter().map(|bytes| Sha256::digest(bytes).into()).collect();
        self.sign_with(Kind::Note, item_code, EventId::ZERO, BTreeMap::new(), hashes)
            .1
    }

    /// Brings bytes, or a part of them: from where, of how many.
    pub(crate) async fn bring(
        &mut self,
        world: &World,
        name: &str,
        part: Option<(usize, usize)>,
        bytes: &[u8],
    ) -> Answer {
        let path = format!("/api/v1/sync/blobs/{name}");
        let proof = self.proof(&self.signer, "PUT", &path, &self.nonce);
        let mut request = Request::put(&path).header("dpop", proof);
        if let Some((from, total)) = part {
            let last = from + bytes.len() - 1;
            request = request.header("content-range", format!("bytes {from}-{last}/{total}"));
        }
        let answer = world
            .send(request.body(Body::from(bytes.to_vec())).expect("a request"))
            .await;
        answer.header("dpop-nonce").clone_into(&mut self.nonce);
        answer
    }

    /// Cash somebody gave for an item.
    pub(crate) fn cash(&mut self, item_code: &str, ledger: &str, amount: i64) -> (EventId, Vec<u8>) {
        let details = BTreeMap::from([
            ("ledger".to_owned(), Detail::Text(ledger.to_owned())),
            ("amount".to_owned(), Detail::Int(amount)),
        ]);
        self.sign(Kind::Cash, item_code, EventId::ZERO, details)
    }

    /// The end of a shift: a count, or the second signature under one.
    pub(crate) fn settle(&mut self, settle: &Settle) -> (EventId, Vec<u8>) {
        let mut event = self.stamp(Kind::Cash, HandoverId(entity::clock::random()));
        settle.write(&mut event);
        self.seal(&event)
    }

    /// A State fee somebody gave for an item, and the number of the receipt that was written for it.
    pub(crate) fn fee(&mut self, item_code: &str, amount: i64, (series, serial): (&str, i64)) -> Vec<u8> {
        let text = |text: &str| Detail::Text(text.to_owned());
        let details = BTreeMap::from([
            ("ledger".to_owned(), text("state_fee")),
            ("amount".to_owned(), Detail::Int(amount)),
            ("receipt_point".to_owned(), text("P1")),
            ("receipt_series".to_owned(), text(series)),
            ("receipt_serial".to_owned(), Detail::Int(serial)),
        ]);
        self.sign(Kind::Cash, item_code, EventId::ZERO, details).1
    }

    fn sign(
        &mut self,
        kind: Kind,
        item_code: &str,
        head: EventId,
        details: BTreeMap<String, Detail>,
    ) -> (EventId, Vec<u8>) {
        self.sign_with(kind, item_code, head, details, Vec::new())
    }

    fn sign_with(
        &mut self,
        kind: Kind,
        item_code: &str,
        head: EventId,
        details: BTreeMap<String, Detail>,
        evidence: Vec<[u8; 32]>,
    ) -> (EventId, Vec<u8>) {
        let event = self.stamp(kind, HandoverId(entity::clock::random()));
        let item = ItemRef {
            item: ItemId::of(item_code),
            head,
            seal: "S-1".to_owned(),
        };
        self.seal(&Event {
            items: vec![item],
            details,
            evidence,
            ..event
        })
    }

    /// The next event of this phone, about nothing yet.
    fn stamp(&mut self, kind: Kind, handover: HandoverId) -> Event {
        self.seq += 1;
        let mono = Mono {
            boot_id: [9; 16],
            ms: 1_000 + self.seq,
        };
        let stamp = Stamp {
            acting_as: self.hat,
            seq: self.seq,
            prev: self.prev,
            wall_ms: self.clocks.map_or(7, |clocks| clocks.wall_ms),
            mono: self.clocks.map_or(mono, |clocks| clocks.mono),
            beacon: self.clocks.and_then(|clocks| clocks.beacon),
            seen_checkpoint: None,
        };
        stamp.event(kind, self.signer.public_key().device_id(), handover)
    }

    fn seal(&mut self, event: &Event) -> (EventId, Vec<u8>) {
        let sealed = seal(event, &self.signer).expect("signs");
        self.prev = sealed.id;
        (sealed.id, sealed.bytes)
    }
}
