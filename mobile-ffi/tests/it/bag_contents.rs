//! A bag and what lies in it: its seal, who may do what with the contents, and opening it.

use std::collections::BTreeSet;

use custody::event::exception_code;
use custody::ids::ItemId;
use domain::item::Incident;
use mobile_ffi::core::{CourierError, Exception, HandoverFault, Recorded, Refusal, Seen};

use crate::bags::{SEAL, as_carrier, bag, by_camera, deposited, fold, labels, refs, sealed};
use crate::server::Server;
use crate::world::{CARRIER, NOW, Phone, courier, label};

/// A bag with these items on the giver's phone.
fn packed(giver: &Phone, bag: &str, codes: &[String]) -> Recorded {
    for code in codes {
        giver.take_in(code);
    }
    giver.core.pack(bag, SEAL, &refs(codes), &as_carrier()).expect("packs")
}

#[test]
fn the_bags_seal_has_to_be_read_and_be_the_offered_one() {
    let (server, codes, bag) = (Server::new(NOW), labels(600, 2), bag(4));
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    packed(&giver, &bag, &codes);
    let hello = receiver.core.hello(CARRIER).expect("hello");
    let offer = giver.core.offer(&hello, &[&bag], &as_carrier()).expect("offer");
    let other = Seen {
        seal: Some("NP-2".into()),
        ..sealed(&bag)
    };
    for seen in [Seen::intact(&bag), other] {
        let refused = receiver.core.accept(&offer.picture, &[seen], &[]);
        let Err(CourierError::Handover(HandoverFault::Differs { seals, .. })) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(seals[0].to_string(), bag);
    }
    receiver
        .core
        .accept(&offer.picture, &[sealed(&bag)], &[])
        .expect("the offered seal");
}

#[test]
fn what_lies_in_a_bag_is_neither_offered_nor_delivered_nor_packed_again_on_its_own() {
    let (server, codes, bag_label) = (Server::new(NOW), labels(700, 2), bag(5));
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    packed(&giver, &bag_label, &codes);
    let hello = receiver.core.hello(CARRIER).expect("hello");
    let in_bag = |result: Result<Recorded, CourierError>| {
        assert!(
            matches!(result, Err(CourierError::Refused(Refusal::InBag { .. }))),
            "{result:?}"
        );
    };
    in_bag(giver.core.offer(&hello, &[&codes[0]], &as_carrier()));
    in_bag(giver.core.hold(&codes[0], &as_carrier()));
    in_bag(giver.core.pack(&bag(6), SEAL, &[&codes[0]], &as_carrier()));
    let held = giver.core.hold(&bag_label, &as_carrier());
    assert!(
        matches!(held, Err(CourierError::Refused(Refusal::WrongState { .. }))),
        "a bag is not kept for collection"
    );
    let other = label(710);
    giver.take_in(&other);
    let used = giver.core.pack(&bag_label, SEAL, &[&other], &as_carrier());
    assert!(matches!(used, Err(CourierError::Refused(Refusal::LabelUsed { .. }))));
    let nested = giver.core.pack(&bag(6), SEAL, &[&bag_label], &as_carrier());
    assert!(
        matches!(nested, Err(CourierError::Refused(Refusal::BadList))),
        "{nested:?}"
    );
    let unsealed = giver.core.pack(&bag(6), "", &[&other], &as_carrier());
    assert!(matches!(unsealed, Err(CourierError::Refused(Refusal::BadList))));
}

#[test]
fn an_opened_bag_is_compared_with_its_packing_and_what_is_missing_is_reported() {
    let (server, codes, bag) = (Server::new(NOW), labels(800, 3), bag(7));
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    packed(&giver, &bag, &codes);
    by_camera(&giver, &receiver, CARRIER, &[&bag], &[sealed(&bag)]);
    let found = [codes[0].as_str(), codes[1].as_str()];
    let differs = receiver.core.unpack(&bag, &found, false, &as_carrier());
    let Err(CourierError::Handover(HandoverFault::Differs { missing, .. })) = differs else {
        panic!("{differs:?}")
    };
    assert_eq!(missing, [ItemId::of(&codes[2]).to_string()]);
    let strange = receiver
        .core
        .unpack(&bag, &[&codes[0], &label(810)], true, &as_carrier());
    assert!(matches!(
        strange,
        Err(CourierError::Handover(HandoverFault::Differs { .. }))
    ));
    let opened = receiver.core.unpack(&bag, &found, true, &as_carrier()).expect("opens");
    let item = receiver.core.item(&codes[0]).expect("reads").expect("known");
    assert_eq!((item.holder, item.head), (Some(courier(2)), Some(opened.event_id)));
    assert_eq!(item.seal, "S-0001", "its own seal, from the packing");
    receiver.core.hold(&codes[0], &as_carrier()).expect("free of the bag");

    receiver.core.sync(&server).expect("syncs");
    let people = [
        (giver.core.device_id(), CARRIER, courier(1)),
        (receiver.core.device_id(), CARRIER, courier(2)),
    ];
    let lost = fold(&deposited(&server), &codes[2], &people);
    assert_eq!(
        lost.incidents.iter().map(|(_, what)| *what).collect::<Vec<_>>(),
        [Incident::Missing]
    );
    assert!(lost.packed.is_some() && lost.disputed.is_none());
    let taken = fold(&deposited(&server), &codes[0], &people);
    assert!(taken.packed.is_none() && taken.disputed.is_none() && taken.parked.is_empty());
}

#[test]
fn the_giver_of_a_bag_no_longer_holds_what_lies_in_it() {
    let (server, codes, bag) = (Server::new(NOW), labels(900, 2), bag(8));
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    packed(&giver, &bag, &codes);
    by_camera(&giver, &receiver, CARRIER, &[&bag], &[sealed(&bag)]);
    for code in codes.iter().chain([&bag]) {
        let item = giver.core.item(code).expect("reads").expect("known");
        assert_eq!(item.holder, Some(courier(2)), "{code}");
        assert!(giver.core.hold(code, &as_carrier()).is_err());
    }
    let opened = giver.core.unpack(&bag, &refs(&codes), false, &as_carrier());
    assert!(matches!(opened, Err(CourierError::Refused(Refusal::NotHeld { .. }))));
}

#[test]
fn a_bag_that_was_not_taken_stays_with_all_that_lies_in_it() {
    let (server, codes, bag) = (Server::new(NOW), labels(1000, 2), bag(9));
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    packed(&giver, &bag, &codes);
    let other = label(1010);
    giver.take_in(&other);
    let hello = receiver.core.hello(CARRIER).expect("hello");
    let offer = giver.core.offer(&hello, &[&bag, &other], &as_carrier()).expect("offer");
    let torn = Exception {
        item_code: bag.clone(),
        code: exception_code::SEAL,
    };
    let seen = Seen {
        item_code: other,
        seal: Some("S-0001".into()),
        intact: true,
    };
    let accept = receiver.core.accept(&offer.picture, &[seen], &[torn]).expect("accept");
    giver.core.release(&accept.envelope).expect("release");
    giver
        .core
        .unpack(&bag, &refs(&codes), false, &as_carrier())
        .expect("still the giver's");
    giver.core.sync(&server).expect("syncs");
    let people = [
        (giver.core.device_id(), CARRIER, courier(1)),
        (receiver.core.device_id(), CARRIER, courier(2)),
    ];
    for code in &codes {
        let custody = fold(&deposited(&server), code, &people);
        assert_eq!(custody.holder, Some(courier(1)));
        let what: BTreeSet<_> = custody.incidents.iter().map(|(_, what)| *what).collect();
        assert_eq!(
            what,
            BTreeSet::from([Incident::SealMismatch]),
            "both signed that the seal was torn"
        );
    }
}

#[test]
fn packing_and_opening_survive_a_restart_at_every_step() {
    let (server, codes, bag) = (Server::new(NOW), labels(1100, 2), bag(10));
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    packed(&giver, &bag, &codes);
    let giver = giver.reopened();
    let hello = receiver.core.hello(CARRIER).expect("hello");
    let receiver = receiver.reopened();
    let offer = giver.core.offer(&hello, &[&bag], &as_carrier()).expect("offer");
    let giver = giver.reopened();
    let accept = receiver
        .core
        .accept(&offer.picture, &[sealed(&bag)], &[])
        .expect("accept");
    let receiver = receiver.reopened();
    let release = giver.core.release(&accept.envelope).expect("release");
    let giver = giver.reopened();
    let done = receiver.core.finish(&release.envelope).expect("finish");
    let trail = giver.core.trail(done.handover_id).expect("trail");
    let receiver = receiver.reopened();
    let kept = receiver.core.keep_trail(done.handover_id, &trail).expect("keeps");
    assert_eq!(receiver.core.keep_trail(done.handover_id, &trail).expect("again"), kept);
    let receiver = receiver.reopened();
    receiver
        .core
        .unpack(&bag, &refs(&codes), false, &as_carrier())
        .expect("opens");
    assert_eq!(receiver.core.packed_in(&bag).expect("reads"), []);
}
