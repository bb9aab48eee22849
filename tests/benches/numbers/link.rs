//! A thousand events recorded without a network, and what it takes to bring them to the server over a slow mobile link.
//!
//! The phone core and the service are the real ones; a relay between them counts what passes. The link itself is reckoned, not slept
//! through, so that one run is like the next: the time measured with no link, plus every byte at the link's rate, plus its round trips.
//! Bytes are those of HTTP and, reckoned, those of TCP/IP and TLS 1.3.

use crate::table::{Goal, Table};
use domain::hat::Hat;
use domain::item::ItemKind;
use domain::item_code::ItemCode;
use e2e::{Http, World};
use mobile_ffi::core::{HostError, Manner, Reply, TakeIn, Transport};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

const EVENTS: u32 = 1_000;
/// Bits a second, each way; the link carries one way at a time in what we reckon.
const RATE: f64 = 400_000.0;
const ROUND_TRIP_S: f64 = 0.4;
/// What a segment carries, and what its headers and the acknowledgement of every other one cost (IPv4, timestamps).
const SEGMENT: u64 = 1_348;
const SEGMENT_COST: u64 = 52 + 26;
/// Hello, certificates of two elliptic keys and finish; seen with our own certificate chains.
const TLS_HELLO: u64 = 4_096;
/// Header and tag of a record of 16 KB.
const TLS_RECORD: u64 = 22;
/// TCP and TLS 1.3 each open with one round trip.
const OPENING: u64 = 2;
/// What TCP sends before the first acknowledgement: ten segments. More waits a round trip, after which the window covers the link.
const FIRST_WINDOW: usize = 10 * 1_348;

/// What passed the relay.
#[derive(Default)]
struct Passed {
    up: AtomicU64,
    down: AtomicU64,
    connections: AtomicU64,
}

/// A way to the server that counts, on an address of its own.
fn relay(to: &str) -> (String, Arc<Passed>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("bound"));
    let (counted, to) = (Arc::new(Passed::default()), to.to_owned());
    let counting = counted.clone();
    std::thread::spawn(move || {
        for phone in listener.incoming() {
            let (Ok(phone), Ok(server)) = (phone, TcpStream::connect(&to)) else {
                return;
            };
            counting.connections.fetch_add(1, Ordering::SeqCst);
            for one in [&phone, &server] {
                one.set_nodelay(true).expect("a socket");
            }
            let back = (
                server.try_clone().expect("a socket"),
                phone.try_clone().expect("a socket"),
            );
            let (up, down) = (counting.clone(), counting.clone());
            std::thread::spawn(move || pump(phone, server, &up.up));
            std::thread::spawn(move || pump(back.0, back.1, &down.down));
        }
    });
    (address, counted)
}

fn pump(mut from: TcpStream, mut to: TcpStream, count: &AtomicU64) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        count.fetch_add(read as u64, Ordering::SeqCst);
        if to.write_all(&bytes[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}

/// Counts the round trips of what a phone asks.
struct Shaped {
    http: Http,
    trips: AtomicU64,
}

impl Transport for Shaped {
    fn send(&self, method: &str, path: &str, headers: &[(String, String)], body: &[u8]) -> Result<Reply, HostError> {
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        let answer = self
            .http
            .send(method, path, &headers, body)
            .map_err(|error| HostError::new(error.to_string()))?;
        let waits = [body.len(), answer.body.len()]
            .iter()
            .filter(|size| **size > FIRST_WINDOW)
            .count();
        self.trips.fetch_add(1 + waits as u64, Ordering::SeqCst);
        Ok(Reply {
            status: answer.status,
            headers: answer.headers,
            body: answer.body,
        })
    }
}

/// Measures.
pub(crate) fn measure(table: &mut Table, world: &World, about: &str) {
    let supervisor = world.sign_in("dieuphoi.tb", "post_supervisor");
    let phone = world.phone(&supervisor, "buuta02");
    phone.sync();
    for serial in 1..=EVENTS {
        let label = ItemCode::from_serial("EE", serial, "VN").expect("a label").to_string();
        let what = TakeIn {
            item_code: &label,
            item_kind: Some(ItemKind::DossierToAgency),
            seal: "S-0001",
            paper_count: 3,
        };
        phone.core.take_in(&what, &Manner::of(Hat::Carrier)).expect("recorded");
    }
    let (address, passed) = relay(world.http.address());
    let shaped = Shaped {
        http: Http::new(&address),
        trips: AtomicU64::new(0),
    };
    let began = Instant::now();
    let report = phone.core.sync(&shaped).expect("the server answers");
    let took = began.elapsed().as_secs_f64();
    assert_eq!((report.durable, phone.unsent()), (u64::from(EVENTS), 0), "{report:?}");
    let connections = passed.connections.load(Ordering::SeqCst);
    let wire = |bytes: u64| bytes + bytes.div_ceil(SEGMENT) * SEGMENT_COST + bytes.div_ceil(16_384) * TLS_RECORD;
    let (up, down) = (passed.up.load(Ordering::SeqCst), passed.down.load(Ordering::SeqCst));
    let all = wire(up) + wire(down) + connections * TLS_HELLO;
    let trips = shaped.trips.load(Ordering::SeqCst) + connections * OPENING;
    let kilobytes = |bytes: u64| number(bytes) / 1_000.0;
    let time = took + number(all) * 8.0 / RATE + number(trips) * ROUND_TRIP_S;
    table.note(format!("{about}: 1,000 events up, HTTP"), kilobytes(up), "KB");
    table.note(
        format!("{about}: 1,000 events, the answers, HTTP"),
        kilobytes(down),
        "KB",
    );
    table.note(format!("{about}: 1,000 events, round trips"), number(trips), "");
    table.note(format!("{about}: 1,000 events, phone and server alone"), took, "s");
    table.goal(
        format!("{about}: 1,000 events, both ways with TCP and TLS"),
        kilobytes(all),
        "KB",
        Goal::AtMost(450.0),
    );
    table.goal(
        format!("{about}: 1,000 events over 400 kbit/s and 400 ms, reckoned"),
        time,
        "s",
        Goal::AtMost(20.0),
    );
}

fn number(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
