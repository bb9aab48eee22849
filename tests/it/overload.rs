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

/// After which time an answer counts as none. The server gives none of its own more than twenty-five seconds; how much longer a
/// machine that is busy with something else makes of that is no fault of the server's, so only the long form, which runs alone, looks closely.
fn patience() -> Duration {
    Duration::from_secs(if e2e::is_torture() { 30 } else { 180 })
}

/// What the senders heard.
#[derive(Default)]
struct Tally {
    acknowledged: BTreeSet<Vec<u8>>,
    turned_away: usize,
    /// No answer came in time.
    hung: usize,
    /// The connection ended without one.
    cut_off: usize,
    other: Vec<u16>,
}

/// Sends one event after another until it is time to stop. Whoever is turned away waits as long as it is told and sends the very
/// same bytes again, as a phone does.
async fn send_on(address: String, device: Arc<Mutex<Device>>, tally: Arc<Mutex<Tally>>, go_on: impl Fn(usize) -> bool) {
    let mut sent = 0;
    while go_on(sent) {
        let (id, bytes) = {
            let mut device = device.lock().expect("nobody panicked");
            let note = device.note(0);
            let proof = device.proof("POST", "/api/v1/sync/events");
            let headers = [("dpop", proof.as_str()), ("content-type", "application/cbor-seq")];
            let bytes = request("POST", &address, "/api/v1/sync/events", &headers, &note.bytes);
            (note.id.0.to_vec(), bytes)
        };
        while go_on(sent) {
            sent += 1;
            let heard = tokio::time::timeout(patience(), polite(&address, &bytes)).await;
            let wait = {
                let mut tally = tally.lock().expect("nobody panicked");
                let wait = match &heard {
                    Ok(Some(heard)) if heard.status == 503 => retry_after(&heard.body),
                    _ => None,
                };
                match &heard {
                    Ok(Some(heard)) if heard.status == 200 => drop(tally.acknowledged.insert(id.clone())),
                    Ok(Some(_)) if wait.is_some() => tally.turned_away += 1,
                    Ok(Some(heard)) => tally.other.push(heard.status),
                    Ok(None) => tally.cut_off += 1,
                    Err(_) => tally.hung += 1,
                }
                wait
            };
            let Some(wait) = wait else { break };
            tokio::time::sleep(wait).await;
        }
    }
}

/// The time a refusal says to wait.
fn retry_after(body: &[u8]) -> Option<Duration> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    let seconds = body["retry_after_s"].as_u64().filter(|seconds| *seconds > 0)?;
    Some(Duration::from_secs(seconds))
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
            // Two requests each in every run; for two minutes in the long one.
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
        "{} acknowledged, {lost} lost, {} turned away with a time, {} hung, {} cut off, {:?} else; served again after {} ms",
        tally.acknowledged.len(),
        tally.turned_away,
        tally.hung,
        tally.cut_off,
        tally.other,
        recovered.as_millis(),
    );
    assert_eq!((lost, tally.hung, tally.cut_off, tally.other), (0, 0, 0, Vec::new()));
    assert!(!tally.acknowledged.is_empty());
    if is_long {
        assert!(recovered < Duration::from_mins(1), "served again after {recovered:?}");
    } else {
        world.quiet();
    }
}
