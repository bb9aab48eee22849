//! Two people on one phone: each with a key, a chain and an outbox; and what a core refuses before it is too late.

use std::collections::BTreeSet;
use std::sync::Arc;

use custody::envelope::Envelope;
use custody::ids::DeviceId;
use domain::item::ItemState;
use mobile_ffi::core::shared::IDLE_LOCK_MS;
use mobile_ffi::core::{Core, CourierError, HandoverFault, Manner, Refusal, SharedPhone, Slot, SoftPlatform};
use tempfile::TempDir;

use crate::server::Server;
use crate::world::{CARRIER, HOUR, NOW, Phone, THREE_DAYS, courier, envelope, hand_over, label};

struct Shared {
    phone: SharedPhone,
    hosts: [Arc<SoftPlatform>; 2],
    _folder: TempDir,
}

const SLOTS: [&str; 2] = ["an", "binh"];

impl Shared {
    /// Both enrolled, each in their own slot.
    fn new(server: &Server) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let phone = SharedPhone::open(folder.path(), IDLE_LOCK_MS);
        let hosts = [7, 8].map(|seed| Arc::new(SoftPlatform::new(&[seed; 32], NOW).expect("a key")));
        let shared = Self {
            phone,
            hosts,
            _folder: folder,
        };
        for (n, code) in [(0, "c0"), (1, "c1")] {
            server.expect(code, &[("carrier", courier(n as u128).to_string())], NOW + THREE_DAYS);
            shared.switch(n).enrol(code, server).expect("enrols");
        }
        shared
    }

    fn switch(&self, n: usize) -> Arc<Core> {
        self.phone.switch(SLOTS[n], self.hosts[n].clone()).expect("lets in")
    }
}

fn take_in(core: &Core, n: u32) -> Result<u64, CourierError> {
    core.take_in(&envelope(&label(n)), &Manner::of(CARRIER))
        .map(|recorded| recorded.seq)
}

fn is_locked<T>(answer: &Result<T, CourierError>) -> bool {
    matches!(answer, Err(CourierError::Refused(Refusal::Locked)))
}

fn signers(server: &Server) -> BTreeSet<DeviceId> {
    let state = server.state();
    let device = |raw: &Vec<u8>| Envelope::parse(raw).expect("readable").event().device;
    state.stored.iter().map(|(_, raw)| device(raw)).collect()
}

#[test]
fn ones_outbox_is_never_shown_or_sent_as_anothers() {
    let server = Server::new(NOW);
    let shared = Shared::new(&server);
    let an = shared.switch(0);
    assert_eq!(
        (take_in(&an, 1).expect("recorded"), take_in(&an, 2).expect("recorded")),
        (1, 2)
    );

    let binh = shared.switch(1);
    assert_ne!(an.device_id(), binh.device_id());
    assert!(binh.events().expect("reads").is_empty() && binh.items().expect("reads").is_empty());
    assert_eq!(take_in(&binh, 3).expect("recorded"), 1, "a chain of their own");
    binh.sync(&server).expect("syncs");
    assert_eq!(signers(&server), BTreeSet::from([binh.device_id()]));

    // What An recorded is still there, still theirs, and goes out under their key while Binh works.
    let slot = |name: &str, unsent, current| Slot {
        name: name.to_owned(),
        unsent,
        current,
    };
    assert_eq!(
        shared.phone.slots().expect("reads"),
        [slot("an", 2, false), slot("binh", 0, true)]
    );
    an.sync(&server).expect("syncs in the background");
    assert_eq!(signers(&server), BTreeSet::from([an.device_id(), binh.device_id()]));
    assert_eq!(shared.phone.slots().expect("reads")[0].unsent, 0);
}

#[test]
fn who_was_switched_away_from_neither_acts_nor_looks() {
    let server = Server::new(NOW);
    let shared = Shared::new(&server);
    let an = shared.switch(0);
    take_in(&an, 1).expect("recorded");
    shared.switch(1);
    assert!(
        is_locked(&take_in(&an, 2))
            && is_locked(&an.events())
            && is_locked(&an.items())
            && is_locked(&an.item(&label(1)))
    );
    assert!(
        is_locked(&an.work())
            && is_locked(&an.scan(&label(1)))
            && is_locked(&an.open_handovers())
            && is_locked(&an.hello(CARRIER))
    );

    let an = shared.switch(0);
    assert_eq!(take_in(&an, 2).expect("recorded"), 2);
}

#[test]
fn the_screen_locks_after_five_idle_minutes_and_after_a_restart_and_loses_nothing() {
    let server = Server::new(NOW);
    let shared = Shared::new(&server);
    let an = shared.switch(0);
    for n in 0..3 {
        shared.hosts[0].advance(IDLE_LOCK_MS - 1);
        take_in(&an, n).expect("not idle for long enough");
    }
    shared.hosts[0].advance(IDLE_LOCK_MS);
    assert!(is_locked(&shared.phone.current()) && is_locked(&take_in(&an, 9)));
    shared.hosts[0].set_wall(NOW);
    assert!(is_locked(&take_in(&an, 9)), "no clock opens it again");
    assert_eq!(an.sync(&server).expect("syncs").durable, 3);

    let an = shared.switch(0);
    assert_eq!(shared.phone.current().expect("in").device_id(), an.device_id());
    shared.hosts[0].reboot().expect("reboots");
    assert!(is_locked(&take_in(&an, 9)));
}

#[test]
fn one_persons_keys_do_not_open_anothers_store() {
    let server = Server::new(NOW);
    let shared = Shared::new(&server);
    shared.switch(0);
    let wrong = shared.phone.switch(SLOTS[0], shared.hosts[1].clone());
    assert!(matches!(
        wrong,
        Err(CourierError::Store(mobile_ffi::core::store::StoreError::WrongKey))
    ));
    assert!(is_locked(&shared.phone.current()), "whoever was in is out");
    for name in ["", "../an", "a b", "an.db"] {
        let refused = shared.phone.switch(name, shared.hosts[0].clone());
        assert!(
            matches!(refused, Err(CourierError::Unreadable { what: "slot", .. })),
            "{name}"
        );
    }
}

#[test]
fn a_store_is_one_persons_for_good() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    phone.take_in(&label(1));
    server.expect("other", &[("carrier", courier(2).to_string())], NOW + THREE_DAYS);
    let taken = phone.core.enrol("other", &server);
    assert!(matches!(taken, Err(CourierError::Refused(Refusal::OthersStore))));
    let who = phone.core.credential().expect("reads").expect("enrolled");
    assert_eq!(who.hats[0].1, courier(1));
}

#[test]
fn a_full_disk_stops_a_handover_before_it_begins_and_never_one_that_has_begun() {
    let server = Server::new(NOW);
    let (giver, receiver) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    giver.take_in(&label(1));
    let hello = receiver.core.hello(CARRIER).expect("hello");
    giver.host.set_free_bytes(Some(49_999_999));
    let refused = giver.core.offer(&hello, &[&label(1)], &Manner::of(CARRIER));
    assert!(matches!(
        refused,
        Err(CourierError::Refused(Refusal::LowDisk { free_bytes: 49_999_999 }))
    ));
    assert!(matches!(
        giver.core.hello(CARRIER),
        Err(CourierError::Refused(Refusal::LowDisk { .. }))
    ));
    giver.take_in(&label(2));

    giver.host.set_free_bytes(Some(50_000_000));
    let offer = giver
        .core
        .offer(&hello, &[&label(1)], &Manner::of(CARRIER))
        .expect("offers");
    for host in [&giver.host, &receiver.host] {
        host.set_free_bytes(Some(0));
    }
    let seen = [mobile_ffi::core::Seen::intact(&label(1))];
    let accept = receiver.core.accept(&offer.picture, &seen, &[]).expect("accepts");
    let release = giver.core.release(&accept.envelope).expect("releases");
    receiver.core.finish(&release.envelope).expect("finishes");
}

#[test]
fn nobody_hands_papers_to_a_revoked_device_nor_takes_papers_from_one() {
    let server = Server::new(NOW);
    let (good, bad) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    for (phone, n) in [(&good, 1), (&bad, 2)] {
        phone.take_in(&label(n));
    }
    let (bads_hello, goods_hello) = (
        bad.core.hello(CARRIER).expect("hello"),
        good.core.hello(CARRIER).expect("hello"),
    );
    let bads_offer = bad
        .core
        .offer(&goods_hello, &[&label(2)], &Manner::of(CARRIER))
        .expect("offers");
    server.state().revoked = vec![bad.core.device_id()];
    good.core.sync(&server).expect("syncs");
    good.core.sync(&server).expect("syncs, and is told nothing twice");

    let given = good.core.offer(&bads_hello, &[&label(1)], &Manner::of(CARRIER));
    assert!(matches!(given, Err(CourierError::Handover(HandoverFault::PeerRevoked))));
    let seen = [mobile_ffi::core::Seen::intact(&label(2))];
    let taken = good.core.accept(&bads_offer.picture, &seen, &[]);
    assert!(matches!(taken, Err(CourierError::Handover(HandoverFault::PeerRevoked))));
    assert_eq!(
        good.core.item(&label(1)).expect("reads").expect("known").state,
        ItemState::Accepted
    );

    let third = Phone::courier(&server, 3);
    hand_over(&good, CARRIER, &third, CARRIER, &[&label(1)]);
}

#[test]
fn a_week_offline_stops_new_handovers_alone_and_loses_nothing() {
    let server = Server::new(NOW);
    let (phone, other) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    phone.core.sync(&server).expect("syncs");
    for day in 0..7 {
        phone.take_in(&label(day));
        phone.host.advance(24 * HOUR);
    }
    let hello = other.core.hello(CARRIER).expect("hello");
    let error = phone
        .core
        .offer(&hello, &[&label(1)], &Manner::of(CARRIER))
        .expect_err("expired");
    assert!(matches!(error, CourierError::CredentialExpired { until_ms } if until_ms == NOW + THREE_DAYS));
    assert_eq!(phone.core.sync(&server).expect("deposits").durable, 7);
    server.state().renewed_until_ms = Some(NOW + 10 * 24 * 3_600_000);
    phone.core.sync(&server).expect("renews");
    phone.core.hello(CARRIER).expect("works again");
}
