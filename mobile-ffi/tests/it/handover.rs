//! Two phones, three scans, no network.

use custody::envelope::Envelope;
use custody::event::exception_code;
use custody::fold::{Known, Parties, fold_item};
use custody::handover::{introduce, offer_in};
use custody::ids::{DeviceId, ItemId};
use domain::hat::Hat;
use domain::holder::Holder;
use domain::item::{ItemKind, ItemState};
use mobile_ffi::core::{Core, CourierError, Exception, HandoverFault, LocalItem, Manner, Refusal, Seen};

use crate::before_signing::credential_of;
use crate::server::{Server, issuer};
use crate::world::{CARRIER, HOUR, NOW, Phone, agency, courier, hand_over, label};

fn item(phone: &Core, label: &str) -> LocalItem {
    phone.item(label).expect("reads").expect("known")
}

struct Everyone(Vec<(DeviceId, Hat, Holder)>);

impl Parties for Everyone {
    fn holder(&self, device: &DeviceId, hat: Hat) -> Option<Holder> {
        self.0
            .iter()
            .find(|(known, worn, _)| known == device && *worn == hat)
            .map(|(_, _, holder)| *holder)
    }
}

#[test]
fn both_phones_and_the_fold_agree_who_has_it() {
    let (server, code) = (Server::new(NOW), label(1));
    let (giver, desk) = (Phone::courier(&server, 1), Phone::desk(&server, 2));
    giver.take_in(&code);
    let done = hand_over(&giver, CARRIER, &desk, Hat::DeskAgent, &[&code]);

    for phone in [&giver, &desk] {
        let known = item(&phone.core, &code);
        assert_eq!(
            (known.holder, known.head, known.provisional),
            (Some(agency(2)), Some(done.accept_id), false)
        );
        assert_eq!(known.seal, "S-0001");
    }
    // Either phone alone can prove it: the desk lacks only the take-in, the giver lacks nothing.
    let events = giver.core.events().expect("reads");
    let parsed: Vec<_> = events
        .iter()
        .map(|one| Envelope::parse(&one.envelope).expect("readable"))
        .collect();
    let known: Vec<_> = parsed
        .iter()
        .map(|one| Known {
            id: one.id(),
            event: one.event(),
            received_ms: NOW,
        })
        .collect();
    let people = Everyone(vec![
        (giver.core.device_id(), CARRIER, courier(1)),
        (desk.core.device_id(), Hat::DeskAgent, agency(2)),
    ]);
    let fold = fold_item(ItemId::of(&code), ItemKind::DossierToAgency, &known, &people);
    assert_eq!(
        (fold.holder, fold.state, fold.provisional),
        (Some(agency(2)), ItemState::Delivered, false)
    );
    assert!(fold.disputed.is_none() && fold.parked.is_empty());
    assert_eq!(desk.core.events().expect("reads").len(), 3);
}

#[test]
fn every_step_may_be_repeated_and_gets_the_same_answer_after_a_restart() {
    let (server, code) = (Server::new(NOW), label(2));
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    giver.take_in(&code);
    let hello = receiver.core.hello(CARRIER).expect("hello");
    let receiver = receiver.reopened();
    let offer = giver.core.offer(&hello, &[&code], &Manner::of(CARRIER)).expect("offer");
    let giver = giver.reopened();
    assert_eq!(
        giver.core.offer(&hello, &[&code], &Manner::of(CARRIER)).expect("again"),
        offer
    );
    assert_eq!(giver.core.open_handovers().expect("reads")[0].picture, offer.picture);
    let accept = receiver
        .core
        .accept(&offer.picture, &[Seen::intact(&code)], &[])
        .expect("accept");
    let receiver = receiver.reopened();
    assert_eq!(
        receiver
            .core
            .accept(&offer.picture, &[Seen::intact(&code)], &[])
            .expect("again"),
        accept
    );
    assert!(item(&receiver.core, &code).provisional);
    let release = giver.core.release(&accept.envelope).expect("release");
    let giver = giver.reopened();
    assert_eq!(giver.core.release(&accept.envelope).expect("again"), release);
    let done = receiver.core.finish(&release.envelope).expect("finish");
    assert_eq!(receiver.core.finish(&release.envelope).expect("again"), done);
    assert_eq!(giver.core.events().expect("reads").len(), 4);
    assert_eq!(receiver.core.events().expect("reads").len(), 3);
    assert!(receiver.core.open_handovers().expect("reads").is_empty());
}

#[test]
fn an_offer_photographed_by_somebody_else_is_worthless() {
    let (server, code) = (Server::new(NOW), label(3));
    let (giver, receiver, other) = (
        Phone::courier(&server, 1),
        Phone::courier(&server, 2),
        Phone::courier(&server, 3),
    );
    giver.take_in(&code);
    other.core.hello(CARRIER).expect("hello");
    let hello = receiver.core.hello(CARRIER).expect("hello");
    let offer = giver.core.offer(&hello, &[&code], &Manner::of(CARRIER)).expect("offer");
    let stolen = other.core.accept(&offer.picture, &[Seen::intact(&code)], &[]);
    assert!(matches!(stolen, Err(CourierError::Handover(HandoverFault::NotForUs))));
}

#[test]
fn a_list_that_differs_is_not_signed_and_the_difference_is_told() {
    let server = Server::new(NOW);
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    let (first, second, third) = (label(4), label(5), label(6));
    giver.take_in(&first);
    giver.take_in(&second);
    let hello = receiver.core.hello(CARRIER).expect("hello");
    let offer = giver
        .core
        .offer(&hello, &[&first, &second], &Manner::of(CARRIER))
        .expect("offer");
    let wrong_seal = Seen {
        item_code: first.clone(),
        seal: Some("S-9999".into()),
        intact: true,
    };
    let error = receiver
        .core
        .accept(&offer.picture, &[wrong_seal, Seen::intact(&third)], &[])
        .expect_err("differs");
    let CourierError::Handover(HandoverFault::Differs {
        missing,
        unexpected,
        seals,
    }) = error
    else {
        panic!("{error}")
    };
    assert_eq!(missing, [ItemId::of(&second).to_string()]);
    assert_eq!((unexpected[0].to_string(), seals[0].to_string()), (third, first));
    assert!(receiver.core.events().expect("reads").is_empty());
}

#[test]
fn what_is_excepted_stays_with_the_giver() {
    let server = Server::new(NOW);
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    let (taken, left) = (label(7), label(8));
    giver.take_in(&taken);
    giver.take_in(&left);
    let hello = receiver.core.hello(CARRIER).expect("hello");
    let offer = giver
        .core
        .offer(&hello, &[&taken, &left], &Manner::of(CARRIER))
        .expect("offer");
    let damaged = Exception {
        item_code: left.clone(),
        code: exception_code::DAMAGED,
    };
    let accept = receiver
        .core
        .accept(&offer.picture, &[Seen::intact(&taken)], &[damaged])
        .expect("accept");
    let release = giver.core.release(&accept.envelope).expect("release");
    assert_eq!(
        receiver
            .core
            .finish(&release.envelope)
            .expect("finish")
            .item_codes
            .len(),
        1
    );
    assert_eq!(item(&giver.core, &left).holder, Some(courier(1)));
    assert_eq!(item(&giver.core, &taken).holder, Some(courier(2)));
    giver
        .core
        .hold(&left, &Manner::of(CARRIER))
        .expect("no longer on offer");
}

#[test]
fn an_offer_older_than_ten_minutes_or_from_before_a_restart_is_refused() {
    let (server, code) = (Server::new(NOW), label(9));
    let giver = Phone::courier(&server, 1);
    giver.take_in(&code);
    for (number, late) in [(2, true), (3, false)] {
        let receiver = Phone::courier(&server, number);
        let hello = receiver.core.hello(CARRIER).expect("hello");
        let offer = giver
            .core
            .offer(&hello, &[&code], &Manner::of(CARRIER).forced())
            .expect("offer");
        if late {
            receiver.host.advance(600_001);
        } else {
            receiver.host.reboot().expect("restarts");
        }
        let refused = receiver.core.accept(&offer.picture, &[Seen::intact(&code)], &[]);
        assert!(matches!(refused, Err(CourierError::Handover(HandoverFault::TooOld))));
    }
}

#[test]
fn an_item_on_offer_is_not_offered_twice_until_it_is_taken_back() {
    let (server, code) = (Server::new(NOW), label(10));
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    giver.take_in(&code);
    let hello = receiver.core.hello(CARRIER).expect("hello");
    let offer = giver.core.offer(&hello, &[&code], &Manner::of(CARRIER)).expect("offer");
    let second = receiver.core.hello(CARRIER).expect("hello");
    let twice = giver.core.offer(&second, &[&code], &Manner::of(CARRIER));
    let Err(CourierError::Refused(Refusal::OnOffer { handover_id, .. })) = twice else {
        panic!("{twice:?}")
    };
    giver.core.revoke_offer(handover_id).expect("recorded");
    let accept = receiver
        .core
        .accept(&offer.picture, &[Seen::intact(&code)], &[])
        .expect("does not know yet");
    let late = giver.core.release(&accept.envelope);
    assert!(matches!(late, Err(CourierError::Handover(HandoverFault::Revoked))));
    giver
        .core
        .offer(&second, &[&code], &Manner::of(CARRIER))
        .expect("free again");
}

#[test]
fn a_forged_or_foreign_message_is_refused() {
    let (server, code) = (Server::new(NOW), label(11));
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    giver.take_in(&code);
    let hello = receiver.core.hello(CARRIER).expect("hello");
    let offer = giver
        .core
        .offer(&hello, &[&code], &Manner::of(CARRIER))
        .expect("offer")
        .picture;
    let mut forged = offer_in(&offer).expect("a picture");
    let last = forged.len() - 1;
    forged[last] ^= 1;
    let forged = introduce(&forged, &credential_of(&giver).issue(&issuer()));
    let refused = receiver.core.accept(&forged, &[Seen::intact(&code)], &[]);
    assert!(matches!(
        refused,
        Err(CourierError::Handover(HandoverFault::BadSignature))
    ));
    assert!(matches!(
        giver.core.release(&offer),
        Err(CourierError::Unreadable { .. })
    ));
    assert!(matches!(
        giver.core.offer(b"not cbor", &[&code], &Manner::of(CARRIER)),
        Err(CourierError::Unreadable { .. })
    ));
    let own = giver.core.hello(CARRIER).expect("hello");
    let other = label(12);
    giver.take_in(&other);
    let to_oneself = giver.core.offer(&own, &[&other], &Manner::of(CARRIER));
    assert!(matches!(
        to_oneself,
        Err(CourierError::Handover(HandoverFault::NotForUs))
    ));
}

#[test]
fn a_receiver_whose_credential_ended_is_refused_by_the_giver() {
    let (server, code) = (Server::new(NOW), label(13));
    let receiver = Phone::courier(&server, 2);
    let hello = receiver.core.hello(CARRIER).expect("hello");
    let giver = Phone::courier(&server, 1);
    giver.take_in(&code);
    server.state().clock_ms = NOW + 80 * 3_600_000;
    server.state().renewed_until_ms = Some(NOW + 150 * 3_600_000);
    giver.core.sync(&server).expect("renews");
    let refused = giver.core.offer(&hello, &[&code], &Manner::of(CARRIER));
    assert!(matches!(
        refused,
        Err(CourierError::Handover(HandoverFault::PeerExpired))
    ));
}

#[test]
fn a_desk_hands_over_a_result_that_nobody_took_in() {
    let (server, code) = (Server::new(NOW), label(14));
    let (desk, carrier) = (Phone::desk(&server, 1), Phone::courier(&server, 2));
    hand_over(&desk, Hat::DeskAgent, &carrier, CARRIER, &[&code]);
    assert_eq!(item(&carrier.core, &code).holder, Some(courier(2)));
    assert_eq!(item(&desk.core, &code).holder, Some(courier(2)));
}

#[test]
fn single_item_messages_of_a_handover_stay_small() {
    let (server, code) = (Server::new(NOW), label(15));
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    for phone in [&giver, &receiver] {
        phone.core.sync(&server).expect("syncs");
        phone.host.advance(HOUR);
    }
    giver.take_in(&code);
    let hello = receiver.core.hello(CARRIER).expect("hello");
    let offer = giver
        .core
        .offer(&hello, &[&code], &Manner::of(CARRIER))
        .expect("offer")
        .picture;
    let accept = receiver
        .core
        .accept(&offer, &[Seen::intact(&code)], &[])
        .expect("accept")
        .envelope;
    let release = giver.core.release(&accept).expect("release").envelope;
    assert!(
        offer_in(&offer).expect("a picture").len() <= 400,
        "the signed offer alone"
    );
    let sizes = [hello.len(), offer.len(), accept.len(), release.len()];
    assert!(
        sizes[0] <= 300 && sizes[1] <= 600 && sizes[2] <= 400 && sizes[3] <= 300,
        "{sizes:?}: pictures, the first two with a credential"
    );
}
