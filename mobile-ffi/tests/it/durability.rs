//! Nothing recorded is lost, nothing half-recorded stays.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use custody::chain::{Link, judge};
use mobile_ffi::core::{Core, CourierError, HostError, Manner, Mono, Platform, Recipient, SoftPlatform};

use crate::server::Server;
use crate::world::{CARRIER, NOW, Phone, envelope, label};

/// A host whose key fails, or whose process dies, at the n-th signature.
struct Failing {
    host: Arc<SoftPlatform>,
    left: AtomicU32,
    panics: bool,
}

impl Platform for Failing {
    fn now_ms(&self) -> Result<i64, HostError> {
        self.host.now_ms()
    }

    fn mono(&self) -> Result<Mono, HostError> {
        self.host.mono()
    }

    fn public_key(&self) -> Result<[u8; 33], HostError> {
        self.host.public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], HostError> {
        if self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            assert!(!self.panics, "the host threw");
            return Err(HostError::new("locked"));
        }
        self.host.sign(message)
    }

    fn store_key(&self) -> Result<[u8; 32], HostError> {
        self.host.store_key()
    }

    fn random(&self, len: usize) -> Result<Vec<u8>, HostError> {
        self.host.random(len)
    }
}

fn assert_sound(core: &Core) {
    let events = core.events().expect("reads");
    let links: Vec<Link> = events
        .iter()
        .filter(|event| event.own)
        .map(|event| Link {
            seq: event.seq,
            id: event.event_id,
            prev: event.prev,
        })
        .collect();
    let verdict = judge(&links);
    assert_eq!(verdict.contiguous, links.len() as u64);
    assert!(verdict.missing.is_empty() && verdict.fork_at.is_none() && verdict.broken_at.is_none());
}

#[test]
fn an_act_whose_signature_fails_leaves_no_trace_and_takes_no_number() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    phone.take_in(&label(1));
    for panics in [false, true] {
        let failing = Failing {
            host: phone.host.clone(),
            left: AtomicU32::new(1),
            panics,
        };
        let core = phone.core_with(Arc::new(failing));
        let act = || core.take_in(&envelope(&label(2)), &Manner::of(CARRIER));
        if panics {
            assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(act)).is_err());
        } else {
            assert!(matches!(act(), Err(CourierError::Host(_))));
        }
        assert_eq!(core.events().expect("reads").len(), 1);
        assert!(core.item(&label(2)).expect("reads").is_none());
    }
    assert_eq!(phone.take_in(&label(2)).seq, 2);
    assert_sound(&phone.core);
}

#[test]
fn every_act_is_there_again_after_reopening() {
    let server = Server::new(NOW);
    let mut phone = Phone::courier(&server, 1);
    let mut ids = Vec::new();
    for n in 0..10 {
        ids.push(phone.take_in(&label(n)).event_id);
        phone = phone.reopened();
        ids.push(
            phone
                .core
                .deliver(&label(n), Recipient::Addressee, 1, &Manner::of(CARRIER))
                .expect("held")
                .event_id,
        );
    }
    let stored: Vec<_> = phone
        .core
        .events()
        .expect("reads")
        .iter()
        .map(|event| event.event_id)
        .collect();
    assert_eq!(stored, ids);
    assert_sound(&phone.core);
}

#[test]
fn eight_threads_give_one_chain_without_gaps() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    let seqs: BTreeSet<u64> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..8_u32)
            .map(|worker| {
                let phone = &phone;
                scope.spawn(move || {
                    (0..25)
                        .map(|n| phone.take_in(&label(worker * 100 + n)).seq)
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("no panic"))
            .collect()
    });
    assert_eq!(seqs, (1..=200).collect());
    assert_sound(&phone.core);
}

#[test]
fn two_processes_on_one_store_give_one_chain() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    let other = phone.core_with(phone.host.clone());
    std::thread::scope(|scope| {
        scope.spawn(|| (0..50).for_each(|n| drop(phone.take_in(&label(n)))));
        scope.spawn(|| {
            for n in 50..100 {
                other
                    .take_in(&envelope(&label(n)), &Manner::of(CARRIER))
                    .expect("recorded");
            }
        });
    });
    assert_eq!(phone.core.events().expect("reads").len(), 100);
    assert_sound(&phone.core);
}

#[test]
fn a_phone_that_lost_its_key_keeps_its_events_and_sends_them_after_enrolling_again() {
    let server = Server::new(NOW);
    let old = Phone::courier(&server, 1);
    let id = old.take_in(&label(1)).event_id;
    let new_host = SoftPlatform::generate(NOW).expect("a key").with_store_key_of(&old.host);
    let core = old.core_with(Arc::new(new_host));
    assert!(core.credential().expect("reads").is_none());
    server.expect(
        "again",
        &[("carrier", "staff:00000000-0000-0000-0000-000000000001".into())],
        NOW,
    );
    core.enrol("again", &server).expect("enrols");
    assert_eq!(
        core.take_in(&envelope(&label(2)), &Manner::of(CARRIER))
            .expect("recorded")
            .seq,
        1
    );
    assert_eq!(core.sync(&server).expect("syncs").durable, 2);
    assert!(server.has(id));
}

#[test]
fn a_sync_does_not_stop_the_next_act() {
    /// A network that records an act while it is being used: the store cannot be locked meanwhile.
    struct Busy<'a>(&'a Server, &'a Phone, AtomicU32);
    impl mobile_ffi::core::Transport for Busy<'_> {
        fn send(
            &self,
            method: &str,
            path: &str,
            headers: &[(String, String)],
            body: &[u8],
        ) -> Result<mobile_ffi::core::Reply, HostError> {
            self.1.take_in(&label(500 + self.2.fetch_add(1, Ordering::SeqCst)));
            self.0.send(method, path, headers, body)
        }
    }
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    phone.take_in(&label(1));
    phone
        .core
        .sync(&Busy(&server, &phone, AtomicU32::new(0)))
        .expect("syncs");
    phone.core.sync(&server).expect("syncs");
    assert_eq!(server.state().stored.len(), phone.core.events().expect("reads").len());
}
