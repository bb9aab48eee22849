//! An office without an interface sends the same table again and again, from several hands at once.

use e2e::{Answer, Backend, Staff, World, both};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::thread;

both!(a_table_sent_by_many_hands_at_once_orders_each_row_once);

/// Hands that send it.
const HANDS: usize = 4;
/// Orders in it.
const ORDERS: usize = 25;

fn table() -> String {
    let headings =
        "OrderNumber,SenderName,SenderAddress,SenderTel,ReceiverName,ReceiverAddress,ReceiverTel,Direction".to_owned();
    let line = |n| {
        format!(
            "H01.30520-261123-{n:04},Nguyễn Thị Mẫu,\"{n} Tôn Đức Thắng, phường Tịnh Biên, tỉnh An Giang\",0912345678,\
             Ủy ban nhân dân phường Tịnh Biên,\"phường Tịnh Biên, tỉnh An Giang\",02963876543,hai chiều"
        )
    };
    let lines: Vec<String> = std::iter::once(headings).chain((0..ORDERS).map(line)).collect();
    lines.join("\n")
}

fn upload(world: &World, desk: &Staff, text: &str) -> Answer {
    let authorization = desk.authorization();
    let headers = [("authorization", authorization.as_str()), ("content-type", "text/csv")];
    let answer = world.http.send("POST", "/api/v1/imports", &headers, text.as_bytes());
    answer.expect("an answer")
}

fn a_table_sent_by_many_hands_at_once_orders_each_row_once(backend: Backend) {
    let world = World::on_leash(backend);
    let desk = world.sign_in("haimu.tb1", "desk_agent");
    let text = table();
    let answers: Vec<(Value, Value)> = thread::scope(|scope| {
        let hands: Vec<_> = (0..HANDS)
            .map(|_| {
                let (world, desk, text) = (&world, &desk, &text);
                scope.spawn(move || {
                    let report = upload(world, desk, text).expect(200).json();
                    let sha256 = report["sha256"].as_str().expect("a hash").to_owned();
                    let path = format!("/api/v1/imports/{sha256}/commit");
                    (report, desk.post(&path, &json!({})).expect(200).json())
                })
            })
            .collect();
        hands
            .into_iter()
            .map(|hand| hand.join().expect("a hand works"))
            .collect()
    });
    let mut labels = BTreeSet::new();
    let mut placed = 0;
    for (report, ordered) in &answers {
        assert_eq!((&report["ready"], &report["issues"]), (&json!(ORDERS), &json!([])));
        assert_eq!(report["uploaded_at_ms"], answers[0].0["uploaded_at_ms"]);
        assert_eq!(ordered["refused"], json!(0), "{ordered}");
        placed += ordered["placed"].as_u64().expect("a number");
        for row in ordered["rows"].as_array().expect("rows") {
            labels.insert(row["item_code"].as_str().expect("a label").to_owned());
        }
    }
    assert_eq!(
        (placed, labels.len()),
        (ORDERS as u64, ORDERS),
        "each row is one order with one label"
    );
    world.settle();
    let sha256 = answers[0].0["sha256"].as_str().expect("a hash");
    let status = desk
        .get(&format!("/api/v1/imports/status?file={sha256}"))
        .expect(200)
        .text();
    let told: BTreeSet<String> = status
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').nth(1))
        .map(str::to_owned)
        .collect();
    assert_eq!(told, labels);
    let list = desk.get("/api/v1/dossiers").expect(200).json();
    let dossiers = list["dossiers"].as_array().expect("dossiers");
    assert!(dossiers.len() == ORDERS && dossiers.iter().all(|row| row["mode"] == json!("both")));
}
