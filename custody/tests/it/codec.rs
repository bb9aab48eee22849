//! Every event reads back as it was written, and no bytes can crash the reader.

use custody::act::parse_act;
use custody::credential::Credential;
use custody::envelope::{Envelope, seal};
use custody::event::{About, Beacon, Checkpoint, Detail, Event, Excepted, ItemRef, LogId, Mono, Place, Tally};
use custody::handover::{Hello, Introduced};
use custody::ids::{DeviceId, EventId, HandoverId, ItemId, Nonce};
use custody::kind::Kind;
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;

use crate::world::signer;

fn event_id() -> impl Strategy<Value = EventId> {
    any::<[u8; 32]>().prop_map(EventId)
}

fn device_id() -> impl Strategy<Value = DeviceId> {
    any::<[u8; 16]>().prop_map(DeviceId)
}

fn about() -> impl Strategy<Value = About> {
    prop_oneof![device_id().prop_map(About::Device), event_id().prop_map(About::Event)]
}

fn tally() -> impl Strategy<Value = Tally> {
    let excepted = (any::<[u8; 16]>(), any::<u64>()).prop_map(|(item, code)| Excepted {
        item: ItemId(item),
        code,
    });
    prop_oneof![
        any::<u64>().prop_map(Tally::Count),
        vec(excepted, 0..3).prop_map(Tally::Exceptions)
    ]
}

fn detail() -> impl Strategy<Value = Detail> {
    prop_oneof![
        ".{0,30}".prop_map(Detail::Text),
        any::<i64>().prop_map(Detail::Int),
        vec(any::<u8>(), 0..40).prop_map(Detail::Bytes),
    ]
}

fn line() -> impl Strategy<Value = ItemRef> {
    (any::<[u8; 16]>(), event_id(), ".{0,12}").prop_map(|(item, head, seal)| ItemRef {
        item: ItemId(item),
        head,
        seal,
    })
}

fn place() -> impl Strategy<Value = Place> {
    prop_oneof![
        vec(any::<u8>(), 0..20).prop_map(Place::Id),
        ".{0,20}".prop_map(Place::Text)
    ]
}

prop_compose! {
    fn clocks()(
        wall_ms in of(any::<u64>()),
        ttl_s in of(any::<u64>()),
        mono in of((any::<[u8; 16]>(), any::<u64>())),
        beacon in of((any::<u64>(), any::<u64>(), any::<[u8; 8]>())),
        seen in of((any::<u64>(), any::<[u8; 32]>(), of(any::<[u8; 8]>()))),
        event in Just(Event::new(Kind::Note, DeviceId([0; 16]), 1, EventId::ZERO)),
    ) -> Event {
        Event {
            wall_ms,
            ttl_s,
            mono: mono.map(|(boot_id, ms)| Mono { boot_id, ms }),
            beacon: beacon.map(|(server_ms, mono_ms, tag)| Beacon { server_ms, mono_ms, tag }),
            seen_checkpoint: seen.map(|(size, root, log)| Checkpoint { size, root, log: log.map(LogId) }),
            ..event
        }
    }
}

prop_compose! {
    fn any_event()(
        (kind, seq) in (any::<u8>(), any::<u64>()),
        (device, prev) in (device_id(), event_id()),
        (about, nonce, handover) in (of(about()), of(any::<[u8; 16]>()), of(any::<[u8; 16]>())),
        (manifest_hash, tally) in (of(any::<[u8; 32]>()), of(tally())),
        (acting_as, reason, assurance) in (of(any::<u64>()), of(any::<u64>()), of(any::<u64>())),
        (evidence, place, items) in (vec(any::<[u8; 32]>(), 0..3), of(place()), vec(line(), 0..3)),
        details in btree_map(".{0,30}", detail(), 0..4),
        clocks in clocks(),
    ) -> Event {
        Event {
            kind: Kind::from_code(kind.into()),
            seq, device, prev, about, manifest_hash, tally, acting_as, reason, assurance, evidence, place, items, details,
            nonce: nonce.map(Nonce),
            handover_id: handover.map(HandoverId),
            ..clocks
        }
    }
}

proptest! {
    #[test]
    fn an_event_reads_back_as_it_was_written(event in any_event()) {
        prop_assert_eq!(Event::decode(&event.encode()), Ok(event));
    }

    #[test]
    fn an_envelope_reads_back_and_verifies(event in any_event()) {
        let key = signer(1);
        let public = custody::envelope::Signer::public_key(&key);
        let event = Event { device: public.device_id(), ..event };
        let sealed = seal(&event, &key).expect("signs");
        let envelope = Envelope::parse(&sealed.bytes).expect("reads");
        prop_assert_eq!(envelope.id(), sealed.id);
        prop_assert_eq!(envelope.verify(&public), Ok(()));
        prop_assert_eq!(envelope.into_event(), event);
    }

    #[test]
    fn at_any_time_an_event_has_a_time_not_after_its_receipt(event in any_event(), received_ms in any::<i64>()) {
        prop_assert!(event.at_ms(received_ms) <= received_ms);
    }

    #[test]
    fn no_bytes_crash_a_reader(bytes in vec(any::<u8>(), 0..400)) {
        let _ = Event::decode(&bytes);
        let _ = Envelope::parse(&bytes);
        let _ = parse_act(&bytes);
        let _ = Hello::decode(&bytes, &[], 0);
        let _ = Introduced::decode(&bytes, &[], 0);
        let _ = Credential::open(&bytes, &[]);
    }

    #[test]
    fn no_damaged_event_crashes_a_reader(event in any_event(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = event.encode();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(read) = Event::decode(&bytes) {
            prop_assert_eq!(Event::decode(&read.encode()), Ok(read));
        }
    }
}
