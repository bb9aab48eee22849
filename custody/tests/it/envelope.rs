//! What an envelope may look like and what it proves.

use ciborium::Value;
use coset::iana::Algorithm;
use coset::{CoseSign1, CoseSign1Builder, HeaderBuilder, TaggedCborSerializable};
use custody::CborError;
use custody::envelope::{
    Envelope, EnvelopeError, MAX_BYTES, PublicKey, SealError, SignError, Signer, VerifyError, seal,
};
use custody::event::{Detail, Event, EventError};
use custody::ids::{DeviceId, EventId};
use custody::kind::Kind;

use crate::world::{read, signer};

/// The order of P-256, big-endian.
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7,
    0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

fn note() -> Event {
    Event::new(Kind::Note, signer(1).public_key().device_id(), 1, EventId::ZERO)
}

/// `(r, n − s)` for `(r, s)`.
fn twin(signature: [u8; 64]) -> [u8; 64] {
    let mut other = signature;
    let mut borrow = 0;
    for at in (0..32).rev() {
        let digit = i16::from(ORDER[at]) - i16::from(signature[32 + at]) - borrow;
        borrow = i16::from(digit < 0);
        other[32 + at] = u8::try_from(digit.rem_euclid(256)).expect("one byte");
    }
    other
}

fn resigned(bytes: &[u8], change: impl FnOnce(&mut CoseSign1)) -> Vec<u8> {
    let mut sign1 = CoseSign1::from_tagged_slice(bytes).expect("a COSE_Sign1");
    change(&mut sign1);
    sign1.to_tagged_vec().expect("encodes")
}

/// An envelope around any payload, genuinely signed for `kind`.
fn around(payload: Vec<u8>, kind: Kind) -> Vec<u8> {
    let device = signer(1).public_key().device_id().0.to_vec();
    let header = HeaderBuilder::new().algorithm(Algorithm::ES256).key_id(device).build();
    let built = CoseSign1Builder::new().protected(header).payload(payload);
    let sealed = built.create_signature(&kind.aad(1), |message| signer(1).sign(message).expect("signs").to_vec());
    sealed.build().to_tagged_vec().expect("encodes")
}

fn with_entries(event: &Event, more: Vec<(Value, Value)>) -> Vec<u8> {
    let Value::Map(mut entries) = ciborium::from_reader(event.encode().as_slice()).expect("CBOR") else {
        panic!("an event is a map")
    };
    entries.extend(more);
    let mut bytes = Vec::new();
    ciborium::into_writer(&Value::Map(entries), &mut bytes).expect("encodes");
    bytes
}

#[test]
fn the_twin_of_a_signature_is_the_same_event() {
    let sealed = seal(&note(), &signer(1)).expect("signs");
    let high = resigned(&sealed.bytes, |sign1| {
        sign1.signature = twin(sign1.signature.as_slice().try_into().expect("64 bytes")).to_vec();
    });
    assert_ne!(high, sealed.bytes);
    let envelope = read(&high);
    assert_eq!(envelope.id(), sealed.id);
    assert_eq!(envelope.verify(&signer(1).public_key()), Ok(()));
    assert_eq!(envelope.low_s_bytes(), sealed.bytes);
}

/// A key store that gives whatever half of the twins it likes.
struct HighS;

impl Signer for HighS {
    fn public_key(&self) -> PublicKey {
        signer(1).public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError> {
        let signature = signer(1).sign(message)?;
        Ok(if signature[32] < 0x80 {
            twin(signature)
        } else {
            signature
        })
    }
}

/// A key store that gives nonsense.
struct Broken;
impl Signer for Broken {
    fn public_key(&self) -> PublicKey {
        signer(1).public_key()
    }
    fn sign(&self, _: &[u8]) -> Result<[u8; 64], SignError> {
        Ok([1; 64])
    }
}

#[test]
fn sealing_always_writes_the_lower_twin() {
    let sealed = seal(&note(), &HighS).expect("signs");
    assert!(read(&sealed.bytes).signature()[32] < 0x80);
    assert_eq!(read(&sealed.bytes).verify(&signer(1).public_key()), Ok(()));
}

#[test]
fn an_envelope_of_another_device_or_key_is_refused() {
    let sealed = seal(&note(), &signer(1)).expect("signs");
    assert_eq!(
        read(&sealed.bytes).verify(&signer(2).public_key()),
        Err(VerifyError::WrongKey)
    );

    let foreign = Event::new(Kind::Note, signer(2).public_key().device_id(), 1, EventId::ZERO);
    let bytes = around(foreign.encode(), Kind::Note);
    assert_eq!(
        read(&bytes).verify(&signer(1).public_key()),
        Err(VerifyError::WrongKey),
        "kid and device differ"
    );
    assert_eq!(read(&bytes).verify(&signer(2).public_key()), Err(VerifyError::WrongKey));
}

#[test]
fn any_changed_byte_changes_the_id_or_the_verdict() {
    let sealed = seal(&note(), &signer(1)).expect("signs");
    for at in 0..sealed.bytes.len() {
        let mut forged = sealed.bytes.clone();
        forged[at] ^= 1;
        let Ok(envelope) = Envelope::parse(&forged) else {
            continue;
        };
        assert!(envelope.verify(&signer(1).public_key()).is_err(), "byte {at}");
    }
}

#[test]
fn sealing_refuses_the_wrong_key_and_a_key_that_signs_wrongly() {
    assert!(matches!(seal(&note(), &signer(2)), Err(SealError::WrongDevice { .. })));

    assert!(matches!(seal(&note(), &Broken), Err(SealError::BadSignature)));
}

#[test]
fn an_event_too_large_to_read_is_not_signed() {
    let details = [("blob".to_owned(), Detail::Bytes(vec![0; MAX_BYTES]))].into();
    assert!(matches!(
        seal(&Event { details, ..note() }, &signer(1)),
        Err(SealError::TooLong)
    ));
    assert_eq!(Envelope::parse(&vec![0; MAX_BYTES + 1]), Err(EnvelopeError::TooLong));
}

#[test]
fn only_the_one_header_we_write_is_read() {
    let sealed = seal(&note(), &signer(1)).expect("signs");
    let unprotected = resigned(&sealed.bytes, |sign1| sign1.unprotected.key_id = vec![1]);
    assert_eq!(Envelope::parse(&unprotected), Err(EnvelopeError::Header));

    let long_form = resigned(&sealed.bytes, |sign1| {
        let short = sign1.protected.original_data.take().expect("as read");
        let mut long = vec![0xa2, 0x18, 0x01];
        long.extend(&short[2..]);
        sign1.protected.original_data = Some(long);
    });
    assert_eq!(Envelope::parse(&long_form), Err(EnvelopeError::Header));

    assert_eq!(
        Envelope::parse(&sealed.bytes[1..]),
        Err(EnvelopeError::NotCose),
        "without its tag"
    );
    let mut trailing = sealed.bytes;
    trailing.push(0);
    assert_eq!(Envelope::parse(&trailing), Err(EnvelopeError::NotCose));
}

#[test]
fn a_payload_that_is_not_deterministic_is_refused_though_genuinely_signed() {
    let mut payload = note().encode();
    assert!(Envelope::parse(&around(payload.clone(), Kind::Note)).is_ok());
    assert_eq!(payload[..3], [0xa5, 0x01, 0x01]);
    payload.splice(2..3, [0x18, 0x01]);
    let refused = EnvelopeError::Event(EventError::Cbor(CborError::NotDeterministic));
    assert_eq!(Envelope::parse(&around(payload, Kind::Note)), Err(refused));

    let twice = with_entries(&note(), vec![(Value::from(6), Value::Bytes(vec![1; 32]))]);
    let refused = EnvelopeError::Event(EventError::Cbor(CborError::DuplicateKey));
    assert_eq!(Envelope::parse(&around(twice, Kind::Note)), Err(refused));
}

#[test]
fn a_key_of_tomorrow_is_passed_over_and_stays_under_the_signature() {
    let payload = with_entries(&note(), vec![(Value::from(99), Value::from("new"))]);
    let bytes = around(payload, Kind::Note);
    let envelope = read(&bytes);
    assert_eq!(envelope.event(), &note());
    assert_ne!(envelope.id(), seal(&note(), &signer(1)).expect("signs").id);
    assert_eq!(envelope.verify(&signer(1).public_key()), Ok(()));
    assert_eq!(resigned(&bytes, |_| ()), bytes, "nothing is lost on the way");
}

#[test]
fn a_kind_of_tomorrow_has_an_id_and_verifies() {
    let event = Event {
        kind: Kind::from_code(77),
        ..note()
    };
    let sealed = seal(&event, &signer(1)).expect("signs");
    let envelope = read(&sealed.bytes);
    assert_eq!((envelope.id(), envelope.event()), (sealed.id, &event));
    assert_eq!(envelope.verify(&signer(1).public_key()), Ok(()));
}

#[test]
fn what_makes_no_event_is_refused_by_name() {
    let bare = Value::Map(vec![
        (Value::from(1), Value::from(1)),
        (Value::from(2), Value::from(12)),
    ]);
    let mut payload = Vec::new();
    ciborium::into_writer(&bare, &mut payload).expect("encodes");
    assert_eq!(Event::decode(&payload), Err(EventError::MissingKey(4)));

    let later = Event { v: 2, ..note() };
    assert_eq!(Event::decode(&later.encode()), Err(EventError::UnknownVersion(2)));

    let wrong = with_entries(&note(), vec![(Value::from(20), Value::from("because"))]);
    assert_eq!(Event::decode(&wrong), Err(EventError::WrongType(20)));
    assert_eq!(Event::decode(&[0x80]), Err(EventError::NotAMap));
}

#[test]
fn bytes_that_are_no_envelope_get_an_id_of_their_own() {
    let sealed = seal(&note(), &signer(1)).expect("signs");
    let other = EventId::of_unreadable(&sealed.bytes);
    assert_ne!(other, sealed.id);
    assert_eq!(other, EventId::of_unreadable(&sealed.bytes));
    assert_ne!(other, EventId::of_unreadable(b"else"));
    assert_ne!(DeviceId([0; 16]), note().device);
}
