//! Offers that are not made, not believed or come too late.

use custody::envelope::{SealError, VerifyError, seal};
use custody::event::{Event, ItemRef, Mono};
use custody::handover::{AcceptError, Giver, MAX_ITEMS, OfferError, Receiver};
use custody::ids::Nonce;
use custody::kind::Kind;
use domain::hat::Hat;

use crate::handover::{HANDOVER, Meeting, code, line, seen};
use crate::world::{Person, read};

#[test]
fn an_offer_for_somebody_else_or_from_before_is_refused() {
    let meeting = Meeting::new();
    let (_, offer) = meeting.offer(vec![line(1)]);
    let onlooker = Person::new(3, Hat::Carrier);
    let other = Receiver::new(onlooker.key(), Hat::Carrier, Nonce([9; 16]), onlooker.mono());
    let photographed = other.read(&offer.bytes, &meeting.giver.key(), onlooker.mono());
    assert!(matches!(photographed, Err(AcceptError::NotForMe)));

    let next_day = Receiver::new(meeting.to.key(), Hat::AgencyReceiver, Nonce([8; 16]), meeting.to.mono());
    let replayed = next_day.read(&offer.bytes, &meeting.giver.key(), meeting.to.mono());
    assert!(matches!(replayed, Err(AcceptError::OtherChallenge)));
}

#[test]
fn an_offer_is_taken_for_ten_minutes_of_the_receivers_own_clock() {
    let mut meeting = Meeting::new();
    let (_, offer) = meeting.offer(vec![line(1)]);
    let start = meeting.to.mono();
    let at = |ms| Mono {
        ms: start.ms + ms,
        ..start
    };
    let read = |now| meeting.receiver.read(&offer.bytes, &meeting.giver.key(), now);
    assert!(read(at(600_000)).is_ok());
    assert!(matches!(read(at(600_001)), Err(AcceptError::Expired)));
    assert!(
        matches!(
            read(Mono {
                boot_id: [0; 16],
                ..start
            }),
            Err(AcceptError::Expired)
        ),
        "after a restart"
    );
    assert!(matches!(
        read(Mono {
            ms: start.ms - 1,
            ..start
        }),
        Err(AcceptError::Expired)
    ));

    let offered = read(start).expect("reads");
    let mut stamp = meeting.to.stamp();
    stamp.mono.ms += 600_001;
    let late = meeting
        .receiver
        .accept(&offered, &[seen(1)], &[], &stamp, &meeting.to.signer);
    assert!(matches!(late, Err(AcceptError::Expired)));
}

#[test]
fn an_offer_not_signed_by_the_giver_or_changed_is_refused() {
    let meeting = Meeting::new();
    let (_, offer) = meeting.offer(vec![line(1)]);
    let stranger = Person::new(3, Hat::Carrier).key();
    let refused = meeting.receiver.read(&offer.bytes, &stranger, meeting.to.mono());
    assert!(matches!(refused, Err(AcceptError::NotTheGiver(VerifyError::WrongKey))));

    let mut forged = offer.bytes;
    let last = forged.len() - 1;
    forged[last] ^= 1;
    assert!(matches!(
        meeting.read(&forged),
        Err(AcceptError::NotTheGiver(VerifyError::BadSignature))
    ));
}

#[test]
fn another_kind_or_a_list_that_is_not_the_hashed_one_is_no_offer() {
    let meeting = Meeting::new();
    let (_, offer) = meeting.offer(vec![line(1)]);
    let honest = read(&offer.bytes).into_event();
    for event in [
        Event {
            kind: Kind::Note,
            ..honest.clone()
        },
        Event {
            items: vec![line(2)],
            ..honest.clone()
        },
        Event {
            items: vec![],
            ..honest.clone()
        },
        Event {
            handover_id: None,
            ..honest.clone()
        },
    ] {
        let sealed = seal(&event, &meeting.giver.signer).expect("signs");
        assert!(matches!(meeting.read(&sealed.bytes), Err(AcceptError::NotAnOffer)));
    }
}

#[test]
fn the_hat_of_the_acceptance_is_the_one_shown() {
    let mut meeting = Meeting::new();
    let (_, offer) = meeting.offer(vec![line(1)]);
    let offered = meeting.read(&offer.bytes).expect("reads");
    meeting.to.hat = Hat::Carrier;
    assert!(matches!(
        meeting.accept(&offered, &[seen(1)], &[]),
        Err(AcceptError::OtherHat)
    ));
}

#[test]
fn an_offer_has_one_to_twenty_items_each_once_and_another_receiver() {
    let meeting = Meeting::new();
    let (hello, stamp) = (meeting.receiver.hello(), meeting.giver.stamp());
    let offer = |items| Giver::offer(&hello, items, HANDOVER, &stamp, &meeting.giver.signer).map(|_| ());
    let lines = |count: u8| (1..=count).map(line).collect::<Vec<_>>();
    assert!(matches!(offer(vec![]), Err(OfferError::NoItems)));
    assert!(offer(lines(20)).is_ok());
    assert!(matches!(offer(lines(21)), Err(OfferError::TooManyItems(21))));
    assert_eq!(MAX_ITEMS, 20);
    let twice = vec![
        line(1),
        ItemRef {
            seal: "S-other".into(),
            ..line(1)
        },
    ];
    assert!(matches!(offer(twice), Err(OfferError::Twice(item)) if item == code(1)));

    let to_oneself = Giver::offer(&hello, lines(1), HANDOVER, &stamp, &meeting.to.signer);
    assert!(matches!(to_oneself, Err(OfferError::ToOneself)));
}

#[test]
fn the_acceptors_key_must_be_the_one_that_said_hello() {
    let mut meeting = Meeting::new();
    let (_, offer) = meeting.offer(vec![line(1)]);
    let offered = meeting.read(&offer.bytes).expect("reads");
    let stamp = meeting.to.stamp();
    let refused = meeting
        .receiver
        .accept(&offered, &[seen(1)], &[], &stamp, &meeting.giver.signer);
    assert!(matches!(refused, Err(AcceptError::Seal(SealError::WrongDevice { .. }))));
}
