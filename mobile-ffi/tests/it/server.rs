//! A server in memory: it checks every device proof, keeps every envelope once, and fails when told to.

mod lends;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use custody::credential::Credential;
use custody::envelope::{Envelope, PublicKey};
use custody::ids::{DeviceId, EventId};
use ed25519_dalek::SigningKey;
use mobile_ffi::core::{HostError, Reply, Transport};
use serde_json::{Value, json};

pub(crate) use lends::FIRST_LABEL;

/// What goes wrong with one request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Trouble {
    /// It never arrives.
    RequestLost,
    /// It is done, and the answer never arrives.
    AnswerLost,
    /// The server is busy.
    Busy,
    /// The server has no room to write.
    Full,
    /// Every event of the batch is to be sent again.
    TryAgain,
    /// The cursor is no longer valid.
    Resync,
}

#[derive(Default)]
pub(crate) struct State {
    /// Every envelope, once, in order of arrival.
    pub(crate) stored: Vec<(EventId, Vec<u8>)>,
    /// How often each envelope arrived.
    pub(crate) deliveries: BTreeMap<EventId, usize>,
    /// Largest batch seen, in events and bytes.
    pub(crate) largest: (usize, usize),
    pub(crate) epoch: u64,
    pub(crate) clock_ms: i64,
    pub(crate) changes: Vec<Value>,
    pub(crate) requests: Vec<String>,
    pub(crate) trouble: BTreeMap<usize, Trouble>,
    pub(crate) renewed_until_ms: Option<i64>,
    pub(crate) recovery_key: Option<String>,
    /// In the order of their log.
    pub(crate) revoked: Vec<DeviceId>,
    /// How many of the stored are in its log.
    pub(crate) published: usize,
    /// Receipts have one bit changed.
    pub(crate) bends_receipts: bool,
    /// Shows another history: the same facts under other commitments, signed by the same key.
    pub(crate) forks_log: bool,
    /// The largest part of a photograph it takes.
    pub(crate) most_bytes: usize,
    /// Photographs and parts of them, by hash.
    pub(crate) blobs: BTreeMap<String, Vec<u8>>,
    /// Requests for numbers, once each.
    pub(crate) lent: Vec<String>,
    devices: BTreeMap<DeviceId, PublicKey>,
    staff: BTreeMap<DeviceId, Value>,
    people: BTreeMap<String, Value>,
    nonce: u64,
}

/// The key under which the server vouches for people.
pub(crate) fn issuer() -> SigningKey {
    SigningKey::from_bytes(&[77; 32])
}

pub(crate) struct Server(Mutex<State>);

impl Server {
    pub(crate) fn new(clock_ms: i64) -> Self {
        Self(Mutex::new(State {
            epoch: 1,
            clock_ms,
            nonce: 1,
            most_bytes: usize::MAX,
            ..State::default()
        }))
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a device enrol with `code` as this person.
    pub(crate) fn expect(&self, code: &str, hats: &[(&str, String)], until_ms: i64) {
        self.expect_named(code, "An", hats, until_ms);
    }

    /// The same for a person of this name.
    pub(crate) fn expect_named(&self, code: &str, name: &str, hats: &[(&str, String)], until_ms: i64) {
        let hats: Vec<Value> = hats
            .iter()
            .map(|(hat, holder)| json!({"hat": hat, "holder": holder}))
            .collect();
        let person = json!({"staff_id": format!("s-{hats:?}"), "name": name, "office_id": "o", "office_name": "Tịnh Biên",
            "hats": hats, "epoch": 1, "credential_until_ms": until_ms});
        self.state().people.insert(code.to_owned(), person);
    }

    /// Makes the n-th request from now fail.
    pub(crate) fn trouble_at(&self, nth: usize, trouble: Trouble) {
        let mut state = self.state();
        let at = state.requests.len() + nth;
        state.trouble.insert(at, trouble);
    }

    /// Every request spends its nonce: the next one has to fetch a fresh one.
    pub(crate) fn spend_nonce(&self) {
        self.state().nonce += 1;
    }

    pub(crate) fn has(&self, event_id: EventId) -> bool {
        self.state().stored.iter().any(|(stored, _)| *stored == event_id)
    }
}

impl Transport for Server {
    fn send(&self, method: &str, path: &str, headers: &[(String, String)], body: &[u8]) -> Result<Reply, HostError> {
        let mut state = self.state();
        let trouble = {
            let at = state.requests.len();
            state.requests.push(format!("{method} {path}"));
            state.trouble.remove(&at)
        };
        match trouble {
            Some(Trouble::RequestLost) => return Err(HostError::new("no network")),
            Some(Trouble::Busy) => {
                return Ok(Reply {
                    headers: vec![("retry-after".into(), "7".into())],
                    ..reply(503, &json!({}))
                });
            }
            Some(Trouble::Full) => {
                return Ok(Reply {
                    headers: vec![("retry-after".into(), "60".into())],
                    ..reply(507, &json!({"type": "/problems/storage-full"}))
                });
            }
            Some(Trouble::Resync) => return Ok(reply(410, &json!({"type": "/problems/resync"}))),
            Some(Trouble::AnswerLost | Trouble::TryAgain) | None => {}
        }
        let mut answer = state.answer(method, path, headers, body, matches!(trouble, Some(Trouble::TryAgain)));
        answer.headers.push(("dpop-nonce".into(), state.nonce.to_string()));
        if matches!(trouble, Some(Trouble::AnswerLost)) {
            Err(HostError::new("cut"))
        } else {
            Ok(answer)
        }
    }
}

impl State {
    fn answer(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(String, String)],
        body: &[u8],
        try_again: bool,
    ) -> Reply {
        if path == "/api/v1/devices/enrol" {
            return self.enrol(body);
        }
        let route = path.split('?').next().expect("a path");
        if route == "/log/policy" {
            return Self::policy();
        }
        let device = match self.proven(method, route, headers) {
            Ok(device) => device,
            Err(slug) => return reply(401, &json!({"type": format!("/problems/{slug}"), "status": 401})),
        };
        match (method, route) {
            ("POST", "/api/v1/sync/hello") => self.hello(device, body),
            ("POST", "/api/v1/sync/events") => self.deposit(body, try_again),
            ("GET", "/api/v1/sync/changes") => self.page(path),
            ("GET", "/api/v1/sync/receipts") => self.receipts(device, path),
            ("POST", "/api/v1/sync/numbers") => self.numbers(body),
            (_, _) if route.starts_with("/api/v1/sync/blobs/") => self.blob(method, route, headers, body),
            _ => reply(404, &json!({"type": "/problems/not-found"})),
        }
    }

    fn enrol(&mut self, body: &[u8]) -> Reply {
        let request: Value = serde_json::from_slice(body).expect("JSON");
        let code = request["code"].as_str().expect("a code");
        let Some(mut person) = self.people.remove(code) else {
            return reply(404, &json!({"type": "/problems/not-found"}));
        };
        let key = PublicKey(bytes(&request["public_key"]).try_into().expect("33 bytes"));
        let proof = bytes(&request["proof"]).try_into().expect("64 bytes");
        assert!(key.verifies(&[b"traotay/enrol/v1", code.as_bytes(), &key.0].concat(), &proof));
        self.devices.insert(key.device_id(), key);
        person["device_id"] = json!(key.device_id().to_string());
        person["recovery_key"] = json!(self.recovery_key);
        self.staff.insert(key.device_id(), person.clone());
        let until_ms = person["credential_until_ms"].as_i64().expect("a time");
        person["credential"] = json!(self.credential(key, until_ms));
        person["issuers"] = json!([encode(issuer().verifying_key().as_bytes())]);
        reply(200, &person)
    }

    /// What the server signs of who enrolled with this key.
    fn credential(&self, key: PublicKey, until_ms: i64) -> String {
        let person = &self.staff[&key.device_id()];
        let word = |value: &Value| value.as_str().expect("a word").to_owned();
        let hats = person["hats"].as_array().expect("hats").iter().map(|held| {
            (
                word(&held["hat"]).parse().expect("a hat"),
                word(&held["holder"]).parse().expect("a party"),
            )
        });
        let credential = Credential {
            key,
            name: word(&person["name"]),
            office: word(&person["office_name"]),
            hats: hats.collect(),
            until_ms,
            in_browser: false,
        };
        encode(credential.issue(&issuer()))
    }

    /// The device that signed this request, as the contract of the wire says.
    fn proven(&self, method: &str, route: &str, headers: &[(String, String)]) -> Result<DeviceId, &'static str> {
        let proof = headers
            .iter()
            .find(|(name, _)| name == "DPoP")
            .map(|(_, value)| value)
            .ok_or("use-nonce")?;
        let (signed, signature) = proof.rsplit_once('.').expect("three parts");
        let (header, claims) = signed.split_once('.').expect("three parts");
        let header: Value = serde_json::from_slice(&decode(header)).expect("JSON");
        let claims: Value = serde_json::from_slice(&decode(claims)).expect("JSON");
        assert_eq!((&header["typ"], &header["alg"]), (&json!("dpop+jwt"), &json!("ES256")));
        let device: DeviceId = header["kid"].as_str().expect("kid").parse().expect("a device");
        let key = self.devices.get(&device).ok_or("unauthenticated")?;
        assert!(key.verifies(signed.as_bytes(), &decode(signature).try_into().expect("64 bytes")));
        assert_eq!((&claims["htm"], &claims["htu"]), (&json!(method), &json!(route)));
        assert_eq!(claims["jti"].as_str().map(str::len), Some(32));
        if claims["nonce"] == json!(self.nonce.to_string()) {
            Ok(device)
        } else {
            Err("use-nonce")
        }
    }

    fn hello(&self, device: DeviceId, body: &[u8]) -> Reply {
        let request: Value = serde_json::from_slice(body).expect("JSON");
        let told = usize::try_from(request["revoked_after"].as_u64().expect("a number")).expect("small");
        let revoked: Vec<String> = self.revoked[told..].iter().map(ToString::to_string).collect();
        let mut known: Vec<u64> = Vec::new();
        for (_, envelope) in &self.stored {
            let event = Envelope::parse(envelope).expect("readable").into_event();
            known.extend((event.device == device).then_some(event.seq));
        }
        let head = known.iter().copied().max().unwrap_or(0);
        let want: Vec<(u64, u64)> = (1..=head)
            .filter(|seq| !known.contains(seq))
            .map(|seq| (seq, seq))
            .chain([(head + 1, 1 << 40)])
            .collect();
        let mut answer = json!({"protocol": 1, "epoch": self.epoch, "nonce": self.nonce.to_string(), "want": want,
            "beacon": {"server_ms": self.clock_ms, "tag": "AAECAwQFBgc"},
            "limits": {"batch_events": 200, "batch_bytes": 1_048_576}});
        answer["recovery_key"] = json!(self.recovery_key);
        answer["revoked"] = json!(revoked);
        answer["revoked_through"] = json!(self.revoked.len());
        answer["issuers"] = json!([encode(issuer().verifying_key().as_bytes())]);
        if let Some(until_ms) = self.renewed_until_ms {
            answer["credential_until_ms"] = json!(until_ms);
            answer["credential"] = json!(self.credential(self.devices[&device], until_ms));
        }
        reply(200, &answer)
    }

    fn deposit(&mut self, body: &[u8], try_again: bool) -> Reply {
        let batch = sequence(body);
        self.largest = (self.largest.0.max(batch.len()), self.largest.1.max(body.len()));
        let mut results = Vec::new();
        for envelope in batch {
            let id = Envelope::parse(&envelope).expect("readable").id();
            if try_again {
                results.push(json!({"event_id": id.to_string(), "result": "retry", "reason": "quota"}));
                continue;
            }
            *self.deliveries.entry(id).or_default() += 1;
            let known = self.stored.iter().any(|(stored, _)| *stored == id);
            if !known {
                self.stored.push((id, envelope));
            }
            results.push(json!({"event_id": id.to_string(), "result": if known { "duplicate" } else { "stored" }}));
        }
        reply(200, &json!({"results": results}))
    }

    /// Two changes a page.
    fn page(&self, path: &str) -> Reply {
        let cursor = path.split("cursor=").nth(1).unwrap_or_default().replace("%3A", ":");
        let from: usize = cursor
            .strip_prefix("at:")
            .map_or(0, |at| at.parse().expect("our own cursor"));
        let to = (from + 2).min(self.changes.len());
        let changes = &self.changes[from..to];
        reply(
            200,
            &json!({"changes": changes, "next": format!("at:{to}"), "more": to < self.changes.len()}),
        )
    }
}

fn reply(status: u16, body: &Value) -> Reply {
    Reply {
        status,
        headers: Vec::new(),
        body: body.to_string().into_bytes(),
    }
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decode(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("base64url")
}

fn bytes(value: &Value) -> Vec<u8> {
    decode(value.as_str().expect("text"))
}

/// Cuts a CBOR sequence into its items, byte for byte.
fn sequence(body: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = body;
    let mut items = Vec::new();
    while !rest.is_empty() {
        let before = rest;
        ciborium::from_reader::<ciborium::Value, _>(&mut rest).expect("CBOR");
        items.push(before[..before.len() - rest.len()].to_vec());
    }
    items
}
