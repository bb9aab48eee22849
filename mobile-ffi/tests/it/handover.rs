//! Two phones, three scans, no network.

use custody::credential::Credential;
use custody::envelope::Envelope;
use custody::event::{Detail, exception_code};
use custody::fold::{Known, Parties, fold_item};
use custody::handover::{Hello, introduce, offer_in};
use custody::ids::{DeviceId, ItemId, Nonce};
use domain::hat::Hat;
use domain::holder::Holder;
use domain::item::{ItemKind, ItemState};
use ed25519_dalek::SigningKey;
use mobile_ffi::core::{Core, CourierError, Exception, HandoverFault, LocalItem, Manner, Refusal, Seen};

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

/// What the server vouches for of this phone.
fn credential_of(phone: &Phone) -> Credential {
    let own = phone.core.credential().expect("reads").expect("enrolled");
    Credential {
        key: phone.core.public_key(),
        name: own.name,
        office: own.office_name,
        hats: own.hats,
        until_ms: own.until_ms,
        in_browser: false,
    }
}

/// A key no server vouches for.
fn impostor() -> SigningKey {
    SigningKey::from_bytes(&[78; 32])
}

#[test]
fn each_side_sees_who_the_other_is_before_anything_is_signed() {
    let (server, code) = (Server::new(NOW), label(21));
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    giver.take_in(&code);
    let hello = receiver.core.hello(CARRIER).expect("hello");
    let seen = giver.core.who_is(&hello).expect("a colleague");
    assert_eq!((seen.name.as_str(), seen.office_name.as_str()), ("An", "Tịnh Biên"));
    assert_eq!((seen.hat, seen.party, seen.offered), (CARRIER, courier(2), None));
    let offer = giver.core.offer(&hello, &[&code], &Manner::of(CARRIER)).expect("offer");
    let seen = receiver.core.who_is(&offer.picture).expect("a colleague");
    assert_eq!((seen.party, seen.offered), (courier(1), Some(1)));
    assert!(matches!(
        giver.core.who_is(&code.into_bytes()),
        Err(CourierError::Unreadable { .. })
    ));
}

#[test]
fn whom_no_server_vouches_for_gets_no_offer_and_has_none_taken() {
    let (server, code) = (Server::new(NOW), label(22));
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    giver.take_in(&code);
    let unknown =
        |result: Result<_, CourierError>| matches!(result, Err(CourierError::Handover(HandoverFault::PeerUnknown)));
    let hello = |credential: &[u8]| {
        let hello = Hello {
            key: receiver.core.public_key(),
            acting_as: CARRIER,
            nonce: Nonce([5; 16]),
        };
        hello.encode(credential)
    };
    let forged = hello(&credential_of(&receiver).issue(&impostor()));
    assert!(unknown(
        giver.core.offer(&forged, &[&code], &Manner::of(CARRIER)).map(drop)
    ));
    assert!(unknown(giver.core.who_is(&forged).map(drop)));
    let clerk = Phone::desk(&server, 3);
    let other_hat = hello(&credential_of(&clerk).issue(&issuer()));
    assert!(unknown(
        giver.core.offer(&other_hat, &[&code], &Manner::of(CARRIER)).map(drop)
    ));

    let hello = receiver.core.hello(CARRIER).expect("hello");
    let offer = giver.core.offer(&hello, &[&code], &Manner::of(CARRIER)).expect("offer");
    let bare = offer_in(&offer.picture).expect("a picture");
    let seen = [Seen::intact(&code)];
    for credential in [
        credential_of(&giver).issue(&impostor()),
        credential_of(&receiver).issue(&issuer()),
    ] {
        assert!(unknown(
            receiver
                .core
                .accept(&introduce(&bare, &credential), &seen, &[])
                .map(drop)
        ));
    }
    assert!(receiver.core.events().expect("reads").is_empty(), "nothing was signed");
    receiver
        .core
        .accept(&offer.picture, &seen, &[])
        .expect("a colleague's offer");
}

#[test]
fn an_acceptance_is_shown_again_although_the_givers_credential_ended_since() {
    let (server, code) = (Server::new(NOW), label(23));
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    giver.take_in(&code);
    let hello = receiver.core.hello(CARRIER).expect("hello");
    let offer = giver.core.offer(&hello, &[&code], &Manner::of(CARRIER)).expect("offer");
    let accept = receiver
        .core
        .accept(&offer.picture, &[Seen::intact(&code)], &[])
        .expect("accept");
    receiver.host.advance(80 * HOUR);
    let again = receiver
        .core
        .accept(&offer.picture, &[Seen::intact(&code)], &[])
        .expect("again");
    assert_eq!(again, accept);
}

#[test]
fn a_seal_nobody_looked_at_stops_the_handover_and_one_looked_at_is_said_so() {
    let (server, code) = (Server::new(NOW), label(24));
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    giver.take_in(&code);
    let hello = receiver.core.hello(CARRIER).expect("hello");
    let offer = giver.core.offer(&hello, &[&code], &Manner::of(CARRIER)).expect("offer");
    let unseen = Seen {
        intact: false,
        ..Seen::intact(&code)
    };
    let refused = receiver.core.accept(&offer.picture, std::slice::from_ref(&unseen), &[]);
    let Err(CourierError::Handover(HandoverFault::Differs { seals, .. })) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(seals[0].to_string(), code);
    let accept = receiver
        .core
        .accept(&offer.picture, &[Seen::intact(&code)], &[])
        .expect("looked at");
    let event = Envelope::parse(&accept.envelope).expect("reads").into_event();
    assert_eq!(event.details.get("looked"), Some(&Detail::Int(1)));

    let (code, hello) = (label(25), receiver.core.hello(CARRIER).expect("hello"));
    giver.take_in(&code);
    let offer = giver.core.offer(&hello, &[&code], &Manner::of(CARRIER)).expect("offer");
    let read = Seen {
        seal: Some("S-0001".into()),
        ..unseen
    };
    let read = Seen {
        item_code: code,
        ..read
    };
    let accept = receiver
        .core
        .accept(&offer.picture, &[read], &[])
        .expect("its number was read");
    assert!(
        Envelope::parse(&accept.envelope)
            .expect("reads")
            .event()
            .details
            .is_empty()
    );
}
