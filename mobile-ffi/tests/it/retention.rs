//! What a phone keeps, until when, and what it does when the server forgets.

use custody::ids::EventId;
use mobile_ffi::core::store::retention::KEPT_AFTER_RECEIPT_MS;
use mobile_ffi::core::{EventState, Manner, Recipient};

use crate::server::Server;
use crate::world::{CARRIER, NOW, Phone, hand_over, label};

fn ids(phone: &Phone) -> Vec<EventId> {
    let events = phone.core.events().expect("reads");
    events.iter().map(|event| event.event_id).collect()
}

/// The server's clock, and with it what a sync lets go of.
fn sync_at(server: &Server, phone: &Phone, clock_ms: i64) {
    server.state().clock_ms = clock_ms;
    phone.core.sync(server).expect("syncs");
}

fn states(phone: &Phone) -> Vec<EventState> {
    let events = phone.core.events().expect("reads");
    events.iter().map(|event| event.state).collect()
}

#[test]
fn an_event_goes_thirty_days_after_its_receipt_and_not_an_hour_earlier() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    let first = phone.take_in(&label(1)).event_id;
    sync_at(&server, &phone, NOW);
    server.publish();
    let second = phone.take_in(&label(2)).event_id;
    let report = phone.core.sync(&server).expect("syncs");
    assert_eq!((report.receipts, report.bad_receipts), (1, 0));
    assert_eq!(
        states(&phone),
        [EventState::Receipted, EventState::Durable],
        "the second is not in the log yet"
    );
    let report = phone.core.sync(&server).expect("syncs");
    assert_eq!(report.receipts, 0, "nobody asks for the same receipt twice");
    let last = phone.take_in(&label(3)).event_id;

    // The phone's own clock lets nothing go.
    phone.host.set_wall(NOW + 2 * KEPT_AFTER_RECEIPT_MS);
    sync_at(&server, &phone, NOW + KEPT_AFTER_RECEIPT_MS - 3_600_000);
    assert_eq!(ids(&phone), [first, second, last]);

    sync_at(&server, &phone, NOW + KEPT_AFTER_RECEIPT_MS);
    assert_eq!(ids(&phone), [second, last], "without a receipt it stays");
    server.publish();
    sync_at(&server, &phone, NOW + KEPT_AFTER_RECEIPT_MS);
    sync_at(&server, &phone, NOW + 2 * KEPT_AFTER_RECEIPT_MS);
    assert_eq!(ids(&phone), [last], "and so does the head of the chain");
    assert_eq!(phone.take_in(&label(4)).seq, 4);
    phone
        .core
        .deliver(&label(1), Recipient::Addressee, 1, &Manner::of(CARRIER))
        .expect("the item is known without its event");
}

#[test]
fn a_receipt_that_proves_nothing_is_told_and_lets_nothing_go() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    phone.take_in(&label(1));
    sync_at(&server, &phone, NOW);
    server.publish();
    server.state().bends_receipts = true;
    let report = phone.core.sync(&server).expect("syncs");
    assert_eq!((report.receipts, report.bad_receipts), (0, 1));
    assert_eq!(states(&phone), [EventState::Durable]);
    server.state().bends_receipts = false;
    assert_eq!(
        phone.core.sync(&server).expect("syncs").receipts,
        1,
        "it is asked for again"
    );
}

#[test]
fn a_handover_goes_as_a_whole_or_not_at_all() {
    let server = Server::new(NOW);
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    giver.take_in(&label(1));
    hand_over(&giver, CARRIER, &receiver, CARRIER, &[&label(1)]);
    giver.take_in(&label(2));
    sync_at(&server, &giver, NOW);
    let all = ids(&giver);
    let (offer, accept, release, head) = (all[1], all[2], all[3], all[4]);

    // The log has the take-in and the offer.
    server.state().published = 2;
    sync_at(&server, &giver, NOW);
    sync_at(&server, &giver, NOW + KEPT_AFTER_RECEIPT_MS);
    assert_eq!(
        ids(&giver),
        [offer, accept, release, head],
        "a repeated scan still finds its answer"
    );
    // What the receiver signed came before the release, so it is in the log with it.
    server.state().published = 4;
    sync_at(&server, &giver, NOW + KEPT_AFTER_RECEIPT_MS);
    sync_at(&server, &giver, NOW + 2 * KEPT_AFTER_RECEIPT_MS);
    assert_eq!(ids(&giver), [head]);
}

#[test]
fn a_server_restored_from_a_backup_gets_everything_back_from_the_phones() {
    let server = Server::new(NOW);
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    for n in 0..4 {
        giver.take_in(&label(n));
    }
    for phone in [&giver, &receiver] {
        sync_at(&server, phone, NOW);
    }
    let backup = server.state().stored.clone();
    hand_over(&giver, CARRIER, &receiver, CARRIER, &[&label(0), &label(1)]);
    giver.take_in(&label(9));
    for phone in [&giver, &receiver] {
        sync_at(&server, phone, NOW);
    }
    let before = server.state().stored.clone();
    server.publish();
    sync_at(&server, &giver, NOW);
    assert!(states(&giver).contains(&EventState::Receipted));
    server.state().published = 0;

    // Half an hour is gone, and of what the backup had, one row as well: the server does not know what it forgot.
    {
        let mut state = server.state();
        state.stored = backup[1..].to_vec();
        state.epoch += 1;
    }
    for phone in [&giver, &receiver] {
        sync_at(&server, phone, NOW);
        assert!(
            phone
                .core
                .events()
                .expect("reads")
                .iter()
                .all(|event| event.state == EventState::Durable)
        );
    }
    let sorted = |mut events: Vec<(EventId, Vec<u8>)>| {
        events.sort();
        events
    };
    assert_eq!(sorted(server.state().stored.clone()), sorted(before));
}

#[test]
fn a_phone_that_is_lost_after_a_restore_is_covered_by_its_peer() {
    let server = Server::new(NOW);
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    giver.take_in(&label(1));
    hand_over(&giver, CARRIER, &receiver, CARRIER, &[&label(1)]);
    for phone in [&giver, &receiver] {
        sync_at(&server, phone, NOW);
    }
    let offer = ids(&giver)[1];
    {
        let mut state = server.state();
        state.stored.clear();
        state.epoch += 1;
    }
    drop(giver);
    sync_at(&server, &receiver, NOW);
    assert!(server.has(offer));
}
