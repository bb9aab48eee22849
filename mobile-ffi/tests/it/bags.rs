//! Sealed bags, and what is left of a hand-over when only one phone ever reaches the server.

use custody::envelope::Envelope;
use custody::fold::{ItemCustody, Known, fold_item};
use custody::handover::frame::{Collector, Frame, split};
use custody::ids::{DeviceId, ItemId};
use custody::kind::Kind;
use domain::hat::Hat;
use domain::holder::Holder;
use domain::item::ItemKind;
use domain::item_code::ItemCode;
use mobile_ffi::core::{CourierError, HandoverFault, Manner, Refusal, Seen};

use crate::server::Server;
use crate::world::{CARRIER, NOW, Phone, agency, courier, hand_over, label};

pub(crate) const SEAL: &str = "NP-1";

pub(crate) fn bag(serial: u32) -> String {
    ItemCode::from_serial("MB", serial, "VN").expect("a serial").to_string()
}

pub(crate) fn labels(from: u32, count: u32) -> Vec<String> {
    (from..from + count).map(label).collect()
}

pub(crate) fn refs(codes: &[String]) -> Vec<&str> {
    codes.iter().map(String::as_str).collect()
}

pub(crate) fn sealed(label: &str) -> Seen {
    Seen {
        item_code: label.to_owned(),
        seal: Some(SEAL.into()),
        intact: true,
    }
}

pub(crate) fn as_carrier() -> Manner {
    Manner::of(CARRIER)
}

/// A message as the other phone's camera gets it: in pictures, the last one first.
fn shown(message: &[u8]) -> Vec<u8> {
    let mut collector = Collector::default();
    let pictures: Vec<Vec<u8>> = split(message).expect("fits").iter().map(Frame::encode).collect();
    let read = pictures.iter().rev().find_map(|picture| {
        let frame = Frame::decode(picture).expect("a picture of ours");
        collector.add(frame).expect("belongs together")
    });
    read.expect("every picture was shown")
}

/// Three scans and the way of the items, all by camera.
pub(crate) fn by_camera(giver: &Phone, receiver: &Phone, hat: Hat, codes: &[&str], seen: &[Seen]) {
    let hello = shown(&receiver.core.hello(hat).expect("hello"));
    let offer = giver.core.offer(&hello, codes, &as_carrier()).expect("offer");
    let accept = receiver.core.accept(&shown(&offer.picture), seen, &[]).expect("accept");
    let release = giver.core.release(&shown(&accept.envelope)).expect("release");
    let done = receiver.core.finish(&shown(&release.envelope)).expect("finish");
    let trail = shown(&giver.core.trail(done.handover_id).expect("trail"));
    receiver.core.keep_trail(done.handover_id, &trail).expect("keeps");
}

/// The envelopes the server has, each once.
pub(crate) fn deposited(server: &Server) -> Vec<Envelope> {
    let state = server.state();
    let stored = state.stored.iter();
    stored
        .map(|(_, bytes)| Envelope::parse(bytes).expect("readable"))
        .collect()
}

pub(crate) fn fold(events: &[Envelope], code: &str, people: &[(DeviceId, Hat, Holder)]) -> ItemCustody {
    fold_as(ItemKind::DossierToAgency, events, code, people)
}

fn fold_as(kind: ItemKind, events: &[Envelope], code: &str, people: &[(DeviceId, Hat, Holder)]) -> ItemCustody {
    let known: Vec<Known<'_>> = events
        .iter()
        .map(|one| Known {
            id: one.id(),
            event: one.event(),
            received_ms: NOW,
        })
        .collect();
    fold_item(ItemId::of(code), kind, &known, &|device: &DeviceId, hat: Hat| {
        let found = people.iter().find(|(known, worn, _)| known == device && *worn == hat);
        found.map(|(_, _, holder)| *holder)
    })
}

/// The server holds one hand-over with both signatures, and every item is with the receiver.
fn assert_one_handover(server: &Server, giver: &Phone, receiver: &Phone, hat: Hat, to: Holder, codes: &[String]) {
    let events = deposited(server);
    let of_kind = |kind: Kind| events.iter().filter(|one| one.event().kind == kind).collect::<Vec<_>>();
    let (offers, accepts, releases) = (of_kind(Kind::Offer), of_kind(Kind::Accept), of_kind(Kind::Release));
    assert_eq!(
        (offers.len(), accepts.len(), releases.len()),
        (1, 1, 1),
        "one hand-over"
    );
    assert!(offers[0].verify(&giver.core.public_key()).is_ok() && releases[0].verify(&giver.core.public_key()).is_ok());
    assert!(accepts[0].verify(&receiver.core.public_key()).is_ok());
    let people = [
        (giver.core.device_id(), CARRIER, courier(1)),
        (receiver.core.device_id(), hat, to),
    ];
    for code in codes {
        let custody = fold(&events, code, &people);
        assert_eq!((custody.holder, custody.provisional), (Some(to), false), "{code}");
        assert_eq!(custody.head, Some(accepts[0].id()));
        assert!(custody.disputed.is_none() && custody.parked.is_empty(), "{custody:?}");
    }
}

#[test]
fn a_handover_of_three_items_is_whole_on_the_server_whichever_phone_alone_syncs() {
    for giver_syncs in [true, false] {
        let (server, codes) = (Server::new(NOW), labels(100, 3));
        let (giver, desk) = (Phone::courier(&server, 1), Phone::desk(&server, 2));
        for code in &codes {
            giver.take_in(code);
        }
        let seen: Vec<Seen> = codes.iter().map(|code| Seen::intact(code)).collect();
        by_camera(&giver, &desk, Hat::DeskAgent, &refs(&codes), &seen);
        let only = if giver_syncs { &giver } else { &desk };
        only.core.sync(&server).expect("syncs");
        assert_one_handover(&server, &giver, &desk, Hat::DeskAgent, agency(2), &codes);
    }
}

#[test]
fn a_bag_of_sixty_items_is_whole_on_the_server_whichever_phone_alone_syncs() {
    for giver_syncs in [true, false] {
        let (server, codes, bag) = (Server::new(NOW), labels(200, 60), bag(1));
        let (giver, desk) = (Phone::courier(&server, 1), Phone::desk(&server, 2));
        for code in &codes {
            giver.take_in(code);
        }
        giver
            .core
            .pack(&bag, SEAL, &refs(&codes), &as_carrier())
            .expect("packs");
        by_camera(&giver, &desk, Hat::DeskAgent, &[&bag], &[sealed(&bag)]);
        assert_eq!(
            desk.core.packed_in(&bag).expect("reads").len(),
            60,
            "the packing came along"
        );
        let only = if giver_syncs { &giver } else { &desk };
        only.core.sync(&server).expect("syncs");
        assert_one_handover(&server, &giver, &desk, Hat::DeskAgent, agency(2), &codes);
    }
}

#[test]
fn a_desk_hands_over_sixty_results_that_nobody_took_in_as_one_bag() {
    for desk_syncs in [true, false] {
        let (server, codes, bag) = (Server::new(NOW), labels(700, 60), bag(7));
        let (desk, carrier) = (Phone::desk(&server, 1), Phone::courier(&server, 2));
        let as_desk = Manner::of(Hat::DeskAgent);
        desk.core.pack(&bag, SEAL, &refs(&codes), &as_desk).expect("packs");
        let hello = carrier.core.hello(CARRIER).expect("hello");
        let alone = desk.core.offer(&hello, &[&codes[0]], &as_desk);
        assert!(
            matches!(alone, Err(CourierError::Refused(Refusal::InBag { .. }))),
            "{alone:?}"
        );
        let offer = desk.core.offer(&hello, &[&bag], &as_desk).expect("offer");
        let accept = carrier
            .core
            .accept(&offer.picture, &[sealed(&bag)], &[])
            .expect("accept");
        let release = desk.core.release(&accept.envelope).expect("release");
        let done = carrier.core.finish(&release.envelope).expect("finish");
        let trail = desk.core.trail(done.handover_id).expect("trail");
        carrier.core.keep_trail(done.handover_id, &trail).expect("keeps");
        let only = if desk_syncs { &desk } else { &carrier };
        only.core.sync(&server).expect("syncs");
        let events = deposited(&server);
        let people = [
            (desk.core.device_id(), Hat::DeskAgent, agency(1)),
            (carrier.core.device_id(), CARRIER, courier(2)),
        ];
        for code in &codes {
            let custody = fold_as(ItemKind::ResultToApplicant, &events, code, &people);
            assert_eq!(
                (custody.holder, custody.provisional),
                (Some(courier(2)), false),
                "{code}"
            );
            assert!(custody.disputed.is_none() && custody.parked.is_empty(), "{custody:?}");
        }
        assert_eq!(carrier.core.packed_in(&bag).expect("reads").len(), 60);
    }
}

#[test]
fn the_second_hand_of_a_bag_passes_on_what_came_with_it() {
    let (server, codes, bag) = (Server::new(NOW), labels(300, 4), bag(2));
    let phones = [1, 2, 3].map(|number| Phone::courier(&server, number));
    for code in &codes {
        phones[0].take_in(code);
    }
    phones[0]
        .core
        .pack(&bag, SEAL, &refs(&codes), &as_carrier())
        .expect("packs");
    by_camera(&phones[0], &phones[1], CARRIER, &[&bag], &[sealed(&bag)]);
    by_camera(&phones[1], &phones[2], CARRIER, &[&bag], &[sealed(&bag)]);
    phones[2].core.sync(&server).expect("syncs");
    let people: Vec<_> = phones
        .iter()
        .zip(1..)
        .map(|(phone, n)| (phone.core.device_id(), CARRIER, courier(n)))
        .collect();
    for code in &codes {
        let custody = fold(&deposited(&server), code, &people);
        assert_eq!(
            (custody.holder, custody.applied.len()),
            (Some(courier(3)), 4),
            "{:?}",
            custody.parked
        );
    }
}

#[test]
fn what_was_deposited_already_does_not_travel_again_but_a_packing_always_does() {
    let (server, codes, bag) = (Server::new(NOW), labels(400, 3), bag(3));
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    for code in &codes {
        giver.take_in(code);
    }
    giver
        .core
        .pack(&bag, SEAL, &[&codes[0], &codes[1]], &as_carrier())
        .expect("packs");
    giver.core.sync(&server).expect("syncs");
    let trail_of = |given: &str| {
        let seen = [sealed(given)];
        let hello = receiver.core.hello(CARRIER).expect("hello");
        let offer = giver.core.offer(&hello, &[given], &as_carrier()).expect("offer");
        let exceptions = [];
        let seen = if given == bag {
            &seen[..]
        } else {
            &[Seen::intact(given)]
        };
        let accept = receiver.core.accept(&offer.picture, seen, &exceptions).expect("accept");
        giver.core.release(&accept.envelope).expect("release");
        let id = receiver.core.open_handovers().expect("reads")[0].handover_id;
        let trail = giver.core.trail(id).expect("trail");
        receiver.core.keep_trail(id, &trail).expect("keeps")
    };
    assert_eq!(trail_of(&bag), 1, "the packing");
    assert_eq!(receiver.core.packed_in(&bag).expect("reads").len(), 2);
}

#[test]
fn a_trail_that_leads_elsewhere_is_not_kept() {
    let (server, mine, other) = (Server::new(NOW), label(500), label(501));
    let (giver, receiver, third) = (
        Phone::courier(&server, 1),
        Phone::courier(&server, 2),
        Phone::courier(&server, 3),
    );
    giver.take_in(&mine);
    giver.take_in(&other);
    let done = hand_over(&giver, CARRIER, &receiver, CARRIER, &[&mine]);
    let elsewhere = hand_over(&giver, CARRIER, &third, CARRIER, &[&other]);
    let trail = giver.core.trail(elsewhere.handover_id).expect("trail");
    let before = receiver.core.events().expect("reads").len();
    assert_eq!(receiver.core.keep_trail(done.handover_id, &trail).expect("reads"), 0);
    assert_eq!(receiver.core.events().expect("reads").len(), before);
    let unknown = receiver.core.keep_trail(elsewhere.handover_id, &trail);
    assert!(matches!(unknown, Err(CourierError::Handover(HandoverFault::NotForUs))));
    let strange = receiver.core.keep_trail(done.handover_id, b"strange");
    assert!(matches!(strange, Err(CourierError::Unreadable { .. })));
}
