//! Clients hang up at every moment of every write, among others who wait for their answer. What was acknowledged is there.

mod endpoint;
mod guard;

use crate::hang_ups::endpoint::{Endpoint, everything};
use e2e::rude::{Heard, hang_up, moment, polite};
use e2e::{Backend, World, both, is_torture};
use futures::StreamExt;
use std::collections::BTreeSet;

both!(nothing_that_was_acknowledged_is_lost_when_clients_hang_up);

/// Requests under way at once.
const AT_ONCE: usize = 12;

/// Rude requests on each endpoint: the full number takes minutes.
fn rounds() -> usize {
    if is_torture() { 10_000 } else { 150 }
}

/// One attempt: a request, who makes it, and whether it was acknowledged.
struct Attempt {
    endpoint: usize,
    number: usize,
    request: Vec<u8>,
    rude: bool,
}

fn nothing_that_was_acknowledged_is_lost_when_clients_hang_up(backend: Backend) {
    let world = World::running(backend);
    let mut endpoints = everything(&world);
    let (mut rude, mut acknowledged) = (0, 0);
    let mut keys: Vec<BTreeSet<String>> = endpoints.iter().map(|_| BTreeSet::new()).collect();
    let mut left = rounds();
    while left > 0 {
        // In portions, because tokens and nonces age.
        let portion = left.min(500);
        left -= portion;
        for endpoint in &mut endpoints {
            endpoint.refresh(&world, portion * 2);
        }
        let attempts = attempts(&mut endpoints, portion);
        let address = world.http.address().to_owned();
        let heard = world.run(send_all(&address, attempts, portion));
        for (attempt, answer) in heard {
            rude += usize::from(attempt.rude);
            if let Some(key) =
                answer.and_then(|answer| endpoints[attempt.endpoint].acknowledged(attempt.number, &answer))
            {
                acknowledged += 1;
                keys[attempt.endpoint].insert(key);
            }
        }
        world.quiet();
    }
    for (endpoint, keys) in endpoints.iter().zip(&keys) {
        let present = endpoint.present(&world);
        let lost: Vec<&String> = keys.difference(&present).collect();
        assert!(
            lost.is_empty(),
            "{}: {} of {} acknowledged are absent: {lost:?}",
            endpoint.name(),
            lost.len(),
            keys.len()
        );
        assert!(
            keys.len() >= rounds() * 9 / 10,
            "{}: only {} were acknowledged",
            endpoint.name(),
            keys.len()
        );
    }
    assert!(
        rude >= rounds() * endpoints.len() && acknowledged >= rude * 9 / 10,
        "{rude} hung up, {acknowledged} acknowledged"
    );
}

/// For each endpoint a rude and a polite request in turn, each for something of its own.
fn attempts(endpoints: &mut [Box<dyn Endpoint>], portion: usize) -> Vec<Attempt> {
    let mut attempts = Vec::new();
    for _ in 0..portion {
        for (index, endpoint) in endpoints.iter_mut().enumerate() {
            for rude in [true, false] {
                let (number, request) = endpoint.attempt();
                attempts.push(Attempt {
                    endpoint: index,
                    number,
                    request,
                    rude,
                });
            }
        }
    }
    attempts
}

async fn send_all(address: &str, attempts: Vec<Attempt>, portion: usize) -> Vec<(Attempt, Option<Heard>)> {
    let sent = attempts.into_iter().enumerate().map(|(n, attempt)| {
        let address = address.to_owned();
        tokio::spawn(async move {
            let answer = if attempt.rude {
                hang_up(&address, &attempt.request, moment(n, portion * 14)).await
            } else {
                polite(&address, &attempt.request).await
            };
            (attempt, answer)
        })
    });
    // Spawned only as they are polled, so at most so many are under way.
    let sent = sent.map(|task| async move { task.await.expect("a client does not panic") });
    futures::stream::iter(sent).buffer_unordered(AT_ONCE).collect().await
}
