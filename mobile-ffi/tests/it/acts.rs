//! What one person does with one phone.

use custody::envelope::Envelope;
use custody::event::{Detail, manifest_code, manifest_hash};
use custody::kind::Kind;
use domain::hat::Hat;
use domain::holder::Holder;
use domain::item::{AttemptReason, ItemState};
use mobile_ffi::core::{Act, Core, CourierError, Manner, Recipient, Recorded, Refusal};

use crate::server::Server;
use crate::world::{CARRIER, HOUR, NOW, Phone, courier, envelope, label, office};

fn event(recorded: &Recorded) -> custody::event::Event {
    Envelope::parse(&recorded.envelope).expect("readable").into_event()
}

fn state(phone: &Core, label: &str) -> ItemState {
    phone.item(label).expect("reads").expect("known").state
}

#[test]
fn a_courier_takes_in_fails_holds_and_delivers_without_a_network() {
    let (server, code) = (Server::new(NOW), label(1));
    let phone = Phone::courier(&server, 1);
    let before = server.state().requests.len();

    let taken = phone.take_in(&code);
    assert_eq!(state(&phone.core, &code), ItemState::Accepted);
    let failed = phone
        .core
        .attempt_failed(&code, AttemptReason::NotHome, &Manner::of(CARRIER))
        .expect("recorded");
    assert_eq!(state(&phone.core, &code), ItemState::AttemptFailed);
    let held = phone.core.hold(&code, &Manner::of(CARRIER)).expect("recorded");
    let given = phone
        .core
        .deliver(&code, Recipient::Household, 1, &Manner::of(CARRIER))
        .expect("recorded");
    assert_eq!(state(&phone.core, &code), ItemState::Delivered);
    assert_eq!(
        phone.core.item(&code).expect("reads").expect("known").holder,
        Some(Holder::Citizen)
    );

    assert_eq!(server.state().requests.len(), before);
    let heads: Vec<_> = [&taken, &failed, &held, &given]
        .map(|one| event(one).items[0].head)
        .to_vec();
    assert!(heads[0].is_zero());
    assert_eq!(heads[1..], [taken.event_id, failed.event_id, held.event_id]);
    assert_eq!(event(&failed).reason, Some(AttemptReason::NotHome.code()));
    assert_eq!(event(&given).assurance, Some(1));
}

#[test]
fn an_intake_is_signed_under_the_hat_of_its_place_and_counts_the_papers() {
    let (server, code) = (Server::new(NOW), label(2));
    let phone = Phone::courier(&server, 1);
    let taken = event(&phone.take_in(&code));
    assert_eq!(taken.details.get("papers"), Some(&Detail::Int(3)));
    assert_eq!(taken.details.get("item_code"), Some(&Detail::Text(code)));
    assert_eq!(taken.hat(), Some(Hat::Carrier));
    assert!(taken.missing_keys().is_empty());

    let counter = Phone::counter(&server, 2);
    let taken = counter
        .core
        .take_in(&envelope(&label(3)), &Manner::of(Hat::PostAgent))
        .expect("recorded");
    assert_eq!(event(&taken).hat(), Some(Hat::PostAgent));
    assert_eq!(
        counter.core.item(&label(3)).expect("reads").expect("known").holder,
        Some(office(2))
    );
}

#[test]
fn an_item_returned_or_refused_is_on_its_way_back() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    let (returned, refused) = (label(4), label(5));
    phone.take_in(&returned);
    phone.take_in(&refused);
    phone
        .core
        .return_item(&returned, &Manner::of(CARRIER))
        .expect("recorded");
    phone
        .core
        .refuse(&refused, AttemptReason::RefusedContent, &Manner::of(CARRIER))
        .expect("recorded");
    assert_eq!(
        (state(&phone.core, &returned), state(&phone.core, &refused)),
        (ItemState::Returning, ItemState::Refused)
    );
}

#[test]
fn a_label_with_a_wrong_digit_is_refused_with_the_reason() {
    let phone = Phone::courier(&Server::new(NOW), 1);
    let error = phone.core.scan("EE000000156VN").expect_err("one digit off");
    assert!(
        matches!(&error, CourierError::Unreadable { why, .. } if why.contains("check digit")),
        "{error}"
    );
}

#[test]
fn a_scan_says_what_is_known_and_what_may_be_done() {
    let (server, code) = (Server::new(NOW), label(6));
    let phone = Phone::courier(&server, 1);
    let unknown = phone.core.scan(&code.to_lowercase()).expect("a label");
    assert_eq!(
        (unknown.item_code.to_string(), unknown.item.is_none(), unknown.held),
        (code.clone(), true, false)
    );
    assert_eq!(unknown.may.iter().map(|one| one.act).collect::<Vec<_>>(), [Act::TakeIn]);

    phone.take_in(&code);
    let known = phone.core.scan(&code).expect("a label");
    assert!(known.held);
    assert!(known.may.iter().any(|one| one.act == Act::Deliver) && known.may.iter().all(|one| one.act != Act::TakeIn));
}

#[test]
fn an_unknown_item_is_refused_by_name_and_recorded_only_when_forced() {
    let (server, code) = (Server::new(NOW), label(7));
    let phone = Phone::courier(&server, 1);
    let plain = Manner::of(CARRIER);
    let error = phone
        .core
        .deliver(&code, Recipient::Addressee, 1, &plain)
        .expect_err("unknown");
    assert!(matches!(&error, CourierError::Refused(why @ Refusal::UnknownItem { .. }) if why.can_be_forced()));
    assert!(error.to_string().contains(&code));
    assert!(phone.core.events().expect("reads").is_empty());

    let forced = phone
        .core
        .deliver(&code, Recipient::Addressee, 1, &plain.forced())
        .expect("testimony");
    assert_eq!(event(&forced).details.get("forced"), Some(&Detail::Text("true".into())));
    assert_eq!(state(&phone.core, &code), ItemState::Delivered);
}

#[test]
fn an_item_taken_in_twice_is_refused() {
    let (server, code) = (Server::new(NOW), label(8));
    let phone = Phone::courier(&server, 1);
    phone.take_in(&code);
    let again = phone.core.take_in(&envelope(&code), &Manner::of(CARRIER));
    assert!(matches!(
        again,
        Err(CourierError::Refused(Refusal::WrongState {
            state: ItemState::Accepted,
            ..
        }))
    ));
}

#[test]
fn a_hat_that_is_not_in_the_credential_cannot_be_worn_even_by_force() {
    let phone = Phone::courier(&Server::new(NOW), 1);
    let borrowed = phone
        .core
        .take_in(&envelope(&label(9)), &Manner::of(Hat::PostAgent).forced());
    assert!(matches!(
        borrowed,
        Err(CourierError::Refused(Refusal::HatNotYours { hat: Hat::PostAgent }))
    ));
}

#[test]
fn a_device_that_is_not_enrolled_records_nothing() {
    let phone = Phone::blank(1);
    let refused = phone.core.take_in(&envelope(&label(10)), &Manner::of(CARRIER));
    assert!(matches!(refused, Err(CourierError::NotEnrolled { .. })));
    assert!(matches!(
        phone.core.sync(&Server::new(NOW)),
        Err(CourierError::NotEnrolled { .. })
    ));
}

#[test]
fn an_ended_credential_stops_handovers_and_never_one_party_acts() {
    let (server, code) = (Server::new(NOW), label(11));
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    giver.take_in(&code);
    let hello = receiver.core.hello(CARRIER).expect("hello");
    giver.host.advance(73 * HOUR);
    let stopped = giver.core.offer(&hello, &[&code], &Manner::of(CARRIER));
    assert!(matches!(stopped, Err(CourierError::CredentialExpired { .. })));
    assert!(matches!(
        giver.core.hello(CARRIER),
        Err(CourierError::CredentialExpired { .. })
    ));

    giver.take_in(&label(12));
    giver
        .core
        .paper_fallback(&[&code], "BB-17", &Manner::of(CARRIER))
        .expect("recorded");
    giver
        .core
        .deliver(&code, Recipient::Addressee, 1, &Manner::of(CARRIER))
        .expect("recorded");
}

#[test]
fn setting_the_wall_clock_back_does_not_bring_a_credential_back() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    phone.core.sync(&server).expect("syncs");
    phone.host.advance(73 * HOUR);
    phone.host.set_wall(NOW);
    assert!(matches!(
        phone.core.hello(CARRIER),
        Err(CourierError::CredentialExpired { .. })
    ));
}

#[test]
fn a_clock_a_year_off_changes_nothing_but_the_claim() {
    let (server, code) = (Server::new(NOW), label(13));
    let phone = Phone::courier(&server, 1);
    phone.core.sync(&server).expect("syncs");
    phone.host.advance(HOUR);
    phone.host.set_wall(NOW - 365 * 24 * 3_600_000);
    let taken = event(&phone.take_in(&code));
    assert_eq!(taken.at_ms(NOW + 10 * 3_600_000), NOW + 3_600_000);
    phone.host.set_wall(-5);
    phone
        .core
        .deliver(&code, Recipient::Addressee, 1, &Manner::of(CARRIER))
        .expect("recorded");
}

#[test]
fn a_failed_pickup_is_the_first_link_and_the_take_in_follows_it() {
    let (server, code) = (Server::new(NOW), label(14));
    server.state().changes.push(crate::sync::pickup(&code));
    let phone = Phone::courier(&server, 1);
    phone.core.sync(&server).expect("syncs");
    let failed = phone
        .core
        .attempt_failed(&code, AttemptReason::NotHome, &Manner::of(CARRIER))
        .expect("recorded");
    let taken = event(&phone.take_in(&code));
    assert_eq!(taken.items[0].head, failed.event_id);
    assert_eq!(
        phone.core.item(&code).expect("reads").expect("known").holder,
        Some(courier(1))
    );
}

#[test]
fn single_item_events_stay_small() {
    let (server, code) = (Server::new(NOW), label(15));
    server.state().changes.push(crate::sync::pickup(&code));
    let phone = Phone::courier(&server, 1);
    phone.core.sync(&server).expect("syncs");
    phone.host.advance(9 * HOUR);
    let taken = phone.take_in(&code).envelope.len();
    let failed = phone
        .core
        .attempt_failed(&code, AttemptReason::NotHome, &Manner::of(CARRIER))
        .expect("recorded");
    let given = phone
        .core
        .deliver(&code, Recipient::Addressee, 1, &Manner::of(CARRIER))
        .expect("recorded");
    let sizes = [taken, failed.envelope.len(), given.envelope.len()];
    assert!(sizes.iter().all(|size| *size <= 300), "{sizes:?}");
}

#[test]
fn a_paper_slip_shows_twelve_characters_by_which_the_typed_record_is_found() {
    let (server, codes) = (Server::new(NOW), [label(40), label(41)]);
    let phone = Phone::courier(&server, 1);
    for code in &codes {
        phone.take_in(code);
    }
    let listed: Vec<&str> = codes.iter().map(String::as_str).collect();
    let on_slip = phone.core.slip_code(&listed).expect("a code");
    assert_eq!(on_slip.len(), 12);
    let minutes = Manner {
        evidence: vec![[7; 32]],
        ..Manner::of(CARRIER)
    };
    let recorded = phone.core.paper_fallback(&listed, "BB-18", &minutes).expect("recorded");
    let found = event(&recorded);
    assert_eq!((found.kind, found.assurance), (Kind::PaperFallback, Some(1)));
    let hash = found.manifest_hash.expect("of the list");
    assert_eq!(
        (manifest_hash(&found.items), manifest_code(&hash)),
        (hash, on_slip.clone())
    );
    assert_eq!(found.details["slip"], Detail::Text("BB-18".into()));
    assert_eq!(found.details["manifest"], Detail::Text(on_slip.clone()));
    assert_eq!(found.evidence, [[7; 32]], "the photographed minutes");
    let other = phone.core.slip_code(&listed[..1]).expect("a code");
    assert_ne!(other, on_slip);
}

#[test]
fn somebody_without_a_phone_proves_receipt_by_a_code_and_an_authorised_person_is_a_detail_without_a_name() {
    let (server, codes) = (Server::new(NOW), [label(42), label(43)]);
    let phone = Phone::courier(&server, 1);
    for code in &codes {
        phone.take_in(code);
    }
    let proof = Manner {
        evidence: vec![[8; 32]],
        ..Manner::of(CARRIER)
    };
    let by_code = phone
        .core
        .deliver(&codes[0], Recipient::Addressee, 1, &proof)
        .expect("recorded");
    let found = event(&by_code);
    assert_eq!((found.assurance, found.evidence), (Some(1), vec![[8; 32]]));
    assert!(found.details.is_empty());

    for without in [proof.clone(), proof.clone().with("authorisation", " ")] {
        let refused = phone.core.deliver(&codes[1], Recipient::Representative, 1, &without);
        let Err(CourierError::Refused(why)) = refused else {
            panic!("{refused:?}")
        };
        assert!(matches!(why, Refusal::NoAuthorisation { .. }) && why.can_be_forced());
    }
    let authorised = proof.with("authorisation", "UQ-5");
    let to_agent = phone
        .core
        .deliver(&codes[1], Recipient::Representative, 1, &authorised)
        .expect("recorded");
    let details = event(&to_agent).details;
    let names: Vec<&str> = details.keys().map(String::as_str).collect();
    assert_eq!(names, ["authorisation", "recipient"]);
    assert_eq!(details["recipient"], Detail::Text("representative".into()));
}
