//! What both look at before anything is signed: who the other is, and every seal.

use custody::credential::Credential;
use custody::envelope::Envelope;
use custody::event::Detail;
use custody::handover::{Hello, introduce, offer_in};
use custody::ids::Nonce;
use ed25519_dalek::SigningKey;
use mobile_ffi::core::{CourierError, HandoverFault, Manner, Seen};

use crate::server::{Server, issuer};
use crate::world::{CARRIER, HOUR, NOW, Phone, courier, label};

/// What the server vouches for of this phone.
pub(crate) fn credential_of(phone: &Phone) -> Credential {
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
