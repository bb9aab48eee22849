//! Phone and server, through every kind of bad network.

use custody::ids::EventId;
use domain::item::ItemState;
use mobile_ffi::core::{Banner, CourierError, EventState, Manner, Recipient};
use serde_json::{Value, json};

use crate::server::{Server, Trouble};
use crate::world::{CARRIER, HOUR, NOW, Phone, courier, hand_over, label};

/// A pickup as the feed announces it.
pub(crate) fn pickup(code: &str) -> Value {
    json!({"type": "assignment", "assignment_id": format!("a-{code}"), "leg": "pickup", "item_code": code,
        "item_kind": "RESULT_TO_APPLICANT", "dossier_ref": "D", "name": "Bình", "phone": "+84900000000",
        "address": "Khóm 1", "commune_code": "30502", "lat": 10.6, "lon": 105.0, "note": "", "cod_amount": 0,
        "paper_count": 3})
}

fn states(phone: &Phone) -> Vec<EventState> {
    phone
        .core
        .events()
        .expect("reads")
        .iter()
        .map(|event| event.state)
        .collect()
}

#[test]
fn a_day_offline_arrives_once_and_a_second_sync_sends_nothing() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    let ids: Vec<EventId> = (0..450).map(|n| phone.take_in(&label(n)).event_id).collect();
    let report = phone.core.sync(&server).expect("syncs");
    assert_eq!((report.sent, report.durable), (450, 450));
    assert_eq!(phone.core.sync(&server).expect("syncs").sent, 0);
    assert_eq!(server.state().stored.iter().map(|(id, _)| *id).collect::<Vec<_>>(), ids);
    assert_eq!(server.state().largest.0, 200);
    assert!(states(&phone).iter().all(|state| *state == EventState::Durable));
}

#[test]
fn a_cut_answer_becomes_duplicate_and_then_durable() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    let id = phone.take_in(&label(1)).event_id;
    phone.core.sync(&server).expect("the nonce is known from here on");
    let second = phone
        .core
        .deliver(&label(1), Recipient::Addressee, 1, &Manner::of(CARRIER))
        .expect("recorded");
    server.trouble_at(1, Trouble::AnswerLost);
    assert!(matches!(
        phone.core.sync(&server),
        Err(CourierError::Unreachable { .. })
    ));
    assert!(server.has(second.event_id));
    assert_eq!(states(&phone), [EventState::Durable, EventState::Sent]);

    assert_eq!(phone.core.sync(&server).expect("syncs").durable, 1);
    assert_eq!(states(&phone), [EventState::Durable, EventState::Durable]);
    assert_eq!(server.state().deliveries[&second.event_id], 2);
    let state = server.state();
    assert_eq!((state.deliveries[&id], state.stored.len()), (1, 2));
}

#[test]
fn a_sync_cut_at_any_request_loses_nothing_and_the_next_one_finishes() {
    for trouble in [
        Trouble::RequestLost,
        Trouble::AnswerLost,
        Trouble::Busy,
        Trouble::Full,
        Trouble::TryAgain,
    ] {
        for at in 0..5 {
            let server = Server::new(NOW);
            let phone = Phone::courier(&server, 1);
            let ids: Vec<EventId> = (0..250).map(|n| phone.take_in(&label(n)).event_id).collect();
            server.state().changes = vec![pickup(&label(900)), pickup(&label(901)), pickup(&label(902))];
            server.trouble_at(at, trouble);
            let _cut = phone.core.sync(&server);
            server.state().trouble.clear();
            phone.core.sync(&server).expect("finishes");
            assert_eq!(server.state().stored.len(), 250, "{trouble:?} at {at}");
            assert!(ids.iter().all(|id| server.has(*id)));
            assert_eq!(phone.core.status().expect("reads").unsent, 0);
            assert_eq!(phone.core.work().expect("reads").len(), 3);
        }
    }
}

#[test]
fn a_retry_stays_unsent_and_holds_nobody_up() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    phone.core.sync(&server).expect("syncs");
    for n in 0..201 {
        phone.take_in(&label(n));
    }
    server.trouble_at(1, Trouble::TryAgain);
    let report = phone.core.sync(&server).expect("syncs");
    assert_eq!((report.retry, report.durable), (200, 1));
    assert_eq!(phone.core.status().expect("reads").unsent, 200);
    assert_eq!(phone.core.sync(&server).expect("syncs").durable, 200);
}

#[test]
fn a_stale_nonce_costs_one_more_request_and_no_more() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    phone.core.sync(&server).expect("syncs");
    server.spend_nonce();
    let before = server.state().requests.len();
    phone.core.sync(&server).expect("syncs");
    assert_eq!(server.state().requests.len() - before, 3);
}

#[test]
fn a_busy_server_says_how_long_to_stay_away() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    server.trouble_at(0, Trouble::Busy);
    let busy = phone.core.sync(&server);
    assert!(matches!(
        busy,
        Err(CourierError::Unreachable {
            retry_after_ms: Some(7_000),
            ..
        })
    ));
}

#[test]
fn a_server_without_room_keeps_the_phone_away_a_while_and_the_events_on_it() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    phone.core.sync(&server).expect("syncs");
    let id = phone.take_in(&label(1)).event_id;
    server.trouble_at(1, Trouble::Full);
    assert!(matches!(
        phone.core.sync(&server),
        Err(CourierError::Unreachable {
            retry_after_ms: Some(60_000),
            ..
        })
    ));
    assert_eq!(phone.core.status().expect("reads").unsent, 1);
    assert_eq!(phone.core.sync(&server).expect("syncs").durable, 1);
    assert!(server.has(id));
}

#[test]
fn a_server_that_forgot_the_device_asks_for_enrolment_and_keeps_the_events() {
    let phone = Phone::courier(&Server::new(NOW), 1);
    phone.take_in(&label(1));
    let other = Server::new(NOW);
    assert!(matches!(phone.core.sync(&other), Err(CourierError::NotEnrolled { .. })));
    assert_eq!(phone.core.status().expect("reads").unsent, 1);
}

#[test]
fn after_a_restore_the_phone_brings_back_its_own_events_and_its_peers() {
    let server = Server::new(NOW);
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    for n in 0..4 {
        giver.take_in(&label(n));
    }
    hand_over(&giver, CARRIER, &receiver, CARRIER, &[&label(0)]);
    giver.core.sync(&server).expect("syncs");
    let all: Vec<EventId> = server.state().stored.iter().map(|(id, _)| *id).collect();
    assert_eq!(all.len(), 7);

    // The server goes back to a backup that holds the first two events; the receiver's phone is never seen again.
    {
        let mut state = server.state();
        state.stored.truncate(2);
        state.epoch = 2;
    }
    server.trouble_at(1, Trouble::RequestLost);
    assert!(giver.core.sync(&server).is_err());
    giver.core.sync(&server).expect("syncs");
    assert!(all.iter().all(|id| server.has(*id)));
    assert_eq!(giver.core.sync(&server).expect("syncs").sent, 0);
}

#[test]
fn a_gap_the_server_names_is_filled_without_a_new_epoch() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    for n in 0..5 {
        phone.take_in(&label(n));
    }
    phone.core.sync(&server).expect("syncs");
    let lost = server.state().stored.remove(2).0;
    assert_eq!(phone.core.sync(&server).expect("syncs").sent, 1);
    assert!(server.has(lost));
}

#[test]
fn both_sides_of_a_handover_deposit_all_three_envelopes_once() {
    let server = Server::new(NOW);
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    giver.take_in(&label(1));
    hand_over(&giver, CARRIER, &receiver, CARRIER, &[&label(1)]);
    receiver.core.sync(&server).expect("syncs");
    assert_eq!(server.state().stored.len(), 3);
    giver.core.sync(&server).expect("syncs");
    assert_eq!(server.state().stored.len(), 4);
}

#[test]
fn the_work_pack_comes_with_the_feed_and_says_what_is_done() {
    let (server, code) = (Server::new(NOW), label(1));
    server.state().changes = vec![
        pickup(&code),
        json!({"type": "from_a_newer_server", "x": 1}),
        pickup(&label(2)),
    ];
    let phone = Phone::courier(&server, 1);
    let report = phone.core.sync(&server).expect("syncs");
    assert_eq!((report.changes, report.unreadable), (2, 1));
    assert!(phone.core.scan(&code).expect("a label").to_fetch);
    phone.take_in(&code);
    server
        .state()
        .changes
        .push(json!({"type": "withdrawn", "item_code": label(2), "reason": "cancelled"}));
    phone.core.sync(&server).expect("syncs");
    let work = phone.core.work().expect("reads");
    assert_eq!((work[0].done, work[0].assignment.name.as_str()), (true, "Bình"));
    assert_eq!(work[1].withdrawn_reason.as_deref(), Some("cancelled"));
}

#[test]
fn a_feed_that_starts_anew_is_read_from_its_beginning() {
    let server = Server::new(NOW);
    server.state().changes = vec![pickup(&label(1)), pickup(&label(2)), pickup(&label(3))];
    let phone = Phone::courier(&server, 1);
    phone.core.sync(&server).expect("syncs");
    server.trouble_at(1, Trouble::Resync);
    assert_eq!(phone.core.sync(&server).expect("syncs").changes, 3);
    assert_eq!(phone.core.work().expect("reads").len(), 3);
}

#[test]
fn the_server_is_believed_unless_the_phone_is_ahead_of_it() {
    let (server, code) = (Server::new(NOW), label(1));
    let phone = Phone::courier(&server, 1);
    let word = |head: Option<String>, holder: String, state: &str| json!({"type": "item", "item_code": code, "head": head, "holder": holder, "state": state});
    let earlier = EventId([9; 32]).to_string();
    server
        .state()
        .changes
        .push(word(Some(earlier.clone()), courier(1).to_string(), "C5"));
    phone.core.sync(&server).expect("syncs");
    phone
        .core
        .deliver(&code, Recipient::Addressee, 1, &Manner::of(CARRIER))
        .expect("held, the server says");

    server
        .state()
        .changes
        .push(word(Some(earlier), courier(1).to_string(), "C5"));
    phone.core.sync(&server).expect("syncs");
    let known = phone.core.item(&code).expect("reads").expect("known");
    assert_eq!(known.state, ItemState::Delivered);
    assert_eq!(known.server.map(|word| word.state), Some(ItemState::OutForDelivery));

    server
        .state()
        .changes
        .push(word(Some(EventId([8; 32]).to_string()), courier(7).to_string(), "C10"));
    phone.core.sync(&server).expect("syncs");
    let known = phone.core.item(&code).expect("reads").expect("known");
    assert_eq!((known.state, known.holder), (ItemState::Returning, Some(courier(7))));
}

#[test]
fn what_came_back_over_a_phone_that_has_not_synced_is_not_taken_away_by_an_older_word() {
    let (server, code) = (Server::new(NOW), label(1));
    let [here, there] = [1, 2].map(|number| Phone::courier(&server, number));
    let taken = here.take_in(&code);
    hand_over(&here, CARRIER, &there, CARRIER, &[&code]);
    // An act in between that only the other phone has.
    there.core.hold(&code, &Manner::of(CARRIER)).expect("recorded");
    let back = hand_over(&there, CARRIER, &here, CARRIER, &[&code]);
    let word = json!({"type": "item", "item_code": code, "head": taken.event_id.to_string(),
        "holder": courier(1).to_string(), "state": "C2"});
    server.state().changes.push(word);
    here.core.sync(&server).expect("syncs");
    let known = here.core.item(&code).expect("reads").expect("known");
    assert_eq!((known.head, known.holder), (Some(back.accept_id), Some(courier(1))));
}

#[test]
fn a_word_made_without_our_confirmed_act_takes_nothing_away_and_one_made_with_it_does() {
    let (server, code) = (Server::new(NOW), label(1));
    let [here, there] = [1, 2].map(|number| Phone::courier(&server, number));
    there.take_in(&code);
    let got = hand_over(&there, CARRIER, &here, CARRIER, &[&code]);
    here.core.sync(&server).expect("syncs");
    // The server keeps our acceptance and cannot place it: what led to it lies on a phone that has not synced. It speaks of a
    // step we have never seen.
    let word = |heard: &[&str]| {
        json!({"type": "item", "item_code": code, "head": EventId([9; 32]).to_string(),
            "holder": courier(7).to_string(), "state": "C5", "heard": heard})
    };
    let (ours, theirs) = (got.accept_id.to_string(), "09090909");
    let holder = || here.core.item(&code).expect("reads").expect("known").holder;
    server.state().changes.push(word(&[theirs]));
    here.core.sync(&server).expect("syncs");
    assert_eq!(holder(), Some(courier(1)), "the papers are in our hands");
    server.state().changes.push(word(&[theirs, &ours[..8]]));
    here.core.sync(&server).expect("syncs");
    assert_eq!(holder(), Some(courier(7)), "it was said knowing of us");
}

#[test]
fn the_banner_grows_louder_with_the_age_of_the_oldest_event() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    phone.take_in(&label(1));
    phone.host.set_wall(NOW + 365 * 24 * 3_600_000);
    assert_eq!(phone.core.status().expect("reads").banner, Banner::Green);
    phone.host.advance(4 * HOUR);
    assert_eq!(phone.core.status().expect("reads").banner, Banner::Amber);
    phone.host.advance(20 * HOUR);
    let status = phone.core.status().expect("reads");
    assert_eq!(
        (status.banner, status.unsent, status.oldest_age_ms),
        (Banner::Red, 1, 24 * HOUR)
    );
    phone.core.sync(&server).expect("syncs");
    assert_eq!(phone.core.status().expect("reads").banner, Banner::Green);
}
