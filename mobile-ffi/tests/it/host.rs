//! A host that throws, hangs or calls back cannot hurt the core.

use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, OnceLock, Weak};

use mobile_ffi::core::store::StoreError;
use mobile_ffi::core::{
    Core, CourierError, HostError, Manner, Mono, Platform, Recorded, Reply, SoftPlatform, Transport,
};

use crate::server::Server;
use crate::world::{CARRIER, NOW, Phone, envelope, label};

/// What the host does when it is asked for a signature.
type Answer = Box<dyn Fn() + Send + Sync>;

struct Odd {
    host: Arc<SoftPlatform>,
    before_signing: OnceLock<Answer>,
}

impl Platform for Odd {
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
        if let Some(odd) = self.before_signing.get() {
            odd();
        }
        self.host.sign(message)
    }

    fn store_key(&self) -> Result<[u8; 32], HostError> {
        self.host.store_key()
    }

    fn free_bytes(&self) -> Result<Option<u64>, HostError> {
        Err(HostError::new("who knows"))
    }

    fn random(&self, len: usize) -> Result<Vec<u8>, HostError> {
        self.host.random(len)
    }
}

fn odd(phone: &Phone) -> (Arc<Odd>, Arc<Core>) {
    let host = Arc::new(Odd {
        host: phone.host.clone(),
        before_signing: OnceLock::new(),
    });
    (host.clone(), Arc::new(phone.core_with(host)))
}

fn take_in(core: &Core, n: u32) -> Result<Recorded, CourierError> {
    core.take_in(&envelope(&label(n)), &Manner::of(CARRIER))
}

fn is_busy<T>(answer: &Result<T, CourierError>) -> bool {
    matches!(answer, Err(CourierError::Store(StoreError::Busy)))
}

fn seqs(phone: Phone) -> Vec<u64> {
    let events = phone.reopened().core.events().expect("reads");
    events.iter().map(|event| event.seq).collect()
}

#[test]
fn a_host_that_calls_back_while_it_signs_is_told_so_and_the_act_goes_on() {
    let phone = Phone::courier(&Server::new(NOW), 1);
    let (host, core) = odd(&phone);
    let (inner, heard): (Weak<Core>, _) = (Arc::downgrade(&core), Arc::new(Mutex::new(Vec::new())));
    let told = heard.clone();
    let back = move || {
        let core = inner.upgrade().expect("alive");
        let answers = [
            is_busy(&take_in(&core, 2)),
            is_busy(&core.items()),
            is_busy(&core.status()),
        ];
        told.lock().expect("no panic").push(answers);
    };
    assert!(host.before_signing.set(Box::new(back)).is_ok());
    assert_eq!(take_in(&core, 1).expect("recorded").seq, 1);
    assert_eq!(*heard.lock().expect("no panic"), [[true; 3]]);
    assert_eq!(take_in(&core, 3).expect("recorded").seq, 2);
    assert_eq!(seqs(phone), [1, 2]);
}

#[test]
fn a_host_that_hangs_while_it_signs_stops_nobody_else_for_ever() {
    let phone = Phone::courier(&Server::new(NOW), 1);
    let (host, core) = odd(&phone);
    let (go, wait) = channel::<()>();
    let (asked, is_asked) = channel::<()>();
    let wait: Mutex<Receiver<()>> = Mutex::new(wait);
    let hang = move || {
        asked.send(()).expect("somebody listens");
        wait.lock().expect("no panic").recv().expect("released");
    };
    assert!(host.before_signing.set(Box::new(hang)).is_ok());
    std::thread::scope(|scope| {
        let hanging = scope.spawn(|| take_in(&core, 1));
        is_asked.recv().expect("the host is asked");
        assert!(is_busy(&core.items()), "others are told after a while");
        go.send(()).expect("the host wakes up");
        assert_eq!(hanging.join().expect("no panic").expect("recorded").seq, 1);
    });
    go.send(()).expect("the next signature");
    assert_eq!(take_in(&core, 2).expect("recorded").seq, 2);
    assert_eq!(seqs(phone), [1, 2]);
}

#[test]
fn a_network_that_hangs_or_calls_back_stops_the_next_sync_alone() {
    struct Back<'a>(&'a Server, &'a Phone, Mutex<Vec<bool>>);
    impl Transport for Back<'_> {
        fn send(
            &self,
            method: &str,
            path: &str,
            headers: &[(String, String)],
            body: &[u8],
        ) -> Result<Reply, HostError> {
            let again = self.1.core.sync(self.0);
            let refused = matches!(&again, Err(CourierError::Unreachable { why, .. }) if why == "a sync is under way");
            self.2.lock().expect("no panic").push(refused);
            self.1.core.items().expect("looking goes on");
            self.0.send(method, path, headers, body)
        }
    }
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    phone.take_in(&label(1));
    let back = Back(&server, &phone, Mutex::default());
    assert_eq!(phone.core.sync(&back).expect("syncs").durable, 1);
    let refused = back.2.into_inner().expect("no panic");
    assert!(refused.len() >= 3 && refused.iter().all(|one| *one));
}

#[test]
fn a_network_that_panics_leaves_everything_unsent_and_the_next_sync_works() {
    struct Panics;
    impl Transport for Panics {
        fn send(&self, _: &str, _: &str, _: &[(String, String)], _: &[u8]) -> Result<Reply, HostError> {
            panic!("the network stack threw")
        }
    }
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    phone.take_in(&label(1));
    let thrown = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| phone.core.sync(&Panics)));
    assert!(thrown.is_err());
    assert_eq!(phone.core.sync(&server).expect("syncs").durable, 1);
}
