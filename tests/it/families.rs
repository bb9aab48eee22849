//! The four families of one-stop software, replayed byte for byte over a socket: the Java library of the national bus (`ngsp`),
//! OpenCPS with its service codes (`opencps`), iGate (`igate`), and the product of many provinces with labels of its own (`td`).
//!
//! A request is a file of `one_stop/<family>/`: exactly what such a client writes, down to its misspelt headers, with `{{…}}`
//! where it writes what it was told before. Their faults are in the bytes and stay there.

mod wire;

use domain::hat::Hat;
use e2e::{Backend, Device, Lgsp, PASSWORD, World, both};
use serde_json::{Value, json};
use wire::Client;

both!(
    the_library_of_the_national_bus_orders_follows_and_cancels,
    opencps_orders_follows_and_cancels_through_its_faults,
    igate_reads_the_status_and_nothing_else,
    the_product_of_many_provinces_brings_its_own_labels,
);

fn the_library_of_the_national_bus_orders_follows_and_cancels(backend: Backend) {
    let world = World::on_leash(backend);
    let mut client = Client::new(&world, "ngsp", "AG30520");
    client.gets_a_token();
    tells_its_story(&world, &mut client, 200);
    for (name, why) in [("order_latin1", "UTF-8"), ("order_ascii", "UTF-8")] {
        let refused = client.sends(name);
        let message = refused.body["Message"].as_str().unwrap_or_default();
        assert_eq!((refused.status, &refused.body["Status"]), (200, &json!(400)), "{name}");
        assert!(message.contains(why), "{name}: {message}");
    }
    // The gateway it knows says in its own words that a token has ended.
    world.speak_as("AG30520", json!({ "authErrors": "wso2" }));
    world.advance(3_600_000);
    let ended = client.sends("track");
    assert_eq!((ended.status, &ended.body["fault"]["code"]), (401, &json!(900_903)));
}

fn opencps_orders_follows_and_cancels_through_its_faults(backend: Backend) {
    let world = World::on_leash(backend);
    world.speak_as("AG30520", json!({ "tokenMode": "query" }));
    let mut client = Client::new(&world, "opencps", "AG30520");
    client.gets_a_token();
    tells_its_story(&world, &mut client, 200);
    // It asks for a token before each call and keeps none.
    let first = client.token.clone();
    client.gets_a_token();
    assert_ne!(client.token, first);
}

fn igate_reads_the_status_and_nothing_else(backend: Backend) {
    let world = World::on_leash(backend);
    world.speak_as("AGHCC01", json!({ "tokenMode": "header", "errorMode": "http" }));
    let mut client = Client::new(&world, "igate", "AGHCC01");
    client.gets_a_token();
    tells_its_story(&world, &mut client, 409);
}

fn the_product_of_many_provinces_brings_its_own_labels(backend: Backend) {
    let world = World::on_leash(backend);
    world.speak_as("AG30520", json!({ "tokenMode": "static_header" }));
    let mut client = Client::new(&world, "td", "AG30520");
    tells_its_story(&world, &mut client, 200);
    let used = client.sends("order_label_used");
    assert_eq!(used.body["Status"], json!(400), "{}", used.body);
    let own: Vec<Value> = rows(&client.sends("track").body)
        .iter()
        .map(|row| row["ItemCode"].clone())
        .collect();
    assert!(
        own.iter()
            .all(|label| label.as_str().is_some_and(|label| label.starts_with("CA")))
    );
}

/// Two orders: one is repeated, contradicted and cancelled; the other is collected, and can be cancelled no more. The feed is
/// read from its start, and again after the client was away while both moved.
fn tells_its_story(world: &World, client: &mut Client, refused: u16) {
    let placed = client.sends("order");
    assert_eq!(
        (placed.status, &placed.body["Status"]),
        (200, &json!(100)),
        "{}",
        placed.body
    );
    assert_eq!(
        client.sends("order").body,
        placed.body,
        "the same order is the same order"
    );
    let conflict = client.sends("order_changed");
    assert_eq!((conflict.status, &conflict.body["Status"]), (refused, &json!(102)));
    let collected = client.sends("order_collected");
    assert_eq!(collected.body["Status"], json!(100), "{}", collected.body);
    let (cancelled, kept) = (&placed.body["ItemCode"], &collected.body["ItemCode"]);
    world.settle();

    let known = rows(&client.sends("track").body);
    assert!(
        [cancelled, kept]
            .iter()
            .all(|label| told(&known, label).first() == Some(&20))
    );
    client.last = Lgsp::row_id(known.last().expect("rows"));
    assert_eq!(rows(&client.sends("track_after").body), [] as [Value; 0]);

    collect(world, kept.as_str().expect("a label"));
    let cancel = client.sends("cancel");
    assert_eq!(
        (cancel.status, &cancel.body["Status"]),
        (200, &json!(110)),
        "{}",
        cancel.body
    );
    assert_eq!(
        client.sends("cancel").body["Status"],
        json!(110),
        "cancelled is cancelled"
    );
    world.settle();
    let late = client.sends("cancel_collected");
    assert_eq!(
        (late.status, &late.body["Status"]),
        (refused, &json!(111)),
        "{}",
        late.body
    );

    let missed = rows(&client.sends("track_after").body);
    assert_eq!((told(&missed, kept), told(&missed, cancelled)), (vec![70], vec![60]));
    let all = rows(&client.sends("track").body);
    assert_eq!(
        all,
        [known, missed].concat(),
        "read at once or in two goes, it is one feed"
    );
}

fn rows(page: &Value) -> Vec<Value> {
    page["_embedded"]["rh:doc"].as_array().cloned().unwrap_or_default()
}

fn told(rows: &[Value], label: &Value) -> Vec<i64> {
    let mine = rows.iter().filter(|row| row["ItemCode"] == *label);
    mine.filter_map(|row| row["StatusCode"].as_i64()).collect()
}

/// A courier takes the envelope in.
fn collect(world: &World, label: &str) {
    let supervisor = world.sign_in("dieuphoi.tb", "post_supervisor");
    let mut device = Device::new(Hat::Carrier);
    let code = supervisor.code_for("buuta01");
    world
        .http
        .post("/api/v1/devices/enrol", &[], &device.enrolment(&code))
        .expect(200);
    world.settle();
    device.greet(&world.http);
    let taken = device.take_in(label, 0);
    device
        .deposit(&world.http, &taken.bytes)
        .expect("an answer")
        .expect(200);
    world.settle();
}
