//! What phones tell each other and the office of the log they were shown.

use custody::envelope::Envelope;
use custody::event::Checkpoint;
use custody::ids::EventId;

use crate::server::Server;
use crate::world::{CARRIER, NOW, Phone, hand_over, label};

/// The head an event of this phone carries.
fn carried(phone: &Phone, id: EventId) -> Option<Checkpoint> {
    let events = phone.core.events().expect("reads");
    let event = events.iter().find(|event| event.event_id == id).expect("kept");
    let envelope = Envelope::parse(&event.envelope).expect("readable");
    envelope.event().seen_checkpoint
}

fn splits(phone: &Phone) -> u64 {
    phone.core.status().expect("reads").log_splits
}

/// Brings what was recorded, signs a head over it, and fetches the receipts.
fn see_a_head(server: &Server, phone: &Phone) {
    phone.core.sync(server).expect("syncs");
    server.publish();
    phone.core.sync(server).expect("syncs");
}

#[test]
fn each_head_that_was_checked_is_told_once_in_the_next_event() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    assert_eq!(
        carried(&phone, phone.take_in(&label(1)).event_id),
        None,
        "nothing was seen yet"
    );
    see_a_head(&server, &phone);
    let next = carried(&phone, phone.take_in(&label(2)).event_id).expect("the head");
    assert_eq!(next.size, 1);
    assert_eq!(
        carried(&phone, phone.take_in(&label(3)).event_id),
        None,
        "the chain carries it"
    );
    phone.core.sync(&server).expect("syncs");
    assert_eq!(
        carried(&phone, phone.take_in(&label(4)).event_id),
        None,
        "and nothing is new"
    );
    see_a_head(&server, &phone);
    let later = carried(&phone, phone.take_in(&label(5)).event_id).expect("the newer head");
    assert_eq!((later.size, later.log), (4, next.log));
    assert_ne!(later.root, next.root);
    assert_eq!(splits(&phone), 0, "a log that grows tells one story");
}

/// Two couriers who each brought an event. One head is over both; the second is shown another history's if the log is forked then.
fn two_who_saw_a_head(is_forked: bool) -> [Phone; 2] {
    let server = Server::new(NOW);
    let phones = [Phone::courier(&server, 1), Phone::courier(&server, 2)];
    for (phone, serial) in phones.iter().zip(1..) {
        phone.take_in(&label(serial));
        phone.core.sync(&server).expect("syncs");
    }
    server.publish();
    for (phone, is_shown_another) in phones.iter().zip([false, is_forked]) {
        server.state().forks_log = is_shown_another;
        let report = phone.core.sync(&server).expect("syncs");
        assert_eq!((report.receipts, report.bad_receipts), (1, 0), "alone it cannot know");
        assert_eq!(splits(phone), 0);
    }
    phones
}

#[test]
fn two_phones_that_were_shown_different_histories_find_out_when_they_meet() {
    let [first, second] = two_who_saw_a_head(true);
    hand_over(&first, CARRIER, &second, CARRIER, &[&label(1)]);
    assert_eq!(
        (splits(&first), splits(&second)),
        (1, 1),
        "each has the other's signed word"
    );
}

#[test]
fn two_phones_that_were_shown_one_history_have_nothing_to_tell() {
    let [first, second] = two_who_saw_a_head(false);
    hand_over(&first, CARRIER, &second, CARRIER, &[&label(1)]);
    assert_eq!((splits(&first), splits(&second)), (0, 0));
}
