//! Every address that writes: how to ask it, what its acknowledgement says, and where that must be afterwards.

mod bus;
mod device;
mod office;

use bus::{Cancellations, Orders};
use device::{Deposits, Enrolments};
use domain::hat::Hat;
use domain::ids::{AgencyId, ClientId};
use domain::mode::Mode;
use e2e::rude::{Heard, request};
use e2e::{Device, World, read};
use entity::repo::intake::{Applicant, NewOrder, Placing, place};
use entity::repo::reference::id_of;
use office::{Acts, Codes, Intakes};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// One address that writes.
pub(super) trait Endpoint {
    fn name(&self) -> &'static str;

    /// Prepares for this many attempts: fresh tokens, and what an attempt needs to be there.
    fn refresh(&mut self, world: &World, attempts: usize);

    /// The next request, and its number.
    fn attempt(&mut self) -> (usize, Vec<u8>);

    /// The key of what an answer promises, when it promises something.
    fn acknowledged(&self, number: usize, answer: &Heard) -> Option<String>;

    /// The keys of what is there.
    fn present(&self, world: &World) -> BTreeSet<String>;
}

/// All of them.
pub(super) fn everything(world: &World) -> Vec<Box<dyn Endpoint>> {
    let address = || world.http.address().to_owned();
    let mut device = Device::new(Hat::Carrier);
    let supervisor = world.sign_in("dieuphoi.tb", "post_supervisor");
    device.enrol(&world.http, &supervisor.code_for("buuta01"));
    vec![
        Box::new(Deposits {
            address: address(),
            device,
            ids: Vec::new(),
        }),
        Box::new(Orders {
            address: address(),
            one_stop: world.one_stop("AG30520"),
            orders: Vec::new(),
        }),
        Box::new(Cancellations {
            address: address(),
            one_stop: world.one_stop("AG30520"),
            waiting: Vec::new(),
            next: 0,
        }),
        Box::new(Intakes {
            address: address(),
            staff: world.sign_in("quay.tb", "post_agent"),
            next: 0,
        }),
        Box::new(Acts {
            address: address(),
            staff: world.sign_in("haimu.tb1", "desk_agent"),
            dossiers: Vec::new(),
            next: 0,
        }),
        Box::new(Enrolments {
            address: address(),
            codes: Vec::new(),
            next: 0,
        }),
        Box::new(Codes {
            address: address(),
            staff: supervisor,
            next: 0,
        }),
    ]
}

fn json_of(answer: &Heard) -> Option<Value> {
    serde_json::from_slice(&answer.body).ok()
}

fn post(address: &str, path: &str, authorization: &str, body: &Value) -> Vec<u8> {
    let headers = [("authorization", authorization), ("content-type", "application/json")];
    request("POST", address, path, &headers, body.to_string().as_bytes())
}

fn inbox(world: &World) -> BTreeSet<String> {
    world
        .run(read::bytes(world.store(), "SELECT event_id FROM inbox"))
        .into_iter()
        .map(hex::encode)
        .collect()
}

/// Places orders beside the server, for what has to be there before: number and dossier.
fn placed(world: &World, prefix: &str, from: usize, count: usize) -> Vec<(String, Uuid)> {
    let one = |n: usize| NewOrder {
        operator: entity::repo::reference::FIRST_OPERATOR,
        client: Some(ClientId(id_of("lgsp_client", "AG30520"))),
        customer_code: "AG30520".to_owned(),
        order_number: format!("{prefix}-{}", from + n),
        digest: [0; 32],
        mode: Mode::Both,
        agency: AgencyId(id_of("agency", "AG-UB-30520")),
        desk: None,
        procedure: None,
        case: None,
        channel: None,
        applicant: Applicant {
            name: "Nguyễn Thị Mẫu".to_owned(),
            ..Applicant::default()
        },
        paper_count: 0,
        weight_g: None,
        cod_amount: 0,
        body: json!({}),
        label: None,
        office: None,
        needs_pickup: false,
        receiver: None,
    };
    (0..count)
        .map(
            |n| match world.run(place(world.store(), &world.keys, one(n))).expect("placed") {
                Placing::New(placed) => (format!("{prefix}-{}", from + n), placed.dossier.0),
                other => panic!("{other:?}"),
            },
        )
        .collect()
}
