//! Every address that writes: how to ask it, what its acknowledgement says, and where that must be afterwards.

use custody::ids::EventId;
use domain::hat::Hat;
use domain::ids::{AgencyId, ClientId, StaffId};
use domain::mode::Mode;
use e2e::rude::{Heard, request};
use e2e::{Device, Lgsp, Order, Staff, World, read};
use entity::repo::intake::{Applicant, NewOrder, Placing, place};
use entity::repo::{device, reference::id_of};
use entity::table::{dossier, enrolment_code, postal_order};
use sea_orm::{EntityTrait, QuerySelect};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
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
        Box::new(Deposits { address: address(), device, ids: Vec::new() }),
        Box::new(Orders { address: address(), one_stop: world.one_stop("AG30520"), orders: Vec::new() }),
        Box::new(Cancellations { address: address(), one_stop: world.one_stop("AG30520"), waiting: Vec::new(), next: 0 }),
        Box::new(Intakes { address: address(), staff: world.sign_in("quay.tb", "post_agent"), next: 0 }),
        Box::new(Acts { address: address(), staff: world.sign_in("haimu.tb1", "desk_agent"), dossiers: Vec::new(), next: 0 }),
        Box::new(Enrolments { address: address(), codes: Vec::new(), next: 0 }),
        Box::new(Codes { address: address(), staff: supervisor, next: 0 }),
    ]
}

fn json_of(answer: &Heard) -> Option<Value> {
    serde_json::from_slice(&answer.body).ok()
}

fn post(address: &str, path: &str, authorization: &str, body: &Value) -> Vec<u8> {
    let headers = [("authorization", authorization), ("content-type", "application/json")];
    request("POST", address, path, &headers, body.to_string().as_bytes())
}

/// `POST /api/v1/sync/events`: three remarks at a time.
struct Deposits {
    address: String,
    device: Device,
    ids: Vec<EventId>,
}

impl Endpoint for Deposits {
    fn name(&self) -> &'static str {
        "deposit"
    }

    fn refresh(&mut self, world: &World, _attempts: usize) {
        self.device.greet(&world.http);
    }

    fn attempt(&mut self) -> (usize, Vec<u8>) {
        let sealed: Vec<_> = (0..3).map(|_| self.device.note(0)).collect();
        let body: Vec<u8> = sealed.iter().flat_map(|sealed| sealed.bytes.clone()).collect();
        self.ids.push(sealed[2].id);
        let proof = self.device.proof("POST", "/api/v1/sync/events");
        let headers = [("dpop", proof.as_str()), ("content-type", "application/cbor-seq")];
        (self.ids.len() - 1, request("POST", &self.address, "/api/v1/sync/events", &headers, &body))
    }

    fn acknowledged(&self, number: usize, answer: &Heard) -> Option<String> {
        (answer.status == 200).then(|| self.ids[number].to_string())
    }

    fn present(&self, world: &World) -> BTreeSet<String> {
        inbox(world)
    }
}

fn inbox(world: &World) -> BTreeSet<String> {
    world.run(read::bytes(world.store(), "SELECT event_id FROM inbox")).into_iter().map(hex::encode).collect()
}

/// `OrderPost`.
struct Orders {
    address: String,
    one_stop: Lgsp,
    orders: Vec<Order>,
}

impl Endpoint for Orders {
    fn name(&self) -> &'static str {
        "order"
    }

    fn refresh(&mut self, world: &World, _attempts: usize) {
        self.one_stop = world.one_stop("AG30520");
    }

    fn attempt(&mut self) -> (usize, Vec<u8>) {
        let order = self.one_stop.pickup(&format!("H-{}", self.orders.len()));
        let bytes = post(&self.address, "/lgsp/v1/vnpost/OrderPost", &self.one_stop.authorization(), &order.body);
        self.orders.push(order);
        (self.orders.len() - 1, bytes)
    }

    fn acknowledged(&self, number: usize, answer: &Heard) -> Option<String> {
        let accepted = answer.status == 200 && json_of(answer)?["Status"] == json!(100);
        accepted.then(|| self.orders[number].number.clone())
    }

    fn present(&self, world: &World) -> BTreeSet<String> {
        let numbers = postal_order::Entity::find().select_only().column(postal_order::Column::OrderNumber).into_tuple();
        let numbers: Vec<String> = world.run(numbers.all(world.store().read())).expect("readable");
        numbers.into_iter().collect()
    }
}

/// Places orders beside the server, for what has to be there before: number and dossier.
fn placed(world: &World, prefix: &str, from: usize, count: usize) -> Vec<(String, Uuid)> {
    let one = |n: usize| NewOrder {
        client: Some(ClientId(id_of("lgsp_client", "AG30520"))),
        customer_code: "AG30520".to_owned(),
        order_number: format!("{prefix}-{}", from + n),
        digest: [0; 32],
        mode: Mode::Both,
        agency: AgencyId(id_of("agency", "AG-UB-30520")),
        desk: None,
        procedure: None,
        applicant: Applicant { name: "Nguyễn Thị Mẫu".to_owned(), ..Applicant::default() },
        paper_count: 0,
        cod_amount: 0,
        body: json!({}),
        label: None,
        needs_pickup: false,
    };
    (0..count)
        .map(|n| match world.run(place(world.store(), &world.keys, one(n))).expect("placed") {
            Placing::New(placed) => (format!("{prefix}-{}", from + n), placed.dossier.0),
            other => panic!("{other:?}"),
        })
        .collect()
}

/// `OrderCancel`.
struct Cancellations {
    address: String,
    one_stop: Lgsp,
    waiting: Vec<String>,
    next: usize,
}

impl Endpoint for Cancellations {
    fn name(&self) -> &'static str {
        "cancellation"
    }

    fn refresh(&mut self, world: &World, attempts: usize) {
        self.one_stop = world.one_stop("AG30520");
        let more = placed(world, "C", self.waiting.len(), attempts);
        self.waiting.extend(more.into_iter().map(|(number, _)| number));
    }

    fn attempt(&mut self) -> (usize, Vec<u8>) {
        let number = self.next;
        self.next += 1;
        let body = json!({ "CustomerCode": "AG30520", "OrderNumber": self.waiting[number] });
        (number, post(&self.address, "/lgsp/v1/vnpost?service=OrderCancel", &self.one_stop.authorization(), &body))
    }

    fn acknowledged(&self, number: usize, answer: &Heard) -> Option<String> {
        let cancelled = answer.status == 200 && json_of(answer)?["Status"] == json!(110);
        cancelled.then(|| self.waiting[number].clone())
    }

    fn present(&self, world: &World) -> BTreeSet<String> {
        let sql = "SELECT o.order_number FROM postal_order o JOIN dossier_act a ON a.dossier_id = o.dossier_id \
                   WHERE a.kind = 'dossier.cancelled'";
        world.run(read::texts(world.store(), sql, [])).into_iter().collect()
    }
}

/// `POST /api/v1/intakes`.
struct Intakes {
    address: String,
    staff: Staff,
    next: usize,
}

impl Endpoint for Intakes {
    fn name(&self) -> &'static str {
        "intake"
    }

    fn refresh(&mut self, world: &World, _attempts: usize) {
        self.staff = world.sign_in("quay.tb", "post_agent");
    }

    fn attempt(&mut self) -> (usize, Vec<u8>) {
        self.next += 1;
        let body = json!({
            "mode": "send", "agency_id": id_of("agency", "AG-UB-30520"), "paper_count": 2,
            "applicant": { "name": "Trần Văn Mẫu", "phone": "0912345679", "address": "Khóm Xuân Hòa, phường Tịnh Biên" },
            "slip_number": format!("S-{}", self.next),
        });
        (self.next, post(&self.address, "/api/v1/intakes", &self.staff.authorization(), &body))
    }

    fn acknowledged(&self, _number: usize, answer: &Heard) -> Option<String> {
        let view = json_of(answer).filter(|_| answer.status == 201)?;
        view["dossier_id"].as_str().map(str::to_owned)
    }

    fn present(&self, world: &World) -> BTreeSet<String> {
        let ids = dossier::Entity::find().select_only().column(dossier::Column::Id).into_tuple();
        let ids: Vec<Uuid> = world.run(ids.all(world.store().read())).expect("readable");
        ids.iter().map(Uuid::to_string).collect()
    }
}

/// `POST /api/v1/dossiers/{id}/acts`.
struct Acts {
    address: String,
    staff: Staff,
    dossiers: Vec<Uuid>,
    next: usize,
}

impl Endpoint for Acts {
    fn name(&self) -> &'static str {
        "act"
    }

    fn refresh(&mut self, world: &World, attempts: usize) {
        self.staff = world.sign_in("haimu.tb1", "desk_agent");
        let more = placed(world, "A", self.dossiers.len(), attempts);
        self.dossiers.extend(more.into_iter().map(|(_, dossier)| dossier));
    }

    fn attempt(&mut self) -> (usize, Vec<u8>) {
        let number = self.next;
        self.next += 1;
        let path = format!("/api/v1/dossiers/{}/acts", self.dossiers[number]);
        (number, post(&self.address, &path, &self.staff.authorization(), &json!({ "act": "lodged" })))
    }

    fn acknowledged(&self, _number: usize, answer: &Heard) -> Option<String> {
        let view = json_of(answer).filter(|_| answer.status == 201)?;
        view["event_id"].as_str().map(str::to_owned)
    }

    fn present(&self, world: &World) -> BTreeSet<String> {
        inbox(world)
    }
}

/// `POST /api/v1/devices/enrol`.
struct Enrolments {
    address: String,
    codes: Vec<String>,
    next: usize,
}

impl Endpoint for Enrolments {
    fn name(&self) -> &'static str {
        "enrolment"
    }

    fn refresh(&mut self, world: &World, attempts: usize) {
        let (staff, now) = (StaffId(id_of("staff", "buuta02")), world.store().now_ms());
        let codes = world.store().write(move |tx| {
            Box::pin(async move {
                let mut codes = Vec::new();
                for _ in 0..attempts {
                    codes.push(device::new_code(tx, staff, now).await?);
                }
                Ok::<_, entity::StoreError>(codes)
            })
        });
        self.codes.extend(world.run(codes).expect("codes"));
    }

    fn attempt(&mut self) -> (usize, Vec<u8>) {
        let number = self.next;
        self.next += 1;
        let body = Device::new(Hat::Carrier).enrolment(&self.codes[number]).to_string();
        let headers = [("content-type", "application/json")];
        (number, request("POST", &self.address, "/api/v1/devices/enrol", &headers, body.as_bytes()))
    }

    fn acknowledged(&self, _number: usize, answer: &Heard) -> Option<String> {
        let view = json_of(answer).filter(|_| answer.status == 200)?;
        view["device_id"].as_str().map(str::to_owned)
    }

    fn present(&self, world: &World) -> BTreeSet<String> {
        let ids = world.run(read::bytes(world.store(), "SELECT device_id FROM device"));
        ids.into_iter().map(hex::encode).collect()
    }
}

/// `POST /api/v1/devices/codes`.
struct Codes {
    address: String,
    staff: Staff,
    next: usize,
}

impl Endpoint for Codes {
    fn name(&self) -> &'static str {
        "code"
    }

    fn refresh(&mut self, world: &World, _attempts: usize) {
        self.staff = world.sign_in("dieuphoi.tb", "post_supervisor");
    }

    fn attempt(&mut self) -> (usize, Vec<u8>) {
        self.next += 1;
        let body = json!({ "staff_id": id_of("staff", "buuta03") });
        (self.next, post(&self.address, "/api/v1/devices/codes", &self.staff.authorization(), &body))
    }

    fn acknowledged(&self, _number: usize, answer: &Heard) -> Option<String> {
        let view = json_of(answer).filter(|_| answer.status == 201)?;
        view["code"].as_str().map(|code| hex::encode(Sha256::digest(code.as_bytes())))
    }

    fn present(&self, world: &World) -> BTreeSet<String> {
        let hashes = enrolment_code::Entity::find().select_only().column(enrolment_code::Column::CodeHash);
        let hashes: Vec<Vec<u8>> = world.run(hashes.into_tuple().all(world.store().read())).expect("readable");
        hashes.into_iter().map(hex::encode).collect()
    }
}
