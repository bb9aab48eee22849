//! Every picture of a hand-over fits the cameras of cheap phones, and no bytes crash a decoder or are read as something
//! that is written otherwise.

use custody::act::parse_act;
use custody::credential::Credential;
use custody::envelope::{Envelope, seal};
use custody::event::{Event, Excepted, ItemRef, exception_code};
use custody::handover::frame::{Collector, Frame, FrameError, MAX_BYTES, split};
use custody::handover::{Giver, Hello, Introduced, MAX_ITEMS, Receiver, Seen, introduce, trail};
use custody::ids::{EventId, HandoverId, ItemId, Nonce};
use custody::kind::Kind;
use domain::hat::Hat;
use domain::item_code::ItemCode;
use proptest::collection::vec;
use proptest::prelude::*;
use qrcode::bits::Bits;
use qrcode::{EcLevel, QrCode, Version};

use crate::world::{NOW_MS, Person, cases, checkpoint, server};

/// A phone that was on for a month, has signed a hundred thousand events and seen a checkpoint.
fn busy(number: u8, hat: Hat) -> (Person, custody::event::Stamp) {
    let person = Person::new(number, hat);
    let mut stamp = person.stamp();
    stamp.seq = 100_000;
    stamp.prev = EventId([3; 32]);
    stamp.mono.ms = 30 * 86_400_000;
    stamp.seen_checkpoint = Some(checkpoint());
    stamp.beacon.as_mut().expect("has one").mono_ms = 30 * 86_400_000 - 1;
    (person, stamp)
}

fn lines(count: usize) -> Vec<ItemRef> {
    let items = (1..).take(count).map(|serial| {
        let code = ItemCode::from_serial("EE", serial, "VN").expect("a serial");
        ItemRef {
            item: ItemId::of(code.as_str()),
            head: EventId([8; 32]),
            seal: format!("S-{serial:06}"),
        }
    });
    items.collect()
}

/// The messages of one hand-over of so many items of which the last two are not taken: HELLO, OFFER, ACCEPT, RELEASE.
fn messages(count: usize) -> [Vec<u8>; 4] {
    let (giver, giver_stamp) = busy(1, Hat::Carrier);
    let (to, to_stamp) = busy(2, Hat::AgencyReceiver);
    let mut receiver = Receiver::new(to.key(), Hat::AgencyReceiver, Nonce([9; 16]), to_stamp.mono);
    let (mut open, offer) = Giver::offer(
        &receiver.hello(),
        lines(count),
        HandoverId([4; 16]),
        &giver_stamp,
        &giver.signer,
    )
    .expect("offers");
    let offered = receiver.read(&offer.bytes, &giver.key(), to_stamp.mono).expect("reads");
    let (taken, left) = offered.items().split_at(count.saturating_sub(2).max(1));
    let seen = taken.iter().map(|line| Seen {
        item: line.item,
        seal: Some(line.seal.clone()),
    });
    let left = left.iter().map(|line| Excepted {
        item: line.item,
        code: exception_code::SEAL,
    });
    let (seen, left): (Vec<_>, Vec<_>) = (seen.collect(), left.collect());
    let accept = receiver
        .accept(&offered, &seen, &left, &to_stamp, &to.signer)
        .expect("accepts");
    let release = open
        .release(&accept.bytes, &giver_stamp, &giver.signer)
        .expect("releases")
        .release;
    let hello = receiver.hello().encode(&to.credential().issue(&server()));
    let offer = introduce(&offer.bytes, &giver.credential().issue(&server()));
    [hello, offer, accept.bytes, release.bytes]
}

/// In byte mode, as pictures are shown: an encoder that looks for denser modes may end with more.
fn fits_version_21(picture: &[u8]) -> bool {
    let mut bits = Bits::new(Version::Normal(21));
    let written = bits
        .push_byte_data(picture)
        .and_then(|()| bits.push_terminator(EcLevel::L));
    written.and_then(|()| QrCode::with_bits(bits, EcLevel::L)).is_ok()
}

fn read_back(frames: impl IntoIterator<Item = Frame>) -> Option<Vec<u8>> {
    let mut collector = Collector::default();
    frames
        .into_iter()
        .find_map(|frame| collector.add(frame).expect("of one message"))
}

#[test]
fn the_largest_picture_is_exactly_what_qr_version_21_holds() {
    assert!(fits_version_21(&[0xff; MAX_BYTES]));
    assert!(!fits_version_21(&[0xff; MAX_BYTES + 1]));
}

#[test]
fn every_picture_of_a_full_hand_over_fits_qr_version_21() {
    for count in [1, 3, MAX_ITEMS] {
        let counts = messages(count).map(|message| {
            let frames = split(&message).expect("fits");
            assert!(frames.iter().all(|frame| fits_version_21(&frame.encode())));
            assert_eq!(read_back(frames.iter().rev().cloned()), Some(message.clone()));
            frames.len()
        });
        // Twenty items with the head of each take two pictures in turn; everything else is one.
        assert_eq!(counts, [1, if count == MAX_ITEMS { 2 } else { 1 }, 1, 1]);
    }
}

#[test]
fn pictures_may_be_read_in_any_order_and_those_of_another_message_start_over() {
    let (one, other) = (split(&[1; 3000]).expect("fits"), split(&[2; 3000]).expect("fits"));
    let mut collector = Collector::default();
    for frame in [&one[3], &one[0], &one[0]] {
        assert_eq!(collector.add(frame.clone()), Ok(None));
    }
    assert_eq!(collector.progress(), (2, 4));
    assert_eq!(collector.add(other[1].clone()), Ok(None));
    assert_eq!(collector.progress(), (1, 4));
    assert_eq!(
        read_back([&one[2], &one[0], &one[3], &one[1]].map(Clone::clone)),
        Some(vec![1; 3000])
    );
}

#[test]
fn pieces_that_do_not_make_the_message_are_refused() {
    let message: Vec<u8> = (0..2000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let mut frames = split(&message).expect("fits");
    let mut bytes = frames[1].encode();
    bytes[100] ^= 1;
    frames[1] = Frame::decode(&bytes).expect("still a picture");
    let mut collector = Collector::default();
    let last = frames.into_iter().map(|frame| collector.add(frame)).last();
    assert_eq!(last, Some(Err(FrameError::Torn)));
    assert_eq!(collector.progress(), (0, 0));
    assert_eq!(split(&[]), Err(FrameError::Length));
    assert_eq!(split(&vec![0; 300_000]), Err(FrameError::Length));
}

/// What a decoder makes of bytes: what it would write again, or nothing.
type Decoder = fn(&[u8]) -> Option<Vec<u8>>;

fn decoders() -> [(&'static str, Decoder); 8] {
    [
        ("event", |bytes| Some(Event::decode(bytes).ok()?.encode())),
        ("hello", |bytes| {
            let (hello, who) = Hello::decode(bytes, &[server().verifying_key()], NOW_MS).ok()?;
            Some(hello.encode(&who.issue(&server())))
        }),
        ("offer", |bytes| {
            let shown = Introduced::decode(bytes, &[server().verifying_key()], NOW_MS).ok()?;
            Some(introduce(&shown.offer, &shown.giver.issue(&server())))
        }),
        ("credential", |bytes| {
            Some(
                Credential::open(bytes, &[server().verifying_key()])
                    .ok()?
                    .issue(&server()),
            )
        }),
        ("frame", |bytes| Some(Frame::decode(bytes).ok()?.encode())),
        ("trail", |bytes| {
            let envelopes = trail::decode(bytes).ok()?;
            Some(trail::encode(envelopes.iter().map(|(_, bytes)| bytes.as_slice())))
        }),
        // What they accept is checked by its own tests; here it is enough that they end.
        ("envelope", |bytes| Envelope::parse(bytes).ok().map(|_| bytes.to_vec())),
        ("act", |bytes| parse_act(bytes).ok().map(|_| bytes.to_vec())),
    ]
}

/// A true message of each kind, to be spoilt.
fn truth() -> Vec<Vec<u8>> {
    let [hello, offer, accept, release] = messages(4);
    let bare = Introduced::decode(&offer, &[server().verifying_key()], NOW_MS)
        .expect("a colleague's")
        .offer;
    let payload = Envelope::parse(&bare).expect("readable").into_event().encode();
    let frame = split(&offer).expect("fits")[0].encode();
    let way = trail::encode([bare.as_slice(), accept.as_slice()]);
    let credential = Person::new(1, Hat::Carrier).credential().issue(&server());
    vec![hello, offer, bare, accept, release, payload, frame, way, credential]
}

/// How a message is spoilt.
#[derive(Debug, Clone)]
enum Damage {
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Insert(prop::sample::Index, u8),
    Remove(prop::sample::Index),
    Append(Vec<u8>),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        4 => (any::<prop::sample::Index>(), 1..=255_u8).prop_map(|(at, by)| Damage::Flip(at, by)),
        1 => any::<prop::sample::Index>().prop_map(Damage::Cut),
        1 => (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Insert(at, byte)),
        1 => any::<prop::sample::Index>().prop_map(Damage::Remove),
        1 => vec(any::<u8>(), 1..9).prop_map(Damage::Append),
    ]
}

fn spoil(message: &mut Vec<u8>, damage: &Damage) {
    if message.is_empty() {
        return;
    }
    match damage {
        Damage::Flip(at, by) => {
            let at = at.index(message.len());
            message[at] ^= by;
        }
        Damage::Cut(at) => message.truncate(at.index(message.len())),
        Damage::Insert(at, byte) => message.insert(at.index(message.len()), *byte),
        Damage::Remove(at) => drop(message.remove(at.index(message.len()))),
        Damage::Append(bytes) => message.extend(bytes),
    }
}

/// Each decoder refuses these bytes or reads something that is written as these very bytes. An event of tomorrow has keys
/// this version does not write; then what was read is read again from what is written.
fn hold(bytes: &[u8]) -> Result<(), TestCaseError> {
    for (name, decode) in decoders() {
        let Some(again) = decode(bytes) else { continue };
        if again != bytes {
            let is_later = name == "event" && Event::decode(&again) == Event::decode(bytes);
            prop_assert!(is_later, "{} reads {} as something else", name, hex::encode(bytes));
        }
    }
    // A different envelope is another event, or the same one under another signature: never something else that verifies.
    if let Ok(envelope) = Envelope::parse(bytes) {
        let key = Person::new(1, Hat::Carrier).key();
        if envelope.verify(&key).is_ok() {
            let signed = Envelope::parse(&envelope.low_s_bytes()).expect("the same event");
            prop_assert_eq!(signed.id(), envelope.id());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(2_000)))]

    #[test]
    fn any_bytes_are_refused_or_written_again_as_they_were(bytes in vec(any::<u8>(), 0..400)) {
        hold(&bytes)?;
    }

    #[test]
    fn spoilt_messages_are_refused_or_written_again_as_they_are(
        which in any::<prop::sample::Index>(),
        damages in vec(damage(), 1..4),
    ) {
        thread_local!(static TRUTH: Vec<Vec<u8>> = truth());
        let mut message = TRUTH.with(|all| which.get(all).clone());
        for damage in &damages {
            spoil(&mut message, damage);
        }
        hold(&message)?;
    }

    #[test]
    fn pictures_of_any_message_are_put_together_again(
        message in vec(any::<u8>(), 1..5_000),
        order in any::<prop::sample::Index>(),
    ) {
        let mut frames = split(&message).expect("fits");
        for frame in &frames {
            prop_assert!(frame.encode().len() <= MAX_BYTES);
            let again = Frame::decode(&frame.encode());
            prop_assert_eq!(again.as_ref(), Ok(frame));
        }
        let turn = order.index(frames.len());
        frames.rotate_left(turn);
        prop_assert_eq!(read_back(frames), Some(message));
    }
}

#[test]
fn a_packing_of_the_most_items_fits_an_envelope() {
    let (giver, stamp) = busy(1, Hat::Carrier);
    let event = Event {
        items: lines(custody::handover::MAX_PACKED),
        ..stamp.event(Kind::Aggregate, giver.device(), HandoverId([4; 16]))
    };
    assert!(seal(&event, &giver.signer).is_ok());
}
