//! Three dossiers with everything that belongs to them: one that stands to the cast in every relation, one of the same
//! operator's other office, and one of another operator.

use super::sample::{Sample, sample};
use crate::phone::Phone;
use crate::world::{self, World, agency_id, intake_body, staff_id};
use axum::body::Body;
use axum::http::Request;
use custody::act::{Act, seal_act};
use custody::ids::{EventId, Nonce};
use custody::kind::Kind;
use domain::hat::Hat;
use entity::inbox::{Fact, Lane, deposit};
use entity::outbox::{self, Claimed, NewJob};
use entity::repo::contested::Case;
use entity::repo::glass::{self, NewGlass, Side};
use entity::repo::matter::Answer;
use entity::repo::order_file::{self, NewFile};
use entity::repo::reference::{self, id_of};
use entity::repo::ruling::{self, NewRuling, Wanted};
use entity::repo::scan::{self, Added, NewScan};
use entity::testing::Backend;
use entity::{Scope, StoreError};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use tokio::sync::Mutex;

/// What an operation is tried on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Object {
    /// Taken in at the cast's office, addressed to their agency, on the courier's round.
    Near,
    /// Of the same operator, at another office, for another agency.
    Side,
    /// Another operator's.
    Far,
    /// Nothing at all.
    Never,
}

/// What is there.
pub(crate) const OBJECTS: [Object; 3] = [Object::Near, Object::Side, Object::Far];

/// What belongs to one of the three.
#[derive(Debug, Clone)]
pub(crate) struct Things {
    pub(crate) dossier: String,
    pub(crate) item_code: String,
    pub(crate) page: String,
    pub(crate) device: String,
    /// A photograph of it, by its hash.
    pub(crate) photo: String,
    /// The courier.
    pub(crate) staff: String,
    /// The courier's office's other courier or the same.
    pub(crate) courier: String,
    /// A job that was given up.
    pub(crate) job: String,
    /// The item's hand-over from the courier to the office.
    pub(crate) handover: String,
    /// The order at the counter.
    pub(crate) order: String,
    /// A table of orders the agency sent, by its hash.
    pub(crate) file: String,
    /// What belongs to it beside the dossier.
    pub(crate) matters: Matters,
    /// Somebody of its agency with their device, where the cast's agency is it.
    pub(crate) of_agency: Option<[String; 2]>,
    /// A scan of a paper in it.
    pub(crate) scan: String,
    /// A request of its operator's supervisors, and one of its agency's managers, to see somebody else's.
    pub(crate) glass: [String; 2],
    /// An event that touches it and waits for a person.
    pub(crate) case: String,
    /// What its operator's supervisors, and its agency's managers, were asked to approve about two others.
    pub(crate) rulings: [String; 2],
}

/// Money, complaints and feedback of one of the three.
#[derive(Debug, Clone)]
pub(crate) struct Matters {
    /// The series of its office's receipts.
    pub(crate) series: String,
    pub(crate) shift: String,
    pub(crate) remittance: String,
    pub(crate) complaint: String,
    pub(crate) claim: String,
    pub(crate) feedback: String,
    /// A change of its courier that waits.
    pub(crate) change: String,
    /// One of its courier's keys, that key administrators see.
    pub(crate) change_of_keys: String,
}

impl Matters {
    /// None that anybody has.
    fn never() -> Self {
        let id = "01890000-0000-7000-8000-000000000003".to_owned();
        Self {
            series: "never".to_owned(),
            shift: id.clone(),
            remittance: id.clone(),
            complaint: id.clone(),
            claim: id.clone(),
            feedback: id.clone(),
            change: id.clone(),
            change_of_keys: id,
        }
    }

    /// What the people of an office make of a dossier.
    async fn of(world: &World, (agent, boss): (&str, &str), dossier: &str, item_code: &str, agency: &str) -> Self {
        let series = format!("{agency}/26P");
        let run = json!({ "series": series, "first": 1, "last": 99 });
        world.post("/api/v1/receipts/series", boss, &run).await.ok();
        let told = async |path: &str, body: Value| {
            let done = world.post(path, agent, &body).await.ok();
            world.fold().await;
            done["id"].as_str().expect("an id").to_owned()
        };
        let of = |what: &str| format!("/api/v1/dossiers/{dossier}/{what}");
        let shift = told("/api/v1/shifts", json!({})).await;
        let fee = json!({ "ledger": "state_fee", "amount": 8000, "tariff": "x" });
        told(&of("charges"), fee).await;
        let paid = json!({ "ledger": "state_fee", "amount": 8000, "tender": "qr" });
        told(&of("collections"), paid).await;
        let remittance = told("/api/v1/remittances", json!({ "agency_id": agency_id(agency) })).await;
        let complaint = told(&of("complaints"), json!({ "about": "other" })).await;
        let feedback = told(&of("feedback"), json!({ "text": "x" })).await;
        Self {
            series,
            shift,
            remittance,
            complaint,
            claim: claim(world, dossier, item_code).await,
            feedback,
            change: change(world, agency, "ops", "user.dismiss").await,
            change_of_keys: change(world, agency, "keys", "device.enrol").await,
        }
    }
}

/// A change of the courier of the office an agency's dossier lies at.
async fn change(world: &World, agency: &str, admin: &str, kind: &str) -> String {
    let (admin, courier) = match agency {
        "A" => (admin.to_owned(), "courier"),
        "B" => (admin.to_owned(), "far"),
        _ => (format!("{admin}-q"), "courier-q1"),
    };
    let admin = world.sign_in(&admin).await;
    let asked = json!({ "kind": kind, "subject": courier, "reason": "x" });
    let made = world.post("/api/v1/changes", &admin, &asked).await.ok();
    made["id"].as_str().expect("an id").to_owned()
}

/// A claim. It is told to the log itself: an office assesses none for what it has not carried.
async fn claim(world: &World, dossier: &str, item_code: &str) -> String {
    let id = entity::clock::new_id();
    let data =
        json!({ "dossier": dossier, "item_code": item_code, "harm": "lost", "to_sender": 0, "reissue_costs": 0 });
    let act = Act {
        kind: "compensation.assessed".to_owned(),
        subject: *id.as_bytes(),
        actor: "test".to_owned(),
        at_ms: world.app.store.now_ms(),
        data: data.to_string(),
        nonce: Nonce(entity::clock::random()),
    };
    let sealed = seal_act(&act, &world.app.keys.acts);
    let fact = Fact {
        id: sealed.id,
        lane: Lane::Act,
        raw: sealed.bytes,
    };
    deposit(&world.app.store, "test".to_owned(), vec![fact])
        .await
        .expect("stored");
    world.fold().await;
    id.to_string()
}

pub(crate) struct Stage {
    pub(crate) world: World,
    things: HashMap<Object, Things>,
    tokens: Mutex<HashMap<String, String>>,
    /// The phones of the three couriers.
    pub(crate) phones: HashMap<Object, Phone>,
}

/// A job about an item that was given up.
async fn give_up_on(world: &World, item_code: &str) -> String {
    let store = &world.app.store;
    let job = NewJob {
        kind: "assign",
        payload: json!({ "item_code": item_code }),
        dedup_key: format!("matrix:{item_code}"),
    };
    let pushed = store.write(move |tx| Box::pin(async move { outbox::push(tx, 0, job).await }));
    pushed
        .await
        .unwrap_or_else(|error: StoreError| panic!("pushed: {error:?}"));
    give_up(world).await.expect("the job was due")
}

/// Gives up whatever is due, and says which job was the last.
async fn give_up(world: &World) -> Option<String> {
    let (store, mut last) = (&world.app.store, None);
    for (id, _) in outbox::due(store, 100).await.expect("a list") {
        if let Claimed::Run(claim) = outbox::claim(store, id).await.expect("a claim") {
            outbox::failed(store, &claim, "it never works".to_owned(), None)
                .await
                .expect("given up");
            last = Some(id.to_string());
        }
    }
    last
}

/// An empty table of orders that an agency sent.
async fn send_file(world: &World, agency: &str) -> String {
    let sha256: [u8; 32] = Sha256::digest(agency).into();
    let hash = hex::encode(sha256);
    let new = NewFile {
        sha256,
        rows: json!([]),
        report: json!({ "sha256": hash, "rows": 0, "ready": 0, "issues": [] }),
        actor: "staff".to_owned(),
    };
    let scope = Scope::agency(agency_id(agency).into());
    let kept = order_file::keep(&world.app.store, &scope, new).await;
    kept.expect("written").expect("an agency's");
    hash
}

/// The clerk of the cast's desk and their device.
async fn of_agency(world: &World, object: Object, boss: &str) -> Option<[String; 2]> {
    if object != Object::Near {
        return None;
    }
    let clerk = staff_id("desk");
    let phone = Phone::enrolled_by(world, 21, Hat::DeskAgent, clerk, boss).await;
    Some([clerk.to_string(), phone.id()])
}

/// A scan of a paper in this dossier.
async fn scan(world: &World, dossier: &str) -> String {
    let id = dossier.parse().expect("an id");
    let bytes = format!("%PDF-1.7 {dossier}");
    let new = NewScan {
        paper: "Tờ khai".to_owned(),
        sha256: Sha256::digest(&bytes).into(),
        media: "application/pdf",
        size: 1,
        by: staff_id("desk").into(),
    };
    let blobs = world.app.config.blobs.as_ref().expect("a store of blobs");
    let (by, sha256) = ("staff-desk", new.sha256);
    blobs.append(by, &sha256, 0, bytes.into()).await.expect("kept");
    blobs.join(by, &sha256).await.expect("kept").expect("whole");
    let added = scan::add(&world.app.store, Scope::dossier(id), id, new).await;
    let Added::Scan(row) = added.expect("stored") else {
        panic!("added");
    };
    row.id.to_string()
}

/// Requests of an operator's supervisors and of an agency's managers to see this dossier.
async fn ask_to_see(world: &World, dossier: &str, agency: &str) -> [String; 2] {
    let operator = reference::operator_of((agency == "C").then_some("OTHER"));
    let mut asked = Vec::new();
    for (side, by) in [
        (Side::Post(operator), "deputy"),
        (Side::Agency(agency_id(agency).into()), "manager-2"),
    ] {
        let new = NewGlass {
            by: staff_id(by).into(),
            side,
            scope: Scope::nothing(),
            dossier: dossier.to_owned(),
            reason: "một lý do đủ dài".to_owned(),
            life_ms: 3_600_000,
        };
        let told = glass::ask(&world.app.store, &world.app.keys, new, None).await;
        let Answer::Done(done) = told.expect("stored") else {
            panic!("taken");
        };
        asked.push(done.id.to_string());
    }
    asked.try_into().expect("two of them")
}

/// Three events about an item that wait for a person: its courier takes a hand-over back that two people signed.
async fn contest(world: &World, phone: &mut Phone, handover: EventId) -> [EventId; 3] {
    let mut cases = Vec::new();
    for _ in 0..3 {
        let (id, bytes) = phone.correct(handover);
        phone.deposit(world, bytes).await.ok();
        cases.push(id);
    }
    world.fold().await;
    cases.try_into().expect("three of them")
}

/// Rulings that wait for a second person: of an operator's supervisors, and of an agency's managers.
async fn propose(world: &World, asked: [(EventId, &str); 2], agency: &str) -> [String; 2] {
    let operator = reference::operator_of((agency == "C").then_some("OTHER"));
    let sides = [Side::Post(operator), Side::Agency(agency_id(agency).into())];
    let mut proposed = Vec::new();
    for ((event, by), side) in asked.into_iter().zip(sides) {
        let new = NewRuling {
            by: staff_id(by).into(),
            side,
            scope: Scope::everything(),
            case: Case::Event(event),
            wanted: Wanted::Reject,
            reason: "một lý do đủ dài".to_owned(),
        };
        let told = ruling::propose(&world.app.store, &world.app.keys, new, None).await;
        let Answer::Done(done) = told.expect("stored") else {
            panic!("taken");
        };
        proposed.push(done.id.to_string());
    }
    proposed.try_into().expect("two of them")
}

/// A photograph of an item that its courier took and brought, by its hash.
async fn photograph(world: &World, phone: &mut Phone, item_code: &str) -> String {
    let bytes = format!("a photograph of {item_code}");
    let note = phone.photograph(item_code, &[bytes.as_bytes()]);
    phone.deposit(world, note).await.ok();
    world.fold().await;
    let name = hex::encode(Sha256::digest(&bytes));
    phone.bring(world, &name, None, bytes.as_bytes()).await.ok();
    name
}

impl Stage {
    pub(crate) async fn set(backend: Backend) -> Self {
        let world = World::on(backend, |config| config.attempts = 10_000).await;
        let (mut things, mut phones) = (HashMap::new(), HashMap::new());
        for (object, counter, boss, courier, agency, seed) in [
            (Object::Near, "agent", "boss", "courier", "A", 1),
            (Object::Side, "agent-p2", "boss-p2", "far", "B", 2),
            (Object::Far, "agent-q1", "boss-q1", "courier-q1", "C", 3),
        ] {
            let slip = format!("{object:?}");
            let mut body = intake_body(&slip);
            body["agency_id"] = json!(agency_id(agency));
            body["desk_id"] = json!(id_of("desk", &format!("{agency}1")));
            body["applicant"]["name"] = json!(format!("Người nộp {object:?}"));
            let agent = world.sign_in(counter).await;
            let made = world.post("/api/v1/intakes", &agent, &body).await.ok();
            let text = |key: &str| made[key].as_str().expect("a text").to_owned();
            world.fold().await;
            let boss = world.sign_in(boss).await;
            let assign = json!({ "item_code": text("item_code"), "leg": "pickup", "staff_id": staff_id(courier) });
            world.post("/api/v1/dispatch/assign", &boss, &assign).await.ok();
            let mut phone = Phone::enrolled_by(&world, seed, Hat::Carrier, staff_id(courier), &boss).await;
            world.fold().await;
            let photo = photograph(&world, &mut phone, &text("item_code")).await;
            let job = give_up_on(&world, &text("item_code")).await;
            let people = (agent.as_str(), boss.as_str());
            let matters = Matters::of(&world, people, &text("dossier_id"), &text("item_code"), agency).await;
            let mut at_counter = Phone::enrolled_by(&world, seed + 10, Hat::PostAgent, staff_id(counter), &boss).await;
            let (taken, bytes) = phone.act(Kind::TakeIn, &text("item_code"), EventId::ZERO);
            phone.deposit(&world, bytes).await.ok();
            let given = (text("item_code"), taken);
            let handover = phone
                .hand_over(&world, &mut at_counter, (&given.0, given.1), None)
                .await;
            let [case, for_post, for_agency] = contest(&world, &mut phone, handover).await;
            let asked = [(for_post, "deputy"), (for_agency, "manager-2")];
            let rulings = propose(&world, asked, agency).await;
            let orders = world.get(&format!("/api/v1/orders?number={slip}"), &agent).await.ok();
            things.insert(
                object,
                Things {
                    handover: handover.to_string(),
                    order: orders["orders"][0]["id"].as_str().expect("an order").to_owned(),
                    dossier: text("dossier_id"),
                    item_code: text("item_code"),
                    page: text("tracking_url").rsplit('/').next().expect("a part").to_owned(),
                    device: phone.id(),
                    photo,
                    staff: staff_id(courier).to_string(),
                    courier: staff_id(courier).to_string(),
                    job,
                    file: send_file(&world, agency).await,
                    of_agency: of_agency(&world, object, &boss).await,
                    scan: scan(&world, &text("dossier_id")).await,
                    glass: ask_to_see(&world, &text("dossier_id"), agency).await,
                    case: case.to_string(),
                    rulings,
                    matters,
                },
            );
            phones.insert(object, phone);
        }
        // What has a receipt is in the log.
        world.fold().await;
        world.sign_log().await;
        let never = Things {
            dossier: "01890000-0000-7000-8000-000000000000".to_owned(),
            item_code: "RR473124829VN".to_owned(),
            page: "0".repeat(26),
            device: "ff".repeat(16),
            photo: "0f".repeat(32),
            staff: "01890000-0000-7000-8000-000000000001".to_owned(),
            courier: staff_id("courier").to_string(),
            job: "01890000-0000-7000-8000-000000000002".to_owned(),
            handover: "00".repeat(32),
            order: "01890000-0000-7000-8000-000000000004".to_owned(),
            file: "00".repeat(32),
            of_agency: None,
            scan: "01890000-0000-7000-8000-000000000007".to_owned(),
            glass: [
                "01890000-0000-7000-8000-000000000005".to_owned(),
                "01890000-0000-7000-8000-000000000006".to_owned(),
            ],
            case: "00".repeat(32),
            rulings: [
                "01890000-0000-7000-8000-000000000008".to_owned(),
                "01890000-0000-7000-8000-000000000009".to_owned(),
            ],
            matters: Matters::never(),
        };
        things.insert(Object::Never, never);
        Self {
            world,
            things,
            tokens: Mutex::default(),
            phones,
        }
    }

    pub(crate) fn things(&self, object: Object) -> &Things {
        &self.things[&object]
    }

    /// What must not be read by whoever does not stand to an object.
    pub(crate) fn names(&self, object: Object) -> Vec<String> {
        let things = self.things(object);
        vec![
            things.dossier.clone(),
            things.item_code.clone(),
            format!("Người nộp {object:?}"),
        ]
    }

    /// Calls as a member of the cast.
    pub(crate) async fn call(&self, operation: &str, login: &str, object: Object) -> world::Answer {
        // An operation on the session may end it, and then the next cell would say nothing.
        let token = if operation.contains("/session") {
            self.world.sign_in(login).await
        } else {
            let mut tokens = self.tokens.lock().await;
            if let Some(token) = tokens.get(login) {
                token.clone()
            } else {
                let token = self.world.sign_in(login).await;
                tokens.insert(login.to_owned(), token.clone());
                token
            }
        };
        if operation.ends_with("/revive") {
            // The cell before may have let it run again.
            give_up(&self.world).await;
        }
        let mut sample = sample(operation, self, object);
        if login.starts_with("manager") {
            // What is an office's in the sample is for a manager the same of their agency.
            let things = self.things(object);
            let [of_post, of_agency] = &things.glass;
            sample.target = sample.target.replace(of_post, of_agency);
            let [of_post, of_agency] = &things.rulings;
            sample.target = sample.target.replace(of_post, of_agency);
            if let Some([staff, device]) = things.of_agency.as_ref().filter(|_| operation.contains("/devices/")) {
                sample.target = sample.target.replace(&things.device, device);
                let body = sample.body.to_string().replace(&things.staff, staff);
                sample.body = serde_json::from_str(&body).expect("still JSON");
            }
        }
        if login == "keys" {
            // Changes of keys are theirs, of people others'.
            let matters = &self.things(object).matters;
            sample.target = sample.target.replace(&matters.change, &matters.change_of_keys);
            let body = sample.body.to_string().replace("user.password_reset", "device.enrol");
            sample.body = serde_json::from_str(&body).expect("still JSON");
        }
        self.send_sample(operation, &token, sample).await
    }

    /// Sends the sample of an operation.
    pub(crate) async fn send(&self, operation: &str, token: &str, object: Object) -> world::Answer {
        self.send_sample(operation, token, sample(operation, self, object))
            .await
    }

    async fn send_sample(&self, operation: &str, token: &str, sample: Sample) -> world::Answer {
        let (method, _) = operation.split_once(' ').expect("a method");
        let mut request = Request::builder()
            .method(method)
            .uri(&sample.target)
            .header("x-request-id", "the-same-request");
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = match &sample.body {
            Value::Null => Body::empty(),
            body => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
        };
        self.world.send(request.body(body).expect("a request")).await
    }
}
