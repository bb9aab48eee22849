//! What the server in memory gives beside the exchange of events: receipts of a small log, numbers, and a place for photographs.

use custody::envelope::Envelope;
use custody::ids::{DeviceId, EventId};
use custody::log::leaf::{self, Salt, commit};
use custody::log::receipt::Logged;
use custody::log::tiles::Tiles;
use custody::log::{Algorithm, Checkpoint, NoteKey, Receipt};
use ed25519_dalek::SigningKey;
use mobile_ffi::core::Reply;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Server, State, reply};
use crate::world::label;

const ORIGIN: &str = "post.example/custody/2026";
/// The first serial of the labels it lends.
pub(crate) const FIRST_LABEL: u32 = 50_000;

fn key() -> NoteKey {
    NoteKey::new(ORIGIN, Algorithm::Log, SigningKey::from_bytes(&[1; 32])).expect("a name")
}

impl Server {
    /// Signs a head over all that is stored.
    pub(crate) fn publish(&self) {
        let mut state = self.state();
        state.published = state.stored.len();
    }

    /// The bytes it has under a hash.
    pub(crate) fn brought(&self, sha256: &[u8; 32]) -> Option<Vec<u8>> {
        self.state().blobs.get(&hex::encode(sha256)).cloned()
    }
}

impl State {
    pub(super) fn policy() -> Reply {
        Reply {
            status: 200,
            headers: Vec::new(),
            body: format!("log {}\nquorum none\n", key().verifier()).into_bytes(),
        }
    }

    /// The receipts of a device's events from a number on, up to the first that is not in the log.
    pub(super) fn receipts(&self, device: DeviceId, path: &str) -> Reply {
        let after: u64 = path.split("after=").nth(1).expect("after").parse().expect("a number");
        let mut own: Vec<(u64, usize, EventId)> = Vec::new();
        for (index, (id, bytes)) in self.stored.iter().enumerate() {
            let event = Envelope::parse(bytes).expect("readable").into_event();
            own.extend((event.device == device && event.seq > after).then_some((event.seq, index, *id)));
        }
        own.sort_unstable();
        let told: Vec<Value> = own
            .iter()
            .take_while(|(_, index, _)| *index < self.published)
            .map(|(seq, index, id)| {
                json!({"event_id": id.to_string(), "seq": seq, "index": index, "proof": self.receipt(device, *index)})
            })
            .collect();
        let next = told.last().map_or(json!(after), |one| one["seq"].clone());
        reply(200, &json!({"receipts": told, "next": next, "more": false}))
    }

    fn salt(&self, index: u64) -> [u8; 32] {
        let hash = Sha256::new().chain_update(index.to_be_bytes());
        hash.chain_update(if self.forks_log { "another history" } else { "" })
            .finalize()
            .into()
    }

    fn receipt(&self, device: DeviceId, at: usize) -> String {
        let mut tree = Tiles::default();
        for (index, (_, bytes)) in (0..).zip(&self.stored[..self.published]) {
            tree.append(index, leaf::hash(&commit(&Salt(self.salt(index)), bytes)));
        }
        let (size, index) = (self.published as u64, at as u64);
        let head = Checkpoint {
            origin: ORIGIN.to_owned(),
            size,
            root: tree.root(size).expect("a root"),
        };
        let text = head.text();
        let line = key().line(&text, 0);
        let mut signed = self.stored[at].1.clone();
        if self.bends_receipts {
            // One bit of what was signed.
            let last = signed.len() - 1;
            signed[last] ^= 1;
        }
        let receipt = Receipt {
            signed,
            signer: self.devices[&device].0.to_vec(),
            logged: Some(Logged {
                salt: self.salt(index),
                index,
                hashes: tree.inclusion(index, size).expect("a proof"),
                note: format!("{text}\n{line}"),
            }),
        };
        receipt.to_text().expect("it is in the log")
    }

    /// Lends ten of each, the same for the same request.
    pub(super) fn numbers(&mut self, body: &[u8]) -> Reply {
        let asked: Value = serde_json::from_slice(body).expect("JSON");
        let request = asked["request"].as_str().expect("a request").to_owned();
        let already = self.lent.iter().position(|known| *known == request);
        let nth = already.unwrap_or_else(|| {
            self.lent.push(request);
            self.lent.len() - 1
        });
        let nth = u32::try_from(nth).expect("small");
        let labels: Vec<String> = (0..10).map(|n| label(FIRST_LABEL + nth * 10 + n)).collect();
        let run = json!({"point": "AG-TB", "series": "AA/26P", "first": nth * 10 + 1, "last": nth * 10 + 10});
        reply(200, &json!({"labels": labels, "receipts": [run]}))
    }

    /// Keeps parts that begin where the last one ended.
    pub(super) fn blob(&mut self, method: &str, route: &str, headers: &[(String, String)], body: &[u8]) -> Reply {
        let name = route.rsplit('/').next().expect("a name").to_owned();
        let whole = |bytes: &Vec<u8>| hex::encode(Sha256::digest(bytes)) == name;
        let held = self.blobs.get(&name).cloned().unwrap_or_default();
        if method == "GET" {
            return reply(200, &json!({"held": held.len(), "is_whole": whole(&held)}));
        }
        if body.len() > self.most_bytes {
            return reply(413, &json!({"type": "/problems/body-too-large"}));
        }
        if !self.stored.iter().any(|(_, bytes)| names(bytes, &name)) {
            return reply(409, &json!({"type": "/problems/not-now"}));
        }
        let (_, range) = headers.iter().find(|(key, _)| key == "Content-Range").expect("a range");
        let from = range.trim_start_matches("bytes ").split('-').next().expect("a start");
        assert_eq!(
            from.parse::<usize>().expect("a number"),
            held.len(),
            "it goes on where it stopped"
        );
        let now = [held, body.to_vec()].concat();
        let answer = json!({"held": now.len(), "is_whole": whole(&now)});
        self.blobs.insert(name, now);
        reply(200, &answer)
    }
}

fn names(envelope: &[u8], hash: &str) -> bool {
    let event = Envelope::parse(envelope).expect("readable").into_event();
    event.evidence.iter().any(|named| hex::encode(named) == hash)
}
