//! A one-stop system that speaks only the province's bus: orders, repeats, cancellations, and a feed read while others write.

use domain::hat::Hat;
use e2e::{Backend, Device, Lgsp, Site, World, both};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

both!(
    every_step_is_in_the_feed_once_and_in_order_while_eight_writers_run,
    an_order_is_one_order_however_it_is_sent,
    an_order_is_cancelled_until_it_is_collected,
    a_result_is_brought_to_whoever_is_named_to_receive_it,
    a_price_is_where_software_reads_it_or_says_what_is_missing,
);

/// Writers at work while the feed is read.
const WRITERS: usize = 8;
/// Orders of each writer.
const ORDERS: usize = 12;

fn every_step_is_in_the_feed_once_and_in_order_while_eight_writers_run(backend: Backend) {
    let world = World::running(backend);
    let supervisor = world.sign_in("dieuphoi.tb", "post_supervisor");
    let one_stop = world.one_stop("AG30520");
    let finished = AtomicUsize::new(0);
    let (rows, labels) = thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|n| {
                let (world, one_stop, finished) = (&world, &one_stop, &finished);
                let code = supervisor.code_for(&format!("buuta{:02}", n % 5 + 1));
                scope.spawn(move || {
                    let labels = write(world, one_stop, n, &code);
                    finished.fetch_add(1, Ordering::SeqCst);
                    labels
                })
            })
            .collect();
        let rows = follow(&world, &one_stop, &finished);
        let labels: Vec<String> = writers
            .into_iter()
            .flat_map(|writer| writer.join().expect("a writer works"))
            .collect();
        (rows, labels)
    });
    assert_eq!(
        rows,
        one_stop.tracking_from(Lgsp::START, 200),
        "who followed live read what is there now"
    );
    let mut told: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for row in &rows {
        let (label, status) = (
            row["ItemCode"].as_str().expect("a label"),
            row["StatusCode"].as_i64().expect("a number"),
        );
        told.entry(label).or_default().push(status);
    }
    assert_eq!(labels.len(), WRITERS * ORDERS);
    for label in &labels {
        let steps = told.get(label.as_str()).cloned().unwrap_or_default();
        // Whether a courier is on shift now decides about the second 20.
        let steps: Vec<i64> = steps.into_iter().filter(|status| *status != 20).collect();
        assert_eq!(steps, [70, 91], "{label}");
    }
    let ids: Vec<u64> = rows
        .iter()
        .map(|row| u64::from_str_radix(&Lgsp::row_id(row), 16).expect("hex"))
        .collect();
    assert_eq!(
        ids,
        (1..=u64::try_from(ids.len()).expect("a small number")).collect::<Vec<_>>(),
        "without gaps"
    );
}

/// Orders, takes in, fails to deliver; each order by two requests and each event by its own.
fn write(world: &World, one_stop: &Lgsp, writer: usize, code: &str) -> Vec<String> {
    let mut device = Device::new(Hat::Carrier);
    device.enrol(&world.http, code);
    let one = |n| {
        let (status, label) = one_stop.order(&one_stop.pickup(&format!("W{writer}-{n}")));
        assert_eq!(status, 100);
        let taken = device.take_in(&label, 0);
        let failed = device.one_party(custody::kind::Kind::AttemptFailed, &label, taken.id, 0);
        for sealed in [taken, failed] {
            let answer = device
                .deposit(&world.http, &sealed.bytes)
                .expect("an answer")
                .expect(200)
                .json();
            assert_eq!(answer["results"][0]["result"], json!("stored"));
        }
        label
    };
    (0..ORDERS).map(one).collect()
}

/// Reads on from the last row until nothing comes any more after the writers ended.
fn follow(world: &World, one_stop: &Lgsp, finished: &AtomicUsize) -> Vec<Value> {
    let (mut rows, mut last) = (Vec::<Value>::new(), Lgsp::START.to_owned());
    loop {
        let over = finished.load(Ordering::SeqCst) == WRITERS;
        if over {
            world.quiet();
        }
        let more = one_stop.tracking_from(&last, 7);
        if let Some(row) = more.last() {
            last = Lgsp::row_id(row);
        } else if over {
            return rows;
        }
        rows.extend(more);
    }
}

fn an_order_is_one_order_however_it_is_sent(backend: Backend) {
    let world = World::on_leash(backend);
    let one_stop = world.one_stop("AG30520");
    let order = one_stop.pickup("H01.30520-261123-0002");
    let first = one_stop.post("OrderPost", &order.body).expect(200).json();
    assert_eq!(first["Status"], json!(100));
    let again = one_stop.post_service("OrderPost", &order.body).expect(200).json();
    assert_eq!(
        (&again["Status"], &again["ItemCode"]),
        (&first["Status"], &first["ItemCode"])
    );
    let mut other = order.body.clone();
    other["SenderAddress"] = json!("ấp Vĩnh Hạ, xã An Cư, tỉnh An Giang");
    assert_eq!(
        one_stop.post("OrderPost", &other).expect(200).json()["Status"],
        json!(102)
    );
    world.settle();
    let rows = one_stop.tracking_from(Lgsp::START, 50);
    assert!(rows.iter().all(|row| row["ItemCode"] == first["ItemCode"]), "{rows:?}");
    // The other client of the province names its operations in a header and reads HTTP statuses.
    let by_header = world.one_stop("AGHCC01");
    let mut body = order.body.clone();
    body["CustomerCode"] = json!("AGHCC01");
    let headers = [
        ("authorization", by_header.authorization()),
        ("service-code", "vnpost_post_order".to_owned()),
    ];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let placed = world.http.post("/lgsp/v1/vnpost", &headers, &body).expect(200).json();
    assert_eq!(placed["Status"], json!(100));
    assert_ne!(placed["ItemCode"], first["ItemCode"], "each client has its own numbers");
    body["SenderTel"] = json!("0987654321");
    assert_eq!(
        world.http.post("/lgsp/v1/vnpost", &headers, &body).expect(409).json()["Status"],
        json!(102)
    );
}

fn an_order_is_cancelled_until_it_is_collected(backend: Backend) {
    let world = World::on_leash(backend);
    let one_stop = world.one_stop("AG30520");
    let supervisor = world.sign_in("dieuphoi.tb", "post_supervisor");
    let mut device = Device::new(Hat::Carrier);
    let code = supervisor.code_for("buuta01");
    world
        .http
        .post("/api/v1/devices/enrol", &[], &device.enrolment(&code))
        .expect(200);
    world.settle();
    device.greet(&world.http);
    let (_, early) = one_stop.order(&one_stop.pickup("early"));
    let (_, late) = one_stop.order(&one_stop.pickup("late"));
    world.settle();
    let taken = device.take_in(&late, 0);
    device
        .deposit(&world.http, &taken.bytes)
        .expect("an answer")
        .expect(200);
    world.settle();
    assert_eq!(one_stop.cancel("early"), 110);
    assert_eq!(one_stop.cancel("early"), 110, "cancelled is cancelled");
    assert_eq!(one_stop.cancel("late"), 111);
    assert_eq!(one_stop.cancel("never"), 404);
    world.settle();
    let told = |label: &str| -> Vec<Value> {
        let rows = one_stop.tracking_from(Lgsp::START, 50);
        rows.into_iter()
            .filter(|row| row["ItemCode"] == json!(label))
            .map(|row| row["StatusCode"].clone())
            .collect()
    };
    assert_eq!(told(&early).last(), Some(&json!(60)));
    assert_eq!(told(&late).last(), Some(&json!(70)));
    assert_eq!(
        one_stop.order(&one_stop.pickup("early")).0,
        100,
        "the number stays taken by the same order"
    );
}

fn a_result_is_brought_to_whoever_is_named_to_receive_it(backend: Backend) {
    let world = World::on_leash(backend);
    let one_stop = world.one_stop("AG30520");
    let supervisor = world.sign_in("dieuphoi.tb", "post_supervisor");
    let couriers: Vec<_> = (1..=5)
        .map(|n| world.phone(&supervisor, &format!("buuta{n:02}")))
        .collect();
    let document = json!({
        "CustomerCode": "AG30520", "OrderNumber": "H01.30520-261123-0011", "IsSendDocument": true, "IsReceiveResult": "true",
        "DocumentSender": {
            "Name": "Nguyễn Thị Mẫu", "Phone": "0912345678", "ProvinceCode": 88,
            "Address": "12 Tôn Đức Thắng, phường Tịnh Biên, tỉnh An Giang",
        },
        "ResultReceiver": {
            "Name": "Trần Văn Mẫu", "Phone": "0987654321", "ProvinceCode": "88",
            "Address": "7 Hữu Nghị, phường Tịnh Biên, tỉnh An Giang",
        },
    });
    let placed = one_stop.post("Document", &document).expect(200).json();
    assert_eq!(placed["Status"], json!(100), "{placed}");
    assert_eq!(one_stop.post("postDocument", &document).expect(200).json(), placed);
    world.settle();
    let stop = |label: &str| {
        let told = couriers.iter().find_map(|phone| {
            phone.sync();
            let work = phone.core.work().expect("the work pack");
            work.into_iter().find(|stop| stop.assignment.item_code == label)
        });
        let stop = told.expect("somebody has the stop").assignment;
        (stop.name, stop.phone, stop.address)
    };
    let (name, phone, _) = stop(placed["ItemCode"].as_str().expect("a label"));
    assert_eq!((name.as_str(), phone.as_str()), ("Nguyễn Thị Mẫu", "+84912345678"));
    let desk = world.sign_in("haimu.tb1", "desk_agent");
    let list = desk.get("/api/v1/dossiers").expect(200).json();
    let dossier = list["dossiers"][0]["id"].as_str().expect("an id").to_owned();
    desk.act(&dossier, &json!({ "act": "received", "code": "H01.30520-261123-0011" }))
        .expect(201);
    world.settle();
    let resolved = desk
        .act(&dossier, &json!({ "act": "resolved", "outcome": "granted" }))
        .expect(201)
        .json();
    world.settle();
    let (name, phone, address) = stop(resolved["result_item_code"].as_str().expect("a label"));
    assert_eq!((name.as_str(), phone.as_str()), ("Trần Văn Mẫu", "+84987654321"));
    assert!(address.starts_with("7 Hữu Nghị"), "{address}");
}

fn a_price_is_where_software_reads_it_or_says_what_is_missing(backend: Backend) {
    let world = World::on_leash(backend);
    let one_stop = world.one_stop("AG30520");
    let ask = |weight: i64, back: i64, from: &Value, to: &Value| {
        let asked = json!({ "weight": weight, "mainSrv": "HCC", "isreturn": back, "sender": from, "receiver": to });
        one_stop.post_service("lgsp_vnpost_pricehcc", &asked).expect(200).json()
    };
    let end = |district: i64| json!({ "provCode": 88, "distCode": district });
    let price = |answer: Value| answer["content"]["price"].as_i64();
    assert_eq!(price(ask(100, 0, &end(8810), &end(8810))), Some(26_000));
    assert_eq!(price(ask(250, 1, &end(8810), &end(8810))), Some(27_000));
    assert_eq!(price(ask(250, 1, &end(8810), &end(8820))), Some(31_000));
    // The client's own code of Kiên Giang, which is An Giang now.
    let other = json!({ "provCode": "92", "distCode": "9210" });
    assert_eq!(price(ask(501, 0, &end(8810), &other)), Some(33_400));
    let said = |answer: Value, why: &str| {
        assert_eq!(
            (&answer["Status"], &answer["content"]),
            (&json!(400), &Value::Null),
            "{answer}"
        );
        let message = answer["Message"].as_str().unwrap_or_default();
        assert!(message.contains(why), "{message}");
    };
    said(ask(0, 0, &end(8810), &end(8810)), "weight");
    said(ask(100, 0, &end(0), &end(8810)), "distCode");
    said(ask(100, 0, &json!({ "provCode": 11 }), &end(8810)), "VNPost");
    said(ask(100, 0, &json!({}), &end(8810)), "sender.provCode");
    // The other client counts in today's codes, and its communes say the former district.
    let today = world.one_stop("AGHCC01");
    let asked = json!({
        "weight": 100, "sender": { "provCode": "91", "communeCode": "30520" },
        "receiver": { "provCode": "91", "communeCode": "30292" },
    });
    assert_eq!(price(today.post("Price", &asked).expect(200).json()), Some(30_000));
    let far = json!({ "weight": 100, "sender": { "provCode": "91" }, "receiver": { "provCode": "99" } });
    let refused = today.post("Price", &far).expect(400).json();
    assert_eq!(refused["Status"], json!(400));
}

#[test]
fn a_token_in_an_address_is_in_no_log_on_sqlite() {
    let site = Site::found(Backend::Sqlite);
    let server = site.start_talkative();
    let secret = "khong-duoc-ghi-lai-0123456789";
    for path in ["/lgsp/v1/vnpost", "/lgsp/v1/vnpost/OrderTracking", "/lgsp/v1/nothing"] {
        let answer = site
            .http()
            .get(&format!("{path}?token={secret}&service=OrderTracking"), &[]);
        assert!(answer.status == 401 || answer.status == 404, "{}", answer.text());
    }
    let log = site.log();
    assert!(log.contains("/lgsp/v1/vnpost/{operation}"), "the route is: {log}");
    assert!(!log.contains(secret), "{log}");
    server.kill();
}
