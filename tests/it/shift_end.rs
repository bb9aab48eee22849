//! A courier's day with money, on the real server: numbers lent in the morning, receipts written at the door, a shift that ends
//! between two phones without a network, photographs that follow, and proof from the public log in the evening.

use crate::public_log::Logged;
use domain::hat::Hat;
use domain::item::AttemptReason;
use domain::money::{Amount, Dong, LedgerKind, Tender, ThreeLines};
use e2e::{Backend, Phone, Staff, both};
use entity::repo::reference::id_of;
use mobile_ffi::core::{Collected, EventState, Manner, Sum, TakeIn};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

both!(
    a_shift_ends_between_two_phones_and_the_office_sees_it_however_they_sync,
    a_number_is_lent_once_and_counter_and_courier_write_receipts_beside_each_other,
    a_photograph_and_its_event_are_let_go_when_the_server_and_the_log_have_them,
);

const CARRIER: Hat = Hat::Carrier;

struct Day {
    at: Logged,
    boss: Staff,
    courier: Phone,
    counter: Phone,
    dossier: String,
    label: String,
}

impl Day {
    fn begin(backend: Backend) -> Self {
        let at = Logged::new(backend, Vec::new());
        let boss = at.world.sign_in("dieuphoi.tb", "post_supervisor");
        let series = json!({ "series": "AA/26P", "first": 1, "last": 200 });
        boss.post("/api/v1/receipts/series", &series).expect(201);
        let made = at.intake("TB-1");
        let text = |name: &str| made[name].as_str().expect("text").to_owned();
        let (dossier, label) = (text("dossier_id"), text("item_code"));
        let [courier, counter] = ["buuta01", "quay.tb"].map(|login| at.world.phone(&boss, login));
        for phone in [&courier, &counter] {
            phone.sync();
        }
        let agent = at.world.sign_in("quay.tb", "post_agent");
        for (ledger, amount) in [("postage", 30_000), ("state_fee", 8_000)] {
            let due = json!({ "ledger": ledger, "amount": amount, "currency": "VND", "tariff": "biểu giá 2026" });
            agent
                .post(&format!("/api/v1/dossiers/{dossier}/charges"), &due)
                .expect(201);
        }
        Self {
            at,
            boss,
            courier,
            counter,
            dossier,
            label,
        }
    }

    fn take_in(&self) {
        let what = TakeIn {
            item_code: &self.label,
            item_kind: None,
            seal: "NP-0001",
            paper_count: 3,
        };
        let taken = self.courier.core.take_in(&what, &Manner::of(CARRIER));
        taken.expect("recorded");
    }

    fn collect(&self, ledger: LedgerKind, amount: i64) -> Collected {
        let sum = Sum {
            ledger,
            amount,
            tender: Tender::Cash,
        };
        let collected = self.courier.core.collect(&self.label, sum, &Manner::of(CARRIER));
        collected.expect("collects")
    }

    fn read(&self, path: &str) -> Value {
        self.at.world.settle();
        self.boss.get(path).expect(200).json()
    }
}

fn sums(postage: i64, state_fee: i64) -> ThreeLines {
    ThreeLines {
        postage: Amount::new(Dong::new(postage)).expect("not negative"),
        state_fee: Amount::new(Dong::new(state_fee)).expect("not negative"),
        other: Amount::ZERO,
    }
}

fn a_shift_ends_between_two_phones_and_the_office_sees_it_however_they_sync(backend: Backend) {
    let day = Day::begin(backend);
    for phone in [&day.courier, &day.counter] {
        phone.network.set_online(false);
    }
    day.take_in();
    day.collect(LedgerKind::Postage, 30_000);
    let fee = day.collect(LedgerKind::StateFee, 8_000);
    let number = fee.receipt.expect("a number was lent").to_string();
    let counted = sums(30_000, 7_000);
    let why = Some("thiếu 1.000 ₫, đã báo trưởng bưu cục");
    let count = day.courier.core.count_till(CARRIER, counted, why).expect("explained");
    let signature = day.counter.core.sign_count(Hat::PostAgent, &count.envelope, counted);
    let signature = signature.expect("signs");
    day.courier.core.settled(&signature.envelope).expect("settles");

    // The counter has a network first: it knows both signatures, and nothing yet of what was collected.
    day.counter.network.set_online(true);
    day.counter.sync();
    let shifts = day.read("/api/v1/shifts");
    let shift = &shifts["shifts"][0];
    assert_eq!(
        (&shift["state"], shift["expected"]["postage"].as_i64()),
        (&json!("closed"), Some(0))
    );
    assert_eq!(shift["counted_by"], format!("staff:{}", id_of("staff", "buuta01")));
    assert_eq!(
        shift["countersigned_by"],
        format!("staff:{}", id_of("staff", "quay.tb"))
    );

    // The courier's lines come later: the money and its receipt are in the books, and the count is not told twice.
    day.courier.network.set_online(true);
    day.courier.sync();
    let money = day.read(&format!("/api/v1/dossiers/{}/money", day.dossier));
    let receipts = money["receipts"].as_array().expect("receipts");
    assert_eq!((receipts.len(), &receipts[0]["number"]), (1, &json!(number)));
    let again = day.read("/api/v1/shifts");
    assert_eq!(again["shifts"].as_array().map(Vec::len), Some(1));
    let strange = day.read("/api/v1/dispatch/contested");
    assert_eq!(strange["entries"].as_array().map_or(0, Vec::len), 0, "{strange}");
}

fn a_number_is_lent_once_and_counter_and_courier_write_receipts_beside_each_other(backend: Backend) {
    let day = Day::begin(backend);
    let on_phone = day.courier.core.numbers_left().expect("reads");
    assert_eq!((on_phone.labels, on_phone.receipts), (60, 60));
    let series = day.read("/api/v1/receipts/series");
    let lent = series["series"][0]["lent"].as_array().expect("a list");
    let runs: Vec<(i64, i64)> = lent
        .iter()
        .map(|run| {
            (
                run["first"].as_i64().expect("first"),
                run["last"].as_i64().expect("last"),
            )
        })
        .collect();
    assert_eq!(runs, [(1, 60), (61, 120)]);
    assert_eq!(lent[0]["device_id"], day.courier.core.device_id().to_string());
    let labels: Vec<String> = [&day.courier, &day.counter]
        .iter()
        .map(|phone| phone.core.take_label().expect("a label"))
        .collect();
    assert_ne!(labels[0], labels[1]);

    // The counter's own receipts go on after what was lent.
    let agent = day.at.world.sign_in("quay.tb", "post_agent");
    agent.post("/api/v1/shifts", &json!({})).expect(201);
    let paid = json!({ "ledger": "state_fee", "amount": 3_000, "tender": "cash" });
    let taken = agent
        .post(&format!("/api/v1/dossiers/{}/collections", day.dossier), &paid)
        .expect(201)
        .json();
    let number = taken["receipt"].as_str().expect("a receipt");
    assert!(number.ends_with("0000121"), "{number}");

    // The courier's own number stands beside it.
    day.take_in();
    let fee = day.collect(LedgerKind::StateFee, 5_000);
    assert_eq!(fee.receipt.expect("its own").serial, 1);
    day.courier.sync();
    let money = day.read(&format!("/api/v1/dossiers/{}/money", day.dossier));
    assert_eq!(money["receipts"].as_array().map(Vec::len), Some(2));
}

fn a_photograph_and_its_event_are_let_go_when_the_server_and_the_log_have_them(backend: Backend) {
    let day = Day::begin(backend);
    day.take_in();
    let picture = [b"\x89PNG\r\n\x1a\n".as_slice(), &vec![7; 300_000]].concat();
    let hash = day.courier.core.keep_photograph(&picture).expect("keeps");
    let manner = Manner {
        evidence: vec![hash],
        ..Manner::of(CARRIER)
    };
    let why = AttemptReason::ALL[0];
    day.courier
        .core
        .attempt_failed(&day.label, why, &manner)
        .expect("records");
    day.courier.sync();
    day.at.world.settle();
    // By now the server has read the event that names it.
    day.courier.sync();
    assert_eq!(day.courier.core.photographs_waiting().expect("counts"), 0);
    let path = format!("/api/v1/dossiers/{}/evidence/{}", day.dossier, hex::encode(hash));
    let held = day.boss.get(&path).expect(200);
    assert_eq!(Sha256::digest(&held.body), Sha256::digest(&picture));

    let states = || {
        let events = day.courier.core.events().expect("reads");
        events.iter().map(|event| event.state).collect::<Vec<_>>()
    };
    assert!(states().iter().all(|state| *state == EventState::Durable));
    day.at.sign();
    let report = day.courier.core.sync(&day.courier.network).expect("syncs");
    assert_eq!((report.receipts, report.bad_receipts), (2, 0));
    assert!(states().iter().all(|state| *state == EventState::Receipted));
}
