//! Events must fit a picture and a slow line.

use custody::envelope::seal;
use custody::event::{Event, ItemRef};
use custody::handover::{Giver, Receiver, Seen};
use custody::ids::{EventId, HandoverId, ItemId, Nonce};
use custody::kind::Kind;
use domain::hat::Hat;

use crate::world::{Person, checkpoint, read, signer};

/// A phone that was on for a month and has signed a hundred thousand events.
fn busy(number: u8, hat: Hat) -> (Person, custody::event::Stamp) {
    let person = Person::new(number, hat);
    let mut stamp = person.stamp();
    stamp.seq = 100_000;
    stamp.prev = EventId([3; 32]);
    stamp.mono.ms = 30 * 86_400_000;
    stamp.beacon.as_mut().expect("has one").mono_ms = 30 * 86_400_000 - 1;
    (person, stamp)
}

fn line(head: EventId, seal: &str) -> ItemRef {
    ItemRef {
        item: ItemId::of("EE000000155VN"),
        head,
        seal: seal.into(),
    }
}

#[test]
fn taking_in_one_item_fits_300_bytes() {
    let (person, stamp) = busy(1, Hat::PostAgent);
    let event = Event {
        items: vec![line(EventId::ZERO, "S-0001")],
        ..stamp.event(Kind::TakeIn, person.device(), HandoverId([4; 16]))
    };
    assert_eq!(event.missing_keys(), [0; 0]);
    assert!(event.beacon.is_some());
    let size = seal(&event, &person.signer).expect("signs").bytes.len();
    assert!(size <= 300, "{size} bytes");
}

#[test]
fn an_offer_and_its_acceptance_fit_400_bytes_each() {
    let (giver, giver_stamp) = busy(1, Hat::Carrier);
    let (to, to_stamp) = busy(2, Hat::AgencyReceiver);
    let mut receiver = Receiver::new(to.key(), Hat::AgencyReceiver, Nonce([9; 16]), to_stamp.mono);
    let items = vec![line(EventId([8; 32]), "S-000001")];
    let (mut open, offer) = Giver::offer(
        &receiver.hello(),
        items,
        HandoverId([4; 16]),
        &giver_stamp,
        &giver.signer,
    )
    .expect("offers");
    let offered = receiver.read(&offer.bytes, &giver.key(), to_stamp.mono).expect("reads");
    let seen = [Seen {
        item: ItemId::of("EE000000155VN"),
        seal: Some("S-000001".into()),
    }];
    let accept = receiver
        .accept(&offered, &seen, &[], &to_stamp, &to.signer)
        .expect("accepts");
    let released = open
        .release(&accept.bytes, &giver_stamp, &giver.signer)
        .expect("releases");
    for sealed in [&offer, &accept, &released.release] {
        let event = read(&sealed.bytes).into_event();
        assert_eq!(event.missing_keys(), [0; 0]);
        assert!(event.beacon.is_some());
        assert!(
            sealed.bytes.len() <= 400,
            "{:?} has {} bytes",
            event.kind,
            sealed.bytes.len()
        );
    }
}

#[test]
fn a_checkpoint_seen_adds_at_most_50_bytes() {
    let (person, stamp) = busy(1, Hat::Carrier);
    let without = stamp.event(Kind::Note, person.device(), HandoverId([4; 16]));
    let with = Event {
        seen_checkpoint: Some(checkpoint()),
        ..without.clone()
    };
    let size = |event: &Event| seal(event, &signer(1)).expect("signs").bytes.len();
    assert!(size(&with) - size(&without) <= 50);
}
