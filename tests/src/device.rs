//! A bare device: a key, a chain, and the proofs its requests need. It keeps nothing, so it makes events as fast as the
//! processor signs; what a phone does with its own disk is [`crate::Phone`]'s business.

use crate::{Answer, Http};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use custody::envelope::{PublicKey, Sealed, Signer, SoftSigner, seal};
use custody::event::{Detail, Event, ItemRef, Mono, Stamp};
use custody::ids::{DeviceId, EventId, HandoverId, ItemId};
use custody::kind::Kind;
use domain::hat::Hat;
use entity::clock::random;
use serde_json::json;

/// A device of a member of staff.
pub struct Device {
    signer: SoftSigner,
    hat: Hat,
    boot_id: [u8; 16],
    seq: u64,
    prev: EventId,
    nonce: String,
}

impl Device {
    /// A device nobody has enrolled, to act in one hat.
    ///
    /// # Panics
    /// When the system's randomness is no key, which does not happen.
    pub fn new(hat: Hat) -> Self {
        let signer = SoftSigner::from_bytes(&random()).expect("almost every 32 bytes are a key");
        Self {
            signer,
            hat,
            boot_id: random(),
            seq: 0,
            prev: EventId::ZERO,
            nonce: String::new(),
        }
    }

    /// Its id.
    pub fn id(&self) -> DeviceId {
        self.signer.public_key().device_id()
    }

    /// Its public key.
    pub fn key(&self) -> PublicKey {
        self.signer.public_key()
    }

    /// How many events it has made.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// The body that enrols it with this code.
    ///
    /// # Panics
    /// When its key does not sign, which does not happen.
    pub fn enrolment(&self, code: &str) -> serde_json::Value {
        let key = self.signer.public_key();
        let proof = self
            .signer
            .sign(&[b"traotay/enrol/v1", code.as_bytes(), &key.0].concat())
            .expect("a soft key signs");
        json!({ "code": code, "public_key": encode(&key.0), "proof": encode(&proof) })
    }

    /// Enrols it with a server that works by itself, and gets its first nonce.
    pub fn enrol(&mut self, http: &Http, code: &str) {
        http.post("/api/v1/devices/enrol", &[], &self.enrolment(code))
            .expect(200);
        crate::eventually("the device among those that are known", || {
            (self.try_greet(http).status == 200).then_some(())
        });
    }

    /// Says hello, and remembers the nonce.
    ///
    /// # Panics
    /// When the server does not greet it.
    pub fn greet(&mut self, http: &Http) {
        let answer = self.try_greet(http);
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    fn try_greet(&mut self, http: &Http) -> Answer {
        let body =
            json!({ "protocol": { "min": 1, "max": 1 }, "app_build": "tests", "seq_head": self.seq, "epoch": 0 });
        let proof = self.proof("POST", "/api/v1/sync/hello");
        let answer = http.post("/api/v1/sync/hello", &[("dpop", &proof)], &body);
        self.heed(&answer);
        answer
    }

    /// Remembers the nonce of an answer.
    pub fn heed(&mut self, answer: &Answer) {
        if let Some(nonce) = answer.header("dpop-nonce") {
            nonce.clone_into(&mut self.nonce);
        }
    }

    /// The proof of one request.
    ///
    /// # Panics
    /// When its key does not sign, which does not happen.
    pub fn proof(&self, method: &str, path: &str) -> String {
        let header = json!({ "typ": "dpop+jwt", "alg": "ES256", "kid": self.id().to_string() });
        let jti = hex::encode(random::<16>());
        let claims = json!({ "jti": jti, "htm": method, "htu": path, "nonce": self.nonce });
        let signed = format!(
            "{}.{}",
            encode(header.to_string().as_bytes()),
            encode(claims.to_string().as_bytes())
        );
        let signature = self.signer.sign(signed.as_bytes()).expect("a soft key signs");
        format!("{signed}.{}", encode(&signature))
    }

    /// The next event of its chain, not signed yet. The chain goes on from it once it is signed by [`Device::sign`].
    pub fn draft(&self, kind: Kind, wall_ms: u64) -> Event {
        let stamp = Stamp {
            acting_as: self.hat,
            seq: self.seq + 1,
            prev: self.prev,
            wall_ms,
            mono: Mono {
                boot_id: self.boot_id,
                ms: 1_000 + self.seq,
            },
            beacon: None,
            seen_checkpoint: None,
        };
        stamp.event(kind, self.id(), HandoverId(random()))
    }

    /// Signs an event and goes on from it.
    ///
    /// # Panics
    /// When the event is another device's.
    pub fn sign(&mut self, event: &Event) -> Sealed {
        let sealed = seal(event, &self.signer).expect("a soft key signs its own events");
        (self.seq, self.prev) = (event.seq, sealed.id);
        sealed
    }

    /// A remark: an event that moves nothing.
    pub fn note(&mut self, wall_ms: u64) -> Sealed {
        let mut event = self.draft(Kind::Note, wall_ms);
        event
            .details
            .insert("about".to_owned(), Detail::Text("a remark".to_owned()));
        self.sign(&event)
    }

    /// Takes an item in.
    pub fn take_in(&mut self, item_code: &str, wall_ms: u64) -> Sealed {
        self.one_party(Kind::TakeIn, item_code, EventId::ZERO, wall_ms)
    }

    /// An act on an item that needs nobody else.
    pub fn one_party(&mut self, kind: Kind, item_code: &str, head: EventId, wall_ms: u64) -> Sealed {
        let mut event = self.draft(kind, wall_ms);
        event.items = vec![ItemRef {
            item: ItemId::of(item_code),
            head,
            seal: "S-1".to_owned(),
        }];
        self.sign(&event)
    }

    /// Deposits envelopes; once more with a fresh nonce when the server asks for one.
    ///
    /// # Errors
    /// Why no whole answer came back.
    pub fn deposit(&mut self, http: &Http, body: &[u8]) -> Result<Answer, ureq::Error> {
        let mut answer = self.deposit_once(http, body)?;
        if answer.status == 401 && answer.problem() == "use-nonce" {
            answer = self.deposit_once(http, body)?;
        }
        Ok(answer)
    }

    fn deposit_once(&mut self, http: &Http, body: &[u8]) -> Result<Answer, ureq::Error> {
        let proof = self.proof("POST", "/api/v1/sync/events");
        let headers = [("dpop", proof.as_str()), ("content-type", "application/cbor-seq")];
        let answer = http.send("POST", "/api/v1/sync/events", &headers, body)?;
        self.heed(&answer);
        Ok(answer)
    }
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
