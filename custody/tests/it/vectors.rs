//! Published vectors of a hand-over: two keys, a manifest, an OFFER and its ACCEPT, byte for byte.

use custody::envelope::{Envelope, Signer, SoftSigner, VerifyError, seal};
use custody::event::{About, Event, ItemRef, Tally, manifest_bytes, manifest_hash};
use custody::ids::{EventId, HandoverId, ItemId, Nonce};
use custody::kind::Kind;
use sha2::{Digest, Sha256};

const MANIFEST: &str = "828350111111111111111111111111111111115820bca8bf016ab3e996d0ed642c65483676b934d6db51abf58b175071016fb5715d66532d303030318350222222222222222222222222222222225820fa20e30f0095af1556fb769342cae65bac94a60f447cec31a5e5bbbf66d536b466532d30303032";
const M1: &str = "d28455a201260450f59ae534ec9925a2713576c0633d47bda058a6ac01010201035000112233445566778899aabbccddeeff0450f59ae534ec9925a2713576c0633d47bd051829065820d40f64b43041c2c358346c121688b7e537502cf3390c6c91d67cb9b5981e4a440750f1f109b42925ea2a65a63d45750b5cad0850a0a1a2a3a4a5a6a7a8a9aaabacadaeaf095820b6fd2f95389b7880f233f52b038304a7589afa16d0a36ad5f413d36ab2f45bf50a020b1b000001a0c4506c000c1902585840163d6a900f1575759787d14954c2d46c7a1a546d522e8c7a9c847ebd7488cbed774545a34e03f355a6b4c0daea47f51ab6dd8e3e1711e8f92575f34b6ced58f0";
const M2: &str = "d28455a201260450f1f109b42925ea2a65a63d45750b5cada058a0aa01010202035000112233445566778899aabbccddeeff0450f1f109b42925ea2a65a63d45750b5cad05110658207306df032bb38219280b7f916e5a7d2df0041617b17b67ba42fcb7e1d704affe0758202fcf6e51cfd1671666e8c5c5edb708285e74f1d3104b17ee374946b10e2fc657095820b6fd2f95389b7880f233f52b038304a7589afa16d0a36ad5f413d36ab2f45bf50a800b1b000001a0c4507ba0584098374ed5f41af5fa0e0d2e583c5432b189e935cc3f339f5d2a595adf2bf156b97f1c30b1c1e619309e97ec1175424a85e4c8775c8d5d8d277533f8cb5b60ec4a";
const OFFER_ID: &str = "2fcf6e51cfd1671666e8c5c5edb708285e74f1d3104b17ee374946b10e2fc657";
const ACCEPT_ID: &str = "059d6163e3cdecf4fc0feef19d65950993dd956c380cf17880158a3bd880557e";

fn sha256(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// The key whose scalar is SHA-256(name) + 1.
fn named_key(name: &str) -> SoftSigner {
    let mut scalar = sha256(name);
    for byte in scalar.iter_mut().rev() {
        *byte = byte.wrapping_add(1);
        if *byte != 0 {
            break;
        }
    }
    SoftSigner::from_bytes(&scalar).expect("below the order of the curve")
}

fn items() -> Vec<ItemRef> {
    let line = |byte, head, seal: &str| ItemRef {
        item: ItemId([byte; 16]),
        head: EventId(sha256(head)),
        seal: seal.into(),
    };
    vec![line(0x22, "head-2", "S-0002"), line(0x11, "head-1", "S-0001")]
}

fn handover_id() -> HandoverId {
    "00112233445566778899aabbccddeeff".parse().expect("an id")
}

fn offer() -> Event {
    let (giver, receiver) = (named_key("test-device-G"), named_key("test-device-R"));
    Event {
        handover_id: Some(handover_id()),
        about: Some(About::Device(receiver.public_key().device_id())),
        nonce: Some("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf".parse::<Nonce>().expect("a nonce")),
        manifest_hash: Some(manifest_hash(&items())),
        tally: Some(Tally::Count(2)),
        wall_ms: Some(1_790_000_000_000),
        ttl_s: Some(600),
        ..Event::new(
            Kind::Offer,
            giver.public_key().device_id(),
            41,
            EventId(sha256("prev-G")),
        )
    }
}

fn accept() -> Event {
    let receiver = named_key("test-device-R");
    Event {
        handover_id: Some(handover_id()),
        about: Some(About::Event(OFFER_ID.parse().expect("an id"))),
        manifest_hash: Some(manifest_hash(&items())),
        tally: Some(Tally::Exceptions(vec![])),
        wall_ms: Some(1_790_000_004_000),
        ..Event::new(
            Kind::Accept,
            receiver.public_key().device_id(),
            17,
            EventId(sha256("prev-R")),
        )
    }
}

#[test]
fn keys_and_device_ids_are_the_published_ones() {
    let keys = [
        (
            "test-device-G",
            "0273311042d2f54a9868a989dada13fe97ce7085321587642043af1ae5755954cc",
            "f59ae534ec9925a2713576c0633d47bd",
        ),
        (
            "test-device-R",
            "0297b4ec7b750dce07cd73def3867fea45e10c4fe8f1fcfa1c614335ba03adb32e",
            "f1f109b42925ea2a65a63d45750b5cad",
        ),
    ];
    for (name, public, device) in keys {
        let key = named_key(name).public_key();
        assert_eq!(hex::encode(key.0), public);
        assert_eq!(key.device_id().to_string(), device);
    }
}

#[test]
fn the_manifest_is_sorted_by_item_and_hashes_as_published() {
    assert_eq!(hex::encode(manifest_bytes(&items())), MANIFEST);
    assert_eq!(
        hex::encode(manifest_hash(&items())),
        "b6fd2f95389b7880f233f52b038304a7589afa16d0a36ad5f413d36ab2f45bf5"
    );
}

#[test]
fn sealing_gives_the_published_bytes_and_ids() {
    for (event, name, bytes, id) in [
        (offer(), "test-device-G", M1, OFFER_ID),
        (accept(), "test-device-R", M2, ACCEPT_ID),
    ] {
        let sealed = seal(&event, &named_key(name)).expect("a soft key signs");
        assert_eq!(hex::encode(&sealed.bytes), bytes);
        assert_eq!(sealed.id.to_string(), id);
    }
}

#[test]
fn the_published_envelopes_read_back_and_verify() {
    for (event, name, bytes, id) in [
        (offer(), "test-device-G", M1, OFFER_ID),
        (accept(), "test-device-R", M2, ACCEPT_ID),
    ] {
        let envelope = Envelope::parse(&hex::decode(bytes).expect("hex")).expect("an envelope");
        assert_eq!(envelope.event(), &event);
        assert_eq!(envelope.id().to_string(), id);
        assert_eq!(envelope.kid(), event.device);
        assert_eq!(envelope.event().missing_keys(), [13, 16]);
        assert_eq!(envelope.verify(&named_key(name).public_key()), Ok(()));
    }
}

#[test]
fn a_signature_made_for_one_kind_is_refused_for_another() {
    let bytes = hex::decode(M2).expect("hex");
    let kind_at = bytes
        .windows(4)
        .position(|found| found == [0x01, 0x01, 0x02, 0x02])
        .expect("the kind is there")
        + 3;
    for kind in [1_u8, 3, 12] {
        let mut forged = bytes.clone();
        forged[kind_at] = kind;
        let envelope = Envelope::parse(&forged).expect("still an event");
        assert_ne!(envelope.id().to_string(), ACCEPT_ID);
        assert_eq!(
            envelope.verify(&named_key("test-device-R").public_key()),
            Err(VerifyError::BadSignature)
        );
    }
}

/// Only the external data differs here: the payload is untouched and the signature is the genuine one over it.
#[test]
fn the_same_payload_under_another_context_does_not_verify() {
    use coset::{CoseSign1, TaggedCborSerializable};
    let key = named_key("test-device-R").public_key();
    let sign1 = CoseSign1::from_tagged_slice(&hex::decode(M2).expect("hex")).expect("a COSE_Sign1");
    let signature = sign1.signature.as_slice().try_into().expect("64 bytes");
    assert!(key.verifies(&sign1.tbs_data(b"custody/accept/v1"), &signature));
    assert!(!key.verifies(&sign1.tbs_data(b"custody/offer/v1"), &signature));
}
