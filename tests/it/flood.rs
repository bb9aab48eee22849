//! More requests than there are places for, while nothing can be written. Those that found no place hear at once when to come
//! back; those that found one are answered when writing goes on. Nothing acknowledged is lost, and afterwards all is as before.

use domain::hat::Hat;
use e2e::rude::{Heard, polite, request};
use e2e::{Backend, Device, World, both, read};
use entity::StoreError;
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;

both!(a_flood_is_turned_away_with_a_time_to_come_back_and_loses_nothing);

/// Requests at once: almost twice as many as there are places.
const FLOOD: usize = 600;

fn a_flood_is_turned_away_with_a_time_to_come_back_and_loses_nothing(backend: Backend) {
    let world = World::running(backend);
    let mut device = Device::new(Hat::Carrier);
    let supervisor = world.sign_in("dieuphoi.tb", "post_supervisor");
    device.enrol(&world.http, &supervisor.code_for("buuta01"));
    world.quiet();
    device.greet(&world.http);
    let places = api::ApiConfig::default();
    let places = places.max_requests + places.deposit_reserve;
    let waiting: Vec<Deposit> = (0..FLOOD).map(|_| Deposit::new(&mut device)).collect();
    let (go, held) = world.run(hold_every_writer(&world));
    let (sent, mut answers) = mpsc::unbounded_channel();
    for deposit in waiting {
        let (sent, address, bytes) = (
            sent.clone(),
            world.http.address().to_owned(),
            deposit.request(&device, &world),
        );
        world.spawn(async move {
            let heard = polite(&address, &bytes).await;
            let _ = sent.send((deposit, heard));
        });
    }
    let mut turned_away = Vec::new();
    while turned_away.len() < FLOOD - places {
        let (deposit, heard) = world.run(answers.recv()).expect("an answer");
        let heard = heard.expect("a whole answer");
        let body: Value = serde_json::from_slice(&heard.body).expect("a problem");
        assert_eq!(
            (heard.status, &body["type"]),
            (503, &json!("/problems/busy")),
            "nothing can be written"
        );
        assert_eq!(body["retry_after_s"], 2);
        turned_away.push(deposit);
    }
    go.send(true).expect("the writers wait");
    world.run(held.join_all());
    let mut kept = Vec::new();
    while kept.len() < places {
        let (deposit, heard) = world.run(answers.recv()).expect("an answer");
        assert_eq!(heard.map(|heard| heard.status), Some(200), "it had a place");
        kept.push(deposit);
    }
    for deposit in turned_away {
        let bytes = deposit.request(&device, &world);
        let heard = world.run(polite(world.http.address(), &bytes));
        assert!(
            matches!(heard, Some(Heard { status: 200, .. })),
            "there are places again"
        );
        kept.push(deposit);
    }
    let inbox = world.run(read::bytes(world.store(), "SELECT event_id FROM inbox"));
    let lost = kept.iter().filter(|deposit| !inbox.contains(&deposit.id)).count();
    assert_eq!((kept.len(), lost), (FLOOD, 0));
    world.quiet();
}

/// One event on its way.
struct Deposit {
    id: Vec<u8>,
    body: Vec<u8>,
}

impl Deposit {
    fn new(device: &mut Device) -> Self {
        let note = device.note(0);
        Self {
            id: note.id.0.to_vec(),
            body: note.bytes,
        }
    }

    fn request(&self, device: &Device, world: &World) -> Vec<u8> {
        let proof = device.proof("POST", "/api/v1/sync/events");
        let headers = [("dpop", proof.as_str()), ("content-type", "application/cbor-seq")];
        request(
            "POST",
            world.http.address(),
            "/api/v1/sync/events",
            &headers,
            &self.body,
        )
    }
}

/// Lends every writing connection until it is told to go on.
async fn hold_every_writer(world: &World) -> (watch::Sender<bool>, JoinSet<Result<(), StoreError>>) {
    let (go, may_go) = watch::channel(false);
    let mut held = JoinSet::new();
    let connections = match world.store().backend() {
        sea_orm::DbBackend::Postgres => world.store().settings().write_connections,
        _ => 1,
    };
    for _ in 0..connections {
        let (store, mut may_go) = (world.store().clone(), may_go.clone());
        let (begun, has_begun) = oneshot::channel();
        held.spawn(async move {
            store
                .write(move |_| {
                    Box::pin(async move {
                        begun.send(()).expect("the test listens");
                        may_go.wait_for(|go| *go).await.expect("the test lets it go on");
                        Ok::<_, StoreError>(())
                    })
                })
                .await
        });
        has_begun.await.expect("it has its connection");
    }
    (go, held)
}
