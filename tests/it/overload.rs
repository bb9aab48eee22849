//! Ten times as many senders as there are places, for as long as it takes (two minutes with `make torture`): who is let in is
//! acknowledged and kept, who is not hears at once when to come back, nobody is left hanging, and afterwards all is as before.

use domain::hat::Hat;
use e2e::rude::{polite, request};
use e2e::{Backend, Device, World, both, read};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

both!(ten_times_the_load_loses_nothing_and_leaves_nobody_hanging);

/// How long one answer may take. The server gives none of its own more than twenty-five seconds.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the senders heard.
#[derive(Default)]
struct Tally {
    acknowledged: BTreeSet<Vec<u8>>,
    turned_away: usize,
    without_answer: usize,
    other: Vec<u16>,
}

/// Sends one event after another until it is time to stop.
async fn send_on(address: String, device: Arc<Mutex<Device>>, tally: Arc<Mutex<Tally>>, go_on: impl Fn(usize) -> bool) {
    for count in 0.. {
        if !go_on(count) {
            return;
        }
        let (id, bytes) = {
            let mut device = device.lock().expect("nobody panicked");
            let note = device.note(0);
            let proof = device.proof("POST", "/api/v1/sync/events");
            let headers = [("dpop", proof.as_str()), ("content-type", "application/cbor-seq")];
            let bytes = request("POST", &address, "/api/v1/sync/events", &headers, &note.bytes);
            (note.id.0.to_vec(), bytes)
        };
        let heard = tokio::time::timeout(PATIENCE, polite(&address, &bytes)).await;
        let mut tally = tally.lock().expect("nobody panicked");
        match heard {
            Ok(Some(heard)) if heard.status == 200 => drop(tally.acknowledged.insert(id)),
            Ok(Some(heard)) if heard.status == 503 && says_when(&heard.body) => tally.turned_away += 1,
            Ok(Some(heard)) => tally.other.push(heard.status),
            Ok(None) | Err(_) => tally.without_answer += 1,
        }
    }
}

fn says_when(body: &[u8]) -> bool {
    let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    body["retry_after_s"].as_u64().is_some_and(|seconds| seconds > 0)
}

#[expect(clippy::print_stdout, reason = "the long form is run to read what it counted")]
fn ten_times_the_load_loses_nothing_and_leaves_nobody_hanging(backend: Backend) {
    let world = World::running(backend);
    let mut device = Device::new(Hat::Carrier);
    let supervisor = world.sign_in("dieuphoi.tb", "post_supervisor");
    device.enrol(&world.http, &supervisor.code_for("buuta01"));
    world.quiet();
    device.greet(&world.http);
    let places = api::ApiConfig::default();
    let places = places.max_requests + places.deposit_reserve;
    let is_long = e2e::is_torture();
    let began = Instant::now();
    let device = Arc::new(Mutex::new(device));
    let tally = Arc::new(Mutex::new(Tally::default()));
    world.run(async {
        let mut senders = JoinSet::new();
        for _ in 0..10 * places {
            let (address, device, tally) = (world.http.address().to_owned(), Arc::clone(&device), Arc::clone(&tally));
            // Two each in every run; for two minutes in the long one.
            let go_on = move |count| {
                if is_long {
                    began.elapsed() < Duration::from_mins(2)
                } else {
                    count < 2
                }
            };
            senders.spawn(send_on(address, device, tally, go_on));
        }
        senders.join_all().await;
    });
    let after = Instant::now();
    let mut device = Arc::into_inner(device)
        .expect("they have ended")
        .into_inner()
        .expect("nobody panicked");
    device.greet(&world.http);
    let note = device.note(0);
    let proof = device.proof("POST", "/api/v1/sync/events");
    let headers = [("dpop", proof.as_str()), ("content-type", "application/cbor-seq")];
    let bytes = request(
        "POST",
        world.http.address(),
        "/api/v1/sync/events",
        &headers,
        &note.bytes,
    );
    let heard = world
        .run(polite(world.http.address(), &bytes))
        .map(|heard| heard.status);
    let recovered = after.elapsed();
    assert_eq!(heard, Some(200), "there are places again");
    let tally = std::mem::take(&mut *tally.lock().expect("nobody panicked"));
    let inbox: BTreeSet<Vec<u8>> = world
        .run(read::bytes(world.store(), "SELECT event_id FROM inbox"))
        .into_iter()
        .collect();
    let lost = tally.acknowledged.difference(&inbox).count();
    println!(
        "{} acknowledged, {lost} lost, {} turned away with a time, {} without an answer, {:?} else; served again after {} ms",
        tally.acknowledged.len(),
        tally.turned_away,
        tally.without_answer,
        tally.other,
        recovered.as_millis(),
    );
    assert_eq!((lost, tally.without_answer, tally.other), (0, 0, Vec::new()));
    assert!(!tally.acknowledged.is_empty());
    if is_long {
        assert!(recovered < Duration::from_mins(1), "served again after {recovered:?}");
    } else {
        world.quiet();
    }
}
