//! Envelopes of every released version, which every later version reads: `tests/corpus/VERSION.txt`, an id and an envelope
//! in hex a line.
//!
//! A release that writes events differently adds a file and keeps the old ones. [`made`] says what the envelopes of 0.1.0
//! mean: each kind ten times, with every optional part there and absent.

use std::collections::BTreeMap;

use custody::envelope::{Envelope, PublicKey, Signer as _, SoftSigner, seal};
use custody::event::{About, Beacon, Checkpoint, Detail, Event, Excepted, ItemRef, Mono, Place, Tally, exception_code};
use custody::ids::{EventId, HandoverId, ItemId, Nonce};
use custody::kind::Kind;
use sha2::{Digest, Sha256};

const FIRST: &str = include_str!("../corpus/0.1.0.txt");

const EACH: u64 = 10;

/// Thirty-two bytes that stand for a word and a number.
fn drawn(word: &str, n: u64) -> [u8; 32] {
    Sha256::digest(format!("traotay/corpus/{word}/{n}")).into()
}

fn short<const N: usize>(word: &str, n: u64) -> [u8; N] {
    *drawn(word, n).first_chunk().expect("at most 32")
}

/// The phone of the corpus; one of three.
fn signer(n: u64) -> SoftSigner {
    SoftSigner::from_bytes(&drawn("key", n % 3)).expect("a key")
}

fn item(n: u64) -> ItemRef {
    ItemRef {
        item: ItemId(short("item", n)),
        head: if n.is_multiple_of(4) {
            EventId::ZERO
        } else {
            EventId(drawn("head", n))
        },
        seal: if n.is_multiple_of(5) {
            String::new()
        } else {
            format!("S-{n:04}")
        },
    }
}

/// The n-th event: bits of `n` say which parts it has.
fn event(kind: Kind, n: u64) -> Event {
    let has = |part: u64| (n / EACH + n % EACH * 7 + part).is_multiple_of(2);
    let mut event = Event::new(
        kind,
        signer(n).public_key().device_id(),
        n + 1,
        EventId(drawn("prev", n)),
    );
    event.handover_id = Some(HandoverId(short("handover", n)));
    event.wall_ms = Some(1_795_413_600_000 + n * 1_000);
    event.acting_as = Some(1 + n % 4);
    event.mono = Some(Mono {
        boot_id: short("boot", n / 7),
        ms: n * n * 1_000,
    });
    event.about = match n % 3 {
        0 => None,
        1 => Some(About::Device(signer(n + 1).public_key().device_id())),
        _ => Some(About::Event(EventId(drawn("about", n)))),
    };
    event.nonce = has(0).then(|| Nonce(short("nonce", n)));
    event.manifest_hash = has(1).then(|| drawn("manifest", n));
    event.tally = match n % 4 {
        0 => None,
        1 | 2 => Some(Tally::Count(n)),
        _ => Some(Tally::Exceptions(vec![Excepted {
            item: ItemId(short("item", n)),
            code: exception_code::SEAL,
        }])),
    };
    event.ttl_s = has(2).then_some(600);
    event.beacon = has(3).then(|| Beacon {
        server_ms: 1_795_413_000_000 + n,
        mono_ms: n,
        tag: short("tag", n),
    });
    event.seen_checkpoint = has(4).then(|| Checkpoint {
        size: n * 1_000,
        root: drawn("root", n),
        log: None,
    });
    event.evidence = (0..n % 3).map(|part| drawn("evidence", n + part)).collect();
    event.place = match n % 5 {
        0 => Some(Place::Id(short::<16>("place", n).to_vec())),
        1 => Some(Place::Text("BĐ-30520".to_owned())),
        _ => None,
    };
    event.items = (0..n % 6).map(|part| item(n + part)).collect();
    event.items.sort();
    event.reason = has(5).then_some(n % 12);
    event.assurance = has(6).then_some(1);
    if has(7) {
        event.details = BTreeMap::from([
            ("papers".to_owned(), Detail::Int(i64::try_from(n).expect("small") - 5)),
            ("slip".to_owned(), Detail::Text(format!("BB-{n:04}"))),
            ("hash".to_owned(), Detail::Bytes(drawn("detail", n)[..8].to_vec())),
        ]);
    }
    event
}

fn made() -> Vec<Event> {
    let kinds = Kind::all().chain([Kind::from_code(900)]);
    kinds
        .zip(0..)
        .flat_map(|(kind, nth)| (0..EACH).map(move |n| event(kind, nth * EACH + n)))
        .collect()
}

fn golden() -> Vec<(EventId, Vec<u8>)> {
    let line = |line: &str| {
        let (id, envelope) = line.split_once(' ').expect("two words");
        (id.parse().expect("an id"), hex::decode(envelope).expect("hex"))
    };
    FIRST.lines().map(line).collect()
}

#[test]
fn every_envelope_of_every_released_version_reads_as_what_it_meant() {
    let keys: BTreeMap<_, PublicKey> = (0..3)
        .map(|n| signer(n).public_key())
        .map(|key| (key.device_id(), key))
        .collect();
    let (golden, made) = (golden(), made());
    assert!(golden.len() >= 200 && golden.len() == made.len(), "{}", golden.len());
    for ((id, bytes), meant) in golden.iter().zip(&made) {
        let envelope = Envelope::parse(bytes).unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_eq!(envelope.id(), *id);
        assert_eq!(envelope.event(), meant, "{id}");
        envelope
            .verify(&keys[&meant.device])
            .unwrap_or_else(|error| panic!("{id}: {error}"));
    }
}

#[test]
fn this_version_still_writes_what_its_corpus_holds() {
    let written = made().into_iter().zip(0_u64..).map(|(event, n)| {
        let sealed = seal(&event, &signer(n)).expect("seals");
        format!("{} {}\n", sealed.id, hex::encode(sealed.bytes))
    });
    let written: String = written.collect();
    assert!(
        written == FIRST,
        "a release that writes other bytes adds a file of its own beside tests/corpus/0.1.0.txt"
    );
}
